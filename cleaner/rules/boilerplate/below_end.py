"""Take the short rows below a line that ends the text, such as a heading of related links."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.page import DENSITY, FINAL_MARKS, is_dense
from cleaner.rules.boilerplate.tables import is_row

BELOW = "BP131"
# After a line of one of these the text is at its end.
BOUNDARIES = frozenset({"BP101", "BP103", "BP104", "BP105", "BP106", "BP107", "BP117", "BP118", "BP124"})
# The main stretch is the run of rows with the largest sum: prose counts for its length, a phrase against it.
PROSE_UNIT, PROSE_CAP, NO_MARK, SHORT, CAREFUL, SURE = 100, 400, 0.4, -0.4, -1.0, -2.0
# A text has a main stretch of this worth, and no more than this share of its prose stands below its end. A row counts
# for this many code points at most.
MIN_WORTH, MAX_PROSE_BELOW, ROW_CHARS = 6.0, 0.3, 600


class Stretch(NamedTuple):
    """Rows from `first` up to `last`, both included, and what the prose in them is worth."""

    first: int
    last: int
    worth: float


def main_stretch(values: Sequence[float]) -> Stretch:
    """Return the run with the largest sum; an empty one at the end where no value is positive."""
    best = Stretch(len(values), len(values) - 1, 0.0)
    total, start = 0.0, 0
    for place, value in enumerate(values):
        if total <= 0:
            total, start = 0.0, place
        total += value
        if total > best.worth:
            best = Stretch(start, place, total)
    return best


def take_below_end(case: Case) -> None:
    """Take the short rows below the first line that goes below the text and ends it."""
    if BOUNDARIES.isdisjoint([verdict.code for verdict in case.taken.values()]):
        return
    texts = case.page.texts
    lengths = [len(text) * (DENSITY if is_dense(text) else 1) for text in texts]
    sure = [row in case.taken or (row in case.hits and not case.hits[row].careful) for row in range(len(texts))]
    prose = [is_prose and not gone for is_prose, gone in zip(case.page.prose, sure, strict=True)]
    main = main_stretch(
        [_worth(case, row, lengths[row], sure=sure[row], prose=prose[row]) for row in range(len(texts))]
    )
    if main.worth < MIN_WORTH:
        return
    # A row of a table ends no text: "6 months | 12 months" heads numbers as often as it tells of cookies.
    bounds = (row for row in range(main.last + 1, len(texts)) if row in case.taken and not is_row(texts[row]))
    end = next((row for row in bounds if case.taken[row].code in BOUNDARIES), None)
    chars = [0.0, *accumulate(min(size, ROW_CHARS) if each else 0 for size, each in zip(lengths, prose, strict=True))]
    if end is None or chars[-1] - chars[end] > MAX_PROSE_BELOW * chars[-1]:
        return
    for row in range(end + 1, len(texts)):
        if not prose[row] and texts[row][-1] not in FINAL_MARKS:
            case.take(row, BELOW, "a short line below the end of the text")


def _worth(case: Case, row: int, length: float, *, sure: bool, prose: bool) -> float:
    """Return what a row is worth as text."""
    if sure or row in case.hits:
        return SURE if sure else CAREFUL
    if not prose:
        return SHORT
    worth = min(length, PROSE_CAP) / PROSE_UNIT
    return worth if case.page.texts[row][-1] in FINAL_MARKS else worth * NO_MARK
