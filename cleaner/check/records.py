"""The text of a record: where in its line of JSONL each character stands, escapes and all."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.check.origins import Replacement
from cleaner.check.sources import Position, Where
from cleaner.document import Document
from cleaner.kinds.lines import Lines

# A character outside the Basic Multilingual Plane is two escapes.
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]:,]')


@dataclass(slots=True)
class RecordText:
    """The text of one record: a line of JSONL, or a row of which only the number is known.

    `raw` is the line, without its line end; None for a row.
    """

    path: str
    record: Document
    number: int
    raw: str | None
    field: str
    where: Where = "record"
    _string: JsonString | None = None
    _lines: tuple[str, Lines] | None = None

    @property
    def document(self) -> Document:
        """What the rules are given."""
        return self.record

    def position(self, text: str, offset: int) -> Position:
        """Give the record's line, the column in it, and the place inside the text."""
        if self._lines is None or self._lines[0] is not text:
            self._lines = (text, Lines(text))
        inside = self._lines[1].at(offset)
        if self.raw is None or self.record.html is not None:
            return Position(self.number, 1, inside)
        return Position(self.number, self._value().in_line(offset) + 1, inside)

    def in_file(self, changes: Sequence[Replacement]) -> list[Replacement]:
        """Give changes of the text as changes of the line; all else of it stays, byte for byte."""
        assert self.raw is not None
        value = self._value()
        ascii_only = self.raw.isascii()
        return [
            Replacement(value.in_line(start), value.in_line(end), json.dumps(new, ensure_ascii=ascii_only)[1:-1])
            for start, end, new in changes
        ]

    def _value(self) -> JsonString:
        if self._string is None:
            assert self.raw is not None
            self._string = string_value(self.raw, self.field)
        return self._string


class JsonString:
    """A string inside a line of JSON: where in the line each of its characters stands."""

    def __init__(self, start: int, raw: str) -> None:
        self._start = start
        # Text offsets of escapes, and by how much the line is ahead of the text behind each.
        self._escapes: list[int] = []
        self._ahead: list[int] = []
        ahead = 0
        for match in _ESCAPE.finditer(raw):
            self._escapes.append(match.start() - ahead)
            ahead += len(match.group()) - 1
            self._ahead.append(ahead)

    def in_line(self, offset: int) -> int:
        """Give the place in the line, from 0, of the character at `offset` of the string."""
        before = bisect_left(self._escapes, offset)
        return self._start + offset + (self._ahead[before - 1] if before else 0)


def string_value(line: str, key: str) -> JsonString:
    """Find the string under a key of the object that the line holds; of several, the last, as parsers do.

    Raises `KeyError` where there is none.
    """
    depth = 0
    value = before = None
    for token in _TOKEN.finditer(line):
        mark = token.group()
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
        elif mark == ":" and depth == 1 and before is not None:
            name = before.group()
            if (json.loads(name) if "\\" in name else name[1:-1]) == key:
                value = _STRING.search(line, token.end())
        before = token if mark[0] == '"' else None
    if value is None:
        raise KeyError(key)
    return JsonString(value.start() + 1, value.group()[1:-1])
