"""How a line reads: its words, pairs of words and characters, with the weights that a model learned for them."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from cleaner.rules.boilerplate.keys import key, numbered
from cleaner.rules.boilerplate.page import is_dense

# Tokens fall into 2^17 buckets; each has one weight and one class.
BUCKETS = 1 << 17
# A line is read up to this many words, and in characters up to this many code points.
MAX_WORDS, MAX_CHARS, MAX_DENSE_CHARS = 60, 60, 120
# Of the words of a longer line, those of this many letters count by their beginning, too.
LONG_WORD, STEM = 6, 5
MAX_TOKENS = 512
# The weights of n tokens are added up and divided by the root of n. These are the inverse roots, in 1/4096.
ROOTS = (4096, *(math.isqrt(4096 * 4096 // count) for count in range(1, MAX_TOKENS + 1)))
# Lines whose score is remembered: what a site prints on one page it prints on the next.
REMEMBERED = 20_000
SHOWN_WORDS = 3
_WORD = re.compile(r"\w+|[^\w\s]")
_MASK = BUCKETS - 1
CLASS_BITS = 5
_CLASS = (1 << CLASS_BITS) - 1


class Reading(NamedTuple):
    """The class that a line reads like, as the number of it, and the words that weighed most."""

    kind: int
    words: tuple[str, ...]


def tokens(line: str) -> list[str]:
    """Return what a stripped line is told by: the first letter of a token says what it is.

    w a word, b two words in a row, c characters, p the beginning of a word, e the last sign, a the first sign or the
    case of the words, l the length.
    """
    folded = numbered(key(line))
    first = line[0]
    found = [f"e{line[-1]}", f"a{_case(line) if first.isalnum() else first}", f"l{min(9, len(line).bit_length())}"]
    if is_dense(line):
        body = f"^{folded[:MAX_DENSE_CHARS]}$"
        return found + [f"c{body[at : at + size]}" for size in (2, 3) for at in range(len(body) - size + 1)]
    words = _WORD.findall(folded)[:MAX_WORDS]
    found += [f"w{word}" for word in words]
    found += [f"b{word} {following}" for word, following in pairwise(["^", *words, "$"])]
    if len(folded) > MAX_CHARS:
        return found + [f"p{word[:STEM]}" for word in words if len(word) >= LONG_WORD]
    body = f"^{folded}$"
    return found + [f"c{body[at : at + 4]}" for at in range(len(body) - 3)]


def _case(line: str) -> str:
    if line.isupper():
        return "AA"
    if not line[0].isupper():
        return "a"
    return "Aa" if line.istitle() else "A"


def buckets(line: str) -> set[int]:
    """Return the buckets of a line's tokens."""
    return {value & _MASK for value in _checksums(tokens(line))}


def _checksums(found: list[str]) -> Iterator[int]:
    # To encode all of them at once takes a third of the time of one by one.
    return map(crc32, "\n".join(found).encode("utf-8", "surrogatepass").split(b"\n"))


def bucket(token: str) -> int:
    """Return the bucket of a token."""
    return crc32(token.encode("utf-8", "surrogatepass")) & _MASK


class Wording:
    """Weights for the tokens of lines: `score` is in 1/100 of the logarithm of the odds that a line is cruft.

    `weights` and `kinds` have one value a bucket; `scale` is what a weight of 1 is worth, in 1/4096 of 1/100. A kind
    has the class in its lower five bits and in the others how purely the token speaks for it, in sevenths. `changes`
    are what a correction adds to the weights of some buckets.
    """

    def __init__(
        self, weights: array[int], kinds: bytes, scale: int, bias: int, changes: Mapping[int, int] | None = None
    ) -> None:
        self.weights, self.kinds, self.scale, self.bias, self.changes = weights, kinds, scale, bias, changes or {}
        self.score = lru_cache(REMEMBERED)(self._score)

    def _score(self, line: str) -> int:
        weights = self.weights
        found = buckets(line)
        total = sum([weights[at] for at in found])
        return self.bias + self._worth(total, len(found)) + self.change(line)

    def change(self, line: str) -> int:
        """Return what of the score comes from the changes."""
        if not self.changes:
            return 0
        found = buckets(line)
        return self._worth(sum([self.changes.get(at, 0) for at in found]), len(found))

    def _worth(self, total: int, tokens: int) -> int:
        return total * ROOTS[min(tokens, MAX_TOKENS)] * self.scale >> 24

    def read(self, line: str) -> Reading:
        """Return what a line reads like, and by which of its words."""
        votes: dict[int, int] = {}
        heavy: dict[str, int] = {}
        weights, changes = self.weights, self.changes
        found = list(dict.fromkeys(tokens(line)))
        for token, value in zip(found, _checksums(found), strict=True):
            at = value & _MASK
            weight = weights[at] + (changes.get(at, 0) if changes else 0)
            if weight > 0:
                kind, purity = self.kinds[at] & _CLASS, self.kinds[at] >> CLASS_BITS
                votes[kind] = votes.get(kind, 0) + weight * purity
                if token[0] == "w" and token[1:].isalnum():
                    heavy[token[1:]] = weight
        kind = min(votes, key=lambda known: (-votes[known], known), default=0)
        return Reading(kind, tuple(sorted(heavy, key=lambda word: (-heavy[word], word))[:SHOWN_WORDS]))
