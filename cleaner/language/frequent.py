"""What the frequent words of a language say for it, beside the n-grams that are in them.

`training/languages.py` makes the files. In a file, little-endian: the number of entries (32 bits); then, by the hash of
their words, those hashes (64 bits each), the places of the languages (a byte each) and the evidence (16 bits each). A
word has an entry for each language that it is frequent in. The words that tell two close languages apart have files of
the same form (`close.py`).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import xxhash

FOLDER = Path(__file__).parent / "words"
# The evidence for all languages stands side by side in one integer, a field each: one addition adds them all. A field
# holds what a sample of words says.
FIELD_BITS = 32
# Scripts whose languages have lists of words.
SCRIPTS = ("Arabic", "Cyrillic", "Latin")
_CACHED_WORDS = 32_768
_HEAD = struct.Struct("<I")


def evidence_of(words: Sequence[str], script: str) -> int:
    """Return what words say for each language of a script, in thousandths of the natural logarithm.

    Side by side in one integer, as `unpacked` reads it.
    """
    return known(script).evidence(words) if script in SCRIPTS else 0


class Known:
    """What words say for each language, side by side in one integer.

    The words themselves are not read: to make a mapping of 75,000 takes as long as to tell 150 sentences.
    """

    def __init__(self, data: bytes) -> None:
        import numpy as np

        (count,) = _HEAD.unpack_from(data)
        # Copied, for where they lie in the file they are not aligned, and would be copied in each search.
        self._hashes = np.frombuffer(data, "<u8", count, _HEAD.size).astype(np.uint64)
        places = _HEAD.size + self._hashes.nbytes
        self._places = data[places : places + count]
        self._evidence = np.frombuffer(data, "<u2", count, places + count).astype(np.uint16)
        self._asked: dict[str, int] = {}

    def evidence(self, words: Sequence[str]) -> int:
        """Return what words say, in thousandths of the natural logarithm, as `unpacked` reads it."""
        if len(self._asked) >= _CACHED_WORDS:
            self._asked.clear()
        if new := [word for word in words if word not in self._asked]:
            self._read(new)
        return sum(map(self._asked.__getitem__, words))

    def _read(self, words: Sequence[str]) -> None:
        """Read the entries of words, and keep them."""
        import numpy as np

        hashes = np.array([_hash(word.lower()) for word in words], np.uint64)
        starts, ends = (np.searchsorted(self._hashes, hashes, side).tolist() for side in ("left", "right"))
        for word, start, end in zip(words, starts, ends, strict=True):
            value = 0
            for at in range(start, end):
                value += self._evidence.item(at) << self._places[at] * FIELD_BITS
            self._asked[word] = value


def _hash(word: str) -> int:
    return xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass"))


@cache
def known(name: str) -> Known:
    """Return the words of a script, or of a close pair of languages."""
    return Known((FOLDER / name).read_bytes())


def unpacked(packed: int, count: int) -> tuple[int, ...]:
    """Return the evidence for each of `count` languages."""
    return struct.unpack(f"<{count}I", packed.to_bytes(FIELD_BITS // 8 * count, "little"))


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
