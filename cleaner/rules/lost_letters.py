"""Letters that are lost for good: U+FFFD, and question marks in the middle of words or for whole ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Document, Note
from cleaner.rules.catalog import LETTERS, Family

_REPLACED = re.compile("\ufffd+")
# Letters on both sides, a last one small, and no address around: `caf?s`, `don?t`, and not `page?id=1`.
_ASKED = re.compile(r"(?<![^\s\"'(«“„])[^\W\d_]+\?(?:[^\W\d_]{2,}|[a-zß-öø-ÿ])(?![^\s\"'»”“.,;:!)])")
# What each of those has in it, which few texts have; with the question mark first, which is found fast.
_ASKED_INSIDE = re.compile(r"\?(?<=[^\W\d_].)[^\W\d_]")
# Words of which no letter is left, some in a row: "?????? ?????? ?? ???". Marks of one length, "?? ?? ??", stand for
# what somebody does not know.
_NO_LETTER = re.compile(r"(?<![\w?!])\?{2,}(?:(?:[,;:.]? |[,;:.])\?+){2,}(?![\w?!])")
# One may be a missing space, "Why?because"; that many are letters.
_FEWEST_ASKED = 2


@dataclass(frozen=True, slots=True)
class LostLetters:
    """Tell of letters that are lost: `\ufffd` or a question mark stands in their place.

    Why: a text that was converted to an encoding without its letters cannot be mended, and a model learns the gaps;
    `--max-lost` ends a run with 1 where there are too many, `check` shows each place.

    Nothing is changed. A question mark inside a word counts where a text has two or more such words; an apostrophe that
    was lost so (`don?t`) is one. Three words or more in a row that are question marks alone, of several lengths
    (`?????? ?????? ?? ???`), are one place.

    Wrong when a text is about such characters and shows them.
    """

    code: ClassVar[str] = "MJ106"
    name: ClassVar[str] = "lost-letters"
    family: ClassVar[Family] = LETTERS

    def __call__(self, document: Document) -> Iterator[Note]:
        """Yield a note for each run of replacement characters and each question mark in a word."""
        text = document.text
        if "\ufffd" in text:
            for match in _REPLACED.finditer(text):
                lost = "a letter is lost" if len(match.group()) == 1 else f"{len(match.group())} characters are lost"
                yield Note(match.start(), match.group(), f"{lost}: U+FFFD stands in its place", code=self.code)
        if len(_ASKED_INSIDE.findall(text)) >= _FEWEST_ASKED:
            places = [found.start() + found.group().index("?") for found in _ASKED.finditer(text)]
            if len(places) >= _FEWEST_ASKED:
                for place in places:
                    yield Note(place, "?", "a letter is lost: a question mark stands in its place", code=self.code)
        if "??" in text:
            for match in _NO_LETTER.finditer(text):
                if len({len(word) for word in re.findall(r"\?+", match.group())}) > 1:
                    lost = f"{match.group().count('?')} letters are lost: question marks stand in their place"
                    yield Note(match.start(), match.group(), lost, code=self.code)
