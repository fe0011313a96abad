"""The blocks of a page as arrays: how large each is, in which containers it stands, which are alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np

from cleaner.extract.block import Page
from cleaner.extract.learned.characters import Counts, Ints, count
from cleaner.extract.learned.key import keys
from cleaner.extract.learned.names import all_names
from cleaner.extract.learned.page_facts import PageFacts

LEVELS: Final = 5
"""How many of the containers around a block are looked at."""

# Tags in an order in which neighbours are alike, so that a comparison can part them.
_TAG_ORDER: Final = (
    "body div center span section main article header hgroup h1 h2 h3 h4 h5 h6 p blockquote pre listing figcaption "
    "figure caption details summary dt dd dl li ol ul menu table tbody thead tfoot tr td th fieldset form label legend "
    "button address aside nav search footer dialog noscript"
)
TAGS: Final = {tag: number for number, tag in enumerate(_TAG_ORDER.split(), start=1)}

# A longer block has no key: it is no headline and no label.
_KEY_CHARS: Final = 400

# Blocks judged at a time, so that what lies between stays in the processor's cache.
_AT_A_TIME: Final = 256

Rows = dict[str, Ints]
"""Facts by name, a number a block."""


class Layout(NamedTuple):
    """A page's blocks, a number each, and its containers.

    `size` is the length in code points, where one of a script without spaces counts as three. `up[0]` is the
    container of each block, `up[1]` the one around it, and so on, the body at last. In container c stand those
    from c to `end[c]` - 1. Blocks whose containers have the same tag, classes and tag around them have the same number
    in `kin`. `names` are what containers are called (see `cleaner.extract.learned.names`), `called` the same, each
    once, "" at first, and `name` the place there of each container's. Those in `saying` say by an attribute what they
    are.
    """

    length: Ints
    size: Ints
    link: Ints
    heading: Ints
    up: tuple[Ints, ...]
    kin: Ints
    parent: Ints
    end: Ints
    tag: Ints  # of containers
    names: list[str]
    called: list[str]
    name: Ints
    saying: list[int]
    keys: list[str]
    about: PageFacts
    chars: Counts


def lay_out(page: Page, about: PageFacts) -> Layout:
    """Return the blocks of a page, which has at least one, as arrays."""
    texts = [block.text for block in page.blocks]
    chars = count(texts)
    stated = [(len(block.text), block.link_chars, block.level, block.node) for block in page.blocks]
    length, link, level, node = columns(stated)
    parent = np.array(page.parents)
    parent[0] = 0
    up = [node]
    for _ in range(LEVELS):
        up.append(parent[up[-1]])
    tag = np.array([TAGS.get(name, 0) for name in page.tags])
    names, saying = all_names(page)
    called: dict[str, int] = {"": 0}
    name = np.array([called.setdefault(name, len(called)) for name in names])
    own_tag = tag[node]
    return Layout(
        length=length,
        size=length * (chars.chars + 2 * chars.dense) // chars.chars,
        link=np.minimum(link, length),
        heading=((own_tag >= TAGS["h1"]) & (own_tag <= TAGS["h6"]) | (level > 0)).astype(np.int64),
        up=tuple(up),
        kin=_kin(page, name, parent)[node],
        parent=parent,
        end=_ends(page.parents),
        tag=tag,
        names=names,
        called=list(called),
        name=name,
        saying=saying,
        keys=keys([text if len(text) < _KEY_CHARS else "" for text in texts]),
        about=about,
        chars=chars,
    )


def _ends(parents: list[int]) -> Ints:
    end = list(range(1, len(parents) + 1))
    for container in range(len(parents) - 1, 0, -1):
        above = parents[container]
        if end[container] > end[above]:
            end[above] = end[container]
    return np.array(end)


def _kin(page: Page, name: Ints, parent: Ints) -> Ints:
    tags: dict[str, int] = {}
    tag = np.array([tags.setdefault(tag, len(tags)) for tag in page.tags])
    above = tag[parent] + 1
    above[0] = 0
    kinds: Ints = (name * len(tags) + tag) * (len(tags) + 1) + above
    return np.unique(kinds, return_inverse=True)[1]


def columns(rows: Sequence[tuple[int, ...]]) -> Ints:
    """Return rows of equally many numbers, of which there is at least one, as columns: in half of `np.array`'s time."""
    width = len(rows[0])
    return np.fromiter(chain.from_iterable(rows), np.int64, width * len(rows)).reshape(-1, width).T


def in_parts(rows: Mapping[str, Ints], wanted: tuple[str, ...]) -> Iterator[Mapping[str, Ints]]:
    """Yield the facts of all blocks; of very many blocks the wanted facts of some at a time.

    What is made of them to judge a block takes ten times their memory.
    """
    many = len(rows[wanted[0]])
    if many <= _AT_A_TIME:
        yield rows
        return
    for at in range(0, many, _AT_A_TIME):
        yield {name: rows[name][at : at + _AT_A_TIME] for name in wanted}


def sums(ids: Ints, values: Ints | None, count_: int) -> Ints:
    """Return the sums of the values by id (of ones, where `values` is None); exact, since all are far below 2**53."""
    return np.bincount(ids, values, count_).astype(np.int64)


def seen_from(rows: Any, most: int, fill: int) -> Mapping[int, Any]:
    """Return rows, the last axis the blocks, as seen from up to `most` blocks later, or earlier below 0.

    Beyond the ends there is `fill`. They lie in one memory: each is `shifted`, at a tenth of the time.
    """
    count_ = rows.shape[-1]
    padded = np.full((*rows.shape[:-1], count_ + 2 * most), fill)
    padded[..., most : most + count_] = rows
    return {by: padded[..., most - by : most - by + count_] for by in range(-most, most + 1)}


def inside(layout: Layout, values: Ints | None) -> Ints:
    """Return for each container the sum of the values of all blocks in it."""
    own = sums(layout.up[0], values, len(layout.parent))
    upto = np.concatenate(([0], np.cumsum(own)))
    return upto[layout.end] - upto[:-1]


def shifted(row: Ints, by: int, fill: int) -> Ints:
    """Return the row as seen from `by` blocks later; `fill` beyond its ends."""
    out = np.full(len(row), fill)
    if by > 0:
        out[by:] = row[:-by]
    elif -by < len(row):
        out[:by] = row[-by:]
    return out


def share(part: Any, whole: Any) -> Any:
    """Return how many thousandths of `whole` `part` is; 0 of nothing."""
    return 1000 * part // np.maximum(whole, 1)


def since(flags: Any, most: int) -> Ints:
    """Return how many blocks ago the last one was that is flagged, `most` at most."""
    index = np.arange(len(flags))
    return np.minimum(index - np.maximum.accumulate(np.where(flags, index, -most)), most)


def until(flags: Any, most: int) -> Ints:
    """Return how many blocks there are to the next one that is flagged, `most` at most."""
    return since(flags[::-1], most)[::-1]
