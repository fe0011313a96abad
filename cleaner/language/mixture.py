"""Texts in two languages: how much of one is in which, told by groups of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from cleaner.language import Language, Reading, detect_language, read
from cleaner.language.evidence import counted, sample
from cleaner.language.foreign import FEWEST_LETTERS, fits_another, place
from cleaner.language.scripts import candidates, is_several_scripts

# Lines are taken together until they have this many characters: of fewer the language is told wrong too often.
_GROUP_CHARS = 60
# A shorter text is in one language.
_LEAST_TEXT_CHARS = 240
# Of a long text at most so many groups are asked, from all over it.
_MOST_GROUPS = 200
# The group's own score, from which it is believed; from the second on, where a surer group is in its language.
_BELIEVED, _BELIEVED_KNOWN = 0.8, 0.3
# A language with a smaller part of the text, or with fewer characters, is that of a name or a quotation.
_LEAST_SHARE, _LEAST_CHARS = 0.1, 100
# These share their characters: a line without kana is Japanese, too.
_KIN = (frozenset(("zh", "ja")),)


class Told(NamedTuple):
    """The language of most of a text, and of several the part that each has, the largest first; none of one.

    The parts have two decimals and add up to 1, but for rounding.
    """

    language: Language
    shares: dict[str, float]


def tell(text: str) -> Told:
    """Tell the language of a text, or its languages.

    Whether there may be several is seen in what was counted for the first, so that nearly every text in one language
    costs no more than that.
    """
    if len(text) < _LEAST_TEXT_CHARS:
        return Told(detect_language(text), {})
    reading = read(text)
    found = reading.language
    parts = _shares(text, found.language) if _varies(reading) else {}
    return Told(Language(next(iter(parts), found.language), found.score), parts)


def _shares(text: str, main: str) -> dict[str, float]:
    """Return the languages of a text with the part of it that each has; none for one language."""
    groups = list(_groups(text))
    groups = groups[:: -(-len(groups) // _MOST_GROUPS)]
    sizes: Counter[str] = Counter()
    if is_several_scripts("\n".join(groups)):
        for group, found in zip(groups, map(detect_language, groups), strict=True):
            if found.score >= _BELIEVED:
                sizes[found.language] += len(group)
        main = min(sizes, key=lambda name: (-sizes[name], name), default=main)
        sizes.clear()
    told = [_told_foreign(group, main) for group in groups]
    known = {other.language for other in told if other and other.score >= _BELIEVED}
    for group, other in zip(groups, told, strict=True):
        believed = other and other.language in known and other.score >= _BELIEVED_KNOWN
        sizes[other.language if other and believed else main] += len(group)
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
    found = _told_foreign(text, main)
    return found.language if found and found.score >= _BELIEVED else None


def _told_foreign(text: str, main: str) -> Language | None:
    """Return the language of a part that fits another than the text's far better, however surely it is told."""
    if not _is_foreign(text, main):
        return None
    found = detect_language(text)
    kin = any({found.language, main} <= both for both in _KIN)
    return None if kin or found.language in ("und", main) else found


def _varies(reading: Reading) -> bool:
    """Whether a part of a text's sample fits another language far better."""
    main, told = reading.language.language, reading.counted
    if is_several_scripts(reading.sample) or (told is not None and place(told.languages, main) is None):
        return any(_is_foreign(piece, main) for piece in reading.sample.split("\n"))
    return told is not None and fits_another(told, main)


def _is_foreign(text: str, main: str) -> bool:
    """Whether a text fits another language far better than this one; of a long one, what a sample says."""
    text = sample(text)
    languages, _ = candidates(text)
    if place(languages, main) is None:
        return sum(map(str.isalpha, text)) >= FEWEST_LETTERS
    return len(languages) > 1 and fits_another(counted(text, languages), main)


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
