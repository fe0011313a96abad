"""What a near-duplicate index asks of the place where kept sketches lie, and the simplest such place: memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.hashing import Hashes
from cleaner.dedup.known import PassageTable
from cleaner.dedup.sketch import BITMAP_LANES, Sketch

Integers = NDArray[np.int64]

BUCKET_CAP = 1_000
"""How many kept members of a bucket a text is compared with: the first ones. A bucket with more counts as capped."""


class Member(NamedTuple):
    """What a verdict says of the kept text."""

    id: str
    words: int


class Compared(Protocol):
    """What a verdict looks at: kept texts, under numbers that rise in keep order."""

    def exact(self, digest: bytes) -> int | None:
        """Return the number of the text with this sequence of words."""
        ...

    def candidates(self, bands: bytes) -> Integers:
        """Return all texts that share a band with the sketch: each once, in the order in which they were kept."""
        ...

    def holders(self, anchors: bytes) -> Integers:
        """Return all texts that share an anchor with the sketch: each once, in the order in which they were kept."""
        ...

    def sizes(self, numbers: Integers) -> Integers:
        """Return the number of shingles of each text."""
        ...

    def bitmaps(self, numbers: Integers) -> NDArray[np.uint64]:
        """Return the bitmap of each text, one row a text."""
        ...

    def shingles(self, numbers: Integers) -> Iterator[Hashes]:
        """Yield the set of shingles of each text, one after the other, as they are asked for."""
        ...

    def member(self, number: int) -> Member:
        """Return a text's id and length."""
        ...


class Store(Compared, Protocol):
    """Holds the sketches of kept texts."""

    @property
    def capped(self) -> int:
        """How many buckets have more members than they hold."""
        ...

    @property
    def short_looks(self) -> int:
        """How many looks met a bucket with more members than are compared."""
        ...

    def add(self, id: str, sketch: Sketch) -> None:
        """Enter a kept text."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


class LocalStore(Store, Protocol):
    """A store that outlives a run, in this process or on its disk: texts also leave it, and go from one to another.

    `passages` is None where it has no place for passages.
    """

    passages: PassageTable | None

    def transaction(self) -> AbstractContextManager[object]:
        """Do what stands in the block as a whole, or not at all, and let nobody write in between."""
        ...

    def snapshot(self) -> AbstractContextManager[object]:
        """See what stands now throughout the block, whatever others write."""
        ...

    def remove(self, id: str) -> int:
        """Take out the texts with this id; give how many there were."""
        ...

    def sketches(self) -> Iterator[tuple[str, Sketch]]:
        """Yield what was added and not removed, in order."""
        ...

    def last(self) -> int:
        """Return a number that no text has reached yet, and that all later ones are at or above."""
        ...

    def begun(self, run: str) -> int | None:
        """Return the number at which a run that was noted began."""
        ...

    def note(self, run: str, begun: int) -> None:
        """Note where a run began, unless it is noted."""
        ...

    def disk_bytes(self) -> int:
        """Return the size of what lies on disk."""
        ...

    def __len__(self) -> int:
        """Return the number of texts."""
        ...


class MemoryStore:
    """A store in dictionaries, gone with the process. Memory: some kilobytes a text."""

    passages: PassageTable | None = None

    def __init__(self) -> None:
        self._added = 0
        self._texts: dict[int, tuple[str, Sketch]] = {}
        self._exact: dict[bytes, list[int]] = {}
        self._buckets: dict[int, list[int]] = {}
        self._capped: set[int] = set()
        self.short_looks = 0
        self._runs: dict[str, int] = {}

    @property
    def capped(self) -> int:
        """How many buckets have more members than they hold."""
        return len(self._capped)

    def exact(self, digest: bytes) -> int | None:
        """Return the number of the text with this sequence of words."""
        return next(iter(self._exact.get(digest, ())), None)

    def candidates(self, bands: bytes) -> Integers:
        """Return all texts that share a band with the sketch."""
        asked = keys(bands)
        found = {number for key in asked for number in self._buckets.get(key, ())}
        self.short_looks += not self._capped.isdisjoint(asked)
        return np.array(sorted(found), np.int64)

    def holders(self, anchors: bytes) -> Integers:
        """Return all texts that share an anchor with the sketch."""
        return self.candidates(anchors)

    def sizes(self, numbers: Integers) -> Integers:
        """Return the number of shingles of each text."""
        return np.array([self._sketch(number).size for number in numbers.tolist()], np.int64)

    def bitmaps(self, numbers: Integers) -> Hashes:
        """Return the bitmap of each text, one row a text."""
        rows = b"".join([self._sketch(number).bitmap for number in numbers.tolist()])
        return np.frombuffer(rows, "<u8").reshape(len(numbers), BITMAP_LANES)

    def shingles(self, numbers: Integers) -> Iterator[Hashes]:
        """Yield the set of shingles of each text."""
        for number in numbers.tolist():
            yield np.frombuffer(self._sketch(number).shingles, "<u8")

    def member(self, number: int) -> Member:
        """Return a text's id and length."""
        id, sketch = self._texts[number]
        return Member(id, sketch.words)

    def add(self, id: str, sketch: Sketch) -> None:
        """Enter a kept text."""
        number = self._added
        self._added += 1
        self._texts[number] = id, sketch
        self._exact.setdefault(sketch.exact, []).append(number)
        for key in keys(sketch.bands + sketch.anchors):
            bucket = self._buckets.setdefault(key, [])
            if len(bucket) < BUCKET_CAP:
                bucket.append(number)
            else:
                self._capped.add(key)

    def transaction(self) -> AbstractContextManager[object]:
        """Do what stands in the block; nothing is undone."""
        return nullcontext()

    def snapshot(self) -> AbstractContextManager[object]:
        """See what stands now; nobody else writes."""
        return nullcontext()

    def remove(self, id: str) -> int:
        """Take out the texts with this id; give how many there were. Looks through all texts."""
        numbers = [number for number, (known, _) in self._texts.items() if known == id]
        for number in numbers:
            _, sketch = self._texts.pop(number)
            self._exact[sketch.exact].remove(number)
            for key in keys(sketch.bands + sketch.anchors):
                if number in self._buckets[key]:
                    self._buckets[key].remove(number)
        return len(numbers)

    def sketches(self) -> Iterator[tuple[str, Sketch]]:
        """Yield what was added and not removed, in order."""
        yield from self._texts.values()

    def last(self) -> int:
        """Return the number that the next text gets."""
        return self._added

    def begun(self, run: str) -> int | None:
        """Return the number at which a run that was noted began."""
        return self._runs.get(run)

    def note(self, run: str, begun: int) -> None:
        """Note where a run began, unless it is noted."""
        self._runs.setdefault(run, begun)

    def disk_bytes(self) -> int:
        """Return the size of what lies on disk: nothing."""
        return 0

    def close(self) -> None:
        """Let go of files; there are none."""

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._texts)

    def _sketch(self, number: int) -> Sketch:
        return self._texts[number][1]


def keys(bands: bytes) -> list[int]:
    """Return the keys of bands, or anchors, as integers without a sign."""
    found: list[int] = np.frombuffer(bands, "<u8").tolist()
    return found
