"""Choose the bands of a signature so that a pair at the threshold is found, and make their keys."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from cleaner.dedup.hashing import MULTIPLIER, Hashes, mix
from cleaner.dedup.signature import PERMUTATIONS, Signatures

MAX_MISSES = ((0.7, 1e-6), (0.5, 1e-5), (0.0, 1e-3))
"""From which threshold on a pair *at* the threshold may be missed how often."""
MIN_THRESHOLD = 0.1
"""Below, unrelated texts of one topic are near, and each is compared with all."""


@dataclass(frozen=True, slots=True)
class Bands:
    """`count` groups of `rows` values of a signature; two texts that agree on one group are compared.

    The first half of them (`least`) are of the least values under the permutations, as MinHash has them; the others
    are of the greatest values under the same permutations, which are as random and cost a third.
    """

    count: int
    rows: int

    @property
    def least(self) -> int:
        """How many of the bands are of least values."""
        return (self.count + 1) // 2

    @property
    def values(self) -> tuple[int, int]:
        """How many least and how many greatest values make the bands."""
        return self.least * self.rows, (self.count - self.least) * self.rows

    def miss(self, similarity: float) -> float:
        """Return a probability that a pair of this similarity shares no band: the pair is missed no more often.

        Source: Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3.4. There the bands are independent.
        Here a band of greatest values has the permutations of one of least values. Of a union of n shingles with k in
        common, both values of a permutation agree with a probability of k/n * (k - 1)/(n - 1), which is at most the
        square of k/n; so two such bands agree together more seldom than independent ones, and one of them more often.
        """
        return float((1 - similarity**self.rows) ** self.count)


@functools.cache
def bands(threshold: float) -> Bands:
    """Choose the bands with the most rows (fewest comparisons) that miss at most as many pairs as `MAX_MISSES` says.

    >>> bands(0.7), bands(0.8)
    (Bands(count=51, rows=4), Bands(count=35, rows=5))

    Raises `ValueError` where the threshold is not in [0.1, 1].
    """
    if not MIN_THRESHOLD <= threshold <= 1:
        raise ValueError(f"a threshold of similarity lies between {MIN_THRESHOLD} and 1, not at {threshold}")
    if threshold == 1:
        return Bands(1, PERMUTATIONS)
    most = next(miss for least, miss in MAX_MISSES if threshold >= least)
    for rows in range(PERMUTATIONS, 0, -1):
        layout = Bands(math.ceil(math.log(most) / math.log1p(-(threshold**rows))), rows)
        if layout.values[0] <= PERMUTATIONS:
            return layout
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
