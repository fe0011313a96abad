"""Words that print has hyphenated at the end of a line, made whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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

    The text's own words decide: the joined word stands elsewhere in it, or neither of its parts does. A word that
    stands with its hyphen elsewhere (`well-known`) stays, as does one before a capital letter.

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
        for match in broken:
            word, rest = match["word"].casefold(), match["rest"]
            if f"{word}-{rest}" in inside:
                continue
            line_start = text.rfind("\n", 0, match.start()) + 1
            alone = not {word, rest} & inside and match.start("gap") - line_start >= _FEWEST_CHARS
            if word + rest in inside or alone:
                old = text[match.start("gap") : match.end()]
                new = rest + match["tail"] + ("\n" if match["end"] else "")
                yield Edit(match.start("gap"), old, new, f"'{word}-' at the end of a line is '{word}{rest}'")


def _words_elsewhere(text: str, broken: list[re.Match[str]]) -> frozenset[str]:
    """Return the words of a text, without those that are broken; a hyphen is the plain one."""
    words = set[str]()
    start = 0
    for match in broken:
        words.update(_WORD.findall(text, start, match.start("word")))
        start = match.end("rest")
    words.update(_WORD.findall(text, start))
    return frozenset(word.casefold().replace("\u2010", "-") for word in words)
