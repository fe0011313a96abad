"""Take the titles under a heading of related links that goes."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.keys import key
from cleaner.rules.boilerplate.page import FINAL_MARKS, Words
from cleaner.rules.boilerplate.witnesses import is_quoted

RELATED = "BP107"
# A title in a list of links: no longer than this, in code points. Of 446 that
# go from 20,600 development texts and pages five have more than 110.
TITLE_CHARS = 160
# Titles that stand in the middle of a text, at most.
RELATED_TITLES_IN_TEXT = 5
BULLETS = frozenset("-*•·»›▪■")
# A heading of related links that stands this many times is a button of each post or teaser, and heads no list.
REPEATED_HEADINGS = 4


def take_related(case: Case) -> None:
    """Take the titles under a heading of related links that goes: to the end, or a few before the text resumes."""
    found = [*(hit.code for hit in case.hits.values()), *(verdict.code for verdict in case.taken.values())]
    if RELATED not in found:
        return
    ends = _title_ends(case)
    _take_related_headings(case, ends)
    page = case.page
    headings = sorted(row for row, verdict in case.taken.items() if verdict.code == RELATED)
    count = Counter(key(page.texts[row]) for row in headings)
    # No title ends in a final mark, so that none tells itself.
    words = functools.cache(lambda: Words(text for text in page.texts if text[-1] in FINAL_MARKS))
    for heading, following in pairwise((*headings, len(page.texts))):
        if count[key(page.texts[heading])] >= REPEATED_HEADINGS:
            continue
        end = ends[heading + 1]
        if heading < page.first_prose:
            end = _headline(case, range(heading + 1, min(end, following)), words()) or end
        titles: Iterable[int] = range(heading + 1, min(end, following))
        if page.last_prose >= end:
            titles = _before_text(case, heading, end)
        for title in titles:
            case.take(title, RELATED, f"a title under {page.texts[heading]!r}")


def _take_related_headings(case: Case, ends: Sequence[int]) -> None:
    """Take careful headings of related links below the prose with titles under them, and at last a line that goes."""
    for row, hit in case.hits.items():
        if hit.code == RELATED and row not in case.taken and case.page.in_zone(row, "tail"):
            last = ends[row + 1] - 1
            if last > row + 1 and row + 1 not in case.taken and last in case.taken:
                case.take(row, RELATED, f"{hit.what}, above titles and a line that goes")


def _title_ends(case: Case) -> list[int]:
    """Return for each row the first from it on that neither goes nor is like a title."""
    end = len(case.page.texts)
    ends = [end] * (end + 1)
    for row in range(end - 1, -1, -1):
        if row not in case.taken and not _title_like(case, row):
            end = row
        ends[row] = end
    return ends


def _headline(case: Case, rows: Iterable[int], words: Words) -> int | None:
    """Return the last of the rows that the text tells, which may be its headline."""
    told = [row for row in rows if row not in case.taken and words.tell(case.page.texts[row])]
    return told[-1] if told else None


def _before_text(case: Case, heading: int, end: int) -> list[int]:
    """Return the titles that are links where the text goes on below them.

    They end where a line of another kind goes. Right above the text, one without a bullet may be its own heading.
    """
    titles = []
    ended = False
    for row in range(heading + 1, min(end, heading + RELATED_TITLES_IN_TEXT + 3)):
        if row in case.taken and case.taken[row].code != RELATED:
            ended = True
            break
        titles.append(row)
    if titles and not ended and titles[-1] not in case.taken and case.page.texts[titles[-1]][0] not in BULLETS:
        titles.pop()
    return titles if len(titles) <= RELATED_TITLES_IN_TEXT else []


def _title_like(case: Case, row: int) -> bool:
    text = case.page.texts[row]
    return len(text) <= TITLE_CHARS and text[-1] not in FINAL_MARKS and not is_quoted(case, row)
