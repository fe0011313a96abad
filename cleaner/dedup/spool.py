"""Kept sketches on disk, for the time of one run.

On disk a text takes its shingles (8 bytes each), its id, and 1 to 2 kilobytes more; of the process's own memory next
to nothing (see `buckets`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cleaner.dedup.buckets import Buckets
from cleaner.dedup.column import Blobs, Column
from cleaner.dedup.hashing import Hashes
from cleaner.dedup.postings import Postings
from cleaner.dedup.sketch import BITMAP_LANES, Sketch
from cleaner.dedup.store import Integers, Member

_FIRST_CAPACITY = 4_096


class SpoolStore:
    """A store in files without a name in `folder`, which are gone when the process is.

    `anchored` says that texts are looked for by their anchors, too.
    """

    def __init__(self, folder: Path, bands: int, *, anchored: bool = False) -> None:
        self._count = 0
        self._capacity = _FIRST_CAPACITY
        self._exact_band = bands
        self._buckets = Buckets(folder, bands + 1)  # the last for the first half of the exact digest
        self._digests = Column(folder, "Q", self._capacity)  # the second half
        self._words = Column(folder, "I", self._capacity)
        self._bitmaps = Column(folder, "Q", BITMAP_LANES * self._capacity)
        self._shingle_ends = Column(folder, "Q", self._capacity + 1)
        self._id_ends = Column(folder, "Q", self._capacity + 1)
        self._shingles = Blobs(folder)
        self._ids = Blobs(folder)
        self._anchor_ends = Column(folder, "Q", self._capacity + 1)
        self._anchors = Blobs(folder)
        self._postings = Postings(folder) if anchored else None

    @property
    def capped(self) -> int:
        """How many buckets have more members than they hold."""
        return self._buckets.capped + (0 if self._postings is None else self._postings.capped)

    @property
    def short_looks(self) -> int:
        """How many looks met a bucket with more members than are compared."""
        return self._buckets.short_looks + (0 if self._postings is None else self._postings.short_looks)

    def exact(self, digest: bytes) -> int | None:
        """Return the number of the text with this sequence of words."""
        first, second = int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")
        twins = self._buckets.bucket(self._exact_band, first)
        return next((number for number in reversed(twins) if self._digests.values[number] == second), None)

    def candidates(self, bands: bytes) -> Integers:
        """Return all texts that share a band with the sketch."""
        return self._buckets.members(np.frombuffer(bands, "<u8"))

    def holders(self, anchors: bytes) -> Integers:
        """Return all texts that share an anchor with the sketch."""
        if self._postings is None:
            return np.zeros(0, np.int64)
        return self._postings.texts(np.frombuffer(anchors, "<u8"))

    def sizes(self, numbers: Integers) -> Integers:
        """Return the number of shingles of each text."""
        ends = self._shingle_ends.array
        sizes: Integers = (ends[numbers + 1] - ends[numbers]).astype(np.int64) // 8
        return sizes

    def bitmaps(self, numbers: Integers) -> Hashes:
        """Return the bitmap of each text, one row a text."""
        rows: Hashes = self._bitmaps.array.reshape(-1, BITMAP_LANES)[numbers]
        return rows

    def shingles(self, numbers: Integers) -> Iterator[Hashes]:
        """Yield the set of shingles of each text."""
        ends = self._shingle_ends.values
        for number in numbers.tolist():
            yield np.frombuffer(self._shingles.read(ends[number], ends[number + 1]), "<u8")

    def member(self, number: int) -> Member:
        """Return a text's id and length."""
        ends = self._id_ends.values
        id = self._ids.read(ends[number], ends[number + 1]).decode("utf-8", "surrogatepass")
        return Member(id, self._words.values[number])

    def add(self, id: str, sketch: Sketch) -> None:
        """Enter a kept text. Raises `OSError` where the disk is full."""
        number = self._count
        if number == self._capacity:
            self._grow()
        self._shingles.append(sketch.shingles)
        self._shingle_ends.values[number + 1] = self._shingles.size
        self._ids.append(id.encode("utf-8", "surrogatepass"))
        self._id_ends.values[number + 1] = self._ids.size
        self._words.values[number] = sketch.words
        lane = number * BITMAP_LANES
        self._bitmaps.array[lane : lane + BITMAP_LANES] = np.frombuffer(sketch.bitmap, "<u8")
        self._digests.values[number] = int.from_bytes(sketch.exact[8:], "little")
        self._buckets.add(np.frombuffer(sketch.bands + sketch.exact[:8], "<u8"))
        self._anchors.append(sketch.anchors)
        self._anchor_ends.values[number + 1] = self._anchors.size
        if self._postings is not None:
            self._postings.add(number, np.frombuffer(sketch.anchors, "<u8"))
        self._count += 1

    def sketches(self) -> Iterator[tuple[str, Sketch]]:
        """Yield what was added, in order."""
        for number in range(self._count):
            id, words = self.member(number)
            bands = self._buckets.keys(number).astype("<u8").tobytes()
            exact = bands[-8:] + int(self._digests.values[number]).to_bytes(8, "little")
            one = np.array([number])
            bitmap = self.bitmaps(one).astype("<u8").tobytes()
            ends = self._anchor_ends.values
            anchors = self._anchors.read(ends[number], ends[number + 1])
            yield id, Sketch(exact, next(self.shingles(one)).tobytes(), bands[:-8], bitmap, words, anchors)

    def close(self) -> None:
        """Remove the files."""
        self._buckets.close()
        for column in (self._digests, self._words, self._bitmaps, *self._ends()):
            column.close()
        for blobs in (self._shingles, self._ids, self._anchors):
            blobs.close()
        if self._postings is not None:
            self._postings.close()

    def _grow(self) -> None:
        self._capacity *= 2
        for column in (self._digests, self._words):
            column.resize(self._capacity)
        for column in self._ends():
            column.resize(self._capacity + 1)
        self._bitmaps.resize(BITMAP_LANES * self._capacity)

    def _ends(self) -> tuple[Column, ...]:
        return self._shingle_ends, self._id_ends, self._anchor_ends
