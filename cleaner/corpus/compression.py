"""Open .gz and .zst as what is in them, and say it plainly where they are cut or broken."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from cleaner.errors import CleanerError
from cleaner.remote.address import is_address, named

GZIP_MAGIC = b"\x1f\x8b"

ENDINGS = {".gz": "gzip", ".zst": "zstd"}

# 3 is zstd's own default; gzip at 6 is gzip's.
ZSTD_LEVEL = 3
GZIP_LEVEL = 6


# A gzip member ends with the size of what is in it, modulo 2³²; a zstd frame may begin with it.
GZIP_SIZE, ZSTD_HEAD = 4, 18

# Where that is not told: text compresses to a fifth or a tenth.
USUAL_RATIO = 8


class BrokenArchiveError(CleanerError, ValueError):
    """A compressed file ends too early or is damaged."""


def zstd_module() -> Any:
    """Return the module of the standard library, or its backport before Python 3.14."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def compression_of(path: str | Path) -> str | None:
    """Return `gzip` or `zstd` by the ending of the name, None for others."""
    return ENDINGS.get(Path(named(str(path))).suffix.lower())


class Decompressed(io.RawIOBase):
    """Reads from a compressed stream; raises `BrokenArchiveError` where that is cut or broken."""

    def __init__(self, stream: BinaryIO, compression: str, dictionary: Any = None) -> None:
        zstd = zstd_module()
        self._source = stream
        self._stream: Any = (
            gzip.GzipFile(fileobj=stream, mode="rb")
            if compression == "gzip"
            else zstd.ZstdFile(stream, "rb", zstd_dict=dictionary)
        )
        self._errors = (EOFError, OSError, zlib.error, zstd.ZstdError)
        self._given = 0
        self._broken: BrokenArchiveError | None = None

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what is decompressed next."""
        if self._broken is not None:
            raise self._broken
        try:
            data = self._stream.read1(len(buffer)) if hasattr(self._stream, "read1") else self._stream.read(len(buffer))
        except self._errors as error:
            cut = f"is cut: it ends after {self._given:,} decompressed bytes"
            damaged = f"is damaged after {self._given:,} decompressed bytes: {error}"
            self._broken = BrokenArchiveError(f"the archive {cut if isinstance(error, EOFError) else damaged}")
            raise self._broken from error
        buffer[: len(data)] = data
        self._given += len(data)
        return len(data)

    def close(self) -> None:
        """Close the stream and what is below it."""
        if not self.closed:
            self._stream.close()
            self._source.close()
        super().close()


def decoded_size(path: str | Path) -> int:
    """Return how many bytes a file has when it is decompressed, as far as its ends tell without that.

    Raises `OSError` where it cannot be read.
    """
    size = os.path.getsize(path)
    if (compression := compression_of(path)) is None:
        return size
    with open(path, "rb") as file:
        start = file.read(ZSTD_HEAD)
        file.seek(-min(size, GZIP_SIZE), os.SEEK_END)
        return size_told(start, file.read(GZIP_SIZE), size, compression)


def size_told(start: bytes, end: bytes, size: int, compression: str) -> int:
    """Return how many bytes compressed data of this size has in it, by its first bytes and its last ones."""
    if compression == "gzip":
        # Of several members the last one alone says its size.
        return max(size, int.from_bytes(end[-GZIP_SIZE:], "little"))
    try:
        told = zstd_module().get_frame_info(start).decompressed_size
    except (zstd_module().ZstdError, ValueError):
        told = None
    return max(size, USUAL_RATIO * size if told is None else told)


def open_as_it_is(path: str | Path, folder: str | None = None) -> BinaryIO:
    """Open a file for reading, here or elsewhere; `folder` is where what is fetched whole lies for a time."""
    if is_address(path):
        from cleaner.remote.reading import open_address

        return open_address(path if isinstance(path, str) else str(path), folder)
    return open(path, "rb")


def open_read(path: str | Path, folder: str | None = None) -> BinaryIO:
    """Open a file for reading, decompressed by its ending, as `open_as_it_is` does."""
    stream = open_as_it_is(path, folder)
    compression = compression_of(path)
    return decompressed(stream, compression) if compression else stream


def decompressed(stream: BinaryIO, compression: str, dictionary: Any = None) -> BinaryIO:
    """Return a buffered stream of what the compressed one holds; Zstandard's may need a dictionary."""
    return cast(BinaryIO, io.BufferedReader(Decompressed(stream, compression, dictionary), 1 << 18))


def open_write(path: str | Path, compression: str | None) -> IO[bytes]:
    """Open a file for writing. The same text gives the same bytes: no time and no name go into the archive."""
    if compression == "gzip":
        return cast(IO[bytes], _GzipWriter(open(path, "wb")))
    if compression == "zstd":
        zstd = zstd_module()
        return cast(IO[bytes], zstd.ZstdFile(path, "wb", level=ZSTD_LEVEL))
    return open(path, "wb")


class _GzipWriter(gzip.GzipFile):
    """A gzip file that closes the file below it."""

    def __init__(self, below: IO[bytes]) -> None:
        super().__init__(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=below, mtime=0)
        self._below = below

    def close(self) -> None:
        super().close()
        self._below.close()
