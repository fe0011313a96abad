"""What a near-duplicate index asks of the place where it lies: memory, a file, a server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from cleaner.dedup.known import PassageTable
from cleaner.dedup.leader import find_twin
from cleaner.dedup.sketch import Sketch, Sketcher
from cleaner.dedup.store import LocalStore
from cleaner.document import Drop


class RunMark(NamedTuple):
    """A run that adds what it kept to an index."""

    run: str
    """Tells it from other runs: the same input, configuration and output."""
    begun: int
    """What `Backend.last()` gave when it began: which texts it was compared with."""


Learn = Callable[[PassageTable], None]
"""Adds passages to those of an index, within a transaction."""


class Backend(Protocol):
    """Keeps sketches under ids and gives verdicts. Each call is done as a whole, and may come from any thread."""

    @property
    def passages(self) -> PassageTable | None:
        """The passages of the corpora that were added; None where there is no place for them."""
        ...

    @property
    def capped(self) -> int:
        """How many buckets were met that have more members than are compared."""
        ...

    @property
    def short_looks(self) -> int:
        """How many looks met a bucket with more members than are compared."""
        ...

    def find(self, sketch: Sketch, before: int | None = None) -> Drop | None:
        """Return the verdict on a sketch, against the texts with numbers under `before`; add nothing."""
        ...

    def decide(self, id: str, sketch: Sketch) -> Drop | None:
        """Return the verdict on a sketch; None means that it was added."""
        ...

    def add(self, id: str, sketch: Sketch) -> None:
        """Add a sketch without a question."""
        ...

    def extend(
        self, sketches: Iterable[tuple[str, Sketch]], mark: RunMark | None = None, learn: Learn | None = None
    ) -> int:
        """Add those that are like none, give how many, and note the run that they come from; `learn` its passages.

        Those of a run are like none of each other, and like none that were here when it began.
        """
        ...

    def remove(self, id: str) -> int:
        """Take out the texts with this id; give how many there were."""
        ...

    def sketches(self) -> Iterator[tuple[str, Sketch]]:
        """Yield what is in the index, in order, as it stands when the first is asked for."""
        ...

    def last(self) -> int:
        """Return a number that no text has reached yet, and that all later ones are at or above."""
        ...

    def begun(self, run: str) -> int | None:
        """Return what `last()` gave when a run began that has been noted."""
        ...

    def bytes_taken(self) -> int:
        """Return the size of the file, or the memory that the server takes; 0 in memory."""
        ...

    def close(self) -> None:
        """Let go of the file or the connection."""
        ...

    def __len__(self) -> int:
        """Return the number of texts."""
        ...


class LocalBackend:
    """An index in a store of this process or on its disk. What was added is there when the call returns."""

    def __init__(self, store: LocalStore, sketcher: Sketcher) -> None:
        self._store = store
        self._sketcher = sketcher
        self._lock = threading.RLock()

    @property
    def passages(self) -> PassageTable | None:
        """The passages of the corpora that were added; None where there is no place for them."""
        return self._store.passages

    @property
    def capped(self) -> int:
        """How many buckets were met that have more members than are compared."""
        return self._store.capped

    @property
    def short_looks(self) -> int:
        """How many looks met a bucket with more members than are compared."""
        return self._store.short_looks

    def find(self, sketch: Sketch, before: int | None = None) -> Drop | None:
        """Return the verdict on a sketch, against the texts with numbers under `before`; add nothing."""
        with self._lock, self._store.snapshot():
            return self._twin(sketch, before)

    def decide(self, id: str, sketch: Sketch) -> Drop | None:
        """Return the verdict on a sketch; None means that it was added."""
        with self._lock, self._store.transaction():
            return self._decide(id, sketch)

    def _decide(self, id: str, sketch: Sketch) -> Drop | None:
        duplicate = self._twin(sketch)
        if duplicate is None:
            self._store.add(id, sketch)
        return duplicate

    def _twin(self, sketch: Sketch, before: int | None = None) -> Drop | None:
        return find_twin(self._store, sketch, self._sketcher.threshold, self._sketcher.contained, before)

    def add(self, id: str, sketch: Sketch) -> None:
        """Add a sketch without a question."""
        with self._lock, self._store.transaction():
            self._store.add(id, sketch)

    def extend(
        self, sketches: Iterable[tuple[str, Sketch]], mark: RunMark | None = None, learn: Learn | None = None
    ) -> int:
        """Add those that are like none, give how many, and note the run that they come from: all, or nothing."""
        with self._lock, self._store.transaction():
            if mark is not None:
                self._store.note(*mark)
            if mark is not None and mark.begun == self._store.last():  # they have been compared with all that is here
                added = self._add_all(sketches)
            else:
                added = sum(self._decide(id, sketch) is None for id, sketch in sketches)
            if learn is not None and self.passages is not None:
                learn(self.passages)
            return added

    def _add_all(self, sketches: Iterable[tuple[str, Sketch]]) -> int:
        added = 0
        for id, sketch in sketches:
            self._store.add(id, sketch)
            added += 1
        return added

    def remove(self, id: str) -> int:
        """Take out the texts with this id; give how many there were."""
        with self._lock, self._store.transaction():
            return self._store.remove(id)

    def sketches(self) -> Iterator[tuple[str, Sketch]]:
        """Yield what is in the index, in order. Until the last was given, other threads wait."""
        with self._lock, self._store.snapshot():
            yield from self._store.sketches()

    def last(self) -> int:
        """Return a number that no text has reached yet, and that all later ones are at or above."""
        with self._lock:
            return self._store.last()

    def begun(self, run: str) -> int | None:
        """Return what `last()` gave when a run began that has been noted."""
        with self._lock:
            return self._store.begun(run)

    def bytes_taken(self) -> int:
        """Return the size of the file; 0 in memory."""
        return self._store.disk_bytes()

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __len__(self) -> int:
        """Return the number of texts."""
        with self._lock:
            return len(self._store)
