"""Lines that hold a date and nothing else, such as "Updated on 3 May 2024, 10:15"."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.rules.boilerplate.case import HEAD_ROW_CHARS, Case, Hit
from cleaner.rules.boilerplate.keys import fold
from cleaner.rules.boilerplate.packs import Pack, builtin_pack

STAMP, LONE_DATE = "BP112", "BP133"
# A text with more lines of that kind is a chronicle, a diary or an exchange of letters: dates are its headings.
MAX_DATES = 2
# The longest line, in code points, and the most numbers and names of months in it: a date and a time in two
# calendars or languages. Of 257 lines that go from 20,600 development texts and pages the longest has 63 code points,
# three have 10 numbers.
DATE_CHARS, MAX_NUMBERS, MAX_MONTHS = 110, 10, 4

_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['.][^\W\d_]+)*")
_NUMERIC_DATE = re.compile(
    r"""(?<!\d)
        (?: (?:1\d|20)\d\d \ ? [./年년-] \ ? [01]?\d \ ? [./月월-] \ ? [0-3]?\d  # the year first
        |   [0-3]?\d \ ? [./-] \ ? [0-3]?\d \ ? [./-] \ ? (?:1\d|20)?\d\d )      # the year last
        (?!\d)""",
    re.VERBOSE,
)
_CLOCK = re.compile(r"(?<!\d)[0-2]?\d ?[:h時时시] ?[0-5]\d(?!\d)")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:1\d|20)\d\d")
# A year before there were pages: such a date is none of a page, but of a chronicle.
_BEFORE_PAGES = re.compile(r"(?<!\d)1[0-8]\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of date stamps, folded."""

    months: frozenset[str]
    weekdays: frozenset[str]
    stamps: frozenset[str]
    glue: frozenset[str]
    ago: frozenset[str]


@functools.cache
def date_words(pack: Pack) -> DateWords:
    """Return the words of the date-stamp pack."""
    return DateWords(**{name: _folded(pack.words[name]) for name in ("months", "weekdays", "stamps", "glue", "ago")})


def _folded(entries: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for entry in entries for word in _TOKEN.findall(fold(entry)))


class DateStamp(NamedTuple):
    """The date of a line, as it stands there. `stamped` says that words such as "updated on" or a time are with it."""

    date: str
    stamped: bool


def date_stamp(text: str, words: DateWords) -> DateStamp | None:
    """Return the date of a line that holds a date and nothing but stamp words and times; None for another line."""
    if len(text) > DATE_CHARS or not _DIGIT.search(text):
        return None
    folded = fold(text)
    tokens = _TOKEN.findall(folded)
    months = numbers = 0
    stamped = False
    for token in tokens:
        if token.isdigit():
            numbers += 1
        elif token in words.months:
            months += 1
        elif token in words.weekdays or token in words.glue:
            continue
        elif token in words.stamps:
            stamped = True
        else:
            return None
    if not 1 <= numbers <= MAX_NUMBERS or months > MAX_MONTHS:
        return None
    stamped = stamped or bool(_CLOCK.search(folded))
    numeric = _NUMERIC_DATE.search(folded)
    if numeric:
        return DateStamp(numeric.group().strip(), stamped)
    return DateStamp(text.strip(), stamped) if months and _YEAR.search(folded) else None


def take_dates(case: Case) -> None:
    """Tag lines with a date in the head and the tail; take those with a time or a word such as "updated" in them."""
    page = case.page
    words = date_words(builtin_pack("date-stamp"))
    dated = {row: date for row in case.stamp_rows() if (date := date_stamp(page.texts[row], words))}
    if len(dated) > MAX_DATES:
        return
    for row, date in dated.items():
        if row in case.taken or page.prose[row] or len(page.texts[row]) > HEAD_ROW_CHARS:
            continue
        if not (case.in_head(row) or page.in_zone(row, "tail")) or _BEFORE_PAGES.search(date.date):
            continue
        case.tags[row] = ("date", date.date)
        if STAMP in case.codes and (date.stamped or LONE_DATE in case.codes):
            code = STAMP if date.stamped else LONE_DATE
            case.take(row, code, "a date and nothing else, at the edge of the text", sure=True)
        elif STAMP in case.codes:
            case.hits.setdefault(row, Hit(STAMP, "a date and nothing else", careful=True))
