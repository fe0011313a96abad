"""`cleaner explain` of folders, what changes alone, and as a diff."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from running import ARTICLE

from cleaner.cli import main


def explained(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder, the current one, with a text that changes, one that does not, and one that cannot be read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(f"{ARTICLE}\n\nLeave a Comment\n", encoding="utf-8", newline="\n")
    (tmp_path / "b.txt").write_text(f"{ARTICLE}\n", encoding="utf-8", newline="\n")
    (tmp_path / "c.txt").write_bytes(b"%PDF-1.4 \x00\x01")
    return tmp_path


def test_a_folder_is_gone_through_document_by_document(folder: Path) -> None:
    shown = explained(".")
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.index("./a.txt\n") < shown.stdout.index("./b.txt\n") < shown.stdout.index("./c.txt\n")
    assert "BP103 comment-form" in shown.stdout
    assert "RD103" in shown.stdout
    assert shown.stdout.endswith("3 documents\n")


def test_only_changes_leaves_out_what_stays_as_it_is(folder: Path) -> None:
    shown = explained(".", "--only-changes").stdout
    assert "./a.txt\n" in shown
    assert "./b.txt" not in shown
    assert shown.endswith("2 of 3 documents\n")
    texts = [f"{ARTICLE}\n\nLeave a Comment", ARTICLE]
    (folder / "r.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    assert explained("r.jsonl", "--only-changes").stdout.endswith("1 of 2 documents\n")


def test_a_diff_makes_the_cleaned_text_of_the_one_that_came_in(folder: Path) -> None:
    shown = explained("a.txt", "--diff")
    assert shown.stdout.startswith("diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ ")
    done = subprocess.run(["git", "apply", "-"], cwd=folder, input=shown.stdout_bytes, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert (folder / "a.txt").read_text(encoding="utf-8") == f"{ARTICLE}\n"
    assert explained("b.txt", "--diff").stdout == ""
    assert explained(".", "--diff", "--only-changes").stdout.count("diff --git") == 0


def test_what_does_not_go_together_is_refused(folder: Path) -> None:
    for wrong in ((".", "--html"), ("a.txt", "--html", "--diff"), (".", "--id", "x")):
        assert explained(*wrong).exit_code == 2


def test_each_document_goes_by_the_configuration_of_its_file(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "d.txt").write_text(f"{ARTICLE}\n\nLeave a Comment\n", encoding="utf-8")
    (folder / "other" / "cleaner.toml").write_text('ignore = ["BP"]\n', encoding="utf-8")
    shown = explained(".", "--only-changes").stdout
    assert "./a.txt\n" in shown
    assert "d.txt" not in shown
    (folder / "other" / "r.jsonl").write_text(json.dumps({"text": "Share on Facebook"}) + "\n", encoding="utf-8")
    assert "Nothing was changed." in explained("other/r.jsonl:1").stdout


def test_a_page_that_reads_like_a_notice_says_so(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<title>Sign in</title><main><h1>Sign in</h1><p>Please enter your card number to continue to your account.</p>"
        "<form><input name=card><input type=password><button>Sign in</button></form></main>",
        encoding="utf-8",
    )
    assert "likely text, but it reads like a notice: a login (" in explained(str(page)).output
