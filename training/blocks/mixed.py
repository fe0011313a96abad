"""Pages mixed of two: the text of one, with all that is in its container, in the place of another's.

So contents meet the menus, columns, comments and class names of other sites.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.extract.block import Block, Page
from cleaner.extract.learned.layout import TAGS
from cleaner.language import detect_language
from training.blocks.pages import MADE_UP, LabelledPage, with_facts

MIXED = "mixed"
_PAGES = 1000
# How often two pages are drawn for each mixed one: where hardly any two are alike, fewer are mixed.
_TRIES = 20
_SEED = 0
# The share of a container's words that has to be text for its content to be taken elsewhere; with the headline in it.
_LEAST_TEXT, _LEAST_TEXT_WITH_HEADLINE = 0.6, 0.5
# Blocks of a content, blocks around the text of a template, and from a headline to the text below it.
_LEAST_CONTENT, _MOST_CONTENT = 2, 400
_LEAST_AROUND, _MOST_AROUND = 8, 600
_MOST_TO_TEXT = 30
# What is read of a text, in code points, to tell its language.
_READ = 1500


class Mixed(NamedTuple):
    """A mixed page, and the numbers of the pages that its text and what is around it come from."""

    page: LabelledPage
    of: tuple[int, int]


class _Part(NamedTuple):
    """A page whose text is in one container: containers from `start` to `end`, blocks from `first` to `last`."""

    number: int
    labelled: LabelledPage
    start: int
    end: int
    first: int
    last: int
    headlines: frozenset[int]

    @property
    def is_whole(self) -> bool:
        """Say whether no other block stands between those of the container."""
        own = self.labelled.layout.up[0][self.first : self.last]
        return bool(((own >= self.start) & (own < self.end)).all())

    @property
    def around(self) -> int:
        return len(self.labelled.texts) - (self.last - self.first)

    @property
    def text(self) -> float:
        """The share of the words in the container that is text."""
        sizes, kept = self.labelled.sizes[self.first : self.last], self.labelled.kept[self.first : self.last]
        return float(sizes[kept].sum() / max(1, sizes.sum()))


def mixed_pages(pages: Sequence[LabelledPage], folds: NDArray[np.int64]) -> list[Mixed]:
    """Return pages mixed of labelled ones of the same fold, language and age and of different sites.

    Of one fold, so that none has a page that is judged where another is learned from.
    """
    parts = list(_parts(pages))
    contents = [
        part for part in parts if part.text > _LEAST_TEXT and _LEAST_CONTENT <= part.last - part.first <= _MOST_CONTENT
    ]
    templates = defaultdict(list)
    language = {part.number: detect_language(part.labelled.gold[:_READ]).language for part in parts}
    for part in parts:
        if _LEAST_AROUND <= part.around <= _MOST_AROUND:
            templates[folds[part.number], part.labelled.layout.about.recent, language[part.number]].append(part)
    draw = np.random.default_rng(_SEED)
    found: list[Mixed] = []
    for _ in range(_TRIES * _PAGES if contents else 0):
        if len(found) == _PAGES:
            break
        content = contents[draw.integers(len(contents))]
        like = templates[folds[content.number], content.labelled.layout.about.recent, language[content.number]]
        like = [template for template in like if template.labelled.site != content.labelled.site]
        if like:
            template = like[draw.integers(len(like))]
            page = _mixed(content, template, own_container=bool(draw.integers(2)), id_=str(len(found)))
            found.append(Mixed(page, (content.number, template.number)))
    return found


def _parts(pages: Sequence[LabelledPage]) -> Iterator[_Part]:
    for number, labelled in enumerate(pages):
        if labelled.set in MADE_UP or not labelled.kept.any():
            continue
        rows = dict(zip(labelled.names, labelled.rows, strict=True))
        same = rows["title_same"]
        headlines = np.flatnonzero((same >= 2) | (rows["tag0"] == TAGS["h1"]) & (same > 0)).tolist()
        chosen = np.flatnonzero(labelled.kept).tolist()
        part = _part(number, labelled, chosen, headlines)
        above = [at for at in headlines if part.first - _MOST_TO_TEXT < at < part.first]
        if part.start > 0 and above:
            wide = _part(number, labelled, [above[-1], *chosen], headlines)
            if wide.start > 0 and wide.text > _LEAST_TEXT_WITH_HEADLINE and wide.around >= _LEAST_AROUND:
                part = wide
        if part.start > 0 and part.is_whole:
            yield part


def _part(number: int, labelled: LabelledPage, blocks: Sequence[int], headlines: Sequence[int]) -> _Part:
    """Return the innermost container that has all these blocks, with what else is in it."""
    page, layout = labelled.page, labelled.layout
    around = set(page.ancestors(page.blocks[blocks[0]].node))
    for block in blocks[1:]:
        around &= set(page.ancestors(page.blocks[block].node))
    start = max(around)
    end = int(layout.end[start])
    inside = np.flatnonzero((layout.up[0] >= start) & (layout.up[0] < end))
    return _Part(number, labelled, start, end, int(inside[0]), int(inside[-1]) + 1, frozenset(headlines))


def _mixed(content: _Part, template: _Part, *, own_container: bool, id_: str) -> LabelledPage:
    """Return the template's page with the content in it, in the content's own container or in the template's."""
    inner, outer = content.labelled.page, template.labelled.page
    by = template.start - content.start
    further = content.end - content.start - (template.end - template.start)

    def placed(container: int) -> int:
        return container if container < template.end else container + further

    def in_place(of_outer: Sequence[Any], of_inner: Sequence[Any]) -> list[Any]:
        first = of_inner[content.start] if own_container else of_outer[template.start]
        inside = of_inner[content.start + 1 : content.end]
        return [*of_outer[: template.start], first, *inside, *of_outer[template.end :]]

    parents = in_place([placed(parent) for parent in outer.parents], [parent + by for parent in inner.parents])
    parents[template.start] = outer.parents[template.start]
    attributes = in_place(
        [outer.attributes.get(container) for container in range(len(outer.parents))],
        [inner.attributes.get(container) for container in range(len(inner.parents))],
    )
    blocks = [replace(block, node=placed(block.node)) for block in outer.blocks]
    _put_headline(content, template, blocks)
    above, below = (
        [block for block in side if block.text] for side in (blocks[: template.first], blocks[template.last :])
    )
    within = [replace(block, node=block.node + by) for block in inner.blocks[content.first : content.last]]
    start, end = len(above), len(above) + len(within)
    images = [
        *(image._replace(before=min(image.before, start)) for image in outer.images if image.before <= template.first),
        *(
            image._replace(before=image.before - content.first + start)
            for image in inner.images
            if content.first < image.before < content.last
        ),
        *(
            image._replace(before=min(image.before - template.last + end, end + len(below)))
            for image in outer.images
            if image.before >= template.last
        ),
    ]
    page = Page(
        [*above, *within, *below],
        parents,
        in_place(outer.tags, inner.tags),
        in_place(outer.names, inner.names),
        {container: found for container, found in enumerate(attributes) if found is not None},
        images,
    )
    kept = np.zeros(len(page.blocks), bool)
    kept[start:end] = content.labelled.kept[content.first : content.last]
    about = content.labelled.layout.about._replace(recent=template.labelled.layout.about.recent)
    return with_facts(page, about, kept, set=MIXED, id=id_, site=MIXED, family=MIXED, gold=content.labelled.gold)


def _put_headline(content: _Part, template: _Part, blocks: list[Block]) -> None:
    """Put the content's headline, where it is not in its container, in the place of the template's; else take that out.

    A block that is to go is left without text.
    """
    inner, outer = content.labelled.page, template.labelled.page
    is_inside = any(content.first <= at < content.last for at in content.headlines)
    outside = sorted(at for at in content.headlines if not content.first <= at < content.last)
    for at in template.headlines:
        text = inner.blocks[outside[0]].text if outside else ""
        if is_inside and outer.tags[outer.blocks[at].node] == "h1":
            text = ""
        blocks[at] = replace(blocks[at], text=text, link_chars=len(text) if blocks[at].link_chars else 0)
