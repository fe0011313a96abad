"""Inputs in; corpus, excluded records, ledger and summary out."""

from __future__ import annotations

import functools
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.account.outcome import Outcome
from cleaner.account.report import Report
from cleaner.account.summary import Summary
from cleaner.config import Config
from cleaner.corpus.inputs import STANDARD_INPUT, Inputs, chunks, expand, reads_standard_input, total_bytes
from cleaner.corpus.output import (
    NEW,
    STANDARD_OUTPUT,
    beside,
    check_apart,
    check_output,
    check_place,
    format_of_output,
    real_place,
)
from cleaner.corpus.record import Chunk
from cleaner.document import Drop
from cleaner.errors import CleanerError, ConfigError, InputError, OutputError
from cleaner.rules.catalog import DUPLICATES
from cleaner.runner.about import about
from cleaner.runner.files import Files, Outputs, put_in_place
from cleaner.runner.former import FormerCorpus
from cleaner.runner.manifest import as_json, fingerprint, manifest
from cleaner.runner.pool import outcomes
from cleaner.runner.state import PARTIAL, STATE, State, Workplace
from cleaner.runner.task import Task
from cleaner.runner.verdicts import FIRST, decided

if TYPE_CHECKING:
    from cleaner.account.collect import Collector
    from cleaner.dedup.index import NearDuplicateIndex
    from cleaner.dedup.leader import GreedyLeader

# Between two points to go on from. Writing one costs a few milliseconds; losing one, this much work.
SAVE_EVERY_S = 2.0

# Texts that are sketched at once when a run goes on.
REPLAY_TEXTS = 256


@dataclass(frozen=True, slots=True)
class Run:
    """What to clean and where to.

    `out` is a file by its ending, a folder, or `-`. `excluded` and `ledger` name the files beside it; None means OUT's
    own names, or none where `out` is `-`; the null device means none. `duplicates` names a file for the pairs that
    decided. With 0 `workers` all is done in this process. `timeout_s` bounds the time of a record. `limit` bounds the
    records, `dry_run` writes nothing but a `report`. `index` is a near-duplicate index, by path or redis://, of former
    corpora: texts like one in it are excluded, and what is kept is added at the end, unless `read_only`.
    """

    inputs: tuple[str, ...]
    out: str
    config: Config = field(default_factory=Config)
    excluded: str | None = None
    ledger: str | None = None
    duplicates: str | None = None
    workers: int = 0
    timeout_s: float = 30.0
    limit: int | None = None
    dry_run: bool = False
    restart: bool = False
    index: str | None = None
    read_only: bool = False
    report: Report | None = None

    def __call__(
        self,
        progress: Callable[[Summary], None] = lambda summary: None,
        goes_on: Callable[[int], None] = lambda records: None,
    ) -> Summary:
        """Do it, and give the account. `progress` is called after every chunk.

        `goes_on` is called where the run goes on, with the number of records that are done.

        A run that was interrupted goes on from what it has in `OUT.partial`; an old OUT stays until the new one is
        finished. Raises `InputError`, `OutputError` or `ConfigError` before anything is read where the run makes no
        sense, and `OutputError` where the disk is full; then the same run, done again, goes on.
        """
        inputs = expand(self.inputs, self.own())
        self._refuse_own_output(inputs)
        self.check_outputs()
        try:
            with ExitStack() as stack:
                workplace = self._workplace(inputs, stack)
                if not self.dry_run and not workplace.state.finished:
                    check_output(self.out)
                if workplace.resumed:
                    goes_on(workplace.state.records)
                return self._run(inputs, workplace, self._opened_index(stack), progress, stack)
        except OSError as error:
            if isinstance(error, CleanerError | BrokenPipeError):
                raise
            place = error.filename or self.out
            raise OutputError(
                f"{place}: cannot be written: {error.strerror or error}; when that is mended, "
                "the same command goes on from here"
            ) from error

    def _run(
        self,
        inputs: Inputs,
        workplace: Workplace,
        index: NearDuplicateIndex | None,
        progress: Callable[[Summary], None],
        stack: ExitStack,
    ) -> Summary:
        state = workplace.state
        summary = state.summary
        if not state.finished:
            begun = time.perf_counter() - summary.seconds
            can_go_on = self.can_go_on
            summary.passed_over, summary.bytes_total = inputs.passed_over, total_bytes(inputs.paths)
            files = None if self.dry_run else Files(self.outputs(), workplace)
            former = None if index is None else self._former(index, workplace)
            if former is not None and can_go_on and not workplace.resumed:
                workplace.save()  # what the index held before: it must not be asked again once it holds this run
            leader = self._leader(stack, workplace.folder, former)
            waiting = workplace.open("waiting") if leader is not None and self.config.keep != FIRST else None
            if files is not None and leader is not None and waiting is None and workplace.resumed:
                _replay(files, leader)

            def flow() -> Iterator[Outcome]:
                saved = time.monotonic()
                for size, batch in self._work(inputs, state.chunks, stack):
                    batch = batch[: None if self.limit is None else self.limit - state.records]
                    yield from batch
                    state.chunks += 1
                    state.records += len(batch)
                    summary.bytes_read += size
                    summary.seconds = time.perf_counter() - begun
                    progress(summary)
                    if can_go_on and time.monotonic() - saved > SAVE_EVERY_S:
                        workplace.save()
                        saved = time.monotonic()
                    if state.records == self.limit:
                        return

            collector = self._collector(state)
            verdict = None if leader is None else functools.partial(_duplicate, leader)
            for outcome, twin in decided(flow(), verdict, self.config.keep, waiting):
                dropped = outcome.dropped or twin
                summary.add(outcome, dropped)
                if collector is not None:
                    collector.add(outcome, dropped)
                if files is not None:
                    files.write(outcome, dropped)
            summary.capped_buckets = leader.capped if leader is not None else 0
            if former is not None and leader is not None and summary.index is not None:
                summary.index.added = former.add(leader)
            summary.seconds = time.perf_counter() - begun
            if files is not None:
                files.close()
        if not self.dry_run:
            put_in_place(self.outputs(), workplace.folder)
            self._write_manifest(inputs, summary)
        if self.report is not None:
            corpus = None if self.dry_run or self.out == STANDARD_OUTPUT else self.out
            self.report.write(state.collected, summary, corpus, about(self.inputs, self.out, self.config))
        workplace.remove()
        return summary

    def _work(
        self, inputs: Inputs, done: int, stack: ExitStack
    ) -> Generator[tuple[int, Sequence[Outcome]], None, None]:
        task = Task.of(self.config, as_json=format_of_output(self.out) == "jsonl", report=self.report is not None)
        todo: Iterator[Chunk] = itertools.islice(chunks(inputs.paths, self.config.field_names()), done, None)
        work = stack.enter_context(closing(outcomes(task, todo, self.workers, self.timeout_s)))
        for chunk, batch in work:
            yield chunk.size, batch

    @property
    def can_go_on(self) -> bool:
        """Whether the run, killed, could go on: not where it reads from a pipe, writes to one, or writes nothing."""
        return not self.dry_run and self.out != STANDARD_OUTPUT and not reads_standard_input(self.inputs)

    def _workplace(self, inputs: Inputs, stack: ExitStack) -> Workplace:
        more: dict[str, Any] = {"outputs": self.outputs()._asdict(), "limit": self.limit}
        if self.index is not None:
            from cleaner.dedup.server import masked

            more |= {"index": masked(self.index), "read_only": self.read_only}
        made_of = fingerprint(self.config, inputs.paths, **more)
        if self.can_go_on:
            folder = self._partial
            place = Workplace(folder, made_of, restart=self.restart)
        else:
            parent = None if self.out == STANDARD_OUTPUT or self.dry_run else os.path.dirname(os.path.abspath(self.out))
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".cleaner-", dir=parent)))
            place = Workplace(folder, made_of)
        stack.callback(place.close)
        return place

    def _collector(self, state: State) -> Collector | None:
        """Give what collects for the report: part of the state, so that a run that goes on has all of it."""
        if self.report is None:
            return None
        from cleaner.account.collect import Collector

        state.collected = state.collected or Collector()
        collector: Collector = state.collected
        return collector

    def _opened_index(self, stack: ExitStack) -> NearDuplicateIndex | None:
        if self.index is None:
            return None
        if not self.config.codes() & DUPLICATES:
            raise ConfigError("--index: an index is for duplicates, and the rules ND101 and ND102 do not run")
        from cleaner.dedup.index import NearDuplicateIndex

        threshold, ngram = self.config.threshold, self.config.ngram
        index = NearDuplicateIndex.open(self.index, threshold=threshold, ngram=ngram, read_only=self.read_only)
        return stack.enter_context(index)

    def _former(self, index: NearDuplicateIndex, workplace: Workplace) -> FormerCorpus:
        repeatable = not reads_standard_input(self.inputs)
        return FormerCorpus(index, workplace.state, read_only=self.read_only, repeatable=repeatable)

    def _leader(self, stack: ExitStack, folder: Path, former: FormerCorpus | None) -> GreedyLeader | None:
        if not self.config.codes() & DUPLICATES:
            return None
        from cleaner.dedup.leader import GreedyLeader
        from cleaner.dedup.sketch import Sketcher

        sketcher = Sketcher(self.config.threshold, self.config.ngram)
        return stack.enter_context(GreedyLeader(sketcher, folder, former=None if former is None else former.texts))

    def outputs(self) -> Outputs:
        """Name the files that the run writes."""
        own = self.out != STANDARD_OUTPUT

        def named(given: str | None, default: str | None = None) -> str | None:
            if given == os.devnull:
                return None
            return given or (beside(self.out, default) if own and default else None)

        return Outputs(
            self.out,
            named(self.excluded, "excluded.jsonl"),
            named(self.ledger, "ledger.jsonl"),
            named(self.duplicates),
            None if self.report is None else self.report.path,
        )

    @property
    def manifest(self) -> str | None:
        """Where the manifest goes; None where the corpus goes to standard output."""
        return None if self.out == STANDARD_OUTPUT else beside(self.out, "manifest.json")

    def _write_manifest(self, inputs: Inputs, summary: Summary) -> None:
        if self.manifest is not None:
            folder = os.path.dirname(self.manifest) or "."
            content = as_json(
                manifest(self.config, inputs.paths, self.outputs(), summary, folder=folder, limit=self.limit)
            )
            place = real_place(self.manifest)
            new = Path(place + NEW)
            new.write_bytes(content)
            os.replace(new, place)

    def own(self) -> frozenset[str]:
        """Give the real paths of what the run writes, with its unfinished work."""
        written = [path for path in (*self.outputs(), self.manifest) if path and path != STANDARD_OUTPUT]
        return frozenset(os.path.realpath(path) for path in (*written, str(self._partial)))

    @property
    def _partial(self) -> Path:
        return Path(real_place(self.out) + PARTIAL)

    def check_outputs(self) -> None:
        """Raise `OutputError` where the outputs cannot be put, are one place, or would destroy what is not a run's."""
        corpus, *others = self.outputs()
        self._check_apart()
        if self.report is not None:
            self.report.check()
            check_place(self.report.path)
        if not self.dry_run:
            # A finished run that was interrupted while it put its files in place may have put the folder there.
            if not (self._partial / STATE).exists():
                check_output(corpus)
            for place in others:
                if place is not None:
                    check_place(place)

    def _check_apart(self) -> None:
        corpus, excluded, ledger, duplicates, report = self.outputs()
        places = {
            "the corpus": corpus,
            "the excluded records": excluded,
            "the ledger": ledger,
            "the duplicates": duplicates,
            "the report": report,
            "the manifest": self.manifest,
            "the index": None if self.index is None or "://" in self.index else self.index,
        }
        read = {f"the rules of {pack}": pack for pack in self.config.packs}
        if self.config.site_lines is not None:
            read["the site lines"] = self.config.site_lines
        check_apart(places, read)

    def _refuse_own_output(self, inputs: Inputs) -> None:
        written = self.own()
        folder = None
        if self.out != STANDARD_OUTPUT and format_of_output(self.out) == "folder":
            folder = os.path.join(os.path.realpath(self.out), "")
        for path in inputs.paths:
            if path == STANDARD_INPUT:
                continue
            real = os.path.realpath(path)
            if real in written:
                raise InputError(f"{path} is both an input and an output of this run; name another output")
            if folder is not None and real.startswith(folder):
                raise InputError(f"{path} lies in {self.out}, which this run would replace; name another output")
        if not inputs.paths:
            raise InputError(f"nothing to read in {', '.join(self.inputs)}: no file has a known ending")


def _replay(files: Files, leader: GreedyLeader) -> None:
    """Tell the leader what an interrupted run has kept."""
    kept = files.kept()
    while batch := list(itertools.islice(kept, REPLAY_TEXTS)):
        sketches = leader.sketcher.batch([text for _, text in batch])
        for (id_, _), sketch in zip(batch, sketches, strict=True):
            leader.add(id_, sketch)


def _duplicate(leader: GreedyLeader, outcome: Outcome) -> Drop | None:
    assert outcome.sketch is not None
    return leader.decide(outcome.id, outcome.sketch)
