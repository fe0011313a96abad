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


WORDS = ("harbour", "ferry", "lamp", "rope", "tide", "mast", "keel", "sail", "anchor", "buoy", "crane", "quay", "pilot")
ENTRIES = [f"{first}_{second}" for first in WORDS for second in WORDS if first != second]
DOCUMENTED = (
    "<h1>Function ferry_lamp</h1><pre>fn ferry_lamp(level: usize, most: usize) -&gt; Option&lt;Lamp&gt;</pre>"
    "<p>Lights the lamp of the ferry and returns it, or nothing where the harbour has no lamp of that level.</p>"
    "<h2>Examples</h2><pre><code>let lamp = ferry_lamp(3, 9);\nassert!(lamp.is_some());</code></pre>"
    "<p>The lamp burns until the ferry is moored, whatever the tide.</p>"
)
TEXT = [
    "fn ferry_lamp(level: usize, most: usize) -> Option<Lamp>",
    "Lights the lamp of the ferry and returns it, or nothing where the harbour has no lamp of that level.",
    "Examples",
    "let lamp = ferry_lamp(3, 9);",
    "assert!(lamp.is_some());",
    "The lamp burns until the ferry is moored, whatever the tide.",
]


@pytest.mark.parametrize(
    ("before", "entry", "between", "after"),
    [
        ("<nav class=sidebar><ul>", "<li><a href=/{0}>{0}</a></li>", "</ul></nav><main>", "</main>"),
        ("<div class=left><ol>", "<li><a href=/{0}>{0}</a></li>", "</ol></div><div class=right>", "</div>"),
        ("<div id=contents>", "<div><a href=/{0}>{0}</a></div>", "</div><div id=page>", "</div>"),
        ("<table><tr><td><ul>", "<li><a href=/{0}>{0}</a></li>", "</ul></td><td>", "</td></tr></table>"),
    ],
)
def test_a_long_list_of_contents_beside_a_short_text_is_none_of_it(
    before: str, entry: str, between: str, after: str
) -> None:
    entries = "".join(entry.format(name) for name in ENTRIES)
    head = "<!DOCTYPE html><meta name=viewport content='width=device-width'><title>ferry_lamp - Olm</title>"
    lines = cleaner.clean(f"{head}<body>{before}{entries}{between}{DOCUMENTED}{after}</body>").text.split("\n")
    assert [line for line in lines if line != "Examples"] == [line for line in TEXT if line != "Examples"]
