"""The evidence of n-grams for the languages of a script, read from a file made beforehand.

`training/language_tables.py` makes the files from the profiles. In a file, little-endian: the number of languages and
the bytes of the n-grams (two numbers of 32 bits); the n-grams, a line each, the shorter ones first and of these what
says most, so that what texts are full of lies together in memory; then by zlib what each says for each language, a row
for an n-gram: the lower bytes of all of these, and the higher bytes.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache
from itertools import groupby
from operator import add
from pathlib import Path

FOLDER = Path(__file__).parent / "tables"
# A field holds the evidence of a sample: at most 3 n-grams a character, each worth ln(1 / 1e-5) * 1.6 thousandths.
FIELD_BITS = 32
_HEAD = struct.Struct("<II")


class Table(dict[str, int]):
    """Maps an n-gram to the evidence that it and its endings give for each language; an unknown one to its ending's.

    The evidences of all languages stand side by side in one integer, a field of `FIELD_BITS` each: one addition adds
    them all. The entry of `abc` holds that of `bc` and of `c` as well.
    """

    def __init__(self, data: bytes) -> None:
        languages, size = _HEAD.unpack_from(data)
        at = _HEAD.size + size
        ngrams = data[_HEAD.size : at].decode("utf-8").split("\n")
        told = zlib.decompress(data[at:])
        middle, width = len(told) // 2, FIELD_BITS // 8
        fields = bytearray(middle * width)
        fields[::width], fields[1::width] = told[:middle], told[middle:]
        own = (int.from_bytes(row, "little") for (row,) in struct.iter_unpack(f"{width * languages}s", fields))
        # All at once: a thousand texts ask for nearly all of them, and one by one that takes twice as long.
        super().__init__()
        for _, group in groupby(ngrams, len):
            names = list(group)
            endings = map(self.__getitem__, [name[1:] for name in names])
            self.update(zip(names, map(add, own, endings), strict=False))

    def __missing__(self, ngram: str) -> int:
        """Return what the ending says, and keep nothing."""
        return self[ngram[1:]] if len(ngram) > 1 else 0


def unpacked(packed: int, count: int) -> tuple[int, ...]:
    """Return the evidence for each of `count` languages."""
    return struct.unpack(f"<{count}I", packed.to_bytes(FIELD_BITS // 8 * count, "little"))


def of_place(packed: int, place: int) -> int:
    """Return the evidence for the language at a place."""
    return packed >> place * FIELD_BITS & _FIELD


def is_ahead(packed: int, count: int, place: int, by: int) -> bool:
    """Whether the evidence for any of `count` languages is by so much more than that for the one at a place.

    All are compared at once: what is added to each field makes its highest bit say so. Evidence has one bit less.
    """
    ones, tops = _in_each(count)
    own = packed >> place * FIELD_BITS & _FIELD
    return bool(packed + ones * (_TOP - own - by) & tops)


def are_several(packed: int, count: int, least: int) -> bool:
    """Whether the evidence for more than one of `count` languages is at least so much."""
    ones, tops = _in_each(count)
    return (packed + ones * (_TOP - max(0, least)) & tops).bit_count() > 1


_FIELD, _TOP = (1 << FIELD_BITS) - 1, 1 << FIELD_BITS - 1


@cache
def _in_each(count: int) -> tuple[int, int]:
    """Return the integers with a 1 in each field, and with the highest bit of each."""
    ones = sum(1 << place * FIELD_BITS for place in range(count))
    return ones, ones * _TOP


def pack(evidence: dict[str, dict[int, int]], languages: int) -> bytes:
    """Return the file for n-grams with what each says for the languages, by their places."""
    ngrams = sorted(evidence, key=lambda ngram: (len(ngram), -sum(evidence[ngram].values()), ngram))
    told = [evidence[ngram].get(place, 0) for ngram in ngrams for place in range(languages)]
    lower, higher = bytes(value & 0xFF for value in told), bytes(value >> 8 for value in told)
    names = "\n".join(ngrams).encode("utf-8")
    return _HEAD.pack(languages, len(names)) + names + zlib.compress(lower + higher, 9)
