"""The exact check: which of the candidates, in keep order, is the first that is similar enough."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.hashing import Hashes
from cleaner.dedup.sketch import Sketch
from cleaner.dedup.store import Compared, Integers

# So few are compared one by one faster than their bitmaps are looked at, and faster than a table is made.
_FEW = 4
_HANDFUL = 24
_BLOCK = 128
_TABLE_BITS = 16


class Twin(NamedTuple):
    """A kept text and how similar it is."""

    number: int
    similarity: float


class Likeness(NamedTuple):
    """How alike two texts are: Jaccard similarity, and the share of the shingles of each that the other has."""

    similarity: float
    left_held: float
    right_held: float


def likeness(left: Sketch, right: Sketch) -> Likeness:
    """Return how alike two texts are, counted exactly."""
    one, other = np.frombuffer(left.shingles, "<u8"), np.frombuffer(right.shingles, "<u8")
    common = shared(one, other)
    return Likeness(jaccard(one, other), common / len(one), common / len(other))


def first_twin(
    store: Compared, sketch: Sketch, threshold: float, before: int | None = None, *, but: int | None = None
) -> Twin | None:
    """Return the first candidate, in keep order, with a Jaccard similarity of `threshold` or more.

    The similarity is exact. `before` leaves out the texts with this number and above, `but` the one with this
    number. Time: linear in the number of candidates, which buckets bound.
    """
    own = np.frombuffer(sketch.shingles, "<u8")
    numbers, sizes = _promising(store, sketch, threshold, before)
    if but is not None:
        numbers, sizes = numbers[numbers != but], sizes[numbers != but]
    if len(numbers) > _HANDFUL and len(own) < 1 << _TABLE_BITS:
        return _first_of_many(store, own, numbers, sizes, threshold)
    for number, shingles in zip(numbers.tolist(), store.shingles(numbers), strict=True):
        similarity = jaccard(own, shingles)
        if similarity >= threshold:
            return Twin(number, similarity)
    return None


def first_container(
    store: Compared, sketch: Sketch, share: float, before: int | None = None, gone: NDArray[np.bool_] | None = None
) -> Twin | None:
    """Return the first text, in keep order, that is longer and holds `share` or more of the sketch's shingles.

    Longer is what has more shingles. The share is exact, and stands as the similarity. `before` leaves out the texts
    with this number and above, `gone` those for which it is true. Of a sketch without anchors nothing is found.
    """
    if not sketch.anchors:
        return None
    own = np.frombuffer(sketch.shingles, "<u8")
    numbers = store.holders(sketch.anchors)
    if before is not None:
        numbers = numbers[: np.searchsorted(numbers, before)]
    if gone is not None:
        numbers = numbers[~gone[numbers]]
    if len(numbers):
        numbers = numbers[store.sizes(numbers) > len(own)]
    if len(numbers) > _FEW:
        # A bit that the other has not got is set by a shingle, or several, that it has not got.
        lacking = np.frombuffer(sketch.bitmap, "<u8") & ~store.bitmaps(numbers)
        numbers = numbers[(len(own) - np.bitwise_count(lacking).sum(axis=1, dtype=np.int64)) / len(own) >= share]
    return next(
        (twin for number in numbers.tolist() if (twin := held_by(store, sketch, number)).similarity >= share), None
    )


def held_by(store: Compared, sketch: Sketch, number: int) -> Twin:
    """Return a kept text and the exact share of the sketch's shingles that it holds."""
    own = np.frombuffer(sketch.shingles, "<u8")
    return Twin(number, shared(own, next(store.shingles(np.array([number])))) / len(own))


def shared(left: Hashes, right: Hashes) -> int:
    """Return how many values two sets, each without repetition, have in common."""
    both = np.concatenate([left, right])
    both.sort()
    return int(np.count_nonzero(both[1:] == both[:-1]))


def jaccard(left: Hashes, right: Hashes) -> float:
    """Return the Jaccard similarity of two sets, each without repetition.

    >>> jaccard(np.array([1, 2, 3], np.uint64), np.array([2, 3, 4], np.uint64))
    0.5
    """
    common = shared(left, right)
    return common / (len(left) + len(right) - common)


def _promising(store: Compared, sketch: Sketch, threshold: float, before: int | None) -> tuple[Integers, Integers]:
    """Return the candidates that can reach the threshold, in keep order, and their sizes.

    Sets that are much smaller or larger cannot; nor can those whose bitmap differs in too many bits: two sets have
    at most half of their sizes together, less the bits, in common. Source: Sandes, Teodoro, Melo 2017, "Bitmap filter:
    speeding up exact set similarity joins with bitwise operations".
    """
    numbers = store.candidates(sketch.bands)
    if before is not None:
        numbers = numbers[: np.searchsorted(numbers, before)]
    if not len(numbers):
        return numbers, numbers
    size = sketch.size
    sizes = store.sizes(numbers)
    fits = np.minimum(sizes, size) / np.maximum(sizes, size) >= threshold
    numbers, sizes = numbers[fits], sizes[fits]
    if len(numbers) > _FEW:
        unlike = store.bitmaps(numbers) ^ np.frombuffer(sketch.bitmap, "<u8")
        common = (sizes + size - np.bitwise_count(unlike).sum(axis=1, dtype=np.int64)) // 2
        fits = common / (sizes + size - common) >= threshold
        numbers, sizes = numbers[fits], sizes[fits]
    return numbers, sizes


def _first_of_many(store: Compared, own: Hashes, numbers: Integers, sizes: Integers, threshold: float) -> Twin | None:
    """Find the first twin by looking up the shingles of many candidates at once in a table of our own."""
    slot = np.uint64((1 << _TABLE_BITS) - 1)
    # What an empty slot holds belongs into another, so that nothing is found there.
    table = ~np.arange(1 << _TABLE_BITS, dtype=np.uint64)
    table[(own & slot).astype(np.int64)] = own
    displaced = own[table[(own & slot).astype(np.int64)] != own]
    sets = store.shingles(numbers)
    for start in range(0, len(numbers), _BLOCK):
        block = slice(start, start + _BLOCK)
        shingles = np.concatenate(list(islice(sets, _BLOCK)))
        found = table[(shingles & slot).astype(np.int64)] == shingles
        if len(displaced):
            found |= np.isin(shingles, displaced)
        starts = np.cumsum(sizes[block]) - sizes[block]
        common = np.add.reduceat(found, starts, dtype=np.int64)
        similarities = common / (len(own) + sizes[block] - common)
        twins = np.flatnonzero(similarities >= threshold)
        if len(twins):
            return Twin(int(numbers[block][twins[0]]), float(similarities[twins[0]]))
    return None
