"""The index that a run is held against: what former runs kept counts as kept, and what this one keeps is added."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import xxhash

from cleaner.account.summary import IndexAccount

if TYPE_CHECKING:
    from cleaner.dedup.backend import RunMark
    from cleaner.dedup.index import Before, NearDuplicateIndex
    from cleaner.dedup.leader import GreedyLeader
    from cleaner.dedup.passages import Passages
    from cleaner.runner.state import State


class FormerCorpus:
    """An index, as it was when the run began.

    A run that goes on after an interruption sees what it saw before: `state` holds how many texts there were. So does
    a run that is done again in all points: the index has noted where it began. It never meets its own texts, comes out
    the same, and adds nothing. That a run is the same is seen from `state.made_of`; `repeatable` says that this tells
    all its input, which it does not where that comes through a pipe.
    """

    def __init__(self, index: NearDuplicateIndex, state: State, *, read_only: bool, repeatable: bool) -> None:
        self._index = index
        self._read_only = read_only
        self._run = _key(state) if repeatable else None
        noted = None
        if state.index_texts is None:
            noted = index.begun(self._run) if self._run else None
            state.index_texts = index.last() if noted is None else noted
        if state.summary.index is None:
            state.summary.index = IndexAccount(str(index.path), repeated=noted is not None)
        self._begun = state.index_texts
        self._repeated = state.summary.index is not None and state.summary.index.repeated

    @property
    def texts(self) -> Before:
        """The texts that count as kept before the first of this run."""
        return self._index.before(self._begun)

    def add(self, leader: GreedyLeader, passages: Passages | None) -> int:
        """Add what the run has kept, where nothing in the index is like it; give how many texts that were.

        The passages of all that it has kept are added to those of the index, unless they were when it was done before.

        Where an attempt before this one had added them, and was interrupted then, they are counted as it counted them.
        """
        if self._read_only:
            return 0
        if self._run is not None and not self._repeated and self._index.begun(self._run) is not None:
            twins = ((id_, self._index.find(sketch)) for id_, sketch in leader.kept())
            return sum(twin is not None and twin.duplicate_of == id_ for id_, twin in twins)
        learn = None if passages is None or self._repeated else passages.into
        return self._index.extend(leader.kept(), self._mark(), learn)

    def _mark(self) -> RunMark | None:
        from cleaner.dedup.backend import RunMark

        return None if self._run is None else RunMark(self._run, self._begun)


def _key(state: State) -> str:
    # As ASCII, because names of files need not be UTF-8.
    return xxhash.xxh3_128_hexdigest(json.dumps(msgspec.to_builtins(state.made_of), sort_keys=True).encode())
