"""Each kept text with its removed ones, when all have been decided on."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec
import numpy as np
import xxhash


class Removed(msgspec.Struct, omit_defaults=True):
    """A text that went for another one: a line of the file of pairs, as far as a group wants to know it."""

    id: str
    code: str
    duplicate_of: str
    similarity: float | None = None
    index: str | None = None


class Group(NamedTuple):
    """A kept text, and those that went for it, in order; `former` names the index that it is in, None for the run.

    `partly_compared` says that the text was compared with the first ones of a capped bucket alone, so that it may be
    like another kept one.
    """

    id: str
    removed: list[Removed]
    former: str | None = None
    partly_compared: bool = False

    def line(self) -> bytes:
        """Return it as JSON, with the line end."""
        fields: dict[str, Any] = {"id": self.id}
        if self.former is not None:
            fields["index"] = self.former
        if self.partly_compared:
            fields["partly_compared"] = True
        removed = [{"id": one.id, "code": one.code, "similarity": one.similarity} for one in self.removed]
        return msgspec.json.encode({**fields, "removed": removed}) + b"\n"


def groups(pairs: Path, kept: Iterable[str], partly_compared: Path | None = None) -> Iterator[Group]:
    """Yield the groups of a file of pairs: in the order of the kept texts, then those of an index.

    `partly_compared` is a file of the ids of kept texts that have a line even where nothing went for them. Of two kept
    texts with one id the first has the group. Memory: 16 bytes a pair, 100 bytes for each of these ids, and the largest
    group.
    """
    partly = _keys(partly_compared)
    decode = msgspec.json.Decoder(Removed).decode
    keys, places = array("Q"), array("Q")
    with pairs.open("rb") as file:
        place = 0
        for line in file:
            one = decode(line)
            keys.append(_key(one.duplicate_of, one.index))
            places.append(place)
            place += len(line)
        sorted_ = _Sorted(file, keys, places)
        for id in kept:
            removed = sorted_.taken(_key(id, None))
            if removed or _key(id, None) in partly:
                yield Group(id, removed, partly_compared=_key(id, None) in partly)
        for removed in sorted_.rest():
            yield Group(removed[0].duplicate_of, removed, removed[0].index)


class _Sorted:
    """The pairs, found by their kept text."""

    def __init__(self, file: IO[bytes], keys: array[int], places: array[int]) -> None:
        self._file = file
        every = np.frombuffer(keys, np.uint64) if keys else np.zeros(0, np.uint64)
        order = np.argsort(every, kind="stable")
        self._keys = every[order]
        self._places = (np.frombuffer(places, np.uint64) if places else every)[order]
        self._left = np.ones(len(order), bool)
        self._decode = msgspec.json.Decoder(Removed).decode

    def taken(self, key: int) -> list[Removed]:
        """Return the pairs of a kept text, the first time that they are asked for."""
        start, end = (int(np.searchsorted(self._keys, np.uint64(key), side)) for side in ("left", "right"))
        if start == end or not self._left[start]:
            return []
        self._left[start:end] = False
        found = []
        for place in self._places[start:end].tolist():
            self._file.seek(place)
            found.append(self._decode(self._file.readline()))
        return found

    def rest(self) -> Iterator[list[Removed]]:
        """Yield the groups that were not taken, in the order of their first pairs."""
        left = np.flatnonzero(self._left)
        for number in left[np.argsort(self._places[left], kind="stable")].tolist():
            if self._left[number]:
                yield self.taken(int(self._keys[number]))


def _keys(ids: Path | None) -> set[int]:
    if ids is None:
        return set()
    with ids.open("rb") as file:
        return {_key(msgspec.json.decode(line, type=str), None) for line in file}


def _key(id: str, index: str | None) -> int:
    return xxhash.xxh3_64_intdigest(msgspec.json.encode((id, index)))
