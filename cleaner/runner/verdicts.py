"""Which of several alike is kept: the first as they come, or the longest, the newest, the highest of a field."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from cleaner.document import Drop
from cleaner.pipeline import Result
from cleaner.stored import Store

if TYPE_CHECKING:
    from cleaner.config import Config
    from cleaner.dedup.leader import GreedyLeader
    from cleaner.dedup.sketch import Sketch

FIRST = "first"

Rank = tuple[int, float | str]


class Candidate(Protocol):
    """A record on which a verdict is wanted, of a class that its store knows."""

    @property
    def id(self) -> str:
        """What the record is called."""
        ...

    @property
    def rank(self) -> float | str | None:
        """What the keep policy compares."""
        ...

    @property
    def sketch(self) -> Sketch | None:
        """What its text is compared by; None for a record on which there is nothing to decide."""
        ...


class Waiting(NamedTuple):
    """The file in which candidates wait for the last one, and what writes them there."""

    file: IO[bytes]
    store: Store


C = TypeVar("C", bound=Candidate)


def waits(config: Config) -> bool:
    """Say whether all records have to be seen before the first verdict."""
    return config.keep != FIRST or config.contained > 0


def decided(
    candidates: Iterator[C], leader: GreedyLeader | None, waiting: Waiting | None
) -> Iterator[tuple[C, Drop | None]]:
    """Yield every candidate, in the order of the input, with the verdict on it: None where it may stay.

    `leader` tells whether a text is like one that it has kept, and is asked in keep order about each candidate that
    has a sketch; None asks nothing. Without `waiting` the keep order is that of the input, and each candidate is given
    as it comes; else all wait there until the last has been seen (see `waits`), behind earlier ones of the same run.
    Memory: 8 bytes a record and its rank.
    """
    if leader is None:
        for candidate in candidates:
            yield candidate, None
    elif waiting is None:
        for candidate in candidates:
            yield candidate, None if candidate.sketch is None else leader.decide(candidate.id, candidate.sketch)
    else:
        yield from _all_seen(candidates, leader, waiting)


def _all_seen(candidates: Iterator[C], leader: GreedyLeader, waiting: Waiting) -> Iterator[tuple[C, Drop | None]]:
    from cleaner.dedup.longer import decide_all

    file, store = waiting
    places = array("Q")
    ranks: list[Rank] = []
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    while file.tell() < end:
        places.append(file.tell())
        ranks.append(rank(store.load(file).rank))
    for candidate in candidates:
        places.append(file.tell())
        ranks.append(rank(candidate.rank))
        store.dump(candidate, file)

    def load(number: int) -> tuple[str, Sketch | None]:
        file.seek(places[number])
        candidate = store.load(file)
        return candidate.id, candidate.sketch

    # A stable sort: of equal rank, the earlier one comes first.
    found = dict(decide_all(sorted(range(len(ranks)), key=ranks.__getitem__, reverse=True), load, leader))
    file.seek(0)
    for number in range(len(places)):
        yield store.load(file), found.get(number)


def rank_by(keep: str, fields: Mapping[str, Any], result: Result) -> float | str | None:
    """Return what a keep policy compares of a record with these fields."""
    match keep:
        case "first":
            return None
        case "longest":
            return len(result.plain_text)
        case "newest":
            value = fields.get("date") or result.metadata.get("date")
        case field:
            value = fields.get(field)
    return value if isinstance(value, int | float | str) else None if value is None else str(value)


def rank(value: object) -> Rank:
    """Return what records are compared by: numbers before words, words before nothing; higher and later first.

    >>> sorted([rank("2024-05-03"), rank(None), rank(7), rank("2023")], reverse=True)
    [(2, 7.0), (1, '2024-05-03'), (1, '2023'), (0, '')]
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (2, float(value))
    return (1, value) if isinstance(value, str) and value else (0, "")
