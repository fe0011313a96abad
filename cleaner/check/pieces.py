"""The work on files in pieces, each small enough for one task: some whole files, or some records of one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from cleaner.check.files import File
from cleaner.check.rewrite import State, state
from cleaner.corpus import record
from cleaner.corpus.compression import decoded_size
from cleaner.corpus.files import grouped, halved, id_of, read_bytes
from cleaner.corpus.inputs import file_in_chunks, why_not_read
from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, Raw, Record, Unreadable, unreadable
from cleaner.document import Document
from cleaner.encoding import NotTextError, decode
from cleaner.errors import InputError


class Whole(NamedTuple):
    """A file that was read: its bytes, the text that they are, and its state before."""

    file: File
    data: bytes
    text: str
    encoding: str
    before: State


class Entry(NamedTuple):
    """A record of a file, by the number of its line or row, with where it stands in the data of its chunk."""

    file: File
    number: int
    document: Document
    raw: Raw | None


class Failed(NamedTuple):
    """What could not be read, and why."""

    file: File
    number: int
    failure: Unreadable


Unit = Whole | Entry | Failed


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
        """Yield the files."""
        for file in self.files:
            yield Item(place_of(file, 0), partial(_read_whole, file, self.names))

    def halves(self) -> tuple[WholeFiles, ...]:
        """Return the same files as two pieces; nothing where there is one file."""
        return tuple(replace(self, files=files, size=self.size // 2) for files in halved(self.files))


@dataclass(frozen=True, slots=True)
class Part:
    """Some records of one file, or a part of it that cannot be read."""

    file: File
    chunk: Chunk

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.chunk.size

    def items(self) -> Iterator[Item]:
        """Yield the records."""
        for item in self.chunk.items():
            # The reader says where a record stands in the way in which it names it.
            own = item.place.startswith(f"{id_of(self.file.path)}:")
            number = int(item.place.rpartition(":")[2]) if own else 1
            number = item.raw.line if item.raw is not None and item.raw.line else number
            yield Item(place_of(self.file, number), partial(_read_entry, self.file, number, item))

    def halves(self) -> tuple[Part, ...]:
        """Return the same records as two pieces; nothing where there is one record."""
        return tuple(Part(self.file, half) for half in self.chunk.halves())


Piece = WholeFiles | Part


def place_of(file: File, number: int) -> str:
    """Return a name for a file, or a line or row of it, that `file_at` understands."""
    return f"{number}:{file.path}"


def file_at(place: str) -> tuple[str, int]:
    """Return the path and the number of a place.

    >>> file_at("3:a:b.jsonl")
    ('a:b.jsonl', 3)
    """
    number, _, path = place.partition(":")
    return path, int(number)


def pieces(files: Sequence[File], names: FieldNames, states: dict[File, State]) -> Iterator[Piece]:
    """Yield the work in pieces, in order. `states` gets the state of each file of records from before it was read."""
    waiting: list[File] = []
    for file in files:
        if not file.has_records and why_not_read(file.path) is None:
            waiting.append(file)
            continue
        yield from _whole(waiting, names)
        waiting = []
        for chunk in _chunks(file, names, states):
            yield Part(file, chunk)
    yield from _whole(waiting, names)


def _whole(files: list[File], names: FieldNames) -> Iterator[WholeFiles]:
    for group, size in grouped(files, lambda file: decoded_size(file.path)):
        yield WholeFiles(group, size, names)


def _chunks(file: File, names: FieldNames, states: dict[File, State]) -> Iterator[Chunk]:
    if why_not_read(file.path) is None:
        try:
            states[file] = state(file.path)
        except OSError as error:
            yield _failure(file, error.strerror or str(error))
            return
    try:
        yield from file_in_chunks(file.path, names)
    except InputError as error:  # a library for this format is missing
        yield _failure(file, str(error))


def _failure(file: File, why: str) -> FailureChunk:
    return FailureChunk(unreadable(file.path, "RD101", why))


def _read_whole(file: File, names: FieldNames) -> Whole | Failed:
    try:
        before = state(file.path)
    except OSError as error:
        return Failed(file, 1, unreadable(file.path, "RD101", error.strerror or str(error)))
    data = read_bytes(file.path, names)
    if isinstance(data, Unreadable):
        return Failed(file, 1, data)
    try:
        text, encoding = decode(data, html=file.format == "page")
    except NotTextError as error:
        return Failed(file, 1, unreadable(file.path, "RD103", str(error)))
    return Whole(file, data, text, encoding, before)


def _read_entry(file: File, number: int, item: record.Item) -> Entry | Failed:
    found = item.read()
    return Entry(file, number, found.document, item.raw) if isinstance(found, Record) else Failed(file, number, found)
