"""The evidence of n-grams for the languages of a script: a file made beforehand, whose entries are read when asked for.

`training/language_tables.py` makes the files from the profiles. In a file, little-endian: the number of n-grams and the
bytes of their names (two numbers of 32 bits); the names, in order, a line each; how many languages know each (a byte);
then for each of these in order the place of the language (a byte) and the evidence (16 bits).
"""

from __future__ import annotations

import struct
import sys
from array import array
from functools import cache
from itertools import accumulate
from pathlib import Path

FOLDER = Path(__file__).parent / "tables"
# A field holds the evidence of a sample: at most 3 n-grams a character, each worth ln(1 / 1e-5) * 1.6 thousandths.
FIELD_BITS = 32
# More entries than any file has: those of n-grams that no profile knows are kept as well, and all made anew then.
_MOST = 65_536
_HEAD = struct.Struct("<II")


class Table(dict[str, int]):
    """Maps an n-gram to the evidence that it and its endings give for each language; an unknown one to its ending's.

    The evidences of all languages stand side by side in one integer, a field of `FIELD_BITS` each: one addition adds
    them all. The entry of `abc` holds that of `bc` and of `c` as well.
    """

    def __init__(self, data: bytes) -> None:
        count, size = _HEAD.unpack_from(data)
        at = _HEAD.size + size
        names = data[_HEAD.size : at].decode("utf-8").split("\n")
        self._rows = dict(zip(names, range(count), strict=True))
        self._ends = [0, *accumulate(data[at : at + count])]
        at += count
        total = self._ends[-1]
        self._languages = data[at : at + total]
        self._evidence = array("H", data[at + total :])
        if sys.byteorder == "big":
            self._evidence.byteswap()

    def __missing__(self, ngram: str) -> int:
        """Read an entry from what the file has, and keep it."""
        value = self.own(ngram) + (self[ngram[1:]] if len(ngram) > 1 else 0)
        if len(self) >= _MOST:
            self.clear()
        self[ngram] = value
        return value

    def own(self, name: str) -> int:
        """Return the evidence that an entry gives without its endings."""
        value, row = 0, self._rows.get(name)
        if row is not None:
            for at in range(self._ends[row], self._ends[row + 1]):
                value += self._evidence[at] << self._languages[at] * FIELD_BITS
        return value


def unpacked(packed: int, count: int) -> tuple[int, ...]:
    """Return the evidence for each of `count` languages."""
    return struct.unpack(f"<{count}I", packed.to_bytes(FIELD_BITS // 8 * count, "little"))


def is_ahead(packed: int, count: int, place: int, by: int) -> bool:
    """Whether the evidence for any of `count` languages is by so much more than that for the one at a place.

    All are compared at once: what is added to each field makes its highest bit say so. Evidence has one bit less.
    """
    ones, tops = _in_each(count)
    own = packed >> place * FIELD_BITS & (1 << FIELD_BITS) - 1
    return bool(packed + ones * (_TOP - own - by) & tops)


_TOP = 1 << FIELD_BITS - 1


@cache
def _in_each(count: int) -> tuple[int, int]:
    """Return the integers with a 1 in each field, and with the highest bit of each."""
    ones = sum(1 << place * FIELD_BITS for place in range(count))
    return ones, ones * _TOP


def pack(evidence: dict[str, dict[int, int]]) -> bytes:
    """Return the file for n-grams with what each says for the languages, by their places."""
    names = sorted(evidence)
    pairs = [pair for name in names for pair in sorted(evidence[name].items())]
    numbers = array("H", [value for _, value in pairs])
    if sys.byteorder == "big":
        numbers.byteswap()
    told = "\n".join(names).encode("utf-8")
    counts = bytes(len(evidence[name]) for name in names)
    return _HEAD.pack(len(names), len(told)) + told + counts + bytes(place for place, _ in pairs) + numbers.tobytes()
