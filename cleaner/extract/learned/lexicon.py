"""What single words speak for, those of classes and ids and those of short blocks: what they stood for elsewhere."""

from __future__ import annotations

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
# More words than pages of one kind have; so much memory is kept, and no more.
_MOST_KEPT: Final = 50_000


class _Places(dict[str, int]):
    """Maps a word to its row in `Weights.table`; what was asked is kept, and all asked anew when it is too much."""

    def __init__(self, by_number: Mapping[int, int]) -> None:
        self._by_number = by_number

    def __missing__(self, word: str) -> int:
        place = self._by_number.get(word_number(word), 0) if word else 0
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[word] = place
        return place


class Weights(NamedTuple):
    """The hundredths of a logit by which words speak for text, negative against, a channel a column of `table`.

    `places` has the row of each word; row 0 is that of "" and of words that say nothing.
    """

    places: Mapping[str, int]
    table: Any

    @classmethod
    def of(cls, keys: Any, values: Any) -> Weights:
        """Return the weights by their keys (see `word_key`)."""
        keys = np.asarray(keys, np.uint64)
        numbers, rows = np.unique(keys >> _CHANNEL_BITS, return_inverse=True)
        table = np.zeros((len(numbers) + 1, 1 << _CHANNEL_BITS), np.int32)
        table[rows + 1, keys & ((1 << _CHANNEL_BITS) - 1)] = values
        return cls(_Places({number: place for place, number in enumerate(numbers.tolist(), start=1)}), table)

    def said(self, words: list[str], channels: tuple[int, ...]) -> Any:
        """Return the weights of words, a row a channel."""
        places = np.array(list(map(self.places.__getitem__, words)), np.intp)
        return np.array(self.table.take(places, 0).T[list(channels)], np.int64)


def word_key(word: str, channel: int) -> int:
    """Return a word's number in a channel: 32 bits of xxHash and 3 bits for the channel."""
    return (word_number(word) << _CHANNEL_BITS) + channel


def word_number(word: str) -> int:
    """Return 32 bits of a word's xxHash."""
    return xxhash.xxh32_intdigest(word.encode("utf-8", "surrogatepass"))


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
    all_words: list[str] = []
    small: list[int] = []
    wholes: list[str] = []
    for place, key in enumerate(keys):
        if not key:
            continue
        found = key.split(None, _MOST_WORDS)[:_MOST_WORDS]
        if len(found) <= _MOST_WHOLE:
            small.append(place)
            wholes.append(key)
        places.append(place)
        starts.append(len(all_words))
        all_words += dict.fromkeys(found)
    if places:
        firsts, anys = weights.said(all_words, (FIRST, ANY))
        rows[0, places] = firsts[starts]
        rows[1, small] = weights.said(wholes, (WHOLE,))[0]
        rows[2:, places] = _spans(anys, starts)
    return rows


def _spans(values: Any, starts: list[int]) -> Any:
    """Return the sum of each stretch of values, the least of them and 0, and the greatest of them and 0."""
    least, greatest = np.minimum.reduceat(values, starts, -1), np.maximum.reduceat(values, starts, -1)
    return np.array([np.add.reduceat(values, starts, -1), np.minimum(least, 0), np.maximum(greatest, 0)])


def _inline(page: Page, weights: Weights) -> Ints:
    """Return what the classes of inline elements say of each block: sum, least and greatest weight."""
    place: dict[tuple[str, ...], int] = {(): 0}
    of = [place.setdefault(block.names, len(place)) for block in page.blocks]
    words_of = ([word for name in names[:MOST_INLINE] for word in words(name)] for names in place)
    said: Ints = _of_words(words_of, weights, INLINE)[:, 0, of]
    return said


def _of_words(groups: Iterable[Sequence[str]], weights: Weights, *channels: int) -> Any:
    """Return what groups of words say: sum, least, greatest; by channel and group."""
    starts: list[int] = []
    all_words: list[str] = []
    for group in groups:
        starts.append(len(all_words))
        all_words += group or ("",)
    return _spans(weights.said(all_words, channels), starts)


def _containers(page: Page, layout: Layout, weights: Weights) -> tuple[Ints, Ints]:
    """Return for each block what the names of its container say, and what these and those around it say."""
    said = _of_words(map(words, layout.called), weights, OWN, UP1, UP2, FURTHER)
    of_own, of_up1, of_up2, of_further = said.swapaxes(0, 1)
    names, spans = layout.name, of_further.T.tolist()
    further = [_NOTHING]
    for above, number in zip(page.parents[1:], names[1:].tolist(), strict=True):
        (whole, least, greatest), there = spans[number], further[above]
        if least or greatest:
            there = (whole + there[0], min(least, there[1]), max(greatest, there[2]))
        further.append(there)
    node, up1, up2, up3 = layout.up[:4]
    own = of_own[:, names[node]]
    # Above the body, which has no say, stands the body again.
    around = _joined(own, of_up1[:, names[up1]])
    around = _joined(around, of_up2[:, names[up2]])
    return own, _joined(around, np.array(further)[up3].T)


def _joined(one: Ints, other: Ints) -> Ints:
    return np.array([one[0] + other[0], np.minimum(one[1], other[1]), np.maximum(one[2], other[2])])
