"""A text's MinHash in the form of datasketch, for an LSH of somebody's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.dedup.shingles import shingles
from cleaner.dedup.signature import SCHEME, SEED, signatures

if TYPE_CHECKING:
    from datasketch import MinHash


def minhash(text: str, *, ngram: int = 5, num_perm: int = 128) -> MinHash:
    """Return the `datasketch.MinHash` of a text's shingles: runs of `ngram` words, or characters where no words are.

    With 128 permutations its `hashvalues` begin, bit for bit, with the values that the first half of our bands is made
    of, 104 at a threshold of 0.7. It can be compared with those of other texts that were made here with the same
    `ngram` and `num_perm`. A text without a word has one shingle, which stands for the whole. Raises `ValueError`
    where `ngram` or `num_perm` is under 1.
    """
    from datasketch import MinHash

    if ngram < 1:
        raise ValueError(f"a shingle has at least one word, not {ngram}")
    if num_perm < 1:
        raise ValueError(f"a MinHash has at least one permutation, not {num_perm}")
    found = shingles([text], ngram)
    (values,) = signatures(found.hashes, found.bounds, num_perm, drawn=num_perm)
    return MinHash(seed=SEED, scheme=SCHEME, hashvalues=values)
