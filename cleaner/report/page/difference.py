"""Two texts side by side: which lines belong together, and which words of them differ."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.account.facts import beginning
from cleaner.report.page.matching import Match, matches
from cleaner.writing import UNSPACED, character_class

# A word, one letter of a script without spaces, or whatever else stands between.
_UNSPACED = character_class(UNSPACED)
_TOKEN = re.compile(
    rf"""
    [{_UNSPACED}]
    | [^\W{_UNSPACED}]+  # a word
    | \s+
    | .
    """,
    re.VERBOSE | re.DOTALL,
)

# Equal text around a difference that is still shown, in characters.
CONTEXT_CHARS = 160

Piece = tuple[bool, str]


class Row(NamedTuple):
    """A stretch of both texts: pieces that say whether they differ, or `alike` equal characters left out."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    alike: int = 0


def side_by_side(left: str, right: str, most: int = sys.maxsize) -> list[Row]:
    """Return the rows that show how two texts differ; long equal stretches are only counted.

    `most` is how many characters of a text are looked at. What one text alone has at its end is no difference then,
    where the other was cut.
    """
    rows = _rows(_shortened(left, most), _shortened(right, most))
    lefts, rights = rows[-1].left, rows[-1].right
    if lefts[-1:] and lefts[-1][0] and not (rights and rights[-1][0]) and len(right) >= most:
        lefts = lefts[:-1]
    elif rights[-1:] and rights[-1][0] and not (lefts and lefts[-1][0]) and len(left) >= most:
        rights = rights[:-1]
    return [*rows[:-1], *([rows[-1]._replace(left=lefts, right=rights)] if lefts or rights or rows[-1].alike else [])]


def _shortened(text: str, most: int) -> str:
    """Return a text of `most` characters or more without the rest, nor the word that this cuts."""
    if len(text) < most:
        return text
    start = max(0, most - CONTEXT_CHARS)
    return text[:start] + "".join(_TOKEN.findall(text[start:most])[:-1])


def _rows(left: str, right: str) -> list[Row]:
    a, b = left.split("\n"), right.split("\n")
    parts = list(_parts(a, b))
    rows: list[Row] = []
    for number, (lefts, rights) in enumerate(parts):
        one, other = "\n".join(lefts), "\n".join(rights)
        if lefts == rights:
            rows += _equal(one, first=number == 0, last=number == len(parts) - 1)
        else:
            rows += _different(one, other)
    return rows


def _parts(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the stretches that both sides are made of, in order: equal ones, and in turn with these, unequal ones."""
    here = here_right = 0
    for place, place_right, size in [*matches(left, right), Match(len(left), len(right), 0)]:
        if place > here or place_right > here_right:
            yield left[here:place], right[here_right:place_right]
        here, here_right = place + size, place_right + size
        if size:
            yield left[place:here], right[place_right:here_right]


def _equal(text: str, *, first: bool, last: bool) -> Iterator[Row]:
    """Yield the beginning and the end of an equal stretch, where something differs before and after it."""
    if len(text) <= 3 * CONTEXT_CHARS:
        yield _same(text)
        return
    head, tail = _around(text, first=first, last=last)
    if head:
        yield _same(head)
    yield Row((), (), len(text) - len(head) - len(tail))
    if tail:
        yield _same(tail)


def _around(text: str, *, first: bool, last: bool) -> tuple[str, str]:
    """Return the beginning and the end of a long equal stretch, each empty where nothing differs on that side."""
    head = "" if first else beginning(text, CONTEXT_CHARS)
    return head, "" if last else beginning(text[::-1], CONTEXT_CHARS)[::-1]


def _same(text: str) -> Row:
    return Row(((False, text),), ((False, text),))


def _different(left: str, right: str) -> Iterator[Row]:
    """Yield the words of both sides, and where many in a row are equal, how many characters they have."""
    lefts: list[Piece] = []
    rights: list[Piece] = []
    parts = _readable([("".join(a), "".join(b)) for a, b in _parts(_TOKEN.findall(left), _TOKEN.findall(right))])
    for number, (a, b) in enumerate(parts):
        if a == b and len(a) > 3 * CONTEXT_CHARS:
            head, tail = _around(a, first=number == 0, last=number == len(parts) - 1)
            if head:
                yield Row((*lefts, (False, head)), (*rights, (False, head)))
            yield Row((), (), len(a) - len(head) - len(tail))
            lefts, rights = ([(False, tail)], [(False, tail)]) if tail else ([], [])
            continue
        lefts += [(a != b, a)] if a else []
        rights += [(a != b, b)] if b else []
    if lefts or rights:
        yield Row(tuple(lefts), tuple(rights))


def _readable(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join differences with only a little in common between them, such as the spaces between words that all differ.

    That is what is no longer than the difference before it, and no longer than the one after it.
    """
    made: list[tuple[str, str]] = []
    for left, right in parts:
        made.append((left, right))
        while left != right and len(made) > 2 and _is_little(*made[-3:]):
            made[-3:] = [("".join(a for a, _ in made[-3:]), "".join(b for _, b in made[-3:]))]
    return made


def _is_little(before: tuple[str, str], common: tuple[str, str], after: tuple[str, str]) -> bool:
    return len(common[0]) <= min(max(map(len, before)), max(map(len, after)))
