"""Headlines that a text carries more than once, and the title that stands in the text again."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import ClassVar, NamedTuple

from cleaner.document import Document, Edit, Finding, Tag
from cleaner.folding import unmarked_letters
from cleaner.hosts import names_of_site
from cleaner.rules.boilerplate import section_in
from cleaner.rules.boilerplate.page import PROSE_CHARS, SENTENCE_CHARS
from cleaner.rules.catalog import Family, Fix
from cleaner.writing import HANGUL, UNSPACED, character_class

# Between the parts of a trail or of a page title. Strong ones stand in no sentence; weak ones also join
# a headline and its second half, so what they join needs another witness.
_SEPARATOR = re.compile(r"\s*(?:[»›→|]|::)\s*|\s+[>/\\•·~–—-]\s+")
_STRONG = frozenset("»›→|>/\\:")
# Where a word takes one to three characters. Without the planes beyond the first: with them the search takes twice as
# long, and their ideographs stand among others.
_DENSE = re.compile(f"[{character_class(run for run in (*UNSPACED, HANGUL) if run[1] < 0x10000)}]")
_FINAL = re.compile(r"[.!?…。！？؟।։][\"'»”’)\]）」』]*\Z")
# A turn in a dialogue or a list entry: said twice on purpose. So is a quoted sentence, which begins with a
# quotation mark and ends like a sentence or with another one; “Bells”: the town’s story does not.
_ENTRY = re.compile(r"[-–—•*+]\s|\d+[.)]\s")
_QUOTE = frozenset('"“”„«»‹›「」『』')
# The name of a place that links lead to, in Markdown for Sphinx.
_TARGET = re.compile(r"\(.*\)=")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}", re.IGNORECASE)

_HEAD_LINES = 12  # non-blank lines that are looked at: kicker, headline, standfirst, byline, date, caption, lead
_HEAD_CHARS = 20_000  # and where the look ends in any case, in code points
_LAST_PLACE = 2  # a headline is one of the first three: after a kicker and a trail at most
_LABEL_CHARS = 40  # a site's or a section's name is no longer
_LABEL_LETTERS = 30  # nor has a label that comes back in the text (who speaks) more letters


HEADLINES = Family("HL", "Headlines", "headlines", "headlines")


class _Line(NamedTuple):
    """A non-blank line: where it stands, with its line end, and its text without white space around."""

    start: int
    end: int
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class RepeatedHeadline:
    """Keep one of several equal headlines at the head of a text.

    Why: templates print the headline in the page's title, in the trail above the text, over the
    picture and over the text; scrapers keep all of them.

    Before::

        Home » World » Café opens in SoHo

        Café opens in SoHo

        The café, which its owners had planned for years, opened its doors on Monday, in time for the fair.

    After::

        Café opens in SoHo

        The café, which its owners had planned for years, opened its doors on Monday, in time for the fair.

    The first of equal headlines stays; of a headline and its copy in a trail or with the site's
    name, the plain one. Case, accents, quotation marks, dashes and spaces do not count.

    Wrong when a text opens with a sentence that it says twice on purpose. So lines of fewer than `min_letters`
    letters, spoken lines, list entries and lines that go on in the next one stay, and so does everything where
    no line of prose follows (a poem, a list, a table). `max_chars` bounds the length of a headline, in code points.
    """

    code: ClassVar[str] = "HL101"
    name: ClassVar[str] = "repeated-headline"
    family: ClassVar[Family] = HEADLINES
    fix: ClassVar[Fix] = "safe"

    min_letters: int = 12
    max_chars: int = 250

    def __call__(self, document: Document) -> Iterator[Finding]:
        """Yield one edit for each copy, the line with its line end, and the section that stood in a trail."""
        head = _Head(document.text, self.max_chars)
        gone: dict[_Line, str] = {}
        while found := dict(self._copies(head.lines, document)):
            gone |= found
            head.take(found)
        yield from (_removal(document.text, line, gone[line], safe=True) for line in sorted(gone))
        if not document.metadata.get("section"):
            yield from islice((Tag("section", name) for line in sorted(gone) if (name := section_in(line.text))), 1)

    def _copies(self, head: list[_Line], document: Document) -> Iterator[tuple[_Line, str]]:
        # No key has more weight than twice its letters.
        if not _one_in_another([line.key for line in head if 2 * len(line.key) >= self.min_letters]):
            return
        headlines = {place: line for place, line in enumerate(head) if self._may_be_headline(place, head)}
        sites = cache(lambda: _site_names(document))
        prose = [place for place, line in enumerate(head) if is_prose(line.text)]
        above_text = prose[0] if prose else 0  # a headline may look like prose itself
        first: dict[str, int] = {}
        for place, line in headlines.items():
            if line.key not in first:
                first[line.key] = place
            elif first[line.key] <= min(above_text, _LAST_PLACE) and self._is_copy(line, first[line.key], place, head):
                yield line, "headline repeated"
        for key, place in first.items():
            if place > above_text or not _prose_beside(head[place], head):
                continue
            if any(_is_trail(head[place], other, sites, above=place == 0) for other in first if other != key):
                yield head[place], "headline repeated, with the way to the page or the site's name"

    def _is_copy(self, line: _Line, first: int, place: int, head: list[_Line]) -> bool:
        """Say whether the line at a place, equal to the one at `first`, is the headline again.

        Below prose a short line may be a label that comes back (who speaks, what is asked); and
        a line that looks like prose itself is only a headline where nothing stands between.
        """
        if not _prose_beside(line, head):
            return False
        between = head[first + 1 : place]
        if not any(is_prose(other.text) for other in between):
            return all(other.key == line.key for other in between) if is_prose(line.text) else True
        return not is_prose(line.text) and weight(line.key) >= _LABEL_LETTERS

    def _may_be_headline(self, place: int, head: list[_Line]) -> bool:
        line = head[place]
        if weight(line.key) < self.min_letters or _is_spoken(line.text) or line.text[0].islower():
            return False
        if _TARGET.fullmatch(line.text):
            return False
        return not _goes_on(place, head)


@dataclass(frozen=True, slots=True)
class TitleInText:
    """Take the title out of the text where the document has it in a field of its own.

    Why: the title of a page is kept as its title; extraction often leaves it standing
    as the first line of the text, too, and a model or a search index then reads it twice.

    Before (with the title "Café opens in SoHo | The Daily Bean")::

        Café opens in SoHo
        By Ann Example
        The café opened its doors on Monday.

    After::

        By Ann Example
        The café opened its doors on Monday.

    Wrong when the text's first sentence is its title: a poem that is called after its first line. So the
    line stays where the next one goes on in lower case, and where nothing else is left. Nor is a title of one word
    sought: many a subheading is that word.
    Plain text has no title field and keeps its headline. `max_chars` bounds the length of a
    line that is compared, in code points.
    """

    code: ClassVar[str] = "HL102"
    name: ClassVar[str] = "title-in-text"
    family: ClassVar[Family] = HEADLINES
    fix: ClassVar[Fix] = "unsafe"

    max_chars: int = 300

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield one edit for each line that is the title, the line with its line end."""
        if not document.title or len(document.title) > self.max_chars:
            return
        title = _Line(0, 0, document.title, unmarked_letters(document.title))
        if not title.key or _is_word(title):
            return
        sites = cache(lambda: _site_names(document))
        head = _Head(document.text, self.max_chars)
        gone: list[_Line] = []
        while found := self._copy(title, head.lines, sites):
            gone.append(found)
            head.take((found,))
        yield from (_removal(document.text, line, "the title again", safe=False) for line in sorted(gone))

    def _copy(self, title: _Line, head: list[_Line], sites: _Sites) -> _Line | None:
        for place, line in enumerate(head[:-1]):
            if self._is_title(line, title, sites) and not _goes_on(place, head):
                return line
        return None

    def _is_title(self, line: _Line, title: _Line, sites: _Sites) -> bool:
        if not line.key:
            return False
        return (
            line.key == title.key
            or _is_trail(line, title.key, sites, above=True)
            or (2 * len(line.key) >= len(title.key) and _is_trail(title, line.key, sites, above=True))
        )


_Sites = Callable[[], frozenset[str]]
"""The keys of the names that a document's site goes by, made when they are first asked for: few texts do."""


class _Head:
    """The first non-blank lines of a text but those that were taken; a line over `max_chars` has no key.

    Each line of the text is read once, however many are taken.
    """

    def __init__(self, text: str, max_chars: int) -> None:
        self.lines: list[_Line] = []
        self._text = text
        self._max_chars = max_chars
        self._read = 0
        self._chars_left = _HEAD_CHARS
        self._fill()

    def take(self, lines: Collection[_Line]) -> None:
        """Take lines out; those that follow move up."""
        self._chars_left += sum(line.end - line.start for line in lines)
        self.lines = [line for line in self.lines if line not in lines]
        self._fill()

    def _fill(self) -> None:
        text, longest = self._text, 4 * self._max_chars
        while self._read < len(text) and self._chars_left > 0 and len(self.lines) < _HEAD_LINES:
            start, end = self._read, text.find("\n", self._read) + 1 or len(text)
            if end - start > longest:
                self.lines.append(_Line(start, end, text[start : start + longest].strip(), ""))
            elif stripped := text[start:end].strip():
                key = unmarked_letters(stripped) if len(stripped) <= self._max_chars else ""
                self.lines.append(_Line(start, end, stripped, key))
            self._chars_left -= end - start
            self._read = end


def _one_in_another(keys: list[str]) -> bool:
    """Say whether a key is another one, or begins or ends it: in their order, such keys stand beside each other."""
    for order in (sorted(keys), sorted([key[::-1] for key in keys])):
        if any(map(str.startswith, order[1:], order)):
            return True
    return False


def _removal(text: str, line: _Line, message: str, *, safe: bool) -> Edit:
    return Edit(line.start, text[line.start : line.end], "", message, safe)


def _goes_on(place: int, head: list[_Line]) -> bool:
    """Say whether the next line, with no blank one between, is the rest of the sentence."""
    if place + 1 == len(head):
        return False
    following = head[place + 1]
    return following.start == head[place].end and following.text[0].islower()


def _is_spoken(text: str) -> bool:
    if text[0] in _QUOTE:
        return text[-1] in _QUOTE or _FINAL.search(text[-8:]) is not None
    return _ENTRY.match(text) is not None


def weight(key: str) -> int:
    """Return the letters of a text, counting twice where a character is worth a syllable or a word."""
    return len(key) * (2 if not key.isascii() and _DENSE.search(key) else 1)


def _is_word(line: _Line) -> bool:
    return len(line.text.split()) == 1 and not _DENSE.search(line.key)


def _prose_beside(line: _Line, head: list[_Line]) -> bool:
    """Say whether the head holds a line of prose other than this one: then this is no poem and no list."""
    return any(other.key != line.key and is_prose(other.text) for other in head)


def is_prose(text: str) -> bool:
    """Say whether a line looks like prose: long, or shorter and with a final mark."""
    length = weight(text)
    return length >= PROSE_CHARS or (length >= SENTENCE_CHARS and _FINAL.search(text[-8:]) is not None)


def _is_trail(line: _Line, key: str, sites: _Sites, *, above: bool) -> bool:
    """Say whether a line is the headline with this key, and labels before or after it.

    `above`: the line stands over the headline, as a page's title does; then a weak separator
    is enough for one short label. Below it, "Headline – what it is about" is a second headline.
    """
    if not key or len(line.key) <= len(key) or not (line.key.startswith(key) or line.key.endswith(key)):
        return False
    marks = list(_SEPARATOR.finditer(line.text))
    for mark in marks:
        before, after = line.text[: mark.start()], line.text[mark.end() :]
        for headline, labels in ((after, before), (before, after)):
            if unmarked_letters(headline) == key and _are_labels(labels, mark.group().strip(), sites, above=above):
                return True
    return False


def _are_labels(labels: str, separator: str, sites: _Sites, *, above: bool) -> bool:
    parts = [part for part in _SEPARATOR.split(labels) if part]
    if any(len(part) > _LABEL_CHARS or _FINAL.search(part) for part in parts):
        return False
    if separator[:1] in _STRONG or unmarked_letters(labels) in sites() or _DOMAIN.fullmatch(labels.strip()):
        return True
    return above and len(labels.split()) <= 4 and not labels[:1].islower()


def _site_names(document: Document) -> frozenset[str]:
    """Return the keys of the names that the document's site goes by."""
    names = names_of_site(str(document.metadata.get("sitename") or ""), document.url)
    return frozenset(key for key in map(unmarked_letters, names) if key)
