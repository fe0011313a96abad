"""Which blocks of a page are its text: two passes of trees, the second of which knows what the first said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from cleaner.extract.block import Page
from cleaner.extract.learned import features, lexicon, neighbours
from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.choice import chosen
from cleaner.extract.learned.layout import Layout, Rows
from cleaner.extract.learned.model import Model, Pass
from cleaner.extract.learned.trees import total


class Verdict(NamedTuple):
    """Of each block a score, from 0 to 1000, and whether it is text (1) or not (0); and the facts behind it."""

    scores: Ints
    kept: Ints
    total: Ints
    layout: Layout
    rows: Rows


def judge(page: Page, tree: Any, model: Model, *, every: bool = False) -> Verdict:
    """Return the verdict on a page's blocks, of which it has at least one; `every` asks for all facts."""
    layout, rows = features.read(page, tree, () if every else model.wanted)
    rows |= lexicon.read(page, layout.keys, model.weights)
    first = model.score(total_of(model.first, rows))
    rows |= neighbours.read(layout, first)
    sums = total_of(model.second, rows)
    scores = model.score(sums)
    return Verdict(scores, chosen(scores, rows), sums, layout, rows)


def total_of(judging: Pass, rows: Mapping[str, Ints]) -> Ints:
    """Return for each block the sum of the leaves in which it ends."""
    return total(judging.trees, matrix(rows, judging.rows))


def matrix(rows: Mapping[str, Ints], wanted: tuple[str, ...]) -> Any:
    """Return the wanted rows as int32."""
    return np.array([rows[name] for name in wanted]).clip(-(2**30), 2**30).astype(np.int32)
