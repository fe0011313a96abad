"""Find the rows that match a phrase of a pack, and take those where the phrase alone is enough."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from functools import cached_property

from cleaner.rules.boilerplate.case import Case, Hit
from cleaner.rules.boilerplate.index import Match, is_quoted
from cleaner.rules.boilerplate.keys import fold, trim
from cleaner.rules.boilerplate.page import FINAL_MARKS, QUOTES, Page
from cleaner.writing import is_spaced

# Rows of its own prose with a topic's words that make a text one about the topic.
TOPIC_ROWS = 2
# A word in a script without spaces, in code points.
DENSE_WORD_CHARS = 4
# A word's stem is all but its last two letters, and at least this many.
STEM_CHARS = 4
# A text with this many different words as headings is a glossary or the like. A heading is no longer, in code points.
WORD_HEADINGS = 3
HEADING_CHARS = 25

LANGUAGE_FAMILIES = (
    frozenset({"da", "no", "nb", "nn", "sv"}),
    frozenset({"ru", "uk", "bg", "mk", "be"}),
    frozenset({"cs", "sk"}),
    frozenset({"bs", "hr", "sr"}),
    frozenset({"es", "pt", "gl", "ca"}),
    frozenset({"zh", "ja", "ko"}),
    frozenset({"id", "ms"}),
    frozenset({"fa", "ar", "ur"}),
    frozenset({"ro", "it"}),
    frozenset({"nl", "af", "de"}),
)


def find_phrases(case: Case) -> None:
    """Add the phrases that count to the hits, and take the rows whose phrase is sure and stands in its pack's zone."""
    page = case.page
    if not page.matches:
        return
    case.hits.update(_hits(page, case.codes, case.language))
    page.bound_prose({row for row, hit in case.hits.items() if not hit.careful})
    for row, hit in case.hits.items():
        if not hit.careful and page.in_zone(row, hit.zone):
            case.take(row, hit.code, hit.what, sure=True)
    page.bound_prose(set(case.taken))


def speaks(language: str, document: str) -> bool:
    """Whether a phrase of a language may stand in a document of another: the same, a close one, or an unknown one."""
    return document in ("und", language) or any(
        language in family and document in family for family in LANGUAGE_FAMILIES
    )


def choose(matches: Iterable[Match], codes: Container[str], detect: Callable[[], str]) -> Match | None:
    """Return the first sure phrase that counts in the document's language, else the first careful one."""
    best: Match | None = None
    for match in matches:
        if match.pack.code not in codes or (best and (match.careful or not best.careful)):
            continue
        if match.language in ("any", "en") or speaks(match.language, detect()):
            best = match
    return best


def _hits(page: Page, codes: Container[str], detect: Callable[[], str]) -> dict[int, Hit]:
    """Choose for each row the phrase of these codes that counts; `detect` gives the document's language if needed."""
    chosen: dict[int, Hit] = {}
    topics: dict[str, bool] = {}
    prose = _OwnProse(page)
    for row, matches in page.matches.items():
        if page.texts[row][0] in QUOTES:
            continue
        best = choose(matches, codes, detect)
        if best and not is_quoted(best, page.texts[row]):
            pack = best.pack
            if pack.topic and pack.code not in topics:
                topics[pack.code] = prose.is_about(pack.topic)
            careful = best.careful or topics.get(pack.code, False)
            if not careful and len(page.texts[row]) <= HEADING_CHARS:
                text = page.texts[row]
                # A line of one word may be a heading where it ends as a sentence, or the text speaks of it.
                is_word = _is_word(text)
                careful = (is_word and text[-1] in FINAL_MARKS) or prose.has_word_headings
                careful = careful or (is_word and prose.has(_stem(text)))
            chosen[row] = Hit(pack.code, f"{best.phrase!r} is a phrase of {pack.name}", careful, pack.zone)
    return chosen


class _OwnProse:
    """The rows of prose without any phrase: what a text itself says, and how it is divided; known when it is asked."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @cached_property
    def _text(self) -> str:
        page = self._page
        pairs = enumerate(zip(page.texts, page.prose, strict=True))
        return "\n".join([text for row, (text, is_prose) in pairs if is_prose and row not in page.matches])

    @cached_property
    def _lowered(self) -> str:
        # Line by line: those in ASCII, as most are, take a tenth of the time then.
        return "\n".join(map(str.lower, self._text.split("\n")))

    @cached_property
    def _folded(self) -> str:
        return fold(self._text)

    @cached_property
    def has_word_headings(self) -> bool:
        return _has_word_headings(self._page)

    def is_about(self, topic: tuple[str, ...]) -> bool:
        """Whether some rows have words of the topic."""
        said = [word for word in topic if word in self._lowered]
        return bool(said) and sum(any(word in row for word in said) for row in self._lowered.split("\n")) >= TOPIC_ROWS

    def has(self, stem: str) -> bool:
        return stem in self._folded


def _is_word(text: str) -> bool:
    return " " not in text and (len(text) <= DENSE_WORD_CHARS or is_spaced(text[0]))


def _stem(word: str) -> str:
    folded = trim(fold(word))
    return folded[: max(STEM_CHARS, len(folded) - 2)] if is_spaced(word[0]) else folded


def _has_word_headings(page: Page) -> bool:
    """Whether different lines of a word or two stand above sentences, as in a glossary, a manual or a satire."""
    texts = page.texts
    above_sentence = [row for row in range(len(texts) - 1) if texts[row + 1][-1] in FINAL_MARKS]
    above_sentence = [row for row in above_sentence if row + 1 not in page.matches]
    if len({texts[row] for row in above_sentence if _is_word(texts[row])}) >= WORD_HEADINGS:
        return True
    short = (row for row in above_sentence if row in page.matches and len(texts[row]) <= HEADING_CHARS)
    return len({texts[row] for row in short if row and texts[row - 1][-1] in FINAL_MARKS}) >= WORD_HEADINGS
