"""The near-duplicate stage on one partition: compare in buckets, verify pairs, decide in order.

Functions from Arrow batches to Arrow batches; no Spark in here. A document is its place in the keep order, an integer.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cleaner.dedup.hashing import Hashes
from cleaner.dedup.verify import jaccard, shared

Batches = Iterator[pa.RecordBatch]

# Rows in a batch that is given.
ROWS = 65_536

UNDECIDED, KEPT, REMOVED = 0, 1, 2
GIVEN = -1
"""As `until` of a document that is kept whatever it is like: one of a former corpus."""

PAIR, WAITS, CROWD = 0, 1, 2
"""What a row that `Compare` gives is: a pair of documents, one that cannot be decided yet, or the key of a bucket that
has more members than the cap."""


class Relation(Protocol):
    """For what a later text goes: what an earlier one is to it."""

    @property
    def least(self) -> float:
        """From which value on."""
        ...

    def may_be(self, left: int, right: int) -> bool:
        """Say whether texts with so many shingles can reach it; the left one comes first."""
        ...

    def of(self, left: Hashes, right: Hashes) -> float:
        """Return the exact value."""
        ...


@dataclass(frozen=True, slots=True)
class Near:
    """A later text goes for one that it is like: the Jaccard similarity."""

    least: float

    def may_be(self, left: int, right: int) -> bool:
        """Say whether the sizes allow it."""
        return min(left, right) / max(left, right) >= self.least

    def of(self, left: Hashes, right: Hashes) -> float:
        """Return the similarity."""
        return jaccard(left, right)


@dataclass(frozen=True, slots=True)
class Holds:
    """A later text goes for a longer one that contains it: the share of its shingles."""

    least: float

    def may_be(self, left: int, right: int) -> bool:
        """Say whether the left one is longer."""
        return left > right

    def of(self, left: Hashes, right: Hashes) -> float:
        """Return the share of the right one."""
        return shared(left, right) / len(right)


@dataclass(frozen=True, slots=True)
class Compare:
    """Give the pairs to compare: in each bucket its leaders, the first undecided members, with all that come later.

    Wants rows `key, place, size, state, until`, all of a key in one partition and sorted by key and place. `until` is
    the place before which a kept document would be a better twin: a document's own, or that of its twin where it
    has one. Gives rows `what, left, right`.

    A document that may still have to lead or to be led in some bucket waits: there, members before it were too many to
    lead at once. A bucket has at most `leaders` of them, and never one that could be beyond the `cap`
    first kept members, of which alone a text is compared with. Memory: the leaders of one bucket.
    """

    leaders: int
    cap: int
    relation: Relation

    def __call__(self, batches: Batches) -> Batches:
        """Yield the rows of one partition."""
        found = _Found()
        bucket = _Bucket(self, None)
        for batch in batches:
            columns = [batch.column(name).to_numpy() for name in ("key", "place", "size", "state", "until")]
            shared = _shared(columns[0])
            for key, place, size, state, until in zip(*(column[shared].tolist() for column in columns), strict=True):
                if key != bucket.key:
                    bucket = _Bucket(self, key)
                bucket.enter(place, size, state, until, found)
                if len(found.what) >= ROWS:
                    yield found.batch()
                    found = _Found()
        yield found.batch()


def _shared(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows whose key stands beside them, too, or could do so in the batch before or after."""
    shared = np.ones(len(keys), bool)
    same = keys[1:] == keys[:-1]
    shared[1:-1] = same[:-1] | same[1:]
    return np.flatnonzero(shared)


@dataclass(slots=True)
class _Found:
    what: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)

    def add(self, what: int, left: int, right: int) -> None:
        self.what.append(what)
        self.left.append(left)
        self.right.append(right)

    def batch(self) -> pa.RecordBatch:
        return pa.RecordBatch.from_arrays(
            [pa.array(values, pa.int64()) for values in (self.what, self.left, self.right)],
            names=["what", "left", "right"],
        )


class _Bucket:
    """The members of one bucket, as they come, in keep order."""

    def __init__(self, task: Compare, key: int | None) -> None:
        self.key = key
        self._task = task
        self._leaders: list[int] = []
        self._sizes: list[int] = []
        self._members = self._kept = self._undecided = 0
        self._waits = False

    def enter(self, place: int, size: int, state: int, until: int, found: _Found) -> None:
        """Take the next member; say what it is to be compared with, and whether it waits."""
        self._members += 1
        if self._members == self._task.cap + 1:
            found.add(CROWD, self.key or 0, 0)
        if state != KEPT:
            for number in range(bisect_left(self._leaders, until)):
                other = self._sizes[number]
                if self._task.relation.may_be(other, size):
                    found.add(PAIR, self._leaders[number], place)
        if state == UNDECIDED:
            leads = self._lead(place, size)
            if not leads or (self._waits and until != GIVEN):
                found.add(WAITS, place, 0)
            self._waits |= not leads
            self._undecided += 1
        elif state == KEPT:
            self._kept += 1

    def _lead(self, place: int, size: int) -> bool:
        """Let an undecided member lead; say whether it now does, or never has to."""
        if self._kept >= self._task.cap:
            return True
        # Were all before it kept, it would still be among the first: no pair counts that the cap forbids.
        if self._undecided >= self._task.leaders or self._kept + self._undecided >= self._task.cap:
            return False
        self._leaders.append(place)
        self._sizes.append(size)
        return True


@dataclass(frozen=True, slots=True)
class Verify:
    """Give the pairs that are in a relation, with its exact value as `similarity`.

    Wants rows `left, right, left_shingles, right_shingles`, gives rows `left, right, similarity`.
    """

    relation: Relation

    def __call__(self, batches: Batches) -> Batches:
        """Yield one batch for each."""
        for batch in batches:
            shingles = zip(batch.column("left_shingles"), batch.column("right_shingles"), strict=True)
            exact = [
                self.relation.of(np.frombuffer(left.as_buffer(), "<u8"), np.frombuffer(right.as_buffer(), "<u8"))
                for left, right in shingles
            ]
            similarity = np.array(exact, np.float64)
            near = pa.array(similarity >= self.relation.least)
            yield pa.RecordBatch.from_arrays(
                [batch.column("left"), batch.column("right"), pa.array(similarity)],
                names=["left", "right", "similarity"],
            ).filter(near)


def settle(batches: Batches) -> Batches:
    """Decide, in keep order, all that can be decided; a document goes for the first kept one that it is like.

    Wants rows `left, right, similarity, left_waits, right_waits, twin`, sorted by `right` and `left`, in one
    partition: `right` is like the earlier `left`; `twin` is that of a document that is known to go. Gives
    rows `place, twin, similarity` of the documents that go or get an earlier twin, and with no twin of those that stay
    undecided. Memory: some 100 bytes a document.
    """
    verdicts = _verdicts(batches)
    while some := list(itertools.islice(verdicts, ROWS)):
        yield pa.RecordBatch.from_arrays(
            [
                pa.array([verdict.place for verdict in some], pa.int64()),
                pa.array([verdict.twin for verdict in some], pa.int64()),
                pa.array([verdict.similarity for verdict in some], pa.float64()),
            ],
            names=["place", "twin", "similarity"],
        )


class _Verdict(NamedTuple):
    place: int
    twin: int | None
    similarity: float | None


def _verdicts(batches: Batches) -> Iterator[_Verdict]:
    kept: dict[int, bool | None] = {}  # None for a document that stays undecided
    for right, edges in _by_right(batches):
        known_twin, undecided = edges[0].twin, edges[0].right_waits
        first: _Edge | None = None
        for edge in edges:
            left = kept.setdefault(edge.left, None if edge.left_waits else True)
            if left and first is None and (known_twin is None or edge.left < known_twin):
                first = edge
            undecided |= left is None
        if first is not None:
            kept[right] = False
            yield _Verdict(right, first.left, first.similarity)
        elif known_twin is not None:
            kept[right] = False
        elif undecided:
            kept[right] = None
            yield _Verdict(right, None, None)
        else:
            kept[right] = True


class _Edge(NamedTuple):
    left: int
    right: int
    similarity: float
    left_waits: bool
    right_waits: bool
    twin: int | None


def _by_right(batches: Batches) -> Iterator[tuple[int, list[_Edge]]]:
    edges: list[_Edge] = []
    for batch in batches:
        for values in zip(*(batch.column(name).to_pylist() for name in _Edge._fields), strict=True):
            edge = _Edge(*values)
            if edges and edges[0].right != edge.right:
                yield edges[0].right, edges
                edges = []
            edges.append(edge)
    if edges:
        yield edges[0].right, edges
