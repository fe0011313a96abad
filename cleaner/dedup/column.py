"""Columns of integers in files, mapped into memory: they grow beyond it, and cost no anonymous memory."""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

# In pieces of 8 KiB writing takes a fifth of the time in which texts are decided on, in these a tenth.
_BUFFER = 262_144
_DTYPES = {"I": np.uint32, "Q": np.uint64}


class Column:
    """A column of 32-bit (`I`) or 64-bit (`Q`) integers, zero where nothing was written.

    The file has no name, so that nothing is left of it however the process ends. Raises `OSError` where the disk is
    full: when the column grows, not when it is written to.
    """

    values: memoryview
    """For reading and writing one by one, which is much faster so than in an array."""
    array: NDArray[Any]
    """The same memory, for reading and writing many at once."""

    def __init__(self, folder: Path, typecode: Literal["I", "Q"], length: int) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed by close())
        self._typecode: Literal["I", "Q"] = typecode
        self.resize(length)

    def resize(self, length: int) -> None:
        """Grow to `length` integers; what was written stays."""
        dtype = np.dtype(_DTYPES[self._typecode])
        size = length * dtype.itemsize
        # A page that the disk has no room for would end the process when it is written to: ask for all of them now.
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(self._file.fileno(), 0, size)
        else:
            self._file.truncate(size)
        pages = mmap.mmap(self._file.fileno(), size)
        self.values = memoryview(pages).cast(self._typecode)
        self.array = np.frombuffer(pages, dtype)

    def close(self) -> None:
        """Remove the file."""
        self.values = memoryview(b"").cast(self._typecode)
        self.array = np.zeros(0, _DTYPES[self._typecode])
        self._file.close()


class Blobs:
    """Strings of bytes, written one after the other to a file without a name, and read by place."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(buffering=_BUFFER, dir=folder)  # noqa: SIM115 (closed by close())
        self._written = 0
        self.size = 0

    def append(self, blob: bytes) -> None:
        """Write at the end."""
        self._file.write(blob)
        self.size += len(blob)

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`."""
        if end > self._written:
            self._file.flush()
            self._written = self.size
        return os.pread(self._file.fileno(), end - start, start)

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
