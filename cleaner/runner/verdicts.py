"""Which of several alike is kept: the first as they come, or the longest, the newest, the highest of a field."""

from __future__ import annotations

import os
import pickle
from array import array
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from cleaner.account.outcome import Outcome, Reason

FIRST = "first"

Rank = tuple[int, float | str]
Verdict = Callable[[Outcome], Reason | None]


class Decided(NamedTuple):
    """A record and why it is not kept; None where it is."""

    outcome: Outcome
    reason: Reason | None


def decided(
    outcomes: Iterator[Outcome], verdict: Verdict | None, keep: str, waiting: IO[bytes] | None
) -> Iterator[Decided]:
    """Give every outcome, in the order of the input, with the verdict on it.

    `verdict` tells whether a text is like one that it has let pass before, and is asked in keep order; None asks
    nothing. Where that is the order of the input, each outcome is given as it comes; else all wait in the file
    `waiting`, which may hold earlier ones of the same run, until the last has been seen. Memory: 8 bytes a record and
    its rank.
    """
    if verdict is None:
        for outcome in outcomes:
            yield Decided(outcome, outcome.reason)
    elif waiting is None or keep == FIRST:
        for outcome in outcomes:
            yield Decided(outcome, _reason(outcome, verdict))
    else:
        yield from _by_rank(outcomes, verdict, waiting)


def _reason(outcome: Outcome, verdict: Verdict) -> Reason | None:
    return outcome.reason if outcome.reason is not None or outcome.sketch is None else verdict(outcome)


def _by_rank(outcomes: Iterator[Outcome], verdict: Verdict, file: IO[bytes]) -> Iterator[Decided]:
    places = array("Q")
    ranks: list[Rank] = []
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    while file.tell() < end:
        places.append(file.tell())
        ranks.append(rank(pickle.load(file).rank))
    for outcome in outcomes:
        places.append(file.tell())
        ranks.append(rank(outcome.rank))
        pickle.dump(outcome, file, pickle.HIGHEST_PROTOCOL)
    reasons: dict[int, Reason] = {}
    # A stable sort: of equal rank, the earlier one comes first.
    for number in sorted(range(len(ranks)), key=ranks.__getitem__, reverse=True):
        file.seek(places[number])
        reason = _reason(pickle.load(file), verdict)
        if reason is not None:
            reasons[number] = reason
    file.seek(0)
    for number in range(len(places)):
        yield Decided(pickle.load(file), reasons.get(number))


def rank(value: object) -> Rank:
    """Give what records are compared by: numbers before words, words before nothing; higher and later first.

    >>> sorted([rank("2024-05-03"), rank(None), rank(7), rank("2023")], reverse=True)
    [(2, 7.0), (1, '2024-05-03'), (1, '2023'), (0, '')]
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (2, float(value))
    return (1, value) if isinstance(value, str) and value else (0, "")
