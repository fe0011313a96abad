"""Inputs in; corpus, excluded records, ledger and summary out."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path
from typing import Any

import xxhash

from cleaner.account.outcome import Outcome
from cleaner.account.report import Report
from cleaner.account.summary import Summary
from cleaner.config import Config
from cleaner.corpus.formats import JSONL
from cleaner.corpus.inputs import Inputs, chunks_by_file, expand, reads_standard_input, total_bytes
from cleaner.corpus.output import (
    STANDARD_OUTPUT,
    check_apart,
    check_output,
    check_place,
    format_of_output,
    real_place,
    told_apart,
)
from cleaner.corpus.parts import Parts
from cleaner.corpus.record import FieldNames
from cleaner.corpus.schemas import input_types
from cleaner.corpus.shards import are_lines
from cleaner.corpus.standard_input import STANDARD_INPUT
from cleaner.errors import CleanerError, InputError, OutputError, UnreachableError
from cleaner.remote.address import is_address, shown
from cleaner.replacing import remove_left, replaced, temporary_folder
from cleaner.runner.about import about
from cleaner.runner.files import Files, put_in_place
from cleaner.runner.former import FormerCorpus
from cleaner.runner.manifest import as_json, fingerprint, manifest, stamps
from cleaner.runner.opened import Opened, looks_for_passages, new_leader, new_passages, opened_index, waiting_in
from cleaner.runner.outputs import KINDS, Outputs
from cleaner.runner.sample import BoundedChunk, Drawing
from cleaner.runner.sources import batched, by_source, source_of
from cleaner.runner.spawn import end_unguarded
from cleaner.runner.state import PARTIAL, STATE, UPLOAD, Workplace
from cleaner.runner.task import Task
from cleaner.runner.verdicts import decided, waits

Progress = Callable[[Summary], None]

GOES_ON = "; when that is mended, the same command goes on from here"

# Of the files that go elsewhere these get their names last, in this order.
_NAMED_LAST = {"corpus": 1, "manifest": 2}

# Outcomes of a sample between which a run can go on.
DRAWN_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Run:
    """What to clean and where to.

    `out` is a file by its ending, a folder, or `-`. `excluded` and `ledger` name the files beside it; None means OUT's
    own names, or none where `out` is `-`; the null device means none. `duplicates` names a file for the pairs that
    decided, `groups` one for each kept text with those that went for it. With 0 `workers` all is done in this process;
    a script that has some begins its runs under `if __name__ == "__main__":`. `timeout_s` bounds the time of a record.
    `limit` bounds the records; `sample` is the number of them that are drawn from all, by `seed`. `work_dir` is where
    unfinished work lies, None for beside `out`, or the current folder where that is elsewhere. `dry_run` writes nothing
    but a `report`. `index` is a near-duplicate index, by path or redis://, of former corpora: texts like one in it are
    excluded, and what is kept is added at the end, unless `read_only`. `parts` says how OUT, a folder then, is cut into
    files. Without `follow_links`, links in folders are passed over.
    """

    inputs: tuple[str, ...]
    out: str
    config: Config = field(default_factory=Config)
    _: KW_ONLY
    excluded: str | None = None
    ledger: str | None = None
    duplicates: str | None = None
    groups: str | None = None
    workers: int = 0
    timeout_s: float = 30.0
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    work_dir: str | None = None
    dry_run: bool = False
    restart: bool = False
    index: str | None = None
    read_only: bool = False
    follow_links: bool = True
    input_format: str | None = None
    parts: Parts | None = None
    report: Report | None = None
    _found: list[Inputs] = field(default_factory=list, init=False, repr=False, compare=False)

    def files(self) -> Inputs:
        """Return the files that are read, listed once. Raises `InputError` where an input is none."""
        if not self._found:
            self._found.append(
                expand(
                    self.inputs,
                    self.own(),
                    follow_links=self.follow_links,
                    forced=self.input_format,
                    skip=self.config.skip,
                    records_at=self.config.records_at,
                )
            )
        return self._found[0]

    def with_config(self, config: Config) -> Run:
        """Return the same run, over the same files, with another configuration."""
        other = replace(self, config=config)
        other._found.extend(self._found)
        return other

    def __call__(
        self,
        progress: Progress = lambda summary: None,
        goes_on: Callable[[int], None] = lambda records: None,
    ) -> Summary:
        """Do it, and return the account. `progress` is called after every chunk.

        `goes_on` is called where the run goes on, with the number of records that are done.

        A run that was interrupted goes on from what it has in `OUT.partial`; an old OUT stays until the new one is
        finished. Raises `InputError`, `OutputError` or `ConfigError` before anything is read where the run makes no
        sense, and `OutputError` where the disk is full; then the same run, done again, goes on.
        """
        end_unguarded()
        inputs = self.files()
        self._refuse_own_output(inputs)
        self.check_outputs()
        try:
            with ExitStack() as stack:
                workplace = self._workplace(inputs, stack)
                if not self.dry_run and not workplace.state.finished:
                    check_output(self.out)
                if workplace.resumed:
                    goes_on(workplace.state.records)
                if workplace.resumed or self.restart:
                    self._remove_left()
                return self._run(inputs, workplace, progress, stack)
        except UnreachableError as error:
            raise UnreachableError(f"{error}{GOES_ON if self.can_go_on else ''}") from error
        except OSError as error:
            if isinstance(error, CleanerError | BrokenPipeError):
                raise
            place = error.filename or self.work_dir or self.out
            mended = GOES_ON if self.can_go_on else ""
            raise OutputError(f"{place}: cannot be written: {error.strerror or error}{mended}") from error

    def _run(self, inputs: Inputs, workplace: Workplace, progress: Progress, stack: ExitStack) -> Summary:
        summary = workplace.state.summary
        opened = self._opened(workplace, stack)
        if not workplace.state.finished:
            summary.passed_over, summary.skipped = inputs.passed_over, inputs.skipped
            summary.bytes_total = total_bytes(inputs.paths)
            summary.names = self.config.names
            fetched = None if self.work_dir is None else workplace.fetched
            names = replace(self.config.field_names(), format=self.input_format, folder=fetched)
            summary.passed_records = names.passed
            work = (self._work if self.sample is None else self._sampled)(inputs, names, opened, progress, stack)
            self._clean(opened, work, progress)
        staged = self.outputs().staged(workplace.folder / UPLOAD)
        if not self.dry_run:
            (workplace.folder / UPLOAD).mkdir(exist_ok=True)
            summary.remarks = put_in_place(
                staged,
                workplace.folder,
                lambda: input_types(inputs.paths, self.config.field_names()),
                parts=self.parts,
                markdown=self.config.render == "markdown",
                rewritten=opened.rewrites,
            )
            self._write_manifest(inputs, summary, staged.manifest)
        if self.report is not None and staged.report is not None:
            corpus = None if self.dry_run or self.out == STANDARD_OUTPUT else staged.corpus
            told = about(self.inputs, self.out, self.config)
            self.report.write(workplace.state.collected, summary, corpus, told, staged.report)
        self._upload(staged)
        workplace.remove()
        return summary

    def _opened(self, workplace: Workplace, stack: ExitStack) -> Opened:
        """Open what the run needs; where only files are still to be put in their places, the index alone."""
        state = workplace.state
        opened = Opened(workplace, self.can_go_on, time.perf_counter() - state.summary.seconds)
        index = None
        if self.index is not None:
            index = stack.enter_context(opened_index(self.index, self.config, read_only=self.read_only))
        opened.rewrites = looks_for_passages(self.config, index, read_only=self.read_only)
        if state.finished:
            return opened
        if not self.dry_run or opened.rewrites:
            opened.files = Files(self.outputs(), workplace, as_json=self._as_json, waits=opened.rewrites)
        if index is not None:
            repeatable = not reads_standard_input(self.inputs)
            opened.former = FormerCorpus(index, state, read_only=self.read_only, repeatable=repeatable)
        if opened.rewrites:
            opened.passages = stack.enter_context(new_passages(self.config, workplace.folder, opened.former))
        opened.leader = new_leader(self.config, workplace.folder, opened.former)
        if opened.leader is not None:
            stack.enter_context(opened.leader)
            opened.waiting = waiting_in(workplace) if waits(self.config) else None
        if self.report is not None:
            from cleaner.account.collect import Collector

            state.collected = state.collected or Collector()  # a part of the state, so that nothing of it is lost
            opened.collector = state.collected
        return opened

    def _clean(self, opened: Opened, work: Iterator[tuple[int, list[Outcome]]], progress: Progress) -> None:
        """Take every record that is still to be read, and write down that all is there."""
        opened.begin()
        records = opened.records(work, self.limit, progress)
        for outcome, twin in decided(records, opened.leader, opened.waiting):
            opened.take(outcome, outcome.dropped or twin)
        opened.take_out_passages(self.config, self.workers, self.timeout_s)
        opened.finish()

    def _work(
        self, inputs: Inputs, names: FieldNames, opened: Opened, progress: Progress, stack: ExitStack
    ) -> Iterator[tuple[int, list[Outcome]]]:
        """Yield the size of every chunk, behind those that are done, with its outcomes."""
        todo = itertools.islice(chunks_by_file(inputs.paths, names), opened.workplace.state.chunks, None)
        work = stack.enter_context(closing(by_source(self._task(), todo, self.workers, self.timeout_s)))
        for file, chunk, batch in work:
            yield chunk.size, [outcome._replace(source=source_of(file, outcome)) for outcome in batch]

    def _sampled(
        self, inputs: Inputs, names: FieldNames, opened: Opened, progress: Progress, stack: ExitStack
    ) -> Iterator[tuple[int, list[Outcome]]]:
        """Read all, and yield the outcomes that were drawn in batches, behind those that are done."""
        assert self.sample is not None
        sample = opened.sample(self.sample)
        todo = ((file, BoundedChunk(chunk, sample.bound)) for file, chunk in chunks_by_file(inputs.paths, names))
        work = by_source(Drawing(self._task(), self.seed), todo, self.workers, self.timeout_s)
        size = 0
        for file, chunk, draws in stack.enter_context(closing(work)):
            for draw in draws:
                sample.take(draw, source="" if draw.outcome is None else source_of(file, draw.outcome))
            size += chunk.size
            opened.note_drawn(sample.not_drawn, size, progress)
        batches = batched(sample.outcomes(), DRAWN_AT_ONCE)
        for batch in itertools.islice(batches, opened.workplace.state.chunks, None):
            yield 0, batch

    def _task(self) -> Task:
        texts = self.parts is None and format_of_output(self.out) == "folder"
        return Task.of(self.config, as_json=self._as_json, report=self.report is not None, whole_text=texts)

    @property
    def _as_json(self) -> bool:
        """Whether the corpus waits as lines of JSON."""
        return format_of_output(self.out) == JSONL if self.parts is None else are_lines(self.parts)

    @property
    def can_go_on(self) -> bool:
        """Whether the run, killed, could go on: not where it reads from a pipe, writes to one, or writes nothing."""
        return not self.dry_run and self.out != STANDARD_OUTPUT and not reads_standard_input(self.inputs)

    def _workplace(self, inputs: Inputs, stack: ExitStack) -> Workplace:
        more: dict[str, Any] = {
            "outputs": self.outputs()._asdict(),
            "limit": self.limit,
            "sample": self._drawn_by,
            "input format": self.input_format,
            "parts": None if self.parts is None else tuple(self.parts),
        }
        if self.index is not None:
            from cleaner.dedup.server import masked

            more |= {"index": masked(self.index), "read_only": self.read_only}
        made_of = fingerprint(self.config, inputs.paths, **more)
        if self.can_go_on:
            folder = self.workplace_path
            place = Workplace(folder, made_of, lambda: stamps(inputs.paths), restart=self.restart)
        else:
            beside = None if self.out == STANDARD_OUTPUT or self.dry_run else str(self.workplace_path.absolute().parent)
            parent = self.work_dir or beside
            folder = stack.enter_context(temporary_folder(parent, ".cleaner-"))
            place = Workplace(folder, made_of)
        stack.callback(place.close)
        return place

    @property
    def _drawn_by(self) -> tuple[int, int] | None:
        """The size of the sample and its seed; None where all records are taken."""
        return None if self.sample is None else (self.sample, self.seed)

    def outputs(self) -> Outputs:
        """Name the files that the run writes."""
        return Outputs.of(
            self.out,
            excluded=self.excluded,
            ledger=self.ledger,
            duplicates=self.duplicates,
            groups=self.groups,
            report=None if self.report is None else self.report.path,
        )

    def _upload(self, staged: Outputs) -> None:
        """Upload what goes elsewhere, and name it: the corpus after what stands beside it, and the manifest last."""
        order = sorted(
            zip(KINDS, staged, self.outputs(), strict=True), key=lambda kind: _NAMED_LAST.get(kind[0].name, 0)
        )
        uploads = [(place, address) for _, place, address in order if place and address and is_address(address)]
        if uploads:
            from cleaner.remote.writing import Upload, publish

            publish(Upload(Path(place), address) for place, address in uploads if os.path.exists(place))

    def _write_manifest(self, inputs: Inputs, summary: Summary, place: str | None) -> None:
        outputs = self.outputs()
        if place is not None and outputs.manifest is not None:
            folder = "." if is_address(outputs.manifest) else os.path.dirname(outputs.manifest) or "."
            made = manifest(self.config, outputs, summary, folder=folder, limit=self.limit, sample=self._drawn_by)
            with replaced(real_place(place)) as new, open(new, "wb") as file:
                file.writelines(as_json(made, inputs.paths))

    def _remove_left(self) -> None:
        """Remove what the run has left that was killed while it put its files in their places."""
        for _, place in self.outputs().places():
            if place != STANDARD_OUTPUT and not is_address(place):
                remove_left(real_place(place))

    def own(self) -> frozenset[str]:
        """Return the real paths of what the run writes, with its unfinished work."""
        written = [place for _, place in self.outputs().places() if place != STANDARD_OUTPUT]
        return frozenset(told_apart(path) for path in (*written, str(self.workplace_path)))

    @property
    def workplace_path(self) -> Path:
        """Where the unfinished work lies."""
        if self.work_dir is None and not is_address(self.out):
            return Path(real_place(self.out) + PARTIAL)
        place = told_apart(self.out)
        mark = xxhash.xxh3_64_hexdigest(place.encode("utf-8", "surrogateescape"))
        return Path(self.work_dir or ".", f"{place.rstrip('/').rpartition('/')[2]}.{mark}{PARTIAL}")

    def check_outputs(self) -> None:
        """Raise `OutputError` where the outputs cannot be put, are one place, or would destroy what is not a run's."""
        self._check_apart()
        if self.parts is not None and (self.out == STANDARD_OUTPUT or format_of_output(self.out) != "folder"):
            raise OutputError(f"{self.out}: parts of a corpus go into a folder: name one, with a / at the end")
        if self.report is not None:
            self.report.check()
            check_place(self.report.path)
        if not self.dry_run:
            # A finished run that was interrupted while it put its files in place may have put the folder there.
            if not (self.workplace_path / STATE).exists():
                check_output(self.out)
            _corpus, *others = self.outputs().places()
            for _, place in others:
                check_place(place)

    def _check_apart(self) -> None:
        places = {kind.called: place for kind, place in self.outputs().places()}
        if self.index is not None and "://" not in self.index:
            places["the index"] = self.index
        read = {f"the rules of {pack}": pack for pack in self.config.packs}
        if self.config.site_lines is not None:
            read["the site lines"] = self.config.site_lines
        if self.config.read_line_model is not None:
            read["the model of lines"] = self.config.line_model
        check_apart(places, read)

    def _refuse_own_output(self, inputs: Inputs) -> None:
        written = self.own()
        folder = None
        if self.out != STANDARD_OUTPUT and format_of_output(self.out) == "folder":
            folder = os.path.join(told_apart(self.out), "")
        for path in inputs.paths:
            if path == STANDARD_INPUT:
                continue
            real = told_apart(path)
            if real in written:
                raise InputError(f"{shown(path)} is both an input and an output of this run; name another output")
            if folder is not None and real.startswith(folder):
                raise InputError(f"{shown(path)} lies in {self.out}, which this run would replace; name another output")
        if not inputs.paths:
            why = f"{inputs.skipped:,} files are skipped" if inputs.skipped else "no file has a known ending"
            raise InputError(f"nothing to read in {', '.join(map(shown, self.inputs))}: {why}")
