"""Boosted trees over whole numbers, evaluated for all blocks of a page at once, exactly."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cleaner.extract.learned.characters import Ints

_MOST = np.iinfo(np.int16).max


class Trees(NamedTuple):
    """Trees of at most 16 leaves each, ready for use (see `Trees.of`).

    `row`, `bound` (int16) and `lost` have a row for each inner node of a tree (at most 15) and a column for each tree:
    a block whose fact `row` is over `bound` cannot end in the leaves whose bits `lost` has. Of those that remain the
    leftmost, the lowest bit, is its leaf. `value` has the leaves' values, 16 a tree. The facts of `ranked` rows go by
    how many of the numbers given there are less.
    """

    row: Any
    bound: Any
    lost: Any
    value: Any
    ranked: tuple[tuple[int, Any], ...]

    @classmethod
    def of(cls, row: Any, bound: Any, mask: Any, value: Any) -> Trees:
        """Return trees whose bounds may be of 32 bits; `mask` has the bits of the leaves that remain over a bound.

        Numbers of 16 bits are compared twice as fast, and few facts have larger bounds: those count as ranks.
        """
        bound = np.array(bound)
        ranked = []
        for wide in np.unique(row[(bound < -_MOST - 1) | (bound >= _MOST)]).tolist():
            bounds = np.unique(bound[row == wide])
            bound[row == wide] = np.searchsorted(bounds, bound[row == wide])
            ranked.append((wide, bounds))
        return cls(row, bound.astype(np.int16)[..., None], ~mask[..., None], value, tuple(ranked))


def total(trees: Trees, facts: Any) -> Ints:
    """Return for each column of `facts` (int32, a row a fact) the sum of its leaves' values.

    Source: QuickScorer (Lucchese and others 2015), "a fast algorithm to rank documents with additive ensembles".
    """
    narrow = facts.clip(-_MOST - 1, _MOST).astype(np.int16)  # the largest is over every bound
    for row, bounds in trees.ranked:
        narrow[row] = np.searchsorted(bounds, facts[row])
    sums: Ints = trees.value.take(leaves(trees, narrow), mode="clip").sum(0, dtype=np.int64)
    return sums


def leaves(trees: Trees, facts: Any) -> Any:
    """Return the places in `trees.value` of the leaves in which the columns of int16 end, a row a tree."""
    shape = (trees.row.shape[1], facts.shape[1])
    gone = np.zeros(shape, np.uint16)
    # One memory for all rounds: allocating takes longer than comparing.
    values, over, lost = np.empty(shape, np.int16), np.empty(shape, bool), np.empty(shape, np.uint16)
    for row, bound, those in zip(trees.row, trees.bound, trees.lost, strict=True):
        facts.take(row, 0, out=values, mode="clip")
        np.greater(values, bound, out=over)
        np.multiply(over, those, out=lost)
        np.bitwise_or(gone, lost, out=gone)
    places = _LOWEST_LEFT.take(gone, mode="clip")  # no place is beyond the table, so that nothing is clipped
    places += np.arange(0, 16 * len(gone), 16)[:, None]
    return places


def _lowest_left() -> Any:
    """Return for each number from 0 to 65535 which of its bits is the lowest that is not set."""
    bits = np.zeros(0x10000, np.intp)
    for bit in range(15, -1, -1):
        bits[1 << bit :: 1 << (bit + 1)] = bit
    return bits[::-1].copy()


_LOWEST_LEFT = _lowest_left()
