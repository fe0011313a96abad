"""What stands around a block: containers, their names and what else they hold, and the blocks before and after it."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from typing import Final

import numpy as np

from cleaner.extract.block import Page
from cleaner.extract.learned import names as vocabulary
from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.layout import LEVELS, TAGS, Layout, Rows, inside, seen_from, share, since, sums, until

_AROUND_TAGS: Final = (
    "article main section header footer nav aside form table ul ol dl p blockquote pre figure noscript details address "
    "fieldset dialog td"
)
_AROUND: Final = (*_AROUND_TAGS.split(), "stated_body", "stated_away")
_IN: Final = tuple(f"in_{name}" for name in _AROUND)
_PLACES: Final = np.arange(len(_AROUND))[:, None]
_BIT: Final = {name: 1 << number for number, name in enumerate(_AROUND)}
# itemprop and role, by which a page says what is its text and what is not.
_BODY_PROP_NAMES: Final = "articlebody text reviewbody recipeinstructions recipeingredient description blogpost"
_BODY_PROPS: Final = frozenset(_BODY_PROP_NAMES.split())
_AWAY_ROLE_NAMES: Final = (
    "navigation complementary contentinfo banner dialog search menu menubar alertdialog toolbar tablist"
)
_AWAY_ROLES: Final = frozenset(_AWAY_ROLE_NAMES.split())
# A run of text is prose from that size, where less than a third of it is links; see extract/frame.py.
_PROSE_SIZE: Final = 100
_MOST_INLINE: Final = 20
_MOST_AWAY: Final = 20


def add_rows(rows: Rows, layout: Layout, page: Page, wanted: Collection[str]) -> None:
    """Add what is known of each block by what stands around it; of names' families only those that are wanted."""
    prose = np.where((layout.size >= _PROSE_SIZE) & (3 * layout.link < layout.length), layout.size, 0)
    _add_kin(rows, layout)
    _add_containers(rows, layout, page, prose)
    _add_names(rows, layout, page, wanted)
    _add_order(rows, layout)
    _add_place(rows, layout, prose)
    _add_page(rows, layout, page)
    _add_pictures(rows, page)


def _add_kin(rows: Rows, layout: Layout) -> None:
    kin, n = layout.kin, int(layout.kin.max()) + 1
    many = sums(kin, None, n)
    rows["kin_blocks"] = many[kin]
    rows["kin_size"] = (sums(kin, layout.size, n) // np.maximum(1, many))[kin]
    rows["kin_link"] = share(sums(kin, layout.link, n), sums(kin, layout.length, n))[kin]


def _add_containers(rows: Rows, layout: Layout, page: Page, prose: Ints) -> None:
    all_size, all_length, all_link = (inside(layout, v) for v in (layout.size, layout.length, layout.link))
    all_prose, all_blocks = inside(layout, prose), inside(layout, None)
    of_prose = share(all_prose, all_prose[0])
    facts = {
        "tag": layout.tag,
        "share": of_prose,
        "link": share(all_link, all_length),
        "blocks": all_blocks,
        "mean": all_size // np.maximum(1, all_blocks),
        "prose": share(all_prose, all_size),
    }
    by_level = np.array(list(facts.values()), np.int32).take(np.array(layout.up[:LEVELS]), 1)
    for name, levels in zip(facts, by_level, strict=True):
        rows.update(zip((f"{name}{level}" for level in range(LEVELS)), levels, strict=True))
    node, n = layout.up[0], len(layout.size)
    rows["siblings"] = np.bincount(layout.parent[1:], minlength=len(layout.parent))[layout.up[1]]
    stated = [0] * len(page.tags)
    for number in layout.saying:
        stated[number] = _stated(page.attributes[number])
    depth, half, most, around = _descend(page, of_prose.tolist(), stated)
    rows["depth"], rows["to_half"], rows["to_most"] = depth[node], half[node], most[node]
    rows.update(zip(_IN, (around[node] >> _PLACES & 1).astype(np.int8), strict=True))
    rows["page_link"] = np.full(n, share(all_link[0], all_length[0]))
    rows["page_prose"] = np.full(n, all_prose[0])
    rows["page_prose_share"] = np.full(n, share(all_prose[0], all_size[0]))
    rows["page_size"] = np.full(n, all_size[0])


def _descend(page: Page, shares: list[int], stated: list[int]) -> tuple[Ints, Ints, Ints, Ints]:
    """Return of each container the depth, the steps up to half and to 3/4 of the prose, and what it is in."""
    depth, half, most, around = [0], [0], [0], [stated[0]]
    for above, tag, share_, said in zip(page.parents[1:], page.tags[1:], shares[1:], stated[1:], strict=True):
        depth.append(depth[above] + 1)
        half.append(0 if share_ >= 500 else half[above] + 1)
        most.append(0 if share_ >= 750 else most[above] + 1)
        around.append(around[above] | _BIT.get(tag, 0) | said)
    return np.array(depth), np.array(half), np.array(most), np.array(around)


def _stated(attributes: Mapping[str, str]) -> int:
    bits = 0
    prop, role = attributes.get("itemprop"), attributes.get("role")
    if (prop and prop.lower() in _BODY_PROPS) or role == "main" or role == "article":
        bits |= _BIT["stated_body"]
    elif role in _AWAY_ROLES:
        bits |= _BIT["stated_away"]
    return bits


def _add_names(rows: Rows, layout: Layout, page: Page, wanted: Collection[str]) -> None:
    """Add the families of names: those of the container and the one around it (near), and of all around (any)."""
    of_own = np.array([vocabulary.groups(name) for name in layout.called])[layout.name]
    own = of_own.tolist()
    anywhere = own[:1]
    for bits, above in zip(own[1:], page.parents[1:], strict=True):
        anywhere.append(bits | anywhere[above])
    inline = np.array([_inline(block.names) if block.names else 0 for block in page.blocks])
    for name, of_container in (("near_name", of_own | of_own[layout.parent]), ("any_name", np.array(anywhere))):
        bits = of_container[layout.up[0]] | inline
        numbers = [n for n in range(len(vocabulary.GROUPS)) if not wanted or f"{name}{n}" in wanted]
        flags = (bits >> np.array(numbers, np.int64)[:, None] & 1).astype(np.int8)
        rows.update(zip((f"{name}{number}" for number in numbers), flags, strict=True))


@functools.lru_cache(maxsize=20_000)
def _inline(names: tuple[str, ...]) -> int:
    bits = 0
    for name in names[:_MOST_INLINE]:
        bits |= vocabulary.groups(name)
    return bits


def _add_order(rows: Rows, layout: Layout) -> None:
    names = ("size", "link", "tag0", "last", "stops")
    near = seen_from(np.array([*(rows[name] for name in names), layout.kin, layout.up[1]]), 3, -1)
    for by in (-3, -2, -1, 1, 2, 3):
        *others, kin, up = near[by]
        rows.update(zip((f"{name}{by:+d}" for name in names[: 5 if abs(by) < 3 else 3]), others, strict=False))
        if abs(by) < 3:
            rows[f"kin{by:+d}"] = (kin == layout.kin).astype(np.int64)
            rows[f"sibling{by:+d}"] = (up == layout.up[1]).astype(np.int64)
    heading = layout.heading > 0
    last = np.maximum.accumulate(np.where(heading, np.arange(len(heading)), -1))
    rows["since_heading"] = np.where(last >= 0, since(heading, 60), 99)
    rows["heading_tag"] = np.where(last >= 0, rows["tag0"][last], 0)
    rows["heading_size"] = np.where(last >= 0, layout.size[last], 0)


def _add_place(rows: Rows, layout: Layout, prose: Ints) -> None:
    """Add where each block stands on the page, and seen from the headline.

    That is the first <h1>, or title, that at most half of the prose stands before.
    """
    size = layout.size
    before, prose_before = np.cumsum(size) - size, np.cumsum(prose) - prose
    whole, whole_prose = size.sum(), prose.sum()
    rows["place"] = share(before, whole)
    rows["prose_place"] = share(prose_before, whole_prose)
    rows["is_prose"] = (prose > 0).astype(np.int64)
    rows["since_prose"], rows["until_prose"] = since(prose > 0, 60), until(prose > 0, 60)
    first = (rows["tag0"] == TAGS["h1"]) | (rows["title_same"] == 3)
    headlines = np.flatnonzero(first & (2 * prose_before <= whole_prose))
    n = len(size)
    _add_shared(rows, layout, [*headlines.tolist(), *np.flatnonzero(first).tolist()][:1])
    if not len(headlines):
        rows["from_headline"] = rows["size_from_headline"] = rows["prose_from_headline"] = np.full(n, -2000)
        return
    at = headlines[0]
    rows["from_headline"] = np.clip(np.arange(n) - at, -40, 80)
    rows["size_from_headline"] = share(before - before[at], whole)
    rows["prose_from_headline"] = share(prose_before - prose_before[at], whole_prose)


def _add_shared(rows: Rows, layout: Layout, headlines: list[int]) -> None:
    """Add where the smallest container is that a block shares with the headline: steps up to it from both.

    And how much of the page stands with the headline in that container, in one of its own.
    """
    node = layout.up[0]
    if not headlines:
        rows["to_shared"] = rows["headline_to_shared"] = rows["headline_branch"] = np.full(len(node), -1)
        return
    container = int(node[headlines[0]])
    path = [container]
    while container:
        container = int(layout.parent[container])
        path.append(container)
    path.reverse()
    shared = np.zeros(len(node), np.int64)
    for depth, container in enumerate(path):
        shared[(node >= container) & (node < layout.end[container])] = depth
    rows["to_shared"] = rows["depth"] - shared
    rows["headline_to_shared"] = len(path) - 1 - shared
    branches = inside(layout, layout.size)[[*path[1:], path[-1]]]
    rows["headline_branch"] = share(branches, layout.size.sum())[shared]


def _add_page(rows: Rows, layout: Layout, page: Page) -> None:
    size, tags, about = layout.size, page.tags, layout.about
    values = {
        "page_blocks": len(size),
        "page_kind": about.kind,
        "page_recent": int(about.recent),
        "page_stated": int(bool(about.body)),
        "page_articles": min(9, tags.count("article")),
        "page_h1": min(9, tags.count("h1")),
        "page_tables": min(20, tags.count("table")),
        "page_paragraphs": tags.count("p"),
        "page_lists": tags.count("li"),
        "page_longest": int(size.max()),
        "page_mean": int(size.sum()) // len(size),
    }
    values |= about.what
    # One number for all blocks of the page, which lies in memory once.
    same = np.broadcast_to(np.array(list(values.values()))[:, None], (len(values), len(size)))
    rows.update(zip(values, same, strict=True))
    rows["size_of_longest"] = share(size, size.max())


def _add_pictures(rows: Rows, page: Page) -> None:
    """Add how many blocks ago the last picture was, and how many there are to the next one: captions stand near."""
    before = np.zeros(len(page.blocks) + 1, bool)
    before[[min(image.before, len(page.blocks)) for image in page.images]] = True
    rows["since_picture"] = since(before[:-1], _MOST_AWAY)
    rows["until_picture"] = until(before[1:], _MOST_AWAY)
