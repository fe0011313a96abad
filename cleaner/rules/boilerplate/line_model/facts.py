"""What is known of a row beside its words: its shape, its place, its neighbours, and whether the text speaks of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import accumulate, pairwise

from cleaner.rules.boilerplate.keys import fold
from cleaner.rules.boilerplate.page import FINAL_MARKS, is_dense

# Distances in rows are told up to these, other numbers up to MOST.
FAR, FAR_END, MOST = 20, 60, 9999
# What stands for the score of a row of prose, which is read for itself alone, and for a row beyond the ends.
PROSE_SCORE, NO_ROW = -600, -700
# In sums no score counts for less: one line of prose in a run says that it is prose, not how much.
LEAST = -300
LONG_PROSE, RUN_SEEN, SHAPES_SEEN = 600, 40, 8
# In runs of more short rows than this, inside of the prose, 4 lines that go were found and 23 that stay.
MANY = 25
_WORD = re.compile(r"\w{4,}")
_SENTENCE = re.compile(r"[.!?]\s+[A-ZÀ-ÞА-ЯΑ-Ω]|[。！？]")
_DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d年|\d[:.h]\d\d")
_ADDRESS = re.compile(r"https?:|www\.|@|\.(?:com|org|net|de|fr|ru|pl|cn|gr)\b")
_SEPARATORS = frozenset("|»›•·→<>/")
_OPENING = frozenset("\"'«“„‘「『—–-")
_ENDINGS = (".。؟۔।", "!?！？", ":：", ",;，、；", "\"»”」』’'", ")]）】", ">»›→|")

# In groups, as the message of a finding names them.
OWN = ("score", "length", "words", "upper", "capitals", "digits", "signs", "last", "first", "sentences", "separators",
       "addresses", "date", "marks", "prose", "phrase")  # fmt: skip
NEIGHBOURS = ("2 before", "before", "after", "2 after", "best of 5", "best of 12", "mean of 5", "run", "above", "below",
              "next length", "previous length", "next last", "previous last", "shape before", "shape after",
              "same shape near")  # fmt: skip
PLACE = ("from start", "from end", "prose above", "prose below", "zone", "chars above", "run rows", "run at",
         "run left", "run length")  # fmt: skip
TOPIC = ("told", "told share", "seen share", "content words")
TEXT = ("rows", "prose rows", "short mean", "final rows", "again", "rows again")
NAMES = OWN + NEIGHBOURS + PLACE + TOPIC + TEXT


class Facts:
    """The rows of a text, asked for what is known of each.

    `score` reads a row; it is asked of all that are no prose. `doubted` are rows with a phrase that was not enough.
    """

    def __init__(
        self, texts: Sequence[str], prose: Sequence[bool], score: Callable[[str], int], doubted: Container[int] = ()
    ) -> None:
        self.texts, self.prose, self.score, self.doubted = texts, prose, score, doubted
        self.short = [PROSE_SCORE if is_prose else score(text) for text, is_prose in zip(texts, prose, strict=True)]
        self._known = False

    def _learn(self) -> None:
        """Add up what all rows need, when the first is asked for."""
        if self._known:
            return
        self._known = True
        texts, prose, short = self.texts, self.prose, self.short
        lengths = [len(text) for text in texts]
        self._sums = [0, *accumulate(max(value, LEAST) for value in short)]
        chars = (min(length, LONG_PROSE) if is_prose else 0 for length, is_prose in zip(lengths, prose, strict=True))
        self._chars = [0, *accumulate(chars)]
        self._lengths = [0, *accumulate(lengths)]
        rows = [row for row, is_prose in enumerate(prose) if is_prose]
        self._first, self._final = (rows[0], rows[-1]) if rows else (len(texts), -1)
        self._above, self._below = _distances(prose), _distances(prose[::-1])[::-1]
        self._shapes = [_shape(text) for text in texts]
        self._times = Counter(texts)
        short_lengths = [length for length, is_prose in zip(lengths, prose, strict=True) if not is_prose]
        self._text = [
            min(len(texts), 300),
            100 * len(rows) // len(texts),
            sum(short_lengths) // len(short_lengths) if short_lengths else 0,
            100 * sum(text[-1] in FINAL_MARKS for text in texts) // len(texts),
            min(sum(times > 1 for times in self._times.values()), 20),
        ]
        self._told = Counter(_words(text for text, is_prose in zip(texts, prose, strict=True) if is_prose))
        self._said = self._told.copy()
        self._said.update(_words(text for text, is_prose in zip(texts, prose, strict=True) if not is_prose))

    def amid_many(self, row: int) -> bool:
        """Tell whether a row stands in a long run of short ones inside of the prose: a table, a poem, a list."""
        self._learn()
        first, end = self._run(row)
        return end - first > MANY and self._first < row < self._final

    def __call__(self, row: int) -> list[int]:
        """Return the facts of a row, in the order of `NAMES`."""
        self._learn()
        facts = [*self._own(row), *self._neighbours(row), *self._place(row), *self._topic(row), *self._text[:4]]
        facts += [min(self._times[self.texts[row]], 20), self._text[4]]
        return [min(int(fact), MOST) for fact in facts]

    def _own(self, row: int) -> Iterator[int]:
        text = self.texts[row]
        length, words = len(text), text.split()
        letters = sum(map(str.isalpha, text)) or 1
        digits = sum(map(str.isdigit, text))
        yield self.score(text)
        yield length * (11 if is_dense(text) else 5) // 5
        yield min(len(words), 99)
        yield 100 * sum(map(str.isupper, text)) // letters
        yield 100 * sum(word[0].isupper() for word in words) // len(words)
        yield 100 * digits // length
        yield 100 * max(0, length - letters - digits - len(words) + 1) // length
        yield _last(text)
        yield _first(text)
        yield min(9, len(_SENTENCE.findall(text)))
        yield sum(sign in _SEPARATORS for sign in text)
        yield len(_ADDRESS.findall(text))
        yield _DATE.search(text) is not None
        yield ("?" in text) + 2 * ("!" in text) + 4 * ("©" in text or "(c)" in text or "(C)" in text)
        yield self.prose[row]
        yield row in self.doubted

    def _neighbours(self, row: int) -> Iterator[int]:
        texts, short, sums, shapes = self.texts, self.short, self._sums, self._shapes
        count = len(texts)
        for near in (row - 2, row - 1, row + 1, row + 2):
            yield short[near] if 0 <= near < count else NO_ROW
        for reach in (5, 12):
            around = short[max(0, row - reach) : row] + short[row + 1 : row + reach + 1]
            yield max(around, default=PROSE_SCORE)
        first, end = max(0, row - 5), min(count, row + 6)
        yield (sums[end] - sums[first] - max(short[row], LEAST)) // max(1, end - first - 1)
        first, end = self._run(row)
        yield (sums[end] - sums[first]) // (end - first)
        yield sums[row] // max(1, row)
        yield (sums[count] - sums[row + 1]) // max(1, count - row - 1)
        yield len(texts[row + 1]) if row + 1 < count else -1
        yield len(texts[row - 1]) if row else -1
        yield _last(texts[row + 1]) if row + 1 < count else -1
        yield _last(texts[row - 1]) if row else -1
        yield row > 0 and shapes[row - 1] == shapes[row]
        yield row + 1 < count and shapes[row + 1] == shapes[row]
        yield shapes[max(0, row - SHAPES_SEEN) : row + SHAPES_SEEN + 1].count(shapes[row])

    def _run(self, row: int) -> tuple[int, int]:
        """Return the run of rows without prose that a row stands in; a row of prose is its own."""
        if self.prose[row]:
            return row, row + 1
        return row - self._above[row] + 1, row + self._below[row]

    def _place(self, row: int) -> Iterator[int]:
        first, end = self._run(row)
        yield min(row, FAR_END)
        yield min(len(self.texts) - 1 - row, FAR_END)
        yield min(self._above[row], FAR)
        yield min(self._below[row], FAR)
        yield 3 if self._final < 0 else 0 if row < self._first else 2 if row > self._final else 1
        yield 100 * self._chars[row] // (self._chars[-1] or 1)
        yield min(end - first, FAR_END)
        yield min(row - first, FAR_END)
        yield min(end - row - 1, FAR_END)
        seen = min(end, first + RUN_SEEN)
        yield (self._lengths[seen] - self._lengths[first]) // (seen - first)

    def _topic(self, row: int) -> tuple[int, int, int, int]:
        own = Counter(_words([self.texts[row]]))
        if not own:
            return 0, -1, -1, 0
        in_prose = self.prose[row]
        told = sum(self._told[word] > (times if in_prose else 0) for word, times in own.items())
        seen = sum(self._said[word] > times for word, times in own.items())
        return min(told, 20), 100 * told // len(own), 100 * seen // len(own), min(len(own), 40)


def _words(texts: Sequence[str] | Iterator[str]) -> list[str]:
    """Return the words of four letters and more; in scripts without spaces, the pairs of characters."""
    spaced: list[str] = []
    dense: list[str] = []
    for text in texts:
        (dense if is_dense(text) else spaced).append(text)
    found = _WORD.findall(fold("\n".join(spaced))) if spaced else []
    if dense:
        found += [first + second for first, second in pairwise(fold("\n".join(dense))) if (first + second).isalnum()]
    return found


def _distances(prose: Sequence[bool]) -> list[int]:
    """Return for each row how far above it the next row of prose is; the start of the text counts as one."""
    found, last = [], -1
    for row, is_prose in enumerate(prose):
        found.append(row - last)
        if is_prose:
            last = row
    return found


def _last(text: str) -> int:
    """Return what kind of sign a row ends in."""
    sign = text[-1]
    if sign.isalpha():
        return 0
    if sign.isdigit():
        return 1
    if text.endswith(("…", "...")):
        return 2
    return next((kind for kind, signs in enumerate(_ENDINGS, 3) if sign in signs), 10)


def _first(text: str) -> int:
    """Return what kind of sign a row begins with."""
    sign = text[0]
    if sign.isalpha():
        return 0 if sign.isupper() else 1 if sign.islower() else 2
    return 3 if sign.isdigit() else 4 if sign in _OPENING else 5 if sign in "([（【" else 6


def _shape(text: str) -> tuple[int, int, int, int]:
    return _first(text), _last(text), min(len(text) // 16, 7), min(text.count(" "), 6) // 2
