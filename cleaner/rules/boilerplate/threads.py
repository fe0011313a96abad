"""Find what readers wrote below an article: a run of comments, told by the lines that head or end each of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.keys import fold, trim
from cleaner.rules.boilerplate.packs import Pack, builtin_pack

THREAD = "BP134"
HEADINGS = frozenset({"BP103", "BP104"})
# A thread has at least this many markers, on average no more than `MEAN_GAP` rows apart. Its heading is at most
# `MAX_GAP` rows above the first of them, and the text's end as near to the last.
MIN_MARKERS, MEAN_GAP, MAX_GAP = 3, 8, 15
# Above it stands an article: this much prose, in code points, without a marker.
MIN_ARTICLE_CHARS = 500
# Posts of more than this many times the article's prose are what the page is about. Chosen by what is at stake: beyond
# it less than a twentieth of the prose would be left. Labels do not decide: of four such pages one keeps its posts.
MAX_SHARE = 20
MARKER_CHARS, MARKER_WORDS = 110, 14

_CLOCK = re.compile(r"(?<!\d)[0-2]?\d[:.h][0-5]\d(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d,? at \d{1,2}:\d\d ?[ap]\.?m")
_NAME = re.compile(r"[^\W\d_]{2,}")
# Where each post has its score in its heading, the posts are the content of one page in six, by its annotators.
_FORUM = re.compile(r"\(score: ?-?\d")
_PLATFORM = re.compile(r"replydelete$|posted by: .{1,60}\d:\d\d|on .{6,60} (?:said|wrote)$|reply to this comment")


class ThreadWords(NamedTuple):
    """The buttons below comments and the words for "says", folded, and what a line is that ends in one of these."""

    buttons: frozenset[str]
    says: tuple[str, ...]
    sayings: re.Pattern[str]


@functools.cache
def thread_words(pack: Pack) -> ThreadWords:
    """Return the words of the pack of threads."""
    says = tuple(trim(fold(word)) for word in pack.words["says"])
    buttons = frozenset(trim(fold(word)) for word in pack.words["buttons"])
    return ThreadWords(buttons, says, re.compile(rf"^\S.{{0,60}} (?:{'|'.join(map(re.escape, says))})$"))


def marker(text: str, words: ThreadWords) -> int:
    """Tell whether a line heads or ends a comment: 0 for no, 1 for yes, 2 where only a comment has such a line."""
    if len(text) > MARKER_CHARS:
        return 0
    folded = trim(fold(text))
    if _PLATFORM.match(folded):
        return 2
    if folded in words.buttons:
        return 1
    if folded.endswith(words.says) and words.sayings.match(folded) and text[0] not in '"“«„':
        return 1
    if _CLOCK.search(folded) and _DATE.search(folded) and _NAME.search(folded) and len(folded.split()) <= MARKER_WORDS:
        return 1
    return 0


def take_thread(case: Case) -> None:
    """Take the comments below an article to the end, from their heading or from a line that only comments have."""
    texts = case.page.texts
    if THREAD not in case.codes:
        return
    short = [(row, text) for row, text in enumerate(texts) if len(text) <= MARKER_CHARS]
    if len(short) < MIN_MARKERS:
        return
    words = thread_words(builtin_pack("comment-thread"))
    marks = [(row, strength) for row, text in short if (strength := marker(text, words))]
    if len(marks) < MIN_MARKERS or len(texts) - marks[-1][0] > MAX_GAP or _is_forum(texts):
        return
    start = _start(case, marks)
    if start is None:
        return
    first = _first_post(marks, start)
    article = _prose_chars(case, 0, first)
    if article < MIN_ARTICLE_CHARS or _prose_chars(case, first, len(texts)) > MAX_SHARE * article:
        return
    for row in range(start, len(texts)):
        case.take(row, THREAD, f"in a thread of {len(marks)} comments")


def _is_forum(texts: Sequence[str]) -> bool:
    headings = (text for text in texts if len(text) <= MARKER_CHARS)
    return sum(_FORUM.search(text.lower()) is not None for text in headings) >= MIN_MARKERS


def _start(case: Case, marks: Sequence[tuple[int, int]]) -> int | None:
    """Return the row where the thread begins, or None."""
    rows = [row for row, _ in marks]
    for place, first in enumerate(rows[: 1 - MIN_MARKERS]):
        if rows[-1] - first > MEAN_GAP * (len(rows) - place):
            continue
        heading = _heading(case, first)
        if heading is not None:
            return heading
    strong = [row for row, strength in marks if strength > 1]
    if len(strong) >= MIN_MARKERS:
        gap = next((place for place in range(len(strong) - 1, 0, -1) if strong[place] - strong[place - 1] > MAX_GAP), 0)
        return strong[gap] if len(strong) - gap >= MIN_MARKERS else None
    return None


def _heading(case: Case, first: int) -> int | None:
    """Return the row of the comments' heading, at most `MAX_GAP` rows above the first marker, or None."""
    rows = range(first, max(-1, first - MAX_GAP), -1)
    found = [row for row in rows if row in case.hits and case.hits[row].code in HEADINGS]
    return found[-1] if found else None


def _first_post(marks: Sequence[tuple[int, int]], start: int) -> int:
    """Return where posts begin that go over into the thread, as close on average as in a thread.

    In a forum its heading stands between two of them; and where a round took the heading, the next one finds a later
    beginning, above which stand posts. A long post is no gap: the prose of posts is nobody's article.
    """
    first = start
    rows = [row for row, _ in marks if row < start]
    for posts, row in enumerate(reversed(rows), 1):
        if posts >= MIN_MARKERS and start - row <= MEAN_GAP * posts:
            first = row
    return first


def _prose_chars(case: Case, start: int, end: int) -> int:
    """Count the characters of prose from a row up to another, without those that go."""
    rows: Sequence[int] = [row for row in range(start, end) if case.page.prose[row] and row not in case.taken]
    return sum(len(case.page.texts[row]) for row in rows)
