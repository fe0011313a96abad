"""Which files a check looks at: what a path names, standard input as a file, and what git is told of both."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checking import MOJIBAKE, STORY, said, said_by_process

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


def git(*arguments: str, cwd: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], cwd=cwd, input=given, capture_output=True, check=False)


@pytest.fixture
def repository(folder: Path) -> Path:
    """Give a repository that is the current folder, with one bad file in each of three folders."""
    git("init", "-q", cwd=folder)
    for name in ("data", "docs", "sub folder"):
        (folder / name).mkdir()
        (folder / name / "a b.txt").write_text(f"{MOJIBAKE}\n\n{STORY}", encoding="utf-8", newline="\n")
    return folder


@needs_git
def test_a_named_folder_that_git_ignores_is_wrong_use_unless_that_is_allowed(repository: Path) -> None:
    (repository / ".gitignore").write_text("data/\n", encoding="utf-8")
    refused = said("data/")
    assert refused.code == 2
    assert refused.err.startswith("data/: no file to check: git ignores the one file in it")
    assert said("--allow-empty", "data/").code == 0
    assert said("data/a b.txt").code == 1  # named itself it is checked
    assert said("data/*.txt").code == 1


def test_a_path_without_a_file_of_a_known_ending_is_told_though_another_has_some(folder: Path) -> None:
    (folder / "a.txt").write_text(STORY, encoding="utf-8")
    (folder / "empty").mkdir()
    refused = said("a.txt", "empty")
    assert refused.code == 2
    assert "empty: no file to check: there is none in it whose ending is known" in refused.err
    (folder / "crawl.warc").write_bytes(b"")
    assert "crawl.warc: no file to check: WARC is not checked" in said("crawl.warc").err


@needs_git
@pytest.mark.parametrize("where", [".", "docs"])
def test_git_takes_the_diff_in_any_folder(repository: Path, where: str) -> None:
    shown = said_by_process("--diff", ".", cwd=repository / where)
    assert shown.code == 1
    assert "--- a/docs/a b.txt" in shown.out
    done = git("apply", "--check", "-", cwd=repository / where, given=shown.out.encode())
    assert done.returncode == 0, done.stderr
    git("apply", "-", cwd=repository / where, given=shown.out.encode())
    assert said_by_process("--select", "MJ", ".", cwd=repository / where).code == 0


def test_standard_input_is_checked_as_the_file_that_it_stands_for(folder: Path) -> None:
    (folder / "cleaner.toml").write_text('[per-file-ignores]\n"docs/*.md" = ["MJ"]\n', encoding="utf-8")

    def checked(name: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "cleaner", "check", "--stdin-filename", name, *arguments]
        text = f"{MOJIBAKE}  \n{STORY}".encode()
        return subprocess.run(command, cwd=folder, input=text, capture_output=True, check=False)

    plain = checked("notes/new.txt")
    assert plain.returncode == 1
    assert plain.stdout.decode().split("\n")[0].startswith("notes/new.txt:1:4: MJ101 mojibake")
    assert b"new.txt:1:6: WS102" in plain.stdout
    assert checked("docs/new.md").returncode == 0  # two spaces break a line of Markdown, and MJ is off there
    mended = checked("new.txt", "--fix", "-")
    assert mended.stdout.decode() == f"Café\n{STORY}"
    assert b"2 mended" in mended.stderr
    assert b"+++ b/new.txt" in checked("new.txt", "--diff").stdout
    assert checked("new.txt", "other.txt").returncode == 2
    assert os.listdir(folder) == ["cleaner.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals on Windows")
def test_findings_and_diff_have_colours_on_a_terminal_and_not_where_they_are_refused(folder: Path) -> None:
    import pty

    (folder / "a.txt").write_text(f"{MOJIBAKE}\n\n{STORY}", encoding="utf-8")

    def shown(*arguments: str, **environment: str) -> bytes:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "cleaner", "check", *arguments, "a.txt"]
        known = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"}
        subprocess.run(command, stdout=theirs, stderr=subprocess.DEVNULL, cwd=folder, env=known | environment)
        os.close(theirs)
        with os.fdopen(ours, "rb", buffering=0) as screen:
            return screen.read(4096)

    assert b"\x1b[31m\x1b[1mMJ101\x1b[0m" in shown()
    assert b"\x1b[32m+Caf\xc3\xa9" in shown("--diff")
    assert b"\x1b[" not in shown(NO_COLOR="1")
    assert b"\x1b[" not in shown("--diff", TERM="dumb")
