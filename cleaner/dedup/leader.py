"""The verdict: a text goes when, and only when, a kept earlier one is verified to be at least as similar as asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self

from cleaner.dedup.sketch import Sketch, Sketcher
from cleaner.dedup.spool import SpoolStore
from cleaner.dedup.store import Compared, MemoryStore
from cleaner.dedup.verify import first_twin
from cleaner.document import Drop


class Former(Protocol):
    """The texts of a former corpus, as far as a run looks at them."""

    @property
    def sketcher(self) -> Sketcher:
        """What made their sketches."""
        ...

    @property
    def capped(self) -> int:
        """How many buckets were met that have more members than are compared."""
        ...

    @property
    def path(self) -> str | None:
        """What the corpus is called in a verdict."""
        ...

    def find(self, sketch: Sketch) -> Drop | None:
        """Return the verdict on a sketch against them."""
        ...


def find_twin(store: Compared, sketch: Sketch, threshold: float, before: int | None = None) -> Drop | None:
    """Return the verdict on a sketch against all that a store keeps, or those with numbers under `before`.

    `ND101` is for an equal sequence of words, else it is `ND102`. The first kept text at or above the threshold is
    named, so a copy of a removed text gets its verdict.
    """
    twin = store.exact(sketch.exact)
    if twin is not None and (before is None or twin < before):
        id, length = store.member(twin)
        return _duplicate("ND101", f"the same text as {id}", id, 1.0, (sketch.words, length))
    near = first_twin(store, sketch, threshold, before)
    if near is None:
        return None
    id, length = store.member(near.number)
    message = f"{near.similarity:.1%} like {id}"
    return _duplicate("ND102", message, id, near.similarity, (sketch.words, length))


def _duplicate(code: str, message: str, id: str, similarity: float, words: tuple[int, int]) -> Drop:
    method = "exact" if code == "ND101" else "near"
    details = {"method": method, "words": words[0], "duplicate_of_words": words[1]}
    return Drop(message, id, similarity, details, code)


class GreedyLeader:
    """Decide on texts one after the other, in keep order. A context manager.

    `spool` is a folder for files without a name, 1 to 2 kilobytes a kept text and 8 bytes a shingle; None keeps all in
    memory. The texts of the corpus `former`, an index, count as kept before the first one here; it is only read.

    The state is what `add()` was called with, so a run that was interrupted replays the sketches that it kept.

    Raises `ValueError` where `former` was made by another sketcher.
    """

    def __init__(self, sketcher: Sketcher, spool: Path | None = None, *, former: Former | None = None) -> None:
        if former is not None and former.sketcher != sketcher:
            raise ValueError(f"the index asks for {former.sketcher}, the run for {sketcher}")
        self.sketcher = sketcher
        self._former = former
        self._store = MemoryStore() if spool is None else SpoolStore(spool, sketcher.layout.count)

    @property
    def capped(self) -> int:
        """How many buckets hold more than `BUCKET_CAP` kept texts, of which only the first are compared."""
        return self._store.capped + (0 if self._former is None else self._former.capped)

    def decide(self, id: str, sketch: Sketch) -> Drop | None:
        """Return the verdict on a text; None means that it is kept, and was added."""
        if self._former is not None and (known := self._former.find(sketch)):
            path = self._former.path
            return replace(known, message=f"{known.message} in {path}", details={**known.details, "index": path})
        duplicate = find_twin(self._store, sketch, self.sketcher.threshold)
        if duplicate is None:
            self._store.add(id, sketch)
        return duplicate

    def add(self, id: str, sketch: Sketch) -> None:
        """Keep a text without a question: one that an earlier run decided to keep."""
        self._store.add(id, sketch)

    def kept(self) -> Iterator[tuple[str, Sketch]]:
        """Yield the texts that were kept, in order: what `NearDuplicateIndex.extend()` takes after a run."""
        return self._store.sketches()

    def close(self) -> None:
        """Remove what lies on disk."""
        self._store.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()
