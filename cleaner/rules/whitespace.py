"""White space and invisible characters that mean nothing: line ends, spaces at their end, blank lines, break hints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Document, Edit
from cleaner.rules.catalog import Family, Fix
from cleaner.writing import SOUTHEAST_ASIAN, character_class

_CARRIAGE_RETURNS = re.compile(r"\r+\n?")

# Unicode's space separators, tab, vertical tab and form feed.
_SPACES = "\t\x0b\x0c \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Only from the first space of a run: a long run inside a line would be looked at again from each of its spaces.
_SPACE_AT_END = re.compile(f"(?<![{_SPACES}])[{_SPACES}]+(?=\\n|\\Z)")

_BLANK_LINES = re.compile(r"\n{3,}")

_SOFT_HYPHEN = "\xad"
_ZERO_WIDTH_SPACE = "\u200b"
_WORD_JOINER = "\u2060"
_HINTS = f"[{_SOFT_HYPHEN}{_ZERO_WIDTH_SPACE}{_WORD_JOINER}]"
# A word that print broke in two, with the line end that a soft hyphen asked for.
_BROKEN_WORD = re.compile(f"(?<=[^\\W\\d_\xc2-\xde]){_HINTS}+\\n{_HINTS}*(?=[^\\W\\d_])")
_INVISIBLE = re.compile(f"{_HINTS}+")
_WITHOUT_SPACES = re.compile(f"[{character_class(SOUTHEAST_ASIAN)}]")


WHITE_SPACE = Family("WS", "White space", "white space", "space")


@dataclass(frozen=True, slots=True)
class LineEnds:
    r"""End every line with a line feed.

    Why: files from Windows end a line with two characters, old Macs with another one; a rule that
    looks at the end of a line, and a comparison of two lines, would see a difference that nobody sees.

    Before::

        The café opens at eight.\r\n

    After::

        The café opens at eight.\n

    A carriage return that stands alone becomes a line feed.

    Wrong when a text shows a terminal's output, where a lone carriage return writes over the line.
    """

    code: ClassVar[str] = "WS101"
    name: ClassVar[str] = "line-ends"
    family: ClassVar[Family] = WHITE_SPACE
    fix: ClassVar[Fix] = "safe"

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield an edit for each carriage return or run of them."""
        if "\r" not in document.text:
            return
        for match in _CARRIAGE_RETURNS.finditer(document.text):
            returns = match.group().rstrip("\n")
            new = "" if match.group().endswith("\n") else "\n" * len(returns)
            yield Edit(match.start(), returns, new, "carriage return")


@dataclass(frozen=True, slots=True)
class TrailingSpace:
    """Take spaces of all kinds away from the end of a line.

    Why: templates and converters leave them; nobody sees them, and they make equal lines differ. A line of
    spaces alone becomes blank.

    Wrong when a text is Markdown and breaks a line by two spaces at its end.
    """

    code: ClassVar[str] = "WS102"
    name: ClassVar[str] = "trailing-space"
    family: ClassVar[Family] = WHITE_SPACE
    fix: ClassVar[Fix] = "safe"

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield an edit for each line that ends in a space."""
        # To look at the last character of each line costs a tenth of looking for spaces, and most are the same few.
        if any(map(str.isspace, {line[-1:] for line in document.text.split("\n")})):
            for match in _SPACE_AT_END.finditer(document.text):
                yield Edit(match.start(), match.group(), "", "space at the end of the line")


@dataclass(frozen=True, slots=True)
class BlankLines:
    r"""Leave one blank line of several in a row, and none at the start and the end of the text.

    Why: what was taken out of a page leaves its distance behind.

    Before::

        The café opens at eight.



        It closes at six.

    After::

        The café opens at eight.

        It closes at six.

    A line feed that ends the last line stays.

    Wrong when a poem or a source file tells parts apart by the number of blank lines.
    """

    code: ClassVar[str] = "WS103"
    name: ClassVar[str] = "blank-lines"
    family: ClassVar[Family] = WHITE_SPACE
    fix: ClassVar[Fix] = "safe"

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield an edit for each run of blank lines, the line feeds that are too many."""
        text = document.text
        first = len(text) - len(text.lstrip("\n"))
        if first:
            yield Edit(0, text[:first], "", "blank line at the start")
        last = max(first, len(text.rstrip("\n")))
        if "\n\n\n" in text:
            for match in _BLANK_LINES.finditer(text, first, last):
                yield Edit(match.start() + 2, match.group()[2:], "", "more than one blank line")
        if len(text) - last > 1:
            yield Edit(last + 1, text[last + 1 :], "", "blank line at the end")


@dataclass(frozen=True, slots=True)
class InvisibleCharacters:
    """Take out soft hyphens inside words, zero-width spaces and word joiners.

    Why: pages carry them to say where a browser may break a line; in a corpus they cut words in two
    for a tokenizer and a search.

    Before::

        The Donau\xaddampf\xadschiff\u200b leaves at eight.

    After::

        The Donaudampfschiff leaves at eight.

    A soft hyphen at the end of a line goes with the line end, where both parts of the word are letters. One that does
    not stand between two letters stays, and so does a zero-width space beside Thai, Lao,
    Khmer or Burmese, where it parts words. Joiners and non-joiners (emoji, Persian, Indic scripts) and marks of
    direction are never touched.

    Wrong when a text is about such characters and shows them.
    """

    code: ClassVar[str] = "WS104"
    name: ClassVar[str] = "invisible-characters"
    family: ClassVar[Family] = WHITE_SPACE
    fix: ClassVar[Fix] = "safe"

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield an edit for each run of such characters."""
        text = document.text
        if text.isascii() or not (_SOFT_HYPHEN in text or _ZERO_WIDTH_SPACE in text or _WORD_JOINER in text):
            return
        broken = {}
        if _SOFT_HYPHEN in text:
            words = _BROKEN_WORD.finditer(text)
            broken = {word.start(): word.group() for word in words if _SOFT_HYPHEN in word.group().partition("\n")[0]}
        joined = 0
        for match in _INVISIBLE.finditer(text):
            if match.start() in broken:
                joined = match.start() + len(broken[match.start()])
                yield Edit(match.start(), broken[match.start()], "", "soft hyphen at the end of a line")
            if match.start() < joined:
                continue
            run = match.group()
            before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
            if _WITHOUT_SPACES.match(before) or _WITHOUT_SPACES.match(after):
                continue
            # After a capital with an accent it may be half of a broken letter: `Ã` and it are í.
            inside_word = before.isalpha() and after.isalpha() and not "\xc2" <= before <= "\xde"
            kept = "" if inside_word else _SOFT_HYPHEN * run.count(_SOFT_HYPHEN)
            if kept != run:
                yield Edit(match.start(), run, kept, "invisible character")
