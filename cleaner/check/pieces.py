"""The work on files in pieces, each small enough for one task: some whole files, some lines of JSONL, some rows."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from cleaner.check.files import File
from cleaner.check.rewrite import State, state
from cleaner.corpus import record
from cleaner.corpus.compression import BrokenArchiveError, open_read
from cleaner.corpus.inputs import why_not_read
from cleaner.corpus.jsonl import FailureChunk, LinesChunk, parse, read_jsonl
from cleaner.corpus.parquet import read_parquet
from cleaner.corpus.record import Chunk, FieldNames, Record, Unreadable, too_large, unreadable
from cleaner.document import Document
from cleaner.encoding import NotTextError, decode
from cleaner.errors import InputError

# One piece of work: so many bytes or so many files, whichever comes first.
PIECE_BYTES = 1 << 20
PIECE_FILES = 64


class Whole(NamedTuple):
    """A file that was read: its bytes, the text that they are, and its state before."""

    file: File
    data: bytes
    text: str
    encoding: str
    before: State


class Line(NamedTuple):
    """A line of JSONL with its record; `mark` are the bytes of a byte order mark that stands before it."""

    file: File
    number: int
    data: bytes
    mark: bytes
    document: Document


class Row(NamedTuple):
    """A row of Parquet, or what else has a number and no line."""

    file: File
    number: int
    document: Document


class Failed(NamedTuple):
    """What could not be read, and why."""

    file: File
    number: int
    failure: Unreadable


Unit = Whole | Line | Row | Failed


class Item(NamedTuple):
    """A unit that is still to be read. `place` names it, for the case that this cannot be done."""

    place: str
    read: Callable[[], Unit]


@dataclass(frozen=True, slots=True)
class WholeFiles:
    """Some text, Markdown or HTML files."""

    files: tuple[File, ...]
    size: int
    names: FieldNames

    def items(self) -> Iterator[Item]:
        """Give the files."""
        for file in self.files:
            yield Item(place_of(file, 0), partial(_read_whole, file, self.names))


@dataclass(frozen=True, slots=True)
class Part:
    """Lines or rows of one file, or a part of it that cannot be read."""

    file: File
    chunk: Chunk

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.chunk.size

    def items(self) -> Iterator[Item]:
        """Give the lines that are not blank, or the rows."""
        if isinstance(self.chunk, LinesChunk):
            for number, line in enumerate(self.chunk.data.split(b"\n"), self.chunk.first):
                if line and not line.isspace():
                    yield Item(
                        place_of(self.file, number), partial(_read_line, self.file, line, number, self.chunk.names)
                    )
            return
        for item in self.chunk.items():
            # The reader says where a row stands in the way in which it names it.
            own = item.place.startswith(f"{self.file.path}:")
            number = int(item.place.rpartition(":")[2]) if own else 1
            yield Item(place_of(self.file, number), partial(_read_row, self.file, number, item))


Piece = WholeFiles | Part


def place_of(file: File, number: int) -> str:
    """Give a name for a file, or a line or row of it, that `file_at` understands."""
    return f"{number}:{file.path}"


def file_at(place: str) -> tuple[str, int]:
    """Give the path and the number of a place.

    >>> file_at("3:a:b.jsonl")
    ('a:b.jsonl', 3)
    """
    number, _, path = place.partition(":")
    return path, int(number)


def pieces(files: Sequence[File], names: FieldNames, states: dict[File, State]) -> Iterator[Piece]:
    """Give the work in pieces, in order. `states` gets the state of each file of records from before it was read."""
    group: list[File] = []
    size = 0
    for file in files:
        if file.format in ("jsonl", "parquet") or why_not_read(file.path) is not None:
            if group:
                yield WholeFiles(tuple(group), size, names)
                group, size = [], 0
            for chunk in _chunks(file, names, states):
                yield Part(file, chunk)
            continue
        size += _size(file.path)
        group.append(file)
        if size >= PIECE_BYTES or len(group) >= PIECE_FILES:
            yield WholeFiles(tuple(group), size, names)
            group, size = [], 0
    if group:
        yield WholeFiles(tuple(group), size, names)


def lines_of(piece: LinesChunk, changed: Mapping[int, bytes]) -> bytes:
    """Give the lines with those that changed, by their number, as they are now."""
    if not changed:
        return piece.data
    lines = piece.data.split(b"\n")
    for number, line in changed.items():
        lines[number - piece.first] = line
    return b"\n".join(lines)


def _chunks(file: File, names: FieldNames, states: dict[File, State]) -> Iterator[Chunk]:
    if (why := why_not_read(file.path)) is not None:
        yield _failure(file, why)
        return
    try:
        states[file] = state(file.path)
        if file.format == "parquet":
            yield from read_parquet(file.path, names)
        else:
            with open_read(file.path) as stream:
                yield from read_jsonl(stream, file.path, names)
    except InputError as error:  # a library for this format is missing
        yield _failure(file, str(error))
    except OSError as error:
        yield _failure(file, error.strerror or str(error))


def _failure(file: File, why: str) -> FailureChunk:
    return FailureChunk(unreadable(file.path, "RD101", why))


def _read_whole(file: File, names: FieldNames) -> Whole | Failed:
    try:
        before = state(file.path)
        with open_read(file.path) as stream:
            data = stream.read(names.max_bytes + 1)
        if len(data) > names.max_bytes:
            return Failed(file, 1, too_large("", "", max(len(data), before.size), names.max_bytes))
        text, encoding = decode(data, html=file.format == "page")
    except BrokenArchiveError as error:
        return Failed(file, 1, unreadable("", "RD102", str(error)))
    except NotTextError as error:
        return Failed(file, 1, unreadable("", "RD103", str(error)))
    except OSError as error:
        return Failed(file, 1, unreadable("", "RD101", error.strerror or str(error)))
    return Whole(file, data, text, encoding, before)


def _read_line(file: File, line: bytes, number: int, names: FieldNames) -> Line | Failed:
    found = parse(line, file.path, number, names)
    if isinstance(found, Unreadable):
        return Failed(file, number, found)
    mark = codecs.BOM_UTF8 if number == 1 and line.startswith(codecs.BOM_UTF8) else b""
    return Line(file, number, line[len(mark) :], mark, found.document)


def _read_row(file: File, number: int, item: record.Item) -> Row | Failed:
    found = item.read()
    return Row(file, number, found.document) if isinstance(found, Record) else Failed(file, number, found)


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0
