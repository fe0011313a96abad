"""The verdict: a text goes when, and only when, a kept earlier one is verified to be at least as similar as asked."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from cleaner.dedup.hashing import Hashes
from cleaner.dedup.sketch import Sketch, Sketcher
from cleaner.dedup.store import Candidates, MemoryStore, Store


class Duplicate(NamedTuple):
    """Why a text goes, and for which."""

    code: str
    """`ND101` for an equal sequence of words, else `ND102`."""
    duplicate_of: str
    """The id of the first kept text that is as similar as the threshold says."""
    similarity: float
    """The exact Jaccard similarity of the two sets of shingles."""
    method: str
    """`exact` or `near`."""
    words: int
    duplicate_of_words: int


def jaccard(left: Hashes, right: Hashes) -> float:
    """Give the Jaccard similarity of two sets, each sorted and without repetition.

    >>> jaccard(np.array([1, 2, 3], np.uint64), np.array([2, 3, 4], np.uint64))
    0.5
    """
    both = np.concatenate([left, right])
    both.sort()
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / (len(both) - shared)


def find_twin(store: Store, sketch: Sketch, threshold: float) -> Duplicate | None:
    """Give the verdict on a sketch against all that a store keeps.

    The first kept text at or above the threshold is named, so a copy of a removed text gets its verdict.
    """
    twin = store.exact(sketch.exact)
    if twin is not None:
        id, length = store.member(twin)
        return Duplicate("ND101", id, 1.0, "exact", sketch.words, length)
    own = np.frombuffer(sketch.shingles, "<u8")
    for number in _of_fitting_size(store.candidates(sketch.bands), len(own), threshold):
        similarity = jaccard(own, store.shingles(number))
        if similarity >= threshold:
            id, length = store.member(number)
            return Duplicate("ND102", id, similarity, "near", sketch.words, length)
    return None


def _of_fitting_size(found: Candidates, size: int, threshold: float) -> list[int]:
    """Leave out sets so much smaller or larger that they cannot reach the threshold."""
    fits = np.minimum(found.sizes, size) / np.maximum(found.sizes, size) >= threshold
    numbers: list[int] = found.numbers[fits].tolist()
    return numbers


class GreedyLeader:
    """Decide on texts one after the other, in keep order. A context manager.

    `spool` is a folder for files that are gone after `close()`; None keeps everything in memory. The state is what
    `add()` was called with, so
    a run that was interrupted replays the sketches it kept.
    """

    def __init__(self, sketcher: Sketcher, spool: Path | None = None) -> None:
        self.sketcher = sketcher
        self._store: Store = MemoryStore()

    @property
    def capped(self) -> int:
        """How many buckets hold more than `BUCKET_CAP` kept texts, of which only the first are compared."""
        return self._store.capped

    def decide(self, id: str, sketch: Sketch) -> Duplicate | None:
        """Give the verdict on a text; None means that it is kept, and was added."""
        duplicate = find_twin(self._store, sketch, self.sketcher.threshold)
        if duplicate is None:
            self._store.add(id, sketch)
        return duplicate

    def add(self, id: str, sketch: Sketch) -> None:
        """Keep a text without a question: one that an earlier run decided to keep."""
        self._store.add(id, sketch)

    def close(self) -> None:
        """Remove what lies on disk."""
        self._store.close()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()
