"""What kinds of characters a block is made of, counted for all blocks of a page at once.

The kinds are fixed ranges of code points and not Python's Unicode tables, which differ from version to version.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]

# A longer block is judged by its beginning: what is long is prose.
_HEAD_CHARS: Final = 500

# Six counts go in one number, which is summed once: no beginning has more of a kind than this many bits hold.
_LANE_BITS: Final = 10

_LETTER, _UPPER, _LOWER, _DIGIT, _DENSE, _STOP, _COMMA, _QUOTE, _SIGN, _COLON, _ELLIPSIS = (1 << n for n in range(11))
_MOST_KINDS: Final = 1 << 11

# The kinds of a first or last character, by rank from 1 on.
_RANKED: Final = (_SIGN, _DIGIT, _DENSE, _LOWER, _UPPER, _COMMA, _COLON, _QUOTE, _STOP)
COLON_RANK: Final = 1 + _RANKED.index(_COLON)

# Scripts without spaces between words, and Hangul: there a character says about what two or three Latin letters say.
_DENSE_RANGES: Final = "0e00-0eff 1000-109f 1780-17ff 2e80-2fdf 3040-9fff ac00-d7af f900-faff ff66-ff9d"
# Space, punctuation, signs, and what is no character.
_NO_LETTERS: Final = (
    "00-2f 3a-40 5b-60 7b-a9 ab-b1 b4-b4 b6-b8 bb-bb bf-bf d7-d7 f7-f7 0589-058a 05be-05be 060c-060d 061b-061f "
    "066a-066d 06d4-06d4 0964-0965 2000-206f 20a0-20cf 2190-2bff 3000-3004 3008-3020 30fb-30fb d800-f8ff fe10-fe6f "
    "ff00-ff0f ff1a-ff20 ff3b-ff40 ff5b-ff65 ffe0-ffff"
)
_UPPER_RANGES: Final = "41-5a c0-d6 d8-de 0391-03a9 0400-042f"
_LOWER_RANGES: Final = "61-7a df-f6 f8-ff 03ac-03ce 0430-045f"
_SIGNS: Final = {
    _STOP: ".!?…。！？।؟۔",
    _COMMA: ",，、،;；",
    _QUOTE: "\"“”„«»「」『』‘’'()[]（）【】",
    _SIGN: "|›·•/<>→←»«@#©®+*=_~^{}\\▶►▼▲●■★☆✓×",
    _COLON: ":：",
    _ELLIPSIS: "…",
}


class Counts(NamedTuple):
    """One number a block: of its first 500 characters for all but `size`."""

    letters: Ints
    upper: Ints
    digits: Ints
    dense: Ints
    stops: Ints
    commas: Ints
    quotes: Ints
    signs: Ints
    ellipses: Ints
    words: Ints
    first: Ints
    last: Ints
    chars: Ints


def count(texts: list[str]) -> Counts:
    """Return how many characters of each kind the beginning of each text has; no text may be empty.

    `words` are runs of letters and digits, single characters where the script has no spaces. `stops` end a
    sentence: what follows is no letter. `first` and `last` are the kinds of the outermost characters, as ranks.
    """
    heads = [text[:_HEAD_CHARS] for text in texts]
    sizes = np.fromiter(map(len, heads), np.int64, len(heads))
    codes = np.frombuffer("\n".join(heads).encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.where(codes < 0x10000, codes, np.where(codes < 0x20000, 0x2600, 0x4E00))
    kinds = _kinds().take(codes)
    spelled = (kinds & (_LETTER | _DENSE)) == _LETTER
    closes = (kinds & _STOP) != 0
    closes[:-1] &= ~spelled[1:]
    begins = spelled.copy()
    begins[1:] &= ~spelled[:-1]
    first, second = _lanes()
    ends = np.cumsum(sizes + 1) - 1
    starts = ends - sizes
    letters, upper, digits, dense, commas, quotes = _parted(np.add.reduceat(first.take(kinds), starts))
    signs, ellipses, *_ = _parted(np.add.reduceat(second.take(kinds), starts))
    return Counts(
        letters=letters,
        upper=upper,
        digits=digits,
        dense=dense,
        stops=np.add.reduceat(closes, starts, dtype=np.int64),
        commas=commas,
        quotes=quotes,
        signs=signs,
        ellipses=ellipses,
        words=np.add.reduceat(begins, starts, dtype=np.int64) + dense,
        first=_ranks().take(kinds[starts]),
        last=_ranks().take(kinds[ends - 1]),
        chars=sizes,
    )


def _parted(summed: Ints) -> list[Ints]:
    """Return the six counts in each of the sums."""
    return [summed >> lane * _LANE_BITS & (1 << _LANE_BITS) - 1 for lane in range(6)]


@functools.cache
def _ranks() -> Ints:
    """Return for all kinds a character may have its rank: signs, digits, letters, commas, colons, quotes, stops."""
    kinds = np.arange(_MOST_KINDS)
    ranks = np.zeros(_MOST_KINDS, np.int64)
    for rank, kind in enumerate(_RANKED, start=1):
        ranks[(kinds & kind) != 0] = rank
    return ranks


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split():
        first, last = part.split("-")
        yield int(first, 16), int(last, 16)


@functools.cache
def _lanes() -> tuple[Ints, Ints]:
    """Return for all kinds a character may have a 1 in the count of each, in two numbers of six counts."""
    kinds = np.arange(_MOST_KINDS)
    first, second = np.zeros((2, _MOST_KINDS), np.int64)
    for numbers, counted in ((first, (_LETTER, _UPPER, _DIGIT, _DENSE, _COMMA, _QUOTE)), (second, (_SIGN, _ELLIPSIS))):
        for lane, kind in enumerate(counted):
            numbers += ((kinds & kind) != 0).astype(np.int64) << lane * _LANE_BITS
    return first, second


@functools.cache
def _kinds() -> Any:
    kinds = np.zeros(0x10000, np.uint16)
    kinds[:] = _LETTER
    for first, last in _ranges(_NO_LETTERS):
        kinds[first : last + 1] = 0
    for ranges, kind in ((_DENSE_RANGES, _DENSE), (_UPPER_RANGES, _UPPER), (_LOWER_RANGES, _LOWER)):
        for first, last in _ranges(ranges):
            kinds[first : last + 1] |= kind
    kinds[(kinds & _LETTER) == 0] &= ~np.uint16(_DENSE)
    kinds[0x30:0x3A] |= _DIGIT
    for zero in (0x0660, 0x06F0, 0x0966, 0x0E50, 0xFF10):
        kinds[zero : zero + 10] |= _DIGIT
    for kind, signs in _SIGNS.items():
        for sign in signs:
            kinds[ord(sign)] |= kind
    return kinds
