"""How rows and cells stand in a table of text: where each ends, what it holds, and how it is written."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# Of a cell all marks are doubled or around it. No part gives back what it took, so that a match takes linear time.
_CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^"\n%s]*+)'


@functools.cache
def _plain_row(delimiter: str) -> str:
    """Return a pattern of rows, without the line end, in which no mark stands within a cell without marks."""
    cell = _CELL % re.escape(delimiter)
    return f"{cell}(?:{re.escape(delimiter)}{cell})*+"


class RowEnds:
    """Finds where rows end in bytes that grow at their end. Looks at each byte twice at most, however long a row is."""

    def __init__(self, delimiter: str, place: int = 0) -> None:
        self._stop = re.compile(re.escape(delimiter).encode() + rb"|\n")
        self._row = re.compile(_plain_row(delimiter).encode() + rb"\r?+\n")
        self.place = place  # up to here all was looked at
        self._quoted = False
        self._begins = True
        self._row_begins = True

    def begins_at(self, place: int) -> bool:
        """Tell whether a row begins at this place, behind which nothing was looked at."""
        return self._row_begins and self.place == place

    def within(self, data: bytes) -> Iterator[int]:
        """Yield the place behind each row that ends in the data."""
        while self.place < len(data):
            if self._row_begins:
                while row := self._row.match(data, self.place):
                    self.place = row.end()
                    yield self.place
                self._row_begins = self.place == len(data)
            elif self._quoted:
                mark = data.find(b'"', self.place)
                if mark < 0 or mark + 1 == len(data):  # the next byte says whether it is doubled
                    self.place = len(data) if mark < 0 else mark
                    return
                doubled = data[mark + 1 : mark + 2] == b'"'
                self._quoted, self.place = doubled, mark + 1 + doubled
            elif self._begins and data[self.place : self.place + 1] == b'"':
                self._quoted, self._begins, self.place = True, False, self.place + 1
            else:
                stop = self._stop.search(data, self.place)
                self._begins, self.place = stop is not None, len(data) if stop is None else stop.end()
                if stop is not None and stop.group() == b"\n":
                    self._row_begins = True
                    yield self.place

    def closed(self, data: bytes) -> bool:
        """Tell, at the end of all data, whether no cell waits for its closing mark."""
        return not self._quoted or self.place < len(data)


class Cell(NamedTuple):
    """Where a cell stands in the text of its row, without its quotation marks, and whether it has them."""

    start: int
    end: int
    quoted: bool

    def value(self, row: str) -> str:
        """Return what the cell holds."""
        text = row[self.start : self.end]
        return text.replace('""', '"') if self.quoted else text


def cells_of(row: str, delimiter: str) -> list[Cell]:
    r"""Return the cells of a row. One with something behind its closing mark is taken as it stands, marks and all.

    >>> row = 'a,"b ""c""\n",\n'
    >>> [cell.value(row) for cell in cells_of(row, ",")]
    ['a', 'b "c"\n', '']
    """
    end = len(row) - (2 if row.endswith("\r\n") else 1 if row.endswith("\n") else 0)
    cells = []
    place = 0
    while True:
        close = _closing(row, place + 1, end) if row.startswith('"', place, end) else -1
        stop = _found(row, delimiter, max(place, close + 1), end)
        cells.append(Cell(place + 1, close, True) if close >= 0 and stop == close + 1 else Cell(place, stop, False))
        if stop >= end:
            return cells
        place = stop + 1


def _closing(row: str, place: int, end: int) -> int:
    """Return where the mark stands that closes a cell; -1 where none does."""
    while (mark := row.find('"', place, end)) >= 0 and row.startswith('"', mark + 1, end):
        place = mark + 2
    return mark


def _found(row: str, delimiter: str, place: int, end: int) -> int:
    stop = row.find(delimiter, place, end)
    return end if stop < 0 else stop


class CellText:
    """The text of a cell: where in its row each of its characters stands, and how changes of it are written there."""

    def __init__(self, row: str, cell: Cell, delimiter: str) -> None:
        self._text = cell.value(row)
        self._cell = cell
        self._delimiter = delimiter
        # Where in the text doubled marks stand: behind each, the row is one further ahead.
        self._marks = [mark.start() for mark in re.finditer('"', self._text)] if cell.quoted else []

    def in_raw(self, offset: int) -> int:
        """Return the place in the row of the character at `offset` of the text."""
        return self._cell.start + offset + bisect_left(self._marks, offset)

    def in_row(self, changes: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Return changes of the text as changes of the row; a cell that now needs quotation marks is written anew."""
        if self._cell.quoted:
            return [(self.in_raw(start), self.in_raw(end), new.replace('"', '""')) for start, end, new in changes]
        if not any(_needs_marks(new, self._delimiter) for _, _, new in changes):
            return [(self.in_raw(start), self.in_raw(end), new) for start, end, new in changes]
        parts, place = [], 0
        for start, end, new in changes:
            parts += [self._text[place:start], new]
            place = end
        whole = "".join([*parts, self._text[place:]])
        return [(self._cell.start, self._cell.end, written(whole, self._delimiter))]


def written(text: str, delimiter: str) -> str:
    """Return a cell as it is written, in quotation marks where it needs them.

    >>> written('he said "no", twice', ","), written("plain", ",")
    ('"he said ""no"", twice"', 'plain')
    """
    return '"' + text.replace('"', '""') + '"' if _needs_marks(text, delimiter) else text


def _needs_marks(text: str, delimiter: str) -> bool:
    return any(mark in text for mark in (delimiter, '"', "\n", "\r"))
