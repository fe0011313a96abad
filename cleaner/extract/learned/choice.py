"""From scores to blocks: the threshold that promises most, whether a page has a main text at all, and its headline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.layout import TAGS, shifted
from cleaner.extract.learned.neighbours import CERTAIN

# A page's threshold lies between these scores, whatever the page promises.
_LEAST: Final = 350
_MOST: Final = 750
# The least one on a page with a block of which the model is that sure: beside text, doubtful blocks are none.
_SURE: Final = 960
_LEAST_SURE: Final = 550
# The least one where no block is likelier than this to be text: a page of a kind that the model has hardly seen.
_STRANGE: Final = 700
_LEAST_STRANGE: Final = 150

# A page has no main text where no block is likelier than this to be text, or where less text is to be expected.
_LIKELY: Final = 300
_LEAST_TEXT: Final = 10
# On a page with nothing but text (no link, nothing to press or to fill in) less is enough: it may be one sentence.
_LEAST_PLAIN: Final = 200
_LEAST_TEXT_PLAIN: Final = 5
_ASKS: Final = ("page_fields", "page_secrets", "page_ticks", "page_buttons")
# The text of a page is doubtful where no block is likelier than this to be text; or where the first pass finds none
# and the second little: on kinds of pages that it has not seen the second believes too much.
_DOUBTFUL: Final = 500
_DOUBTFUL_TEXT: Final = 150

# A paragraph of that size that is doubtful is text where the one before or behind it certainly is.
_PROSE: Final = 120
# The least score of a sentence beside the text where a page has no link at all, so hardly anything but text.
_BESIDE: Final = 100

# The headline is looked for among this many blocks before the first that is long.
_HEADLINE_BLOCKS: Final = 25
_HEADLINE_SIZE: Final = 8
_BODY_SIZE: Final = 60
_LINKED: Final = 500


def chosen(scores: Ints, rows: Mapping[str, Ints]) -> Ints:
    """Return 1 for each block that is text, else 0; of `rows` the first pass's score and some facts are looked at.

    A page of today's markup states its headline as its title; on pages of the years of layout tables it belongs to the
    text, as annotators have it, and is put back.
    """
    size = rows["size"]
    plain = is_plain(rows)
    kept = (scores >= threshold(scores, size, _LEAST_PLAIN if plain else _bound(scores))).astype(np.int64)
    likely, least = (_LEAST_PLAIN, _LEAST_TEXT_PLAIN) if plain else (_LIKELY, _LEAST_TEXT)
    if scores.max() < likely or _expected(kept, scores, rows) < least:
        return np.zeros(len(scores), np.int64)
    kept |= _like_the_one_beside(kept, scores, rows) | _sentences_beside(kept, scores, rows)
    if not rows["page_recent"][0]:
        place = headline(kept, rows)
        if place >= 0:
            kept[place] = 1
    return kept


def _bound(scores: Ints) -> int:
    """Return the least threshold of a page, by how sure the model is of its surest block."""
    likeliest = scores.max()
    if likeliest < _STRANGE:
        return _LEAST_STRANGE
    return _LEAST_SURE if likeliest >= _SURE else _LEAST


def is_doubtful(kept: Ints, scores: Ints, rows: Mapping[str, Ints]) -> bool:
    """Tell whether it is not certain by the blocks alone that a page has a text."""
    if scores.max() < _DOUBTFUL:
        return True
    return bool(rows["score"].max() < _DOUBTFUL) and _expected(kept, scores, rows) < _DOUBTFUL_TEXT


def _expected(kept: Ints, scores: Ints, rows: Mapping[str, Ints]) -> int:
    """Return how much text is to be expected in the blocks that are kept."""
    return int((kept * scores * rows["size"]).sum()) // CERTAIN


def is_plain(rows: Mapping[str, Ints]) -> bool:
    """Tell whether a page has nothing but text: no link, nothing to press, nothing to fill in."""
    return not rows["link"].any() and not any(rows[name][0] for name in _ASKS)


def _like_the_one_beside(kept: Ints, scores: Ints, rows: Mapping[str, Ints]) -> Ints:
    """Return 1 for a paragraph of prose without links before or behind one that is kept, in the same container."""
    sure = kept * (scores >= _MOST)
    beside = shifted(sure, -1, 0) * rows["sibling-1"] + shifted(sure, 1, 0) * rows["sibling+1"]
    prose = (rows["size"] >= _PROSE) & (rows["link"] == 0)
    result: Ints = (prose & (beside > 0) & (scores >= _LEAST)).astype(np.int64)
    return result


def _sentences_beside(kept: Ints, scores: Ints, rows: Mapping[str, Ints]) -> Ints:
    """Return 1 for a sentence beside a kept block, in the same container, on a page without links."""
    if rows["link"].any():
        return np.zeros(len(kept), np.int64)
    before = shifted(kept, 1, 0) * rows["sibling+1"]
    after = shifted(kept, -1, 0) * rows["sibling-1"]
    sentence = (rows["stops"] > 0) & (scores >= _BESIDE)
    result: Ints = (sentence & (before + after > 0)).astype(np.int64)
    return result


def threshold(scores: Ints, size: Ints, least: int = _LEAST) -> int:
    """Return the score from which on keeping blocks makes the expected F1 greatest, from `least` on."""
    order = np.argsort(-scores, kind="stable")
    expected = np.cumsum((scores * size)[order])
    whole = CERTAIN * np.cumsum(size[order]) + expected[-1]
    best = int(np.argmax(expected * 2_000_000 // np.maximum(whole, 1)))
    return min(_MOST, max(least, int(scores[order[best]])))


def headline(kept: Ints, rows: Mapping[str, Ints]) -> int:
    """Return the place of the headline before the text, -1 where it is kept, or where there is none.

    Something must be kept. It is the last block there that the page's title has in it, or else the last <h1>.
    """
    body = np.flatnonzero((kept > 0) & (rows["size"] >= _BODY_SIZE))
    first = int(body[0]) if len(body) else int(np.flatnonzero(kept)[0])
    near = slice(max(0, first - _HEADLINE_BLOCKS), first + 2)
    able = (rows["size"][near] >= _HEADLINE_SIZE) & (rows["link"][near] < _LINKED)
    for fits in (rows["title_same"][near] >= 2, rows["tag0"][near] == TAGS["h1"]):
        places = near.start + np.flatnonzero(able & fits)
        if len(places):
            return -1 if kept[places].any() else int(places[-1])
    return -1
