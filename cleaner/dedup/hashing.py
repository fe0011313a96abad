"""Mix 64-bit integers so that every bit of the input reaches every bit of the output."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

# Odd, and with second-lowest bits 11, so that M**i - M**j has few factors of two: a polynomial in M
# tells a sequence from its permutations.
MULTIPLIER = np.uint64(0x9E3779B97F4A7C1B)
_FIRST = np.uint64(0xFF51AFD7ED558CCD)
_SECOND = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)


def mix(values: Hashes) -> Hashes:
    """Apply MurmurHash3's 64-bit finalizer, a bijection, in place, and give the array back."""
    values ^= values >> _SHIFT
    values *= _FIRST
    values ^= values >> _SHIFT
    values *= _SECOND
    values ^= values >> _SHIFT
    return values


def windows(values: Hashes, size: int) -> Hashes:
    """Hash each run of `size` neighbours of `values`; there are len(values) - size + 1 of them, or none.

    A polynomial in `MULTIPLIER` modulo 2**64, then mixed.
    """
    count = max(0, len(values) - size + 1)
    total = values[:count].copy()
    for place in range(1, size):
        total *= MULTIPLIER
        total += values[place : place + count]
    return mix(total)
