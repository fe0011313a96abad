"""JSON arrays: a record an element, of the array at the top or of one under a name; read with flat memory.

A file of this ending may also hold JSON lines.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import BinaryIO

from cleaner.corpus.compression import BrokenArchiveError
from cleaner.corpus.json_elements import ArrayStart, ElementEnds, elements, last_end
from cleaner.corpus.json_string import string_values
from cleaner.corpus.jsonl import encoding_of, holds_lines, parse, read_jsonl
from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, Item, Raw, too_large, unreadable
from cleaner.corpus.wide import narrowed, wide_encoding
from cleaner.errors import what_it_says

# Half of what goes to a worker at once of JSONL: with a megabyte, reading takes a tenth more (buffers from the system).
BLOCK_BYTES = 1 << 19

_BLANK = b" \t\r\n"

# The first bytes by which an array is told from a single object.
START_BYTES = 4096


@dataclass(frozen=True, slots=True)
class ElementsChunk:
    """Bytes of a file; from `begin` to `end` are elements of its array, the first of which is number `first`, from 1.

    `line` and `column`, from 1, are those of the first byte, both 0 where the bytes are not those of the file, or where
    nobody asked.
    """

    path: str
    first: int
    data: bytes
    begin: int
    end: int
    names: FieldNames
    line: int
    column: int

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data)

    def items(self) -> Iterator[Item]:
        """Yield the elements."""
        encoding = cache(partial(encoding_of, self.data))
        line, column, seen = self.line, self.column, 0
        for number, (start, end) in enumerate(elements(self.data, self.begin, self.end), self.first):
            place, own = f"{self.path}:{number}", self.data[start:end]
            raw = None
            if self.line:
                line, column = moved(line, column, self.data[seen:start])
                seen = start
                raw = Raw(start, own, string_values, line, column)
            yield Item(place, partial(parse, own, place, self.names, encoding), raw)

    def halves(self) -> tuple[ElementsChunk, ...]:
        """Return the same elements as two chunks; nothing where there is one element."""
        starts = [start for start, _ in elements(self.data, self.begin, self.end)]
        if len(starts) < 2:
            return ()
        number = len(starts) // 2
        cut = starts[number]
        line, column = moved(self.line, self.column, self.data[:cut]) if self.line else (0, 0)
        return (
            replace(self, data=self.data[:cut], end=cut),
            replace(
                self,
                first=self.first + number,
                data=self.data[cut:],
                begin=0,
                end=self.end - cut,
                line=line,
                column=column,
            ),
        )


def moved(line: int, column: int, data: bytes) -> tuple[int, int]:
    r"""Return line and column behind these bytes, which begin at this place.

    >>> moved(1, 3, "é, ".encode()), moved(1, 3, b"a\nbc")
    ((1, 6), (2, 3))
    """
    count = data.count(b"\n")
    if count:
        line, column, data = line + count, 1, data[data.rfind(b"\n") + 1 :]
    return line, column + len(data.decode("utf-8", "replace"))


def holds_records(start: bytes, records_at: str) -> bool:
    """Tell by the first bytes whether this is a JSON array of objects, JSON lines, or has an array where one is asked.

    One line with an object is none: it may be anybody's configuration, or have its records under a name.

    >>> holds_records(b'[ {"a": 1}]', ""), holds_records(b"[1, 2]", ""), holds_records(b'{"data": []}', "data")
    (True, False, True)
    """
    if wide_encoding(start) is not None:
        start = start.replace(b"\0", b"").lstrip(b"\xff\xfe")
    start = start.removeprefix(BOM_UTF8).lstrip(_BLANK)
    if start.startswith(b"["):
        return not records_at and start[1:].lstrip(_BLANK)[:1] in (b"{", b"]", b"")
    return not start or (start.startswith(b"{") and bool(records_at)) or holds_lines(start, alone=False)


def read_json(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Chunk]:
    """Cut a stream into chunks of whole elements. Memory: two blocks, and at most one element of the allowed size.

    Where the stream breaks off, the whole elements before are records, and the rest is one unreadable record.
    """
    recoded = False
    try:
        start = stream.peek(START_BYTES) if hasattr(stream, "peek") else b""
        if (wide := wide_encoding(start[:4])) is not None:
            stream, recoded = narrowed(stream, wide), True
            start = stream.peek(START_BYTES)  # type: ignore[attr-defined]
    except (BrokenArchiveError, OSError):
        start = b""  # reading it will say what is wrong
    if not names.records_at and start.removeprefix(BOM_UTF8).lstrip(_BLANK).startswith(b"{"):
        yield from read_jsonl(stream, path, names)
        return
    cutter = _Cutter(path, names, recoded=recoded)
    try:
        while block := stream.read1(BLOCK_BYTES):  # type: ignore[attr-defined]  # one read: nothing is lost when the next fails
            yield from cutter.take(block)
        yield from cutter.rest()
    except (BrokenArchiveError, OSError) as error:
        yield from cutter.take(b"", whole=True)
        code = "RD102" if isinstance(error, BrokenArchiveError) else "RD101"
        yield cutter.failure(code, f"{what_it_says(error)}; the records before it were read")


class _Cutter:
    """Cuts blocks behind the last comma between elements that is in them."""

    def __init__(self, path: str, names: FieldNames, *, recoded: bool) -> None:
        self._path, self._names = path, names
        self._data = b""
        self._line, self._column = (1, 1) if names.raw and not recoded else (0, 0)
        self._start: ArrayStart | None = ArrayStart(names.records_path)  # None from where the array begins
        self._begin = 0  # where elements begin in the data
        self._ends = ElementEnds()
        self._first = 1
        self._dropped = 0  # bytes of an element that is too large, of which nothing is kept
        self._tried = False  # whether the fast way to find the last end was in vain
        self._any = self._behind = self._more = False  # anything but blanks; behind the array; and anything there

    def take(self, block: bytes, *, whole: bool = False) -> Iterator[Chunk]:
        """Yield a chunk where there is enough for one, or anything at all where this is the whole of it."""
        self._data += block
        if len(self._data) < BLOCK_BYTES and not whole:
            return
        self._any = self._any or bool(self._data.strip(_BLANK))
        if self._behind:
            yield from self._rest_of_file()
            return
        if self._start is not None and not self._found(self._start):
            yield from self._passed(self._start.place)
            self._start.place = 0
            return
        if self._dropped:
            yield from self._large()
        cut, number = self._last_end(whole=whole)
        if self._ends.closed:
            self._behind = True
            yield from self._rest_of_file()
        elif cut:
            yield self._chunk(cut, cut)
            self._first += number
        elif len(self._data) - self._begin > self._names.max_bytes:
            yield from self._passed(self._begin)
            self._dropped = self._ends.place
            self._forget(self._ends.place)

    def _found(self, start: ArrayStart) -> bool:
        if not start.found(self._data):
            return False
        self._start, self._begin, self._ends.place = None, start.place, start.place
        return True

    def _last_end(self, *, whole: bool) -> tuple[int, int]:
        """Return the place behind the last comma between elements, and how many stand before it."""
        if not (self._tried or whole):
            self._tried = True
            cut, number = last_end(self._data, self._begin)
            if cut:
                self._ends = ElementEnds(cut)
                return cut, number
        ends = list(self._ends.within(self._data))
        return ends[-1] if ends else 0, len(ends)

    def _large(self) -> Iterator[Chunk]:
        """Go on in an element that is too large; yield what is told of it where it ends."""
        end = next(self._ends.within(self._data), None)
        if end is None and not self._ends.closed:
            self._dropped += self._ends.place
            self._forget(self._ends.place)
            return
        place, end = f"{self._path}:{self._first}", self._ends.place
        size, self._dropped = self._dropped + end, 0
        self._forget(end)
        self._first += 1
        yield FailureChunk(too_large(place, place, size, self._names.max_bytes), size)

    def _rest_of_file(self) -> Iterator[Chunk]:
        """Yield the last elements, and what stands behind the array."""
        last = self._ends.place
        self._more = self._more or (not self._names.records_at and bool(self._data[last + 1 :].strip(_BLANK)))
        if self._data:
            yield self._chunk(len(self._data), max(last, self._begin))
        self._ends.place = -1

    def rest(self) -> Iterator[Chunk]:
        """Yield what there is at the end."""
        yield from self.take(b"", whole=True)
        path = ".".join(self._names.records_path)
        if self._start is not None and (path or self._any):
            found = ", ".join(map(repr, self._start.names))
            there = f"; objects and arrays are under {found}" if found else ""
            yield self.failure("RD104", f"no array at {path!r}{there}" if path else "this is no JSON array")
        elif self._more:
            yield self.failure("RD104", "more stands behind the end of the array, and is not read")
        elif self._start is None and not self._ends.closed:
            yield self.failure("RD104", "the file ends inside the array; the records before it were read")

    def failure(self, code: str, why: str) -> Chunk:
        """Return what is told of a stream that breaks off, or that does not hold what it should."""
        place = f"{self._path}:{self._first}"
        line = self._data[self._begin :].decode("utf-8", "replace")
        return FailureChunk(unreadable(place, code, f"{place}: {why}", line=line))

    def _chunk(self, cut: int, end: int) -> ElementsChunk:
        data, begin = self._data[:cut], self._begin
        chunk = ElementsChunk(self._path, self._first, data, begin, end, self._names, self._line, self._column)
        self._forget(cut)
        self._tried = False
        return chunk

    def _passed(self, cut: int) -> Iterator[Chunk]:
        """Yield bytes in which there is no element."""
        if cut:
            self._begin = 0
            yield self._chunk(cut, 0)

    def _forget(self, size: int) -> None:
        if self._line:
            self._line, self._column = moved(self._line, self._column, self._data[:size])
        self._data = self._data[size:]
        self._begin = max(0, self._begin - size)
        self._ends.place = max(0, self._ends.place - size)
