"""What a near-duplicate index asks of the place where kept sketches lie, and the simplest such place: memory."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.hashing import Hashes
from cleaner.dedup.sketch import BITMAP_LANES, Sketch

Integers = NDArray[np.int64]

BUCKET_CAP = 1_000
"""How many kept members of a bucket a text is compared with: the first ones. A bucket with more counts as capped."""


class Member(NamedTuple):
    """What a verdict says of the kept text."""

    id: str
    words: int


class Store(Protocol):
    """Holds the sketches of kept texts under numbers that rise in keep order."""

    @property
    def capped(self) -> int:
        """How many buckets have more members than they hold."""
        ...

    def exact(self, digest: bytes) -> int | None:
        """Give the number of the text with this sequence of words."""
        ...

    def candidates(self, bands: bytes) -> Integers:
        """Give all texts that share a band with the sketch: each once, in the order in which they were kept."""
        ...

    def sizes(self, numbers: Integers) -> Integers:
        """Give the number of shingles of each text."""
        ...

    def bitmaps(self, numbers: Integers) -> NDArray[np.uint64]:
        """Give the bitmap of each text, one row a text."""
        ...

    def shingles(self, number: int) -> Hashes:
        """Give a text's set of shingles."""
        ...

    def member(self, number: int) -> Member:
        """Give a text's id and length."""
        ...

    def add(self, id: str, sketch: Sketch) -> None:
        """Enter a kept text."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


class MemoryStore:
    """A store in dictionaries, gone with the process. Memory: some kilobytes a text."""

    def __init__(self) -> None:
        self._members: list[Member] = []
        self._sketches: list[Sketch] = []
        self._capped: set[int] = set()
        self._exact: dict[bytes, int] = {}
        self._buckets: dict[int, list[int]] = {}

    @property
    def capped(self) -> int:
        """How many buckets have more members than they hold."""
        return len(self._capped)

    def exact(self, digest: bytes) -> int | None:
        """Give the number of the text with this sequence of words."""
        return self._exact.get(digest)

    def candidates(self, bands: bytes) -> Integers:
        """Give all texts that share a band with the sketch."""
        found = {number for key in _keys(bands) for number in self._buckets.get(key, ())}
        return np.array(sorted(found), np.int64)

    def sizes(self, numbers: Integers) -> Integers:
        """Give the number of shingles of each text."""
        return np.array([len(self._sketches[number].shingles) // 8 for number in numbers.tolist()], np.int64)

    def bitmaps(self, numbers: Integers) -> NDArray[np.uint64]:
        """Give the bitmap of each text, one row a text."""
        rows = b"".join([self._sketches[number].bitmap for number in numbers.tolist()])
        return np.frombuffer(rows, "<u8").reshape(len(numbers), BITMAP_LANES)

    def shingles(self, number: int) -> Hashes:
        """Give a text's set of shingles."""
        return np.frombuffer(self._sketches[number].shingles, "<u8")

    def member(self, number: int) -> Member:
        """Give a text's id and length."""
        return self._members[number]

    def add(self, id: str, sketch: Sketch) -> None:
        """Enter a kept text."""
        number = len(self._members)
        self._members.append(Member(id, sketch.words))
        self._sketches.append(sketch)
        self._exact.setdefault(sketch.exact, number)
        for key in _keys(sketch.bands):
            bucket = self._buckets.setdefault(key, [])
            if len(bucket) < BUCKET_CAP:
                bucket.append(number)
            else:
                self._capped.add(key)

    def close(self) -> None:
        """Let go of files; there are none."""


def _keys(bands: bytes) -> list[int]:
    keys: list[int] = np.frombuffer(bands, "<u8").tolist()
    return keys
