"""The learned model of whole pages: weights of words, and small trees over the facts of rows; whole numbers alone.

The file beside this module is made by `training/whole_pages.py`.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.rules.boilerplate.whole_page.facts import NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "whole_page.npz"
DEPTH = 4
# A score of 256 is one of log odds.
ONE = 256


class Model(NamedTuple):
    """Weights by the hash of a word, and complete trees of DEPTH: a row goes right where a fact is over the bound."""

    words: tuple[int, ...]
    columns: NDArray[np.int64]
    feature: NDArray[np.int64]
    bound: NDArray[np.int32]
    leaf: NDArray[np.int64]
    base: int

    def scores(self, facts: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return for each row how much speaks for furniture, in 256ths of log odds; exact on every machine."""
        known = facts[:, self.columns]
        rows = np.arange(len(known))[:, None]
        trees = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(known), len(self.feature)), dtype=np.int64)
        for _ in range(DEPTH):
            node = 2 * node + 1 + (known[rows, self.feature[trees, node]] > self.bound[trees, node])
        scores: NDArray[np.int64] = self.leaf[trees, node - (2**DEPTH - 1)].sum(axis=1) + self.base
        return scores


@functools.cache
def load(path: Path = FILE) -> Model:
    """Read a model."""
    with np.load(path, allow_pickle=False) as arrays:
        columns = [NAMES.index(name) for name in arrays["columns"].tolist()]
        return Model(
            tuple(arrays["words"].tolist()),
            np.array(columns, dtype=np.int64),
            arrays["feature"].astype(np.int64),
            arrays["bound"].astype(np.int32),
            arrays["leaf"].astype(np.int64),
            int(arrays["base"]),
        )
