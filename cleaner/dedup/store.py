"""What a near-duplicate index asks of the place where kept sketches lie, and the simplest such place: memory."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.hashing import Hashes
from cleaner.dedup.sketch import Sketch

BUCKET_CAP = 1_000
"""How many kept members of a bucket a text is compared with: the first ones. A bucket with more counts as capped."""


class Candidates(NamedTuple):
    """Kept texts that share a band, each once, in the order in which they were kept."""

    numbers: NDArray[np.int64]
    sizes: NDArray[np.int64]
    """How many shingles each has."""


class Member(NamedTuple):
    """What a verdict says of the kept text."""

    id: str
    words: int


class Store(Protocol):
    """Holds the sketches of kept texts under numbers that rise in keep order."""

    capped: int
    """How many buckets have more members than they hold."""

    def exact(self, digest: bytes) -> int | None:
        """Give the number of the text with this sequence of words."""
        ...

    def candidates(self, bands: bytes) -> Candidates:
        """Give all texts that share a band with the sketch."""
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
        self.capped = 0
        self._members: list[Member] = []
        self._shingles: list[bytes] = []
        self._exact: dict[bytes, int] = {}
        self._buckets: dict[int, list[int]] = {}

    def exact(self, digest: bytes) -> int | None:
        """Give the number of the text with this sequence of words."""
        return self._exact.get(digest)

    def candidates(self, bands: bytes) -> Candidates:
        """Give all texts that share a band with the sketch."""
        found = sorted({number for key in _keys(bands) for number in self._buckets.get(key, ())})
        numbers = np.array(found, np.int64)
        return Candidates(numbers, np.array([len(self._shingles[number]) // 8 for number in found], np.int64))

    def shingles(self, number: int) -> Hashes:
        """Give a text's set of shingles."""
        return np.frombuffer(self._shingles[number], "<u8")

    def member(self, number: int) -> Member:
        """Give a text's id and length."""
        return self._members[number]

    def add(self, id: str, sketch: Sketch) -> None:
        """Enter a kept text."""
        number = len(self._members)
        self._members.append(Member(id, sketch.words))
        self._shingles.append(sketch.shingles)
        self._exact.setdefault(sketch.exact, number)
        for key in _keys(sketch.bands):
            bucket = self._buckets.setdefault(key, [])
            if len(bucket) < BUCKET_CAP:
                bucket.append(number)
            elif len(bucket) == BUCKET_CAP:
                self.capped += 1
                self._buckets[key] = [*bucket, bucket[-1]]

    def close(self) -> None:
        """Let go of files; there are none."""


def _keys(bands: bytes) -> list[int]:
    keys: list[int] = np.frombuffer(bands, "<u8").tolist()
    return keys
