"""The text of a record: where in the file each of its characters stands, escapes and all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cleaner.check.origins import Replacement
from cleaner.check.sources import Position, Where
from cleaner.corpus.record import RawText
from cleaner.document import Document
from cleaner.kinds.lines import Lines


@dataclass(slots=True)
class RecordText:
    """The text of one record, which begins in line `number`: a line of JSONL, a row of CSV, or what has a number alone.

    `column` is where it begins in that line, from 1. `raw` is the record as it stands in the file and `text_in` finds
    the text of a field in it; None where only the number is known.
    """

    path: str
    record: Document
    number: int
    raw: str | None
    field: str
    text_in: Callable[[str, str], RawText] | None = None
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
            assert self.text_in is not None
            self._string = self.text_in(self.raw, self.field)
        return self._string
