"""What two sequences of lines or words have in common, in order, in time nearly linear in their length."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

# Runs that stand once on each side are what the sides are laid beside each other by: long ones first, which chance
# does not repeat, then shorter ones where these leave something between.
_RUNS = (12, 5, 2, 1)

# Where the lengths of both sides, multiplied, are at most this, all is compared with all.
_FEW = 10_000


class Match(NamedTuple):
    """A run that both sides have: where it begins on each, and how long it is."""

    left: int
    right: int
    size: int


class _Gap(NamedTuple):
    """A stretch of both sides, as ranges, between two runs that they have in common."""

    left: int
    left_end: int
    right: int
    right_end: int


def matches(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Match]:
    """Return the runs in common, in order, none beside another one.

    >>> matches("one two".split(), "one new two".split())
    [Match(left=0, right=0, size=1), Match(left=1, right=2, size=1)]
    """
    joined: list[Match] = []
    for match in _matches(left, right, _Gap(0, len(left), 0, len(right)), _RUNS):
        last = joined[-1] if joined else Match(0, 0, 0)
        if (last.left + last.size, last.right + last.size) == (match.left, match.right):
            joined[-1:] = [last._replace(size=last.size + match.size)]
        else:
            joined.append(match)
    return joined


def _matches(left: Sequence[Hashable], right: Sequence[Hashable], gap: _Gap, lengths: Sequence[int]) -> Iterator[Match]:
    start, start_right, end, end_right = gap.left, gap.right, gap.left_end, gap.right_end
    while start < end and start_right < end_right and left[start] == right[start_right]:
        start, start_right = start + 1, start_right + 1
    while start < end and start_right < end_right and left[end - 1] == right[end_right - 1]:
        end, end_right = end - 1, end_right - 1
    if start > gap.left:
        yield Match(gap.left, gap.right, start - gap.left)
    inner = _Gap(start, end, start_right, end_right)
    if start < end and start_right < end_right:
        if (end - start) * (end_right - start_right) <= _FEW:
            yield from _all_with_all(left, right, inner)
        elif lengths:
            yield from _by_runs(left, right, inner, lengths)
    if end < gap.left_end:
        yield Match(end, end_right, gap.left_end - end)


def _all_with_all(left: Sequence[Hashable], right: Sequence[Hashable], gap: _Gap) -> Iterator[Match]:
    a, b = left[gap.left : gap.left_end], right[gap.right : gap.right_end]
    for i, j, size in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        if size:
            yield Match(gap.left + i, gap.right + j, size)


def _by_runs(left: Sequence[Hashable], right: Sequence[Hashable], gap: _Gap, lengths: Sequence[int]) -> Iterator[Match]:
    """Yield the matches on either side of the runs that stand once on each side, and these."""
    length, *shorter = lengths
    here, here_right = gap.left, gap.right
    for place, place_right in _in_order(_common(left, right, gap, length)):
        if place < here or place_right < here_right:
            # It overlaps the one before: what is more of it is found at the start of the next gap.
            continue
        yield from _matches(left, right, _Gap(here, place, here_right, place_right), shorter)
        yield Match(place, place_right, length)
        here, here_right = place + length, place_right + length
    yield from _matches(left, right, _Gap(here, gap.left_end, here_right, gap.right_end), shorter)


def _common(left: Sequence[Hashable], right: Sequence[Hashable], gap: _Gap, length: int) -> Iterator[tuple[int, int]]:
    """Yield where the runs of a length stand that are once on each side, in the order of the left."""
    places = _once(left, gap.left, gap.left_end, length)
    others = _once(right, gap.right, gap.right_end, length)
    for run, place in places.items():
        other = others.get(run, -1)
        if place >= 0 and other >= 0:
            yield place, other


def _once(every: Sequence[Hashable], start: int, end: int, length: int) -> dict[tuple[Hashable, ...], int]:
    """Return where each run of a length stands, and -1 for one that stands there several times."""
    found: dict[tuple[Hashable, ...], int] = {}
    for place in range(start, end - length + 1):
        run = tuple(every[place : place + length])
        found[run] = -1 if run in found else place
    return found


def _in_order(pairs: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return as many of the pairs as rise on both sides: the longest such sequence."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    every = list(pairs)
    for number, (_, right) in enumerate(every):
        at = bisect_left(ends, right)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [right]
        last[at : at + 1] = [number]
    found = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(every[number])
        number = before[number]
    return found[::-1]
