"""A string in a line of JSON: where in the line each of its characters stands, escapes and all."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Sequence

# A character outside the Basic Multilingual Plane is two escapes.
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]:,]')


class JsonString:
    """A string inside a line of JSON: where in the line each of its characters stands."""

    def __init__(self, start: int, raw: str, *, ascii_only: bool = False) -> None:
        self._start = start
        self._ascii_only = ascii_only
        # Text offsets of escapes, and by how much the line is ahead of the text behind each.
        self._escapes: list[int] = []
        self._ahead: list[int] = []
        ahead = 0
        for match in _ESCAPE.finditer(raw):
            self._escapes.append(match.start() - ahead)
            ahead += len(match.group()) - 1
            self._ahead.append(ahead)

    def in_raw(self, offset: int) -> int:
        """Return the place in the line, from 0, of the character at `offset` of the string."""
        before = bisect_left(self._escapes, offset)
        return self._start + offset + (self._ahead[before - 1] if before else 0)

    def in_row(self, changes: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Return changes of the text as changes of the line, with escapes where the line has no other letters."""
        return [
            (self.in_raw(start), self.in_raw(end), json.dumps(new, ensure_ascii=self._ascii_only)[1:-1])
            for start, end, new in changes
        ]


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
    return JsonString(value.start() + 1, value.group()[1:-1], ascii_only=line.isascii())
