"""Rows sorted on disk: written in any order, read back in the order of a key, a part at a time."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

Rows = NDArray[np.void]

_BUFFER_ROWS = 1 << 19
_PARTS = 256


class SortedRuns:
    """Rows with a field `key`, an unsigned integer under `end`; in a file without a name in `folder`.

    Each half a million rows are sorted and written as a run. Memory: the rows of a run, and a 256th of all rows; keys
    should be spread evenly.
    """

    def __init__(self, folder: Path, dtype: DTypeLike, end: int) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed by close())
        self._dtype = np.dtype(dtype)
        self._end = end
        self._buffer: list[Rows] = []
        self._buffered = 0
        self._runs: list[int] = []

    def add(self, rows: Rows) -> None:
        """Write rows. Raises `OSError` where the disk is full."""
        self._buffer.append(rows)
        self._buffered += len(rows)
        if self._buffered >= _BUFFER_ROWS:
            self._flush()

    def parts(self) -> Iterator[Rows]:
        """Yield all rows in parts: keys rise from part to part and within; of equal ones the first added comes first.

        Each part has all rows of its keys; a part may be empty.
        """
        self._flush()
        self._file.flush()
        starts = np.cumsum([0, *self._runs]).tolist()
        runs = [
            np.memmap(self._file, self._dtype, "r", start * self._dtype.itemsize, length)
            for start, length in zip(starts[:-1], self._runs, strict=True)
        ]
        for low, high in self._ranges():
            found = [run[_place(run, low) : _place(run, high)] for run in runs]
            rows = np.concatenate([np.zeros(0, self._dtype), *found])
            yield rows[np.argsort(rows["key"], kind="stable")]

    def by_key(self) -> Iterator[Rows]:
        """Yield the rows of each key from 0 on; of a key that has none, an empty array."""
        for (low, high), rows in zip(self._ranges(), self.parts(), strict=True):
            bounds = np.searchsorted(rows["key"], np.arange(low, high + 1)).tolist()
            for start, end in itertools.pairwise(bounds):
                yield rows[start:end]

    def _ranges(self) -> Iterator[tuple[int, int]]:
        return itertools.pairwise(self._end * part // _PARTS for part in range(_PARTS + 1))

    def disk_bytes(self) -> int:
        """Return the size of the rows that were written to disk."""
        return sum(self._runs) * self._dtype.itemsize

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(self._runs) + self._buffered

    def close(self) -> None:
        """Remove the file."""
        self._file.close()

    def _flush(self) -> None:
        if self._buffered:
            rows = np.concatenate(self._buffer)
            self._file.write(rows[np.argsort(rows["key"], kind="stable")].tobytes())
            self._runs.append(len(rows))
        self._buffer, self._buffered = [], 0


def _place(run: Rows, key: int) -> int:
    """Return the first row whose key is not under this one, which may be just beyond what a key can be."""
    keys = run["key"]
    if key > np.iinfo(keys.dtype).max:
        return len(run)
    return int(np.searchsorted(keys, keys.dtype.type(key)))
