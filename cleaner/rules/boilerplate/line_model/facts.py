"""What is known of a row beside its words: its shape, its place, its neighbours, and whether the text speaks of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from functools import cache, cached_property
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
# A word in a script without spaces, in code points.
DENSE_WORD = 2
# Words that are sought in a text one by one; counting all takes as long as about so many searches.
SOUGHT = 50
# In runs of more short rows than this, inside of the prose, 4 lines that go were found and 25 that stay; lists of one
# word each stand there, too.
MANY = 15
Shape = tuple[int, int, int, int]
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
NO_TOPIC = (0,) * len(TOPIC)
TOPIC_AT = range(NAMES.index(TOPIC[0]), NAMES.index(TOPIC[-1]) + 1)


class Facts:
    """The rows of a text, asked for what is known of each.

    `score` reads a row; it is asked of all that are no prose. `doubted` are rows with a phrase that was not enough.
    """

    def __init__(
        self, texts: Sequence[str], prose: Sequence[bool], score: Callable[[str], int], doubted: Container[int] = ()
    ) -> None:
        self.texts, self.prose, self.score, self.doubted = texts, prose, score, doubted
        self.short = [PROSE_SCORE if is_prose else score(text) for text, is_prose in zip(texts, prose, strict=True)]

    @cached_property
    def _sums(self) -> list[int]:
        return [0, *accumulate(max(value, LEAST) for value in self.short)]

    @cached_property
    def _chars(self) -> list[int]:
        pairs = zip(self.texts, self.prose, strict=True)
        return [0, *accumulate(min(len(text), LONG_PROSE) if is_prose else 0 for text, is_prose in pairs)]

    @cached_property
    def _lengths(self) -> list[int]:
        return [0, *accumulate(map(len, self.texts))]

    @cached_property
    def _bounds(self) -> tuple[int, int]:
        """The first and the last row of prose."""
        rows = [row for row, is_prose in enumerate(self.prose) if is_prose]
        return (rows[0], rows[-1]) if rows else (len(self.texts), -1)

    @cached_property
    def _above(self) -> list[int]:
        return _distances(self.prose)

    @cached_property
    def _below(self) -> list[int]:
        return _distances(self.prose[::-1])[::-1]

    @cached_property
    def _shape(self) -> Callable[[int], Shape]:
        """The shape of a row, remembered: most are asked for by several neighbours, or by none."""
        return cache(lambda row: _shape(self.texts[row]))

    @cached_property
    def _times(self) -> Counter[str]:
        return Counter(self.texts)

    @cached_property
    def _text(self) -> list[int]:
        """What is known of the text as a whole."""
        texts, prose = self.texts, self.prose
        lengths = [len(text) for text, is_prose in zip(texts, prose, strict=True) if not is_prose]
        return [
            min(len(texts), 300),
            100 * sum(prose) // len(texts),
            sum(lengths) // len(lengths) if lengths else 0,
            100 * sum(text[-1] in FINAL_MARKS for text in texts) // len(texts),
        ]

    @cached_property
    def _rows_again(self) -> int:
        return min(sum(times > 1 for times in self._times.values()), 20)

    @cached_property
    def _told(self) -> Said:
        """The words of the prose."""
        return Said([text for text, is_prose in zip(self.texts, self.prose, strict=True) if is_prose])

    @cached_property
    def _said(self) -> Said:
        """The words of the other rows."""
        return Said([text for text, is_prose in zip(self.texts, self.prose, strict=True) if not is_prose])

    def amid_many(self, row: int) -> bool:
        """Tell whether a row stands in a long run of short ones inside of the prose: a table, a poem, a list."""
        first, end = self._run(row)
        return end - first > MANY and self._bounds[0] < row < self._bounds[1]

    def __call__(self, row: int) -> list[int]:
        """Return the facts of a row, in the order of `NAMES`."""
        facts = self.without_topic(row)
        self.add_topic(row, facts)
        return facts

    def without_topic(self, row: int) -> list[int]:
        """Return them without those of the topic, which take as long as all others: these are 0."""
        facts = [*self._own(row), *self._neighbours(row), *self._place(row), *NO_TOPIC, *self._text]
        facts += [min(self._times[self.texts[row]], 20), self._rows_again]
        return [min(int(fact), MOST) for fact in facts]

    def add_topic(self, row: int, facts: list[int]) -> None:
        """Put in what was left out."""
        facts[TOPIC_AT.start : TOPIC_AT.stop] = self._topic(row)

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
        texts, short, sums, shape = self.texts, self.short, self._sums, self._shape
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
        own = shape(row)
        yield row > 0 and shape(row - 1) == own
        yield row + 1 < count and shape(row + 1) == own
        yield [shape(near) for near in range(max(0, row - SHAPES_SEEN), min(count, row + SHAPES_SEEN + 1))].count(own)

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
        first_prose, last_prose = self._bounds
        yield 3 if last_prose < 0 else 0 if row < first_prose else 2 if row > last_prose else 1
        yield 100 * self._chars[row] // (self._chars[-1] or 1)
        yield min(end - first, FAR_END)
        yield min(row - first, FAR_END)
        yield min(end - row - 1, FAR_END)
        seen = min(end, first + RUN_SEEN)
        yield (self._lengths[seen] - self._lengths[first]) // (seen - first)

    def _topic(self, row: int) -> tuple[int, int, int, int]:
        own = Counter(_words(self.texts[row]))
        if not own:
            return 0, -1, -1, 0
        in_prose = self.prose[row]
        told = seen = 0
        for word, times in own.items():
            in_others = self._told.times(word, times + 1)
            told += in_others > (times if in_prose else 0)
            seen += in_others > times or in_others + self._said.times(word, times + 1) > times
        return min(told, 20), 100 * told // len(own), 100 * seen // len(own), min(len(own), 40)


class Said:
    """What some rows say, asked for single words of `_words`.

    Most texts are asked for a few, which are sought in them; where there are many, all words are counted once.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._spaced = fold("\n".join(text for text in texts if not is_dense(text)))
        self._dense = fold("\n".join(text for text in texts if is_dense(text)))
        self._asked = 0

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(_WORD.findall(self._spaced)) + Counter(_pairs(self._dense))

    def times(self, word: str, most: int) -> int:
        """Return how often the rows have a word, at most `most` times."""
        self._asked += 1
        if self._asked > SOUGHT:
            return min(self._counts[word], most)
        dense = len(word) == DENSE_WORD
        text = self._dense if dense else self._spaced
        count, place = 0, text.find(word)
        while place >= 0 and count < most:
            end = place + len(word)
            # A word of a text that has spaces ends where its letters do.
            count += dense or not (_is_letter(text[place - 1 : place]) or _is_letter(text[end : end + 1]))
            place = text.find(word, place + 1)
        return count


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _words(text: str) -> list[str]:
    """Return the words of four letters and more; in scripts without spaces, the pairs of characters."""
    folded = fold(text)
    if not is_dense(text):
        return _WORD.findall(folded)
    return _pairs(folded)


def _pairs(folded: str) -> list[str]:
    return [pair for pair in map("".join, pairwise(folded)) if pair.isalnum()]


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


def _shape(text: str) -> Shape:
    return _first(text), _last(text), min(len(text) // 16, 7), min(text.count(" "), 6) // 2
