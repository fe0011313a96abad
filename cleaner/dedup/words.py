r"""Find and hash the words of many texts at once: the runs of \w in `folding.comparable(text)`.

The texts become one buffer of UTF-8. Whether a byte belongs to a word is looked up, for ASCII in a table of 256, for
other characters by their code point; a word is then read eight bytes at a time. No step is done in Python for each word
or character, but for words of over 64 bytes.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from cleaner.dedup.characters import KIND, RECASED, UNSETTLED, UNSPACED, recased, traits
from cleaner.dedup.hashing import MULTIPLIER, Hashes, mix
from cleaner.folding import comparable

Integers = NDArray[np.int64]

_LOWER = bytes(ord(chr(byte).lower()) if byte < 0x80 else byte for byte in range(256))
_PADDING = b"\0" * 16
_LONG_WORD_BYTES = 64
_SHARP_S = ord("ß")  # two characters, as many as it has bytes, once it is folded


class Words(NamedTuple):
    """The words of a batch of texts: one after the other, text after text."""

    hashes: Hashes
    """One for each word."""
    bounds: Integers
    """The words of text `i` are `hashes[bounds[i]:bounds[i + 1]]`."""
    chars: Integers
    """The number of code points in the words of each text."""
    unspaced: Integers
    """How many of `chars` belong to scripts that write no spaces."""
    buffer: bytes
    """The texts in UTF-8, folded as far as words are concerned, with NUL before each and after the last."""
    edges: Integers
    """Where in the buffer each word starts and ends, in turn."""
    offsets: Integers
    """Text `i` begins at `buffer[offsets[i]]` and ends before the NUL at `offsets[i + 1] - 1`."""


class _Wide(NamedTuple):
    """The characters beyond ASCII."""

    places: Integers
    """Where each begins in the buffer."""
    points: Integers
    sizes: Integers
    """In bytes."""


def words(texts: Sequence[str]) -> Words:
    """Find and hash the words of the texts.

    Memory while it runs: about 20 bytes a character.
    """
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    buffer, offsets = _join(parts)
    wide = _wide(buffer)
    unsettled = _count(wide, traits()[wide.points] & UNSETTLED, offsets)
    unsettled += np.diff(np.searchsorted(_hyphens_at_line_ends(buffer, wide), offsets))
    if unsettled.any():
        for index in np.flatnonzero(unsettled).tolist():
            parts[index] = comparable(texts[index]).encode("utf-8", "surrogatepass")
        buffer, offsets = _join(parts)
        wide = _wide(buffer)
    buffer = _recase(buffer, wide)
    kinds = traits()[wide.points] & KIND
    edges = _edges(buffer, wide, kinds)
    starts, lengths = edges[0::2], edges[1::2] - edges[0::2]
    bounds = np.searchsorted(starts, offsets)
    # A word's characters are its bytes without those that continue a character.
    continued = _count(wide, np.where((kinds > 0) & (wide.points != _SHARP_S), wide.sizes - 1, 0), offsets)
    return Words(
        hashes=_hash_words(buffer, starts, lengths),
        bounds=bounds,
        chars=_sums(lengths, bounds) - continued,
        unspaced=_count(wide, kinds == UNSPACED, offsets),
        buffer=buffer,
        edges=edges,
        offsets=offsets,
    )


def _join(parts: list[bytes]) -> tuple[bytes, Integers]:
    buffer = b"\0".join([b"", *parts, _PADDING])
    return buffer.translate(_LOWER), np.cumsum([1] + [len(part) + 1 for part in parts])


def _wide(buffer: bytes) -> _Wide:
    raw = np.frombuffer(buffer, np.uint8)
    places = np.flatnonzero(raw >= 0xC0)
    first = raw[places].astype(np.int64)
    sizes = np.full(len(places), 2)
    points = (first & 0x1F) << 6 | raw[places + 1] & 0x3F
    for least, size, bits in ((0xE0, 3, 0x0F), (0xF0, 4, 0x07)):
        longer = np.flatnonzero(first >= least)
        sizes[longer] = size
        point = first[longer] & bits
        for byte in range(1, size):
            point = point << 6 | raw[places[longer] + byte] & 0x3F
        points[longer] = point
    return _Wide(places, points, sizes)


def _count(wide: _Wide, values: NDArray[np.generic], offsets: Integers) -> Integers:
    """Sum up, for each text, a value of its characters beyond ASCII."""
    return _sums(values.astype(np.int64), np.searchsorted(wide.places, offsets))


def _sums(values: Integers, bounds: Integers) -> Integers:
    total = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=total[1:])
    sums: Integers = total[bounds[1:]] - total[bounds[:-1]]
    return sums


def _hyphens_at_line_ends(buffer: bytes, wide: _Wide) -> Integers:
    """Return, in order, the places of the last bytes of hyphens before a line end: a word may be broken there."""
    raw = np.frombuffer(buffer, np.uint8)
    before = np.flatnonzero(raw == ord("\n")) - 1
    hyphens: Integers = before[(raw[before] == ord("-")) | np.isin(before, wide.places[wide.points == 0x2010] + 2)]
    return hyphens


def _recase(buffer: bytes, wide: _Wide) -> bytes:
    change = np.flatnonzero(traits()[wide.points] & RECASED)
    if not len(change):
        return buffer
    changed = np.frombuffer(bytearray(buffer), np.uint8)
    changed[wide.places[change, None] + [0, 1]] = recased()[wide.points[change]]
    return changed.tobytes()


@functools.cache
def _ascii_kinds() -> bytes:
    return bytes(traits()[:0x80]) + bytes(0x80)


def _edges(buffer: bytes, wide: _Wide, kinds: NDArray[np.uint8]) -> Integers:
    """Return the places where words start and end, in turn."""
    marks = np.frombuffer(bytearray(buffer.translate(_ascii_kinds())), np.uint8)
    inside = np.flatnonzero(kinds)
    places, sizes = wide.places[inside], wide.sizes[inside]
    for byte in range(4):
        marks[places + byte] = 1
        longer = sizes > byte + 1
        if not longer.all():
            places, sizes = places[longer], sizes[longer]
    edges: Integers = np.flatnonzero(marks[1:] != marks[:-1]) + 1
    return edges


def hash_word(word: bytes) -> Hashes:
    """Hash one folded word as `words` does; the array has one value."""
    return _hash_words(word + _PADDING, np.array([0]), np.array([len(word)]))


def _hash_words(buffer: bytes, starts: Integers, lengths: Integers) -> Hashes:
    """Hash each word: eight bytes at a time up to 64 bytes, longer ones with XXH3.

    Words of up to eight bytes are told apart without exception: for these every step is a bijection.
    """
    # The eight bytes that begin at each place of the buffer.
    lanes = np.ndarray((len(buffer) - 7,), "<u8", buffer, 0, (1,))
    masks = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)

    def read(places: Integers, left: Integers) -> Hashes:
        value: Hashes = lanes[places].astype(np.uint64, copy=False)
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
