"""The verdict: a text goes when, and only when, a kept earlier one is verified to be at least as similar as asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self

import xxhash

from cleaner.dedup.sketch import Sketch, Sketcher
from cleaner.dedup.spool import SpoolStore
from cleaner.dedup.store import Compared, Member, MemoryStore, Store
from cleaner.dedup.verify import first_container, first_twin
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
    def short_looks(self) -> int:
        """How many looks met a bucket with more members than are compared."""
        ...

    @property
    def path(self) -> str | None:
        """What the corpus is called in a verdict."""
        ...

    def find(self, sketch: Sketch) -> Drop | None:
        """Return the verdict on a sketch against them."""
        ...


def find_twin(
    store: Compared, sketch: Sketch, threshold: float, contained: float, before: int | None = None
) -> Drop | None:
    """Return the verdict on a sketch against all that a store keeps, or those with numbers under `before`.

    `ND101` is for an equal sequence of words, `ND103` for a text of which `contained` or more stands in a longer one
    (0 asks nothing), else it is `ND102`. The first kept text for which that holds is named, so a copy of a removed text
    gets its verdict.
    """
    twin = store.exact(sketch.exact)
    if twin is not None and (before is None or twin < before):
        return duplicate("ND101", sketch, store.member(twin), 1.0)
    holder = first_container(store, sketch, contained, before) if contained else None
    if holder is not None:
        return duplicate("ND103", sketch, store.member(holder.number), holder.similarity)
    near = first_twin(store, sketch, threshold, before)
    return None if near is None else duplicate("ND102", sketch, store.member(near.number), near.similarity)


def duplicate(code: str, sketch: Sketch, twin: Member, similarity: float) -> Drop:
    """Return the verdict on a text that is like a kept one, or contained in it."""
    message, method = {
        "ND101": (f"the same text as {twin.id}", "exact"),
        "ND102": (f"{similarity:.1%} like {twin.id}", "near"),
        "ND103": (f"{similarity:.1%} of it stands in {twin.id}", "contained"),
    }[code]
    details = {"method": method, "words": sketch.words, "duplicate_of_words": twin.words}
    return Drop(message, twin.id, similarity, details, code)


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
        self._spool = spool
        self._capped = 0
        self._partly_compared: set[int] = set()
        self._store = MemoryStore() if spool is None else SpoolStore(spool, sketcher.layout.count)

    @property
    def capped(self) -> int:
        """How many buckets hold more than `BUCKET_CAP` kept texts, of which only the first are compared."""
        return self._store.capped + self._capped + (0 if self._former is None else self._former.capped)

    @property
    def short_looks(self) -> int:
        """How many looks met a bucket with more members than are compared."""
        return self._store.short_looks + (0 if self._former is None else self._former.short_looks)

    def decide(self, id: str, sketch: Sketch) -> Drop | None:
        """Return the verdict on a text; None means that it is kept, and was added."""
        looks = self.short_looks
        found = self.known(sketch) or self.decide_here(id, sketch)
        if found is None and self.short_looks > looks:
            self.note_partly_compared(id)
        return found

    def known(self, sketch: Sketch) -> Drop | None:
        """Return the verdict on a text against the former corpus alone."""
        known = None if self._former is None else self._former.find(sketch)
        if known is None or self._former is None:
            return None
        path = self._former.path
        return replace(known, message=f"{known.message} in {path}", details={**known.details, "index": path})

    def decide_here(self, id: str, sketch: Sketch) -> Drop | None:
        """Return the verdict on a text against those kept here; None means that it is kept, and was added.

        Whether it is contained in one of them is no question here: see `longer`.
        """
        looks = self.short_looks
        found = find_twin(self._store, sketch, self.sketcher.threshold, contained=0)
        if found is None:
            self._store.add(id, sketch)
            if self.short_looks > looks:
                self.note_partly_compared(id)
        return found

    def note_partly_compared(self, id: str) -> None:
        """Remember that a kept text was compared with the first ones of a capped bucket alone."""
        self._partly_compared.add(_key(id))

    def partly_compared(self, id: str) -> bool:
        """Say whether a kept text was compared with the first ones of a capped bucket alone; forget it then."""
        if not self._partly_compared:
            return False
        known = _key(id) in self._partly_compared
        self._partly_compared.discard(_key(id))
        return known

    def like_another(self, sketch: Sketch, own: Sketch) -> bool:
        """Say whether a text is like one of those kept here; `own` is what it was when it was kept itself."""
        number = self._store.exact(own.exact)
        twin = self._store.exact(sketch.exact)
        if twin is not None and twin != number:
            return True
        return first_twin(self._store, sketch, self.sketcher.threshold, but=number) is not None

    def another(self, spool: Path) -> GreedyLeader:
        """Return one that compares in the same way, and has kept nothing."""
        return GreedyLeader(self.sketcher, spool)

    def count_capped(self, holders: Store) -> None:
        """Count the keys of texts that may contain others, of which more have one than are compared."""
        self._capped += holders.capped

    def new_holders(self) -> Store:
        """Return an empty store of texts that may contain others."""
        return MemoryStore() if self._spool is None else SpoolStore(self._spool, 0, anchored=True)

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


def _key(id: str) -> int:
    return xxhash.xxh3_64_intdigest(id.encode("utf-8", "surrogatepass"))
