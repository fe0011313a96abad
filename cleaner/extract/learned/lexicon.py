"""What single words speak for, those of classes and ids and those of short blocks: what they stood for elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import xxhash

from cleaner.extract.block import Page
from cleaner.extract.learned.characters import Ints
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


def read(page: Page, keys: list[str], weights: Weights) -> dict[str, Ints]:
    """Return what the words say of each block, a row a kind of saying, in the order of `ROWS`."""
    own, around = _containers(page, weights)
    seen: dict[tuple[str, ...], _Span] = {(): _NOTHING}
    columns = []
    for block, key in zip(page.blocks, keys, strict=True):
        inline = seen.get(block.names)
        if inline is None:
            inline = seen[block.names] = _span(
                weights, [number + INLINE for name in block.names[:MOST_INLINE] for number in _numbers(name)]
            )
        columns.append(
            (*_joined(own[block.node], inline), *_joined(around[block.node], inline), *_text(block.text, key, weights))
        )
    return dict(zip(ROWS, np.array(columns, np.int64).T, strict=True))


def _text(text: str, key: str, weights: Weights) -> tuple[int, int, int, int, int]:
    first = whole = total = least = most = 0
    for word, channel in text_words(text, key):
        weight = weights.get(word_key(word, channel), 0)
        if channel == FIRST:
            first = weight
        elif channel == WHOLE:
            whole = weight
        else:
            total += weight
            least, most = min(least, weight), max(most, weight)
    return first, whole, total, least, most


def _containers(page: Page, weights: Weights) -> tuple[list[_Span], list[_Span]]:
    """Return for each container what its own names say, and what these and those around it say."""
    by_name: dict[str, tuple[_Span, ...]] = {"": (_NOTHING,) * 4}
    for name in page.names:
        if name not in by_name:
            by_name[name] = _spans(name, weights)
    spans = [by_name[name] for name in page.names]
    spans[0] = by_name[""]
    further, around = [_NOTHING], [_NOTHING]
    for container in range(1, len(spans)):
        above = page.parents[container]
        further.append(_joined(further[above], spans[container][FURTHER]))
        two = page.parents[above] if above > 0 else 0
        three = page.parents[two] if two > 0 else 0
        around.append(
            _joined(_joined(spans[container][OWN], spans[above][UP1]), _joined(spans[two][UP2], further[three]))
        )
    return [span[OWN] for span in spans], around


def _spans(name: str, weights: Weights) -> tuple[_Span, ...]:
    numbers = _numbers(name)
    return tuple(_span(weights, [number + channel for number in numbers]) for channel in (OWN, UP1, UP2, FURTHER))


def _span(weights: Weights, keys: list[int]) -> _Span:
    values = [weights[key] for key in keys if key in weights]
    return (sum(values), min(0, *values), max(0, *values)) if values else _NOTHING


def _joined(one: _Span, other: _Span) -> _Span:
    if other is _NOTHING:
        return one
    return one[0] + other[0], min(one[1], other[1]), max(one[2], other[2])
