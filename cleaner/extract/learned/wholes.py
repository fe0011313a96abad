"""What is kept or left out together: a list, a table, a heading and what it heads, a listing in the text, a slide.

Each block has a score of its own, and a threshold parts them. These rules know how a page is built, and no model has to
learn that anew from each kind of page. On sources that no model had seen they are worth .002 to .003 of F1
(benchmarks/NOTES.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from cleaner.extract.learned.characters import COLON_RANK, Ints
from cleaner.extract.learned.choice import chosen
from cleaner.extract.learned.layout import TAGS, Layout, inside, shifted, sums
from cleaner.extract.learned.neighbours import CERTAIN


def _flags(*tags: str) -> Any:
    """Return true at the numbers of the tags."""
    flags = np.zeros(len(TAGS) + 1, bool)
    flags[[TAGS[tag] for tag in tags]] = True
    return flags


_LISTS: Final = _flags("ul", "ol", "menu", "dl")
_TABLE: Final = _flags("table")
_CAPTION: Final = _flags("figcaption")
_TABLE_CAPTION: Final = TAGS["caption"]
_BOXES: Final = _flags("div", "header", "hgroup")
_ROW: Final = 2
_CODE: Final = 3
_AROUND: Final = 4  # the containers around a block among which its list or table is looked for

# A list of which that share is stated as text, of a thousand, is text as a whole.
_MOSTLY: Final = 500
# A list of links of that many blocks goes under the first score, on a page with a block of the second elsewhere.
_LINKS: Final = 10
_LIKELY_LINKS: Final = 550
_TEXT: Final = 600

# A heading before text that certainly is text, and one that is like most others before text.
_HEADING: Final = 150
_HEADS: Final = 700
# The same for what a heading between two blocks of text heads.
_HEADS_WITHIN: Final = 500
_LIKE_OTHERS: Final = 100
# A heading of links that are left out goes below that.
_DOUBTFUL: Final = 600
# A listing below the beginning of the text, and a table of data right behind text.
_LISTING: Final = 50
_BEHIND: Final = 100
_CAPTION_SIZE: Final = 60
# A section that may be text by the mean score of its blocks, and one beside it that certainly is.
_SECTION: Final = 200
_SECTION_SIZE: Final = 60
_LIKELIER_SECTION: Final = 350  # one without a name or a heading
_SURE_SECTION: Final = 800
_SURE_SECTION_SIZE: Final = 300
_LINKED: Final = 500  # of a thousand code points
# The longest last line of a text that announces what is left out: "More of the mill:".
_ANNOUNCEMENT: Final = 100


def chosen_together(scores: Ints, layout: Layout, rows: Mapping[str, Ints], stated: Ints | None = None) -> Ints:
    """Return 1 for each block that is text, else 0: `chosen`, for wholes; `stated` is 1 for what the page says is."""
    lists, tables = _around(layout, _LISTS), _around(layout, _TABLE)
    tables[rows["kind"] != _ROW] = -1
    whole = _of_wholes(scores, rows["size"], lists)
    # Of posts and entries, whose items have parts of their own, what is no text stays out, but all goes together.
    scores = np.where(_many_to_an_item(layout, lists), np.minimum(scores, whole), whole)
    scores = _of_wholes(scores, rows["size"], tables)
    scores = _without_lists_of_links(scores, layout, lists)
    kept = chosen(scores, rows)
    if stated is not None and stated.any():
        certain = (_of_wholes(CERTAIN * stated, rows["size"], lists) >= _MOSTLY) | (stated > 0)
        kept, scores = kept | certain, np.where(certain, CERTAIN, scores)
    if not kept.any():
        return kept
    kept = kept | _sections(kept, scores, layout, rows)
    beside = _beside_next(layout)
    kept = kept | _headings(kept, scores, layout, rows, beside)
    kept = kept | _listings(kept, scores, rows)
    kept = kept | _slides(kept, layout, rows)
    kept = kept | _tables(kept, scores, layout, rows, tables)
    kept = kept | _table_captions(kept, scores, rows)
    kept = kept & ~_headings_of_links(kept, scores, layout, rows, beside)
    return kept & ~_announcement(kept, rows)


def _around(layout: Layout, tags: Any) -> Ints:
    """Return for each block the next container around it that has one of the tags, -1 where none is near."""
    wanted = tags[layout.tag]
    found = np.full(len(layout.size), -1)
    for up in reversed(layout.up[:_AROUND]):
        found = np.where(wanted[up], up, found)
    return found


def _many_to_an_item(layout: Layout, lists: Ints) -> Any:
    """Return true for blocks of lists with more than three blocks to two items: of posts, of teasers with pictures."""
    items = np.full(len(lists), -1)
    for up, above in zip(layout.up[: _AROUND - 1], layout.up[1:_AROUND], strict=True):
        items = np.where((above == lists) & (items < 0), up, items)
    ids = lists + 1
    found, first = np.unique(items, return_index=True)
    first = first[found >= 0]
    count = sums(ids[first], None, int(ids.max()) + 1)
    return (2 * sums(ids, None, 0) > 3 * count)[ids]


def _of_wholes(scores: Ints, size: Ints, whole: Ints) -> Ints:
    """Return for each block of a whole the mean score of its blocks by their size, for others their own."""
    if not (whole >= 0).any():
        return scores
    ids = whole + 1
    mean = sums(ids, scores * size, 0) // np.maximum(sums(ids, size, 0), 1)
    result: Ints = np.where(whole >= 0, mean[ids], scores)
    return result


def _without_lists_of_links(scores: Ints, layout: Layout, lists: Ints) -> Ints:
    """Return the scores, 0 for doubtful lists of links on a page that has likelier text: its labels, its archive.

    They may be a hundred times as long as a poem beside them, and the threshold that promises most is theirs then.
    """
    ids = lists + 1
    linked = 10 * sums(ids, layout.link, 0) >= 9 * sums(ids, layout.length, 0)
    links = (linked & (sums(ids, None, 0) >= _LINKS))[ids] & (lists >= 0)
    if not (scores[~links] >= _TEXT).any():
        return scores
    return np.where(links & (scores < _LIKELY_LINKS), 0, scores)


def _headings(kept: Ints, scores: Ints, layout: Layout, rows: Mapping[str, Ints], beside: Any) -> Ints:
    """Return 1 for headings of what is kept: of certain text in the same container, within text, or like most of text.

    The headline of the page is none of them: it is the title's.
    """
    heads = (layout.heading > 0) & (shifted(kept, -1, 0) > 0) & (rows["title_same"] < 2)
    first = rows["level"] == 1
    alike = sums(layout.kin, heads.astype(np.int64), 0)[layout.kin]
    alike_kept = sums(layout.kin, heads * kept, 0)[layout.kin]
    most = (alike > 1) & (2 * alike_kept >= alike) & (scores >= _LIKE_OTHERS)
    likely = (scores >= _HEADING) & (rows["link"] < _LINKED) & ~first
    headed = shifted(scores, -1, 0)
    between = (shifted(kept, 1, 0) > 0) & (headed >= _HEADS_WITHIN)
    result: Ints = (heads & (most | (likely & beside & ((headed >= _HEADS) | between)))).astype(np.int64)
    return result


def _beside_next(layout: Layout) -> Any:
    """Return true for headings that stand in one container with the block behind them.

    A heading may stand in a box of its own, beside a link to edit the section: then the box is asked.
    """
    next_block = shifted(layout.up[0], -1, 0)
    own_box = _BOXES[layout.tag[layout.up[1]]] & (inside(layout, None)[layout.up[1]] == 1)
    around = np.where(own_box, layout.up[2], layout.up[1])
    return (next_block >= around) & (next_block < layout.end[around])


def _headings_of_links(kept: Ints, scores: Ints, layout: Layout, rows: Mapping[str, Ints], beside: Any) -> Ints:
    """Return 1 for doubtful headings, not the headline, before links that are left out: "Shop by category"."""
    left = (
        (shifted(kept, -1, 1) == 0) & (shifted(layout.heading, -1, 1) == 0) & (shifted(rows["link"], -1, 0) > _LINKED)
    )
    doubtful = (scores < _DOUBTFUL) & (rows["level"] != 1) & (rows["title_same"] < 2)
    result: Ints = ((layout.heading > 0) & left & doubtful & beside).astype(np.int64)
    return result


def _announcement(kept: Ints, rows: Mapping[str, Ints]) -> Ints:
    """Return 1 for the end of the text where it is a line with a colon at its end, before links that are left out."""
    result = np.zeros(len(kept), np.int64)
    last = len(kept) - 1 - int(np.argmax(kept[::-1]))
    if last + 1 < len(kept) and rows["link"][last + 1] > _LINKED:
        result[last] = rows["last"][last] == COLON_RANK and rows["size"][last] <= _ANNOUNCEMENT
    return result


def _listings(kept: Ints, scores: Ints, rows: Mapping[str, Ints]) -> Ints:
    """Return 1 for listings of code below the first block that is kept."""
    result: Ints = ((rows["kind"] == _CODE) & (scores >= _LISTING)).astype(np.int64)
    result[: int(np.argmax(kept))] = 0
    return result


def _slides(kept: Ints, layout: Layout, rows: Mapping[str, Ints]) -> Ints:
    """Return 1 for the sentences of captions under a heading of their own that is kept: the text of a gallery.

    Where two captions have a heading without a link and a sentence of some length, all such are, with their headings.
    """
    captions = _around(layout, _CAPTION)
    if captions.max() < 0:
        return np.zeros_like(kept)
    sentences = (captions >= 0) & (rows["stops"] > 0)
    headings = (captions >= 0) & (layout.heading > 0) & (rows["link"] < _LINKED)
    result = np.isin(captions, captions[headings & (kept > 0)]) & sentences
    told = sentences & (rows["size"] >= _CAPTION_SIZE) & np.isin(captions, captions[headings])
    if len(slides := np.unique(captions[told])) > 1:
        result |= np.isin(captions, slides) & (sentences | headings)
    return result.astype(np.int64)


def _sections(kept: Ints, scores: Ints, layout: Layout, rows: Mapping[str, Ints]) -> Ints:
    """Return 1 for the blocks of sections of which none is kept, beside one of the same name that is text as a whole.

    Such a part of a text is often too short to be told as text by itself. One with many links is none of text. Sections
    without a name are all alike: such a one must stand right beside, and be nothing but sentences and headings. It
    begins with a heading, or is likelier to be text.
    """
    size, within = rows["size"], np.zeros(len(layout.parent) + 1, np.int64)
    whole, text, expected = (inside(layout, row) for row in (size, size * kept, size * scores))
    able = (text == 0) & (whole >= _SECTION_SIZE) & (expected >= _SECTION * whole)
    able &= 4 * inside(layout, layout.link) < inside(layout, layout.length)
    if able.any():
        sure = (5 * text >= 4 * whole) & (whole >= _SURE_SECTION_SIZE) & (expected >= _SURE_SECTION * whole)
        sure_ones = np.flatnonzero(sure).tolist()
        beside = {_section(layout, container) for container in sure_ones if layout.names[container]}
        nameless = {container for container in sure_ones if not layout.names[container]}
        behind = {_next_section(layout, whole, container) for container in nameless}
        prose = _is_prose(layout, rows) & ((expected >= _LIKELIER_SECTION * whole) | _begins_with_heading(layout))
        for container in np.flatnonzero(able).tolist():
            if layout.names[container]:
                found = _section(layout, container) in beside
            else:
                near = container in behind or _next_section(layout, whole, container) in nameless
                found = near and bool(prose[container])
            if found:
                within[container] += 1
                within[layout.end[container]] -= 1
    result: Ints = (np.cumsum(within)[layout.up[0]] > 0).astype(np.int64)
    return result


def _is_prose(layout: Layout, rows: Mapping[str, Ints]) -> Any:
    """Return true for the containers of nothing but sentences without links, and of headings."""
    sentences = (rows["size"] >= _SECTION_SIZE) & (rows["stops"] > 0) & (rows["link"] == 0)
    others = inside(layout, (~sentences & (layout.heading == 0)).astype(np.int64))
    return (others == 0) & (inside(layout, sentences.astype(np.int64)) > 0)


def _begins_with_heading(layout: Layout) -> Any:
    """Return true for the containers whose first block is a heading."""
    result = np.zeros(len(layout.parent), bool)
    before = shifted(layout.up[0], 1, -1)
    for around in layout.up[1:_AROUND]:
        first = (before < around) | (before >= layout.end[around])
        result[around[first & (layout.heading > 0)]] = True
    return result


def _next_section(layout: Layout, whole: Ints, container: int) -> int:
    """Return the next container with text in the same one, where it has the same tag and no name either; else -1."""
    at = int(layout.end[container])
    while at < len(whole) and layout.parent[at] == layout.parent[container]:
        if whole[at] > 0:
            return at if layout.tag[at] == layout.tag[container] and not layout.names[at] else -1
        at = int(layout.end[at])
    return -1


def _section(layout: Layout, container: int) -> tuple[int, int, str]:
    return int(layout.parent[container]), int(layout.tag[container]), layout.names[container]


def _tables(kept: Ints, scores: Ints, layout: Layout, rows: Mapping[str, Ints], tables: Ints) -> Ints:
    """Return 1 for the rows of tables of data that stand right behind text, in the container of that text."""
    able = (tables >= 0) & (kept == 0) & (scores >= _BEHIND) & (rows["link"] < _LINKED)
    if not able.any():
        return np.zeros_like(kept)
    found, first, count = np.unique(tables, return_index=True, return_counts=True)
    several = (count > 1) & np.isin(found, tables[able])
    within = inside(layout, None)
    behind = []
    for table, at, blocks in zip(*(row[several].tolist() for row in (found, first, count)), strict=True):
        near = slice(max(0, at - 2), at)
        around = _around_alone(layout, within, table, blocks)
        if ((kept[near] > 0) & (layout.up[0][near] >= around)).any():
            behind.append(table)
    result: Ints = np.isin(tables, behind).astype(np.int64)
    return result


def _table_captions(kept: Ints, scores: Ints, rows: Mapping[str, Ints]) -> Ints:
    """Return 1 for the captions of tables of data whose first row is kept."""
    behind = (shifted(kept, -1, 0) > 0) & (shifted(rows["kind"], -1, 0) == _ROW)
    result: Ints = ((rows["tag0"] == _TABLE_CAPTION) & behind & (scores >= _BEHIND)).astype(np.int64)
    return result


def _around_alone(layout: Layout, within: Ints, container: int, blocks: int) -> int:
    """Return the nearest container around one that holds more than its blocks; `within` has how many each holds."""
    around = int(layout.parent[container])
    while around and within[around] == blocks:
        around = int(layout.parent[around])
    return around
