"""Find the phrases of all packs that a line matches, at the price of a few dictionary look-ups."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaner.rules.boilerplate.keys import fold, key, numbered, trim
from cleaner.rules.boilerplate.packs import Pack
from cleaner.rules.boilerplate.patterns import first_character
from cleaner.writing import is_spaced

_GAP = re.compile(r"(?:^…|(?<=\s)…)(?=\s|\w|$)|…(?=\s\S)")

# How much of a text becomes words at once.
_PART_CHARS = 1 << 20
# What a line quotes, between marks of a pair.
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|„[^“”]*[“”]|\"[^\"]*\"|「[^」]*」|『[^』]*』")
_SPACE = re.compile(r"\s")

# In UTF-8: what is neither letter nor digit, one byte long, and the signs that stand beside words most often. To
# cut bytes takes a fraction of the time of a regular expression for words.
_ASCII_SIGNS = bytes(32 if code < 128 and not chr(code).isalnum() else code for code in range(256))
_SIGNS = "\u00a0©«»‘’“”„–—…•›‹·®™。、，！？：「」【】"

# Longer lines are looked at one by one for the few phrases that stand in such.
LONG_CHARS = 420
# The code points at its beginning by which a line is sorted out, and the number of beginnings that are remembered.
HEAD_CHARS, BEGINNINGS = 48, 20_000
# Then its head, folded, is compared so far; the last characters of a head may be other ones where the line goes on.
OPENING_CHARS, CUT_CHARS = 24, 4
# The openings of a line whose beginning tells nothing: each line begins so.
ANY = ("",)
# The longest line, in code points, that is remembered with what it matches, and the number of lines remembered.
SHORT_CHARS, LINES = 99, 10_000
STOPS = frozenset(".。।۔")


class Match(NamedTuple):
    """A phrase that a line matches, in the pack's spelling; `language` is the one that it is listed under."""

    pack: Pack
    language: str
    careful: bool
    phrase: str


class Gapped(NamedTuple):
    """A phrase with gaps, folded: `parts` in order, with anything between them."""

    match: Match
    parts: tuple[str, ...]
    at_start: bool
    at_end: bool

    def fits(self, line: str) -> bool:
        """Whether the folded line has the parts in order, each at the borders of words."""
        place = 0
        last = len(self.parts) - 1
        for number, part in enumerate(self.parts):
            if number == 0 and self.at_start:
                if not line.startswith(part):
                    return False
                place = 0
            elif number == last and self.at_end:
                start = len(line) - len(part)
                if start < place or not line.endswith(part) or not _bordered(line, start, len(line)):
                    return False
                place = start
            else:
                place = _find(line, part, place)
                if place < 0:
                    return False
            place += len(part)
            if not _border(line, place):
                return False
        return True


def _border(line: str, place: int) -> bool:
    """Whether a word may begin or end at the place: no letter, or letters that stand without spaces."""
    if not 0 < place < len(line):
        return True
    before, after = line[place - 1], line[place]
    return not (before.isalnum() and after.isalnum() and is_spaced(before) and is_spaced(after))


def _bordered(line: str, start: int, end: int) -> bool:
    return _border(line, start) and _border(line, end)


def _find(line: str, part: str, start: int) -> int:
    place = line.find(part, start)
    while place >= 0 and not _bordered(line, place, place + len(part)):
        place = line.find(part, place + 1)
    return place


class Index:
    """All phrases of some packs, by what a line has to have to match them."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = packs
        self.exact: dict[str, list[Match]] = defaultdict(list)
        self.starts: dict[str, list[Gapped]] = defaultdict(list)
        self.inside: dict[str, list[Gapped]] = {}
        self.patterns: dict[str, list[tuple[Match, re.Pattern[str]]]] = defaultdict(list)
        self.max_chars = max((pack.max_chars for pack in packs if pack.phrases), default=0)
        inside: list[tuple[Gapped, str]] = []
        for pack in packs:
            for language, phrases in pack.phrases.items():
                for careful, entries in ((False, phrases.sure), (True, phrases.careful)):
                    inside += self._add(pack, language, careful, entries)
                for pattern in phrases.patterns:
                    match = Match(pack, language, False, pattern)
                    self.patterns[first_character(pattern)].append((match, re.compile(pattern)))
        self.inside = _by_anchor(inside)
        self.inside_max_chars = max((gapped.match.pack.max_chars for gapped, _ in inside), default=0)
        # For each anchor, and each of its phrases, the words that a text must hold; then for those in long lines alone.
        self._words_beside = {
            anchor: [_needed_words(gapped.match.phrase) for gapped in gapped_ones]
            for anchor, gapped_ones in self.inside.items()
        }
        self._long_anchors = {
            anchor: [_needed_words(gapped.match.phrase) for gapped in long_ones]
            for anchor, gapped_ones in self.inside.items()
            if (long_ones := [gapped for gapped in gapped_ones if gapped.match.pack.max_chars > LONG_CHARS])
        }
        self._remembered = lru_cache(LINES)(self._matches)
        # What a line of more than SHORT_CHARS begins with that matches; its folded form may be shorter.
        self._long_starts: dict[str, set[str]] = defaultdict(set)
        for start, gapped_ones in self.starts.items():
            self._long_starts[start] |= {_opening(gapped.parts[0]) for gapped in gapped_ones}
        for whole in self.exact:
            if 2 * len(whole) > SHORT_CHARS:
                self._long_starts[starts(whole)[0]].add(_opening(whole))
        firsts = frozenset(map(first_word, self._long_starts))
        # Whether a phrase of a long line begins with a word; most words are none, and so no more has to be looked at.
        self._is_first = lru_cache(BEGINNINGS)(lambda word: first_word(fold(word)) in firsts)
        self._beginnings: dict[str, tuple[str, ...]] = {}
        self._word_anchors: dict[bytes, str] = {}
        # Those that are no words, by their first character.
        self._other_anchors: dict[str, list[str]] = defaultdict(list)
        for anchor in self.inside:
            if words_of(anchor) == [anchor.encode()] and is_spaced(anchor[0]):
                self._word_anchors[anchor.encode()] = anchor
            else:
                self._other_anchors[anchor[0]].append(anchor)
        self._anchor_words = frozenset(self._word_anchors)
        self.exact = dict(self.exact)
        self.starts = dict(self.starts)
        self.patterns = dict(self.patterns)

    def _add(self, pack: Pack, language: str, careful: bool, entries: Sequence[str]) -> Iterator[tuple[Gapped, str]]:
        whole = [entry for entry in entries if "…" not in entry or not _GAP.search(entry)]
        for entry, folded in zip(whole, _fold_all(whole), strict=True):
            self.exact[folded].append(Match(pack, language, careful, entry))
        for entry in entries:
            if "…" in entry and _GAP.search(entry):
                gapped = _gapped(Match(pack, language, careful, entry))
                if gapped.at_start:
                    self.starts[_start_of(gapped.parts[0])].append(gapped)
                else:
                    yield gapped, entry

    def matches(self, line: str) -> tuple[Match, ...]:
        """Return what a line, without white space around it, matches, but for the phrases that may begin anywhere.

        Short lines are remembered: many come again, on the next page or in the next round.
        """
        return self._remembered(line) if len(line) <= SHORT_CHARS else self._matches(line)

    def _matches(self, line: str) -> tuple[Match, ...]:
        length, folded = len(line), key(line)
        with_numbers = numbered(folded)
        found = []
        for form in (folded,) if with_numbers == folded else (folded, with_numbers):
            found += [match for match in self.exact.get(form, ()) if length <= match.pack.max_chars]
        for start in starts(with_numbers):
            for gapped in self.starts.get(start, ()):
                if _counts(gapped, line, folded, with_numbers):
                    found.append(gapped.match)
        return tuple(found)

    def may_start(self, stripped: str) -> bool:
        """Whether a line may match something by its beginning; said without folding all of it."""
        head = stripped[:HEAD_CHARS]
        words = head.split(None, 2)
        if len(words) > 1 and words[0].isalpha() and words[1][0].isalpha() and not self._is_first(words[0]):
            return False
        beginning = f"{words[0]} {words[1][0]}" if len(words) > 1 else words[0]
        openings = self._beginnings.get(beginning)
        if openings is None:
            if len(self._beginnings) >= BEGINNINGS:
                self._beginnings.clear()
            openings = self._beginnings[beginning] = self._openings(beginning)
        if not openings:
            return False
        if openings == ANY:
            openings = self._openings(head)
        folded = trim(fold(head))
        return len(folded) < OPENING_CHARS + CUT_CHARS or folded.startswith(openings)

    def _openings(self, beginning: str) -> tuple[str, ...]:
        """Return the openings of the phrases that a line with this beginning may match."""
        folded = numbered(trim(fold(beginning)))
        if " " not in folded.strip("# "):
            return ANY  # a bullet or a number leaves nothing to tell by
        return tuple(sorted({opening for start in starts(folded) for opening in self._long_starts.get(start, ())}))

    def pattern_matches(self, stripped: str) -> Iterator[Match]:
        """Yield the regular expressions that fit a whole line, folded, with its decoration."""
        folded = fold(stripped)
        for character in ("", folded[0]):
            for match, pattern in self.patterns.get(character, ()):
                if len(stripped) <= match.pack.max_chars and pattern.fullmatch(folded):
                    yield match

    def anchors_in(self, lowered: str, lowered_long: str) -> list[str]:
        """Return the anchors of `inside`, in its order, with a phrase whose words all stand in a text in lower case.

        `lowered_long` are the lines of more than `LONG_CHARS`, which only few packs take.
        """
        found = set()
        if lowered_long:
            for anchor, phrases in self._long_anchors.items():
                if anchor in lowered_long and _has_one(phrases, lowered_long):
                    found.add(anchor)
        for first, anchors in self._other_anchors.items():
            if first in lowered:
                found |= {anchor for anchor in anchors if anchor in lowered}
        words: set[bytes] = set()
        for part in _parts(lowered):
            words |= self._anchor_words.intersection(words_of(part))
        for word in words:
            anchor = self._word_anchors[word]
            if _has_one(self._words_beside[anchor], lowered):
                found.add(anchor)
        return [anchor for anchor in self.inside if anchor in found] if found else []

    def inside_matches(self, anchor: str, line: str, lowered: str) -> list[Match]:
        """Return the phrases with this anchor that stand somewhere in the line, which is given in lower case, too."""
        if not _has_one(self._words_beside[anchor], lowered):
            return []
        folded = key(line)
        with_numbers = numbered(folded)
        return [gapped.match for gapped in self.inside[anchor] if _counts(gapped, line, folded, with_numbers)]


def _counts(gapped: Gapped, line: str, folded: str, with_numbers: str) -> bool:
    """Whether a line has the phrase, and the rest of the line speaks for it too."""
    pack = gapped.match.pack
    if len(line) > pack.max_chars or not gapped.fits(with_numbers):
        return False
    if line[-1] in STOPS and not pack.sentences and not gapped.at_end:
        return False
    if any(word in folded for word in pack.unless):
        return False
    return not pack.needs or any(word in folded for word in pack.needs)


def is_quoted(match: Match, line: str) -> bool:
    """Whether a line has a phrase that may begin anywhere only in what it quotes: the line is about it."""
    if not match.phrase.startswith("…"):
        return False
    unquoted = _QUOTED.sub(" ", line)
    return unquoted != line and not _gapped(match).fits(numbered(key(unquoted)))


def _fold_all(entries: Sequence[str]) -> list[str]:
    """Fold whole phrases; in one go where they are many, for the start-up."""
    if not entries:
        return []
    folded = fold("\n".join(entries).replace("#", "0")).split("\n")
    return [numbered(trim(line)) if "#" in entry else trim(line) for entry, line in zip(entries, folded, strict=True)]


def _gapped(match: Match) -> Gapped:
    pieces = _GAP.split(match.phrase)
    parts = [numbered(fold(piece.strip().replace("#", "0"))) for piece in pieces]
    at_start, at_end = bool(parts[0]), bool(parts[-1])
    if at_start:
        parts[0] = parts[0].lstrip("([")
    return Gapped(match, tuple(part for part in parts if part), at_start, at_end)


def _opening(part: str) -> str:
    """Return what the head of a folded line begins with that has this part at its start: up to a number, bounded."""
    return part.partition("#")[0].rstrip(" :([")[:OPENING_CHARS]


def first_word(folded: str) -> str:
    """Return the first word of a folded line; the first two characters where words stand without spaces."""
    if not folded:
        return ""
    return folded.partition(" ")[0] if is_spaced(folded[0]) else folded[:2]


def _start_of(part: str) -> str:
    """Return what a line begins with that has this part of a phrase at its start: a word and a letter, or a word."""
    first = first_word(part)
    return part[: len(first) + 2] if part[len(first) : len(first) + 1] == " " else first


def starts(folded: str) -> tuple[str, str]:
    """Return what to look for in an index by `_start_of`: the first word with the next letter, and the word alone."""
    first = first_word(folded)
    return folded[: len(first) + 2], first


def _by_anchor(inside: Iterable[tuple[Gapped, str]]) -> dict[str, list[Gapped]]:
    """Sort phrases by a word that a line must hold, in lower case as written, so that few words have to be sought."""
    phrases = [(gapped, _words(entry)) for gapped, entry in inside]
    count = Counter(word for _, words in phrases for word in words)
    anchors: dict[str, list[Gapped]] = defaultdict(list)
    for gapped, words in phrases:
        anchors[max(words, key=lambda word: (min(len(word), 6), count[word], word))].append(gapped)
    return dict(anchors)


def _parts(text: str) -> Iterator[str]:
    """Yield a text in parts that end between words: all words of 64 MB at once would take ten times that."""
    start = 0
    while start < len(text):
        space = _SPACE.search(text, start + _PART_CHARS)
        end = space.end() if space else len(text)
        yield text[start:end]
        start = end


def words_of(lowered: str) -> list[bytes]:
    """Return the words of a text in lower case, in UTF-8."""
    if not lowered.isascii():
        for sign in _SIGNS:
            if sign in lowered:
                lowered = lowered.replace(sign, " ")
    return lowered.encode("utf-8", "surrogatepass").translate(_ASCII_SIGNS).split()


def _words(entry: str) -> list[str]:
    pieces = [piece.lower() for piece in _GAP.split(entry)]
    words = [word.decode() for piece in pieces for word in words_of(piece)]
    signs = [sign for piece in pieces for sign in re.findall(r"[^\s\d#]+", piece)]
    return [word for word in words if not any(map(str.isdigit, word))] or signs


def _has_one(phrases: Iterable[Sequence[str]], lowered: str) -> bool:
    for words in phrases:
        for word in words:
            if word not in lowered:
                break
        else:
            return True
    return False


def _needed_words(phrase: str) -> list[str]:
    """Return the words that a line has to have as they are: those in ASCII, since accents may be left out."""
    return [word.decode() for word in words_of(phrase.lower()) if word.isalpha()]
