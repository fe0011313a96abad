"""JSONL: one record a line, read in blocks of whole lines with flat memory."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, BinaryIO

import msgspec

from cleaner.corpus.compression import BrokenArchiveError
from cleaner.corpus.json_lenient import lenient
from cleaner.corpus.json_string import string_values
from cleaner.corpus.record import (
    Chunk,
    FailureChunk,
    FieldNames,
    Item,
    Raw,
    Record,
    Unreadable,
    from_fields,
    too_large,
    unreadable,
)
from cleaner.corpus.wide import narrowed, wide_encoding
from cleaner.encoding import NotTextError, decode
from cleaner.errors import what_it_says

# So much goes to a worker at once: large enough that a task's cost is in its records, small
# enough that two cores share a small file and a run's progress moves.
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class LinesChunk:
    """Whole lines of a JSONL file, the first of which is number `first`, counting from 1.

    `recoded` says that the bytes are not those of the file, which was UTF-16 or UTF-32.
    """

    path: str
    first: int
    data: bytes
    names: FieldNames
    recoded: bool = False

    @property
    def size(self) -> int:
        """How many bytes the lines have."""
        return len(self.data)

    def items(self) -> Iterator[Item]:
        """Yield the lines; blank lines are no records."""
        start = 0
        encoding = cache(partial(encoding_of, self.data))
        for number, line in enumerate(self.data.split(b"\n"), self.first):
            if line and not line.isspace():
                mark = len(BOM_UTF8) if number == 1 and line.startswith(BOM_UTF8) else 0
                line_start, own = start + mark, line[mark:]
                place = f"{self.path}:{number}"
                read = partial(parse, own, place, self.names, encoding)
                raw = Raw(line_start, own, string_values) if self.names.raw and not self.recoded else None
                yield Item(place, read, raw)
            start += len(line) + 1

    def halves(self) -> tuple[LinesChunk, ...]:
        """Return the same lines as two chunks; nothing where there is one line."""
        cut = self.data.find(b"\n", len(self.data) // 2) + 1 or self.data.rfind(b"\n", 0, len(self.data) // 2) + 1
        if cut in (0, len(self.data)):
            return ()
        second = self.first + self.data.count(b"\n", 0, cut)
        return (replace(self, data=self.data[:cut]), replace(self, first=second, data=self.data[cut:]))


def encoding_of(data: bytes) -> str:
    """Return the encoding of some lines: all are in one, and a line is little to tell it by."""
    try:
        return decode(data).encoding
    except NotTextError:
        return "utf-8"


def holds_lines(start: bytes, *, alone: bool = True) -> bool:
    """Tell by the first bytes whether these are JSON lines; without `alone`, one line is none.

    >>> holds_lines(b'{"a": 1}'), holds_lines(b'{"a": 1}', alone=False), holds_lines(b'{')
    (True, False, False)
    """
    line, _, rest = start.partition(b"\n")
    if not line.startswith(b"{") or not (alone or rest.lstrip().startswith(b"{")):
        return False
    try:
        return isinstance(_value(line, lambda: "utf-8"), dict)
    except (ValueError, RecursionError):
        return False


def parse(line: bytes, place: str, names: FieldNames, encoding: Callable[[], str]) -> Record | Unreadable:
    """Return the record of one line; `encoding` tells that of a line that is no UTF-8."""
    if len(line) > names.max_bytes:
        return too_large(place, place, len(line), names.max_bytes)
    try:
        fields = _value(line, encoding)
    except (ValueError, RecursionError) as error:
        return unreadable(place, "RD104", f"{place}: {error}", line=line.decode("utf-8", "replace"))
    if not isinstance(fields, dict):
        message = f"{place}: a record is a JSON object, not {line[:40].decode('utf-8', 'replace')}"
        return unreadable(place, "RD104", message, line=line.decode("utf-8", "replace"))
    return from_fields(fields, place, names)


def _value(line: bytes, encoding: Callable[[], str]) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        try:
            return lenient(_text(line, encoding))
        except (ValueError, RecursionError):
            raise ValueError(str(error)) from error


def _text(line: bytes, encoding: Callable[[], str]) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        name = encoding()
        return decode(line).text if name == "utf-8" else line.decode(name, "replace")


def read_jsonl(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Chunk]:
    """Cut a stream into chunks of whole lines. Memory: one block, and at most one record of the allowed size.

    Where the stream breaks off, the whole lines before are records, and the rest is one unreadable record.
    """
    first = 1
    parts: list[bytes] = []
    size = 0
    ended = recoded = False  # whether a line ends in the parts; whether the stream is UTF-16 or UTF-32
    try:
        if hasattr(stream, "peek") and (wide := wide_encoding(stream.peek(4))) is not None:
            stream, recoded = narrowed(stream, wide), True
        while block := stream.read1(BLOCK_BYTES):  # type: ignore[attr-defined]  # one read, so that nothing is lost when the next fails
            parts.append(block)
            size += len(block)
            ended = ended or b"\n" in block
            if size < BLOCK_BYTES:
                continue
            if ended:
                data = b"".join(parts)
                cut = data.rfind(b"\n") + 1
                # While the chunk is at work, nothing else is kept of it: it may be a record of the allowed size.
                parts, size, ended, data = [data[cut:]], len(data) - cut, False, data[:cut]
                yield LinesChunk(path, first, data, names, recoded)
                first += data.count(b"\n")
            if size > names.max_bytes:
                length, rest = _skip_line(stream, size)
                yield FailureChunk(too_large(f"{path}:{first}", f"{path}:{first}", length, names.max_bytes), length)
                first += 1
                parts, size, ended = [rest], len(rest), b"\n" in rest
        if size:
            data, parts = b"".join(parts), []
            yield LinesChunk(path, first, data, names, recoded)
    except (BrokenArchiveError, OSError) as error:
        data = b"".join(parts)
        cut = data.rfind(b"\n") + 1
        if cut:
            yield LinesChunk(path, first, data[:cut], names, recoded)
            first += data.count(b"\n", 0, cut)
        place = f"{path}:{first}"
        code = "RD102" if isinstance(error, BrokenArchiveError) else "RD101"
        message = f"{place}: {what_it_says(error)}; the lines before it were read"
        yield FailureChunk(unreadable(place, code, message, line=data[cut:].decode("utf-8", "replace")))


def _skip_line(stream: BinaryIO, size: int) -> tuple[int, bytes]:
    """Read to the end of a line that is too long; give its length and what was read behind it."""
    while block := stream.read1(BLOCK_BYTES):  # type: ignore[attr-defined]
        cut = block.find(b"\n")
        if cut >= 0:
            return size + cut, block[cut + 1 :]
        size += len(block)
    return size, b""
