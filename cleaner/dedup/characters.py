r"""What must be known of a character to find words: whether it is a \w, and whether folding its text can be spared.

Folding is `folding.comparable`. It costs more than all else that is done to a text, and changes little in most
texts. So the words of a text are found without it where each character is ASCII or *settled*: where folding cannot
give another word, whatever stands beside the character.
"""

from __future__ import annotations

import functools
import re
import sys
import unicodedata

import numpy as np
from numpy.typing import NDArray

from cleaner.folding import SEEN_THROUGH
from cleaner.writing import UNSPACED as WITHOUT_SPACES

KIND = np.uint8(3)
"""Mask of a character's kind: 0 no \\w, `SPACED`, or `UNSPACED`."""
SPACED = np.uint8(1)
"""A \\w of a script that writes spaces between words."""
UNSPACED = np.uint8(2)
"""A \\w of a script that writes none."""
RECASED = np.uint8(4)
"""Casefolding gives one other character, or "ss", which `recased()` knows; else the character is settled."""
UNSETTLED = np.uint8(8)
"""The text must be folded before its words are looked for."""

# The planes beyond the third have no letters.
_LETTERS_END = 0x40000
# Ideographs, Hangul syllables, surrogates and private use: two in three of the basic plane, and folding changes none.
_ALL_SETTLED = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xAC00, 0xD7A4), range(0xD800, 0xF900))
# Characters that are looked at one by one: the rest of the basic plane and the emoji. All others are unsettled.
_EXAMINED = (
    range(0x80, 0x3400),
    range(0x4DC0, 0x4E00),
    range(0xA000, 0xAC00),
    range(0xD7A4, 0xD800),
    range(0xF900, 0x10000),
    range(0x1F000, 0x1FB00),
)
# Up to here a character has two bytes in UTF-8, and so has its other case where it can be put in its place.
_TWO_BYTES = range(0x80, 0x800)
_WORD = re.compile(r"\w+")
_SEEN_THROUGH = re.compile(f"[{SEEN_THROUGH}]")


@functools.cache
def traits() -> NDArray[np.uint8]:
    """Return the traits of every code point: its kind, `RECASED`, `UNSETTLED`."""
    points = np.arange(_LETTERS_END, dtype="<u4")
    table = np.zeros(sys.maxunicode + 1, np.uint8)
    for run in _WORD.finditer(points.tobytes().decode("utf-32-le", "surrogatepass")):
        table[run.start() : run.end()] = SPACED
    for first, last in WITHOUT_SPACES:
        table[first : last + 1] *= UNSPACED
    table[0x80:] |= UNSETTLED
    may_join = joining()
    settled = [point for examined in _EXAMINED for point in examined if _is_settled(point, may_join)]
    table[settled] &= ~UNSETTLED
    for block in _ALL_SETTLED:
        table[block.start : block.stop] &= ~UNSETTLED
    changing = [point for point in _TWO_BYTES if table[point] & UNSETTLED and _is_recased(point, may_join)]
    table[changing] ^= UNSETTLED | RECASED
    seen_through = [point for point in _TWO_BYTES if _SEEN_THROUGH.match(chr(point))]
    table[seen_through] = table[seen_through] & KIND | UNSETTLED
    table.flags.writeable = False
    return table


@functools.cache
def recased() -> NDArray[np.uint8]:
    """Return the two UTF-8 bytes of the other case of each code point below 0x800 that is `RECASED`."""
    pairs = np.zeros((_TWO_BYTES.stop, 2), np.uint8)
    for point in np.flatnonzero(traits()[: _TWO_BYTES.stop] & RECASED).tolist():
        pairs[point] = list(chr(point).casefold().encode())
    pairs.flags.writeable = False
    return pairs


@functools.cache
def joining() -> set[int]:
    """Return the characters that normalisation can join with the one before: marks, vowels and finals of Hangul.

    Of those beyond the basic plane only emoji are looked at.
    """
    found = {*range(0x1161, 0x1176), *range(0x11A7, 0x11C3)}
    for point in (point for examined in _EXAMINED for point in examined):
        char = chr(point)
        parts = unicodedata.decomposition(char).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(int(parts[1], 16))
        if unicodedata.combining(char):
            found.add(point)
    return found


def _is_settled(point: int, may_join: set[int]) -> bool:
    """Say whether the character stays as it is, or is no word's and becomes characters that are no word's."""
    char = chr(point)
    if point in may_join:
        return False
    normal = unicodedata.normalize("NFKC", char)
    folded = normal.casefold()
    return folded == char or not (_WORD.search(char + folded) or ord(normal[0]) in may_join)


def _is_recased(point: int, may_join: set[int]) -> bool:
    char = chr(point)
    folded = char.casefold()
    return point not in may_join and unicodedata.normalize("NFKC", char) == char and len(folded.encode()) == 2
