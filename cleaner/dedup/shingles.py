"""Make the set of shingles of each text: five words in a row, or five characters where a script writes no spaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import xxhash

from cleaner.dedup.hashing import Hashes, mix, windows
from cleaner.dedup.words import Words, character_kinds, words

# A text whose words are longer on average is not split well by \w: code, DNA, a script that we do not list.
_MAX_MEAN_WORD_CHARS = 10
_CHARACTER_SEED = np.uint64(0x632BE59BD9B4E019)


class Shingles(NamedTuple):
    """What similarity is computed from."""

    exact: bytes
    """16 bytes; equal for equal sequences of words, for equal stripped text where there are none."""
    hashes: Hashes
    """The set of shingles, sorted, without repetition, never empty."""
    words: int
    """The length of the text in words."""


def shingles(texts: Sequence[str], size: int) -> Iterator[Shingles]:
    """Give the shingles of each text.

    A text of fewer than `size` words (or characters) has one shingle, which stands for the whole.
    """
    found = words(texts)
    runs = windows(found.hashes, size) if len(found.hashes) >= size else found.hashes[:0]
    for index, text in enumerate(texts):
        start, end = int(found.bounds[index]), int(found.bounds[index + 1])
        exact = _digest(found.hashes[start:end], text)
        if _is_unspaced(found, index):
            hashes = _character_runs(found.folded[index], size)
        else:
            hashes = runs[start : max(start, end - size + 1)]
        yield Shingles(exact, _as_set(hashes) if len(hashes) else _whole(exact), end - start)


def _digest(word_hashes: Hashes, text: str) -> bytes:
    if len(word_hashes):
        return xxhash.xxh3_128_digest(word_hashes.astype("<u8", copy=False).tobytes())
    return xxhash.xxh3_128_digest(text.strip().encode("utf-8", "surrogatepass"), seed=1)


def _is_unspaced(found: Words, index: int) -> bool:
    count = int(found.bounds[index + 1] - found.bounds[index])
    chars = int(found.chars[index])
    return 2 * int(found.unspaced[index]) > chars or chars > _MAX_MEAN_WORD_CHARS * count


def _character_runs(folded: str, size: int) -> Hashes:
    points = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), "<u4")
    points = points[character_kinds()[points] != 0]
    if len(points) < size:
        return np.zeros(0, np.uint64)
    return windows(mix(points.astype(np.uint64) ^ _CHARACTER_SEED), size)


def _whole(exact: bytes) -> Hashes:
    return np.frombuffer(exact[:8], "<u8").astype(np.uint64)


def _as_set(hashes: Hashes) -> Hashes:
    ordered = np.sort(hashes)
    fresh = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered if fresh.all() else ordered[fresh]
