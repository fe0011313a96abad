"""Inputs in; corpus, excluded records, ledger and summary out."""

from __future__ import annotations

import functools
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.config import Config
from cleaner.corpus.inputs import STANDARD_INPUT, Inputs, chunks, expand, total_bytes
from cleaner.corpus.output import STANDARD_OUTPUT, JsonlWriter, Writer, beside, format_of_output, writer
from cleaner.corpus.record import FieldNames
from cleaner.errors import InputError, OutputError
from cleaner.runner.pool import outcomes
from cleaner.runner.summary import Summary
from cleaner.runner.task import Outcome, Reason, Task, excluded_line
from cleaner.runner.verdicts import decided

if TYPE_CHECKING:
    from cleaner.dedup.leader import GreedyLeader


@dataclass(frozen=True, slots=True)
class Run:
    """What to clean and where to.

    `out` is a file by its ending, a folder, or `-`. `excluded` and `ledger` name the files beside it; None means OUT's
    own names, or none where `out` is `-`. `duplicates` names a file for the pairs that decided. `limit` bounds the
    records, `dry_run` writes nothing.
    """

    inputs: tuple[str, ...]
    out: str
    config: Config = field(default_factory=Config)
    excluded: str | None = None
    ledger: str | None = None
    duplicates: str | None = None
    workers: int = 1
    limit: int | None = None
    dry_run: bool = False

    def __call__(self, progress: Callable[[Summary], None] = lambda summary: None) -> Summary:
        """Do it, and give the account. `progress` is called after every chunk.

        Raises `InputError`, `OutputError` or `ConfigError` before anything is read where the run makes no sense.
        An old OUT stays until the new one is finished, and for good where the run fails.
        """
        start = time.perf_counter()
        inputs = expand(self.inputs)
        self._refuse_own_output(inputs)
        task = Task.of(self.config, as_json=format_of_output(self.out) == "jsonl")
        summary = Summary(passed_over=inputs.passed_over, bytes_total=total_bytes(inputs.paths))
        with ExitStack() as stack:
            files = _Files(self, stack)
            spool = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".cleaner-", dir=self._spool_parent())))
            leader = self._leader(stack, spool)
            read = chunks(inputs.paths, FieldNames.of(self.config))
            work = stack.enter_context(closing(outcomes(task, read, self.workers)))

            def flow() -> Iterator[Outcome]:
                for size, batch in _limited(work, self.limit):
                    yield from batch
                    summary.bytes_read += size
                    summary.seconds = time.perf_counter() - start
                    progress(summary)

            verdict = None if leader is None else functools.partial(_duplicate, leader)
            for outcome, reason in decided(flow(), verdict, self.config.keep, spool):
                summary.add(outcome, reason)
                files.write(outcome, reason)
            files.finish()
        summary.seconds = time.perf_counter() - start
        return summary

    def _leader(self, stack: ExitStack, spool: Path) -> GreedyLeader | None:
        if not self.config.codes() & {"ND101", "ND102"}:
            return None
        from cleaner.dedup.leader import GreedyLeader
        from cleaner.dedup.sketch import Sketcher

        return stack.enter_context(GreedyLeader(Sketcher(self.config.threshold, self.config.ngram), spool))

    def _spool_parent(self) -> str | None:
        """Give the folder for temporary files: OUT's, because that is where there is room for a corpus."""
        if self.out == STANDARD_OUTPUT or self.dry_run:
            return None
        return os.path.dirname(os.path.abspath(self.out.rstrip("/")))

    def outputs(self) -> Outputs:
        """Name the files that the run writes."""
        own = self.out != STANDARD_OUTPUT
        return Outputs(
            self.out,
            self.excluded or (beside(self.out, "excluded") if own else None),
            self.ledger or (beside(self.out, "ledger") if own else None),
            self.duplicates,
        )

    def _refuse_own_output(self, inputs: Inputs) -> None:
        written = {os.path.realpath(path) for path in self.outputs() if path and path != STANDARD_OUTPUT}
        for path in inputs.paths:
            if path != STANDARD_INPUT and os.path.realpath(path) in written:
                raise InputError(f"{path} is both an input and an output of this run; name another output")
        if not inputs.paths:
            raise InputError(f"nothing to read in {', '.join(self.inputs)}: no file has a known ending")


class Outputs(NamedTuple):
    """The files of a run; None for one that is not written."""

    corpus: str
    excluded: str | None
    ledger: str | None
    duplicates: str | None


class _Files:
    """The files of a run, written together and put in place together."""

    def __init__(self, run: Run, stack: ExitStack) -> None:
        self._kept: Writer | None = None
        self._excluded: JsonlWriter | None = None
        self._ledger: JsonlWriter | None = None
        self._duplicates: JsonlWriter | None = None
        if run.dry_run:
            return
        outputs = run.outputs()
        try:
            for path in outputs:
                if path and path != STANDARD_OUTPUT:
                    os.makedirs(os.path.dirname(os.path.abspath(path.rstrip("/"))), exist_ok=True)
            self._kept = writer(outputs.corpus)
            stack.callback(self._discard)
            self._excluded = JsonlWriter(outputs.excluded) if outputs.excluded else None
            self._ledger = JsonlWriter(outputs.ledger) if outputs.ledger else None
            self._duplicates = JsonlWriter(outputs.duplicates) if outputs.duplicates else None
        except OSError as error:
            if isinstance(error, OutputError):
                raise
            raise OutputError(f"{error.filename or run.out}: cannot be written: {error.strerror or error}") from error
        self._finished = False

    def write(self, outcome: Outcome, reason: Reason | None) -> None:
        """Put a record where it belongs."""
        if reason is None:
            if isinstance(self._kept, JsonlWriter) and isinstance(outcome.kept, bytes):
                self._kept.write_line(outcome.kept)
            elif self._kept is not None and outcome.kept is not None and not isinstance(outcome.kept, bytes):
                self._kept.write(outcome.kept)
            if self._ledger is not None:
                self._ledger.write_line(outcome.ledger)
            return
        if self._excluded is not None:
            self._excluded.write_line(excluded_line(outcome.record, reason))
        if self._duplicates is not None and reason.duplicate_of is not None:
            self._duplicates.write({"id": outcome.id, **reason.as_field()})

    def finish(self) -> None:
        """Put the files in their places."""
        for file in (self._duplicates, self._ledger, self._excluded, self._kept):
            if file is not None:
                file.close()
        self._finished = True

    def _discard(self) -> None:
        if not self._finished:
            for file in (self._duplicates, self._ledger, self._excluded, self._kept):
                if file is not None:
                    file.discard()


def _limited(
    work: Iterator[tuple[Any, Sequence[Outcome]]], limit: int | None
) -> Iterator[tuple[int, Sequence[Outcome]]]:
    left = limit
    for chunk, batch in work:
        if left is not None:
            batch = batch[:left]
            left -= len(batch)
        yield chunk.size, batch
        if left == 0:
            return


def _duplicate(leader: GreedyLeader, outcome: Outcome) -> Reason | None:
    assert outcome.sketch is not None
    twin = leader.decide(outcome.id, outcome.sketch)
    if twin is None:
        return None
    same = twin.code == "ND101"
    message = f"the same text as {twin.duplicate_of}" if same else f"{twin.similarity:.1%} like {twin.duplicate_of}"
    details = {"method": twin.method, "words": twin.words, "duplicate_of_words": twin.duplicate_of_words}
    return Reason(twin.code, message, twin.duplicate_of, round(twin.similarity, 6), details)
