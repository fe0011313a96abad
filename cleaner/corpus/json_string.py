"""A string in a line of JSON: where in the line each of its characters stands, escapes and all."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

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


def string_values(line: str, places: Mapping[str, Sequence[str | int | None]]) -> dict[str, JsonString]:
    """Find the strings at places of the object that the line holds, each by its names and numbers; of several the last.

    Raises `KeyError` where there is none.
    """
    wanted = {tuple(steps): place for place, steps in places.items()}
    depths = {len(steps) for steps in wanted}
    found: dict[str, re.Match[str]] = {}
    path: list[str | int | None] = []
    name = None  # the last string, which is a name where a colon follows
    for token in _TOKEN.finditer(line):
        mark = token.group()
        if mark[0] == '"':
            name = mark
            if len(path) in depths and (place := wanted.get(tuple(path))) is not None:
                found[place] = token
        elif mark in "{[":
            path.append(None if mark == "{" else 0)
        elif mark in "}]":
            del path[-1:]
        elif mark == ":" and name is not None and path:
            path[-1] = json.loads(name) if "\\" in name else name[1:-1]
        elif mark == "," and path:
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else None
    if missing := wanted.values() - found.keys():
        raise KeyError(min(missing))
    ascii_only = line.isascii()
    return {
        place: JsonString(token.start() + 1, token.group()[1:-1], ascii_only=ascii_only)
        for place, token in found.items()
    }
