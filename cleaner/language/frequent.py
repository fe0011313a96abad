"""What the frequent words of a language say for it, beside the n-grams that are in them.

`training/languages.py` makes the files. In a file, little-endian: the number of entries (32 bits); then, by the hash of
their words, those hashes (64 bits each), the places of the languages (a byte each) and the evidence (16 bits each). A
word has an entry for each language that it is frequent in. The words that tell two close languages apart have files of
the same form (`close.py`).
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import xxhash

from cleaner.language.table import FIELD_BITS

FOLDER = Path(__file__).parent / "words"
# Scripts whose languages have lists of words.
SCRIPTS = ("Arabic", "Cyrillic", "Latin")
_CACHED_WORDS = 32_768
# Hashes are spread evenly: of 95,605 each is within 493 of the place that its size lets expect.
_NEAR = 2000
_HEAD = struct.Struct("<I")


def evidence_of(words: Iterable[str], script: str) -> int:
    """Return what words say for each language of a script, in thousandths of the natural logarithm, as in a `Table`."""
    return sum(map(known(script).__getitem__, words)) if script in SCRIPTS else 0


class Known(dict[str, int]):
    """The evidence of words that were asked for, side by side as in a `Table`.

    The words themselves are not read: to make a mapping of 75,000 takes as long as to tell 150 sentences.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        (count,) = _HEAD.unpack_from(data)
        self._hashes, self._evidence = array("Q"), array("H")
        places = _HEAD.size + count * self._hashes.itemsize
        self._hashes.frombytes(data[_HEAD.size : places])
        self._places = data[places : places + count]
        self._evidence.frombytes(data[places + count :])
        if sys.byteorder == "big":
            self._hashes.byteswap()
            self._evidence.byteswap()

    def __missing__(self, word: str) -> int:
        """Read a word's entries from what the file has, and keep them."""
        if len(self) >= _CACHED_WORDS:
            self.clear()
        value, hashed = 0, _hash(word.lower())
        near = hashed * len(self._hashes) >> 64
        at = bisect_left(self._hashes, hashed, max(0, near - _NEAR), min(len(self._hashes), near + _NEAR))
        while at < len(self._hashes) and self._hashes[at] == hashed:
            value += self._evidence[at] << self._places[at] * FIELD_BITS
            at += 1
        self[word] = value
        return value


def _hash(word: str) -> int:
    return xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass"))


@cache
def known(name: str) -> Known:
    """Return the words of a script, or of a close pair of languages."""
    return Known((FOLDER / name).read_bytes())


def pack(evidence: dict[str, dict[int, int]]) -> bytes:
    """Return the file for words with what each says for the languages, by their places."""
    entries = sorted((_hash(word), *entry) for word, told in evidence.items() for entry in told.items())
    hashes, places, numbers = zip(*entries, strict=True)
    return b"".join(
        [
            _HEAD.pack(len(entries)),
            struct.pack(f"<{len(entries)}Q", *hashes),
            bytes(places),
            struct.pack(f"<{len(entries)}H", *numbers),
        ]
    )
