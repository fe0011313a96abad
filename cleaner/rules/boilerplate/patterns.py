"""Refuse regular expressions that could take more than a bounded number of steps on one line."""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found,unused-ignore]
import re._parser as sre_parser  # type: ignore[import-not-found,unused-ignore]
from typing import Any

# Ways in which a pattern may try to match one line: 100,000 of them take about 2 ms in CPython.
MAX_WAYS = 100_000

_REFUSED = {
    sre.GROUPREF: "a back-reference",
    sre.GROUPREF_EXISTS: "a conditional group",
    sre.ASSERT: "a look-around",
    sre.ASSERT_NOT: "a look-around",
}


class UnsafePatternError(ValueError):
    """A pattern does not compile, or could be slow."""


def check_pattern(pattern: str, max_chars: int) -> None:
    """Raise `UnsafePatternError` unless the pattern is sure to be quick on lines of `max_chars` code points.

    The bound is the number of ways in which a backtracking matcher can divide such a line between the
    repetitions of the pattern.

    >>> check_pattern(r"page \\d+ of \\d+", 60)
    >>> check_pattern(r"(\\w+ ?)+!", 60)
    Traceback (most recent call last):
    ...
    cleaner.rules.boilerplate.patterns.UnsafePatternError: could try more than 100,000 ways on a line of 60 \
characters; bound its repetitions, as in .{0,40}
    """
    try:
        parsed = sre_parser.parse(pattern)
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise UnsafePatternError(f"is no regular expression: {error}") from error
    if _ways(parsed, max_chars) > MAX_WAYS:
        raise UnsafePatternError(
            f"could try more than {MAX_WAYS:,} ways on a line of {max_chars} characters; "
            "bound its repetitions, as in .{0,40}"
        )


def first_character(pattern: str) -> str:
    """Return the character that every match begins with, or "" where there are several."""
    parsed = sre_parser.parse(pattern)
    return chr(parsed[0][1]) if parsed and parsed[0][0] is sre.LITERAL else ""


def _ways(sequence: Any, max_chars: int) -> int:
    """Count the ways of a sequence; what exceeds the bound is only told to exceed it."""
    ways = 1
    for operator, argument in sequence:
        if operator in _REFUSED:
            raise UnsafePatternError(f"has {_REFUSED[operator]}, which no bound can be given for")
        ways *= _ways_of(operator, argument, max_chars)
        if ways > MAX_WAYS:
            return MAX_WAYS + 1
    return ways


def _ways_of(operator: Any, argument: Any, max_chars: int) -> int:
    if operator is sre.BRANCH:
        return sum(_ways(branch, max_chars) for branch in argument[1])
    if operator is sre.SUBPATTERN:
        return _ways(argument[-1], max_chars)
    if operator is sre.ATOMIC_GROUP:
        return _ways(argument, max_chars)
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, body = argument
        most = min(int(most), max_chars)
        once = _ways(body, max_chars)
        choices = max(1, most - int(least) + 1)
        # Each round of a body with several ways multiplies them.
        rounds = once**most if most <= 64 and once <= MAX_WAYS else (1 if once == 1 else MAX_WAYS + 1)
        return min(choices * int(rounds), MAX_WAYS + 1)
    return 1
