"""The bands: what they miss, by arithmetic and in fact."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cleaner.dedup.bands import MIN_THRESHOLD, Bands, band_keys, bands
from cleaner.dedup.shingles import shingles
from cleaner.dedup.signature import PERMUTATIONS, signatures

THRESHOLDS = [hundredths / 100 for hundredths in range(round(100 * MIN_THRESHOLD), 101)]


def promised(threshold: float) -> float:
    return 1e-6 if threshold >= 0.7 else 1e-5 if threshold >= 0.5 else 1e-3


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_a_pair_at_the_threshold_is_missed_no_more_often_than_is_promised(threshold: float) -> None:
    layout = bands(threshold)
    # Counted out once more, without the method under test: each band fails with 1 - J ** rows.
    missed = math.exp(layout.count * math.log1p(-(threshold**layout.rows))) if threshold < 1 else 0.0
    assert missed <= promised(threshold)
    assert layout.miss(threshold) == pytest.approx(missed, abs=1e-12)
    assert layout.values[0] <= PERMUTATIONS


@pytest.mark.parametrize(("common", "union"), [(1, 2), (7, 10), (21, 30), (700, 1000), (5, 10), (99, 100)])
def test_greatest_values_beside_the_least_miss_no_more_than_independent_ones(common: int, union: int) -> None:
    """For `rows` permutations: neither band agrees with 1 - 2 J**r + (J (k-1)/(n-1))**r; independent: (1 - J**r)**2."""
    share, both = common / union, common / union * (common - 1) / (union - 1)
    for rows in range(1, 9):
        assert 1 - 2 * share**rows + both**rows <= (1 - share**rows) ** 2 + 1e-15


def test_bands_of_both_kinds_agree_as_often_as_the_sets_are_similar() -> None:
    draw = np.random.default_rng(1)
    layout, pairs, common, union = Bands(20, 2), 1500, 30, 50
    sets = draw.integers(0, 1 << 63, (pairs, union), dtype=np.uint64)
    left, right = sets[:, :40], np.concatenate([sets[:, :common], sets[:, 40:]], axis=1)
    bounds = np.arange(pairs + 1) * 40
    keys = [band_keys(signatures(side.reshape(-1), bounds, *layout.values), layout) for side in (left, right)]
    agreed = keys[0] == keys[1]
    for half in (agreed[:, : layout.least], agreed[:, layout.least :]):
        assert half.mean() == pytest.approx((common / union) ** 2, abs=0.01)
    assert (~agreed.any(axis=1)).mean() <= layout.miss(common / union) + 0.01


def test_a_minhash_is_a_prefix_of_what_the_bands_are_made_of() -> None:
    found = shingles(["the ferry left at nine and nobody was on the pier to see it go"], 5)
    layout = bands(0.7)
    ours = signatures(found.hashes, found.bounds, *layout.values)[0]
    least = layout.values[0]
    assert np.array_equal(ours[:least], signatures(found.hashes, found.bounds)[0][:least])
    assert len(ours) == layout.count * layout.rows
