"""Text, Markdown and HTML files: one document a file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from cleaner.corpus.compression import BrokenArchiveError, open_read
from cleaner.corpus.record import Chunk, FieldNames, Item, Record, Unreadable, too_large, unreadable
from cleaner.document import Document
from cleaner.encoding import NotTextError, decode
from cleaner.kinds import PLAIN, Kind, kind_of

# One task: so many bytes or so many files, whichever comes first.
CHUNK_BYTES = 1 << 20
CHUNK_FILES = 64


@dataclass(frozen=True, slots=True)
class FilesChunk:
    """Some files, each with whether it is a page."""

    files: tuple[tuple[str, bool], ...]
    size: int
    names: FieldNames

    def items(self) -> Iterator[Item]:
        """Give the files."""
        for path, html in self.files:
            yield Item(id_of(path), partial(read_file, path, html=html, names=self.names))


def files_in_chunks(files: Iterable[tuple[str, bool]], names: FieldNames) -> Iterator[Chunk]:
    """Group files, in order, into tasks of about the same size."""
    group: list[tuple[str, bool]] = []
    size = 0
    for path, html in files:
        with contextlib.suppress(OSError):  # reading it will say what is wrong
            size += os.path.getsize(path)
        group.append((path, html))
        if size >= CHUNK_BYTES or len(group) >= CHUNK_FILES:
            yield FilesChunk(tuple(group), size, names)
            group, size = [], 0
    if group:
        yield FilesChunk(tuple(group), size, names)


def read_file(path: str, *, html: bool, names: FieldNames) -> Record | Unreadable:
    """Give the record of one file; its id is its path."""
    id_ = id_of(path)
    try:
        with open_read(path) as stream:
            data = stream.read(names.max_bytes + 1)
            if len(data) > names.max_bytes:
                return too_large(id_, id_, _size(path, len(data)), names.max_bytes)
    except BrokenArchiveError as error:
        return unreadable(id_, "RD102", f"{id_}: {error}")
    except OSError as error:
        return unreadable(id_, "RD101", f"{id_}: {error.strerror or error}")
    return from_bytes(data, id_, html=html, kind=kind_of(path))


def id_of(path: str) -> str:
    """Give a path as an id: with `/`, and with U+FFFD for the bytes of a name that are not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")


def from_bytes(data: bytes, id_: str, *, html: bool, kind: Kind = PLAIN) -> Record | Unreadable:
    """Return the record of a file's bytes: a page, or a text of a kind."""
    try:
        text, encoding = decode(data, html=html)
    except NotTextError as error:
        return unreadable(id_, "RD103", f"{id_}: {error}", bytes=len(data))
    metadata = {"encoding": encoding}
    if html:
        return Record(Document(id_, html=text, metadata=metadata), {"id": id_, "html": text})
    return Record(Document(id_, text, metadata=metadata, kind=kind), {"id": id_, "text": text})


def _size(path: str, at_least: int) -> int:
    try:
        return max(os.path.getsize(path), at_least)
    except OSError:
        return at_least
