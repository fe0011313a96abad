"""Which of many texts go, where all are there before the first verdict.

Without `contained` each is decided on in keep order. With it the longer one stays, whichever comes first, and a text is
looked at up to three times:

1. the longest first: a text is *covered* where a longer one that is not covered contains it;
2. those that are not covered, in keep order: exact and near-duplicates of kept ones go, as without `contained`;
3. those that are covered, the longest first. Most are contained in a kept one, and go. Where the one that covers a text
   went as a near-duplicate, another kept one may contain it, or be like it; else the text stays.

So whatever goes names a text that is kept, and none that is named goes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

import numpy as np

from cleaner.dedup.leader import GreedyLeader, duplicate
from cleaner.dedup.sketch import Sketch
from cleaner.dedup.store import Store
from cleaner.dedup.verify import first_container, held_by
from cleaner.document import Drop

_NONE = -1

Load = Callable[[int], tuple[str, Sketch | None]]


def decide_all(keep_order: Sequence[int], load: Load, leader: GreedyLeader) -> Iterator[tuple[int, Drop]]:
    """Yield the texts that go, by number, each with its verdict; the leader then has those that are kept.

    `keep_order` has all numbers from 0 in keep order; `load` returns the id and sketch of one, without a sketch where
    there is nothing to decide. Memory: some 50 bytes a text.
    """
    if leader.sketcher.contained:
        with closing(leader.new_holders()) as holders:
            yield from _Rounds(keep_order, load, leader, holders).decided()
            leader.count_capped(holders)
        return
    for number in keep_order:
        id, sketch = load(number)
        drop = None if sketch is None else leader.decide(id, sketch)
        if drop is not None:
            yield number, drop


class _Rounds:
    def __init__(self, keep_order: Sequence[int], load: Load, leader: GreedyLeader, holders: Store) -> None:
        self._keep_order = keep_order
        self._load = load
        self._leader = leader
        self._holders = holders
        self._share = leader.sketcher.contained
        self._held = np.full(len(keep_order), _NONE)  # a text's number among the holders
        self._gone = np.zeros(len(keep_order), bool)  # by number among the holders
        self._added = 0
        self._partly_compared: set[int] = set()
        self._covered = array("q")
        self._by = array("q")  # for each covered text, the holder that covers it

    def decided(self) -> Iterator[tuple[int, Drop]]:
        for number in self._longest_first():
            known = self._cover(number)
            if known is not None:
                yield number, known
        for number in self._keep_order:
            held = self._held[number]
            if held != _NONE:
                drop = self._decide_here(number)
                if drop is not None:
                    self._gone[held] = True
                    yield number, drop
        for number, by in zip(self._covered, self._by, strict=True):
            drop = self._decide_covered(number, by)
            if drop is not None:
                yield number, drop

    def _longest_first(self) -> list[int]:
        """Return the texts that have a sketch; of equal length, the earlier in keep order comes first."""
        order = np.array(self._keep_order, np.int64)
        sizes = np.full(len(order), _NONE)
        for number in range(len(order)):
            sketch = self._load(number)[1]
            if sketch is not None:
                sizes[number] = sketch.size
        order = order[sizes[order] != _NONE]
        found: list[int] = order[np.argsort(-sizes[order], kind="stable")].tolist()
        return found

    def _cover(self, number: int) -> Drop | None:
        """Find what covers a text, or let it hold others; return the verdict where a former corpus has it."""
        id, sketch = self._loaded(number)
        looks = self._short_looks()
        known = self._leader.known(sketch)
        if known is not None:
            return known
        holder = first_container(self._holders, sketch, self._share)
        if self._short_looks() > looks:
            self._partly_compared.add(number)
        if holder is None:
            self._hold(number, id, sketch)
        else:
            self._covered.append(number)
            self._by.append(holder.number)
        return None

    def _hold(self, number: int, id: str, sketch: Sketch) -> None:
        self._holders.add(id, sketch._replace(bands=b""))
        self._held[number] = self._added
        self._added += 1

    def _decide_covered(self, number: int, by: int) -> Drop | None:
        id, sketch = self._loaded(number)
        if self._gone[by]:
            holder = first_container(self._holders, sketch, self._share, gone=self._gone)
        else:
            holder = held_by(self._holders, sketch, by)
        if holder is not None:
            return duplicate("ND103", sketch, self._holders.member(holder.number), holder.similarity)
        drop = self._decide_here(number)
        if drop is None:
            self._hold(number, id, sketch)
        return drop

    def _decide_here(self, number: int) -> Drop | None:
        id, sketch = self._loaded(number)
        drop = self._leader.decide_here(id, sketch)
        if drop is None and number in self._partly_compared:
            self._leader.note_partly_compared(id)
        return drop

    def _short_looks(self) -> int:
        return self._leader.short_looks + self._holders.short_looks

    def _loaded(self, number: int) -> tuple[str, Sketch]:
        id, sketch = self._load(number)
        assert sketch is not None
        return id, sketch
