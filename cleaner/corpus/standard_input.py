"""Standard input as an input: read as what is asked for, or as what its first bytes look like."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cleaner.corpus import files
from cleaner.corpus.compression import BrokenArchiveError, decompressed
from cleaner.corpus.formats import JSONL, Format, format_named
from cleaner.corpus.json_array import holds_records
from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, Item, Record, Unreadable, too_large, unreadable
from cleaner.corpus.sniff import looks_like_page
from cleaner.corpus.unknown import format_by_content
from cleaner.errors import CleanerError, InputError

STANDARD_INPUT = "-"

# The first bytes, by which it is told what comes.
SNIFF_BYTES = 4096


def standard_input_chunks(names: FieldNames) -> Iterator[Chunk]:
    """Yield the chunks of standard input: records of a format, a page, or one text. Raises `InputError`."""
    stream: BinaryIO = sys.stdin.buffer
    if not hasattr(stream, "peek"):  # a caller has put another stream there
        stream = io.BufferedReader(stream)  # type: ignore[type-var]
    try:
        yield from _chunks(stream, names)
    except BrokenArchiveError as error:
        yield _failure("RD102", str(error))
    except OSError as error:
        if isinstance(error, CleanerError):
            raise
        raise InputError(f"standard input: cannot be read: {error.strerror or error}") from error


def _chunks(stream: Any, names: FieldNames) -> Iterator[Chunk]:
    start = stream.peek(SNIFF_BYTES)
    for magic, kind in ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd")):
        if start.startswith(magic):
            if kind == "gzip" and (format := _format(_unpacked(start), names)) is not None and format.unpacks:
                break  # an archive is read member by member, so that a damaged one costs itself
            stream = decompressed(stream, kind)
            start = stream.peek(SNIFF_BYTES)
    else:
        format = _format(start, names)
    if format is not None and format.needs_file:
        yield _failure("RD108", f"{format.called} cannot be read from a pipe; name the file")
    elif format is not None and format.read is not None:
        yield from format.read(stream, STANDARD_INPUT, names)
    else:
        yield TextChunk(STANDARD_INPUT, stream.read(names.max_bytes + 1), names)


def _format(start: bytes, names: FieldNames) -> Format | None:
    """Return the format that is asked for, or what begins so; None for a text or a page."""
    if names.format is not None:
        return format_named(names.format)
    if holds_records(start, names.records_at):
        return format_named("json")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return format_named(JSONL)
    return format_by_content(start)


def _unpacked(start: bytes) -> bytes:
    try:
        return bytes(decompressed(io.BytesIO(start), "gzip").read1(SNIFF_BYTES))  # type: ignore[attr-defined]
    except BrokenArchiveError:
        return b""


@dataclass(frozen=True, slots=True)
class TextChunk:
    """One text or page that came from a pipe."""

    id: str
    data: bytes
    names: FieldNames

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data)

    def items(self) -> Iterator[Item]:
        """Yield the one."""
        yield Item(self.id, self._read)

    def halves(self) -> tuple[Chunk, ...]:
        """Return nothing: it is one."""
        return ()

    def _read(self) -> Record | Unreadable:
        if len(self.data) > self.names.max_bytes:
            return too_large(self.id, self.id, len(self.data), self.names.max_bytes)
        asked = self.names.format
        page = looks_like_page(self.data) if asked is None else format_named(asked).page
        return files.from_bytes(self.data, self.id, html=page)


def _failure(code: str, why: str) -> FailureChunk:
    return FailureChunk(unreadable(STANDARD_INPUT, code, f"{STANDARD_INPUT}: {why}"))
