"""The files of a corpus in parts: `part-00000.jsonl.zst` and so on, each of about one size."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple


class Parts(NamedTuple):
    """How a corpus is cut: the ending of its files, and how many bytes of records one has at most, uncompressed."""

    ending: str
    size: int

    def name(self, number: int) -> str:
        """Return the name of a part, from 0.

        >>> Parts("jsonl.zst", 1).name(3)
        'part-00003.jsonl.zst'
        """
        return f"part-{number:05d}.{self.ending}"


class PartFiles:
    """Opens one part after the other: the next where a record would make the one at hand larger than it may be."""

    def __init__(self, path: str, parts: Parts | None, opened: Callable[[str], Any]) -> None:
        self._path = path
        self._parts = parts
        self._open = opened
        self._file: Any = None
        self._number = self._written = 0

    def of(self, size: int) -> Any:
        """Return the file that takes a record, or some, of this size."""
        if self._file is not None and self._parts is not None and self._written + size > self._parts.size:
            self.close()
        if self._file is None:
            place = self._path if self._parts is None else os.path.join(self._path, self._parts.name(self._number))
            self._file = self._open(place)
            self._number += 1
            self._written = 0
        self._written += size
        return self._file

    def close(self) -> None:
        """Close the file at hand."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def finish(self) -> None:
        """Close the last file; one that is to be a file is there also where nothing was written."""
        if self._number == 0 and self._parts is None:
            self.of(0)
        self.close()
