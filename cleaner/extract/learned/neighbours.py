"""What the first pass says of the blocks around a block: the facts of the second pass."""

from __future__ import annotations

from typing import Final

import numpy as np

from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.layout import LEVELS, Layout, Rows, inside, seen_from, share, since, until

CERTAIN: Final = 1000
"""The score of a block that is certainly text; 0 is one that certainly is none."""

_NEAR: Final = 5
_WINDOWS: Final = (5, 12)
_MOST_DISTANCE: Final = 80
_SURE: Final = 800
_ALONE: Final = -1


def read(layout: Layout, score: Ints) -> Rows:
    """Return the rows of the second pass; `score` is the first pass's, from 0 to `CERTAIN`."""
    weight = np.sqrt(layout.size).astype(np.int64) + 1
    weighted = weight * score
    rows: Rows = {"score": score}
    groups = {f"up{level}": layout.up[level] for level in range(4)} | {"kin": layout.kin}
    for name, ids in groups.items():
        mass = _by(ids, weight) - weight
        rows[f"{name}_score"] = _mean(_by(ids, weighted) - weighted, mass)
        rows[f"{name}_mass"] = mass
    total, all_mass = inside(layout, weighted), inside(layout, weight)
    for level in range(1, LEVELS + 1):
        at = layout.up[level]
        rows[f"tree{level}_score"] = _mean(total[at] - weighted, all_mass[at] - weight)
        rows[f"tree{level}_share"] = share(total, total[0])[at]
    _add_order(rows, layout, score, weighted, weight)
    _add_runs(rows, score, weighted)
    return rows


def _by(ids: Ints, values: Ints) -> Ints:
    return np.bincount(ids, values).astype(np.int64)[ids]


def _mean(total: Ints, mass: Ints) -> Ints:
    return np.where(mass > 0, total // np.maximum(mass, 1), _ALONE)


def _add_order(rows: Rows, layout: Layout, score: Ints, weighted: Ints, weight: Ints) -> None:
    n = len(score)
    near = seen_from(score, _NEAR, _ALONE)
    for by in range(1, _NEAR + 1):
        rows[f"score{-by:+d}"], rows[f"score{by:+d}"] = near[by], near[-by]
    index = np.arange(n)
    upto, mass_upto = np.concatenate(([0], np.cumsum(weighted))), np.concatenate(([0], np.cumsum(weight)))
    rows["score_place"] = share(upto[1:], upto[-1])
    for width in _WINDOWS:
        low, high = np.maximum(index - width, 0), np.minimum(index + width, n - 1) + 1
        rows[f"after{width}"] = _mean(upto[high] - upto[1:], mass_upto[high] - mass_upto[1:])
        rows[f"before{width}"] = _mean(upto[:-1] - upto[low], mass_upto[:-1] - mass_upto[low])
    rows["since_sure"], rows["until_sure"] = since(score > _SURE, _MOST_DISTANCE), until(score > _SURE, _MOST_DISTANCE)
    rows["page_best"] = np.full(n, score.max())
    rows["page_likely"] = np.full(n, share((2 * score > CERTAIN).sum(), n))
    rows["page_text"] = np.full(n, (layout.size * score).sum() // CERTAIN)
    heading = layout.heading
    last = np.maximum.accumulate(np.where(heading > 0, index, -1))
    rows["heading_score"] = np.where(last >= 0, score[last], _ALONE)
    section = np.cumsum(heading)
    total, mass = np.bincount(section, weighted * (1 - heading)), np.bincount(section, weight * (1 - heading))
    rows["section_score"] = _mean(total.astype(np.int64), mass.astype(np.int64))[section]


def _add_runs(rows: Rows, score: Ints, weighted: Ints) -> None:
    """Add the weight of the run of likely text that each block is in, or near, and how far the weightiest is away."""
    n, likely = len(score), 2 * score > CERTAIN
    begins, ends = likely.copy(), likely.copy()
    begins[1:] &= ~likely[:-1]
    ends[:-1] &= ~likely[1:]
    begun = np.cumsum(begins)
    runs = int(begun[-1])
    of_run = np.bincount(np.where(likely, begun, 0), weighted, runs + 2).astype(np.int64)
    of_run[0] = of_run[-1] = 0
    shares = share(of_run, weighted.sum())
    before = np.where(likely, begun - 1, begun)
    rows["run_share"] = np.where(likely, shares[begun], 0)
    rows["run_before"], rows["run_after"] = shares[before], shares[begun + 1]
    if not runs:
        rows["from_main_run"] = np.full(n, -_MOST_DISTANCE)
        return
    main = int(np.argmax(of_run[1:-1]))
    index = np.arange(n)
    away = np.minimum(index - np.flatnonzero(begins)[main], 0) + np.maximum(index - np.flatnonzero(ends)[main], 0)
    rows["from_main_run"] = np.clip(away, -_MOST_DISTANCE, _MOST_DISTANCE)
