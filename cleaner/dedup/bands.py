"""Choose the bands of a signature so that a pair at the threshold is found, and make their keys."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from cleaner.dedup.hashing import MULTIPLIER, Hashes, mix
from cleaner.dedup.signature import PERMUTATIONS, Signatures

MAX_MISS = 0.001
MIN_THRESHOLD = 0.1
"""Below, unrelated texts of one topic are near, and each is compared with all."""


@dataclass(frozen=True, slots=True)
class Bands:
    """`count` groups of `rows` values of a signature; two texts that agree on one group are compared."""

    count: int
    rows: int

    def miss(self, similarity: float) -> float:
        """Return the probability that a pair of this similarity shares no band.

        Source: Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3.4.
        """
        return float((1 - similarity**self.rows) ** self.count)


@functools.cache
def bands(threshold: float) -> Bands:
    """Choose the bands with the most rows (fewest comparisons) that miss at most one pair in a thousand.

    >>> bands(0.7), bands(0.8)
    (Bands(count=26, rows=4), Bands(count=18, rows=5))

    Raises `ValueError` where the threshold is not in [0.1, 1].
    """
    if not MIN_THRESHOLD <= threshold <= 1:
        raise ValueError(f"a threshold of similarity lies between {MIN_THRESHOLD} and 1, not at {threshold}")
    if threshold == 1:
        return Bands(1, PERMUTATIONS)
    for rows in range(PERMUTATIONS, 0, -1):
        count = math.ceil(math.log(MAX_MISS) / math.log1p(-(threshold**rows)))
        if count * rows <= PERMUTATIONS:
            return Bands(count, rows)
    raise AssertionError("one row a band suffices for the least threshold")


def band_keys(signatures: Signatures, layout: Bands) -> Hashes:
    """Return one key for each band of each signature: equal where the band is, and different from band to band."""
    rows = signatures.reshape(len(signatures), layout.count, layout.rows).astype(np.uint64)
    keys = np.tile(np.arange(1, layout.count + 1, dtype=np.uint64), (len(signatures), 1))
    for row in range(layout.rows):
        keys *= MULTIPLIER
        keys ^= rows[:, :, row]
        mix(keys)
    return keys
