"""Boosted trees over whole numbers, evaluated for all blocks of a page at once, exactly."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cleaner.extract.learned.characters import Ints

# Columns judged at a time, so that what lies between stays in the processor's cache.
_AT_A_TIME = 256


class Trees(NamedTuple):
    """Trees of at most 16 leaves each.

    `row`, `bound` and `mask` have a row for each inner node of a tree (at most 15) and a column for each tree: a
    block whose fact `row` is over `bound` cannot end in the leaves whose bits `mask` lacks. Of those that remain
    the leftmost, the lowest bit, is its leaf. `value` has the leaves' values, 16 a tree.
    """

    row: Any
    bound: Any
    mask: Any
    value: Any


def total(trees: Trees, facts: Any) -> Ints:
    """Return for each column of `facts` (int32, a row a fact) the sum of its leaves' values.

    Source: QuickScorer (Lucchese and others 2015), "a fast algorithm to rank documents with additive ensembles".
    """
    if facts.shape[1] > _AT_A_TIME:
        parts = range(0, facts.shape[1], _AT_A_TIME)
        return np.concatenate([total(trees, facts[:, at : at + _AT_A_TIME]) for at in parts])
    facts = np.ascontiguousarray(facts)
    sums: Ints = trees.value[leaves(trees, facts)].sum(0, dtype=np.int64)
    return sums


def leaves(trees: Trees, facts: Any) -> Any:
    """Return the places in `trees.value` of the leaves in which the columns end, a row a tree."""
    shape = (trees.row.shape[1], facts.shape[1])
    gone = np.zeros(shape, np.uint16)
    # One memory for all rounds: allocating takes longer than comparing.
    values, over, lost = np.empty(shape, facts.dtype), np.empty(shape, bool), np.empty(shape, np.uint16)
    for row, bound, mask in zip(trees.row, trees.bound, trees.mask, strict=True):
        np.take(facts, row, 0, out=values, mode="clip")
        np.greater(values, bound[:, None], out=over)
        np.multiply(over, ~mask[:, None], out=lost)
        gone |= lost
    places: Any = _LOWEST_BIT[~gone] + 16 * np.arange(len(gone), dtype=np.int32)[:, None]
    return places


def _lowest_bits() -> Any:
    """Return for each number from 0 to 65535 which of its bits is the lowest that is set."""
    bits = np.zeros(0x10000, np.int32)
    for bit in range(15, -1, -1):
        bits[1 << bit :: 1 << (bit + 1)] = bit
    return bits


_LOWEST_BIT = _lowest_bits()
