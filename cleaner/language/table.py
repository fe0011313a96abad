"""The evidence of n-grams for the languages of a script, read from a file made beforehand.

`training/language_tables.py` makes the files from the profiles. In a file, little-endian: the number of languages and
the bytes of the n-grams (two numbers of 32 bits); the n-grams, a line each, the shorter ones first and of these what
says most, so that what texts are full of lies together in memory; then by zlib what each says for each language, a row
for an n-gram: the lower bytes of all of these, and the higher bytes.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "tables"
_HEAD = struct.Struct("<II")
# Evidence: of at most 3 n-grams a character, each worth ln(1 / 1e-5) * 1.6 thousandths, so that a row has 16 bits, and
# a sum of so many rows 32, which are added twice as fast as 64.
_MOST_ROWS_IN_32_BITS = 1 << 16

Evidence = NDArray[np.unsignedinteger[Any]]
"""What is said for each language of a script, in thousandths of the natural logarithm; exact, in whole numbers."""


class Table:
    """Weighs n-grams of one to three characters, all those of a text at once.

    A character is a number, 0 for one that no n-gram has. The last two characters are a state, as in an automaton that
    looks for many words: a state of its own where trigrams begin with them, else that of the second character alone.
    State and next character give the row of what the trigram says; where there is none, what its ending says.
    """

    def __init__(self, data: bytes) -> None:
        languages, size = _HEAD.unpack_from(data)
        at = _HEAD.size + size
        ngrams = data[_HEAD.size : at].decode("utf-8").split("\n")
        lower, higher = np.frombuffer(zlib.decompress(data[at:]), np.uint8).reshape(2, len(ngrams), languages)
        code_points = _code_points("".join(ngrams))
        # The last place is for all that is beyond the last character.
        self._numbers = np.zeros(int(code_points.max()) + 2, np.int32)
        count = self._count = _numbered(self._numbers, code_points, 1)

        numbers = self._numbers[code_points]
        ones = bisect_left(ngrams, 2, key=len)
        twos = bisect_left(ngrams, 3, key=len) - ones
        singles, pairs, triples = np.split(numbers, (ones, ones + 2 * twos))
        first, second = pairs.reshape(-1, 2).T
        begin, middle, end = triples.reshape(-1, 3).T
        # Row 0 says nothing. That of `abc` holds what `bc` and `c` say as well.
        self._said = np.zeros((len(ngrams) + 1, languages), np.uint16)
        self._said[1:] = lower + (higher.astype(np.uint16) << 8)
        places = np.arange(1, len(ngrams) + 1, dtype=np.uint16)
        row_of_one = np.zeros(count, np.uint16)
        row_of_one[singles] = places[:ones]
        self._said[1 + ones : 1 + ones + twos] += self._said[row_of_one[second]]
        row_of_two = np.tile(row_of_one, (count, 1))
        row_of_two[first, second] = places[ones : ones + twos]
        self._said[1 + ones + twos :] += self._said[row_of_two[middle, end]]

        beginnings = begin * count + middle
        self._states = np.tile(np.arange(count, dtype=np.int32), count)
        states = _numbered(self._states, beginnings, count)
        last = np.empty(states, np.int32)  # the character that a state ends in
        last[self._states] = np.tile(np.arange(count), count)
        rows = row_of_two[last]
        rows[self._states[beginnings], end] = places[ones + twos :]
        self._states *= count
        self._rows = rows.ravel()

    def evidence(self, words: Sequence[str], starts: Sequence[int] = (0,)) -> Evidence:
        """Return what the n-grams of words say for each language, a row for each part of the words.

        The parts begin at `starts`, places of words, of which the first is 0. The n-grams of a word are those that hold
        a letter of it, spaces before and after it with them.
        """
        if True in map(str.isupper, words):  # the profiles have no words in capitals
            words = [word.title() if len(word) > 1 and word.isupper() else word for word in words]
        numbers = self._numbers.take(_code_points(f"  {' '.join(words)} "), mode="clip")
        states = self._states.take(numbers[:-2] * self._count + numbers[1:-1])
        said = self._said.take(self._rows.take(states + numbers[2:]), axis=0)
        bits = np.uint32 if len(said) <= _MOST_ROWS_IN_32_BITS else np.uint64
        if len(starts) < 2:
            return np.add.reduce(said, axis=0, dtype=bits, keepdims=True)
        places = [0, *accumulate([len(word) + 1 for word in words])]
        sums = np.empty((len(starts), said.shape[1]), bits)
        for part, (start, end) in enumerate(pairwise([*starts, len(words)])):  # `reduceat` takes twice as long
            np.add.reduce(said[places[start] : places[end]], axis=0, out=sums[part])
        return sums


def _numbered(numbers: NDArray[np.int32], places: NDArray[Any], first: int) -> int:
    """Number these places in their order, each once; return the number that would be the next."""
    there = np.zeros(len(numbers), bool)
    there[places] = True
    found = np.flatnonzero(there)
    numbers[found] = np.arange(first, first + len(found))
    return first + len(found)


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def pack(evidence: dict[str, dict[int, int]], languages: int) -> bytes:
    """Return the file for n-grams with what each says for the languages, by their places."""
    ngrams = sorted(evidence, key=lambda ngram: (len(ngram), -sum(evidence[ngram].values()), ngram))
    told = [evidence[ngram].get(place, 0) for ngram in ngrams for place in range(languages)]
    lower, higher = bytes(value & 0xFF for value in told), bytes(value >> 8 for value in told)
    names = "\n".join(ngrams).encode("utf-8")
    return _HEAD.pack(languages, len(names)) + names + zlib.compress(lower + higher, 9)
