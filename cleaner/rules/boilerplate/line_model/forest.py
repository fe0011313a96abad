"""Boosted trees over integers: the same sum on every machine.

The leaves of a tree are the bits of a lane, and all lanes are one integer. What is known of a row rules leaves out, a
fact at a time: each node those on the side that the row does not go to. Where all facts are known, a bit of each lane
is left; where some are not, the leaves that the row may fall into. After Lucchese et al. 2015, "QuickScorer: a fast
algorithm to rank documents with additive ensembles of regression trees".
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import reduce
from itertools import zip_longest
from operator import and_, getitem
from typing import NamedTuple

# The width of a lane: trees of at most this many leaves. Lanes are looked up two by two.
LANE_BITS, PAIR_TYPE = 16, "I"
# Pairs of lanes that are remembered for two trees: the 256 of known rows, and what unknown facts leave.
REMEMBERED = 4_096
_LANE = (1 << LANE_BITS) - 1


class _Node(NamedTuple):
    """What a node compares a fact with, and the bits of the leaves on its sides."""

    threshold: int
    left: int
    right: int


class _Worth(dict[int, int]):
    """The most that a tree can add, by the bits of the leaves that are left of it; learned as they are asked for."""

    def __missing__(self, lane: int) -> int:
        most = self[lane] = max(
            worth for bit, worth in list(self.items()) if bit & lane == bit and bit.bit_count() == 1
        )
        return most


class _Pair(dict[int, int]):
    """The most that two trees can add, by the bits that are left of both."""

    def __init__(self, first: _Worth, second: _Worth) -> None:
        self._first, self._second = first, second

    def __missing__(self, lanes: int) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        most = self[lanes] = self._first[lanes & _LANE] + self._second[lanes >> LANE_BITS]
        return most


class Forest:
    """Trees as arrays of nodes: a row goes left where its fact is at most the threshold; ~n is the n-th leaf.

    Raises `ValueError` for a tree of more than `LANE_BITS` leaves, and `IndexError` for a node that is not there.
    """

    def __init__(
        self, roots: array[int], facts: array[int], thresholds: array[int], lefts: array[int], rights: array[int],
        leaves: array[int],
    ) -> None:  # fmt: skip
        self._arrays = (facts, thresholds, lefts, rights)
        pairs = (len(roots) + 1) // 2
        self._bytes = pairs * 2 * LANE_BITS // 8
        self._lanes = struct.Struct(f"<{pairs}{PAIR_TYPE}").unpack
        self._all = 0
        worth: list[_Worth] = []
        nodes: dict[int, list[_Node]] = defaultdict(list)
        for tree, root in enumerate(roots):
            found = list(self._leaves_under(root, tree * LANE_BITS, [], nodes))
            if len(found) > LANE_BITS:
                raise ValueError(f"a tree has {len(found)} leaves, and at most {LANE_BITS} are known")
            self._all |= ((1 << len(found)) - 1) << tree * LANE_BITS
            worth.append(_Worth({1 << place: leaves[leaf] for place, leaf in enumerate(found)}))
        # Without a tree to make a pair with, the last one has a lane of no leaves beside it.
        self._worth = [_Pair(*pair) for pair in zip_longest(worth[::2], worth[1::2], fillvalue=_Worth({0: 0}))]
        # For each fact: its thresholds in order, and the leaves that are left where it is over the first n of them.
        self._facts = [(fact, *self._left(of_fact)) for fact, of_fact in sorted(nodes.items())]
        self._known = [fact for fact, *_ in self._facts]

    def _leaves_under(self, node: int, lane: int, seen: list[int], nodes: dict[int, list[_Node]]) -> Iterator[int]:
        """Yield the leaves from left to right, and note of each node which are on its sides."""
        if node < 0:
            seen.append(~node)
            yield ~node
            return
        fact, threshold, left, right = (values[node] for values in self._arrays)
        start = 1 << len(seen)
        yield from self._leaves_under(left, lane, seen, nodes)
        middle = 1 << len(seen)
        yield from self._leaves_under(right, lane, seen, nodes)
        end = 1 << len(seen)
        nodes[fact].append(_Node(threshold, (middle - start) << lane, (end - middle) << lane))

    def _left(self, nodes: list[_Node]) -> tuple[list[int], list[int]]:
        thresholds = sorted({node.threshold for node in nodes})
        left = []
        for over in range(len(thresholds) + 1):
            ruled_out = 0
            for node in nodes:
                passed = over > 0 and thresholds[over - 1] >= node.threshold
                ruled_out |= node.left if passed else node.right
            left.append(self._all & ~ruled_out)
        return thresholds, left

    def left(self, row: Sequence[int], facts: range) -> int:
        """Return the leaves, as bits, that some facts of a row leave."""
        lanes = self._all
        first, end = bisect_left(self._known, facts.start), bisect_left(self._known, facts.stop)
        for fact, thresholds, left in self._facts[first:end]:
            lanes &= left[bisect_left(thresholds, row[fact])]
        return lanes

    def most(self, left: Iterable[int]) -> int:
        """Return the sum of the leaves that all of `left` have; of a tree with several, the greatest counts."""
        found = self._lanes(reduce(and_, left, self._all).to_bytes(self._bytes, "little"))
        return sum(map(getitem, self._worth, found))

    def __call__(self, row: Sequence[int], unknown: Container[int] = ()) -> int:
        """Return the sum of the leaves that a row falls into; where facts are unknown, the most that it can be."""
        return self.most(self.left(row, range(fact, fact + 1)) for fact in self._known if fact not in unknown)
