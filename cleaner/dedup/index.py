"""A near-duplicate index for scrapers and for runs that go on from a former corpus."""

from __future__ import annotations

from os import PathLike
from typing import NamedTuple, Self

from cleaner.dedup.leader import Duplicate, find_twin
from cleaner.dedup.sketch import Sketch, Sketcher
from cleaner.dedup.store import MemoryStore, Store


class Match(NamedTuple):
    """The indexed text that a text is like."""

    id: str
    similarity: float
    """The exact Jaccard similarity of the two sets of shingles, in [0, 1]."""


class NearDuplicateIndex:
    """Texts that were kept, and the question whether a new one is like one of them. A context manager.

    >>> with NearDuplicateIndex.open() as index:
    ...     index.check_and_add("a", "The ferry to the island leaves at nine.")
    ...     index.check_and_add("b", "the ferry to the island leaves at nine")
    Match(id='a', similarity=1.0)
    """

    def __init__(self, sketcher: Sketcher, store: Store) -> None:
        self.sketcher = sketcher
        self._store = store

    @classmethod
    def open(cls, path: str | PathLike[str] | None = None, *, threshold: float = 0.7, ngram: int = 5) -> Self:
        """Open the index in the file `path`, made where there is none; without a path, one in memory."""
        if path is not None:
            raise NotImplementedError("only an index in memory is there yet: leave out the path")
        return cls(Sketcher(threshold, ngram), MemoryStore())

    def check_and_add(self, id: str, text: str) -> Match | None:
        """Give the indexed text that `text` is like; None means there is none, and it was added."""
        sketch = self._sketch(text)
        duplicate = self.find(sketch)
        if duplicate is None:
            self._store.add(id, sketch)
        return _match(duplicate)

    def query(self, text: str) -> Match | None:
        """Give the indexed text that `text` is like, and add nothing."""
        return _match(self.find(self._sketch(text)))

    def find(self, sketch: Sketch) -> Duplicate | None:
        """Give the verdict on a sketch, made elsewhere by a sketcher equal to `self.sketcher`."""
        return find_twin(self._store, sketch, self.sketcher.threshold)

    def _sketch(self, text: str) -> Sketch:
        return self.sketcher.batch([text])[0]

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()


def _match(duplicate: Duplicate | None) -> Match | None:
    return None if duplicate is None else Match(duplicate.duplicate_of, duplicate.similarity)
