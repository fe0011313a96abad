"""Make the shingles of one long text piece by piece: memory is for what comes out, 8 bytes a shingle.

What comes out is what `shingles` gives, which takes up to 35 bytes a character on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from cleaner.dedup.anchors import MIN_WORDS, keys, least
from cleaner.dedup.hashing import Hashes, windows
from cleaner.dedup.pieces import pieces
from cleaner.dedup.shingles import Shingles, character_values, is_unspaced, textual_digest
from cleaner.dedup.words import hash_word, words

LARGE_CHARS = 1 << 20
"""Texts from this length on are taken in pieces."""
_PIECE_CHARS = 1 << 18
_BLOCK = 1 << 20


class _Read(NamedTuple):
    """The words of a long text: their hashes in parts, their number, and what `Words` says of the characters."""

    hashes: list[Hashes]
    number: int
    chars: int
    unspaced: int
    folded: list[bytes]
    """The text in UTF-8, folded as far as words are concerned, in parts."""


def large_shingles(text: str, size: int, window: int = 0) -> Shingles:
    """Return the shingles of one text, as `shingles([text], size, window)` does."""
    read = _read(text)
    exact = xxhash.xxh3_128()
    for part in read.hashes:
        exact.update(part.astype("<u8", copy=False).tobytes())
    digest = exact.digest() if read.number else textual_digest(text)
    characters = is_unspaced(read.unspaced, read.chars, read.number)
    values = (character_values(part) for part in read.folded) if characters else iter(read.hashes)
    hashes, length, lows = _gathered(values, read.chars if characters else read.number, size, window)
    if not len(hashes):
        hashes = lows = np.frombuffer(digest[:8], "<u8").astype(np.uint64)
        length = 1
    long = window and max(read.number, length + size - 1) >= MIN_WORDS
    return Shingles([digest], [read.number], hashes, np.array([0, len(hashes)]), [keys(lows) if long else b""])


def _read(text: str) -> _Read:
    hashes: list[Hashes] = []
    folded: list[bytes] = []
    open_word: list[bytes] = []
    chars = unspaced = 0

    def end_word() -> None:
        if open_word:
            hashes.append(hash_word(b"".join(open_word)))
            open_word.clear()

    for piece in pieces(text, _PIECE_CHARS):
        found = words([piece])
        start, end = found.offsets.tolist()
        end -= 1
        chars += int(found.chars[0])
        unspaced += int(found.unspaced[0])
        folded.append(found.buffer[start:end])
        first, last = 0, len(found.hashes)
        if start < end and (not last or found.edges[0] > start):
            end_word()
        if last and found.edges[0] == start:  # goes on from the piece before, if that ended within a word
            open_word.append(found.buffer[start : found.edges[1]])
            first = 1
            if found.edges[1] < end:
                end_word()
        if first < last and found.edges[-1] == end:
            last -= 1
            hashes.append(found.hashes[first:last])
            open_word.append(found.buffer[found.edges[-2] : end])
        else:
            hashes.append(found.hashes[first:last])
    end_word()
    return _Read(hashes, sum(map(len, hashes)), chars, unspaced, folded)


def _gathered(values: Iterable[Hashes], total: int, size: int, window: int) -> tuple[Hashes, int, Hashes]:
    """Return the set of the runs of `size` of these `total` values, how many runs there are, and their least ones."""
    length = max(0, total - size + 1)
    found = np.empty(length, np.uint64)
    filled = 0
    lows: list[Hashes] = []
    left_runs = np.zeros(0, np.uint64)
    for part in _overlapping(values, size):
        runs = windows(part, size)
        if window:
            left_runs = np.concatenate([left_runs, runs])
            if len(left_runs) >= window:
                lows.append(np.unique(least(left_runs, window)[: len(left_runs) - window + 1]))
                left_runs = left_runs[len(left_runs) - window + 1 :]
        runs.sort()
        fresh = _without_repetition(runs)
        found[filled : filled + len(fresh)] = fresh
        filled += len(fresh)
    hashes = found[:filled]
    hashes.sort()
    hashes = _without_repetition(hashes)
    return hashes, length, np.unique(np.concatenate([*lows, hashes[: 0 if lows else 1]]))


def _overlapping(values: Iterable[Hashes], size: int) -> Iterator[Hashes]:
    """Yield the parts, each behind the last `size - 1` values before it."""
    before = np.zeros(0, np.uint64)
    for part in values:
        part = np.concatenate([before, part])
        yield part
        before = part[max(0, len(part) - size + 1) :].copy()


def _without_repetition(hashes: Hashes) -> Hashes:
    """Take repetitions out of sorted integers, in place: what comes back is the beginning of the array."""
    kept = 0
    last: np.uint64 | None = None
    for start in range(0, len(hashes), _BLOCK):
        block = hashes[start : start + _BLOCK]
        fresh: NDArray[np.bool_] = np.empty(len(block), bool)
        np.not_equal(block[1:], block[:-1], out=fresh[1:])
        fresh[0] = last is None or block[0] != last
        last = block[-1]
        some = block[fresh]
        hashes[kept : kept + len(some)] = some
        kept += len(some)
    return hashes[:kept]
