"""The passages of former corpora in a SQLite table whose every row carries a checksum.

Each run of lines of a corpus (see `passages`) is one entry: its digest, the text that has it first, where, and how many
texts have it. An entry's slot is known by the highest bits of its digest, and is always there, so that one that is
missing is damage, as in `slots`. Corpora come whole, so that the slots are split all at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.runs import Rows
from cleaner.dedup.slots import DamagedError, Slots, checksum

VERSION = 1
"""Of what counts as a passage; an index that was made by another one is refused."""

ENTRY = np.dtype(
    [("key", "<u8"), ("rest", "<u8"), ("source", "<u8"), ("start", "<u4"), ("number", "<u4"), ("texts", "<u4")]
)
FIRST_BITS = 6
ENTRIES = 64
"""Entries in a slot on average, from which the slots are split: 2,304 bytes, most of a page of SQLite."""
_AT_ONCE = 500

SCHEMA = (
    "CREATE TABLE passages (slot INTEGER PRIMARY KEY, entries BLOB NOT NULL, checksum INTEGER NOT NULL)",
    "CREATE TABLE sources (number INTEGER PRIMARY KEY, id BLOB NOT NULL, checksum INTEGER NOT NULL)",
    """CREATE TABLE passage_counts (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        bits INTEGER NOT NULL, -- of a digest that tell its slot
        entries INTEGER NOT NULL,
        checksum INTEGER NOT NULL
    )""",
)


class Counts(NamedTuple):
    """How many bits of a digest tell its slot, and how many entries there are."""

    bits: int
    entries: int


class PassageTable:
    """The passages in an index, as its connection sees them.

    Texts have numbers of the index's own sequence, `Slots.counts.next`, so that what stands under one that was noted
    earlier is what was there then. `reading` is the block in which the tables are read as they stand at one time.
    """

    def __init__(
        self, connection: sqlite3.Connection, slots: Slots, reading: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._slots = slots
        self._reading = reading

    def __len__(self) -> int:
        """Return the number of entries."""
        with self._reading():
            return self._counts().entries

    def known(self, keys: NDArray[np.uint64], before: int | None = None) -> Rows:
        """Return an entry for each passage with one of these keys, sorted: its first text, and how many texts have it.

        Of texts with numbers under `before`, or of all.
        """
        with self._reading():
            bits = self._counts().bits
            entries = _entries([data for _, data in self._read(np.unique(_slots_of(keys, bits)).tolist())])
        entries = entries[np.isin(entries["key"], keys)]
        return _summed(entries if before is None else entries[entries["source"] < before])

    def every(self) -> Iterator[Rows]:
        """Yield such an entry for each passage there is, in parts. Nobody should write meanwhile."""
        count = 1 << self._counts().bits
        for start in range(0, count, _AT_ONCE):
            places = range(start, min(start + _AT_ONCE, count))
            yield _summed(_entries([data for _, data in self._read(places)]))

    def source(self, number: int) -> str:
        """Return the id of the text with this number."""
        with self._reading():
            row = self._connection.execute("SELECT id, checksum FROM sources WHERE number = ?", (number,)).fetchone()
            if row is None or not isinstance(row[0], bytes) or checksum(number, row[0]) != row[1]:
                raise DamagedError(f"the id of text {number}")
            return row[0].decode("utf-8", "surrogatepass")

    def extend(self, parts: Iterable[Rows], most: int, texts: int, id_of: Callable[[int], str]) -> None:
        """Add the passages of a corpus, in a transaction of the caller's.

        These are `most` at most, of `texts` texts; the `source` of an entry is a number from 0 within that corpus, and
        `id_of` gives its id.
        """
        self._make_room(most)
        base = self._slots.counts.next
        named = np.zeros(texts, bool)
        for entries in parts:
            named[entries["source"]] = True
            entries = entries.copy()
            entries["source"] += np.uint64(base)
            self._enter(entries)
        rows = (
            (base + number, id_of(number).encode("utf-8", "surrogatepass")) for number in np.flatnonzero(named).tolist()
        )
        self._connection.executemany(
            "INSERT INTO sources VALUES (?, ?, ?)", ((number, id, checksum(number, id)) for number, id in rows)
        )
        self._slots.count_text(0, base + texts)

    def merge(self, other: PassageTable) -> None:
        """Add what another table has and this one lacks, in a transaction of the caller's.

        A text may stand behind both, so that of a passage that both have as many texts count as the one has that has
        more of them. Done again, nothing is added.
        """

        def parts() -> Iterator[Rows]:
            for entries in other.every():
                here = self.known(entries["key"])
                there = {(key, rest): texts for key, rest, texts in here[["key", "rest", "texts"]].tolist()}
                had = [there.get(digest, 0) for digest in entries[["key", "rest"]].tolist()]
                more = entries["texts"].astype(np.int64) - np.array(had, np.int64)
                entries["texts"] = np.maximum(more, 0)
                yield entries[more > 0]

        with other._reading():
            self.extend(parts(), len(other), other._slots.counts.next, other.source)

    def _counts(self) -> Counts:
        rows = self._connection.execute("SELECT bits, entries, checksum FROM passage_counts").fetchall()
        if len(rows) != 1 or checksum(*rows[0][:2]) != rows[0][2]:
            raise DamagedError("the number of passages")
        return Counts(*rows[0][:2])

    def _count(self, counts: Counts) -> None:
        self._connection.execute(
            "UPDATE passage_counts SET bits = ?, entries = ?, checksum = ?", (*counts, checksum(*counts))
        )

    def _read(self, places: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Yield slots, which are asked for in order, with what they hold."""
        for start in range(0, len(places), _AT_ONCE):
            some = tuple(places[start : start + _AT_ONCE])
            query = f"SELECT slot, entries, checksum FROM passages WHERE slot IN ({','.join('?' * len(some))})"
            found = {slot: (data, known) for slot, data, known in self._connection.execute(query, some)}
            for slot in some:
                data, known = found.get(slot, (None, None))
                if not isinstance(data, bytes) or len(data) % ENTRY.itemsize or checksum(slot, data) != known:
                    raise DamagedError(f"slot {slot} of the passages")
                yield slot, data

    def _write(self, slots: Iterable[tuple[int, bytes]]) -> None:
        rows = ((slot, data, checksum(slot, data)) for slot, data in slots)
        self._connection.executemany("INSERT OR REPLACE INTO passages VALUES (?, ?, ?)", rows)

    def _enter(self, entries: Rows) -> None:
        counts = self._counts()
        entries = entries[np.argsort(entries["key"], kind="stable")]
        places, starts = np.unique(_slots_of(entries["key"], counts.bits), return_index=True)
        bounds = [*starts.tolist(), len(entries)]
        read = self._read(places.tolist())
        new = [
            (slot, data + entries[start:end].tobytes())
            for (slot, data), start, end in zip(read, bounds[:-1], bounds[1:], strict=True)
        ]
        self._write(new)
        self._count(counts._replace(entries=counts.entries + len(entries)))

    def _make_room(self, coming: int) -> None:
        """Split all slots where they would become too full."""
        bits, count = self._counts()
        more = 0
        while count + coming > ENTRIES << (bits + more):
            more += 1
        # From the last on: where the parts of a slot go, nothing stands any more that is still to be split.
        for slot in reversed(range(1 << bits)) if more else ():
            entries = _entries([data for _, data in self._read([slot])])
            entries = entries[np.argsort(entries["key"], kind="stable")]
            places = np.arange(slot << more, (slot + 1) << more)
            bounds = np.searchsorted(_slots_of(entries["key"], bits + more), [*places, places[-1] + 1]).tolist()
            parts = (entries[start:end].tobytes() for start, end in pairwise(bounds))
            self._write(zip(places.tolist(), parts, strict=True))
        self._count(Counts(bits + more, count))


class KnownPassages(NamedTuple):
    """The passages of a former corpus, whatever is added meanwhile: of the texts with numbers under `before`."""

    table: PassageTable
    before: int
    path: str
    """What the corpus is called."""

    def known(self, keys: NDArray[np.uint64]) -> Rows:
        """Return an entry for each passage with one of these keys."""
        return self.table.known(keys, self.before)


def make(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty index."""
    for statement in SCHEMA:
        connection.execute(statement)
    slots = [(slot, b"", checksum(slot, b"")) for slot in range(1 << FIRST_BITS)]
    connection.executemany("INSERT INTO passages VALUES (?, ?, ?)", slots)
    connection.execute("INSERT INTO passage_counts VALUES (1, ?, ?, ?)", (FIRST_BITS, 0, checksum(FIRST_BITS, 0)))


def _slots_of(keys: NDArray[np.uint64], bits: int) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (keys >> np.uint64(64 - bits)).astype(np.int64)
    return found


def _entries(slots: Sequence[bytes]) -> Rows:
    entries: Rows = np.frombuffer(b"".join(slots), ENTRY)
    return entries


def _summed(entries: Rows) -> Rows:
    """Return one entry for each digest: the first text that has it, and the texts of all of them."""
    entries = entries[np.lexsort((entries["source"], entries["rest"], entries["key"]))]
    new = np.ones(len(entries), bool)
    new[1:] = (entries["key"][1:] != entries["key"][:-1]) | (entries["rest"][1:] != entries["rest"][:-1])
    starts = np.flatnonzero(new)
    found = entries[starts]
    if len(starts):
        found["texts"] = np.add.reduceat(entries["texts"], starts)
    return found
