"""Duplicates across files: told of the new file, and found by looking at what changed alone."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from checking import STORY, said
from real_parts import needs

from cleaner.check.pieces import Whole
from cleaner.check.sketches import FILE
from cleaner.check.worker import Task

OTHER = "Nobody in the village had seen the ferry leave, though the harbour master had written it down in his book.\n"
LONG = STORY + "\n" + OTHER


def git(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ("-c", "user.name=A. Committer", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, env=environment)


def old(*paths: Path) -> None:
    """Let files look as if they had been written a minute ago: younger ones may change again within their time."""
    for path in paths:
        os.utime(path, (time.time() - 60, time.time() - 60))


def test_the_finding_stands_on_the_new_file_whatever_its_name(folder: Path) -> None:
    needs(shutil.which("git"), "git")
    git(folder, "init", "-q")
    (folder / "z.txt").write_text(LONG)
    git(folder, "add", "z.txt")
    git(folder, "commit", "-qm", "one")
    (folder / "a.txt").write_text(LONG)
    (folder / "b.md").write_text(LONG + "The end.\n")
    result = said("--select", "ND", ".")
    assert result.code == 1
    same, like = result.out.splitlines()
    assert same == "a.txt:1:1: ND101 exact-duplicate: the same text as z.txt"
    assert like.startswith("b.md:1:1: ND102 near-duplicate: 9")
    assert like.endswith("% like z.txt")
    rows = json.loads(said("--select", "ND", "--output-format", "json", ".").out)
    assert [(row["duplicate_of"], row["similarity"] == 1) for row in rows] == [("z.txt", True), ("z.txt", False)]


def test_without_git_the_first_path_comes_first_and_records_are_named_by_their_lines(folder: Path) -> None:
    (folder / "b.txt").write_text(LONG)
    (folder / "a.jsonl").write_text(json.dumps({"text": OTHER}) + "\n" + json.dumps({"text": LONG}) + "\n")
    assert said("--select", "ND", ".").out == "b.txt:1:1: ND101 exact-duplicate: the same text as a.jsonl:2\n"


def test_comments_and_globs_keep_duplicates_quiet(folder: Path) -> None:
    (folder / "a.txt").write_text(LONG)
    (folder / "b.md").write_text(f"{LONG}\n<!-- cleaner: ignore-file ND -->\n")
    (folder / "c.txt").write_text(LONG)
    (folder / "cleaner.toml").write_text('[per-file-ignores]\n"c.txt" = ["ND"]\n')
    assert said("--select", "ND", ".").found == []


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give a list that gets the name of each file that is read."""
    names: list[str] = []
    clean = Task.clean

    def noted(self: Task, unit: Whole) -> object:
        names.append(os.path.basename(unit.file.path))
        return clean(self, unit)

    monkeypatch.setattr(Task, "clean", noted)
    return names


def test_a_second_run_looks_at_what_has_changed_and_finds_the_same(folder: Path, looked_at: list[str]) -> None:
    for number in range(20):
        (folder / f"{number:02}.txt").write_text(
            f"{OTHER} {number}" if number % 10 == 0 else f"Text {number} {number}."
        )
    old(*folder.iterdir())
    first = said("--select", "ND", ".")
    assert first.found == ["10.txt:1:1: ND102"]
    assert len(looked_at) == 20
    looked_at.clear()
    assert said("--select", "ND", ".").out == first.out
    assert looked_at == []
    (folder / "05.txt").write_text(OTHER)
    (folder / "20.txt").write_text("Something new.")
    again = said("--select", "ND", ".")
    assert sorted(looked_at) == ["05.txt", "20.txt"]
    assert again.found == ["05.txt:1:1: ND102", "10.txt:1:1: ND102"]
    shutil.rmtree(folder / ".cleaner_cache")
    assert said("--select", "ND", ".").out == again.out


def test_a_changed_rule_or_threshold_makes_the_cache_look_again(folder: Path, looked_at: list[str]) -> None:
    (folder / "a.txt").write_text(LONG)
    old(folder / "a.txt")
    said("--select", "ND", ".")
    (folder / "cleaner.toml").write_text("threshold = 0.9\n")
    looked_at.clear()
    said("--select", "ND", ".")
    assert looked_at == ["a.txt"]


def test_a_damaged_cache_is_made_anew_and_git_does_not_see_it(folder: Path) -> None:
    (folder / "a.txt").write_text(LONG)
    (folder / "b.txt").write_text(LONG)
    before = said("--select", "ND", ".").out
    assert (folder / ".cleaner_cache" / ".gitignore").read_text() == "*\n"
    for path in (folder / ".cleaner_cache").glob("*.sqlite*"):
        path.write_bytes(b"nothing of the kind" * 500)
    assert said("--select", "ND", ".").out == before


def test_a_cache_of_another_version_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".cleaner_cache").mkdir()
    old = tmp_path / ".cleaner_cache" / "duplicates.sqlite"
    with closing(sqlite3.connect(old)) as base:
        base.execute(
            "CREATE TABLE heads (key BLOB PRIMARY KEY, exact BLOB NOT NULL, bands BLOB NOT NULL) WITHOUT ROWID"
        )
    (tmp_path / "a.txt").write_text(STORY)
    assert said("--select", "ND", ".").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are links without asking")
@pytest.mark.parametrize("planted", ["folder", "gitignore", "database", "hard link", "open to all"])
def test_a_cache_that_leads_elsewhere_is_not_used(folder: Path, planted: str) -> None:
    (folder / "a.txt").write_text(LONG)
    (folder / "b.txt").write_text(LONG)
    outside, cache = folder.parent / f"outside {planted}", folder / ".cleaner_cache"
    outside.mkdir()
    with closing(sqlite3.connect(outside / "base")) as base:
        base.execute("CREATE TABLE theirs (a)")
    before = (outside / "base").read_bytes()
    if planted == "folder":
        cache.symlink_to(outside)
    else:
        cache.mkdir()
    if planted == "gitignore":
        (cache / ".gitignore").symlink_to(outside / "new")
    elif planted == "database":
        (cache / FILE).symlink_to(outside / "base")
    elif planted == "hard link":
        os.link(outside / "base", cache / FILE)
    elif planted == "open to all":
        cache.chmod(0o777)
    done = said("--select", "ND", ".")
    assert done.found == ["b.txt:1:1: ND101"]
    assert ("belongs to somebody else" in done.err) == (planted != "gitignore")
    assert [path.name for path in outside.iterdir()] == ["base"]
    assert (outside / "base").read_bytes() == before


def test_a_planted_cache_neither_goes_on_for_ever_nor_hides_a_duplicate(folder: Path) -> None:
    (folder / "a.txt").write_text(LONG)
    (folder / "b.txt").write_text(LONG)
    old(folder / "a.txt", folder / "b.txt")
    first = said("--select", "ND", ".")
    assert first.found == ["b.txt:1:1: ND101"]
    path = folder / ".cleaner_cache" / FILE
    with closing(sqlite3.connect(path)) as base:
        base.execute("DROP TABLE files")
        forever = "WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        base.execute(f"CREATE VIEW files AS SELECT x'' AS path, x'' AS settings, '' AS state, ({forever}) AS texts")
        base.commit()
    assert said("--select", "ND", ".").out == first.out
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("SELECT count(*) FROM heads").fetchone() == (1,)
        base.execute("UPDATE heads SET exact = zeroblob(16)")
        base.commit()
    refused = said("--select", "ND", ".")
    assert (refused.code, "this cache is damaged (a checksum is another)" in refused.err) == (2, True)
    assert said("--select", "ND", ".").out == first.out
