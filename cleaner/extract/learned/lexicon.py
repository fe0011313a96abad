"""What single words speak for, those of classes and ids and those of short blocks: what they stood for elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import xxhash

from cleaner.extract.block import Page
from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.layout import Rows
from cleaner.extract.learned.names import words

# The channels of a word: a class of the container that holds the block, of the one around it, of the one around that,
# of any further out; the first word of a short block, its whole text, any of its words; a class of an inline element.
OWN, UP1, UP2, FURTHER, FIRST, WHOLE, ANY, INLINE = range(8)

SHORT_CHARS: Final = 200
_MOST_WORDS: Final = 12
_MOST_WHOLE: Final = 5
MOST_INLINE: Final = 20

_ROWS: Final = (
    "own_sum own_min own_max around_sum around_min around_max first_word whole_text word_sum word_min word_max"
)
ROWS: Final = tuple(_ROWS.split())

Weights = Mapping[int, int]
"""For each key (see `word_key`) the hundredths of a logit by which the word speaks for text, negative against."""

_Span = tuple[int, int, int]  # sum, least (at most 0) and greatest (at least 0) of weights
_NOTHING: Final = (0, 0, 0)
_NO_LABEL: Final = (0, 0, 0, 0, 0)


def word_key(word: str, channel: int) -> int:
    """Return a word's number in a channel: 32 bits of xxHash and 3 bits for the channel."""
    return _number(word) + channel


@functools.lru_cache(maxsize=50_000)
def _number(word: str) -> int:
    return xxhash.xxh32_intdigest(word.encode("utf-8", "surrogatepass")) * 8


@functools.lru_cache(maxsize=20_000)
def _numbers(names: str) -> tuple[int, ...]:
    return tuple(_number(word) for word in words(names))


def text_words(text: str, key: str) -> Iterator[tuple[str, int]]:
    """Yield the words of a short block with their channels; none of a long one. `key` is the text's key."""
    if len(text) > SHORT_CHARS or not key:
        return
    found = key.split()[:_MOST_WORDS]
    yield found[0], FIRST
    if len(found) <= _MOST_WHOLE:
        yield " ".join(found), WHOLE
    for word in dict.fromkeys(found):
        yield word, ANY


def read(page: Page, keys: list[str], weights: Weights) -> Rows:
    """Return what the words say of each block, a row a kind of saying, in the order of `ROWS`."""
    node = np.array([block.node for block in page.blocks])
    own, around = _containers(page, node, weights)
    inline = _inline(page, weights)
    own, around = _joined(own, inline), _joined(around, inline)
    short = [key if len(block.text) <= SHORT_CHARS else "" for block, key in zip(page.blocks, keys, strict=True)]
    labels = np.array([_label(key, weights) if key else _NO_LABEL for key in short]).T
    return dict(zip(ROWS, (*own, *around, *labels), strict=True))


def _label(key: str, weights: Weights) -> tuple[int, int, int, int, int]:
    """Return the weights of a short block: of its first word, of all it says; sum, least and greatest of its words'."""
    found = key.split()[:_MOST_WORDS]
    first = weights.get(_number(found[0]) + FIRST, 0)
    whole = weights.get(_number(" ".join(found)) + WHOLE, 0) if len(found) <= _MOST_WHOLE else 0
    values = [weights.get(_number(word) + ANY, 0) for word in set(found)]
    return first, whole, sum(values), min(0, *values), max(0, *values)


def _inline(page: Page, weights: Weights) -> Ints:
    """Return what the classes of inline elements say of each block: sum, least and greatest weight."""
    seen: dict[tuple[str, ...], _Span] = {(): _NOTHING}
    for block in page.blocks:
        if block.names not in seen:
            numbers = [number + INLINE for name in block.names[:MOST_INLINE] for number in _numbers(name)]
            seen[block.names] = _span(weights, numbers)
    return np.array([seen[block.names] for block in page.blocks]).T


def _containers(page: Page, node: Ints, weights: Weights) -> tuple[Ints, Ints]:
    """Return for each block what the names of its container say, and what these and those around it say."""
    place: dict[str, int] = {"": 0}
    for name in page.names[1:]:
        place.setdefault(name, len(place))
    spans = [_spans(name, weights) for name in place]
    table: Any = np.array(spans)  # by name, channel, and sum, least, greatest
    of = [0, *(place[name] for name in page.names[1:])]
    further = [_NOTHING]
    for above, number in zip(page.parents[1:], of[1:], strict=True):
        here, there = spans[number][FURTHER], further[above]
        further.append(
            there if here is _NOTHING else (here[0] + there[0], min(here[1], there[1]), max(here[2], there[2]))
        )
    names, parent = np.array(of), np.array(page.parents)
    parent[0] = 0
    up1 = parent[node]
    up2 = parent[up1]
    up3 = parent[up2]
    own = table[names[node], OWN].T
    # Above the body, which has no say, stands the body again.
    around = _joined(own, table[names[up1], UP1].T)
    around = _joined(around, table[names[up2], UP2].T)
    return own, _joined(around, np.array(further)[up3].T)


def _spans(name: str, weights: Weights) -> tuple[_Span, ...]:
    numbers = _numbers(name)
    return tuple(_span(weights, [number + channel for number in numbers]) for channel in (OWN, UP1, UP2, FURTHER))


def _span(weights: Weights, keys: list[int]) -> _Span:
    values = [weights[key] for key in keys if key in weights]
    return (sum(values), min(0, *values), max(0, *values)) if values else _NOTHING


def _joined(one: Ints, other: Ints) -> Ints:
    return np.array([one[0] + other[0], np.minimum(one[1], other[1]), np.maximum(one[2], other[2])])
