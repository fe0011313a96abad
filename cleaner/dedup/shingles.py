"""Make the set of shingles of each text: five words in a row, or five characters where a script writes no spaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from cleaner.dedup.anchors import MIN_WORDS, anchors
from cleaner.dedup.characters import KIND, traits
from cleaner.dedup.hashing import Hashes, mix, windows
from cleaner.dedup.words import Words, words

# A text whose words are longer on average is not split well by \w: code, DNA, a script that we do not list.
_MAX_MEAN_WORD_CHARS = 10
_CHARACTER_SEED = np.uint64(0x632BE59BD9B4E019)


class Shingles(NamedTuple):
    """The shingles of a batch of texts."""

    exact: list[bytes]
    """16 bytes a text; equal for equal sequences of words, for equal stripped text where there are none."""
    words: list[int]
    """The length of each text in words."""
    hashes: Hashes
    """One set after the other, each sorted, without repetition, never empty."""
    bounds: NDArray[np.int64]
    """The set of text `i` is `hashes[bounds[i]:bounds[i + 1]]`."""
    anchors: list[bytes]
    """The anchors of each text, by which others that contain it are found; empty where it is shorter than `MIN_WORDS`,
    or nobody asked for them."""


def shingles(texts: Sequence[str], size: int, window: int = 0) -> Shingles:
    """Return the shingles of each text; there is at least one text.

    A text of fewer than `size` words (or characters) has one shingle, which stands for the whole. `window` asks for
    anchors, one for so many shingles in a row.
    """
    found = words(texts)
    counts: list[int] = np.diff(found.bounds).tolist()
    exact = _digests(found, texts)
    runs = windows(found.hashes, size)
    unspaced = [
        is_unspaced(*known) for known in zip(found.unspaced.tolist(), found.chars.tolist(), counts, strict=True)
    ]
    pieces = []
    for index, (start, count) in enumerate(zip(found.bounds.tolist(), counts, strict=False)):
        if unspaced[index]:
            piece = windows(character_values(found.buffer[found.offsets[index] : found.offsets[index + 1] - 1]), size)
        else:
            piece = runs[start : start + max(0, count - size + 1)]
        pieces.append(piece if len(piece) else np.frombuffer(exact[index][:8], "<u8"))
    found_anchors = [b""] * len(pieces)
    if window:
        # Shingles of words are fewer than words, so the larger of the two is the length in characters, too.
        lengths = [max(count, len(piece) + size - 1) for count, piece in zip(counts, pieces, strict=True)]
        found_anchors = [
            some if length >= MIN_WORDS else b"" for some, length in zip(anchors(pieces, window), lengths, strict=True)
        ]
    return Shingles(exact, counts, *_sets(pieces), found_anchors)


def _digests(found: Words, texts: Sequence[str]) -> list[bytes]:
    hashes = memoryview(found.hashes.astype("<u8", copy=False).tobytes())
    places = (found.bounds * 8).tolist()
    return [
        xxhash.xxh3_128_digest(hashes[start:end]) if start < end else textual_digest(text)
        for text, start, end in zip(texts, places, places[1:], strict=False)
    ]


def is_unspaced(unspaced: int, chars: int, words: int) -> bool:
    """Say whether runs of characters stand for a text: of so many in its words, so many are of unspaced scripts."""
    return 2 * unspaced > chars or chars > _MAX_MEAN_WORD_CHARS * words


def textual_digest(text: str) -> bytes:
    """Return what stands for a text that has no words: 16 bytes."""
    return xxhash.xxh3_128_digest(text.strip().encode("utf-8", "surrogatepass"), seed=1)


def character_values(folded: bytes) -> Hashes:
    """Return a value for each character of the words in a folded text."""
    points = np.frombuffer(folded.decode("utf-8", "surrogatepass").encode("utf-32-le", "surrogatepass"), "<u4")
    points = points[traits()[points] & KIND != 0]
    return mix(points.astype(np.uint64) ^ _CHARACTER_SEED)


def _sets(pieces: list[Hashes]) -> tuple[Hashes, NDArray[np.int64]]:
    """Sort each piece and take out repetitions."""
    bounds = np.cumsum([0] + [len(piece) for piece in pieces])
    hashes = np.concatenate(pieces).astype(np.uint64, copy=False)
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        hashes[start:end].sort()
    fresh = np.empty(len(hashes), bool)
    np.not_equal(hashes[1:], hashes[:-1], out=fresh[1:])
    fresh[bounds[:-1]] = True
    if fresh.all():
        return hashes, bounds
    before = np.concatenate([[0], np.cumsum(fresh)])
    return hashes[fresh], before[bounds]
