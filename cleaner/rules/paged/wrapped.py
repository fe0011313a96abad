"""Paragraphs that were broken into lines of a fixed width, made one line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from cleaner.document import Document, Edit
from cleaner.rules.catalog import Family, Fix
from cleaner.rules.paged import PAGED

# A line of print has so many characters and words.
_LEAST_WIDTH, _LEAST_WORDS = 35, 5.0
# Where the type is not all of one width, a line is full with this part of the widest one.
_FULL = 0.85
# Of a poem's lines this part begins with a capital; of German prose four in ten do.
_CAPITALS = 0.7
# What a line of its own begins with: a bullet, a number, a dash or quotation mark of speech, a quoted e-mail, a table's
# bar, a heading, an address with `@`.
_OWN_LINE = re.compile(r"[-–—*•·+>|#=~/\\{}<]|\(?(?:\d{1,3}|[A-Za-z])[.)]\s|[\"“„«»‘'](?=[^\W\d_])|\S+:\s|\S*@")
# Columns, code, and leaders of a table of contents.
_NO_PROSE = re.compile(r"\S(?: {3,}|\t)\S|[{};]$|\.{4,}|[=|]{2}|\w\(| = |:$")
# An address and a list of names have no sentence that ends.
_SENTENCE = re.compile(r"[^\W\d_]{2}[.!?…][\"'”’»)\]]*$|[^\W\d_]{2}[.!?…][\"'”’»)\]]*\s")


@dataclass(frozen=True, slots=True)
class WrappedParagraph:
    """Join the lines of a paragraph that was broken at a fixed width.

    Why: the text of PDFs, old e-mails and books as plain text has a line end every seventy characters; sentences are
    cut in two, and what compares or counts lines goes wrong.

    Before::

        The ferry left the harbour at nine, and
        nobody on the quay knew when it would
        come back.

    After::

        The ferry left the harbour at nine, and nobody on the quay knew when it would come back.

    Three lines or more of a paragraph are joined where each but the last is full: the first word of the next would not
    have fitted. Poems, lists, speech, code, tables, addresses and what is quoted in e-mails stay, as does Markdown.

    Off by default; `--extend-select PD` runs it.

    Wrong when the lines of a poem in prose are all of one length.
    """

    code: ClassVar[str] = "PD103"
    name: ClassVar[str] = "wrapped-paragraph"
    family: ClassVar[Family] = PAGED
    fix: ClassVar[Fix] = "safe"
    default_on: ClassVar[bool] = False

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield an edit for each line end that goes: a space comes for it, or nothing after a hyphen."""
        if document.kind != "plain":
            return
        for place, lines in _paragraphs(document.text):
            if not _is_wrapped(lines):
                continue
            for line, following in pairwise(lines):
                kept = line.rstrip()
                indent = len(following) - len(following.lstrip())
                old = line[len(kept) :] + "\n" + following[:indent]
                new = "" if re.search(r"\w[-\u2010]$", kept) else " "
                yield Edit(place + len(kept), old, new, "a paragraph broken into lines of a fixed width")
                place += len(line) + 1


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the paragraphs, which blank lines part: where each begins, and its lines."""
    start = place = 0
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            start = start if lines else place
            lines.append(line)
        elif lines:
            yield start, lines
            lines = []
        place += len(line) + 1
    if lines:
        yield start, lines


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether each line of a paragraph but the last is full, and all are prose."""
    if len(lines) < 3 or any(map(_NO_PROSE.search, lines)):
        return False
    texts = [line.strip() for line in lines]
    width = max(map(len, texts))
    words = sum(len(text.split()) for text in texts[:-1]) / (len(texts) - 1)
    if width < _LEAST_WIDTH or words < _LEAST_WORDS or len({_indent(line) for line in lines[1:]}) > 1:
        return False
    if any(map(_OWN_LINE.match, texts)) or not any(map(_SENTENCE.search, texts)):
        return False
    if sum(text[0].isupper() for text in texts[1:]) > _CAPITALS * (len(texts) - 1):
        return False
    pairs = pairwise(texts)
    return all(len(line) + 1 + len(following.split()[0]) > _FULL * width for line, following in pairs)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
