"""A folder that somebody sent: nothing that its repository names is run when it is checked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.check import git
from cleaner.errors import InputError

TEXT = "The ferry left at nine, and nobody was on the pier.\n"

# Settings by which a repository can name a command, with the command's name in them.
COMMANDS = (
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.sshCommand",
    "diff.external",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "diff.evil.textconv",
    "uploadpack.packObjectsHook",
    "remote.origin.uploadpack",
)
HOOKS = ("post-index-change", "fsmonitor-watchman", "pre-commit", "post-checkout")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Make a repository that names a command wherever it can; the command leaves a file `ran` beside it."""
    folder = tmp_path / "sent"
    folder.mkdir()
    _git(folder, "init", "-q")
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.txt").write_text(TEXT)
    (folder / ".gitignore").write_text("ignored/\n")
    (folder / ".gitattributes").write_text("* filter=evil diff=evil\n")
    (folder / "ignored").mkdir()
    (folder / "ignored" / "c.txt").write_text(TEXT)
    _git(folder, "add", "a.txt")
    _git(folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "a")
    evil = tmp_path / "evil.sh"
    evil.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    evil.chmod(0o755)
    for setting in COMMANDS:
        _git(folder, "config", setting, str(evil))
    for hook in HOOKS:
        (folder / ".git" / "hooks").mkdir(exist_ok=True)
        (folder / ".git" / "hooks" / hook).write_text(evil.read_text())
        (folder / ".git" / "hooks" / hook).chmod(0o755)
    return folder


def test_plain_git_would_run_the_command(hostile: Path) -> None:
    subprocess.run(["git", "-C", str(hostile), "ls-files", "--others", "--exclude-standard"], capture_output=True)
    assert (hostile.parent / "ran").exists()


def test_check_runs_nothing_of_the_repository(hostile: Path) -> None:
    command = [sys.executable, "-m", "cleaner", "check", str(hostile), "--select", "ALL,ND"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=hostile)
    assert done.returncode in (0, 1), done.stderr
    assert "ND101" in done.stdout
    assert "ignored" not in done.stdout
    assert not (hostile.parent / "ran").exists()


def test_every_question_that_is_asked_runs_nothing(hostile: Path) -> None:
    for question in (
        ("ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        ("check-ignore", "-q", "ignored"),
        ("rev-parse", "--show-toplevel"),
        ("ls-tree", "-r", "-z", "--name-only", "HEAD"),
    ):
        assert git.asked(str(hostile), *question) is not None
    assert not (hostile.parent / "ran").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in a folder are POSIX's")
@pytest.mark.parametrize("setting", [None, "core.excludesFile", "include.path"])
def test_a_pipe_that_git_waits_for_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str | None
) -> None:
    _git(tmp_path, "init", "-q")
    os.mkfifo(tmp_path / (".gitignore" if setting is None else "pipe"))
    if setting is not None:
        _git(tmp_path, "config", setting, str(tmp_path / "pipe"))
    monkeypatch.setattr(git, "_SLICES", 2)
    with pytest.raises(InputError, match="git has not answered for 1 s"):
        git.asked(str(tmp_path), "ls-files", "--others", "--exclude-standard")


@pytest.mark.skipif(os.name != "posix", reason="a script without an ending is no command elsewhere")
@pytest.mark.parametrize("path", [".", ""])
def test_a_git_in_the_current_folder_is_none(tmp_path: Path, path: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "git").write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    (tmp_path / "git").chmod(0o755)
    environment = os.environ | {"PATH": f"{path}:{os.environ['PATH']}"}
    command = [sys.executable, "-m", "cleaner", "check", "."]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()
