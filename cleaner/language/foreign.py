"""Parts of a text that fit another language far better than the one that it was taken for."""

from __future__ import annotations

import re
from functools import cache

from cleaner.language.evidence import Counted, counted
from cleaner.language.table import is_ahead

# A piece is another language's where it fits that better by so much: in all, and a letter, in thousandths of the
# natural logarithm. Of close kin (Danish and Norwegian, Croatian and Serbian) the second is hardly ever so far behind.
FEWEST_LETTERS, _AHEAD, _AHEAD_A_LETTER = 20, 15_000, 800

# A sentence, or a part of a few words, may be another language's where it fits that better by so much.
_PERHAPS = 8_000

_SENTENCE_ENDS = re.compile(r"[.!?\n]\s*|[;:]\s")


def are_several(text: str) -> bool:
    """Whether a text has several sentences."""
    return _SENTENCE_ENDS.search(text, 0, len(text.rstrip()) - 1) is not None


def varies(told: Counted, main: str) -> bool:
    """Whether any part of what was counted may be in another language than most of it."""
    at, count = place(told.languages, main), len(told.languages)
    assert at is not None
    return any(is_ahead(part, count, at, _PERHAPS) for part in told.parts)


def foreign_part(text: str, languages: tuple[str, ...], main: str) -> float:
    """Return the part of a text, by letters, that stands in sentences of another language, in [0, 1]."""
    at, all_letters, foreign = place(languages, main), 0, 0
    assert at is not None
    for sentence in filter(None, _SENTENCE_ENDS.split(text)):
        told = counted(sentence, languages)
        letters = sum(map(len, told.words))
        all_letters += letters
        if is_ahead(told.parts[0], len(languages), at, max(_PERHAPS, _AHEAD_A_LETTER * letters)):
            foreign += letters
    return foreign / max(1, all_letters)


def fits_another(told: Counted, main: str) -> bool:
    """Whether a part of what was counted fits another language far better."""
    at, count, size = place(told.languages, main), len(told.languages), told.size
    assert at is not None
    for part, packed in enumerate(told.parts):
        if is_ahead(packed, count, at, _AHEAD):
            letters = sum(map(len, told.words[part * size : (part + 1) * size]))
            if letters >= FEWEST_LETTERS and is_ahead(packed, count, at, _AHEAD_A_LETTER * letters):
                return True
    return False


@cache
def place(languages: tuple[str, ...], main: str) -> int | None:
    """Return the place of a language among those of a script; Serbian has one in each of its scripts."""
    return next((place for place, name in enumerate(languages) if name.split("-")[0] == main), None)
