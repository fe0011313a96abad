"""Every code block of the README and of docs/ is run as it stands there, and prints what stands below it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from documentation import PAGES, ROOT, Reader, blocks_of, made_command, made_world

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands are those of a POSIX shell")


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_what_a_page_says_runs_as_it_stands_there(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_command(tmp_path / "bin")
    monkeypatch.syspath_prepend(str(tmp_path / "world"))
    reader = Reader(page, made_world(tmp_path / "world"))
    blocks = blocks_of(page)
    for block in blocks:
        reader.follow(block)
    if os.environ.get("UPDATE_DOCS"):
        page.write_text(reader.written(), encoding="utf-8")


def test_the_readme_is_short() -> None:
    assert (ROOT / "README.md").read_text(encoding="utf-8").count("\n") <= 150


def test_every_setting_and_every_option_of_scrapy_is_documented() -> None:
    import re

    from cleaner.config import setting_types

    text = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8").replace("-", "_")
    assert [key for key in setting_types() if not re.search(rf"\b{key}\b", text)] == []
    scraper = (ROOT / "docs" / "how-to" / "scraper.md").read_text(encoding="utf-8")
    code = (ROOT / "cleaner" / "integrations" / "scrapy.py").read_text(encoding="utf-8")
    assert [name for name in sorted(set(re.findall("CLEANER_[A-Z_]+", code))) if name not in scraper] == []


def test_the_exit_codes_of_every_command_are_documented() -> None:
    from cleaner.cli import main

    text = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"`{name}" not in text] == []


def test_the_reference_of_commands_has_the_help_of_each() -> None:
    from mkdocs_commands import reference

    text = reference()
    assert "## `cleaner index query`" in text
    assert "--stdin-filename FILE" in text
    assert "UNSET" not in text
