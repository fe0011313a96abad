"""Take what stands around the text of a whole page: menus above it, teasers and the footer below."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from cleaner.rules.boilerplate.below_end import BOUNDARIES, take_below_end
from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.page import SENTENCE_CHARS
from cleaner.rules.boilerplate.witnesses import take_witnessed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

ABOVE, BELOW = "BP130", "BP131"
# Classes that also stand around texts which are no page: links in the text, bylines, dates, credits, sources.
NO_EVIDENCE = frozenset({"BP108", "BP110", "BP111", "BP112", "BP114", "BP115", "BP116"})
# A shorter text is no whole page: of 2,654 labelled ones 5 in 100 have fewer rows.
MIN_ROWS, MIN_CLASSES = 30, 2
# Scores are 256ths of log odds. A row goes from GOES on, between parts of the text from BETWEEN on, and prose asks for
# MORE for each code point over SENTENCE_CHARS; up to GAP rows from BESIDE on go with two beside them that go; a row
# that a phrase took stays below STAYS, and in a gap below -STAYS. A text is a whole page where MIN_GONE rows go that no
# phrase speaks against, and MIN_GONE_SHARE of all. Cross-validated by site: benchmarks/NOTES.md.
GOES, BETWEEN, MORE, BESIDE, STAYS, GAP = 870, 1000, 2, 512, 640, 3
# A row that the text tells like a headline has this many of its longer words, and this share of them in sixteenths, and
# stands no further above the text than this number of rows.
TOLD_WORDS, TOLD, TOLD_ROWS = 2, 8, 30
MIN_GONE, MIN_GONE_SHARE = 6, 0.1
# The score from which on a row reads like furniture by its words, and the number of words that are named.
WORDED, NAMED_WORDS = 256, 2


class Judged(NamedTuple):
    """Scores of the rows of a page, their wording, on which side of the text each stands (-1, 0, 1) and how far.

    `needs` is the score from which on each goes, and `follows` tells whether a row also goes with those beside it.
    """

    scores: Sequence[int]
    wording: Sequence[int]
    side: Sequence[int]
    distance: Sequence[int]
    needs: Sequence[int]
    follows: Sequence[bool]


def take_furniture(case: Case) -> None:
    """Take the menus above and the footer below the text of a whole page; of another text, what is below its end."""
    if ABOVE not in case.codes or len(case.hits) + len(case.taken) < MIN_CLASSES:
        return
    if not (may_be_page(case) and take_around(case)):
        take_below_end(case)
    take_witnessed(case)


def take_around(case: Case) -> bool:
    """Take the rows of a whole page that are no part of its text. Return whether the text is a whole page.

    What phrases took stays, after all, where its score is low.
    """
    judged = judge(case)
    goes = going(judged)
    fresh = [row for row in goes if row not in case.taken and row not in case.hits]
    if len(fresh) < MIN_GONE or len(goes) < MIN_GONE_SHARE * len(judged.scores) or len(goes) == len(judged.scores):
        return False
    for row in staying(judged.scores, case.taken, goes):
        del case.taken[row]
    for row in goes:
        case.take(row, ABOVE if judged.side[row] < 0 else BELOW, _message(judged, row, case.page.texts[row]))
    case.whole_page = True
    return True


def going(judged: Judged) -> list[int]:
    """Return the rows that go: those of a high score, and a few of a lower one between them."""
    rows: list[int] = []
    last = -1
    for row, (score, least) in enumerate(zip(judged.scores, judged.needs, strict=True)):
        if score < least:
            continue
        between = range(last + 1, row) if rows else range(0)
        if len(between) <= GAP and all(judged.follows[each] for each in between):
            rows += between
        rows.append(row)
        last = row
    return rows


def staying(scores: Sequence[int], taken: Collection[int], goes: Collection[int]) -> list[int]:
    """Return the rows that phrases took and that stay: of a low score, but not of a very low one in a gap.

    A gap is a run of rows of a low score, none of them very low, with a row that goes, or an end of the text, on either
    side: the last titles of a list that the text speaks of.
    """
    low = {row for row in taken if scores[row] < STAYS}.difference(goes)
    gone = {*taken, *goes, -1, len(scores)} - low
    stay: list[int] = []
    for first in sorted(row for row in low if row - 1 not in low):
        end = next(row for row in count(first) if row not in low)
        run = range(first, end)
        if not gone.issuperset((first - 1, end)) or min(scores[first:end]) < -STAYS:
            stay += run
    return stay


def may_be_page(case: Case) -> bool:
    """Return whether phrases of several classes stand in the text: the cheap question, asked of every text."""
    if len(case.page.texts) < MIN_ROWS:
        return False
    codes = {hit.code for hit in case.hits.values()} | {verdict.code for verdict in case.taken.values()}
    return len(codes - NO_EVIDENCE) >= MIN_CLASSES


def judge(case: Case) -> Judged:
    """Return how much speaks for each row to be furniture."""
    from cleaner.rules.boilerplate.whole_page.facts import NAMES, Rows, facts
    from cleaner.rules.boilerplate.whole_page.model import load
    from cleaner.rules.boilerplate.whole_page.wording import score, tokens

    model = load()
    rows = Rows(case.page.texts, case.page.prose, *evidence(case))
    wording = [score(tokens(text), model.words) for text in case.page.texts]
    known = facts(rows, wording)
    scores = model.scores(known).tolist()
    names = ("main", "main_distance", "length", "told_words", "told")
    side, distance, length, words, share = (known[:, NAMES.index(name)].tolist() for name in names)
    prose = case.page.prose
    needs = [needed(*row) for row in zip(side, length, prose, strict=True)]
    spared = [reads or is_headline(*row) for reads, *row in zip(prose, side, distance, words, share, strict=True)]
    follows = [s >= BESIDE and at != 0 and not kept for s, at, kept in zip(scores, side, spared, strict=True)]
    return Judged(scores, wording, side, distance, needs, follows)


def needed(side: int, length: int, prose: bool) -> int:
    """Return the score from which on a row goes, by its side of the text and its length."""
    return (GOES if side else BETWEEN) + (MORE * max(0, length - SENTENCE_CHARS) if prose else 0)


def is_headline(side: int, distance: int, words: int, share: int) -> bool:
    """Return whether the text has most of a row's longer words, as it has those of the headline that stands above."""
    return words >= TOLD_WORDS and share >= TOLD and (side > 0 or distance <= TOLD_ROWS)


def evidence(case: Case) -> tuple[list[int], list[bool]]:
    """Return for each row 0, 1 (a careful phrase) or 2 (a sure one, or taken), and whether it ends the text."""
    rows = range(len(case.page.texts))
    found = {row: hit.code for row, hit in case.hits.items()} | {row: v.code for row, v in case.taken.items()}
    sure = [row in case.taken or (row in case.hits and not case.hits[row].careful) for row in rows]
    return [2 if sure[row] else int(row in case.hits) for row in rows], [found.get(row) in BOUNDARIES for row in rows]


def _message(judged: Judged, row: int, text: str) -> str:
    """Return the place of the row, and the words of it that weighed most where its wording speaks."""
    side, distance = judged.side[row], judged.distance[row]
    place = f"{distance} lines {'above' if side < 0 else 'below'} the text" if side else "between parts of the text"
    message = f"part of the page around the text, {place}"
    if judged.wording[row] < WORDED:
        return message
    from cleaner.rules.boilerplate.whole_page.model import load
    from cleaner.rules.boilerplate.whole_page.wording import heaviest

    words = heaviest(text, load().words, NAMED_WORDS)
    return f"{message}; reads like it ({', '.join(words)})" if words else message
