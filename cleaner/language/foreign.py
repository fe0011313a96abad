"""Parts of a text that fit another language far better than the one that it was taken for."""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from cleaner.language.evidence import Counted, table_of, words_of

if TYPE_CHECKING:
    from cleaner.language.table import Evidence

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
    at = place(told.languages, main)
    assert at is not None
    return is_ahead(told.parts, at, _PERHAPS)


def foreign_part(text: str, languages: tuple[str, ...], main: str) -> float:
    """Return the part of a text, by letters, that stands in sentences of another language, in [0, 1]."""
    at, foreign = place(languages, main), 0
    assert at is not None
    sentences = [words for sentence in _SENTENCE_ENDS.split(text) if (words := words_of(sentence))]
    starts = [0, *accumulate(map(len, sentences))][:-1]
    sizes = [sum(map(len, words)) for words in sentences]
    parts = table_of(languages).evidence([*chain.from_iterable(sentences)], starts)
    for evidence, letters in zip(parts, sizes, strict=True):
        if is_ahead(evidence, at, max(_PERHAPS, _AHEAD_A_LETTER * letters)):
            foreign += letters
    return foreign / max(1, sum(sizes))


def fits_another(told: Counted, main: str) -> bool:
    """Whether a part of what was counted fits another language far better."""
    at, size = place(told.languages, main), told.size
    assert at is not None
    if not is_ahead(told.parts, at, _AHEAD):
        return False
    for part, evidence in enumerate(told.parts):
        letters = sum(map(len, told.words[part * size : (part + 1) * size]))
        if letters >= FEWEST_LETTERS and is_ahead(evidence, at, max(_AHEAD, _AHEAD_A_LETTER * letters)):
            return True
    return False


def is_ahead(evidence: Evidence, place: int, by: int) -> bool:
    """Whether the evidence for any language, in a row or in one of several, is by so much more than for one of them."""
    return bool((evidence >= evidence[..., place, None] + by).any())


@cache
def place(languages: tuple[str, ...], main: str) -> int | None:
    """Return the place of a language among those of a script; Serbian has one in each of its scripts."""
    return next((place for place, name in enumerate(languages) if name.split("-")[0] == main), None)
