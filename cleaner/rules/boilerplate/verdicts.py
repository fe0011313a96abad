"""Decide which rows of a page go: a sure phrase alone in its zone, a careful one with a second witness."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from cleaner.rules.boilerplate.index import Match
from cleaner.rules.boilerplate.keys import fold, is_spaced, trim
from cleaner.rules.boilerplate.page import FINAL_MARKS, Page, Words

# A title in a list of links: no longer than this, in code points.
TITLE_CHARS = 160
RELATED_TITLES_IN_TEXT = 5
BULLETS = frozenset("-*•·»›▪■")
# A heading of related links that stands so often is a button of each post or teaser, and heads no list.
REPEATED_HEADINGS = 4
RUN_AT_EDGE, RUN_OF_NETWORKS = 3, 2
SHARE, RELATED = "BP102", "BP107"
# Rows of its own prose with a topic's words that make a text one about the topic.
TOPIC_ROWS = 2
# A word in a script without spaces, in code points.
DENSE_WORD_CHARS = 4
# A word's stem: all but its last two letters, and no fewer than so many.
STEM_CHARS = 4
# So many different words as headings, and a text is a glossary or the like.
WORD_HEADINGS = 3
HEADING_CHARS = 25
# Labels that stand again and again in one text, without being its refrain.
REPEATED = frozenset({"BP119", "BP122"})
# Dates and names at the very end may be a signature.
STAMPS = ("BP111", "BP112")
_QUOTES = frozenset("\"'«»“”„‘’‹›「」『』")

LANGUAGE_FAMILIES = (
    frozenset({"da", "no", "nb", "nn", "sv"}),
    frozenset({"ru", "uk", "bg", "mk", "be"}),
    frozenset({"cs", "sk"}),
    frozenset({"es", "pt", "gl", "ca"}),
    frozenset({"zh", "ja", "ko"}),
    frozenset({"id", "ms"}),
    frozenset({"fa", "ar", "ur"}),
    frozenset({"ro", "it"}),
    frozenset({"nl", "af", "de"}),
)


class Hit(NamedTuple):
    """What speaks against a row: the code, and `what` in words. `careful` asks for a second witness.

    `zone` is where one witness is enough.
    """

    code: str
    what: str
    careful: bool
    zone: str = "any"


class Verdict(NamedTuple):
    """A row goes, for this code and reason. `sure` says that it would have gone without its neighbours."""

    code: str
    message: str
    sure: bool


@dataclass(slots=True)
class Case:
    """One page under judgement: `hits` are the phrases that count in its language, `taken` the rows that go."""

    page: Page
    hits: dict[int, Hit]
    taken: dict[int, Verdict] = field(default_factory=dict)

    def take(self, row: int, code: str, message: str, *, sure: bool = False) -> None:
        """Take a row, unless it is taken already."""
        self.taken.setdefault(row, Verdict(code, message, sure))


def speaks(language: str, document: str) -> bool:
    """Whether a phrase of a language may stand in a document of another: the same, a close one, or an unknown one."""
    return document in ("und", language) or any(
        language in family and document in family for family in LANGUAGE_FAMILIES
    )


def choose(matches: Iterable[Match], codes: Container[str], detect: Callable[[], str]) -> Match | None:
    """Give the first sure phrase that counts in the document's language, else the first careful one."""
    best: Match | None = None
    for match in matches:
        if match.pack.code not in codes or (best and (match.careful or not best.careful)):
            continue
        if match.language in ("any", "en") or speaks(match.language, detect()):
            best = match
    return best


def phrase_hits(page: Page, codes: Container[str], detect: Callable[[], str]) -> dict[int, Hit]:
    """Choose for each row the phrase of these codes that counts; `detect` gives the document's language if needed."""
    chosen: dict[int, Hit] = {}
    if not page.matches:
        return chosen
    topics: dict[str, bool] = {}
    headings = functools.cache(lambda: _has_word_headings(page))
    spoken_of = _spoken_of(page)
    for row, matches in page.matches.items():
        if page.texts[row][0] in _QUOTES:
            continue
        best = choose(matches, codes, detect)
        if best:
            pack = best.pack
            if pack.topic and pack.code not in topics:
                topics[pack.code] = _is_about(page, pack.topic)
            careful = best.careful or topics.get(pack.code, False)
            if not careful and len(page.texts[row]) <= HEADING_CHARS:
                text = page.texts[row]
                # A line of one word may be a heading where it ends as a sentence, or the text speaks of it.
                is_heading = _is_word(text) and (text[-1] in FINAL_MARKS or spoken_of(_stem(text)))
                careful = headings() or is_heading
            chosen[row] = Hit(pack.code, f"{best.phrase!r} is a phrase of {pack.name}", careful, pack.zone)
    return chosen


def _is_about(page: Page, topic: tuple[str, ...]) -> bool:
    """Whether rows of prose without any phrase have words of the topic."""
    prose = (page.texts[row].lower() for row, is_prose in enumerate(page.prose) if is_prose and row not in page.matches)
    return sum(any(word in text for word in topic) for text in prose) >= TOPIC_ROWS


def _is_word(text: str) -> bool:
    return " " not in text and (len(text) <= DENSE_WORD_CHARS or is_spaced(text[0]))


def _stem(word: str) -> str:
    folded = trim(fold(word))
    return folded[: max(STEM_CHARS, len(folded) - 2)] if is_spaced(word[0]) else folded


def _spoken_of(page: Page) -> Callable[[str], bool]:
    """Give the test whether the prose without any phrase has a word's stem; each is sought once."""
    prose = (text for row, text in enumerate(page.texts) if page.prose[row] and row not in page.matches)
    whole = functools.cache(lambda: fold("\n".join(prose)))
    return functools.cache(lambda stem: stem in whole())


def _has_word_headings(page: Page) -> bool:
    """Whether different lines of a word or two stand above sentences, as in a glossary, a manual or a satire."""
    texts = page.texts
    above_sentence = [row for row in range(len(texts) - 1) if texts[row + 1][-1] in FINAL_MARKS]
    above_sentence = [row for row in above_sentence if row + 1 not in page.matches]
    if len({texts[row] for row in above_sentence if _is_word(texts[row])}) >= WORD_HEADINGS:
        return True
    short = (row for row in above_sentence if row in page.matches and len(texts[row]) <= HEADING_CHARS)
    return len({texts[row] for row in short if row and texts[row - 1][-1] in FINAL_MARKS}) >= WORD_HEADINGS


def take_sure(case: Case) -> None:
    """Take the rows whose phrase is sure and stands in its pack's zone."""
    page = case.page
    page.bound_prose({row for row, hit in case.hits.items() if not hit.careful})
    for row, hit in case.hits.items():
        if not hit.careful and page.in_zone(row, hit.zone):
            case.take(row, hit.code, hit.what, sure=True)
    page.bound_prose(set(case.taken))


def take_witnessed(case: Case) -> None:
    """Take careful rows beside a taken one, in a run of their kind, or at the very end; until nothing changes."""
    _take_runs(case)
    _take_repeated(case)
    # Down and up again: what goes makes its neighbours go, in either direction.
    rows = sorted(set(case.hits) - set(case.taken))
    for order in (rows, reversed(rows)):
        for row in order:
            if row in case.taken:
                continue
            witness = next((near for near in (row - 1, row + 1) if near in case.taken), None)
            if witness is not None and row and not _quoted(case, row):
                hit = case.hits[row]
                case.take(row, hit.code, f"{hit.what}, beside a line that goes: {_name(case, witness)}")
    _take_last(case)


def _name(case: Case, row: int) -> str:
    text = case.page.texts[row]
    return f"{case.taken[row].code} {text if len(text) <= 40 else text[:39] + '…'!r}"


def _take_runs(case: Case) -> None:
    for rows in _runs(sorted(set(case.hits) - set(case.taken))):
        first, last = rows[0], rows[-1]
        at_edge = case.page.in_zone(first, "edge") and case.page.in_zone(last, "edge")
        if not at_edge or (first and case.page.texts[first - 1][-1] in ":："):
            continue
        shares = all(case.hits[row].code == SHARE for row in rows)
        if len(rows) >= (RUN_OF_NETWORKS if shares else RUN_AT_EDGE):
            for row in rows:
                hit = case.hits[row]
                case.take(row, hit.code, f"{hit.what}, in a run of {len(rows)} such lines")


def _take_repeated(case: Case) -> None:
    """Take the labels of advertisements and players that stand more than once."""
    count = Counter(case.page.texts[row] for row, hit in case.hits.items() if hit.code in REPEATED)
    for row, hit in case.hits.items():
        text = case.page.texts[row]
        if hit.code in REPEATED and count[text] > 1 and row not in case.taken:
            case.take(row, hit.code, f"{hit.what}, {count[text]} times in the text")


def _runs(rows: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for row in rows:
        if run and row != run[-1] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _take_last(case: Case) -> None:
    """Take a careful row that is the last one left, below prose."""
    row = len(case.page.texts) - 1
    while row in case.taken:
        row -= 1
    if row in case.hits and case.page.in_zone(row, "tail") and not _quoted(case, row):
        hit = case.hits[row]
        if hit.code not in STAMPS and case.page.texts[row][-1] not in FINAL_MARKS:
            case.take(row, hit.code, f"{hit.what}, the last line of the text")


def _quoted(case: Case, row: int) -> bool:
    return case.page.texts[row][0] in _QUOTES


def take_related(case: Case) -> None:
    """Take the titles under a heading of related links that goes: to the end, or a few before the text resumes."""
    ends = _title_ends(case)
    _take_related_headings(case, ends)
    page = case.page
    headings = sorted(row for row, verdict in case.taken.items() if verdict.code == RELATED)
    count = Counter(page.texts[row] for row in headings)
    # No title ends in a final mark, so that none tells itself.
    words = functools.cache(lambda: Words(text for text in page.texts if text[-1] in FINAL_MARKS))
    for heading, following in pairwise((*headings, len(page.texts))):
        if count[page.texts[heading]] >= REPEATED_HEADINGS:
            continue
        end = ends[heading + 1]
        if heading < page.first_prose:
            end = _headline(case, range(heading + 1, min(end, following)), words()) or end
        titles: Iterable[int] = range(heading + 1, min(end, following))
        if page.last_prose >= end:
            titles = _before_text(case, heading, end)
        for title in titles:
            case.take(title, RELATED, f"a title under {page.texts[heading]!r}")


def _take_related_headings(case: Case, ends: Sequence[int]) -> None:
    """Take careful headings of related links below the prose with titles under them, and at last a line that goes."""
    for row, hit in case.hits.items():
        if hit.code == RELATED and row not in case.taken and case.page.in_zone(row, "tail"):
            last = ends[row + 1] - 1
            if last > row + 1 and row + 1 not in case.taken and last in case.taken:
                case.take(row, RELATED, f"{hit.what}, above titles and a line that goes")


def _title_ends(case: Case) -> list[int]:
    """Give for each row the first from it on that neither goes nor is like a title."""
    end = len(case.page.texts)
    ends = [end] * (end + 1)
    for row in range(end - 1, -1, -1):
        if row not in case.taken and not _title_like(case, row):
            end = row
        ends[row] = end
    return ends


def _headline(case: Case, rows: Iterable[int], words: Words) -> int | None:
    """Give the last of the rows that the text tells, which may be its headline."""
    told = [row for row in rows if row not in case.taken and words.tell(case.page.texts[row])]
    return told[-1] if told else None


def _before_text(case: Case, heading: int, end: int) -> list[int]:
    """Give the titles that are links where the text goes on below them.

    They end where a line of another kind goes. Right above the text, one without a bullet may be its own heading.
    """
    titles = []
    ended = False
    for row in range(heading + 1, min(end, heading + RELATED_TITLES_IN_TEXT + 3)):
        if row in case.taken and case.taken[row].code != RELATED:
            ended = True
            break
        titles.append(row)
    if titles and not ended and titles[-1] not in case.taken and case.page.texts[titles[-1]][0] not in BULLETS:
        titles.pop()
    return titles if len(titles) <= RELATED_TITLES_IN_TEXT else []


def _title_like(case: Case, row: int) -> bool:
    text = case.page.texts[row]
    return len(text) <= TITLE_CHARS and text[-1] not in FINAL_MARKS and not _quoted(case, row)
