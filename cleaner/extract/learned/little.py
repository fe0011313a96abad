"""The verdict on a page with little text: is it a notice, a text, or a text with a notice beside it?"""

from __future__ import annotations

from typing import Final

import numpy as np

from cleaner.extract.block import Page
from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.choice import headline, is_doubtful, is_plain
from cleaner.extract.learned.layout import Layout, Rows
from cleaner.extract.learned.notice import (
    DOUBTFUL,
    SECRET,
    THRESHOLD,
    Reading,
    is_notice,
    notice_score,
    read_notice,
    shipped_notices,
)

# A part of the page goes where it reads like a notice as much as a page of nothing else does, and another of at least
# that size certainly reads like a text: of itself, or by so much less like a notice than what goes.
_LESS: Final = 200
_TEXT_SIZE: Final = 60
# On pages with more text, a notice has at least that size: what is shorter is a label or a button of a shop.
_LONG_NOTICE: Final = 100


def judge_little(page: Page, layout: Layout, rows: Rows, likely: Ints, scores: Ints) -> tuple[Ints, Reading | None]:
    """Return which of the blocks that are likely text are kept, and how they read where they are a notice.

    An article that stands in one container and a notice over it in another are judged apart; else all is read together,
    with the headline.
    """
    # Where nothing can be pressed, a short part is no button to agree with or to log in.
    if (kept := _without_notices(page, layout, rows, likely, _LONG_NOTICE if is_plain(rows) else 0)) is not None:
        return kept, None
    return _read_whole(page, rows, likely, doubtful=is_doubtful(likely, scores, rows))


def judge_more(page: Page, layout: Layout, rows: Rows, likely: Ints) -> tuple[Ints, Reading | None]:
    """Return the same for a page with more text: without containers that are a notice of some sentences.

    All is read together only where the page asks for a password: rules and fields of a registration are long.
    """
    if (kept := _without_notices(page, layout, rows, likely, _LONG_NOTICE)) is not None:
        return kept, None
    return _read_whole(page, rows, likely, doubtful=False) if rows["page_secrets"][0] else (likely, None)


def _read_whole(page: Page, rows: Rows, likely: Ints, *, doubtful: bool) -> tuple[Ints, Reading | None]:
    model = shipped_notices()
    read = likely.copy()
    if (place := headline(likely, rows)) >= 0:
        read[place] = 1
    lines = _lines(page, read)
    if is_notice(notice_score(lines, model), secret=bool(rows["page_secrets"][0]), doubtful=doubtful):
        return np.zeros(len(likely), np.int64), read_notice(lines, model)
    return likely, None


def _without_notices(page: Page, layout: Layout, rows: Rows, likely: Ints, size: int) -> Ints | None:
    """Return the likely blocks without those of containers that read like notices; None unless others are a text.

    Where `size` is not 0, a notice has at least that, and a sentence.
    """
    model = shipped_notices()
    parts = _parts(layout, likely)
    owns = [likely * (parts == part) for part in np.unique(parts[likely > 0]).tolist()]
    read = [(notice_score(_lines(page, own), model), own) for own in owns]
    told = [(score, own) for score, own in read if score >= THRESHOLD and (not size or _says(own, rows, size))]
    if not told:
        return None
    least = min(THRESHOLD, max(DOUBTFUL, min(score for score, _ in told) - _LESS))
    # On a page that asks for a password, what is left beside its notices has to read like a text the more certainly.
    least -= SECRET if rows["page_secrets"][0] else 0
    if not any(score < least and _says(own, rows, _TEXT_SIZE) for score, own in read):
        return None
    kept: Ints = likely - sum(own for _, own in told)
    return kept


def _says(own: Ints, rows: Rows, size: int) -> bool:
    """Tell whether blocks have a sentence and at least that size together."""
    return bool((own * rows["stops"]).any()) and int((own * rows["size"]).sum()) >= size


def _lines(page: Page, chosen: Ints) -> list[str]:
    return [page.blocks[number].text for number in np.flatnonzero(chosen).tolist()]


def _parts(layout: Layout, likely: Ints) -> Ints:
    """Return for each block the container that parts it from others, among those in which all likely ones stand.

    What stands by itself in these, a paragraph or a heading, is of one part. A heading that has a container to itself
    is of the part of what it heads.
    """
    nodes = layout.up[0][likely > 0]
    first, last = int(nodes.min()), int(nodes.max())
    around = first
    while layout.end[around] <= last:
        around = int(layout.parent[around])
    parts = np.full(len(likely), around)
    for number in np.flatnonzero(likely).tolist():
        node = part = int(layout.up[0][number])
        while part != around and layout.parent[part] != around:
            part = int(layout.parent[part])
        parts[number] = around if part == node else part
    for number in np.flatnonzero(likely & (layout.heading > 0))[::-1].tolist():
        alone = parts[number] != around and (parts[likely > 0] == parts[number]).sum() == 1
        if alone and number + 1 < len(likely) and likely[number + 1]:
            parts[number] = parts[number + 1]
    return parts
