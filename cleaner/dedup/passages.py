"""Passages that stand, word for word, in several texts: all but the first text lose them.

A passage is a run of whole lines (a paragraph is one) with at least 20 words, or 25 characters where no spaces are
written. Every line begins a shortest such run and ends one; a paragraph of several lines is one more, however its lines
are broken. A longer passage is made of these, so whoever has their digests has all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import xxhash

from cleaner.dedup.column import Blobs, Column
from cleaner.dedup.known import KnownPassages, PassageTable
from cleaner.dedup.lines import (
    CHARACTER_SIZE,
    MIN_SIZE,
    WORD_SIZE,
    blocks,
    cuts_sentence,
    edits_of,
    lines,
    runs,
    spans,
    widths,
)
from cleaner.dedup.repeated import FOUND, NONE, RUN, firsts, repeated
from cleaner.dedup.runs import SortedRuns
from cleaner.dedup.words import words
from cleaner.document import Edit

_BATCH_CHARS = 262_144


class Cut(NamedTuple):
    """What a text loses: its edits, and whether that is more than half of it."""

    edits: tuple[Edit, ...] = ()
    over_half: bool = False


class Twin(NamedTuple):
    """Where a line that is not the first of its kind stands first: the text, the line there, in how many texts."""

    first: str
    place: int
    """The line among those that are not blank, from 0."""
    number: int
    """The number of the line that the passage begins with, from 1."""
    texts: int
    former: str = ""
    """The index that has the text, where it is of a former corpus."""


class Passages:
    """Finds the passages of a corpus that `least` texts or more have; 0 finds none. A context manager.

    First `add` every text, in order; then `find` yields what each has of them, for `cut`. In files without a name in
    `folder`: 36 bytes for each run, of which a line of 20 words is one, and a shorter line begins one and ends one; and
    33 for each that is found. Memory does not grow with the corpus, but for a 256th of that.

    The texts of `former` count as texts before the first one here.
    """

    def __init__(self, folder: Path, least: int, former: KnownPassages | None = None) -> None:
        self._folder = folder
        self._least = least
        self._former = former
        self._runs = SortedRuns(folder, RUN, 1 << 64)
        self._ids = Blobs(folder)
        self._id_ends = Column(folder, "Q", 1 << 12)
        self._waiting: list[str] = []
        self._waiting_chars = 0
        self._count = 0

    def add(self, id: str, text: str) -> None:
        """Take the next text. Raises `OSError` where the disk is full."""
        self._count += 1
        if self._count == len(self._id_ends.array):
            self._id_ends.resize(2 * self._count)
        self._ids.append(id.encode("utf-8", "surrogatepass"))
        self._id_ends.values[self._count] = self._ids.size
        self._waiting.append(text)
        self._waiting_chars += len(text)
        if self._waiting_chars > _BATCH_CHARS:
            self._flush()

    def find(self) -> Iterator[list[Repeated]]:
        """Yield, for each text in order, the runs of its lines that enough texts have."""
        self._flush()
        found = SortedRuns(self._folder, FOUND, self._count)
        try:
            for rows in self._runs.parts() if self._least else ():
                known = self._former.known(np.unique(rows["key"])) if self._former else NONE
                found.add(repeated(rows, self._least, known, self._former.before if self._former else 0))
            for rows in found.by_key():
                yield [*map(self._named, rows[np.lexsort((rows["end"], rows["start"], rows["first"]))])]
        finally:
            found.close()

    def into(self, table: PassageTable) -> None:
        """Add them to those of an index, in a transaction of the caller's."""
        self._flush()
        table.extend(map(firsts, self._runs.parts()), self._runs.count, self._count, self._id)

    def disk_bytes(self) -> int:
        """Return the size of the runs on disk; what is found is removed at once."""
        return self._runs.disk_bytes()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Remove the files."""
        self._runs.close()
        self._ids.close()
        self._id_ends.close()

    def _flush(self) -> None:
        before = self._count - len(self._waiting)
        rows = [
            (*divmod(int.from_bytes(run.digest), 1 << 64), before + place, run.start, run.end, run.number, run.breaks)
            for place, some in enumerate(runs_of(self._waiting))
            for run in some
        ]
        self._runs.add(np.array(rows, RUN))
        self._waiting, self._waiting_chars = [], 0

    def _named(self, row: np.void) -> Repeated:
        first, former = int(row["first"]), ""
        if first < 0 and self._former is not None:
            id, former = self._former.table.source(first + self._former.before), self._former.path
        else:
            id = self._id(first)
        twin = Twin(id, int(row["first_start"]), int(row["number"]), int(row["texts"]), former)
        return Repeated(int(row["start"]), int(row["end"]), bool(row["own"]), twin)

    def _id(self, number: int) -> str:
        start, end = self._id_ends.values[number], self._id_ends.values[number + 1]
        return self._ids.read(start, end).decode("utf-8", "surrogatepass")


class Run(NamedTuple):
    """A run of lines of a text, as a range, the number of the first of them, and a digest of its words: 16 bytes.

    `breaks` is 0 but for one that is compared for being a paragraph alone; there it stands for where its lines end.
    """

    start: int
    end: int
    number: int
    digest: bytes
    breaks: int


def _breaks(sizes: Sequence[int]) -> int:
    """Return what tells lines of these sizes from others: a number from 1 that is under 2 ** 31."""
    return xxhash.xxh32_intdigest(np.array(sizes, "<i8").tobytes()) >> 1 | 1


class Repeated(NamedTuple):
    """A run of lines that several texts have; `own` says that this is the first of them, where it stays."""

    start: int
    end: int
    own: bool
    twin: Twin


def runs_of(texts: Sequence[str]) -> list[list[Run]]:
    """Return the runs of lines by which each text is compared."""
    several = [lines(text) for text in texts]
    measured = iter(_measured([line.text for every in several for line in every]))
    found = []
    for every in several:
        sizes, hashes = [], []
        for _ in every:
            size, data = next(measured)
            sizes.append(size)
            hashes.append(data)
        found.append(
            [
                Run(
                    start,
                    end,
                    every[start].number,
                    xxhash.xxh3_128_digest(b"".join(hashes[start:end])),
                    _breaks(sizes[start:end]) if whole else 0,
                )
                for start, end, whole in spans(every, sizes)
            ]
        )
    return found


def cut(text: str, found: Sequence[Repeated]) -> Cut:
    """Return what a text loses of the runs that others have, too, which come in the order of who has them first."""
    if not found:
        return Cut()
    every = lines(text)
    sizes = [size for size, _ in _measured([line.text for line in every])]
    twins = _twins(found, len(every))
    for start, end in blocks(every):
        _whole_or_not(twins, sizes, start, end)
    width_of = widths(every)
    edits: list[Edit] = []
    gone = 0
    for start, end in runs(twins):
        if sum(sizes[start:end]) >= MIN_SIZE and not cuts_sentence(every, width_of, start, end):
            gone += sum(len(line.text) for line in every[start:end])
            parts = _parts(twins, sizes, start, end)
            messages = [_message([twin for twin in twins[begin:stop] if twin]) for begin, stop in parts]
            edits += edits_of(text, every, parts, messages)
    return Cut(tuple(edits), over_half=2 * gone > sum(len(line.text) for line in every))


def _twins(found: Sequence[Repeated], count: int) -> list[Twin | None]:
    """Return, for each line that goes, where it stands first. What others lose because it stands here first stays."""
    twins: list[Twin | None] = [None] * count
    for run in found:
        if not run.own:
            for place in range(run.start, run.end):
                twins[place] = twins[place] or run.twin._replace(place=run.twin.place + place - run.start)
    for run in found:
        if run.own:
            twins[run.start : run.end] = [None] * (run.end - run.start)
    return twins


def _whole_or_not(twins: list[Twin | None], sizes: Sequence[int], start: int, end: int) -> None:
    """Let a block go, with its lines without words, where all with words go; else let it stay."""
    if not all(twins[place] for place in range(start, end) if sizes[place]):
        twins[start:end] = [None] * (end - start)
        return
    for places, step in ((range(start, end), 1), (range(end - 1, start - 1, -1), -1)):
        near: Twin | None = None
        for place in places:
            if near and not twins[place]:
                twins[place] = near._replace(place=near.place + step)
            near = twins[place]


def _parts(twins: Sequence[Twin | None], sizes: Sequence[int], start: int, end: int) -> list[tuple[int, int]]:
    """Return the passages that a run of lines is made of, each of lines that stand first in the same place.

    Where one of them is not large enough, which is so where two overlap, the run is one passage.
    """
    parts: list[tuple[int, int]] = []
    for place in range(start, end):
        one, before = twins[place], twins[place - 1] if place > start else None
        if one and before and (one.former, one.first, one.place) == (before.former, before.first, before.place + 1):
            parts[-1] = (parts[-1][0], place + 1)
        else:
            parts.append((place, place + 1))
    return parts if all(sum(sizes[begin:stop]) >= MIN_SIZE for begin, stop in parts) else [(start, end)]


def _message(twins: Sequence[Twin]) -> str:
    places = {(twin.first, twin.former): twin.number for twin in reversed(twins)}
    told = " and ".join(
        f"{id}, line {places[id, former]}{former and f' in {former}'}"
        for id, former in dict.fromkeys((twin.first, twin.former) for twin in twins)
    )
    return f"stands in {max(twin.texts for twin in twins):,} texts, first in {told}"


def _measured(texts: Sequence[str]) -> list[tuple[int, bytes]]:
    """Return the size of each line, and the hashes of its words."""
    if not texts:
        return []
    found = words(texts)
    data = memoryview(found.hashes.astype("<u8", copy=False).tobytes())
    bounds = found.bounds.tolist()
    rows = zip(bounds, bounds[1:], found.chars.tolist(), found.unspaced.tolist(), strict=False)
    return [
        (
            CHARACTER_SIZE * chars if 2 * unspaced > chars else WORD_SIZE * (end - start),
            bytes(data[8 * start : 8 * end]),
        )
        for start, end, chars, unspaced in rows
    ]
