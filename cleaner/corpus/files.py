"""Text, Markdown and HTML files: one document a file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from cleaner.corpus.compression import BrokenArchiveError, decoded_size, open_read
from cleaner.corpus.record import Chunk, FieldNames, Item, Record, Unreadable, too_large, unreadable
from cleaner.document import Document
from cleaner.encoding import NotTextError, decode
from cleaner.inert import as_utf8
from cleaner.kinds import PLAIN, Kind, kind_of
from cleaner.remote.address import Copy, shown

# The most bytes and the most files of one task; whichever is reached first ends it.
CHUNK_BYTES = 1 << 20
CHUNK_FILES = 64

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class FilesChunk:
    """Some files, each with whether it is a page."""

    files: tuple[tuple[str, bool], ...]
    size: int
    names: FieldNames

    def items(self) -> Iterator[Item]:
        """Yield the files."""
        for path, html in self.files:
            yield Item(id_of(path), partial(read_file, path, html=html, names=self.names))

    def halves(self) -> tuple[FilesChunk, ...]:
        """Return the same files as two chunks; nothing where there is one file."""
        return tuple(replace(self, files=files, size=self.size // 2) for files in halved(self.files))


def halved(all_: tuple[F, ...]) -> tuple[tuple[F, ...], ...]:
    """Return the first half and the second; nothing of one alone.

    >>> halved((1, 2, 3)), halved((1,))
    (((1,), (2, 3)), ())
    """
    cut = len(all_) // 2
    return (all_[:cut], all_[cut:]) if cut else ()


def files_in_chunks(files: Iterable[tuple[str, bool]], names: FieldNames) -> Iterator[Chunk]:
    """Yield the files, each with whether it is a page, in order, as tasks of about the same size."""
    for group, size in grouped(files, lambda file: decoded_size(file[0])):
        yield FilesChunk(group, size, names)


def grouped(files: Iterable[F], size_of: Callable[[F], int]) -> Iterator[tuple[tuple[F, ...], int]]:
    """Yield groups of files, in order, with their sizes in bytes: `CHUNK_BYTES` or `CHUNK_FILES`, or a little more."""
    group: list[F] = []
    size = 0
    for file in files:
        with contextlib.suppress(OSError):  # reading it will say what is wrong
            size += size_of(file)
        group.append(file)
        if size >= CHUNK_BYTES or len(group) >= CHUNK_FILES:
            yield tuple(group), size
            group, size = [], 0
    if group:
        yield tuple(group), size


def read_file(path: str, *, html: bool, names: FieldNames) -> Record | Unreadable:
    """Return the record of one file; its id is its path."""
    data = read_bytes(path, names)
    if isinstance(data, Unreadable):
        return data
    return from_bytes(data, id_of(path), html=html, kind=kind_of(path, names.kinds))


def read_bytes(path: str, names: FieldNames) -> bytes | Unreadable:
    """Return what is in a file, decompressed, or why it cannot be read."""
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
    return data


def id_of(path: str) -> str:
    r"""Return a path or an address as an id: with `/`, and without what may be secret.

    The bytes of a name that are not UTF-8 stand in it as escapes (`\xe9`).
    """
    path = path.address if isinstance(path, Copy) else path
    return as_utf8(shown(path)).replace(os.sep, "/")


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
