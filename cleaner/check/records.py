"""The text of a record: where in the file each of its characters stands, escapes and all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from cleaner.check.origins import Replacement, replaced
from cleaner.check.sources import Position, Where
from cleaner.corpus.record import Places, RawText
from cleaner.corpus.text_places import steps_to
from cleaner.document import BETWEEN_PARTS, Document
from cleaner.kinds.lines import Lines


@dataclass(slots=True)
class RecordText:
    """The text of one record, which begins in line `number`: a line of JSONL, a row of CSV, or what has a number alone.

    `column` is where it begins in that line, from 1. `raw` is the record as it stands in the file and `texts_in` finds
    the texts of places in it; None where only the number is known.
    """

    path: str
    record: Document
    number: int
    raw: str | None
    field: str
    texts_in: Callable[[str, Places], Mapping[str, RawText]] | None = None
    where: Where = "record"
    column: int = 1
    _string: RawText | None = None
    _lines: tuple[str, Lines] | None = None
    _raw_lines: Lines | None = None

    @property
    def document(self) -> Document:
        """What the rules are given."""
        return self.record

    def position(self, text: str, offset: int) -> Position:
        """Return the record's line, the column in it, and the place inside the text."""
        if self._lines is None or self._lines[0] is not text:
            self._lines = (text, Lines(text))
        inside = self._lines[1].at(offset)
        if self.raw is None or self.record.html is not None:
            return Position(self.number, 1, inside)
        self._raw_lines = self._raw_lines or Lines(self.raw)
        line, column = self._raw_lines.at(self._value().in_raw(offset))
        return Position(self.number + line - 1, column + self.column - 1 if line == 1 else column, inside)

    def in_file(self, changes: Sequence[Replacement]) -> list[Replacement]:
        """Return changes of the text as changes of the record; all else of it stays, byte for byte."""
        return [Replacement(*change) for change in self._value().in_row(changes)]

    def _value(self) -> RawText:
        if self._string is None:
            assert self.raw is not None
            assert self.texts_in is not None
            parts = self.record.parts
            places = {place: steps_to(place) for place in parts} if parts else {self.field: (self.field,)}
            found = self.texts_in(self.raw, places)
            self._string = PartsText(parts, found) if parts else found[self.field]
        return self._string


class PartsText:
    """The texts of a record that has several, as one text: where in the record each of its characters stands."""

    def __init__(self, parts: Mapping[str, str], found: Mapping[str, RawText]) -> None:
        self._parts = [found[place] for place in parts]
        self._starts = _starts(parts)

    def in_raw(self, offset: int) -> int:
        """Return the place in the record of the character at `offset` of the text."""
        number = bisect_right(self._starts, offset) - 1
        return self._parts[number].in_raw(offset - self._starts[number])

    def in_row(self, changes: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Return changes of the text as changes of the record, in its order."""
        of_part = _by_part(self._starts, changes)
        return sorted(change for number, own in of_part.items() for change in self._parts[number].in_row(own))


def _starts(parts: Mapping[str, str]) -> list[int]:
    return [0, *accumulate(len(text) + len(BETWEEN_PARTS) for text in parts.values())][:-1]


def _by_part(starts: Sequence[int], changes: Sequence[tuple[int, int, str]]) -> dict[int, list[Replacement]]:
    """Return the changes of each part, by its number, in that part."""
    found: dict[int, list[Replacement]] = {}
    for start, end, new in changes:
        number = bisect_right(starts, start) - 1
        found.setdefault(number, []).append(Replacement(start - starts[number], end - starts[number], new))
    return found


def changed(document: Document, text: str, changes: Sequence[Replacement]) -> Document:
    """Return the document of which this is the text with the changes made, in each of its parts where it has some."""
    parts = dict(document.parts)
    if parts:
        places = list(parts)
        for number, own in _by_part(_starts(parts), changes).items():
            parts[places[number]] = replaced(parts[places[number]], own)
    return replace(document, text=replaced(text, changes), parts=parts)
