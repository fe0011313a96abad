"""A page: where in its source the lines of the extracted text stand."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.check.origins import Replacement
from cleaner.check.sources import Position, Where
from cleaner.document import Document
from cleaner.kinds.lines import Lines

# A line with links or bold words in it does not stand in the page as it is; its first words do.
FIRST_WORDS = 4


class _Place(NamedTuple):
    """Where a line stands; `exact` says that it stands there as it is, so that columns can be counted on."""

    start: int
    exact: bool


@dataclass(slots=True)
class PageText:
    """An HTML file. The rules are given the text that was extracted; its lines are looked for in the page."""

    raw: str
    path: str
    where: Where = "page"
    _page: str = field(init=False)
    _outer: Lines = field(init=False)
    _extracted: tuple[str, Lines, list[_Place | None]] | None = None

    def __post_init__(self) -> None:
        """Count lines as editors do."""
        self._page = self.raw.replace("\r\n", "\n")
        self._outer = Lines(self._page)

    @property
    def document(self) -> Document:
        """What the rules are given."""
        return Document(self.path, html=self.raw)

    def position(self, text: str, offset: int) -> Position:
        """Return the place of the line in the page, and of the character where that is sure; else the page's start."""
        if self._extracted is None or self._extracted[0] is not text:
            self._extracted = text, Lines(text), line_places(self._page, text)
        _, lines, places = self._extracted
        line, column = lines.at(offset)
        place = places[line - 1]
        if place is None:
            return Position(1, 1)
        start = lines.start(line)
        indent = len(text) - start - len(text[start:].lstrip(" \t"))
        return Position(*self._outer.at(place.start + (max(0, column - 1 - indent) if place.exact else 0)))

    def in_file(self, changes: Sequence[Replacement]) -> list[Replacement]:
        """Pages are never rewritten."""
        raise NotImplementedError


def line_places(page: str, text: str) -> list[_Place | None]:
    """Find each line of the extracted text in the page: below the one before, or else anywhere in the body."""
    body = re.search("<body", page, re.IGNORECASE)
    start = below = body.start() if body else 0
    places: list[_Place | None] = []
    for line in text.split("\n"):
        line = line.strip()
        found = None
        for wanted in dict.fromkeys((line, html.escape(line, quote=False), " ".join(line.split()[:FIRST_WORDS]))):
            place = page.find(wanted, below) if wanted else -1
            if place < 0 and wanted:
                place = page.find(wanted, start)
            if place >= 0:
                found = _Place(place, wanted == line)
                below = place + len(wanted)
                break
        places.append(found)
    return places
