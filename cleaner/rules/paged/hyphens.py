"""Words that print has hyphenated at the end of a line, made whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from cleaner.document import Document, Edit
from cleaner.rules.catalog import Family, Fix
from cleaner.rules.paged import PAGED

# The part before the hyphen with what stands before it in its line, and the word after it with what follows at once.
_BROKEN = re.compile(
    r"(?P<word>(?<![^\s(\[\"'«“„‘])[^\W\d_]{2,})(?P<gap>[-\u2010]\n[ \t]*)"
    r"(?P<rest>[^\W\d_]{2,})(?P<tail>[^\s\w-]*)(?P<end>[ \t]+|\n|\Z)"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
# So many letters before a hyphen are a syllable: of 4,072 words that 9,000 development texts have broken behind `re`,
# `in` or `be`, and these elsewhere as words, 73 are compounds.
_SYLLABLE = 2
# Where nothing but the parts tells, the line is as long as print's.
_FEWEST_CHARS = 30


@dataclass(frozen=True, slots=True)
class HyphenatedWord:
    """Join a word that was hyphenated at the end of a line.

    Why: in the text of a PDF or a scan `exam-` stands at the end of a line and `ple` at the beginning of the next; a
    model learns both as words.

    Before::

        The harbour is an exam-
        ple of what an example can be.

    After::

        The harbour is an example
        of what an example can be.

    The text's own words decide: the joined word stands elsewhere in it, or neither of its parts does, but for a first
    part of two letters (`re-`). A word that
    stands with its hyphen elsewhere (`well-known`) stays, as does one before a capital letter. Where the words say
    nothing, the line has to be as long as print's, or another word of the paragraph was broken.

    Off by default; `--extend-select PD` runs it.

    Wrong when a compound with a hyphen is broken there, stands nowhere else, and neither do its parts.
    """

    code: ClassVar[str] = "PD101"
    name: ClassVar[str] = "hyphenated-word"
    family: ClassVar[Family] = PAGED
    fix: ClassVar[Fix] = "safe"
    default_on: ClassVar[bool] = False

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield an edit for each word that is joined: the rest of it goes up to its beginning."""
        text = document.text
        broken = [match for match in _BROKEN.finditer(text) if match["rest"].islower()]
        if not broken:
            return
        inside = _words_elsewhere(text, broken)
        for paragraph in _by_paragraph(text, broken):
            told = [_is_hyphenated(text, match, inside) for match in paragraph]
            for match, is_hyphenated in zip(paragraph, told, strict=True):
                if is_hyphenated or (is_hyphenated is None and any(told)):
                    word, rest, old = match["word"], match["rest"], text[match.start("gap") : match.end()]
                    new = rest + match["tail"] + ("\n" if match["end"] else "")
                    message = f"'{word.casefold()}-' at the end of a line is '{word.casefold()}{rest}'"
                    yield Edit(match.start("gap"), old, new, message)


def _is_hyphenated(text: str, match: re.Match[str], inside: frozenset[str]) -> bool | None:
    """Whether a word was broken by print; None where its line is too short to tell."""
    word, rest = match["word"].casefold(), match["rest"]
    if f"{word}-{rest}" in inside:
        return False
    if word + rest in inside:
        return True
    if rest in inside or (word in inside and len(word) > _SYLLABLE):
        return False
    line_start = text.rfind("\n", 0, match.start()) + 1
    return match.start("gap") - line_start >= _FEWEST_CHARS or None


def _by_paragraph(text: str, broken: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Yield the broken words of each paragraph: no empty line stands between them."""
    paragraph = broken[:1]
    for before, match in pairwise(broken):
        if _EMPTY_LINE.search(text, before.end("rest"), match.start()):
            yield paragraph
            paragraph = []
        paragraph.append(match)
    yield paragraph


def _words_elsewhere(text: str, broken: list[re.Match[str]]) -> frozenset[str]:
    """Return the words of a text, without those that are broken; a hyphen is the plain one."""
    words = set[str]()
    start = 0
    for match in broken:
        words.update(_WORD.findall(text, start, match.start("word")))
        start = match.end("rest")
    words.update(_WORD.findall(text, start))
    return frozenset(word.casefold().replace("\u2010", "-") for word in words)
