"""MinHash signatures, bit for bit those of `datasketch.MinHash(scheme="affine32")`, for many sets at once."""

from __future__ import annotations

import functools
import random

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.hashing import Hashes

SCHEME = "affine32"
SEED = 1
PERMUTATIONS = 128

Signatures = NDArray[np.uint32]

# Shingles in a block: 256 KiB for the hashes and as much for what is made of them, so that both stay in a core's second
# cache (1 MiB where this was measured). Blocks of 4,096 are four times slower (calls cost more than work), of 32,768
# twelve per cent.
_BLOCK = 65_536


@functools.cache
def permutations(seed: int = SEED, count: int = PERMUTATIONS) -> tuple[Signatures, Signatures]:
    """Return the parameters a and b of the permutations h → a·h + b modulo 2**32, as datasketch 2.0 draws them."""
    drawn = np.array(_mersenne_twister(seed, 2 * count), np.uint32)
    return drawn[:count] * np.uint32(2) + np.uint32(1), drawn[count:]


def _mersenne_twister(seed: int, count: int) -> list[int]:
    """Return what `numpy.random.RandomState(seed)` draws of 32 bits each, without 20 ms for `numpy.random`.

    Source: Matsumoto and Nishimura 2002, `mt19937ar.c`; Python's own generator is the same, but for the seed.
    """
    state = [seed]
    for place in range(1, 624):
        state.append(1_812_433_253 * (state[-1] ^ state[-1] >> 30) + place & 0xFFFFFFFF)
    draw = random.Random()
    draw.setstate((3, (*state, 624), None))
    return [draw.getrandbits(32) for _ in range(count)]


def signatures(
    hashes: Hashes,
    bounds: NDArray[np.int64],
    count: int = PERMUTATIONS,
    greatest: int = 0,
    *,
    drawn: int = PERMUTATIONS,
) -> Signatures:
    """Return the first `count` values of the signature of each set `hashes[bounds[i]:bounds[i + 1]]`, one row a set.

    Behind them stand the first `greatest` greatest values under the same permutations; at most `count`. No set may be
    empty. datasketch takes 32-bit hashes: the lower halves of ours. `drawn` is the number of permutations that are
    drawn: those of another number are other ones.
    """
    factors, terms = permutations(SEED, drawn)
    found = np.zeros((count + greatest, len(bounds) - 1), np.uint32)
    found[:count] = 0xFFFFFFFF
    scratch = np.empty(min(_BLOCK, len(hashes)), np.uint32)
    for start in range(0, len(hashes), _BLOCK):
        block = _fmix32(hashes[start : start + _BLOCK].astype(np.uint32))
        permuted = scratch[: len(block)]
        first = int(np.searchsorted(bounds, start, "right")) - 1
        last = int(np.searchsorted(bounds, start + len(block), "left"))
        cuts = np.maximum(bounds[first:last] - start, 0)
        for row in range(count):
            np.multiply(block, factors[row], out=permuted)
            permuted += terms[row]
            part = found[row, first:last]
            np.minimum(part, np.minimum.reduceat(permuted, cuts), out=part)
            if row < greatest:
                part = found[count + row, first:last]
                np.maximum(part, np.maximum.reduceat(permuted, cuts), out=part)
    return np.ascontiguousarray(found.T)


def _fmix32(values: Signatures) -> Signatures:
    """MurmurHash3's 32-bit finalizer, in place, with which datasketch prepares its hashes."""
    values ^= values >> np.uint32(16)
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values
