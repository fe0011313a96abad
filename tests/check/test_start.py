"""What is not needed is not loaded, so that a small check starts at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from checking import STORY

# A tenth of a second and more each, what they bring along counted.
HEAVY = {"datasketch", "scipy", "numpy", "langdetect", "trafilatura", "lxml", "pyarrow", "rich", "chardet"}
PROFILES = "langdetect's profiles"


def loaded(folder: Path, *arguments: str) -> set[str]:
    """Give what of the heavy things the command loads in a process of its own."""
    program = (
        "import sys\nfrom cleaner.cli import main\n"
        f"try:\n    main({list(arguments)!r})\nfinally:\n"
        f"    there = sorted({HEAVY!r} & set(sys.modules))\n"
        "    evidence = sys.modules.get('cleaner.language.evidence')\n"
        "    if evidence and evidence.table_of.cache_info().currsize:\n"
        f"        there.append({PROFILES!r})\n"
        "    print('LOADED', *there, sep='|')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    assert "LOADED" in done.stdout, done.stderr
    return set(done.stdout.rpartition("LOADED")[2].strip().split("|")[1:])


@pytest.fixture
def five(folder: Path) -> Path:
    """Give a folder with five small texts."""
    for number in range(5):
        (folder / f"{number}.txt").write_text(
            f"{STORY}\nThe birds of the year {number} came late.\n\nLeave a Comment\n"
        )
    return folder


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"]])
def test_help_and_version_load_nothing(folder: Path, arguments: list[str]) -> None:
    assert loaded(folder, *arguments) == set()


def test_a_check_loads_neither_langdetect_nor_scipy_unless_a_rule_asks_for_them(five: Path) -> None:
    assert loaded(five, "check", "--ignore", "ND", ".") == set()
    assert loaded(five, "check", "--select", "BP,MJ,WS,HL,TX", ".") == set()
    assert not {"datasketch", "scipy", "langdetect", PROFILES, "trafilatura"} & loaded(five, "check", ".")


def test_what_a_rule_needs_is_loaded(five: Path) -> None:
    assert PROFILES in loaded(five, "check", "--language", "fr", ".")
    (five / "page.html").write_text(f"<html><body><article><p>{STORY}</p></article></body></html>")
    found = loaded(five, "check", "--ignore", "ND", ".")
    assert "lxml" in found
    assert "trafilatura" not in found  # the learned extractor does without
