"""Which kept texts share a key: a hash table for each band, in files mapped into memory.

For each band a table leads from the upper bits of a key to the last text that was entered there, and from each text to
the one that was entered before it. So no memory of the process is taken, whatever the number of texts, but for buckets
with more than `_CROWD` members: 4 bytes a member and some 200 a bucket, 250 bytes a text with 52 bands even where all
buckets are such.
"""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np

from cleaner.dedup.column import Column
from cleaner.dedup.hashing import Hashes
from cleaner.dedup.store import BUCKET_CAP, Integers

_FIRST_CAPACITY_BITS = 12
_SLOTS_BITS = 1  # two slots a text and band: most texts that are like none then meet empty slots
_CROWD = 256
_NOT_LINKED = 0xFFFFFFFF


class Buckets:
    """The buckets of `bands` bands; texts have numbers from 0, and one key a band.

    Keys are spread evenly over 64 bits and differ from band to band. Numbers stand in the files raised by one, so
    that zero means none. `short_looks` counts the times that `members()` met a capped bucket.
    """

    def __init__(self, folder: Path, bands: int) -> None:
        self._bands = bands
        self._count = 0
        self._bits = _FIRST_CAPACITY_BITS
        self._heads = Column(folder, "I", bands << self._bits + _SLOTS_BITS)
        self._nexts = Column(folder, "I", bands << self._bits)
        self._keys = Column(folder, "Q", bands << self._bits)
        self._first_slots = _first_slots(bands, self._bits)
        self._crowds: dict[int, array[int]] = {}
        self._capped: set[int] = set()
        self.short_looks = 0

    @property
    def capped(self) -> int:
        """How many buckets have more members than `BUCKET_CAP`."""
        return len(self._capped)

    def members(self, keys: Hashes) -> Integers:
        """Return the texts that share a key, each once, in order; `keys` may be those of the first bands alone."""
        heads = self._heads.array[self._slots(keys)]
        few: set[int] = set()
        many = []
        short = False
        taken = heads.nonzero()[0]
        known, nexts, bands = self._keys.values, self._nexts.values, self._bands
        for band, key, head in zip(taken.tolist(), keys[taken].tolist(), heads[taken].tolist(), strict=True):
            place = (head - 1) * bands + band
            if not nexts[place] and known[place] != key:  # so are most: one text, with another key
                continue
            if key not in self._crowds:
                chain = self._chain(band, key, head)
                if len(chain) <= _CROWD:
                    few.update(chain)
                    continue
                self._make_crowd(key, chain)
            many.append(np.array(self._crowds[key], np.int64))
            short = short or key in self._capped
        self.short_looks += short
        if many:
            return np.unique(np.concatenate([np.array(list(few), np.int64), *many]))
        return np.array(sorted(few), np.int64)

    def bucket(self, band: int, key: int) -> list[int]:
        """Return the texts with this key in this band, the last first; for a band that has no crowds."""
        bits = self._bits + _SLOTS_BITS
        return self._chain(band, key, self._heads.values[(band << bits) + (key >> (64 - bits))])

    def keys(self, number: int) -> Hashes:
        """Return the keys of a text."""
        keys: Hashes = self._keys.array[number * self._bands : (number + 1) * self._bands]
        return keys

    def add(self, keys: Hashes) -> None:
        """Enter the next text. Raises `OSError` where the disk is full."""
        if self._count == 1 << self._bits:
            self._grow()
        row = slice(self._count * self._bands, (self._count + 1) * self._bands)
        slots = self._slots(keys)
        heads = self._heads.array[slots]
        self._keys.array[row] = keys
        if self._crowds:
            linked = np.array([not self._join_crowd(key) for key in keys.tolist()])
            self._nexts.array[row] = np.where(linked, heads, _NOT_LINKED)
            slots = slots[linked]
        else:
            self._nexts.array[row] = heads
        self._count += 1
        self._heads.array[slots] = self._count

    def close(self) -> None:
        """Remove the files."""
        for column in (self._heads, self._nexts, self._keys):
            column.close()

    def _slots(self, keys: Hashes) -> Integers:
        """Return the place of each key in `_heads`."""
        slots: Integers = (keys >> np.uint64(64 - self._bits - _SLOTS_BITS)).view(np.int64)
        slots += self._first_slots[: len(keys)]
        return slots

    def _chain(self, band: int, key: int, raised: int) -> list[int]:
        """Return the members of a bucket that is no crowd, the last first; `raised` is the head of the chain."""
        keys, nexts, bands = self._keys.values, self._nexts.values, self._bands
        found: list[int] = []
        while raised:
            place = (raised - 1) * bands + band
            if keys[place] == key:
                found.append(raised - 1)
            raised = nexts[place]
        return found

    def _make_crowd(self, key: int, chain: list[int]) -> None:
        self._crowds[key] = array("I", chain[: -BUCKET_CAP - 1 : -1])
        if len(chain) > BUCKET_CAP:
            self._capped.add(key)

    def _join_crowd(self, key: int) -> bool:
        crowd = self._crowds.get(key)
        if crowd is None:
            return False
        if len(crowd) < BUCKET_CAP:
            crowd.append(self._count)
        else:
            self._capped.add(key)
        return True

    def _grow(self) -> None:
        """Double the room, and link the texts anew, one band at a time."""
        self._bits += 1
        self._heads.resize(self._bands << self._bits + _SLOTS_BITS)
        self._nexts.resize(self._bands << self._bits)
        self._keys.resize(self._bands << self._bits)
        self._first_slots = _first_slots(self._bands, self._bits)
        heads = self._heads.array.reshape(self._bands, -1)
        nexts = self._nexts.array.reshape(-1, self._bands)
        keys = self._keys.array.reshape(-1, self._bands)
        heads[:] = 0
        for band in range(self._bands):
            linked = np.flatnonzero(nexts[: self._count, band] != _NOT_LINKED)
            slots = keys[linked, band] >> np.uint64(64 - self._bits - _SLOTS_BITS)
            order = np.argsort(slots, kind="stable")
            slots, raised = slots[order], (linked[order] + 1).astype(np.uint32)
            follows = slots[1:] == slots[:-1]
            nexts[linked[order], band] = np.where(np.append(False, follows), np.append(0, raised[:-1]), 0)
            last = np.append(~follows, True)
            heads[band, slots[last].astype(np.int64)] = raised[last]


def _first_slots(bands: int, bits: int) -> Integers:
    return np.arange(bands) << bits + _SLOTS_BITS
