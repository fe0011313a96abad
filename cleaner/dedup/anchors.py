"""By which shingles a text that contains another is found: the least of each window over the text's own sequence.

Two texts that have as many shingles in a row in common as a window is long share an anchor, since that window is the
same in both. Source: Schleimer, Wilkerson, Aiken 2003, "Winnowing: local algorithms for document fingerprinting".
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from cleaner.dedup.hashing import Hashes, mix

MIN_CONTAINED = 0.5
"""Below, a text that only quotes another at length would count as its container."""
MIN_WORDS = 30
"""Shorter texts ("Subscribe to read on …") stand in many others by chance. Characters, where no spaces are written."""
_SEED = np.uint64(0xD1B54A32D192ED03)
_LONGEST = 4_000


@functools.cache
def window(contained: float, ngram: int) -> int:
    """Return how many shingles in a row a text surely has in common with one that holds that share of it.

    Of `n` shingles, `n - contained * n` may be its own, and to part two runs that are in common takes `ngram - 1` of
    these: so there are few runs, and one is long. The least over all lengths of a text from `MIN_WORDS`; beyond some
    thousand shingles it only grows. Not counted: texts in which the same words in a row stand more than once.

    >>> window(0.9, 5), window(0.8, 5), window(0.5, 5)
    (18, 11, 4)
    """
    least = _LONGEST
    for size in range(max(1, MIN_WORDS - ngram + 1), _LONGEST):
        own = int(size - contained * size + 1e-9)
        runs = own // max(1, ngram - 1) + 1
        least = min(least, -((own - size) // runs))
    return least


def anchors(runs: Sequence[Hashes], width: int) -> list[bytes]:
    """Return the anchors of each text, from its shingles as they stand in it: sorted 64-bit integers, little-endian."""
    lengths = [len(run) for run in runs]
    values = np.concatenate([*runs, np.zeros(0, np.uint64)])
    lows = least(values, width)
    found, start = [], 0
    for length in lengths:
        end = start + length
        some = lows[start : end - width + 1] if length >= width else values[start:end].min(keepdims=True)
        found.append(keys(np.unique(some)))
        start = end
    return found


def least(values: Hashes, width: int) -> Hashes:
    """Return the least of the `width` values that begin at each place; the last `width - 1` are of fewer."""
    lows = values.copy()
    span = 1
    while span < width:
        step = min(span, width - span)
        np.minimum(lows[:-step], lows[step:].copy(), out=lows[:-step])
        span += step
    return lows


def keys(lows: Hashes) -> bytes:
    """Return anchors as they are kept, out of the least shingles of all windows, sorted and without repetition."""
    return mix(lows ^ _SEED).astype("<u8", copy=False).tobytes()
