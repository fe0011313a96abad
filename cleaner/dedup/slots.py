"""Keys to numbers in a SQLite table whose every row carries a checksum, so that damage is found, and never believed.

A B-tree of keys would answer "there is no such key" after a flipped bit. Here a key's slot is known by arithmetic and
always there: a slot that is missing, or whose checksum does not fit, is damage. The table grows by linear hashing
(Litwin 1980): one slot is split whenever the slots hold more than `ENTRIES` keys each on average, so that no single
addition takes long.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import xxhash

FIRST_SLOTS = 64
ENTRIES = 32
"""Keys in a slot on average: 512 bytes, so that a page of SQLite holds several slots."""
ENTRY_BYTES = 16
"""A key and a number, 8 bytes each."""
WAITING = 20_000
"""Changed slots that wait in memory: about 20 MB."""

SCHEMA = (
    "CREATE TABLE slots (slot INTEGER PRIMARY KEY, entries BLOB NOT NULL, checksum INTEGER NOT NULL)",
    """CREATE TABLE counts (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        slots INTEGER NOT NULL,
        entries INTEGER NOT NULL,
        texts INTEGER NOT NULL,
        next INTEGER NOT NULL, -- the number of the next text; never given twice
        checksum INTEGER NOT NULL
    )""",
)


class DamagedError(Exception):
    """What was read is not what was written."""


class Counts(NamedTuple):
    """How many slots, entries in them and texts there are, and the number that the next text gets."""

    slots: int
    entries: int
    texts: int
    next: int


def checksum(*parts: bytes | int | str) -> int:
    """Return a signed 64-bit checksum (XXH3) of values, each told from its neighbours by its length."""
    digest = xxhash.xxh3_64()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return _signed(digest.intdigest())


def make(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty index."""
    for statement in SCHEMA:
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO slots VALUES (?, ?, ?)", [(slot, b"", _sum(slot, b"")) for slot in range(FIRST_SLOTS)]
    )
    counts = Counts(FIRST_SLOTS, 0, 0, 1)
    connection.execute("INSERT INTO counts VALUES (1, ?, ?, ?, ?, ?)", (*counts, checksum(*counts)))


class Slots:
    """The slots and counts of an index, as one transaction of a connection sees and changes them.

    What changes waits in memory, `WAITING` slots at most, until `flush`, which goes before the commit.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: dict[int, bytes] = {}
        self._counts: Counts | None = None

    def forget(self) -> None:
        """Forget what is known and waits: a transaction begins, or was taken back."""
        self._waiting.clear()
        self._counts = None

    def flush(self) -> None:
        """Write what waits."""
        rows = [(slot, data, _sum(slot, data)) for slot, data in sorted(self._waiting.items())]
        self._connection.executemany("INSERT OR REPLACE INTO slots VALUES (?, ?, ?)", rows)
        self._waiting.clear()
        if self._counts is not None:
            self._connection.execute(
                "UPDATE counts SET slots = ?, entries = ?, texts = ?, next = ?, checksum = ?",
                (*self._counts, checksum(*self._counts)),
            )

    @property
    def counts(self) -> Counts:
        """The counts. Raises `DamagedError` where they are not as they were written."""
        if self._counts is None:
            rows = self._connection.execute("SELECT slots, entries, texts, next, checksum FROM counts").fetchall()
            if len(rows) != 1 or checksum(*rows[0][:4]) != rows[0][4]:
                raise DamagedError("the number of texts")
            self._counts = Counts(*rows[0][:4])
        return self._counts

    def count_text(self, change: int, next_number: int) -> None:
        """Count a text that came (1) or went (-1)."""
        self._counts = self.counts._replace(texts=self.counts.texts + change, next=next_number)

    def numbers(self, keys: Sequence[int]) -> list[list[int]]:
        """Return the numbers entered under each key (unsigned, 64 bits), in the order in which they were entered."""
        count = self.counts.slots
        read = self._read([slot_of(key, count) for key in keys])
        return [_numbers(data, key) for key, data in zip(keys, read, strict=True)]

    def enter(self, keys: Mapping[int, int], number: int) -> None:
        """Enter a number under keys; `keys` maps each to the number of entries from which no more are made under it."""
        count, added = self.counts.slots, 0
        places = [slot_of(key, count) for key in keys]
        for (key, most), slot, data in zip(keys.items(), places, self._read(places), strict=True):
            data = self._waiting.get(slot, data)  # two keys may share a slot
            if len(data) >= most * ENTRY_BYTES and len(_numbers(data, key)) >= most:
                continue
            self._waiting[slot] = data + key.to_bytes(8, "little") + number.to_bytes(8, "little")
            added += 1
        self._counts = self.counts._replace(entries=self.counts.entries + added)
        while self.counts.entries > ENTRIES * self.counts.slots:
            self._split()
        if len(self._waiting) > WAITING:
            self.flush()

    def leave(self, keys: Iterable[int], number: int) -> None:
        """Take a number out from under keys."""
        for key in keys:
            slot = slot_of(key, self.counts.slots)
            (data,) = self._read([slot])
            entry = key.to_bytes(8, "little") + number.to_bytes(8, "little")
            stay = [each for each in _entries(data) if each != entry]
            gone = len(data) // ENTRY_BYTES - len(stay)
            self._waiting[slot] = b"".join(stay)
            self._counts = self.counts._replace(entries=self.counts.entries - gone)

    def _split(self) -> None:
        new = self.counts.slots
        old = new - (1 << (new.bit_length() - 1))
        (data,) = self._read([old])
        parts: dict[int, list[bytes]] = {old: [], new: []}
        for entry in _entries(data):
            parts[slot_of(int.from_bytes(entry[:8], "little"), new + 1)].append(entry)
        self._waiting[old], self._waiting[new] = b"".join(parts[old]), b"".join(parts[new])
        self._counts = self.counts._replace(slots=new + 1)

    def _read(self, places: Sequence[int]) -> list[bytes]:
        """Return what slots hold, in the order in which they are asked for."""
        wanted = {slot for slot in places if slot not in self._waiting}
        query = f"SELECT slot, entries, checksum FROM slots WHERE slot IN ({','.join('?' * len(wanted))})"
        found = dict(self._waiting) if not wanted else {}
        for slot, data, known in self._connection.execute(query, tuple(wanted)) if wanted else ():
            if not isinstance(data, bytes) or len(data) % ENTRY_BYTES or _sum(slot, data) != known:
                raise DamagedError(f"slot {slot} of the keys")
            found[slot] = data
        missing = [slot for slot in wanted if slot not in found]
        if missing:
            raise DamagedError(f"slot {missing[0]} of the keys")
        return [self._waiting[slot] if slot in self._waiting else found[slot] for slot in places]


def slot_of(key: int, slots: int) -> int:
    """Return the slot of a key where `slots` is the number of slots.

    >>> [slot_of(key, 3) for key in range(8)]
    [0, 1, 2, 1, 0, 1, 2, 1]
    """
    bits = slots.bit_length()
    slot = key & ((1 << bits) - 1)
    return slot if slot < slots else slot & ((1 << (bits - 1)) - 1)


def _entries(data: bytes) -> list[bytes]:
    return [data[start : start + ENTRY_BYTES] for start in range(0, len(data), ENTRY_BYTES)]


def _numbers(data: bytes, key: int) -> list[int]:
    """Return the numbers under a key among the entries of a slot."""
    if key.to_bytes(8, "little") not in data:
        return []
    entries = np.frombuffer(data, "<u8").reshape(-1, 2)
    found: list[int] = entries[entries[:, 0] == np.uint64(key), 1].astype(np.int64).tolist()
    return found


def _sum(slot: int, data: bytes) -> int:
    return _signed(xxhash.xxh3_64_intdigest(data, slot))


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value
