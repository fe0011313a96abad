"""What is known of each row of a page, as whole numbers: its shape, its wording, its place, its neighbours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.rules.boilerplate.keys import fold, key
from cleaner.rules.boilerplate.page import DENSITY, FINAL_MARKS, is_dense

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Lengths count up to here, in code points; a character of scripts without spaces between words counts more.
MAX_LENGTH = 400
# Distances and numbers of rows count up to here.
FAR, MANY = 60, 200
# The least letters of a word of the topic, and the most such words that are counted.
TOPIC_CHARS, TOPIC_WORDS = 4, 12
# What a row without prose, and one with a phrase, is worth to the main stretch, in code points of prose.
SHORT, PHRASE = -40, 60
# A page counts as no longer than this, in rows and in code points of prose.
MAX_ROWS, MAX_CHARS = 2000, 30_000
_WORD = re.compile(r"\w+")

# What is known of a row alone, and of the rows within reach of it.
ROW = ("length", "words", "digits", "final", "same", "told", "told_words", "evidence", "wording")
NEAR = {"length": (4, 12), "prose": (12,), "final": (4,), "wording": (4, 12, 30), "digits": (4, 30)}
PLACE = (
    "wording-1", "wording+1", "from_start", "from_end", "prose_above", "prose_below", "prose_chars_above",
    "prose_chars_below", "boundary_above", "wording_above", "wording_below", "run_length", "run_wording",
    "run_evidence", "main", "main_distance", "evidence_to_main", "boundary_to_main", "prose_beyond",
)  # fmt: skip
WHOLE = ("rows", "prose_chars", "evidence_rows", "short_length", "final_rows", "repeated", "main_share")
NAMES = (*ROW, *(f"{name}~{reach}" for name, reaches in NEAR.items() for reach in reaches), *PLACE, *WHOLE)


class Rows(NamedTuple):
    """The rows of a page, and what the phrases say of each: 0 nothing, 1 careful, 2 sure; which of them end a text."""

    texts: Sequence[str]
    prose: Sequence[bool]
    evidence: Sequence[int]
    boundary: Sequence[bool]


def facts(rows: Rows, wording: Sequence[int]) -> NDArray[np.int32]:
    """Return a row of whole numbers for each row of the page, in the order of NAMES. Linear in the text's length."""
    columns = _alone(rows, wording)
    for name, reaches in NEAR.items():
        for reach in reaches:
            columns[f"{name}~{reach}"] = _mean_near(columns[name], reach)
    columns |= _places(columns)
    columns |= _runs(columns)
    columns |= _main(columns)
    columns |= _wholes(columns)
    return np.column_stack([columns[name] for name in NAMES]).astype(np.int32)


def _alone(rows: Rows, wording: Sequence[int]) -> dict[str, NDArray[np.int64]]:
    """Return what is known of each row alone, and which are prose and boundaries."""
    texts = rows.texts
    keys = [key(text) for text in texts]
    count = Counter(keys)
    told = _told(rows)
    values: dict[str, Sequence[int] | Sequence[bool]] = {
        "length": [min(int(len(text) * (DENSITY if is_dense(text) else 1)), MAX_LENGTH) for text in texts],
        "words": [min(len(text[:MAX_LENGTH].split()), FAR) for text in texts],
        "digits": [_digits(text[:MAX_LENGTH]) for text in texts],
        "final": [text[-1] in FINAL_MARKS for text in texts],
        "same": [min(9, count[folded]) for folded in keys],
        "told": [share for share, _ in told],
        "told_words": [number for _, number in told],
        "evidence": rows.evidence,
        "wording": wording,
        "prose": rows.prose,
        "boundary": rows.boundary,
    }
    return {name: np.array(column, dtype=np.int64) for name, column in values.items()}


def _digits(head: str) -> int:
    """Return how much of a text is digits, in sixteenths."""
    return 16 * sum(map(str.isdigit, head)) // len(head)


def _told(rows: Rows) -> list[tuple[int, int]]:
    """Return for each row, in sixteenths, how many of its longer words stand in other rows of prose, and the number."""
    words = [_topic_words(text) for text in rows.texts]
    in_prose: Counter[str] = Counter()
    for said, prose in zip(words, rows.prose, strict=True):
        if prose:
            in_prose.update(said)
    told = []
    for said, prose in zip(words, rows.prose, strict=True):
        own = 1 if prose else 0
        number = sum(in_prose[word] > own for word in said)
        told.append((16 * number // len(said) if said else -1, min(number, TOPIC_WORDS)))
    return told


def _topic_words(text: str) -> set[str]:
    folded = fold(text[: 2 * MAX_LENGTH])
    if is_dense(text):
        return {pair for pair in map("".join, pairwise(folded)) if pair.isalnum()}
    return {word for word in _WORD.findall(folded) if len(word) >= TOPIC_CHARS and not word.isdigit()}


def _shifted(values: NDArray[np.int64], offset: int) -> NDArray[np.int64]:
    """Return the value of the row that stands `offset` below each row; -999 where there is none."""
    out = np.full(len(values), -999, dtype=np.int64)
    if abs(offset) < len(values):
        if offset > 0:
            out[:-offset] = values[offset:]
        else:
            out[-offset:] = values[:offset]
    return out


def _mean_near(values: NDArray[np.int64], reach: int) -> NDArray[np.int64]:
    """Return 16 times the mean over the rows within `reach` of each row."""
    sums = np.concatenate([[0], np.cumsum(values)])
    rows = np.arange(len(values))
    first, end = np.maximum(0, rows - reach), np.minimum(len(values), rows + reach + 1)
    means: NDArray[np.int64] = 16 * (sums[end] - sums[first]) // (end - first)
    return means


def _above(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sum of the values above each row."""
    return np.cumsum(values) - values


def _distances(marked: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many rows the next marked row above, and below, is away; at most FAR."""
    rows = np.arange(len(marked))
    above = np.maximum.accumulate(np.where(marked, rows, -FAR))
    below = np.minimum.accumulate(np.where(marked, rows, len(marked) + FAR)[::-1])[::-1]
    return np.minimum(rows - above, FAR), np.minimum(below - rows, FAR)


def main_stretch(values: NDArray[np.int64]) -> tuple[int, int]:
    """Return the first and the last row of the run with the largest sum; (0, -1) where no value is positive."""
    sums = np.concatenate([[0], np.cumsum(values)])
    lowest = np.minimum.accumulate(sums)
    gains = sums - lowest
    end = int(gains.argmax())
    if gains[end] <= 0:
        return 0, -1
    first = int(np.flatnonzero(sums[:end] == lowest[end])[-1])
    return first, end - 1


def _prose(columns: dict[str, NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Return which rows are prose that no sure phrase speaks against."""
    prose: NDArray[np.bool_] = (columns["prose"] > 0) & (columns["evidence"] < 2)
    return prose


def _share(part: NDArray[np.int64], whole: int) -> NDArray[np.int64]:
    """Return parts of a whole, in sixty-fourths."""
    shares: NDArray[np.int64] = 64 * part // max(1, whole)
    return shares


def _places(columns: dict[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    """Return where each row stands: from the ends, from prose, from a line that ends a text; and how it is around."""
    number = len(columns["length"])
    rows = np.arange(number)
    prose = _prose(columns)
    chars = columns["length"] * prose
    total, above = int(chars.sum()), _above(columns["length"] * prose)
    prose_above, prose_below = _distances(prose)
    wording = columns["wording"]
    wording_above = _above(wording)
    return {
        "wording-1": _shifted(wording, -1),
        "wording+1": _shifted(wording, 1),
        "from_start": np.minimum(rows, MANY),
        "from_end": np.minimum(number - 1 - rows, MANY),
        "prose_above": prose_above,
        "prose_below": prose_below,
        "prose_chars_above": _share(above, total),
        "prose_chars_below": _share(total - above - chars, total),
        "boundary_above": _distances(columns["boundary"] > 0)[0],
        "wording_above": 16 * wording_above // np.maximum(1, rows),
        "wording_below": 16 * (wording.sum() - wording_above - wording) // np.maximum(1, number - 1 - rows),
    }


def _runs(columns: dict[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    """Return the means over the run of rows without prose that each row stands in."""
    prose = _prose(columns)
    starts = np.concatenate([[True], prose[1:] | prose[:-1]])
    first, run = np.flatnonzero(starts), np.cumsum(starts) - 1
    size = np.bincount(run)[run]
    sums = {name: np.add.reduceat(columns[name], first)[run] for name in ("length", "wording", "evidence")}
    return {
        "run_length": sums["length"] // size,
        "run_wording": sums["wording"] // size,
        "run_evidence": 16 * sums["evidence"] // size,
    }


def _main(columns: dict[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    """Return how each row stands to the main stretch: the run of rows that prose, length and wording speak for."""
    prose = _prose(columns)
    chars = columns["length"] * prose
    worth = np.where(prose, columns["length"], SHORT) - columns["wording"] // 2 - PHRASE * columns["evidence"]
    first, last = main_stretch(worth)
    rows = np.arange(len(worth))
    side = np.where(rows < first, -1, np.where(rows > last, 1, 0))
    out = {"main": side, "main_distance": np.where(side < 0, first - rows, np.where(side > 0, rows - last, 0))}
    for name in ("evidence", "boundary"):
        sums = np.concatenate([[0], np.cumsum(columns[name])])
        between = np.where(side < 0, sums[first] - sums[rows], sums[rows + 1] - sums[last + 1])
        out[f"{name}_to_main"] = np.where(side == 0, 0, np.minimum(between, FAR))
    above = _above(chars)
    beyond = np.where(side < 0, above, chars.sum() - above - chars)
    out["prose_beyond"] = np.where(side == 0, 0, _share(beyond, int(chars.sum())))
    return out


def _wholes(columns: dict[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    """Return what is known of the page: the same for each row."""
    number = len(columns["length"])
    short = columns["length"][columns["prose"] == 0]
    chars = columns["length"] * columns["prose"]
    values = {
        "rows": min(number, MAX_ROWS),
        "prose_chars": min(int(chars.sum()), MAX_CHARS),
        "evidence_rows": 64 * int((columns["evidence"] > 0).sum()) // number,
        "short_length": int(short.sum()) // max(1, len(short)),
        "final_rows": 64 * int(columns["final"].sum()) // number,
        "repeated": 64 * int((columns["same"] > 1).sum()) // number,
        "main_share": 64 * int(chars[columns["main"] == 0].sum()) // max(1, int(chars.sum())),
    }
    return {name: np.full(number, value, dtype=np.int64) for name, value in values.items()}
