"""Where the elements of a JSON array end, in bytes that grow at their end: each byte is looked at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

import msgspec

# All up to the next bracket, or to a string that does not end in these bytes; between elements commas count, too.
_DEEP = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_FLAT = re.compile(rb'(?:[^"\[\]{},]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_STRING = re.compile(rb"(?:[^\"\\]++|\\.)*+", re.DOTALL)
_TOKEN = re.compile(rb'[^"\[\]{}:,]*+("(?:[^"\\]++|\\.)*+"|[\[\]{}:,])', re.DOTALL)
_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+([\[\]{}])', re.DOTALL)
_BLANKS = re.compile(rb"[ \t\r\n]*+")
_WHITE, _STEP = b" \t\r\n", 64  # what may stand between values, and how many bytes are looked at for it at once

# No name on the way to an array is longer.
MOST_NAME_BYTES = 1 << 16

OPEN, CLOSE = b"[{", b"]}"

# How an object begins, up to the end of its first name; in one file all do so.
_FIRST_NAME = re.compile(rb'[ \t\r\n]*+(\{[ \t\r\n]*+"[^"\\]*+")')

# How many places are tried that may be between two elements, before all is looked at byte by byte.
TRIES = 4


class ElementEnds:
    """Finds the commas between the elements of an array, and where it is closed."""

    def __init__(self, place: int = 0) -> None:
        self.place = place  # up to here all was looked at; once `closed`, that of the closing bracket
        self.closed = False
        self._depth = 0
        self._quoted = False

    def within(self, data: bytes) -> Iterator[int]:
        """Yield the place behind each comma between elements."""
        while not self.closed:
            if self._quoted:
                self.place = _STRING.match(data, self.place).end()  # type: ignore[union-attr]
                if data[self.place : self.place + 1] != b'"':  # a backslash waits for what comes after it
                    return
                self._quoted = False
                self.place += 1
            self.place = (_DEEP if self._depth else _FLAT).match(data, self.place).end()  # type: ignore[union-attr]
            mark = data[self.place : self.place + 1]
            if not mark:
                return
            if mark == b"]" and not self._depth:
                self.closed = True
                return
            self.place += 1
            if mark == b",":
                yield self.place
            elif mark == b'"':
                self._quoted = True
            elif mark in OPEN:
                self._depth += 1
            else:
                self._depth = max(0, self._depth - 1)


class ArrayStart:
    """Finds where the array begins: at the top, or under the names of a path."""

    def __init__(self, path: Sequence[str], place: int = 0) -> None:
        self.place = place
        self.names: dict[str, None] = {}
        """The names seen where the array was not."""
        self._path = path
        self._depth = self._on_path = 0
        self._name: str | None = None
        self._quoted = False

    def found(self, data: bytes) -> bool:
        """Look on; tell whether the array begins, and then behind which `place`."""
        while True:
            if self._quoted:
                self.place = _STRING.match(data, self.place).end()  # type: ignore[union-attr]
                if data[self.place : self.place + 1] != b'"':
                    return False
                self._quoted = False
                self.place += 1
            token = (_TOKEN if self._on_path == self._depth else _BRACKET).match(data, self.place)
            if token is None:
                self._skip_long_string(data)
                return False
            self.place = token.end()
            if self._takes(token[1]):
                return True

    def _skip_long_string(self, data: bytes) -> None:
        start = data.find(b'"', self.place)  # where no token is whole, the next mark opens a string
        if start >= 0 and len(data) - start > MOST_NAME_BYTES:
            self._quoted, self.place = True, start + 1

    def _takes(self, token: bytes) -> bool:
        wanted = self._on_path == self._depth
        if token[:1] == b'"':
            self._name = _name(token) if wanted and self._depth else None
        elif token in OPEN:
            here = wanted and self._leads_on()
            if here and token == b"[" and self._depth == len(self._path):
                return True
            self._depth += 1
            self._on_path += here and token == b"{"
        elif token in CLOSE:
            self._on_path -= self._on_path == self._depth > 0
            self._depth = max(0, self._depth - 1)
        if token != b":" and token[:1] != b'"':
            self._name = None
        return False

    def _leads_on(self) -> bool:
        """Tell whether the value that opens here is one on the path: the top, or that of the next name."""
        if self._depth == 0:
            return True
        if self._name is not None and len(self.names) < 20:
            self.names[self._name] = None
        return self._depth <= len(self._path) and self._name == self._path[self._depth - 1]


def _name(token: bytes) -> str:
    try:
        return str(json.loads(token.decode("utf-8", "replace"), strict=False))
    except ValueError:
        return ""


def elements(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield from where to where each element of an array stands, without the white space around it."""
    raws = _parsed(data, start, _without_blanks(data, start, end))
    if raws is None:
        yield from _scanned(data, start, end)
        return
    for raw in raws:
        start = _BLANKS.match(data, start, end).end()  # type: ignore[union-attr]
        yield start, (start := start + len(memoryview(raw)))
        start = data.find(b",", start, end) + 1


def _parsed(data: bytes, start: int, end: int) -> list[msgspec.Raw] | None:
    """Return elements with commas between them, by a parser that is ten times as fast; None where they are no JSON."""
    end -= data[max(start, end - 1) : end] == b","
    try:
        return msgspec.json.decode(b"".join((b"[", memoryview(data)[start:end], b"]")), type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _without_blanks(data: bytes, start: int, end: int) -> int:
    """Return where the bytes end without the white space at their end; a copy of a block costs more than its parser."""
    while start < end:
        begin = max(start, end - _STEP)
        if kept := data[begin:end].rstrip(_WHITE):
            return begin + len(kept)
        end = begin
    return start


def _scanned(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    ends = ElementEnds(start)
    for behind in ends.within(data[:end]):
        yield _stripped(data, start, behind - 1)
        start = behind
    if (last := _stripped(data, start, end))[0] < last[1]:
        yield last


def _stripped(data: bytes, start: int, end: int) -> tuple[int, int]:
    start = _BLANKS.match(data, start, end).end()  # type: ignore[union-attr]
    return start, start + len(data[start:end].rstrip(_WHITE))


def last_end(data: bytes, start: int) -> tuple[int, int]:
    """Return the place behind the last comma between elements of which the first begins at `start`, and their number.

    Both are 0 where that is not sure.

    What begins as the first element does is taken for another one, and what stands before it is parsed: where that is
    a list of whole values, the comma is one between elements.
    """
    first = _FIRST_NAME.match(data, start)
    place = len(data)
    for _ in range(TRIES if first else 0):
        place = data.rfind(first[1], first.end(), place)  # type: ignore[index, union-attr]
        if place < 0:
            break
        behind = _without_blanks(data, 0, place)
        if data[behind - 1 : behind] == b"," and (found := _parsed(data, start, behind)) is not None:
            return behind, len(found)
    return 0, 0
