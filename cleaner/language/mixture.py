"""Texts in two languages: how much of one is in which, told by groups of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

from cleaner.language import detect_language
from cleaner.language.evidence import evidence_of, sample, words_of
from cleaner.language.scripts import candidates, is_several_scripts

# Lines are taken together until they have this many characters: of fewer the language is told wrong too often.
_GROUP_CHARS = 60
# A shorter text is in one language.
_LEAST_TEXT_CHARS = 240
# Of a long text at most so many groups are asked, from all over it.
_MOST_GROUPS = 200
# A piece is another language's where it fits that better by so much: in all, and a letter, in thousandths of the
# natural logarithm. Of close kin (Danish and Norwegian, Croatian and Serbian) the second is hardly ever so far behind.
_FEWEST_LETTERS, _AHEAD, _AHEAD_A_LETTER = 20, 15_000, 800
# The parts of the sample that a glance asks.
_PARTS = 8
# The group's own score, from which it is believed.
_BELIEVED = 0.8
# A language with a smaller part of the text, or with fewer characters, is that of a name or a quotation.
_LEAST_SHARE, _LEAST_CHARS = 0.1, 100
# These share their characters: a line without kana is Japanese, too.
_KIN = (frozenset(("zh", "ja")),)


def shares(text: str, main: str) -> dict[str, float]:
    """Return the languages of a text with the part of it that each has, the largest first; none for one language.

    `main` is what the text as a whole is told as; the first of the languages is to be believed before it. The parts
    have two decimals and add up to 1, but for rounding.
    A glance at pieces of the text comes first, so that nearly every text in one language costs no more than that.
    """
    if len(text) < _LEAST_TEXT_CHARS or not _varies(text, main):
        return {}
    groups = list(_groups(text))
    groups = groups[:: -(-len(groups) // _MOST_GROUPS)]
    sizes: Counter[str] = Counter()
    # Where letters of two scripts are mixed, the whole may have been told as neither of its languages.
    told = [detect_language(group) for group in groups]
    for group, found in zip(groups, told, strict=True):
        if found.score >= _BELIEVED:
            sizes[found.language] += len(group)
    main = min(sizes, key=lambda name: (-sizes[name], name), default=main)
    sizes.clear()
    for group in groups:
        sizes[foreign(group, main) or main] += len(group)
    total = sizes.total()
    for name, size in list(sizes.items()):
        if name != main and (size < _LEAST_SHARE * total or size < _LEAST_CHARS):
            sizes[main] += sizes.pop(name)
    if len(sizes) < 2:
        return {}
    ordered = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    return {name: round(size / total, 2) for name, size in ordered}


def foreign(text: str, main: str) -> str | None:
    """Return the language of a part of a text where it is surely another than the text's, which is `main`."""
    if not _is_foreign(text, main):
        return None
    found = detect_language(text)
    kin = any({found.language, main} <= both for both in _KIN)
    return found.language if found.score >= _BELIEVED and found.language not in ("und", main) and not kin else None


def _varies(text: str, main: str) -> bool:
    """Whether a part of a text's sample fits another language far better; a glance."""
    pieces = sample(text)
    languages, _ = candidates(pieces)
    own = _own(languages, main)
    if not own or is_several_scripts(pieces):
        return any(_is_foreign(piece, main) for piece in pieces.split("\n"))
    if len(languages) < 2:
        return False
    words = words_of(pieces)
    size = -(-len(words) // _PARTS)
    return any(_fits_another(words[start : start + size], languages, own) for start in range(0, len(words), size))


def _is_foreign(text: str, main: str) -> bool:
    """Whether a text fits another language far better than this one."""
    languages, _ = candidates(text)
    own = _own(languages, main)
    if not own:
        return sum(map(str.isalpha, text)) >= _FEWEST_LETTERS
    return len(languages) > 1 and _fits_another(words_of(text), languages, own)


def _fits_another(words: list[str], languages: tuple[str, ...], own: tuple[int, ...]) -> bool:
    evidence = evidence_of(words, languages)
    ahead = max(evidence) - max([evidence[place] for place in own])
    if ahead < _AHEAD:
        return False
    letters = sum(map(len, words))
    return letters >= _FEWEST_LETTERS and ahead >= _AHEAD_A_LETTER * letters


@cache
def _own(languages: tuple[str, ...], main: str) -> tuple[int, ...]:
    """Return the places of a language among those of a script: Serbian has one in each of its scripts."""
    return tuple(place for place, name in enumerate(languages) if name.split("-")[0] == main)


def _groups(text: str) -> Iterator[str]:
    """Yield the lines of a text, those that are too short together with the next."""
    lines: list[str] = []
    size = 0
    for line in filter(str.strip, text.split("\n")):
        if lines and len(line) >= _GROUP_CHARS:
            yield "\n".join(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line)
        if size >= _GROUP_CHARS:
            yield "\n".join(lines)
            lines, size = [], 0
    if lines:
        yield "\n".join(lines)
