"""Pages of each type that readers of corpora want whole: forum, documentation, recipe, poem … and seven scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cleaner

PAGES = Path(__file__).parents[1] / "pages"
# What stands wrongly in the text today, or is missing from it.
KNOWN_FAILURES = {
    "live-blog": "the times of the entries are lost",
}
_MARK = re.compile(r"^(?:[-*•]|\d+\.) ", re.MULTILINE)


def _pages() -> list[object]:
    names = sorted(path.stem for path in PAGES.glob("*.html"))
    assert len(names) == 16
    assert set(KNOWN_FAILURES) <= set(names)
    return [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=KNOWN_FAILURES[name]))
        if name in KNOWN_FAILURES
        else name
        for name in names
    ]


@pytest.mark.parametrize("name", _pages())
def test_the_text_of_the_page_comes_out_and_nothing_else(name: str) -> None:
    html = (PAGES / f"{name}.html").read_text(encoding="utf-8")
    expected = (PAGES / f"{name}.txt").read_text(encoding="utf-8")
    assert _MARK.sub("", cleaner.clean(html).text).strip() == expected.strip()
