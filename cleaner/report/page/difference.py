"""Two texts side by side: which lines belong together, and which words of them differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from cleaner.account.facts import beginning
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


def side_by_side(left: str, right: str) -> list[Row]:
    """Return the rows that show how two texts differ; long equal stretches are only counted."""
    a, b = left.split("\n"), right.split("\n")
    blocks = SequenceMatcher(None, a, b).get_opcodes()
    rows: list[Row] = []
    for number, (what, i, j, k, m) in enumerate(blocks):
        if what == "equal":
            rows += _equal("\n".join(a[i:j]), first=number == 0, last=number == len(blocks) - 1)
        else:
            rows.append(_different("\n".join(a[i:j]), "\n".join(b[k:m])))
    return rows


def _equal(text: str, *, first: bool, last: bool) -> Iterator[Row]:
    """Yield the beginning and the end of an equal stretch, where something differs before and after it."""
    head = "" if first else beginning(text, CONTEXT_CHARS)
    tail = "" if last else beginning(text[::-1], CONTEXT_CHARS)[::-1]
    if len(text) <= 3 * CONTEXT_CHARS:
        yield _same(text)
        return
    if head:
        yield _same(head)
    yield Row((), (), len(text) - len(head) - len(tail))
    if tail:
        yield _same(tail)


def _same(text: str) -> Row:
    return Row(((False, text),), ((False, text),))


def _different(left: str, right: str) -> Row:
    a, b = _TOKEN.findall(left), _TOKEN.findall(right)
    lefts: list[Piece] = []
    rights: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, a, b).get_opcodes():
        differs = what != "equal"
        _add(lefts, differs, a[i:j])
        _add(rights, differs, b[k:m])
    return Row(tuple(lefts), tuple(rights))


def _add(pieces: list[Piece], differs: bool, tokens: Sequence[str]) -> None:
    if tokens:
        pieces.append((differs, "".join(tokens)))
