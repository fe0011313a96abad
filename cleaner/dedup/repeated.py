"""Runs of lines as rows, sorted by their digests: which of them several texts have, and which text has them first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.known import ENTRY
from cleaner.dedup.runs import Rows

RUN = np.dtype(
    [("key", "<u8"), ("rest", "<u8")] + [(name, "<u4") for name in ("text", "start", "end", "number", "breaks")]
)
"""A run of lines: its digest, the number of its text, its range, the number of its first line, and its `Run.breaks`."""

FOUND = np.dtype(
    [(name, "<u4") for name in ("key", "start", "end", "first_start", "number", "texts")]
    + [("first", "<i8"), ("own", "?")]
)
"""A run that several texts have: the number of its text (`key`), where it stands there, where it stands first."""

NONE = np.zeros(0, ENTRY)


class _Groups(NamedTuple):
    """Equal runs, as sorted rows have them one behind the other."""

    starts: NDArray[np.int64]
    """The first row of each."""
    of: NDArray[np.int64]
    """The group of each row."""
    new_text: NDArray[np.bool_]
    """Whether a row is the first of its group in its text."""

    def texts(self, weights: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many texts have each; `weights` says of each row for how many texts it stands."""
        counted = np.where(self.new_text, weights, 0)
        return np.add.reduceat(counted, self.starts) if len(self.starts) else self.starts

    def alike(self, values: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Say of each whether all its rows have the same value, and one over 0."""
        same = (values > 0) & (values == values[self.starts][self.of])
        alike: NDArray[np.bool_] = np.logical_and.reduceat(same, self.starts) if len(self.starts) else same
        return alike


def firsts(rows: Rows) -> Rows:
    """Return an `ENTRY` for each run: the first text that has it, and how many have it. `rows` have all of a key."""
    rows = rows[np.lexsort((rows["rest"], rows["key"]))]
    groups = _grouped(rows["key"], rows["rest"], rows["text"])
    found = np.zeros(len(groups.starts), ENTRY)
    for name in ("key", "rest", "start", "number"):
        found[name] = rows[name][groups.starts]
    found["source"] = rows["text"][groups.starts]
    found["texts"] = groups.texts(np.ones(len(rows), np.int64))
    return found


def repeated(rows: Rows, least: int, known: Rows = NONE, before: int = 0) -> Rows:
    """Return the runs of those that at least so many texts have, with where they stand first.

    `rows` have all of a key. So have the entries `known`, of former texts with numbers under `before`; these have
    numbers under 0 in what is returned.
    """
    key, rest, start, number = (
        np.concatenate([known[name], rows[name]]) for name in ("key", "rest", "start", "number")
    )
    text = np.concatenate([known["source"].astype(np.int64) - before, rows["text"].astype(np.int64)])
    end = np.concatenate([known["start"], rows["end"]])
    weights = np.concatenate([known["texts"].astype(np.int64), np.ones(len(rows), np.int64)])
    order = np.lexsort((rest, key))  # stable: of equal runs the first text's comes first
    key, rest, start, number, text, end, weights = (
        column[order] for column in (key, rest, start, number, text, end, weights)
    )
    groups = _grouped(key, rest, text)
    texts = groups.texts(weights)
    some = np.flatnonzero((texts[groups.of] >= least) & (text >= 0))
    first = groups.starts[groups.of[some]]
    found = np.zeros(len(some), FOUND)
    found["key"], found["start"], found["end"] = text[some], start[some], end[some]
    found["first"], found["first_start"], found["number"] = text[first], start[first], number[first]
    found["texts"] = texts[groups.of[some]]
    found["own"] = some == first
    # A paragraph that all texts break alike is made of runs that they all have, by which it stays or goes: the first
    # text that has it as a paragraph may have it from one that has it among other lines.
    breaks = np.concatenate([np.zeros(len(known), np.uint32), rows["breaks"]])[order]
    made_of_others = groups.alike(breaks)[groups.of[some]]
    # What stands twice in the text that has it first stays there both times.
    stays: Rows = found[(found["own"] & ~made_of_others) | (found["first"] != found["key"])]
    return stays


def _grouped(key: NDArray[np.uint64], rest: NDArray[np.uint64], text: NDArray[np.int64]) -> _Groups:
    new = np.ones(len(key), bool)
    new[1:] = (key[1:] != key[:-1]) | (rest[1:] != rest[:-1])
    new_text = new.copy()
    new_text[1:] |= text[1:] != text[:-1]
    return _Groups(np.flatnonzero(new), np.cumsum(new) - 1, new_text)
