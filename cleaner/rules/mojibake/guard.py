"""The guard: which lines ftfy may have something to do to, told fifty times as fast as ftfy does.

Derived from ftfy's tables, see `signs`: a line that the guard lets pass is one that ftfy leaves as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from cleaner.rules.mojibake.signs import CONTROLS, SIGNS

_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_ASCII = "".join(map(chr, range(0x80)))
_PLAIN = bytes(byte for byte in range(0x80) if chr(byte) in "\t\f\r" or chr(byte).isprintable())


def beyond_ascii(text: str) -> str:
    """Return what is left of a text without printable ASCII, but with its line feeds.

    Most text is ASCII for the most part, so that there is little to look at.
    """
    return text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")


def doubtful_lines(text: str, rest: str) -> list[tuple[int, str]]:
    """Return the lines, and where they start, to which ftfy may have something to do; a glance is all it takes.

    `rest` is what is left of the text `beyond_ascii`.
    """
    numbers = line_numbers(_suspicious_rest(), rest)
    at = text.find("&")
    while at >= 0:
        if _ENTITY.match(text, at):
            numbers |= line_numbers(_ENTITY, text)
            break
        at = text.find("&", at + 1)
    if not numbers:
        return []
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    return [(starts[number], lines[number]) for number in sorted(numbers)]


def line_numbers(pattern: re.Pattern[str], text: str) -> set[int]:
    """Return the numbers, from 0, of the lines in which the pattern matches."""
    numbers = set()
    number = at = 0
    while match := pattern.search(text, at):
        number += text.count("\n", at, match.start())
        numbers.add(number)
        at = text.find("\n", match.start())
        if at < 0:
            break
    return numbers


def suspicious(line: str) -> bool:
    """Whether ftfy may change the line; where it does, this is always so."""
    return _ENTITY.search(line) is not None or broken().search(line) is not None


@cache
def broken() -> re.Pattern[str]:
    """Return an expression that matches somewhere in every line that ftfy may change but for entities."""
    return _signs(_contexts())


@cache
def _suspicious_rest() -> re.Pattern[str]:
    """Return an expression that matches where `broken` does in what is left of a text without ASCII."""
    return _signs(_contexts(without_ascii=True))


def _signs(contexts: Sequence[str]) -> re.Pattern[str]:
    # One class finds the characters that have a part in it, fast; only there, their neighbours are looked at.
    signs = "".join(chars for chars, _, _ in SIGNS)
    return re.compile(f"[{CONTROLS}{signs}](?:(?<=[{CONTROLS}])|{'|'.join(contexts)})")


def _contexts(*, without_ascii: bool = False) -> list[str]:
    """Return what makes a sign suspicious; where ASCII neighbours would, but are gone, the sign itself does."""
    contexts = []
    for chars, before, after in SIGNS:
        if without_ascii and re.search(f"[{before}{after}]", _ASCII):
            contexts.append(f"(?<=[{chars}])")
        else:
            contexts.append(f"(?<=[{before}][{chars}])" if before else f"(?<=[{chars}])[{after}]")
    return contexts
