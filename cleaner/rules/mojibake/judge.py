"""Whether what looks like one broken character is a letter and the mark behind it, both of them right.

Of two characters alone nobody can tell: `Ã»` is û that was read in the wrong encoding, or the end of «A MANHÃ». What
stands around them can: the case of the word, the opening quotation mark, other broken characters, the language.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import compress

from cleaner.document import Edit, Note
from cleaner.language import Language, detect_language
from cleaner.language.evidence import best_evidence, one_letter_words, usual_letters
from cleaner.rules.mojibake.guard import beyond_ascii

# What may follow a word without a space between; a three-byte character would be a letter and two of them.
_FOLLOWS = frozenset(" \xa0\u202f\"'«»‹›“”„‟‘’‚®™©°ªº¹²³§¶†‡€£¥¢…–—•·")
_MOST_MARKS = 2
_SPACES = frozenset(" \xa0\u202f")
# Quotation marks by what may open and close together: »so«, «so», “so”, „so“, ”so”.
_QUOTES = ("«»", "‹›", "“”„‟", "‘’‚")
# After these the next word may follow at once.
_BETWEEN = _SPACES | frozenset("–—…•·")
# What may stand right before a word of one letter.
_BEFORE = _SPACES | frozenset("\n\t\"'«»‹›“”„‟‘’‚([{-–—/")
# A word of so many letters, one in capitals, may be the beginning of a longer one.
_SHORT = 2
# Which reading is the better one is told by so many code points on both sides, and by so much evidence, in thousandths
# of the natural logarithm: two or three n-grams that one has and the other has not.
_NEAR, _FAR_BETTER = 60, 12_000
# With this a language is believed, of which the alphabet is then asked.
_BELIEVED = 0.6


def judged(text: str, edits: Sequence[Edit], code: str, doubtful_code: str) -> Iterator[Edit | Note]:
    """Yield the edits, without those of `code` that would break what is right.

    For one of which nothing tells whether it would, a note with `doubtful_code` is yielded in its place.
    """
    may_be_right = [edit.code == code and _may_be_right(text, edit) for edit in edits]
    if not any(may_be_right):
        yield from edits
        return
    open_ = list(compress(edits, may_be_right))
    sure = [edit for edit, open_ in zip(edits, may_be_right, strict=True) if edit.code == code and not open_]
    if _outnumber(sure, open_, text):
        yield from edits
        return
    lines: dict[int, _Line] = {}
    whole = _Whole(text)
    for edit in edits:
        start = text.rfind("\n", 0, edit.start) + 1
        if start not in lines:
            lines = {start: _Line(whole, start, sure, open_)}
        verdict = lines[start].is_broken(edit) if edit in lines[start].open else True
        if verdict:
            yield edit
        elif verdict is None:
            message = f"'{edit.old}' may be '{edit.new}', {edit.message}: nothing here tells"
            yield Note(edit.start, edit.old, message, code=doubtful_code)


def _may_be_right(text: str, edit: Edit) -> bool:
    """Whether the edit is about letters that can end their word, hardly ever more than one, and marks behind them."""
    if edit.old and not edit.old[0].isalpha():
        return False
    letters, marks, new = _parts(text, edit)
    if not letters or not 0 < len(marks) <= _MOST_MARKS or not all(map(_is_mark, marks)):
        return False
    if len(marks) == _MOST_MARKS and marks[1] not in _SPACES:
        return False
    word = _word_before(text, edit.start)
    after = edit.start + len(letters + marks)
    if _is_glued(text, after, marks):
        # Inside of a word, then; but none has a sign of another script behind capitals, or goes on in small letters.
        odd = not _is_likely(word, new) or (text[after].islower() and not new.islower())
        if not (word and letters.isupper() and odd):
            return False
    if word:
        return all(_alike(word, letter) for letter in letters)
    return not edit.start or text[edit.start - 1] in _BEFORE


def _is_glued(text: str, after: int, marks: str) -> bool:
    """Whether a word follows at once on marks that end words."""
    return text[after : after + 1].isalnum() and marks[-1] not in _BETWEEN


def _parts(text: str, edit: Edit) -> tuple[str, str, str]:
    """Return the letters, the marks behind them, and what would come for both."""
    if len(edit.old) == 1 and not edit.new:  # the mark stays as it is, and the letter before it would go
        mark = text[edit.start + 1 : edit.start + 2]
        return edit.old if edit.old.isalpha() else "", mark, mark
    letters = next((place for place, char in enumerate(edit.old) if _is_mark(char)), len(edit.old))
    return edit.old[:letters] if edit.old[:letters].isalpha() else "", edit.old[letters:], edit.new


def _is_mark(char: str) -> bool:
    return (not char.isalpha() or char in "ªº") and (char.isprintable() or char in _SPACES)


class _Whole:
    """What a text as a whole says of a letter; each is looked for once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words: dict[str, bool] = {}
        self._language: Language | None = None

    @property
    def language(self) -> Language:
        self._language = self._language or detect_language(self.text)
        return self._language

    def has_word(self, word: str) -> bool:
        """Whether the word stands somewhere, with nothing but spaces around it."""
        if word not in self._words:
            forms = {word, word.lower(), word.title()}
            self._words[word] = any(f" {form} " in self.text for form in forms)
        return self._words[word]


class _Line:
    """A line with edits of which some may be wrong; they are asked about in order."""

    def __init__(self, whole: _Whole, start: int, sure: Sequence[Edit], open_: Sequence[Edit]) -> None:
        self._whole = whole
        text = whole.text
        end = text.find("\n", start)
        end = end if end >= 0 else len(text)
        self.open = dict.fromkeys(_between(open_, start, end))
        self._is_broken = _outnumber(_between(sure, start, end), list(self.open), text[start:end])
        rest, place = [], start
        for edit in self.open:
            rest.append(text[place : edit.start])
            place = edit.start + len(edit.old)
        self._rest = " ".join([*rest, text[place:end]])
        self._language: Language | None = None
        self._counted = start
        self._quotes = [0] * len(_QUOTES)

    def is_broken(self, edit: Edit) -> bool | None:
        """Say whether the characters are broken, by what stands around them; None where nothing tells."""
        opened = self._opened(edit)
        if self._is_broken:
            return True
        text = self._whole.text
        letters, marks, new = _parts(text, edit)
        if any(marks[0] in family and odd for family, odd in zip(_QUOTES, opened, strict=True)):
            return False
        word = _word_before(text, edit.start)
        if _is_glued(text, edit.start + len(letters + marks), marks):
            return not self._has(letters.lower())
        if self._whole.has_word(word + letters) or not _is_likely(word, new):
            return False
        is_half_a_quote = edit.old.startswith("â€") and (word or len(marks) < _MOST_MARKS)
        if is_half_a_quote or len(letters) > 1 or (word and _script(word[-1]) != _script(letters)):
            return True
        verdict = self._by_language(letters.lower(), new.lower(), alone=not word, odd=not _FOLLOWS.issuperset(marks))
        if verdict is not None:
            return verdict
        end = edit.start + len(letters + marks)
        joins = _SPACES.issuperset(marks) and text[end : end + 1].islower()
        if not word or (joins and len(word) < _SHORT):
            return True
        if sum(any(map(str.isalpha, part)) for part in self._rest.split()) < 2:
            return None  # the language of a word by itself is anyone's guess
        verdict = self._reads_better(edit)
        if verdict is None and len(word) < _SHORT and new.isupper() and not any(marks[0] in one for one in _QUOTES):
            return True
        return verdict

    def _opened(self, edit: Edit) -> list[bool]:
        """Return of each family of quotation marks whether one was opened before the edit and not closed."""
        before = self._whole.text[self._counted : edit.start]
        self._quotes = [
            number + sum(map(before.count, family)) for number, family in zip(self._quotes, _QUOTES, strict=True)
        ]
        self._counted = edit.start
        return [number % 2 == 1 for number in self._quotes]

    def _has(self, letters: str) -> bool:
        """Whether the language of the line, or of the text, has these letters, as far as it can be told."""
        self._language = self._language or detect_language(self._rest)
        believed = [name for name, score in (self._language, self._whole.language) if score >= _BELIEVED]
        return any(set(letters) <= usual_letters(name) for name in believed)

    def _by_language(self, letter: str, new: str, *, alone: bool, odd: bool) -> bool | None:
        """Ask the alphabet of the line's language, or of the text's, for the letter as it stands and as it would be.

        `odd` says that the mark is none that follows words: then the repair is believed first.
        """
        self._language = self._language or detect_language(self._rest)
        for language, score in (self._language, self._whole.language):
            letters = usual_letters(language)
            if score < _BELIEVED or not letters:
                continue
            fits = not new.isalpha() or new in letters
            if odd and fits:
                return True
            if letter in (one_letter_words(language) if alone else letters):
                return False
            if fits:
                return True
        return True if odd else None

    def _reads_better(self, edit: Edit) -> bool | None:
        """Say whether the line fits some language far better with the edit; None where neither reading does."""
        letter, marks, new = _parts(self._whole.text, edit)
        text, place, end = self._whole.text, edit.start, edit.start + len(letter + marks)
        line_start = text.rfind("\n", 0, place) + 1
        before, after = text[max(line_start, place - _NEAR) : place], text[end : end + _NEAR].split("\n")[0]
        gain = best_evidence(before + new + after) - best_evidence(before + letter + " " + after)
        return True if gain > _FAR_BETTER else False if gain < -_FAR_BETTER else None


def _is_likely(word: str, new: str) -> bool:
    """Whether `new` may stand behind a word: a letter of its script and case, or a mark or sign of the Western ones."""
    if new.isalpha():
        if word:
            return all(_alike(word, letter) and _script(letter) == _script(word[-1]) for letter in new)
        return not any("\u0240" <= letter < "\u0370" or "\u0530" <= letter < "\u1e00" for letter in new)
    return all("\xa0" <= char < "\xc0" or char in "×÷" or "\u2010" <= char < "\u2c00" for char in new)


def _between(edits: Sequence[Edit], start: int, end: int) -> Sequence[Edit]:
    """Return the edits, in order, that begin in a stretch of the text."""
    return edits[bisect_left(edits, start, key=_start) : bisect_left(edits, end, key=_start)]


def _start(edit: Edit) -> int:
    return edit.start


def _letters_beyond_ascii(text: str) -> int:
    return sum(map(str.isalpha, beyond_ascii(text)))


def _outnumber(sure: Sequence[Edit], open_: Sequence[Edit], text: str) -> bool:
    """Whether there are more characters that are broken for sure than letters beyond ASCII that are whole."""
    broken = sum(_letters_beyond_ascii(edit.old) for edits in (sure, open_) for edit in edits)
    return sum(len(edit.new) for edit in sure) > _letters_beyond_ascii(text) - broken


def _word_before(text: str, end: int) -> str:
    """Return the letters right before a place, at most as many as tell the case of a word."""
    start = end
    while start > 0 and end - start < 16 and text[start - 1].isalpha() and text[start - 1] not in "ªº":
        start -= 1
    return text[start:end]


def _alike(word: str, letter: str) -> bool:
    """Whether the letter goes with the word in case: after two capitals a capital, after a small letter a small one."""
    if letter.isupper():
        return word.isupper()
    return not (letter.islower() and word.isupper() and len(word) > 1)


@cache
def _script(letter: str) -> str:
    """Return the name of a letter's script, as its Unicode name has it."""
    return unicodedata.name(letter, "").split(" ")[0]
