"""Files elsewhere, read: as streams in blocks, whole as bytes, or as copies on this disk."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, cast

from cleaner.errors import CleanerError
from cleaner.remote.address import SERVERS, Address, Copy, scheme_of
from cleaner.remote.listing import found_at, is_changed
from cleaner.remote.store import attempt, store_of

# One request for a part of a file. One is on its way while another is read: memory is twice this.
BLOCK_BYTES = 8 << 20

# Small files that are fetched at the same time.
AT_ONCE = 16


def open_address(address: str, folder: str | None = None) -> BinaryIO:
    """Open a file elsewhere for reading.

    A server may not give parts of files, so from there it is fetched whole into an unnamed file first, in `folder`.
    """
    if scheme_of(address) in SERVERS:
        return _fetched(address, folder)
    known = address if isinstance(address, Address) else found_at(address).files[0]
    return cast(BinaryIO, io.BufferedReader(_Blocks(known), 1 << 18))


class _Blocks(io.RawIOBase):
    """Reads a file in blocks, the next of which is on its way. Raises `OSError` where it is another file in the end."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._system, self._path = store_of(address)
        self._size = address.size or 0
        self._place = self._asked = 0
        self._pool = ThreadPoolExecutor(1)
        self._next: Future[bytes] | None = self._ask()
        self._block = memoryview(b"")

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that one can go to another place."""
        return True

    def tell(self) -> int:
        """Return the place of what comes next."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to another place."""
        self._place = offset + (0, self._place, self._size)[whence]
        self._asked, self._block = self._place, memoryview(b"")
        self._next = self._ask()
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next."""
        if not self._block and self._next is not None:
            self._block = memoryview(self._next.result())
            self._next = self._ask()
            if self._next is None and is_changed(self._address):
                raise OSError(errno.ESTALE, "it has changed while it was read")
        part = self._block[: len(buffer)]
        buffer[: len(part)] = part
        self._block = self._block[len(part) :]
        self._place += len(part)
        return len(part)

    def _ask(self) -> Future[bytes] | None:
        start, end = self._asked, min(self._asked + BLOCK_BYTES, self._size)
        if start >= end:
            return None
        self._asked = end
        return self._pool.submit(attempt, self._address, lambda: self._part(start, end))

    def _part(self, start: int, end: int) -> bytes:
        data: bytes = self._system.cat_file(self._path, start=start, end=end)
        if len(data) != end - start:
            raise ConnectionError(f"{len(data):,} bytes came where {end - start:,} were asked for")
        return data

    def close(self) -> None:
        """Ask for no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        super().close()


class _FullError(CleanerError):
    """There is more than was asked for."""


class _Bounded:
    """A file to write into that takes so many bytes; it has what fsspec knows a file by."""

    def __init__(self, file: IO[bytes], most: int | None) -> None:
        self._file = file
        self._left = most

    def write(self, data: bytes) -> int:
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
        self._file.write(data)
        if self._left == 0:
            raise _FullError
        return len(data)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def close(self) -> None:
        """Leave the file open: it is read next."""


def _fetched(address: str, folder: str | None, most: int | None = None) -> BinaryIO:
    system, path = store_of(address)
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # the caller closes it

    def fetch() -> None:
        file.seek(0)
        file.truncate()
        try:
            system.get_file(path, _Bounded(file, most))
        except _FullError:
            return
        size = address.size if isinstance(address, Address) else None
        if size is not None and file.tell() != size:
            raise ConnectionError(f"{file.tell():,} bytes came of {size:,}")

    try:
        attempt(address, fetch)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return cast(BinaryIO, file)


def small_files(addresses: Sequence[Address], most: int) -> list[bytes | OSError]:
    """Return what is in each of these files, of each at most this number of bytes, or why it cannot be read."""

    def read(address: Address) -> bytes | OSError:
        try:
            if scheme_of(address) in SERVERS:
                with _fetched(address, None, most) as file:
                    return file.read()
            system, path = store_of(address)
            data: bytes = attempt(address, lambda: system.cat_file(path, start=0, end=min(most, address.size or 0)))
            return data
        except OSError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(read, addresses))


@contextmanager
def copy_of(address: str, folder: str | None = None) -> Iterator[Copy]:
    """Yield the path of a copy on this disk, which is gone afterwards. `folder` is where it lies."""
    with tempfile.TemporaryDirectory(prefix=".cleaner-", dir=folder) as place:
        path = os.path.join(place, "copy")
        system, there = store_of(address)
        attempt(address, lambda: system.get_file(there, path))
        yield Copy(path, address)
