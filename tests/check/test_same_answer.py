"""`check` finds in a text what `clean` takes out of it: the samples, one by one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from checking import STORY, found, said

import cleaner
from cleaner.check.diagnostics import NOT_IN_PAGES
from cleaner.check.encodings import NOT_UTF8
from cleaner.document import Edit
from cleaner.pipeline import Result

SAMPLES = Path(__file__).parents[2] / "samples"
TEXTS = sorted(SAMPLES.glob("*/*.txt"))
PAGES = sorted(SAMPLES.glob("*/*.html"))


def codes(result: Result) -> Counter[str]:
    """Count what a result's steps did, by rule; blank lines that other lines left behind are no finding."""
    counts = Counter(step.code for step in result.steps for finding in step.findings if isinstance(finding, Edit))
    if result.dropped is not None:
        counts[result.dropped.code or ""] += 1
    return counts


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_the_findings_in_a_text_are_those_of_clean(path: Path) -> None:
    told = Counter(d.code for d in found(path))
    done = codes(cleaner.clean(path.read_bytes(), html=False))
    del told["WS103"], done["WS103"]
    assert told == done


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_the_findings_in_a_page_are_those_of_clean(path: Path) -> None:
    told = Counter(d.code for d in found(path) if d.code != NOT_UTF8)  # which is said of the file
    done = codes(cleaner.clean(path.read_bytes(), html=True))
    assert told == Counter({code: n for code, n in done.items() if not code.startswith(NOT_IN_PAGES)})


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_all_fixes_make_of_a_text_what_clean_makes_of_it(path: Path, folder: Path) -> None:
    copy = folder / "a.txt"
    copy.write_bytes(path.read_bytes())
    said("--ignore", "ND", "--fix", "--unsafe-fixes", copy)
    assert copy.read_text(encoding="utf-8") == cleaner.clean(path.read_bytes(), html=False).text


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    "end", ["\n   ", "\n\n\t", "\n\n\x01", "\nLeave a Comment", "\n\n\nLeave a Comment\t", " ", "\n", ""]
)
def test_so_they_do_at_the_end_of_a_text(name: str, end: str, folder: Path) -> None:
    text = f"# Birds\n\n{STORY.rstrip()}{end}"
    (folder / name).write_text(text, encoding="utf-8")
    said("--ignore", "ND", "--fix", "--unsafe-fixes", folder / name)
    kind = "markdown" if name == "a.md" else "plain"
    assert (folder / name).read_text(encoding="utf-8") == cleaner.clean(text, kind=kind).text


def test_our_own_documents_pass_our_own_hook() -> None:
    root = SAMPLES.parent
    documents = [root / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs")]
    assert said(*documents).out == ""
