"""The path of a page in its site, such as "Home » World » Café opens"."""

from __future__ import annotations

import functools
import re

from cleaner.rules.boilerplate.case import HEAD_ROW_CHARS, HEAD_ROWS, Case
from cleaner.rules.boilerplate.keys import key
from cleaner.rules.boilerplate.packs import Pack, builtin_pack

BREADCRUMB = "BP110"
# The longest name of a step and of a section; and the shortest beginning of a headline that a last step, which may be
# cut off, is known by. In code points, by eye: only 16 paths go from 20,600 development texts and pages.
CRUMB_CHARS, SECTION_CHARS, HEADLINE_CHARS = 60, 40, 15
# A path that ends with its headline has at least this many steps.
MIN_STEPS = 3
# Spaces that may stand before the first separator.
MOST_SPACES = 3

_SEPARATOR = re.compile(r"\s+(?:»|›|>|/|\||→|▸|►|::|\\|·|«|‹|<|•|−|–|-)\s+|\s*[»›>→▸►/]\s*(?=\S)")
_SIGN = re.compile(r"[»›>/|→▸►:\\·«‹<•−–-]")


def breadcrumb(text: str, home: frozenset[str], following: str) -> bool:
    """Whether a line is a path: it begins with a home word, or ends with the headline that follows."""
    first = 0, CRUMB_CHARS + MOST_SPACES
    if len(text) > HEAD_ROW_CHARS or not (_SIGN.search(text, *first) and _SEPARATOR.search(text, *first)):
        return False
    segments = [segment for segment in _SEPARATOR.split(text) if segment.strip()]
    if len(segments) < 2 or any(len(segment) > CRUMB_CHARS for segment in segments[:-1]):
        return False
    if key(segments[0]) in home:
        return True
    last = key(segments[-1])
    return (
        len(segments) >= MIN_STEPS
        and len(last) >= HEADLINE_CHARS
        and key(following).startswith(last.removesuffix("..."))
    )


def section(text: str, home: frozenset[str]) -> str | None:
    """Return the section in a path that begins with a home word and ends with the page itself."""
    segments = [segment.strip() for segment in _SEPARATOR.split(text) if segment.strip()]
    if len(segments) < MIN_STEPS or key(segments[0]) not in home or len(segments[-2]) > SECTION_CHARS:
        return None
    return segments[-2]


@functools.cache
def home_words(pack: Pack) -> frozenset[str]:
    """Return the words that a path begins with, folded."""
    return frozenset(key(word) for word in pack.words["home"])


def take_breadcrumbs(case: Case) -> None:
    """Take paths in the head, and tag the section that they name."""
    if BREADCRUMB not in case.codes:
        return
    page = case.page
    home = home_words(builtin_pack("breadcrumb"))
    for row in case.stamp_rows():
        if row >= HEAD_ROWS:
            break
        following = page.texts[row + 1] if row + 1 < len(page.texts) else ""
        if row not in case.taken and breadcrumb(page.texts[row], home, following):
            case.tags[row] = ("section", section(page.texts[row], home) or "")
            case.take(row, BREADCRUMB, "the path of the page in its site", sure=True)
            page.bound_prose(set(case.taken))


def section_in(trail: str) -> str | None:
    """Return the section that a trail such as "Home » World » Café opens" names."""
    return section(trail, home_words(builtin_pack("breadcrumb")))
