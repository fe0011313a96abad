"""A check: files to workers, their reports back in order, and what comes of it all."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cleaner.check.baseline import Key, Known, LookedAt
from cleaner.check.diagnostics import Diagnostic
from cleaner.check.diff import Hunks
from cleaner.check.files import File, files_to_check, standard_input_as
from cleaner.check.pieces import Part, Piece, pieces
from cleaner.check.rewrite import Changed, Replacing, State
from cleaner.check.worker import Mode, Report, Splice, Task
from cleaner.config import Config
from cleaner.corpus.record import FailureChunk
from cleaner.rules import catalog
from cleaner.rules.catalog import DUPLICATES
from cleaner.rules.names import named

if TYPE_CHECKING:
    from cleaner.check.sketches import Seen

# So many pieces are done here: to start other processes, which takes each half a second, pays for more alone.
ALONE = 4
# A text that takes longer is given up; the slowest of real pages take a second.
TIMEOUT_S = 30.0


@dataclass(slots=True)
class Outcome:
    """What a check found.

    `diff` has the hunks of each file, `remarks` say of files why they were not mended, `wrong` which comments in files
    make no sense, `stale` which entries of the baseline are found no more; `known` counts the findings that are in it,
    `looked_at` says of what there may be findings. `empty` says of arguments that name no file why. `mended_input` is
    standard input after a fix, `cache` says why what is known of texts was not kept.
    """

    files: int = 0
    empty: list[str] = field(default_factory=list)
    mended_input: bytes | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    mended: int = 0
    diff: dict[File, str] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    cache: str = ""
    wrong: list[str] = field(default_factory=list)
    stale: list[Key] = field(default_factory=list)
    known: int = 0
    looked_at: LookedAt = field(default_factory=LookedAt)


def check(
    paths: Sequence[str],
    config: Config,
    *,
    mode: Mode = "look",
    unsafe: bool = False,
    known: Known | None = None,
    workers: int = 1,
    cache: Path | None = None,
    stdin_as: str | None = None,
    config_of: Callable[[str], Config] | None = None,
) -> Outcome:
    """Check the files, mend them where asked to (`fix`), or say what would be mended (`diff`).

    With `unsafe`, lines that are no part of the text go, too. `cache` is the folder in which what is known of
    texts that were compared is kept for the next time. `stdin_as` is the name of a file that standard input stands
    for: that alone is checked. `config_of` returns the configuration of a file, where that depends on its place;
    `config` then says whether texts are compared, and how. Raises `InputError` and `ConfigError`.
    """
    known = known or Known()
    with ExitStack() as stack:
        if stdin_as is None:
            config_at = config_of or (lambda path: config)
            files, empty = files_to_check(paths, lambda path: config_at(path).skip, config.records_at)
        else:
            files, empty = [stack.enter_context(standard_input_as(stdin_as))], []
        outcome = Outcome(files=len(files), empty=empty)
        groups = _by_configuration(files, config, config_of)
        tasks = [make_task(own, mode=mode, unsafe=unsafe, known=known) for own, _ in groups]
        codes = frozenset[str]().union(*(task.pipeline.codes | task.unreadable for task in tasks))
        looking = None
        if config.codes() & DUPLICATES and mode != "diff":
            codes |= config.codes() & DUPLICATES
            looking = stack.enter_context(_Duplicates(config, cache))
            outcome.cache = looking.remark
        states: dict[File, State] = {}
        rewriting = _Rewriting(outcome, states, mode)
        stack.callback(rewriting.discard)
        for task, (own, group) in zip(tasks, groups, strict=True):
            if looking is not None:
                task, group = looking.begin(task, own, group)
            done = _reports(task, pieces(group, task.names, states), workers)
            for piece, reports in stack.enter_context(closing(done)):
                if mode != "look":
                    rewriting.take(piece, reports)
                _add(outcome, reports)
                if looking is not None:
                    looking.take(reports, states)
            rewriting.finish()
        if stdin_as is not None and mode == "fix":
            outcome.mended_input = Path(files[0].path).read_bytes()
        if looking is not None:
            outcome.diagnostics += looking.found()
        if looking is not None or len(groups) > 1:
            places = {file.shown: place for place, file in enumerate(files)}
            outcome.diagnostics.sort(key=lambda d: (places[d.path], d.line, d.column))
    outcome.looked_at = LookedAt([file.shown for file in files], codes)
    told, outcome.stale = known.new(outcome.diagnostics, outcome.looked_at)
    outcome.known = len(outcome.diagnostics) - len(told)
    outcome.diagnostics = told
    return outcome


def _by_configuration(
    files: Sequence[File], config: Config, config_of: Callable[[str], Config] | None
) -> list[tuple[Config, list[File]]]:
    """Return the files of each configuration, in order; without files, none of the one."""
    groups: dict[int, tuple[Config, list[File]]] = {} if files else {id(config): (config, [])}
    for file in files:
        own = config_of(file.name) if config_of else config
        groups.setdefault(id(own), (own, []))[1].append(file)
    return list(groups.values())


def make_task(config: Config, *, mode: Mode, unsafe: bool, known: Known) -> Task:
    """Make the work on a piece that a configuration asks for."""
    per_file = {
        glob: frozenset[str]().union(*(named(name, config.names) for name in names))
        for glob, names in config.per_file_ignores.items()
    }
    ignored = frozenset[str]().union(*(named(name, config.names) for name in config.ignore))
    unreadable = frozenset(info.code for info in catalog() if info.code.startswith("RD")) - ignored
    # To tell the language is no finding; where none is wanted, it is not looked at.
    config = replace(config, render="plain")  # a page is judged, not written
    judged = config if config.languages else replace(config, ignore=(*config.ignore, "LG101", "LG102"))
    names = replace(config.field_names(), raw=True)
    return Task(judged.pipeline(), names, unreadable, per_file, mode, unsafe, known)


def _add(outcome: Outcome, reports: Sequence[Report]) -> None:
    for report in reports:
        outcome.diagnostics += report.diagnostics
        outcome.mended += report.mended
        outcome.remarks |= dict.fromkeys(f"{report.file.shown}: {remark}" for remark in report.remarks)
        outcome.wrong += report.wrong
        if report.diff:
            outcome.diff[report.file] = report.diff


def _reports(task: Task, work: Iterator[Piece], workers: int) -> Generator[tuple[Piece, list[Report]], None, None]:
    """Yield the reports in the order of the work; a little of it is done here, more by other processes."""
    start = list(islice(work, ALONE))
    if len(start) < ALONE:
        for piece in start:
            yield piece, task(piece)
        return
    from cleaner.runner.pool import outcomes

    yield from outcomes(task, chain(start, work), workers, TIMEOUT_S)


class _Duplicates:
    """Gathers the texts of the files, and compares them in the end. A context manager."""

    def __init__(self, config: Config, folder: Path | None) -> None:
        # Here, because numpy is loaded with them.
        from cleaner.check.sketches import Cache
        from cleaner.dedup.sketch import Sketcher

        self._codes = config.codes() & DUPLICATES
        self._cache = Cache(folder)
        self.remark = self._cache.remark
        self._sketcher = Sketcher(config.threshold, config.ngram, config.share_contained)
        self._tasks: dict[File, Task] = {}
        self._texts: dict[File, list[Seen]] = {}
        self._states: dict[File, State] = {}
        # Of files that hold something to tell beside duplicates nothing is kept but their sketches.
        self._keep: dict[File, bool] = {}

    def begin(self, task: Task, config: Config, files: Sequence[File]) -> tuple[Task, list[File]]:
        """Return the work on files of one configuration, with sketches, and those of them that must be read.

        Where nothing but duplicates is looked for, these are the ones that have changed.
        """
        from cleaner.check.duplicates import unchanged
        from cleaner.check.sketches import Sketches, settings_of

        settings = settings_of(config, task.pipeline.codes, self._sketcher)
        sketches = Sketches(self._sketcher, settings, self._cache.path)
        task = replace(task, sketches=sketches, not_compared=self._codes - config.codes())
        self._tasks |= dict.fromkeys(files, task)
        if task.pipeline.cleaning or task.pipeline.judging:
            return task, list(files)
        left = []
        for file, texts in unchanged(files, self._cache, settings):
            if texts is None:
                left.append(file)
            else:
                self._texts[file] = texts
        return task, left

    def take(self, reports: Sequence[Report], states: Mapping[File, State]) -> None:
        """Take the texts of a piece."""
        for report in reports:
            before = report.before or states.get(report.file)
            if before is not None:
                self._states[report.file] = before
            self._texts.setdefault(report.file, []).extend(report.texts)
            silent = not (report.diagnostics or report.wrong)
            self._keep[report.file] = self._keep.get(report.file, True) and silent

    def found(self) -> list[Diagnostic]:
        """Compare them."""
        from cleaner.check.duplicates import Text, duplicates

        texts = [Text(file, seen) for file, all_ in self._texts.items() for seen in all_]
        found = duplicates(texts, self._sketcher, self._cache, self._told)
        states = {
            file.real: (self._states[file], self._settings(file), self._texts[file])
            for file, keep in self._keep.items()
            if keep and file in self._states
        }
        self._cache.keep(states, [text.seen for text in texts])
        self._cache.forget({text.seen.key for text in texts})
        return found

    def _told(self, file: File) -> frozenset[str]:
        return self._codes - self._tasks[file].off(file)

    def _settings(self, file: File) -> bytes:
        sketches = self._tasks[file].sketches
        assert sketches is not None
        return sketches.settings

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the cache."""
        self._cache.close()


def parts(data: bytes, changes: Sequence[Splice]) -> Iterator[tuple[bytes, bytes]]:
    r"""Yield the data in parts of whole lines, each as it is and as it will be; the changes stand in their order.

    >>> list(parts(b"one\ntwo\nthree", [Splice(4, 7, b"2")]))
    [(b'one\n', b'one\n'), (b'two\n', b'2\n'), (b'three', b'three')]
    """
    place = 0
    left = deque(changes)
    while left:
        first = last = done = data.rfind(b"\n", place, left[0].start) + 1 or place
        if first > place:
            yield data[place:first], data[place:first]
        new: list[bytes] = []
        while left and (not new or left[0].start < last):  # all in the same line
            start, end, put = left.popleft()
            new += [data[done:start], put]
            done = end
            last = end if data[end - 1 : end] == b"\n" else data.find(b"\n", end) + 1 or len(data)
        yield data[first:last], b"".join([*new, data[done:last]])
        place = last
    if place < len(data):
        yield data[place:], data[place:]


class _Rewriting:
    """A file of records that is put together anew from its pieces.

    When the last one is there it takes its place, or the difference is told.
    """

    def __init__(self, outcome: Outcome, states: Mapping[File, State], mode: Mode) -> None:
        self._outcome = outcome
        self._states = states
        self._mode = mode
        self._hunks = Hunks()
        self._held: list[tuple[bytes, bytes]] = []  # parts of a line, as it is and as it will be, that go on in chunks
        self._file: File | None = None
        self._new: Replacing | None = None
        self._mended = 0
        self._otherwise: list[Diagnostic] = []
        self._why: str | None = None

    def take(self, piece: Piece, reports: Sequence[Report]) -> None:
        """Take the next piece."""
        if self._file is not None and not (isinstance(piece, Part) and piece.file == self._file):
            self.finish()
        if not isinstance(piece, Part) or piece.file.cannot_be_fixed:
            return
        if self._file is None:
            self._begin(piece.file)
        self._otherwise += [d for r in reports for d in (r.otherwise if r.mended else r.diagnostics)]
        if isinstance(piece.chunk, FailureChunk):
            self._why = "a part of it cannot be read"
        else:
            self._mended += sum(report.mended for report in reports)
            old: bytes = piece.chunk.data  # type: ignore[attr-defined]  # as every chunk has of which records may be mended
            for part, new in parts(old, [report.change for report in reports if report.change is not None]):
                if self._mode == "diff":
                    self._held.append((part, new))
                    if part.endswith(b"\n"):
                        self._give()
                elif self._new is not None:
                    self._new.write(new)

    def _begin(self, file: File) -> None:
        self._file, self._mended, self._otherwise, self._why = file, 0, [], None
        self._hunks, self._held = Hunks(), []
        if self._mode == "diff" or file not in self._states:  # or it could not even be looked at
            return
        try:
            self._new = Replacing(file.real, self._states[file])
        except OSError as error:
            self._why = f"it cannot be written: {error.strerror or error}"

    def finish(self) -> None:
        """Put the file in its place, or tell the difference, if anything of it was mended."""
        if self._file is None:
            return
        if self._mode == "diff" and self._mended and self._why is None:
            self._give()
            self._outcome.diff[self._file] = self._hunks.finished()
        elif self._new is not None and self._mended and self._why is None:
            try:
                self._new.commit()
            except Changed:
                self._why = "it was changed by somebody else in the meantime"
            except OSError as error:
                self._why = f"it cannot be written: {error.strerror or error}"
        if self._mended and self._why is not None:
            self._outcome.mended -= self._mended
            shown = self._file.shown
            others = [d for d in self._outcome.diagnostics if d.path != shown]
            self._outcome.diagnostics = others + self._otherwise
            self._outcome.remarks[f"{self._file.shown}: {self._why}"] = None
        self.discard()
        self._file = None

    def _give(self) -> None:
        self._hunks.add(b"".join(old for old, _ in self._held), b"".join(new for _, new in self._held))
        self._held = []

    def discard(self) -> None:
        """Remove what is not finished."""
        if self._new is not None:
            self._new.__exit__(None, None, None)
            self._new = None


def place_of_cache(config_file: Path | None) -> Path | None:
    """Return the folder that the cache lies in: the configuration's, the repository's, or the current one."""
    here = Path.cwd()
    if config_file is not None:
        here = config_file.resolve().parent
    else:
        here = next((parent for parent in (here, *here.parents) if (parent / ".git").exists()), here)
    return here if os.access(here, os.W_OK) else None
