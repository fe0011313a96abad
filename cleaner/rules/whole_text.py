"""What is said of a text as a whole: that nothing is left of it, or too little."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from cleaner.document import Document, Drop
from cleaner.rules.catalog import Family
from cleaner.writing import UNSPACED, character_class

# In scripts without spaces a character is a word, else a run of word characters.
_WORD = re.compile(rf"(?:(?![{character_class(UNSPACED)}])\w)+|\w")


WHOLE_TEXT = Family("TX", "The text as a whole", leaves_out=True)


@dataclass(frozen=True, slots=True)
class EmptyText:
    """Drop a document of which no text is left.

    Why: a page of menus, pictures or a video has no main text, and an empty record helps nobody.

    Wrong when the extraction missed the text of a page; the excluded record has the page to look at.
    """

    code: ClassVar[str] = "TX101"
    name: ClassVar[str] = "empty-text"
    family: ClassVar[Family] = WHOLE_TEXT

    def __call__(self, document: Document) -> Iterator[Drop]:
        """Yield a drop where the text has nothing but white space."""
        if document.text.strip():
            return
        yield Drop("no text is left" if document.html is None else "no main text was found in the page")


@dataclass(frozen=True, slots=True)
class TooShort:
    """Drop a text of fewer than `min_words` words.

    Why: stubs, captions and error messages are short, and some corpora do without.

    A word is a run of letters, digits and underscores; in scripts that are written without spaces (Chinese, Japanese,
    Thai, Lao, Khmer, Burmese) each character counts. `min_words` is 0 unless asked for: nothing is too short.

    Wrong when short texts are what is wanted: notices, poems, answers.
    """

    code: ClassVar[str] = "TX102"
    name: ClassVar[str] = "too-short"
    family: ClassVar[Family] = WHOLE_TEXT

    min_words: int = 0

    def __call__(self, document: Document) -> Iterator[Drop]:
        """Yield a drop where the text has too few words."""
        words = sum(1 for _ in islice(_WORD.finditer(document.text), self.min_words))
        if words < self.min_words:
            yield Drop(f"{words} word{'' if words == 1 else 's'}, wanted are at least {self.min_words}")
