"""A text as the boilerplate rules see it: its lines, which of them are prose, and which phrases they match."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cleaner.rules.boilerplate.index import LONG_CHARS, Index, Match
from cleaner.rules.boilerplate.keys import key, numbered
from cleaner.writing import is_spaced

# A line of prose: this many code points, or fewer with a final mark. In scripts without spaces between words
# a sentence takes less than half of the characters.
PROSE_CHARS, SENTENCE_CHARS = 100, 60
DENSE_PROSE_CHARS, DENSE_SENTENCE_CHARS = 45, 25
# What a character counts in scripts without spaces between words.
DENSITY = 2.2
# A row above the text is its headline when this share of its longer words comes again in the text.
TITLE_MIN_CHARS, TITLE_MAX_CHARS, TITLE_WORD_CHARS, TITLE_SHARE = 12, 200, 4, 0.5
TITLE_WORDS = 2
_WORD = re.compile(r"\w+")
# A row of links: parts between separators, on average no longer than this, in code points.
LINK_CHARS, LINK_ROW_CHARS, LINKS_WITHOUT_PHRASES, CELLS_AGAIN = 30, 600, 4, 2
_SEPARATORS = ("|", "  ", "•", "·", " - ", "»", "›", " / ", "→", "\t")
_SEPARATOR = re.compile(r"\s*(?:\\?\||[·•»›→\t]|\s[/*-]\s|\s{2,})\s*")
# No character of it may repeat its beginning: that keeps it linear.
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\[\]\s]*\)")
# A line of wrapped text is at least this long, in code points: 72 are usual, less the word that did not fit.
WRAPPED_CHARS = 55
# A line that goes on in the next one, as in verse, is no label.
CONTINUES = frozenset(",，、;；")
FINAL_MARKS = frozenset('.!?…"»”。！？।؟۔」』')
QUOTES = frozenset("\"'«»“”„‘’‹›「」『』")


KnownLines = Mapping[str, tuple[str, bool, Sequence[Match]]]
"""Lines as they stand, with the row that each is, whether it is prose, and what it matches."""


@dataclass(slots=True)
class Page:
    """The lines of a text that are not blank, called rows, from 0.

    `numbers` gives the line of the text, from 0, that a row is; `texts` the row without white space around
    it and without the addresses of links in Markdown. `all_matches` has also those of lines that only go on in the
    next one. `first_prose` and `last_prose` bound the rows of prose,
    and are len(texts) and -1 where there is none.
    """

    lines: list[str]
    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    prose: list[bool] = field(default_factory=list)
    matches: dict[int, list[Match]] = field(default_factory=dict)
    all_matches: dict[int, list[Match]] = field(default_factory=dict)
    first_prose: int = 0
    last_prose: int = -1

    def bound_prose(self, without: set[int]) -> None:
        """Find the first and the last row of prose, not counting some."""
        rows = [row for row, prose in enumerate(self.prose) if prose and row not in without]
        self.first_prose, self.last_prose = (rows[0], rows[-1]) if rows else (len(self.texts), -1)

    def in_zone(self, row: int, zone: str) -> bool:
        """Whether a row lies in the zone. A text without prose has neither head nor tail."""
        if zone == "any":
            return True
        if self.last_prose < 0:
            return False
        return (row < self.first_prose and zone != "tail") or (row > self.last_prose and zone != "head")


def is_dense(text: str) -> bool:
    """Whether a text is in a script without spaces between words, judged by its middle."""
    return not text.isascii() and not is_spaced(text[len(text) // 2])


def is_prose(text: str, length: int) -> bool:
    """Whether a stripped line reads like a sentence or a paragraph."""
    if length >= PROSE_CHARS:
        return True
    if length >= SENTENCE_CHARS:
        return text[-1] in FINAL_MARKS or is_dense(text)
    if length >= DENSE_SENTENCE_CHARS and is_dense(text):
        return length >= DENSE_PROSE_CHARS or text[-1] in FINAL_MARKS
    return False


def read_page(text: str, index: Index, known: KnownLines | None = None) -> Page:
    """Split a text into rows and look up the phrases of each; linear in the length of the text.

    `known` are lines that were read before, as `known_lines` gives them: they are not looked up again.
    """
    page = Page(text.split("\n"))
    numbers, texts, prose, matches = page.numbers, page.texts, page.prose, page.matches
    known = known or {}
    fresh = []
    for number, line in enumerate(page.lines):
        if line in known:
            stripped, reads_as_prose, found = known[line]
            if found:
                matches[len(texts)] = [*found]
            numbers.append(number)
            texts.append(stripped)
            prose.append(reads_as_prose)
            continue
        stripped = line.strip()
        if "](" in stripped:
            stripped = _MARKDOWN_LINK.sub(r"\1", stripped).strip()
        if not stripped:
            continue
        row = len(texts)
        fresh.append(row)
        numbers.append(number)
        texts.append(stripped)
        reads_as_prose, found = _looked_up(stripped, index)
        prose.append(reads_as_prose)
        if found:
            matches[row] = [*found]
    if fresh:
        _add_inside_matches(page, index, fresh)
    # In the order of the rows, whatever each was found by.
    matches = page.all_matches = dict(sorted(matches.items()))
    page.matches = {row: found for row, found in matches.items() if not _goes_on(page, row)}
    page.bound_prose(set())
    return page


def _looked_up(stripped: str, index: Index) -> tuple[bool, list[Match]]:
    """Return whether a line reads as prose, and the phrases that it matches."""
    length, patterns = len(stripped), index.patterns
    found: list[Match] = []
    reads_as_prose = length >= PROSE_CHARS or is_prose(stripped, length)
    if length < PROSE_CHARS:
        found += index.matches(stripped)
        if found and stripped[-1] in CONTINUES:
            found = []
    elif length <= index.max_chars and index.may_start(stripped):
        found += index.matches(stripped)
    if patterns and length <= index.max_chars and (stripped[0].lower() in patterns or "" in patterns):
        found += index.pattern_matches(stripped)
    if not found and length <= LINK_ROW_CHARS and (links := link_parts(stripped)):
        found = _link_matches(links, index)
        if found or len(links) >= LINKS_WITHOUT_PHRASES:
            reads_as_prose = False
    return reads_as_prose, found


def known_lines(page: Page) -> KnownLines:
    """Return what was found in each line, for the same document in its next round."""
    return {
        page.lines[number]: (text, prose, page.all_matches.get(row, ()))
        for row, (number, text, prose) in enumerate(zip(page.numbers, page.texts, page.prose, strict=True))
    }


def _goes_on(page: Page, row: int) -> bool:
    """Whether a row is a long line of wrapped text: without an end, it goes on in the next line in lower case."""
    text = page.texts[row]
    if len(text) < WRAPPED_CHARS or text[-1] in FINAL_MARKS or row + 1 == len(page.texts):
        return False
    return page.numbers[row + 1] == page.numbers[row] + 1 and page.texts[row + 1][0].islower()


def link_parts(text: str) -> list[str]:
    """Return the parts of a row of links, or nothing for another row: short parts between separators, no final mark.

    Links are different: where two parts or more stand there before, they are cells of a table ("Yes | No | Yes | Yes").
    """
    if text[-1] in FINAL_MARKS:
        return []
    for separator in _SEPARATORS:
        if separator in text:
            break
    else:
        return []
    parts = [part for part in _SEPARATOR.split(text) if part]
    if len(parts) < 2 or len(text) > LINK_CHARS * len(parts):
        return []
    return parts if len(parts) - len(set(parts)) < CELLS_AGAIN else []


def _link_matches(parts: list[str], index: Index) -> list[Match]:
    """Return one match for a row of links: sure where half of the parts are phrases, careful where two are."""
    found = []
    for part in parts:
        folded = key(part)
        matches = index.exact.get(folded) or index.exact.get(numbered(folded))
        if matches:
            found.append(matches[0])
    if len(found) < 2:
        return []
    ((code, _),) = Counter(match.pack.code for match in found).most_common(1)
    match = next(match for match in found if match.pack.code == code)
    phrase = " | ".join(known.phrase for known in found[:6])
    return [match._replace(careful=2 * len(found) < len(parts), phrase=phrase)]


def _add_inside_matches(page: Page, index: Index, rows: Sequence[int]) -> None:
    """Add the phrases that may begin anywhere; the words of all rows are looked at in one go, for they are rare."""
    texts = page.texts
    lowered = {row: texts[row].lower() for row in rows if len(texts[row]) <= index.inside_max_chars}
    short = [text for row, text in lowered.items() if len(texts[row]) <= LONG_CHARS]
    long = [text for row, text in lowered.items() if len(texts[row]) > LONG_CHARS] if len(short) < len(lowered) else []
    for anchor in index.anchors_in("\n".join(short), "\n".join(long)):
        for row, text in lowered.items():
            if anchor in text and (found := index.inside_matches(anchor, texts[row], text)):
                page.matches.setdefault(row, []).extend(found)


class Words:
    """The words of a text; in scripts without spaces, its pairs of characters."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.words = {word for text in texts for word in _words(text)}

    def tell(self, title: str) -> bool:
        """Whether the text tells what a line says: whether the line may be its headline."""
        if not TITLE_MIN_CHARS <= len(title) * (DENSITY if is_dense(title) else 1) <= TITLE_MAX_CHARS:
            return False
        words = _words(title)
        told = sum(word in self.words for word in words)
        return told >= TITLE_WORDS and told >= TITLE_SHARE * len(words)


def _words(text: str) -> list[str]:
    if is_dense(text):
        return [pair for pair in map("".join, pairwise(text)) if pair.isalnum()]
    return [word for word in _WORD.findall(text.casefold()) if len(word) >= TITLE_WORD_CHARS]
