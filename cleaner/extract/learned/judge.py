"""Which blocks of a page are its text.

Two passes of trees, the second of which knows what the first said, and a network that sees all blocks at once; what
counts is the mean of the second pass and the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from cleaner.extract.block import Page
from cleaner.extract.learned import features, lexicon, neighbours, network
from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.layout import Layout, Rows, in_parts
from cleaner.extract.learned.little import judge_little, judge_more
from cleaner.extract.learned.model import Model, Pass
from cleaner.extract.learned.names import GROUPS, groups
from cleaner.extract.learned.notice import LITTLE_TEXT, Reading
from cleaner.extract.learned.page_facts import PageFacts
from cleaner.extract.learned.recipe import recipe_lines
from cleaner.extract.learned.sharing import sends_on
from cleaner.extract.learned.stretches import stretches
from cleaner.extract.learned.trees import total
from cleaner.extract.learned.wholes import chosen_together

# Under this score a block is no text where its container has a name of advertisements.
_DOUBTFUL: Final = 600
# A notice of rights may be longer than a short article: up to that much text, containers are read for themselves.
_MORE_TEXT: Final = 4 * LITTLE_TEXT
_ADVERT: Final = 1 << next(number for number, group in enumerate(GROUPS) if group.startswith("advert|"))


class Verdict(NamedTuple):
    """Of each block a score, from 0 to 1000, and whether it is text (1) or not (0); and the facts behind it.

    `stated` is 1 for what the page itself says is text. Where the likely text reads like a notice, `notice` says how,
    none is kept, and `likely` has what would have been.
    """

    scores: Ints
    kept: Ints
    total: Ints
    layout: Layout
    rows: Rows
    likely: Ints
    stated: Ints
    notice: Reading | None


def judge_in_stretches(
    page: Page, about: PageFacts, model: Model, *, every: bool = False
) -> Iterator[tuple[Page, Verdict]]:
    """Yield the verdict on a page, or of very many blocks those on stretches of it, each with its blocks."""
    for stretch in stretches(page) if page.blocks else ():
        yield stretch, judge(stretch, about, model, every=every)


def judge(page: Page, about: PageFacts, model: Model, *, every: bool = False) -> Verdict:
    """Return the verdict on a page's blocks, of which it has at least one; `every` asks for all facts."""
    layout, rows = features.read(page, about, () if every else model.wanted)
    rows |= lexicon.read(page, layout, model.weights)
    first = model.score(total_of(model.first, rows))
    rows |= neighbours.read(layout, first)
    sums = sums_of(model, rows, layout)
    scores = model.score(sums)
    stated = recipe_lines(page, about.recipe, rows["link"])
    likely = chosen_together(without_adverts(scores, layout), layout, rows, stated)
    likely = likely & ~sends_on(page, likely, rows["link"])
    kept, notice = likely, None
    size = int((rows["size"] * likely).sum())
    if 0 < size < LITTLE_TEXT:
        kept, notice = judge_little(page, layout, rows, likely, scores)
    elif 0 < size < _MORE_TEXT:
        kept, notice = judge_more(page, layout, rows, likely)
    return Verdict(scores, kept, sums, layout, rows, likely, stated, notice)


def without_adverts(scores: Ints, layout: Layout) -> Ints:
    """Return the scores, 0 for doubtful blocks that the page itself calls an advertisement."""
    adverts = np.array([groups(name) & _ADVERT > 0 for name in layout.called])[layout.name[layout.up[0]]]
    result: Ints = np.where(adverts & (scores < _DOUBTFUL), 0, scores)
    return result


def sums_of(model: Model, rows: Mapping[str, Ints], layout: Layout) -> Ints:
    """Return for each block what speaks for its being text, half of it the second pass's; 65,536 are a logit."""
    return (total_of(model.second, rows) + network.total(model.network, rows, layout)) // 2


def total_of(judging: Pass, rows: Mapping[str, Ints]) -> Ints:
    """Return for each block the sum of the leaves in which it ends."""
    return np.concatenate([total(judging.trees, matrix(part, judging.rows)) for part in in_parts(rows, judging.rows)])


def matrix(rows: Mapping[str, Ints], wanted: tuple[str, ...]) -> Any:
    """Return the wanted rows as int32; the largest number is a page's length, of which a character counts three."""
    return np.array([rows[name] for name in wanted], np.int32)
