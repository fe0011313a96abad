"""Links in what is read: `clean` says where they lead out, and `check --fix` writes nothing that they lead to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checking import said
from click.testing import CliRunner
from running import lines

from cleaner.check import linter, rewrite
from cleaner.cli import main

BROKEN = "The Caf\u00c3\u00a9 at the quay was open.\n"
MENDED = "The Caf\u00e9 at the quay was open.\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `in` with links in it, and what they lead to outside; the current folder is the one that holds both."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    for name in ("secret/a.txt", "secret/b.jsonl", "outside.txt", "in/own.txt"):
        (tmp_path / name).write_text(BROKEN if name.endswith("txt") else f'{{"text": "{BROKEN[:-1]}"}}\n')
    (tmp_path / "in" / "out.txt").symlink_to(tmp_path / "secret" / "a.txt")
    (tmp_path / "in" / "deep" / "out.jsonl").symlink_to("../../secret/b.jsonl")
    (tmp_path / "in" / "chain.txt").symlink_to("out.txt")
    (tmp_path / "in" / "inside.txt").symlink_to("own.txt")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "secret")
    (tmp_path / "in" / "gone.txt").symlink_to("nowhere.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def is_untouched(folder: Path) -> bool:
    kept = [
        (folder / "secret" / "a.txt").read_text() == BROKEN,
        "\u00c3" in (folder / "secret" / "b.jsonl").read_text(),
    ]
    return all(kept) and (folder / "outside.txt").read_text() == BROKEN


def test_fix_writes_nothing_outside_of_the_folder_that_is_checked(folder: Path) -> None:
    told = said("--fix", "--select", "MJ", "in")
    assert is_untouched(folder)
    assert (folder / "in" / "own.txt").read_text() == MENDED
    assert (folder / "in" / "inside.txt").is_symlink()
    assert f"a link leads out of what is checked, to {folder.resolve()}/secret/a.txt" in told.err
    assert told.code == 1
    # Nor is it said that it would be mended.
    assert "secret" not in said("--diff", "--select", "MJ", "in").out
    assert "can be mended with --fix" not in said("--select", "MJ", "in").err


def test_fix_of_files_named_one_by_one_stays_in_the_current_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "in")
    said("--fix", "--select", "MJ", "own.txt", "out.txt", "deep/out.jsonl", "folder/a.txt", "chain.txt")
    assert is_untouched(folder)
    assert (folder / "in" / "own.txt").read_text() == MENDED
    # What is named by its own path is mended, wherever it is; so is what a link leads to that is named as well.
    said("--fix", "--select", "MJ", str(folder / "outside.txt"))
    assert (folder / "outside.txt").read_text() == MENDED
    said("--fix", "--select", "MJ", "out.txt", str(folder / "secret"))
    assert (folder / "secret" / "a.txt").read_text() == MENDED


def test_a_folder_that_is_a_link_and_named_is_what_is_checked(folder: Path) -> None:
    said("--fix", "--select", "MJ", "in/folder")
    assert (folder / "secret" / "a.txt").read_text() == MENDED


def test_a_file_that_becomes_a_link_while_it_is_checked_is_not_followed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(linter.Replacing):  # type: ignore[name-defined]
        def commit(self) -> None:
            (folder / "late.jsonl").unlink()
            (folder / "late.jsonl").symlink_to("secret/b.jsonl")
            super().commit()

    (folder / "late.jsonl").write_bytes((folder / "secret" / "b.jsonl").read_bytes())
    monkeypatch.setattr(linter, "Replacing", Late)
    assert "changed by somebody else" in said("--fix", "--select", "MJ", "late.jsonl").err
    assert is_untouched(folder)


def test_clean_says_once_that_it_follows_links_out_and_can_pass_over_them(folder: Path) -> None:
    told = CliRunner().invoke(main, ["clean", "in", "-o", "c.jsonl", "--select", "MJ"])
    assert told.stderr.count("link out of its folder") == 1
    assert "(and 2 more)" in told.stderr
    assert len(lines(folder / "c.jsonl")) == 5
    told = CliRunner().invoke(main, ["clean", "in", "-o", "d.jsonl", "--select", "MJ", "--no-follow-links"])
    assert "link out" not in told.stderr
    assert [record["id"] for record in lines(folder / "d.jsonl")] == ["in/own.txt"]
    assert "5 other files in the folders were passed over" in told.stderr
    # A link that is named is what its user wants; one that stays in the folder is no matter.
    told = CliRunner().invoke(main, ["clean", "in/out.txt", "-o", "e.jsonl", "--no-follow-links"])
    assert "link out" not in told.stderr
    assert len(lines(folder / "e.jsonl")) == 1
    for path in ("in/out.txt", "in/chain.txt", "in/gone.txt", "in/deep/out.jsonl"):
        os.unlink(path)
    assert "link out" not in CliRunner().invoke(main, ["clean", "in", "-o", "f.jsonl"]).stderr
    link = folder / "to-in"
    link.symlink_to("in")
    assert "link out" not in CliRunner().invoke(main, ["clean", "to-in", "-o", "g.jsonl"]).stderr


def test_a_repository_of_a_stranger_mends_nothing_through_its_links(folder: Path) -> None:
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=folder / "in", check=True)
    said("--fix", "--unsafe-fixes", "--select", "MJ", "in")
    assert is_untouched(folder)


@pytest.mark.skipif(os.open not in os.supports_dir_fd, reason="folders cannot be held there")
@pytest.mark.parametrize("when", ["before it is opened", "while it is written"])
def test_a_folder_that_becomes_a_link_leads_nothing_out(tmp_path: Path, when: str) -> None:
    inside, outside = tmp_path / "in" / "sub", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text("as it was")
    os.link(inside / "a.txt", tmp_path / "same")  # so that it is the same file by all that tells one
    (outside / "a.txt").unlink()
    os.link(tmp_path / "same", outside / "a.txt")

    def swap() -> None:
        inside.rename(tmp_path / "in" / "moved")
        inside.symlink_to(outside)

    real, before = str(inside / "a.txt"), rewrite.state(str(inside / "a.txt"))
    if when == "before it is opened":
        swap()
        with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
            rewrite.Replacing(real, before)
    else:
        with rewrite.Replacing(real, before) as new:
            new.write(b"mended")
            swap()
            new.commit()
        assert (tmp_path / "in" / "moved" / "a.txt").read_text() == "mended"
    assert (outside / "a.txt").read_text() == "as it was"
    assert sorted(os.listdir(outside)) == ["a.txt"]
