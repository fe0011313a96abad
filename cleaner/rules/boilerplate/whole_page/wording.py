"""How a row is worded, as whole numbers: hashed words and pairs of words, each with a learned weight."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from math import isqrt
from zlib import crc32

from cleaner.rules.boilerplate.keys import key, numbered
from cleaner.rules.boilerplate.page import is_dense

BITS = 16
# Only so much of a row is read: a paragraph tells itself by its beginning.
MAX_CHARS, MAX_WORDS, WHOLE_CHARS = 160, 24, 40

_WORD = re.compile(r"\w+")


def tokens(text: str) -> list[int]:
    """Return the hashes, below 2**BITS, of what a row says: its words, their pairs, its end, a short row as a whole."""
    folded = numbered(key(text[:MAX_CHARS]))
    if is_dense(text):
        words = [character for character in folded[:MAX_WORDS] if character.isalnum()]
    else:
        words = _WORD.findall(folded.replace("#", "0"))[:MAX_WORDS]
    said = {*words, *(f"{first} {second}" for first, second in pairwise(["^", *words, "$"]))}
    if len(folded) <= WHOLE_CHARS:
        said.add("=" + folded)
    said.add("." + text[-1])
    mask = (1 << BITS) - 1
    return [crc32(part.encode("utf-8", "surrogatepass")) & mask for part in said]


def score(hashes: Sequence[int], weights: Sequence[int]) -> int:
    """Return 16 times the sum of the weights over the root of their number; positive reads like furniture."""
    return 256 * sum([weights[each] for each in hashes]) // isqrt(256 * len(hashes))


def heaviest(text: str, weights: Sequence[int], number: int) -> list[str]:
    """Return the words of a row that weigh most for furniture, the heaviest first."""
    words = dict.fromkeys(_WORD.findall(key(text[:MAX_CHARS])))
    mask = (1 << BITS) - 1
    weighed = [(weights[crc32(word.encode("utf-8", "surrogatepass")) & mask], word) for word in words]
    return [word for weight, word in sorted(weighed, key=lambda one: (-one[0], one[1])) if weight > 0][:number]
