"""Texts in files: which document a rule is given, and where in the file each of its characters stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from cleaner.check.origins import Replacement
from cleaner.document import Document
from cleaner.kinds import Kinds, kind_of
from cleaner.kinds.lines import Lines


class Position(NamedTuple):
    """A place as an editor shows it: line and column from 1, in code points; a tab is one.

    `inside` is the place inside a record's text, where the line is the record's.
    """

    line: int
    column: int
    inside: tuple[int, int] | None = None


Where = Literal["file", "page", "record"]


class Source(Protocol):
    """One text in a file. Offsets are those of the text that the rules were given."""

    where: Where
    path: str

    @property
    def raw(self) -> str | None:
        """The file, or the record's line; None where that is no text."""
        ...

    @property
    def document(self) -> Document:
        """What the rules are given."""
        ...

    def position(self, text: str, offset: int) -> Position:
        """Return the place in the file of a character of the text; `text` is what was extracted from a page."""
        ...

    def in_file(self, changes: Sequence[Replacement]) -> list[Replacement]:
        """Return changes of the text as changes of the file, or of the record's line."""
        ...


@dataclass(slots=True)
class FileText:
    """A whole file of text or Markdown. The rules are given its lines with line feeds; the file keeps its line ends."""

    raw: str
    path: str
    kinds: Kinds = ()
    where: Where = "file"
    line_end: str = field(init=False)
    text: str = field(init=False)
    _returns: list[int] = field(init=False)
    _lines: Lines | None = None

    def __post_init__(self) -> None:
        """Find out how the file ends its lines: most with CR LF, or an old Mac's with CR alone."""
        if "\r" not in self.raw:
            self.line_end, self.text = "\n", self.raw
        elif "\n" not in self.raw:
            self.line_end, self.text = "\r", self.raw.replace("\r", "\n")
        else:
            crlf = self.raw.count("\r\n")
            self.line_end = "\r\n" if 2 * crlf >= self.raw.count("\n") else "\n"
            self.text = self.raw.replace("\r\n", "\n")
        # Places in the text of line feeds that are two characters in the file.
        self._returns = [match.start() - number for number, match in enumerate(re.finditer("\r\n", self.raw))]

    @property
    def document(self) -> Document:
        """What the rules are given."""
        return Document(self.path, self.text, kind=kind_of(self.path, self.kinds))

    def position(self, text: str, offset: int) -> Position:
        """Return the place in the file."""
        self._lines = self._lines or Lines(self.text)
        return Position(*self._lines.at(offset))

    def in_file(self, changes: Sequence[Replacement]) -> list[Replacement]:
        """Return changes of the text as changes of the file, in its own line ends."""
        return [
            Replacement(self._in_file(start), self._in_file(end), new.replace("\n", self.line_end))
            for start, end, new in changes
        ]

    def _in_file(self, offset: int) -> int:
        return offset + bisect_left(self._returns, offset)
