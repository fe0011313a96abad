"""What a run says on the way: time left, room on the disk, as much or as little as asked, and no line is wrapped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from running import ARTICLE

from cleaner.account.summary import Summary
from cleaner.cli import main
from cleaner.report.progress import json_line, seconds_left
from cleaner.runner import room


def cleaned(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["clean", *arguments, "--workers", "1"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder, the current one, with a text."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(f"{ARTICLE}\n", encoding="utf-8")
    return tmp_path


def test_the_time_left_is_the_rest_at_the_speed_so_far() -> None:
    assert seconds_left(Summary(bytes_read=25, bytes_total=100, seconds=10)) == 30
    assert seconds_left(Summary(bytes_read=25, bytes_total=None, seconds=10)) is None
    assert json.loads(json_line("progress", Summary(bytes_read=25, bytes_total=100, seconds=10)))["seconds_left"] == 30


def test_quiet_says_nothing_and_verbose_what_the_run_goes_by(folder: Path) -> None:
    assert cleaned("a.txt", "-o", "q.jsonl", "--quiet").stderr == ""
    assert (folder / "q.jsonl").exists()
    told = cleaned("a.txt", "-o", "v.jsonl", "--verbose").stderr
    assert told.startswith("configuration: none, all as it comes\n1 files to read, 1 workers\nthis run needs up to ")
    assert cleaned("nowhere.txt", "-o", "q.jsonl", "-q").stderr.startswith("cleaner: nowhere.txt: no such file")
    assert cleaned("a.txt", "-o", "q.jsonl", "-q", "-v").exit_code == 2


def test_a_disk_that_may_be_too_small_is_told_of_before_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.shutil, "disk_usage", lambda path: namedtuple("Usage", "free")(100))
    told = cleaned("a.txt", "-o", "new/b.jsonl").stderr
    needed = os.path.getsize("a.txt") * room.OF_THE_INPUT
    assert told.startswith(f"cleaner: this run needs up to {needed / 1e6:,.1f} MB in {folder}, and 0.0 MB are free.")
    assert "give the same command again" in told
    assert (folder / "new" / "b.jsonl").exists()


def test_no_line_of_a_summary_is_wrapped_in_a_pipe(folder: Path) -> None:
    name = f"{'a' * 120}.txt"
    (folder / name).write_text(f"{ARTICLE}\n", encoding="utf-8")
    command = [sys.executable, "-m", "cleaner", "clean", ".", "-o", f"{'o' * 90}.jsonl"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "COLUMNS": "80"})
    assert done.returncode == 0, done.stderr
    assert any(f"./{name}: the same text as" in line or f"{name}" in line for line in done.stderr.split("\n"))
    assert all(line == line.rstrip() for line in done.stderr.split("\n"))
    rules = subprocess.run([sys.executable, "-m", "cleaner", "rule"], capture_output=True, text=True, cwd=folder)
    assert len([line for line in rules.stdout.split("\n") if line.startswith("BP101")]) == 1
    assert not any(line.startswith(" ") for line in rules.stdout.split("\n"))
