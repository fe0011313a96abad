"""Tell the furniture of a whole page from its text by shape: short lines in long runs, above and below the prose.

A page saved as naive text has its menus above the article and its footer below. Which of those lines go is
decided by a table of points, and only where the text is sure to be such a page: it has one stretch of prose, and
phrases of several classes stand outside of it.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.keys import key
from cleaner.rules.boilerplate.page import DENSITY, FINAL_MARKS, TITLE_MAX_CHARS, Words, is_dense
from cleaner.rules.boilerplate.witnesses import take_witnessed

ABOVE, BELOW = "BP130", "BP131"

# The main stretch is the run of rows with the largest sum: prose counts for its length, a phrase against it.
PROSE_UNIT, PROSE_CAP, NO_MARK, SHORT, CAREFUL, SURE = 100, 400, 0.4, -0.4, -1.0, -2.0

# A page qualifies when its main stretch is worth so much, holds this share of the prose, few of the rows
# come four times or more (a forum, a table), and so many classes of phrases stand outside.
MIN_WORTH, MIN_SHARE, MAX_REPEATED, MIN_CLASSES, REPEATS = 6.0, 0.3, 0.35, 2, 4
MIN_POINTS = 3
# Classes that also stand around texts which are no page: links in the text, bylines, dates, credits, sources.
NO_EVIDENCE = frozenset({"BP108", "BP110", "BP111", "BP112", "BP114", "BP115", "BP116"})
# Rows between two stretches of text stay, unless one of these classes marks the end of the first.
MAX_PROSE_BEYOND = 0.12
MAX_PROSE_BELOW = 0.3
BOUNDARIES = frozenset({"BP101", "BP103", "BP104", "BP105", "BP106", "BP107", "BP117", "BP118", "BP124"})

# Points for a row outside the main stretch, as steps (bound, points): each step that a value reaches counts.
# Fitted by logistic regression on half of 1,300 labelled pages in two renderings, rounded to halves of a
# logit and doubled; on the other half, with 2 points, 70 % of the furniture goes and 0.8 % of the good lines.
# What 2 and 3 points do is in benchmarks/NOTES.md.
DISTANCE = ((3, 1), (5, 1), (15, 1), (30, 1))
LENGTH = ((4, -2), (25, -3), (40, -1), (90, -1), (150, -3))
MEAN_LENGTH_NEAR = ((12, 3), (30, -1), (50, -1))
START, SURE_BETWEEN, PROSE_BEYOND, DIGITS, PROSE_NEAR, PROSE_AROUND = 1, 3, -2, -5, -2, -1
SEPARATOR, BULLET, PHRASE, IS_ABOVE = 2, 2, 2, -1
SEPARATORS = frozenset("|»›•·/>")
BULLETS = frozenset("-*•·")
# How many rows up and down are near, and around; from which share on prose is among them, and digits are many.
LENGTH_REACH, NEAR_REACH, AROUND_REACH = 8, 3, 25
NEAR_SHARE, AROUND_SHARE, DIGITS_SHARE = 0.5, 0.03, 0.15
# A row counts for this many code points at most: of prose, and of any row.
PROSE_ROW_CHARS, ROW_CHARS = 600, 300


class Stretch(NamedTuple):
    """Rows from `first` up to `last`, both included, and what the prose in them is worth."""

    first: int
    last: int
    worth: float


def main_stretch(values: Sequence[float]) -> Stretch:
    """Give the run with the largest sum; an empty one at the end where no value is positive."""
    best = Stretch(len(values), len(values) - 1, 0.0)
    total, start = 0.0, 0
    for place, value in enumerate(values):
        if total <= 0:
            total, start = 0.0, place
        total += value
        if total > best.worth:
            best = Stretch(start, place, total)
    return best


class _Rows:
    """Sums over rows, so that each row is judged in constant time."""

    def __init__(self, case: Case) -> None:
        page = case.page
        self.texts = page.texts
        rows = range(len(page.texts))
        self.sure = [row in case.taken or (row in case.hits and not case.hits[row].careful) for row in rows]
        self.hit = [sure or row in case.hits for row, sure in enumerate(self.sure)]
        self.prose = [prose and not sure for prose, sure in zip(page.prose, self.sure, strict=True)]
        self.lengths = [len(text) * (DENSITY if is_dense(text) else 1) for text in page.texts]
        self.sure_before = [0, *accumulate(self.sure)]
        found = {row: hit.code for row, hit in case.hits.items()} | {row: v.code for row, v in case.taken.items()}
        self.boundary_before = [0, *accumulate(found.get(row) in BOUNDARIES for row in rows)]
        self.prose_before = [0, *accumulate(self.prose)]
        chars = (
            min(length, PROSE_ROW_CHARS) if prose else 0 for length, prose in zip(self.lengths, self.prose, strict=True)
        )
        self.prose_chars_before = [0.0, *accumulate(chars)]
        self.chars_before = [0.0, *accumulate(min(length, ROW_CHARS) for length in self.lengths)]

    def values(self) -> list[float]:
        """Give what each row is worth as text."""
        values = []
        for row, text in enumerate(self.texts):
            if self.hit[row]:
                values.append(SURE if self.sure[row] else CAREFUL)
            elif self.prose[row]:
                worth = min(self.lengths[row], PROSE_CAP) / PROSE_UNIT
                values.append(worth if text[-1] in FINAL_MARKS else worth * NO_MARK)
            else:
                values.append(SHORT)
        return values

    def mean(self, sums: Sequence[float], row: int, reach: int) -> float:
        """Give the mean over the rows within `reach` of a row."""
        first, end = max(0, row - reach), min(len(self.texts), row + reach + 1)
        return (sums[end] - sums[first]) / (end - first)

    def points(self, row: int, main: Stretch) -> int:
        """Give the points of a row outside the main stretch."""
        text = self.texts[row]
        above = row < main.first
        distance = main.first - row if above else row - main.last
        between = (row + 1, main.first) if above else (main.last + 1, row)
        beyond = (0, row) if above else (row + 1, len(self.texts))
        beyond_chars = self.prose_chars_before[beyond[1]] - self.prose_chars_before[beyond[0]]
        much_beyond = beyond_chars > MAX_PROSE_BEYOND * self.prose_chars_before[-1]
        unbounded = self.boundary_before[between[1]] == self.boundary_before[between[0]]
        if unbounded and (much_beyond or not (above or self.hit[row])):
            return 0
        points = START + _steps(DISTANCE, distance) + _steps(LENGTH, self.lengths[row])
        points += _steps(MEAN_LENGTH_NEAR, self.mean(self.chars_before, row, LENGTH_REACH))
        points += SURE_BETWEEN * (self.sure_before[between[1]] > self.sure_before[between[0]])
        points += PROSE_BEYOND * (self.prose_before[beyond[1]] > self.prose_before[beyond[0]])
        points += PROSE_NEAR * (self.mean(self.prose_before, row, NEAR_REACH) >= NEAR_SHARE)
        points += PROSE_AROUND * (self.mean(self.prose_before, row, AROUND_REACH) >= AROUND_SHARE)
        points += DIGITS * (sum(character.isdigit() for character in text) >= DIGITS_SHARE * len(text))
        points += SEPARATOR * (not SEPARATORS.isdisjoint(text)) + BULLET * (text[0] in BULLETS)
        return points + PHRASE * self.hit[row] + IS_ABOVE * above


def _steps(table: tuple[tuple[int, int], ...], value: float) -> int:
    return sum(points for bound, points in table if value >= bound)


def take_furniture(case: Case) -> None:
    """Take the menus above and the footer below the text of a whole page, and what stands beside them."""
    if ABOVE in case.codes:
        _take_around(case)
        take_witnessed(case)


def _take_around(case: Case) -> None:
    """Take the rows above and below the main stretch that have points enough, if the text is a whole page."""
    if len(case.hits) + len(case.taken) < MIN_CLASSES:
        return
    rows = _Rows(case)
    main = main_stretch(rows.values())
    if main.worth < MIN_WORTH:
        return
    if not _is_page(case, rows, main):
        _take_after_boundary(case, rows, main)
        return
    text = rows.texts[main.first : main.last + 1]
    words = functools.cache(lambda: Words(text))
    headings = {key(line) for line in text if len(line) <= TITLE_MAX_CHARS}
    for row in (*range(main.first), *range(main.last + 1, len(rows.texts))):
        if row in case.taken or rows.points(row, main) < MIN_POINTS:
            continue
        above = row < main.first
        if not rows.hit[row] and key(rows.texts[row]) in headings:
            continue  # an entry of the table of contents, or of a table that comes again
        if above and not rows.hit[row] and words().tell(rows.texts[row]):
            continue
        distance = main.first - row if above else row - main.last
        place = f"{distance} lines {'above' if above else 'below'} the text"
        case.take(row, ABOVE if above else BELOW, f"part of the page around the text, {place}")


def _take_after_boundary(case: Case, rows: _Rows, main: Stretch) -> None:
    """Take the short rows below a line that ends the text, such as a heading of related links."""
    bounds = (row for row in range(main.last + 1, len(rows.texts)) if row in case.taken)
    end = next((row for row in bounds if rows.boundary_before[row + 1] > rows.boundary_before[row]), None)
    prose = rows.prose_chars_before
    if end is None or prose[-1] - prose[end] > MAX_PROSE_BELOW * prose[-1]:
        return
    for row in range(end + 1, len(rows.texts)):
        if not rows.prose[row] and rows.texts[row][-1] not in FINAL_MARKS:
            case.take(row, BELOW, "a short line below the end of the text")


def _is_page(case: Case, rows: _Rows, main: Stretch) -> bool:
    outside = {
        case.taken[row].code if row in case.taken else case.hits[row].code
        for row in {*case.hits, *case.taken}
        if not main.first <= row <= main.last
    }
    if len(outside - NO_EVIDENCE) < MIN_CLASSES:
        return False
    prose = [
        min(length, PROSE_ROW_CHARS) if is_prose else 0
        for length, is_prose in zip(rows.lengths, rows.prose, strict=True)
    ]
    if sum(prose[main.first : main.last + 1]) < MIN_SHARE * sum(prose):
        return False
    counts = Counter(text.lower() for text in rows.texts)
    return sum(count for count in counts.values() if count >= REPEATS) <= MAX_REPEATED * len(rows.texts)
