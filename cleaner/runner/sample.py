"""A sample of the records, drawn in one pass: each has a number by its place and a seed, and the lowest are drawn."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

import xxhash

from cleaner.account.outcome import Outcome
from cleaner.corpus.record import Chunk, Item, Record, Unreadable
from cleaner.document import Drop
from cleaner.runner.guarded import Guarded
from cleaner.runner.task import Task
from cleaner.stored import Store

# Above every number that can be drawn, which have 64 bits.
ABOVE_ALL = 1 << 64


def number_of(place: str, seed: int) -> int:
    """Return the number that a record draws: the same on every machine, in every run, in any order."""
    return xxhash.xxh3_64_intdigest(place.encode("utf-8", "replace"), seed & (ABOVE_ALL - 1))


class Draw(NamedTuple):
    """The number of a record, and what became of it; None where it is not read, as enough lower numbers are known."""

    number: int
    outcome: Outcome | None


class BoundedItem(NamedTuple):
    """A record that is still to be read, if its number is below the bound."""

    item: Item
    bound: int

    @property
    def place(self) -> str:
        """What names the record."""
        return self.item.place


@dataclass(frozen=True, slots=True)
class BoundedChunk:
    """A chunk of which only those records can be drawn whose numbers are below the bound."""

    chunk: Chunk
    bound: int

    @property
    def size(self) -> int:
        """How many bytes of the input it stands for."""
        return self.chunk.size

    def items(self) -> Iterator[BoundedItem]:
        """Yield its records, in order."""
        for item in self.chunk.items():
            yield BoundedItem(item, self.bound)

    def halves(self) -> tuple[BoundedChunk, ...]:
        """Return the same records as two smaller chunks; nothing where there is one alone."""
        return tuple(BoundedChunk(half, self.bound) for half in self.chunk.halves())


class Drawn(NamedTuple):
    """The number of a record, and the record where it may be drawn."""

    number: int
    record: Record | Unreadable | None


@dataclass(frozen=True, slots=True)
class Drawing(Guarded[Drawn, Draw]):
    """The work of a run on the records that may be drawn. Can be sent to a worker."""

    task: Task
    seed: int

    def warm_up(self) -> None:
        """Load what the first document would have to wait for."""
        self.task.warm_up()

    def read(self, item: BoundedItem) -> Drawn:
        """Read one record, if it may be drawn."""
        number = number_of(item.place, self.seed)
        return Drawn(number, self.task.read(item.item) if number < item.bound else None)

    def is_text(self, drawn: Drawn) -> bool:
        """Tell whether a record that may be drawn is text, and no page."""
        return drawn.record is not None and self.task.is_text(drawn.record)

    def work(self, drawn: Drawn) -> Draw:
        """Clean one record, if it may be drawn."""
        return Draw(drawn.number, None if drawn.record is None else self.task.work(drawn.record))

    def not_read(self, place: str, why: Drop) -> Drawn:
        """Return what stands for a record that could not even be read."""
        return Drawn(number_of(place, self.seed), self.task.not_read(place, why))

    def refuse(self, drawn: Drawn | None, place: str, why: Drop) -> Draw:
        """Return what comes out for a record that is not to be cleaned; None for one that cannot even be read."""
        number = number_of(place, self.seed) if drawn is None else drawn.number
        return Draw(number, self.task.refuse(None if drawn is None else drawn.record, place, why))

    def sketched(self, draws: list[Draw]) -> list[Draw]:
        """Add the sketches of the texts that may be kept."""
        done = iter(self.task.sketched([draw.outcome for draw in draws if draw.outcome is not None]))
        return [draw if draw.outcome is None else draw._replace(outcome=next(done)) for draw in draws]


class Sample:
    """The records of the lowest numbers so far, at most `size`: a uniform sample of all that were taken.

    Outcomes lie in a file, which grows by those that were among the lowest for a time: about `size` times the natural
    logarithm of the share that is drawn. Memory: 100 bytes a record that is drawn.
    """

    def __init__(self, size: int, file: IO[bytes], store: Store) -> None:
        self._size = size
        self._file = file
        self._store = store
        self._lowest: list[tuple[int, int, int]] = []  # a heap, of negative numbers: the highest comes first
        self.seen = 0
        self.bound = ABOVE_ALL
        file.seek(0)
        file.truncate()

    def take(self, draw: Draw, **changes: Any) -> None:
        """Take the next record, with changes to its outcome."""
        order, self.seen = self.seen, self.seen + 1
        if draw.outcome is None or draw.number >= self.bound:
            return
        entry = (-draw.number, -order, self._file.tell())
        self._store.dump(draw.outcome._replace(**changes), self._file)
        if len(self._lowest) < self._size:
            heapq.heappush(self._lowest, entry)
        else:
            heapq.heapreplace(self._lowest, entry)
        if len(self._lowest) == self._size:
            self.bound = -self._lowest[0][0]

    @property
    def not_drawn(self) -> int:
        """How many records were not drawn."""
        return self.seen - len(self._lowest)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the outcomes of the records that were drawn, in the order of the input."""
        for _, _, place in sorted(self._lowest, key=lambda entry: -entry[1]):
            self._file.seek(place)
            outcome: Outcome = self._store.load(self._file)
            yield outcome
