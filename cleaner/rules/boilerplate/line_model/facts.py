"""What is known of a row beside its words: its shape, its place, its neighbours, and whether the text speaks of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

from cleaner.rules.boilerplate.keys import fold
from cleaner.rules.boilerplate.line_model.layout import LEAST, Layout, first_kind, last_kind, layout
from cleaner.rules.boilerplate.page import is_dense

# Distances in rows are told up to these, other numbers up to MOST.
FAR, FAR_END, MOST = 20, 60, 9999
# What stands for the score of a row of prose, which is read for itself alone, and for a row beyond the ends.
PROSE_SCORE, NO_ROW = -600, -700
RUN_SEEN, SHAPES_SEEN = 40, 8
# Lines that are remembered with what is known of each alone.
REMEMBERED = 5_000
# A word in a script without spaces, in code points.
DENSE_WORD = 2
# Words that are sought in a text one by one; counting all takes as long as about so many searches.
SOUGHT = 50
# In runs of more short rows than this, inside of the prose, 4 lines that go were found and 25 that stay; lists of one
# word each stand there, too.
MANY = 15
_WORD = re.compile(r"\w{4,}")
_SENTENCE = re.compile(r"[.!?]\s+[A-ZÀ-ÞА-ЯΑ-Ω]|[。！？]")
_DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d年|\d[:.h]\d\d")
_ADDRESS = re.compile(r"https?:|www\.|@|\.(?:com|org|net|de|fr|ru|pl|cn|gr)\b")
_SEPARATORS = frozenset("|»›•·→<>/")

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
# Where in the facts of a row each group is.
_ENDS = (0, *accumulate(map(len, (OWN, NEIGHBOURS, PLACE, TOPIC, TEXT))))
OWN_AT, NEIGHBOURS_AT, PLACE_AT, TOPIC_AT, TEXT_AT = map(range, _ENDS[:-1], _ENDS[1:])
NO_TOPIC = (0,) * len(TOPIC)


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
    def _layout(self) -> Layout:
        return layout(self.texts, self.prose, self.short)

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
        if len(self.texts) <= MANY:
            return False
        first, end = self._run(row)
        return end - first > MANY and self._layout.first_prose < row < self._layout.last_prose

    def __call__(self, row: int) -> list[int]:
        """Return the facts of a row, in the order of `NAMES`."""
        facts = self.without_topic(row)
        self.add_topic(row, facts)
        return facts

    def without_topic(self, row: int) -> list[int]:
        """Return them without those of the topic, which take as long as all others: these are 0."""
        text, whole = self.texts[row], self._layout
        facts = [self.score(text), *_alone(text), int(self.prose[row]), int(row in self.doubted)]
        facts += self._neighbours(row, whole)
        facts += self._place(row, whole)
        facts += NO_TOPIC
        facts += whole.text
        facts += min(whole.times[text], 20), whole.again
        return [min(fact, MOST) for fact in facts] if max(facts) > MOST else facts

    def add_topic(self, row: int, facts: list[int]) -> None:
        """Put in what was left out."""
        facts[TOPIC_AT.start : TOPIC_AT.stop] = self._topic(row)

    def _neighbours(self, row: int, whole: Layout) -> list[int]:
        texts, short, sums, shapes = self.texts, self.short, whole.sums, whole.shapes
        count, below = len(texts), row + 1
        first, end = max(0, row - 5), min(count, row + 6)
        run, run_end = self._run(row)
        own = shapes[row]
        return [
            *[short[near] if 0 <= near < count else NO_ROW for near in (row - 2, row - 1, below, row + 2)],
            max(short[first:row] + short[below:end], default=PROSE_SCORE),
            max(short[max(0, row - 12) : row] + short[below : row + 13], default=PROSE_SCORE),
            (sums[end] - sums[first] - max(short[row], LEAST)) // max(1, end - first - 1),
            (sums[run_end] - sums[run]) // (run_end - run),
            sums[row] // max(1, row),
            (sums[count] - sums[below]) // max(1, count - below),
            len(texts[below]) if below < count else -1,
            len(texts[row - 1]) if row else -1,
            whole.lasts[below] if below < count else -1,
            whole.lasts[row - 1] if row else -1,
            int(row > 0 and shapes[row - 1] == own),
            int(below < count and shapes[below] == own),
            shapes[max(0, row - SHAPES_SEEN) : below + SHAPES_SEEN].count(own),
        ]

    def _run(self, row: int) -> tuple[int, int]:
        """Return the run of rows without prose that a row stands in; a row of prose is its own."""
        if self.prose[row]:
            return row, row + 1
        return row - self._layout.above[row] + 1, row + self._layout.below[row]

    def _place(self, row: int, whole: Layout) -> list[int]:
        first, end = self._run(row)
        seen = min(end, first + RUN_SEEN)
        return [
            min(row, FAR_END),
            min(len(self.texts) - 1 - row, FAR_END),
            min(whole.above[row], FAR),
            min(whole.below[row], FAR),
            3 if whole.last_prose < 0 else 0 if row < whole.first_prose else 2 if row > whole.last_prose else 1,
            100 * whole.chars[row] // (whole.chars[-1] or 1),
            min(end - first, FAR_END),
            min(row - first, FAR_END),
            min(end - row - 1, FAR_END),
            (whole.lengths[seen] - whole.lengths[first]) // (seen - first),
        ]

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


@lru_cache(REMEMBERED)
def _alone(text: str) -> tuple[int, ...]:
    """Return what is known of a line by itself: its own facts, but for the score, whether it is prose, and phrases."""
    length, words = len(text), text.split()
    letters = sum(map(str.isalpha, text)) or 1
    digits = sum(map(str.isdigit, text))
    return (
        length * (11 if is_dense(text) else 5) // 5,
        min(len(words), 99),
        100 * sum(map(str.isupper, text)) // letters,
        100 * sum([word[0].isupper() for word in words]) // len(words),
        100 * digits // length,
        100 * max(0, length - letters - digits - len(words) + 1) // length,
        last_kind(text),
        first_kind(text),
        min(9, len(_SENTENCE.findall(text))),
        sum([sign in _SEPARATORS for sign in text]),
        len(_ADDRESS.findall(text)),
        int(_DATE.search(text) is not None),
        ("?" in text) + 2 * ("!" in text) + 4 * ("©" in text or "(c)" in text or "(C)" in text),
    )


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
