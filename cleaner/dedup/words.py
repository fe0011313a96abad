r"""Find and hash the words of many texts at once: the runs of \w in `NFKC(text).casefold()`.

The texts become one buffer of UTF-8. Whether a byte belongs to a word is looked up, for ASCII in a table of 256, for
other characters by their code point in a table made from `re` itself; a word is then read eight bytes at a time. No
step is done in Python for each word or character, but for words of over 64 bytes.
"""

from __future__ import annotations

import functools
import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from cleaner.dedup.hashing import MULTIPLIER, Hashes, mix

# Scripts that write no spaces between words: CJK from the radicals to the ideographs with kana between, compatibility
# ideographs, half-width kana, Thai and Lao, Burmese, Khmer, and the ideographs beyond the basic plane.
_UNSPACED = (
    (0x2E80, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9D),
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x20000, 0x3FFFF),
)
_SPACED_WORD, _UNSPACED_WORD = 1, 2
_LONG_WORD_BYTES = 64
_PADDING = b"\0" * 24


class Words(NamedTuple):
    """The words of a batch of texts: one after the other, text after text."""

    folded: list[str]
    """The texts as `NFKC(text).casefold()`."""
    hashes: Hashes
    """One for each word."""
    bounds: NDArray[np.int64]
    """The words of text `i` are `hashes[bounds[i]:bounds[i + 1]]`."""
    chars: NDArray[np.int64]
    """The number of code points in the words of each text."""
    unspaced: NDArray[np.int64]
    """How many of `chars` belong to scripts that write no spaces."""


def fold(text: str) -> str:
    """Give the text in the form in which words are compared."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


@functools.cache
def character_kinds() -> NDArray[np.uint8]:
    r"""Say of each code point whether it is no \w (0), a \w (1), or a \w of a script without spaces (2)."""
    kinds = np.zeros(sys.maxunicode + 1, np.uint8)
    for run in re.finditer(r"\w+", "".join(map(chr, range(sys.maxunicode + 1)))):
        kinds[run.start() : run.end()] = _SPACED_WORD
    for first, last in _UNSPACED:
        kinds[first : last + 1] *= _UNSPACED_WORD
    kinds.flags.writeable = False
    return kinds


@functools.cache
def _ascii_marks() -> bytes:
    kinds = character_kinds()[:128]
    return bytes(kinds) + bytes(128)


def words(texts: Sequence[str]) -> Words:
    """Find and hash the words of the texts.

    Memory while it runs: about 20 bytes a character.
    """
    folded = [fold(text) for text in texts]
    parts = [text.encode("utf-8", "surrogatepass") for text in folded]
    buffer = b"\0".join([b"", *parts, _PADDING])
    buffer += b"\0" * (-len(buffer) % 8)
    offsets = np.cumsum([1] + [len(part) + 1 for part in parts])
    marks = np.frombuffer(bytearray(buffer.translate(_ascii_marks())), np.uint8)
    wide, kinds, continuation = _mark_wide(np.frombuffer(buffer, np.uint8), marks)
    edges = np.flatnonzero(marks[1:] != marks[:-1]) + 1
    starts, ends = edges[0::2], edges[1::2]
    bounds = np.searchsorted(starts, offsets)
    lengths = ends - starts
    # A word's characters are its bytes without those that continue a character.
    chars = _sums(lengths, bounds) - _sums(continuation, np.searchsorted(wide, offsets))
    unspaced = _sums((kinds == _UNSPACED_WORD).astype(np.int64), np.searchsorted(wide, offsets))
    return Words(folded, _hash_words(buffer, starts, lengths), bounds, chars, unspaced)


def _mark_wide(raw: NDArray[np.uint8], marks: NDArray[np.uint8]) -> tuple[NDArray[np.int64], ...]:
    """Mark the bytes of word characters beyond ASCII.

    Gives the places of all characters beyond ASCII, their kinds, and by how many bytes of a word each is continued.
    """
    lead = np.flatnonzero(raw >= 0xC0)
    if not len(lead):
        return lead, lead, lead
    first = raw[lead].astype(np.int64)
    points = (first & 0x1F) << 6 | raw[lead + 1] & 0x3F
    size = np.full(len(lead), 2)
    for least, width, bits in ((0xE0, 3, 0x0F), (0xF0, 4, 0x07)):
        longer = np.flatnonzero(first >= least)
        if not len(longer):
            break
        size[longer] = width
        at = lead[longer]
        points[longer] = first[longer] & bits
        for place in range(1, width):
            points[longer] = points[longer] << 6 | raw[at + place] & 0x3F
    kinds = character_kinds()[points]
    inside = kinds != 0
    at, width = lead[inside], size[inside]
    for place in range(4):
        marks[at[width > place] + place] = 1
    return lead, kinds.astype(np.int64), np.where(inside, size - 1, 0)


def _sums(values: NDArray[np.int64], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    total = np.concatenate([[0], np.cumsum(values)])
    sums: NDArray[np.int64] = total[bounds[1:]] - total[bounds[:-1]]
    return sums


def _hash_words(buffer: bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Hashes:
    """Hash each word: eight bytes at a time up to 64 bytes, longer ones with XXH3.

    Words of up to eight bytes are told apart without exception: for these every step is a bijection.
    """
    lanes = np.frombuffer(buffer, "<u8").astype(np.uint64, copy=False)
    masks = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)

    def read(places: NDArray[np.int64], left: NDArray[np.int64]) -> Hashes:
        lane = places >> 3
        shift = ((places & 7) << 3).astype(np.uint64)
        # A shift by 64 gives 0 in numpy, which is what a word on a lane's border needs.
        value: Hashes = lanes[lane] >> shift | lanes[lane + 1] << (np.uint64(64) - shift)
        value &= masks[np.minimum(left, 8)]
        return value

    hashes = mix(read(starts, lengths))
    rest = np.flatnonzero((lengths > 8) & (lengths <= _LONG_WORD_BYTES))
    done = 8
    while len(rest):
        hashes[rest] = mix(hashes[rest] * MULTIPLIER ^ read(starts[rest] + done, lengths[rest] - done))
        done += 8
        rest = rest[lengths[rest] > done]
    for word in np.flatnonzero(lengths > _LONG_WORD_BYTES).tolist():
        start = int(starts[word])
        hashes[word] = xxhash.xxh3_64_intdigest(buffer[start : start + int(lengths[word])])
    return hashes
