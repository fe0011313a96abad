"""Boosted trees over integers: the same sum on every machine."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence


class Forest:
    """Trees as arrays of nodes: a row goes left where its fact is at most the threshold; ~n is the n-th leaf."""

    def __init__(
        self, roots: array[int], facts: array[int], thresholds: array[int], lefts: array[int], rights: array[int],
        leaves: array[int],
    ) -> None:  # fmt: skip
        self._nodes = list(zip(facts, thresholds, lefts, rights, strict=True))
        self._leaves = list(leaves)
        best = [max(self._leaves_under(root)) for root in roots]
        # Each tree with the most that those after it can add.
        rest = sum(best)
        self._trees = [(root, rest := rest - most) for root, most in zip(roots, best, strict=True)]

    def _leaves_under(self, node: int) -> Iterator[int]:
        if node < 0:
            yield self._leaves[~node]
        else:
            for child in self._nodes[node][2:]:
                yield from self._leaves_under(child)

    def __call__(self, row: Sequence[int], wanted: int | None = None) -> int:
        """Return the sum of the leaves that a row falls into; where it cannot be over `wanted`, a part of it."""
        nodes, leaves = self._nodes, self._leaves
        total = 0
        for node, rest in self._trees:
            while node >= 0:
                fact, threshold, left, right = nodes[node]
                node = left if row[fact] <= threshold else right
            total += leaves[~node]
            if wanted is not None and total + rest <= wanted:
                break
        return total
