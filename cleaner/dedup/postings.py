"""Which texts have a key, where each text has any number of them: one hash table, in files mapped into memory.

A table leads from the upper bits of a key to the last entry that was made there, and from each entry to the one
before it. A key with more than `_CROWD` entries is a crowd: its texts are kept in memory, 4 bytes each and some 200
bytes a crowd, and of these no more than `BUCKET_CAP`.
"""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np

from cleaner.dedup.column import Column
from cleaner.dedup.hashing import Hashes
from cleaner.dedup.store import BUCKET_CAP, Integers

_FIRST_BITS = 16
_CROWD = 256
# Entries that are linked at once when the table grows: about 40 MB while it does.
_BLOCK = 1 << 20


class Postings:
    """Entries of a key and the number of a text; numbers rise. Entries have numbers from 1, zero means none.

    `short_looks` counts the times that `texts()` met a key that more have than are compared.
    """

    def __init__(self, folder: Path) -> None:
        self._bits = _FIRST_BITS
        self._count = 0
        self._heads = Column(folder, "I", 2 << self._bits)
        self._nexts = Column(folder, "I", 1 << self._bits)
        self._texts = Column(folder, "I", 1 << self._bits)
        self._keys = Column(folder, "Q", 1 << self._bits)
        self._crowds: dict[int, array[int]] = {}
        self._capped: set[int] = set()
        self.short_looks = 0

    @property
    def capped(self) -> int:
        """How many keys more than `BUCKET_CAP` texts have."""
        return len(self._capped)

    def texts(self, keys: Hashes) -> Integers:
        """Return the texts that have one of the keys, each once, in order."""
        asked = keys.tolist()
        found = [np.array(crowd, np.int64) for key in asked if (crowd := self._crowds.get(key)) is not None]
        if found:
            keys = keys[[key not in self._crowds for key in asked]]
        entries = self._heads.array[self._slots(keys)].astype(np.int64)
        for _ in range(_CROWD):
            there = np.flatnonzero(entries)
            if not len(there):
                break
            keys, entries = keys[there], entries[there] - 1
            found.append(self._texts.array[entries[self._keys.array[entries] == keys]].astype(np.int64))
            entries = self._nexts.array[entries].astype(np.int64)
        for key, entry in zip(keys.tolist(), entries.tolist(), strict=True):
            if entry:
                found.append(np.array(self._make_crowd(key), np.int64))
        self.short_looks += not self._capped.isdisjoint(asked)
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)

    def add(self, number: int, keys: Hashes) -> None:
        """Enter a text under its keys, each given once. Raises `OSError` where the disk is full."""
        if self._crowds:
            keys = keys[[not self._join_crowd(key, number) for key in keys.tolist()]]
        end = self._count + len(keys)
        while end > 1 << self._bits:
            self._grow()
        self._keys.array[self._count : end] = keys
        self._texts.array[self._count : end] = number
        self._link(self._count, end)
        self._count = end

    def close(self) -> None:
        """Remove the files."""
        for column in (self._heads, self._nexts, self._texts, self._keys):
            column.close()

    def _slots(self, keys: Hashes) -> Integers:
        slots: Integers = (keys >> np.uint64(64 - self._bits - 1)).astype(np.int64)
        return slots

    def _link(self, start: int, end: int) -> None:
        """Put the entries into the table, in order."""
        slots = self._slots(self._keys.array[start:end])
        order = np.argsort(slots, kind="stable")
        slots, raised = slots[order], (order + start + 1).astype(np.uint32)
        follows = np.zeros(len(slots), bool)
        follows[1:] = slots[1:] == slots[:-1]
        before = np.zeros(len(slots), np.uint32)
        before[1:] = raised[:-1]
        self._nexts.array[raised.astype(np.int64) - 1] = np.where(follows, before, self._heads.array[slots])
        last = np.ones(len(slots), bool)
        last[:-1] = ~follows[1:]
        self._heads.array[slots[last]] = raised[last]

    def _grow(self) -> None:
        """Double the room, and link the entries anew."""
        self._bits += 1
        self._heads.resize(2 << self._bits)
        for column in (self._nexts, self._texts, self._keys):
            column.resize(1 << self._bits)
        self._heads.array[:] = 0
        for start in range(0, self._count, _BLOCK):
            self._link(start, min(start + _BLOCK, self._count))

    def _make_crowd(self, key: int) -> array[int]:
        keys, nexts, texts = self._keys.values, self._nexts.values, self._texts.values
        entry = self._heads.values[key >> 64 - self._bits - 1]
        members = array("I")
        while entry:
            if keys[entry - 1] == key:
                members.append(texts[entry - 1])
            entry = nexts[entry - 1]
        members.reverse()
        if len(members) > BUCKET_CAP:
            self._capped.add(key)
        if len(members) > 1:
            self._crowds[key] = members[:BUCKET_CAP]
        return members[:BUCKET_CAP]

    def _join_crowd(self, key: int, number: int) -> bool:
        crowd = self._crowds.get(key)
        if crowd is None:
            return False
        if len(crowd) < BUCKET_CAP:
            crowd.append(number)
        else:
            self._capped.add(key)
        return True
