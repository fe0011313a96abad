"""Recognise what templates print around a headline: dates, bylines, breadcrumbs, and the credits of pictures."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.rules.boilerplate.keys import fold, key
from cleaner.rules.boilerplate.packs import Pack

_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['.][^\W\d_]+)*")
_NUMERIC_DATE = re.compile(
    r"""(?<!\d)
        (?: (?:19|20)\d\d \ ? [./年년-] \ ? [01]?\d \ ? [./月월-] \ ? [0-3]?\d  # the year first
        |   [0-3]?\d \ ? [./-] \ ? [0-3]?\d \ ? [./-] \ ? (?:19|20)?\d\d )      # the year last
        (?!\d)""",
    re.VERBOSE,
)
_CLOCK = re.compile(r"(?<!\d)[0-2]?\d ?[:h時时시] ?[0-5]\d(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SEPARATOR = re.compile(r"\s+(?:»|›|>|/|\||→|▸|►|::|\\|·|«|‹|<|•|−|–|-)\s+|\s*[»›>→▸►/]\s*(?=\S)")

_DIGIT = re.compile(r"\d")
DATE_CHARS, CRUMB_CHARS, SECTION_CHARS = 110, 60, 40


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
    """Give the words of the date-stamp pack."""
    return DateWords(**{name: _folded(pack.words[name]) for name in ("months", "weekdays", "stamps", "glue", "ago")})


def _folded(entries: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for entry in entries for word in _TOKEN.findall(fold(entry)))


class DateStamp(NamedTuple):
    """The date of a line, as it stands there. `stamped` says that words such as "updated on" or a time are with it."""

    date: str
    stamped: bool


def date_stamp(text: str, words: DateWords) -> DateStamp | None:
    """Give the date of a line that holds a date and nothing but stamp words and times; None for another line."""
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
    if not 1 <= numbers <= 10 or months > 4:
        return None
    stamped = stamped or bool(_CLOCK.search(folded))
    numeric = _NUMERIC_DATE.search(folded)
    if numeric:
        return DateStamp(numeric.group().strip(), stamped)
    return DateStamp(text.strip(), stamped) if months and _YEAR.search(folded) else None


@dataclass(frozen=True, slots=True)
class BylineWords:
    """The words of bylines: `by` with their capitals, `empty` folded, `particles` of names."""

    by: tuple[str, ...]
    empty: frozenset[str]
    particles: frozenset[str]
    not_names: frozenset[str]


@functools.cache
def byline_words(pack: Pack, dates: Pack) -> BylineWords:
    """Give the words of the byline pack; months and weekdays are no names."""
    not_names = date_words(dates).months | date_words(dates).weekdays
    return BylineWords(
        tuple(sorted(set(pack.words["by"]), key=lambda word: (-len(word), word))),
        frozenset(key(entry) for entry in pack.words["empty"]),
        frozenset(pack.words["particles"]),
        not_names,
    )


def byline(text: str, words: BylineWords) -> str | None:
    """Give the author of a line that is a byline, "" for a byline without a name, None for another line."""
    if len(text) > 90:
        return None
    if len(text) <= 20 and key(text) in words.empty:
        return ""
    for by in words.by:
        if text.startswith(by):
            rest = text[len(by) :]
            if by[-1] in ":：/" or rest[:1] in (" ", ":", "\u00a0", "　") or (by[0] > "\u2e80" and rest[:1]):
                return _name(rest.strip(" :\u00a0　|,-–"), words)
    return None


def _name(rest: str, words: BylineWords) -> str | None:
    """Give a name of one to six capitalised words, or None."""
    tokens = rest.replace(",", " ").replace("|", " ").split()
    if not 1 <= len(tokens) <= 8 or rest[-1] in "!?:;" or (rest[-1] == "." and len(tokens[-1]) > 3):
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


def breadcrumb(text: str, home: frozenset[str], following: str) -> bool:
    """Whether a line is a path: it begins with a home word, or ends with the headline that follows."""
    if len(text) > 300 or not _SEPARATOR.search(text, 0, CRUMB_CHARS + 3):
        return False
    segments = [segment for segment in _SEPARATOR.split(text) if segment.strip()]
    if len(segments) < 2 or any(len(segment) > CRUMB_CHARS for segment in segments[:-1]):
        return False
    if key(segments[0]) in home:
        return True
    last = key(segments[-1])
    return len(segments) >= 3 and len(last) >= 15 and key(following).startswith(last.removesuffix("..."))


def section(text: str, home: frozenset[str]) -> str | None:
    """Give the section in a path that begins with a home word and ends with the page itself."""
    segments = [segment.strip() for segment in _SEPARATOR.split(text) if segment.strip()]
    if len(segments) < 3 or key(segments[0]) not in home or len(segments[-2]) > SECTION_CHARS:
        return None
    return segments[-2]


@functools.cache
def home_words(pack: Pack) -> frozenset[str]:
    """Give the words that a path begins with, folded."""
    return frozenset(key(word) for word in pack.words["home"])


@dataclass(frozen=True, slots=True)
class CreditWords:
    """The agencies, as written, and the labels of credits, folded."""

    agencies: frozenset[str]
    labels: frozenset[str]
    last_words: frozenset[str]
    glued: re.Pattern[str]


@functools.cache
def credit_words(pack: Pack) -> CreditWords:
    """Give the words of the photo-credit pack."""
    agencies = pack.words["agencies"]
    capitals = "|".join(re.escape(name) for name in sorted(agencies) if name.isupper() and name.isascii())
    return CreditWords(
        frozenset(agencies),
        frozenset(key(label) for label in pack.words["labels"]),
        frozenset(name.split()[-1] for name in agencies),
        re.compile(rf"[^\W\d_A-Z][.)»\"”](?:{capitals}|Reuters|Getty Images)$"),
    )


def photo_credit(text: str, words: CreditWords) -> str | None:
    """Say what makes a line a picture's caption with its credit, or the credit alone; None for another line."""
    if len(text) > 200:
        return None
    bare = text.rstrip(").] ")
    word = bare[bare.rfind(" ") + 1 :]
    for cut in ("(", "/", "©", "–", "—", "-"):
        word = word[word.rfind(cut) + 1 :]
    if word in words.last_words:
        before = _before_agency(bare, words)
        if before is not None and _is_credit_join(before, text):
            return f"it ends in the credit {text[len(before.rstrip()) :].strip()!r}"
    if words.glued.search(text):
        return "an agency's name is glued to its last word"
    if text[0] == "©" and 3 < len(text) <= 60 and text[-1] != "." and not _DIGIT.search(text):
        return "it begins with ©"
    return _labelled(text, words)


def _before_agency(bare: str, words: CreditWords) -> str | None:
    """Give what stands before the name of an agency at the end of the text, or None."""
    for count in (3, 2, 1):
        parts = re.split(r"(?<=[\s(/©–—-])", bare)
        if len(parts) >= count:
            name = "".join(parts[-count:])
            if name in words.agencies:
                return bare[: len(bare) - len(name)]
    return None


def _is_credit_join(before: str, text: str) -> bool:
    """Whether the agency stands apart: in brackets, after a slash or the © sign, or after a full stop."""
    stripped = before.rstrip()
    if not stripped:
        return False
    opening = stripped[-1]
    if text[0] in '"«“„' or stripped[:-1].rstrip()[-1:] in '"»”':
        return False  # the end of a quotation
    return opening in "/©|" or (opening == "(" and text.rstrip()[-1] in ")]")


def _labelled(text: str, words: CreditWords) -> str | None:
    """Say that the line begins with a credit label, a colon and a name."""
    at = min((place for place in (text.find(mark) for mark in (":", "：", "=", "©", "|")) if place > 0), default=-1)
    if not 0 < at <= 30:
        return None
    label = key(text[:at])
    rest = text[at + 1 :].strip()
    if label not in words.labels or not rest or len(rest) > 100:
        return None
    tokens = rest.split()
    capitals = sum(token[0].isupper() or not token[0].islower() for token in tokens)
    if len(tokens) <= 12 and 2 * capitals >= len(tokens) and rest[-1] not in "!?":
        return f"it begins with the label {label!r} of a picture's credit"
    return None
