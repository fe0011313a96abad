"""What is known of all rows of a text together: their shapes, where prose is, sums over the rows above each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from cleaner.rules.boilerplate.page import FINAL_MARKS

# In sums no score counts for less: one line of prose in a run says that it is prose, not how much.
LEAST = -300
LONG_PROSE = 600
_OPENING = frozenset("\"'«“„‘「『—–-")
_ENDINGS = (".。؟۔।", "!?！？", ":：", ",;，、；", "\"»”」』’'", ")]）】", ">»›→|")
Shape = tuple[int, int, int, int]
# Characters that are remembered with their kinds.
REMEMBERED = 4096


class Layout(NamedTuple):
    """`sums`, `chars` and `lengths` are sums over the rows above each: scores, code points of prose, code points.

    `above` and `below` are the distances to the next row of prose, and `first_prose` and `last_prose` bound it.
    `shapes` are the kinds of signs that a row begins and ends with, and its length and its spaces in steps.
    `times` counts equal rows, `again` those that are not alone, and `text` is known of the text as a whole.
    """

    sums: list[int]
    chars: list[int]
    lengths: list[int]
    above: list[int]
    below: list[int]
    first_prose: int
    last_prose: int
    shapes: list[Shape]
    lasts: list[int]
    times: Counter[str]
    again: int
    text: tuple[int, int, int, int]


def layout(texts: Sequence[str], prose: Sequence[bool], scores: Sequence[int]) -> Layout:
    """Return what is known of some rows; `scores` are what each reads like."""
    lengths = [len(text) for text in texts]
    rows = [row for row, is_prose in enumerate(prose) if is_prose]
    shapes = [_shape(text, length) for text, length in zip(texts, lengths, strict=True)]
    times = Counter(texts)
    short = [length for length, is_prose in zip(lengths, prose, strict=True) if not is_prose]
    long = [min(length, LONG_PROSE) if is_prose else 0 for length, is_prose in zip(lengths, prose, strict=True)]
    return Layout(
        sums=[0, *accumulate([max(score, LEAST) for score in scores])],
        chars=[0, *accumulate(long)],
        lengths=[0, *accumulate(lengths)],
        above=_distances(prose),
        below=_distances(prose[::-1])[::-1],
        first_prose=rows[0] if rows else len(texts),
        last_prose=rows[-1] if rows else -1,
        shapes=shapes,
        lasts=[last for _, last, *_ in shapes],
        times=times,
        again=min(sum([count > 1 for count in times.values()]), 20) if len(times) < len(texts) else 0,
        text=(
            min(len(texts), 300),
            100 * len(rows) // len(texts),
            sum(short) // len(short) if short else 0,
            100 * sum([text[-1] in FINAL_MARKS for text in texts]) // len(texts),
        ),
    )


def _distances(prose: Sequence[bool]) -> list[int]:
    """Return for each row how far above it the next row of prose is; the start of the text counts as one."""
    found, last = [], -1
    for row, is_prose in enumerate(prose):
        found.append(row - last)
        if is_prose:
            last = row
    return found


def _shape(text: str, length: int) -> Shape:
    return first_kind(text), last_kind(text), min(length // 16, 7), min(text.count(" "), 6) // 2


def last_kind(text: str) -> int:
    """Return what kind of sign a row ends in."""
    return 2 if text.endswith("...") else _kind_at_end(text[-1])


@lru_cache(REMEMBERED)
def _kind_at_end(sign: str) -> int:
    if sign.isalpha():
        return 0
    if sign.isdigit():
        return 1
    if sign == "…":
        return 2
    return next((kind for kind, signs in enumerate(_ENDINGS, 3) if sign in signs), 10)


def first_kind(text: str) -> int:
    """Return what kind of sign a row begins with."""
    return _kind_at_start(text[0])


@lru_cache(REMEMBERED)
def _kind_at_start(sign: str) -> int:
    if sign.isalpha():
        return 0 if sign.isupper() else 1 if sign.islower() else 2
    return 3 if sign.isdigit() else 4 if sign in _OPENING else 5 if sign in "([（【" else 6
