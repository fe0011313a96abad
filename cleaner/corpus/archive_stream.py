"""The bytes of a crawl's archive, member by member: one that is damaged costs itself, and reading goes on behind it."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from cleaner.corpus.compression import BrokenArchiveError, decompressed, zstd_module
from cleaner.errors import what_it_says

GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"

# A frame before all others, which has the dictionary that they need: https://iipc.github.io/warc-specifications/
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
_MOST_OF_DICTIONARY = 1 << 24

# How a record begins in a member, of WARC and of ARC.
_RECORD = re.compile(rb"WARC/\d|\S+ \S+ \d{8,14} ")

# So much of a member tells whether it holds a record.
_HEAD_BYTES = 1 << 12

# As much is read, and decompressed, at once.
BLOCK_BYTES, STEP_BYTES = 1 << 18, 1 << 17


class Damage(NamedTuple):
    """Stands among the bytes where some are missing, and says why; `inside` a member of which others were given."""

    why: str
    inside: bool = True


class Source:
    """A window on an archive: `data` from `place` on is what was read and not used.

    `damage` says why the bytes end here, though others may follow.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._pieces = _pieces(stream)
        self.data = b""
        self.place = 0
        self.damage: Damage | None = None

    def more(self) -> bool:
        """Read more; False at the end, and where there is damage."""
        if self.damage is not None:
            return False
        piece = next(self._pieces, None)
        if piece is None:
            return False
        if isinstance(piece, Damage):
            self.damage = piece
            return False
        self.data = self.data[self.place :] + piece
        self.place = 0
        return True

    def have(self, size: int) -> bool:
        """Read until there are so many bytes; False where there are not."""
        while len(self.data) - self.place < size:
            if not self.more():
                return False
        return True

    def take(self, size: int, most: int) -> tuple[bytes, int]:
        """Use up so many bytes; return the first `most` of them, and how many there were."""
        parts: list[bytes] = []
        taken = kept = 0
        while taken < size and (self.place < len(self.data) or self.more()):
            part = self.data[self.place : self.place + size - taken]
            self.place += len(part)
            taken += len(part)
            if kept < most:
                parts.append(part[: most - kept])
                kept += len(parts[-1])
        return b"".join(parts), taken

    def put_back(self, data: bytes) -> None:
        """Go back to these bytes, which were taken."""
        self.data = data + self.data[self.place :]
        self.place = 0

    def go_to(self, mark: bytes) -> bool:
        """Skip to the next place with this mark; behind damage, to where the bytes go on."""
        if self.damage is not None:
            self.data, self.place, self.damage = b"", 0, None
            return self.have(1) or self.damage is not None
        while True:
            found = self.data.find(mark, self.place)
            if found >= 0:
                self.place = found
                return True
            self.place = max(self.place, len(self.data) - len(mark))
            if not self.more():
                return self.damage is not None and self.go_to(mark)


def _pieces(stream: BinaryIO) -> Iterator[bytes | Damage]:
    try:
        start = stream.read(BLOCK_BYTES)
        if start.startswith(GZIP_MAGIC) or _begins_damaged(start):
            yield from _members(stream, start)
        elif start.startswith(ZSTD_MAGIC) and stream.seekable():
            stream.seek(0)
            yield from _blocks(decompressed(stream, "zstd"))
        elif start.startswith(DICTIONARY_MAGIC) and stream.seekable():
            yield from _blocks(decompressed(stream, "zstd", _dictionary(stream)))
        else:
            yield start
            yield from _blocks(stream)
    except (BrokenArchiveError, OSError) as error:
        yield Damage(what_it_says(error))


def _begins_damaged(start: bytes) -> bool:
    """Tell whether these are members, and the first has lost its head: behind no record, one that holds a record."""
    if _RECORD.match(start.lstrip(b"\r\n")) or b"\nWARC/1." in start:
        return False
    places = (found.start() for found in re.finditer(re.escape(GZIP_MAGIC), start))
    return any(_RECORD.match(_first_of(start[place : place + _HEAD_BYTES])) for place in places)


def _first_of(member: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(member, _HEAD_BYTES)
    except zlib.error:
        return b""


def _dictionary(stream: BinaryIO) -> Any:
    """Return the dictionary that stands first in an archive, which may be compressed; go to what stands behind it."""
    stream.seek(len(DICTIONARY_MAGIC))
    data = stream.read(min(int.from_bytes(stream.read(4), "little"), _MOST_OF_DICTIONARY))
    if data.startswith(ZSTD_MAGIC):
        data = decompressed(io.BytesIO(data), "zstd").read(_MOST_OF_DICTIONARY)
    try:
        return zstd_module().ZstdDict(data)
    except ValueError as error:
        raise BrokenArchiveError(f"the dictionary of the archive is damaged: {error}") from error


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read1(BLOCK_BYTES):  # type: ignore[attr-defined]
        yield block


def _members(stream: BinaryIO, raw: bytes) -> Iterator[bytes | Damage]:
    whole = True
    while (raw := raw.lstrip(b"\0")) or (raw := stream.read(BLOCK_BYTES)):  # some are filled up with zeros
        inflate = zlib.decompressobj(31)
        begun = False
        try:
            while not inflate.eof:
                given = raw
                if data := inflate.decompress(raw, STEP_BYTES):
                    whole = begun = True
                    yield data
                raw = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
                if not inflate.eof and not raw and not (raw := stream.read(BLOCK_BYTES)):
                    if whole or begun:
                        yield Damage("the archive is cut: it ends inside a member", begun)
                    whole = False
                    raw = _next_member(stream, given)  # a damaged head may name a length beyond the end
                    break
        except zlib.error as error:
            if whole:  # what only looked like a member behind it is no other damage
                yield Damage(f"a member of the archive is damaged: {error}", begun)
            whole = False
            raw = _next_member(stream, raw)


def _next_member(stream: BinaryIO, raw: bytes) -> bytes:
    """Return the bytes from the next place on where a member may begin, behind the first byte."""
    raw = raw[1:]
    while (found := raw.find(GZIP_MAGIC)) < 0:
        block = stream.read(BLOCK_BYTES)
        if not block:
            return b""
        raw = raw[-2:] + block
    return raw[found:]
