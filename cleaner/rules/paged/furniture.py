"""What print repeats on each page: its number, and the heads and feet that run along."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, NamedTuple

from cleaner.document import Document, Edit
from cleaner.rules.catalog import Family, Fix
from cleaner.rules.paged import PAGED
from cleaner.rules.rows import runs

_NUMBER = re.compile(
    r"[-–—\[(|]?\s*(?:(?:page|p\.|seite|página|pagina|pág\.|strona|str\.|strana|стр\.|страница|σελ\.|sida|side|oldal)\s*)?"
    r"(?P<number>[0-9]{1,4})(?:\s*(?:/|of|von|de|di|sur|z|из|van|av)\s*[0-9]{1,4})?\s*[-–—\])|]?",
    re.IGNORECASE,
)
# A number that goes up by one from page to page, on so many of them.
_FEWEST_PAGES = 3
# Between two numbers stand as many lines as a page has, at least and at most, and on no page more than this times as
# many as on half of them.
_FEWEST_LINES, _MOST_LINES, _MOST_TIMES = 8, 150, 1.6
# A head or foot stands so many lines from the edge of its page, at most, and on this part of the pages: the right and
# the left ones may have different ones. It is no longer than a headline, and no sentence.
_FROM_EDGE, _SHARE, _MOST_CHARS = 1, 1 / 3, 90
_HEAD = re.compile(r"(?=.*[^\W\d_])[^\W_].*[^.!?…]$")
# The page's number may stand before it or behind it, on right pages other than on left ones.
_BESIDE = "0 \t|/·•-–—"
# A line of prose, which a sentence goes on from, has so many words.
_LEAST_WORDS = 5
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


class _Row(NamedTuple):
    """A line that is not blank: where it begins, with what stands before its text, and its text."""

    start: int
    line: str
    text: str

    @property
    def end(self) -> int:
        """Where the next line begins, blank or not."""
        return self.start + len(self.line) + 1

    @property
    def fed(self) -> int:
        """Where it begins, behind a form feed."""
        return self.start + len(self.line) - len(self.line.lstrip("\f"))


@dataclass(frozen=True, slots=True)
class PageFurniture:
    """Take out page numbers, and heads and feet that run along with them.

    Why: the text of a PDF has them in the middle of sentences, once a page.

    Before::

        and nobody on the quay knew when it
        12
        THE OLD BRIDGE
        would come back from the islands.

    After::

        and nobody on the quay knew when it
        would come back from the islands.

    Form feeds go, and where a sentence goes on behind them or behind a number or head, the blank lines around.

    A number goes that stands alone in its line and goes up by one, at distances as long as pages are, three times or
    more, where a form feed, a sentence that goes on behind it, or a line that comes back beside it shows that a page
    ends there. A head or foot goes that stands beside a page's end on a third of all pages, three or more.

    Off by default; `--extend-select PD` runs it.

    Wrong when a text numbers parts of equal length in lines of their own, within sentences.
    """

    code: ClassVar[str] = "PD102"
    name: ClassVar[str] = "page-furniture"
    family: ClassVar[Family] = PAGED
    fix: ClassVar[Fix] = "unsafe"
    default_on: ClassVar[bool] = False

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield an edit for each line that goes, with its line end."""
        text = document.text
        if document.kind != "plain":
            return
        rows = _rows(text)
        numbers = _page_numbers(rows)
        edges = _edges(rows, numbers)
        running = _running(rows, edges, numbers)
        fed = any("\f" in rows[place].line for place in edges)
        if not (fed or running or _cut_sentences(rows, numbers) * 3 >= max(1, len(numbers))):
            return
        edits = [edit for some in runs(sorted(numbers | running)) for edit in _taken_out(text, rows, some, numbers)]
        yield from sorted([*edits, *_feeds(text, rows, edges, numbers | running)], key=lambda edit: edit.start)


def _taken_out(text: str, rows: Sequence[_Row], some: Sequence[int], numbers: frozenset[int]) -> Iterator[Edit]:
    """Yield an edit for each of the rows, which follow one another."""
    cut = _is_cut(rows, some[0] - 1, some[-1] + 1)
    for place in some:
        row = rows[place]
        start = rows[place - 1].end if cut else row.start
        end = rows[place + 1].fed if cut and place == some[-1] else min(len(text), row.end)
        what = "a page number" if place in numbers else "a line that runs along the pages"
        yield Edit(start, text[start:end], "", f"'{row.text}' is {what}", safe=False)


def _feeds(text: str, rows: Sequence[_Row], edges: Sequence[int], gone: frozenset[int]) -> Iterator[Edit]:
    """Yield an edit for each form feed before a row that stays, where it has not gone with a sentence's rows."""
    for place in edges:
        row = rows[place]
        if row.fed == row.start or place in gone:
            continue
        before = place - 1
        if before not in gone:
            start = rows[before].end if _is_cut(rows, before, place) else row.start
            yield Edit(start, text[start : row.fed], "", "a page ends here", safe=False)
            continue
        while before in gone:
            before -= 1
        if not _is_cut(rows, before, place):
            yield Edit(row.start, text[row.start : row.fed], "", "a page ends here", safe=False)


def _rows(text: str) -> list[_Row]:
    rows, start = [], 0
    for line in text.split("\n"):
        if stripped := line.strip():
            rows.append(_Row(start, line, stripped))
        start += len(line) + 1
    return rows


def _page_numbers(rows: Sequence[_Row]) -> frozenset[int]:
    """Return the places of the numbers that go up by one at a page's distance, the longest row of them."""
    last: dict[int, int] = {}  # the place of each number, when it was seen last
    before: dict[int, int] = {}  # of a place the one whose number is one less
    length: dict[int, int] = {}
    for place, row in enumerate(rows):
        match = _NUMBER.fullmatch(row.text)
        if match is None:
            continue
        number = int(match["number"])
        former = last.get(number - 1)
        length[place] = 1
        if former is not None and _FEWEST_LINES <= place - former <= _MOST_LINES:
            before[place], length[place] = former, length[former] + 1
        last[number] = place
    if not length:
        return frozenset()
    best = [max(length, key=lambda place: (length[place], -place))]
    while best[-1] in before:
        best.append(before[best[-1]])
    best.reverse()
    gaps = sorted(after - before for before, after in pairwise(best))
    if len(best) < _FEWEST_PAGES or gaps[-1] > _MOST_TIMES * gaps[len(gaps) // 2]:
        return frozenset()
    return frozenset(best)


def _edges(rows: Sequence[_Row], numbers: frozenset[int]) -> list[int]:
    """Return the places that pages begin or end at: of numbers, and of rows after a form feed."""
    return sorted({*numbers, *(place for place, row in enumerate(rows) if "\f" in row.line)})


def _running(rows: Sequence[_Row], edges: Sequence[int], numbers: frozenset[int]) -> frozenset[int]:
    """Return the places of heads and feet: rows near an edge, and nowhere else, that are alike on enough pages."""
    if len(edges) < _FEWEST_PAGES:
        return frozenset()
    enough = max(_FEWEST_PAGES, len(edges) * _SHARE)
    edges = [0, *edges, len(rows) - 1]
    near: dict[int, str] = {}
    elsewhere = set[str]()
    for place in range(len(rows)):
        at = bisect_left(edges, place - _FROM_EDGE)
        text = rows[place].text
        if len(text) > _MOST_CHARS or place in numbers or not _HEAD.search(text):
            continue
        alike = _DIGITS.sub("0", text).casefold().strip(_BESIDE)
        if at < len(edges) and edges[at] <= place + _FROM_EDGE:
            near[place] = alike
        else:
            elsewhere.add(alike)
    counts = Counter(near.values())
    return frozenset(place for place, text in near.items() if counts[text] >= enough and text not in elsewhere)


def _cut_sentences(rows: Sequence[_Row], numbers: frozenset[int]) -> int:
    """Return how many numbers stand in the middle of a sentence."""
    return sum(_is_cut(rows, place - 1, place + 1) for place in numbers)


def _is_cut(rows: Sequence[_Row], before: int, after: int) -> bool:
    """Whether a sentence of prose goes on from one row to the other."""
    return (
        before >= 0
        and after < len(rows)
        and not _SENTENCE_END.search(rows[before].text)
        and rows[after].text[0].islower()
        and min(len(rows[side].text.split()) for side in (before, after)) >= _LEAST_WORDS
    )
