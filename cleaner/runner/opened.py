"""What is open while a run lasts: its workplace and files, the texts that were kept, the index of former corpora."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.account.outcome import Outcome
from cleaner.account.summary import Summary
from cleaner.config import Config
from cleaner.document import Drop
from cleaner.errors import ConfigError
from cleaner.rules.catalog import DUPLICATES
from cleaner.runner.files import Files
from cleaner.runner.former import FormerCorpus
from cleaner.runner.sample import Sample
from cleaner.runner.state import Workplace
from cleaner.runner.verdicts import Waiting
from cleaner.stored import Store

if TYPE_CHECKING:
    from cleaner.account.collect import Collector
    from cleaner.dedup.index import NearDuplicateIndex
    from cleaner.dedup.leader import GreedyLeader
    from cleaner.dedup.passages import Passages

# Between two points to go on from. Writing one costs a few milliseconds; losing one, this much work.
SAVE_EVERY_S = 2.0

# Texts that are sketched at once when a run goes on.
REPLAY_TEXTS = 256


@dataclass(slots=True)
class Opened:
    """What a run has open; whoever opened it closes it.

    `files` is None where nothing is written, `leader` where duplicates stay, `former` where there is no index,
    `waiting` where records are decided on as they come, `collector` where nobody asked for a report, `passages` where
    nobody looks for any. `rewrites` says that corpus and ledger are written twice, the second time without passages.
    """

    workplace: Workplace
    saves: bool
    begun: float
    files: Files | None = None
    former: FormerCorpus | None = None
    leader: GreedyLeader | None = None
    waiting: Waiting | None = None
    collector: Collector | None = None
    passages: Passages | None = None
    rewrites: bool = False

    def begin(self) -> None:
        """Go on from what is there; of a new run, note what the index holds before it holds this run."""
        if self.former is not None and self.saves and not self.workplace.resumed:
            self.workplace.save()
        if self.files is not None and self.leader is not None and self.waiting is None and self.workplace.resumed:
            _replay(self.files, self.leader)

    def records(
        self, work: Iterable[tuple[int, list[Outcome]]], limit: int | None, progress: Callable[[Summary], None]
    ) -> Iterator[Outcome]:
        """Yield the outcomes of the chunks up to `limit`, and save from time to time a point to go on from."""
        state = self.workplace.state
        saved = time.monotonic()
        for size, batch in work:
            batch = batch[: None if limit is None else limit - state.records]
            yield from batch
            state.chunks += 1
            state.records += len(batch)
            state.summary.bytes_read += size
            state.summary.seconds = time.perf_counter() - self.begun
            progress(state.summary)
            if self.saves and time.monotonic() - saved > SAVE_EVERY_S:
                self.workplace.save()
                saved = time.monotonic()
            if state.records == limit:
                return

    def sample(self, size: int) -> Sample:
        """Return an empty sample, whose records lie in the workplace."""
        return Sample(size, self.workplace.open("drawn"), _outcome_store())

    def note_drawn(self, not_drawn: int, size: int, progress: Callable[[Summary], None]) -> None:
        """Count what a sample has seen so far: the records that it has not drawn, and the bytes of all."""
        summary = self.workplace.state.summary
        summary.not_drawn, summary.bytes_read = not_drawn, size
        summary.seconds = time.perf_counter() - self.begun
        progress(summary)

    def take(self, outcome: Outcome, dropped: Drop | None) -> None:
        """Count a record and put it where it belongs."""
        summary = self.workplace.state.summary
        summary.add(outcome, dropped)
        if self.collector is not None:
            self.collector.add(outcome, dropped)
        if self.files is not None:
            self.files.write(outcome, dropped)
        if dropped is None and self.leader is not None and self.leader.partly_compared(outcome.id):
            summary.partly_compared += 1
            if self.files is not None:
                self.files.note_partly_compared(outcome.id)

    def finish(self) -> None:
        """Add to the index what was kept, and write down that all is there."""
        summary = self.workplace.state.summary
        if self.leader is not None:
            summary.capped_buckets = self.leader.capped
            if self.former is not None and summary.index is not None:
                summary.index.added = self.former.add(self.leader, self.passages)
        if self.files is not None:
            largest = self.files.group()
            if self.collector is not None and largest is not None:
                members = [(one.id, one.code, one.similarity) for one in largest.removed]
                self.collector.take_largest_group(largest.id, members)
        summary.seconds = time.perf_counter() - self.begun
        if self.files is not None:
            self.files.close()

    def take_out_passages(self, config: Config, workers: int, timeout_s: float) -> None:
        """Take passages that several of the kept texts have out of all but the first."""
        if self.files is not None and self.passages is not None:
            from cleaner.runner.passages import Taking, take_out

            summary = self.workplace.state.summary
            taking = Taking(config, self.workplace.folder, self.leader, summary.whole, workers, timeout_s)
            take_out(self.files, self.passages, taking, summary)


def opened_index(path: str, config: Config, *, read_only: bool) -> NearDuplicateIndex:
    """Open the index that a run is held against. Raises `ConfigError` where the run looks for no duplicates."""
    if not config.codes() & DUPLICATES:
        raise ConfigError("--index: an index is for duplicates, and the rules ND101, ND102 and ND103 do not run")
    from cleaner.dedup.index import NearDuplicateIndex

    return NearDuplicateIndex.open(
        path,
        threshold=config.threshold,
        ngram=config.ngram,
        contained=config.share_contained,
        passages=config.shared_passages > 0,
        read_only=read_only,
    )


def looks_for_passages(config: Config, index: NearDuplicateIndex | None, *, read_only: bool) -> bool:
    """Say whether a run looks at passages: to take them out, or because its index is to learn them."""
    return config.shared_passages > 0 or (index is not None and index.keeps_passages and not read_only)


def new_leader(config: Config, folder: Path, former: FormerCorpus | None) -> GreedyLeader | None:
    """Return what decides on the duplicates of a run; None where nobody looks for them."""
    sketcher = config.sketcher()
    if sketcher is None:
        return None
    from cleaner.dedup.leader import GreedyLeader

    return GreedyLeader(sketcher, folder, former=None if former is None else former.texts)


def new_passages(config: Config, folder: Path, former: FormerCorpus | None) -> Passages:
    """Return what finds the passages of a run."""
    from cleaner.dedup.passages import Passages

    return Passages(folder, config.shared_passages, None if former is None else former.texts.passages)


def waiting_in(workplace: Workplace) -> Waiting:
    """Return the file of a run in which outcomes wait for their verdict."""
    return Waiting(workplace.open("waiting"), _outcome_store())


def _outcome_store() -> Store:
    from cleaner.account.facts import Example, Facts
    from cleaner.dedup.sketch import Sketch

    return Store(Outcome, Drop, Sketch, Facts, Example)


def _replay(files: Files, leader: GreedyLeader) -> None:
    """Tell the leader what an interrupted run has kept."""
    kept = files.kept()
    while batch := list(itertools.islice(kept, REPLAY_TEXTS)):
        sketches = leader.sketcher.batch([text for _, text in batch])
        for (id_, _), sketch in zip(batch, sketches, strict=True):
            leader.add(id_, sketch)
