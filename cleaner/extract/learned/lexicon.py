"""What single words speak for, those of classes and ids and those of short blocks: what they stood for elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import xxhash

from cleaner.extract.block import Page
from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.layout import Layout, Rows
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

_NOTHING: Final = (0, 0, 0)
_CHANNEL_BITS: Final = 3
_NO_WORD: Final = -1  # no word has this number


class Weights(NamedTuple):
    """The hundredths of a logit by which words speak for text, negative against, a channel a column of `table`.

    `places` has the row of each word by its number (see `word_number`); row 0 is that of all other words.
    """

    places: Mapping[int, int]
    table: Any

    @classmethod
    def of(cls, keys: Any, values: Any) -> Weights:
        """Return the weights by their keys (see `word_key`)."""
        keys = np.asarray(keys, np.uint64)
        numbers, rows = np.unique(keys >> _CHANNEL_BITS, return_inverse=True)
        table = np.zeros((len(numbers) + 1, 1 << _CHANNEL_BITS), np.int16)
        table[rows + 1, keys & ((1 << _CHANNEL_BITS) - 1)] = values
        return cls(dict(zip(numbers.tolist(), range(1, len(table)), strict=True)), table)

    def rows(self, numbers: list[int]) -> Any:
        """Return the weights of words, a row a word."""
        get = self.places.get
        return self.table[[get(number, 0) for number in numbers]].astype(np.int64)


def word_key(word: str, channel: int) -> int:
    """Return a word's number in a channel: 32 bits of xxHash and 3 bits for the channel."""
    return (word_number(word) << _CHANNEL_BITS) + channel


@functools.lru_cache(maxsize=50_000)
def word_number(word: str) -> int:
    """Return 32 bits of a word's xxHash."""
    return xxhash.xxh32_intdigest(word.encode("utf-8", "surrogatepass"))


@functools.lru_cache(maxsize=20_000)
def _numbers(names: str) -> tuple[int, ...]:
    return tuple(map(word_number, words(names)))


def text_words(text: str, key: str) -> Iterator[tuple[str, int]]:
    """Yield the words of a short block with their channels; none of a long one. `key` is the text's key."""
    if len(text) > SHORT_CHARS or not key:
        return
    found = key.split(None, _MOST_WORDS)[:_MOST_WORDS]
    yield found[0], FIRST
    if len(found) <= _MOST_WHOLE:
        yield " ".join(found), WHOLE
    for word in dict.fromkeys(found):
        yield word, ANY


def read(page: Page, layout: Layout, weights: Weights) -> Rows:
    """Return what the words say of each block, a row a kind of saying, in the order of `ROWS`."""
    own, around = _containers(page, layout, weights)
    inline = _inline(page, weights)
    own, around = _joined(own, inline), _joined(around, inline)
    short = [key if len(block.text) <= SHORT_CHARS else "" for block, key in zip(page.blocks, layout.keys, strict=True)]
    return dict(zip(ROWS, (*own, *around, *_labels(short, weights)), strict=True))


def _labels(keys: list[str], weights: Weights) -> Any:
    """Return the weights of short blocks: of the first word, of all they say; sum, least and greatest of the words'.

    What has no key has no say.
    """
    rows = np.zeros((5, len(keys)), np.int64)
    places: list[int] = []
    starts: list[int] = []
    numbers: list[int] = []
    small: list[int] = []
    wholes: list[int] = []
    for place, key in enumerate(keys):
        if not key:
            continue
        found = key.split(None, _MOST_WORDS)[:_MOST_WORDS]
        if len(found) <= _MOST_WHOLE:
            small.append(place)
            wholes.append(word_number(" ".join(found)))
        places.append(place)
        starts.append(len(numbers))
        numbers += map(word_number, dict.fromkeys(found))
    if places:
        of_words = weights.rows(numbers)
        rows[0, places] = of_words[starts, FIRST]
        rows[1, small] = weights.rows(wholes)[:, WHOLE] if small else 0
        rows[2:, places] = _spans(of_words[:, ANY], starts)
    return rows


def _spans(values: Any, starts: list[int]) -> Any:
    """Return the sum of each stretch of values, the least of them and 0, and the greatest of them and 0."""
    least, greatest = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    return np.array([np.add.reduceat(values, starts), np.minimum(least, 0), np.maximum(greatest, 0)])


def _inline(page: Page, weights: Weights) -> Ints:
    """Return what the classes of inline elements say of each block: sum, least and greatest weight."""
    place: dict[tuple[str, ...], int] = {(): 0}
    of = [place.setdefault(block.names, len(place)) for block in page.blocks]
    words_of = ([number for name in names[:MOST_INLINE] for number in _numbers(name)] for names in place)
    said: Ints = _of_words(words_of, weights)[:, of, INLINE]
    return said


def _of_words(groups: Iterable[Sequence[int]], weights: Weights) -> Any:
    """Return what groups of words say, given by their numbers: sum, least, greatest; by group and channel."""
    starts: list[int] = []
    numbers: list[int] = []
    for group in groups:
        starts.append(len(numbers))
        numbers += group or (_NO_WORD,)
    return _spans(weights.rows(numbers), starts)


def _containers(page: Page, layout: Layout, weights: Weights) -> tuple[Ints, Ints]:
    """Return for each block what the names of its container say, and what these and those around it say."""
    place: dict[str, int] = {"": 0}
    of = [0]
    for name in layout.names[1:]:
        of.append(place.setdefault(name, len(place)))
    table = _of_words(map(_numbers, place), weights)
    spans = table[:, :, FURTHER].T.tolist()
    further = [_NOTHING]
    for above, number in zip(page.parents[1:], of[1:], strict=True):
        (whole, least, greatest), there = spans[number], further[above]
        if least or greatest:
            there = (whole + there[0], min(least, there[1]), max(greatest, there[2]))
        further.append(there)
    names = np.array(of)
    node, up1, up2, up3 = layout.up[:4]
    own = table[:, names[node], OWN]
    # Above the body, which has no say, stands the body again.
    around = _joined(own, table[:, names[up1], UP1])
    around = _joined(around, table[:, names[up2], UP2])
    return own, _joined(around, np.array(further)[up3].T)


def _joined(one: Ints, other: Ints) -> Ints:
    return np.array([one[0] + other[0], np.minimum(one[1], other[1]), np.maximum(one[2], other[2])])
