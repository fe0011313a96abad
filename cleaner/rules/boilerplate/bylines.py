"""Lines that name the author, such as "By Jane Doe"."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from cleaner.rules.boilerplate.case import Case, Hit
from cleaner.rules.boilerplate.dates import date_words
from cleaner.rules.boilerplate.keys import fold, key
from cleaner.rules.boilerplate.packs import Pack, builtin_pack

BYLINE, AUTHOR_LINE = "BP111", "BP132"
# Signatures stand in the last rows.
LAST_ROWS = 3
# The longest byline and the longest without a name, in code points; words of a name, two authors counted; and the
# longest last word that may end in a full stop ("Jr."). Of 65 lines that go from 20,600 development texts and pages
# the longest has 40 code points and the most words, 7, the longest of 11 without a name 7 code points.
BYLINE_CHARS, EMPTY_BYLINE_CHARS, NAME_WORDS, INITIAL_CHARS = 90, 20, 8, 3
# From here on scripts put no space between "by" and the name.
_FIRST_EAST_ASIAN = "\u2e80"


@dataclass(frozen=True, slots=True)
class BylineWords:
    """The words of bylines: `by` with their capitals, `empty` folded, `particles` of names."""

    by: tuple[str, ...]
    empty: frozenset[str]
    particles: frozenset[str]
    not_names: frozenset[str]


@functools.cache
def byline_words(pack: Pack, dates: Pack) -> BylineWords:
    """Return the words of the byline pack; months and weekdays are no names."""
    not_names = date_words(dates).months | date_words(dates).weekdays
    return BylineWords(
        tuple(sorted(set(pack.words["by"]), key=lambda word: (-len(word), word))),
        frozenset(key(entry) for entry in pack.words["empty"]),
        frozenset(pack.words["particles"]),
        not_names,
    )


def byline(text: str, words: BylineWords) -> str | None:
    """Return the author of a line that is a byline, "" for a byline without a name, None for another line."""
    if len(text) > BYLINE_CHARS:
        return None
    if len(text) <= EMPTY_BYLINE_CHARS and key(text) in words.empty:
        return ""
    for by in words.by if text.startswith(words.by) else ():
        if text.startswith(by):
            rest = text[len(by) :]
            if by[-1] in ":：/" or rest[:1] in (" ", ":", "\u00a0", "　") or (by[0] > _FIRST_EAST_ASIAN and rest[:1]):
                return _name(rest.strip(" :\u00a0　|,-–"), words)
    return None


def _name(rest: str, words: BylineWords) -> str | None:
    """Return a name of one to six capitalised words, or None."""
    tokens = rest.replace(",", " ").replace("|", " ").split()
    if (
        not 1 <= len(tokens) <= NAME_WORDS
        or rest[-1] in "!?:;"
        or (rest[-1] == "." and len(tokens[-1]) > INITIAL_CHARS)
    ):
        return None
    capitals = 0
    for token in tokens:
        if fold(token.strip(".")) in words.not_names or any(character.isdigit() for character in token):
            return None
        if token[0].isupper() or not (token[0].islower() or token[0].isupper()):
            capitals += 1
        elif token not in words.particles:
            return None
    if tokens[0][0].islower() and tokens[0] in words.particles and len(tokens) == 1:
        return None
    return rest if capitals else None


def take_bylines(case: Case) -> None:
    """Tag lines with an author in the head and at the end, and take those without a name."""
    page = case.page
    words = byline_words(builtin_pack("byline"), builtin_pack("date-stamp"))
    for row in case.stamp_rows():
        if row in case.taken or row in case.tags or page.prose[row]:
            continue
        at_end = row >= len(page.texts) - LAST_ROWS and page.in_zone(row, "tail")
        if not (at_end or case.in_head(row)):
            continue
        author = byline(page.texts[row], words)
        if author:
            case.tags[row] = ("author", author)
        if author == "" and BYLINE in case.codes:
            case.take(row, BYLINE, "a byline without a name", sure=True)
        elif author and AUTHOR_LINE in case.codes:
            case.take(row, AUTHOR_LINE, "the author's line", sure=True)
        elif author and BYLINE in case.codes:
            case.hits.setdefault(row, Hit(BYLINE, "the author's line", careful=True))
