"""Files that the user leaves out, of the inputs of clean and of check: found in a folder, by a glob, or named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from running import ARTICLE, lines

from cleaner.cli import main

FILES = ("a.txt", "drafts/b.txt", "drafts/deep/c.txt", "d.min.html", "old/drafts/e.txt")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for number, name in enumerate(FILES):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"{number} boats lay here. {ARTICLE.replace('Monday', f'day {number}')}"
        path.write_text(f"<html><body><p>{text}</p></body></html>" if name.endswith("html") else text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == code, result.output
    return result


def read(*arguments: str) -> set[str]:
    run("clean", *arguments, "-o", "out.jsonl", "--select", "WS", "--workers", "1", "--progress", "never")
    return {record["id"].removeprefix("in/") for record in lines(Path("out.jsonl"))}


@pytest.mark.parametrize(
    ("globs", "left"),
    [
        (["*.min.html"], {"a.txt", "drafts/b.txt", "drafts/deep/c.txt", "old/drafts/e.txt"}),
        (["in/drafts/"], {"a.txt", "d.min.html", "old/drafts/e.txt"}),
        (["**/drafts/"], {"a.txt", "d.min.html"}),
        (["in/drafts/*.txt,*.html"], {"a.txt", "drafts/deep/c.txt", "old/drafts/e.txt"}),
        (["in/drafts/*.txt", "*.html"], {"a.txt", "drafts/deep/c.txt", "old/drafts/e.txt"}),
    ],
)
def test_what_a_glob_names_is_not_read(world: Path, globs: list[str], left: set[str]) -> None:
    assert read("in", *(f"--skip={glob}" for glob in globs)) == left
    manifest = json.loads((world / "out.manifest.json").read_text())
    assert manifest["counts"]["skipped"] == len(FILES) - len(left)
    assert run("check", "in", "--show-files", *(f"--skip={glob}" for glob in globs)).stdout.split() == [
        f"in/{name}" for name in sorted(left, key=lambda name: (name.count("/") > 0, name))
    ]


def test_a_file_that_is_named_itself_is_skipped_before_anybody_asks_what_it_is(world: Path) -> None:
    (world / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    run("clean", "in/a.txt", "photo.png", "-o", "out.jsonl", code=2)
    assert read("in/a.txt", "photo.png", "--skip", "*.png") == {"a.txt"}
    assert read("in/*.txt", "in/drafts/*.txt", "--skip", "b.*") == {"a.txt"}


def test_the_account_tells_and_all_skipped_is_wrong_use(world: Path) -> None:
    told = run("clean", "in", "-o", "out.jsonl", "--skip", "**/drafts/", "--workers", "1", "--progress", "never").stderr
    assert "3 files were skipped, as asked" in told
    assert "5 files are skipped" in run("clean", "in", "-o", "other.jsonl", "--skip", "in/", code=2).stderr
    said = run("check", "in/a.txt", "--skip", "a.*", code=2).stderr
    assert "in/a.txt: no file to check: `skip` leaves out the one file in it" in said
    run("check", "in/a.txt", "--skip", "a.*", "--allow-empty")


def test_the_configuration_skips_as_seen_from_its_folder(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (world / "in" / "cleaner.toml").write_text('skip = ["drafts/", "*.html"]\n')
    assert read("in") == {"a.txt", "old/drafts/e.txt"}
    assert run("check", "in", "--show-files").stdout.split() == ["in/a.txt", "in/old/drafts/e.txt"]
    assert json.loads(Path("out.manifest.json").read_text())["configuration"]["skip"] == ["in/drafts/", "*.html"]
    # The manifest is a configuration, and means the same files from where it lies.
    monkeypatch.chdir(world / "in")
    run("clean", ".", "-o", str(world / "again.jsonl"), "--config", str(world / "out.manifest.json"), "--workers", "1")
    assert {Path(record["id"]).name for record in lines(world / "again.jsonl")} == {"a.txt", "e.txt"}


def test_each_file_is_skipped_by_its_own_configuration_in_check(world: Path) -> None:
    (world / "in" / "old" / "cleaner.toml").write_text('skip = ["*.txt"]\n')
    found = run("check", "in", "--show-files").stdout.split()
    assert "in/a.txt" in found
    assert "in/old/drafts/e.txt" not in found


def test_spark_is_not_asked_for_what_it_does_not_do(world: Path) -> None:
    said = run("clean", "in", "-o", "o.jsonl", "--skip", "a.*", "--engine", "spark", code=2).stderr
    assert "--skip: not with --engine spark" in said
