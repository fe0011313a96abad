"""Boosted trees over integers: the same sum on every machine.

The leaves of a tree are bits of a lane, which a few trees share, and all lanes are one integer. What is known of a row
rules leaves out, a fact at a time: each node those on the side that the row does not go to. Where all facts are known,
a bit of each tree is left; where some are not, the leaves that the row may fall into. After Lucchese et al. 2015,
"QuickScorer: a fast algorithm to rank documents with additive ensembles of regression trees".
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import reduce
from itertools import accumulate
from operator import and_, getitem, or_
from typing import NamedTuple

# The width of a lane, and the leaves of a tree at most.
LANE_BITS, LANE_TYPE, MOST_LEAVES = 32, "I", 16
# Trees share a lane while rows can fall into this many combinations of their leaves at most: two trees. What they add
# is looked up at once, and remembered for so many sets of leaves: those of known rows, and what unknown facts leave.
# With three trees of eight leaves to a lane it takes longer: the sets of a lane have few low bits, and collide.
COMBINATIONS, REMEMBERED = 256, 4_096


class _Node(NamedTuple):
    """What a node compares a fact with, and the bits of the leaves on its sides."""

    fact: int
    threshold: int
    left: int
    right: int


class _Lane(dict[int, int]):
    """The most that the trees of a lane can add, by the bits of the leaves that are left; learned as it is asked for.

    A tree is its leaves: the bit of each, and what it adds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trees: list[list[tuple[int, int]]] = []
        self.bits, self.combinations = 0, 1

    def has_room(self, leaves: int) -> bool:
        """Tell whether a tree of this many leaves fits in."""
        return self.bits + leaves <= LANE_BITS and self.combinations * leaves <= COMBINATIONS

    def add(self, leaves: Sequence[int]) -> int:
        """Add a tree, by what each of its leaves adds. Return the place of its first bit."""
        first = self.bits
        self.trees.append([(1 << place, worth) for place, worth in enumerate(leaves, first)])
        self.bits += len(leaves)
        self.combinations *= len(leaves)
        return first

    def __missing__(self, left: int) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        most = self[left] = sum(max(worth for bit, worth in tree if bit & left) for tree in self.trees)
        return most


class Forest:
    """Trees as arrays of nodes: a row goes left where its fact is at most the threshold; ~n is the n-th leaf.

    Raises `ValueError` for a tree of more than `MOST_LEAVES` leaves, and `IndexError` for a node that is not there.
    """

    def __init__(
        self, roots: array[int], facts: array[int], thresholds: array[int], lefts: array[int], rights: array[int],
        leaves: array[int],
    ) -> None:  # fmt: skip
        self._arrays = (facts, thresholds, lefts, rights)
        self._worth: list[_Lane] = []
        self._all = 0
        nodes: dict[int, list[_Node]] = defaultdict(list)
        for root in roots:
            of_tree: list[_Node] = []
            found = list(self._leaves_under(root, [], of_tree))
            if len(found) > MOST_LEAVES:
                raise ValueError(f"a tree has {len(found)} leaves, and at most {MOST_LEAVES} are known")
            if not self._worth or not self._worth[-1].has_room(len(found)):
                self._worth.append(_Lane())
            place = (len(self._worth) - 1) * LANE_BITS + self._worth[-1].add([leaves[leaf] for leaf in found])
            self._all |= ((1 << len(found)) - 1) << place
            for fact, threshold, left, right in of_tree:
                nodes[fact].append(_Node(fact, threshold, left << place, right << place))
        self._bytes = len(self._worth) * LANE_BITS // 8
        self._lanes = struct.Struct(f"<{len(self._worth)}{LANE_TYPE}").unpack
        # For each fact: its thresholds in order, and the leaves that are left where it is over the first n of them.
        self._facts = [(fact, *self._left(of_fact)) for fact, of_fact in sorted(nodes.items())]
        self._known = [fact for fact, *_ in self._facts]

    def _leaves_under(self, node: int, seen: list[int], nodes: list[_Node]) -> Iterator[int]:
        """Yield the leaves from left to right, and note of each node which are on its sides."""
        if node < 0:
            seen.append(~node)
            yield ~node
            return
        fact, threshold, left, right = (values[node] for values in self._arrays)
        start = 1 << len(seen)
        yield from self._leaves_under(left, seen, nodes)
        middle = 1 << len(seen)
        yield from self._leaves_under(right, seen, nodes)
        end = 1 << len(seen)
        nodes.append(_Node(fact, threshold, middle - start, end - middle))

    def _left(self, nodes: list[_Node]) -> tuple[list[int], list[int]]:
        left: dict[int, int] = defaultdict(int)
        right: dict[int, int] = defaultdict(int)
        for node in nodes:
            left[node.threshold] |= node.left
            right[node.threshold] |= node.right
        thresholds = sorted(left)
        passed = accumulate([left[threshold] for threshold in thresholds], or_, initial=0)
        ahead = [*accumulate([right[threshold] for threshold in reversed(thresholds)], or_, initial=0)]
        return thresholds, [self._all & ~(gone | other) for gone, other in zip(passed, reversed(ahead), strict=True)]

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
