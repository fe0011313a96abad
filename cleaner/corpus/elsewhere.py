"""Inputs in buckets, on hubs and on servers: which files they are, and small ones fetched before they are tasks."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cleaner.corpus.beside import outputs_in, written_beside
from cleaner.corpus.compression import BrokenArchiveError, compression_of, decompressed
from cleaner.corpus.files import from_bytes, grouped, halved, id_of
from cleaner.corpus.record import Chunk, FieldNames, Item, Record, Unreadable, too_large, unreadable
from cleaner.corpus.unknown import is_known
from cleaner.kinds import kind_of
from cleaner.remote.address import Address, named

if TYPE_CHECKING:
    from cleaner.remote.listing import Found

MANIFEST_BYTES = 64 << 20


def chosen(found: Found, own: Collection[str]) -> tuple[list[Address], int]:
    """Return those of the files below a folder that are read, and how many others there are, as of a folder here."""
    from cleaner.remote.reading import small_files

    below = len(found.below)
    seen = [file for file in found.files if not any(part.startswith(".") for part in file[below:].split("/"))]
    manifests = [file for file in seen if file.endswith(".manifest.json")]
    written: set[str] = set()
    for file, data in zip(manifests, small_files(manifests, MANIFEST_BYTES), strict=True):
        if isinstance(data, bytes):
            names = written_beside(outputs_in(io.BytesIO(data)))
            written |= {str(PurePosixPath(file[below:]).with_name(name)) for name in names}
    ours = [file for file in seen if str(file) not in own]
    left = [file for file in ours if is_known(file) and file[below:] not in written]
    return left, len(ours) - len(left)


@dataclass(frozen=True, slots=True)
class FetchedChunk:
    """Some fetched files, each with its address, whether it is a page, and its bytes or why it has none."""

    files: tuple[tuple[str, bool, bytes | Unreadable], ...]
    size: int
    names: FieldNames

    def items(self) -> Iterator[Item]:
        """Yield the files."""
        for address, page, data in self.files:
            yield Item(id_of(address), partial(_read, address, page, data, self.names))

    def halves(self) -> tuple[FetchedChunk, ...]:
        """Return the same files as two chunks; nothing where there is one file."""
        return tuple(replace(self, files=files, size=self.size // 2) for files in halved(self.files))


def fetched_in_chunks(files: Iterable[tuple[Address, bool]], names: FieldNames) -> Iterator[Chunk]:
    """Yield the files, each with whether it is a page, in order, as tasks of about the same size.

    Those of a task are fetched at the same time, each up to the size of a record.
    """
    from cleaner.remote.reading import small_files

    for group, size in grouped(files, lambda file: file[0].size or 0):
        found = small_files([address for address, _ in group], names.max_bytes + 1)
        read = ((str(address), page, _data(address, data)) for (address, page), data in zip(group, found, strict=True))
        yield FetchedChunk(tuple(read), size, names)


def _data(address: Address, data: bytes | OSError) -> bytes | Unreadable:
    if isinstance(data, bytes):
        return data
    return unreadable(id_of(address), "RD101", f"{id_of(address)}: {data.strerror or data}")


def _read(address: str, page: bool, data: bytes | Unreadable, names: FieldNames) -> Record | Unreadable:
    id_ = id_of(address)
    if isinstance(data, Unreadable):
        return data
    try:
        if (compression := compression_of(address)) is not None:
            data = decompressed(io.BytesIO(data), compression).read(names.max_bytes + 1)
    except BrokenArchiveError as error:
        return unreadable(id_, "RD102", f"{id_}: {error}")
    if len(data) > names.max_bytes:
        return too_large(id_, id_, len(data), names.max_bytes)
    return from_bytes(data, id_, html=page, kind=kind_of(named(address), names.kinds))
