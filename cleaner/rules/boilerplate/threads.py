"""Find what readers wrote below an article: a run of comments, told by the lines that head or end each of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from cleaner.rules.boilerplate.keys import fold, trim
from cleaner.rules.boilerplate.packs import Pack
from cleaner.rules.boilerplate.verdicts import Case

THREAD = "BP134"
HEADINGS = frozenset({"BP103", "BP104"})
# A thread has so many markers, never further apart than so many rows, and ends that near to the text's end.
MIN_MARKERS, MAX_GAP = 3, 15
# Above it stands an article: this much prose, in code points, without a marker.
MIN_ARTICLE_CHARS = 500
MARKER_CHARS = 110

_CLOCK = re.compile(r"(?<!\d)[0-2]?\d[:.h][0-5]\d(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_NAME = re.compile(r"[^\W\d_]{2,}")
_PLATFORM = re.compile(r"\(score: ?-?\d|^replydelete$|^posted by: .{1,60}\d:\d\d|^on .{6,60} (?:said|wrote)$|^reply to this comment")


@functools.cache
def _sayings(pack: Pack) -> re.Pattern[str]:
    words = "|".join(re.escape(trim(fold(word))) for word in pack.words["says"])
    return re.compile(rf"^\S.{{0,60}} (?:{words})$")


@functools.cache
def _buttons(pack: Pack) -> frozenset[str]:
    return frozenset(trim(fold(word)) for word in pack.words["buttons"])


def marker(text: str, pack: Pack) -> int:
    """Tell whether a line heads or ends a comment: 0 for no, 1 for yes, 2 where only a comment has such a line."""
    if len(text) > MARKER_CHARS:
        return 0
    folded = trim(fold(text))
    if _PLATFORM.search(folded):
        return 2
    if folded in _buttons(pack) or (_sayings(pack).match(folded) and text[0] not in "\"“«„"):
        return 1
    if _CLOCK.search(folded) and _DATE.search(folded) and _NAME.search(folded) and len(folded.split()) <= 14:
        return 1
    return 0


def take_thread(case: Case, pack: Pack) -> None:
    """Take the comments below an article, from the first marker, or the heading above it, to the end."""
    texts = case.page.texts
    marks = [(row, strength) for row, text in enumerate(texts) if (strength := marker(text, pack))]
    while marks and len(marks) >= MIN_MARKERS:
        rows = [row for row, _ in marks]
        if len(texts) - rows[-1] > MAX_GAP:
            return
        gaps = [number for number in range(1, len(rows)) if rows[number] - rows[number - 1] > MAX_GAP]
        if not gaps:
            break
        marks = marks[gaps[-1] :]
    if len(marks) < MIN_MARKERS:
        return
    start = _heading(case, marks[0][0])
    headed = start is not None
    if start is None:
        start = marks[0][0]
    if not headed:
        return
    if _prose_chars(case, start) < MIN_ARTICLE_CHARS:
        return
    for row in range(start, len(texts)):
        case.take(row, THREAD, f"in a thread of comments with {len(marks)} headings")


def _heading(case: Case, first: int) -> int | None:
    """Give the row of the comments' heading, at most so many rows above the first marker, or None."""
    rows = range(first, max(-1, first - MAX_GAP), -1)
    found = [row for row in rows if row in case.hits and case.hits[row].code in HEADINGS]
    return found[-1] if found else None


def _prose_chars(case: Case, end: int) -> int:
    """Count the characters of prose above a row, none where a marker stands before the prose."""
    rows: Sequence[int] = [row for row in range(end) if case.page.prose[row] and row not in case.taken]
    return sum(len(case.page.texts[row]) for row in rows)
