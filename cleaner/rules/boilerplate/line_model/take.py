"""Take the rows that a model says are cruft: by how they read, where they stand, and what stands around them."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import pairwise

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.line_model.facts import (
    NAMES,
    NEIGHBOURS_AT,
    OWN_AT,
    PLACE_AT,
    TEXT_AT,
    TOPIC_AT,
    Facts,
)
from cleaner.rules.boilerplate.line_model.forest import Forest
from cleaner.rules.boilerplate.line_model.model import PROSE, LineModel, load
from cleaner.rules.boilerplate.packs import builtin_packs
from cleaner.rules.boilerplate.page import FINAL_MARKS, QUOTES
from cleaner.rules.boilerplate.tables import between_prose

# A row is looked at when it reads like this, in 1/100 of the logarithm of odds: of labelled lines 95 in 100 of those
# that would go, and one in fifteen of those that stay.
GATE = 50
# Prose is read where it is no longer than this, in code points, and among the last rows or near one that reads so.
MAX_CHARS, LAST_ROWS, NEAR, LIKE_CRUFT = 400, 2, 2, 0
# An item of a list is hardly ever what an extractor leaves alone: 6 of 515 lines that go, and many a list's own.
_ITEM = re.compile(r"[-*+•·o–▪‣◦] ")
# Where a class cannot be told: what stands below the text.
UNKNOWN = "BP131"
# Texts of this many rows, or of less prose in 100 rows, lose lines at the careful level alone: 39 of their good lines
# were lost in cross-validation for 80 that go, elsewhere 100 for 435.
LISTING_ROWS, LISTING_PROSE = 150, 30
# Fewer rows of prose in 100 are a listing's: colours, towns, postings. Its short lines are what it has to say.
MIN_PROSE = 3
# A list of a text's own sections has at least this many, one below the other; a heading is no longer, in code points.
CONTENTS, HEADING_CHARS = 3, 60
_ROWS, _PROSE_ROWS, _PHRASE, _ABOVE, _BELOW, _FROM_END = map(
    NAMES.index, ("rows", "prose rows", "phrase", "prose above", "prose below", "from end")
)
# What a correction says of the words counts beside the trees, too, which ask for more than words: in 1/1000 of the
# logarithm of odds for each 1/100 in the score.
CHANGED = 3
# The groups of facts that a message names, in words.
REASONS = {
    PLACE_AT: "by its place in the text", NEIGHBOURS_AT: "by the lines around it", TOPIC_AT: "not spoken of in the text"
}  # fmt: skip


def take_learned(case: Case) -> None:
    """Take the rows whose trees add up to more than the threshold, unless the code of their class is off.

    Around the text of a whole page, its own model has the word; what that leaves is judged in the next round.
    """
    page = case.page
    chosen = load(case.line_model, case.own_model)
    if chosen is None or page.last_prose < 0 or case.whole_page:
        return
    model, threshold = chosen
    strict = model.thresholds["careful"]
    prose = page.prose.count(True)
    if 100 * prose < MIN_PROSE * len(page.prose):
        return
    facts = Facts(page.texts, page.prose, model.wording.score, case.hits)
    forest, prose_left = model.forest, prose - [page.prose[row] for row in case.taken].count(True)
    contents: bool | None = None
    spared = {*case.taken, *(row for row, text in enumerate(page.texts) if text[0] in QUOTES), *between_prose(case)}
    for row in doubtful(facts, spared):
        known = facts.without_topic(row)
        least = strict if needs_more(known) else threshold
        if page.prose[row]:
            least = max(least, model.thresholds[PROSE])
        least -= CHANGED * model.wording.change(page.texts[row])
        if page.prose[row] and prose_left == 1:
            continue
        left = {group: forest.left(known, group) for group in (OWN_AT, NEIGHBOURS_AT, PLACE_AT, TEXT_AT)}
        if forest.most(left.values()) <= least:
            continue
        facts.add_topic(row, known)
        left[TOPIC_AT] = forest.left(known, TOPIC_AT)
        value = forest.most(left.values())
        if value <= least:
            continue
        if contents is None:
            contents = has_contents(page.texts)
        if contents:
            return
        reading = model.wording.read(page.texts[row])
        code = model.kinds[reading.kind] or UNKNOWN
        if code in case.codes:
            prose_left -= page.prose[row]
            case.take(row, code, _message(model, code, reading.words, left, value, is_last=known[_FROM_END] == 0))


def has_contents(texts: Sequence[str]) -> bool:
    """Tell whether a text lists its own sections: short lines in a row that come again as headings.

    Of 19 lines of extractors' texts that went from such a text, 18 were good.
    """
    pairs = enumerate(pairwise(texts))
    headings = {text: row for row, (text, below) in pairs if len(text) <= HEADING_CHARS and _is_over(text, below)}
    run = 0
    for row, text in enumerate(texts):
        run = run + 1 if headings.get(text, -1) > row else 0
        if run == CONTENTS:
            return True
    return False


def _is_over(text: str, below: str) -> bool:
    return text[-1] not in FINAL_MARKS and (below[-1] in FINAL_MARKS or len(below) >= HEADING_CHARS)


def needs_more(known: list[int]) -> bool:
    """Tell whether a row is asked to pass the careful threshold.

    It is in a text of very many rows, or of little prose: short lines are what such texts have; or it is a phrase alone
    between two rows of prose, which was not enough for the phrases' own rules: a heading of a text about such things.
    """
    if known[_ROWS] >= LISTING_ROWS or known[_PROSE_ROWS] < LISTING_PROSE:
        return True
    return known[_PHRASE] == known[_ABOVE] == known[_BELOW] == 1


def doubtful(facts: Facts, spared: Container[int] = ()) -> Iterator[int]:
    """Yield the rows that read like cruft at first sight and stand where it stands, but for the `spared` ones."""
    texts, short, prose = facts.texts, facts.short, facts.prose
    count = len(texts)
    for row, score in enumerate(short):
        text = texts[row]
        if prose[row]:
            if len(text) > MAX_CHARS:
                continue
            if row < count - LAST_ROWS and max(short[max(0, row - NEAR) : row + NEAR + 1]) <= LIKE_CRUFT:
                continue
        elif score <= GATE:
            continue
        if row in spared or _ITEM.match(text) or not any(map(str.isalpha, text)):
            continue
        # Prose is read last: that takes longest.
        if prose[row] and facts.score(text) <= GATE:
            continue
        if not facts.amid_many(row) and not (text[0] == "|" and _is_in_table(texts, row)):
            yield row


def _is_in_table(texts: Sequence[str], row: int) -> bool:
    """Tell whether a row of a table in Markdown has rows of as many filled cells above and below it.

    A bar of links is one row, and a layout has one cell a row: no labelled line that should go stands like this.
    """
    cells = [_cells(text) for text in texts[max(0, row - 1) : row + 2]]
    return len(cells) == 3 and cells[0] == cells[1] == cells[2] > 1


def _cells(text: str) -> int:
    return sum(map(bool, map(str.strip, text.split("|")))) if text.startswith("|") and text.endswith("|") else 0


def _message(
    model: LineModel, code: str, words: tuple[str, ...], left: Mapping[range, int], value: int, *, is_last: bool
) -> str:
    """Return what the row reads like, by which words, and the group of facts that weighed most.

    `left` are the leaves that each group leaves; what a group weighs is told by those of an ordinary line.
    """
    message = f"reads like {names()[code]}"
    if words:
        message += f" ({', '.join(words)})"
    ordinary = {group: {**left, group: _ordinary(model.forest, model.usual, group)} for group in REASONS}
    weights = {group: value - model.forest.most(others.values()) for group, others in ordinary.items()}
    heaviest = max(weights, key=lambda group: weights[group])
    if weights[heaviest] > 0:
        message += ", " + ("the last line of the text" if heaviest is PLACE_AT and is_last else REASONS[heaviest])
    return message


@functools.lru_cache(16)
def _ordinary(forest: Forest, usual: tuple[int, ...], group: range) -> int:
    """Return the leaves that the facts of an ordinary line leave."""
    return forest.left(usual, group)


@functools.cache
def names() -> dict[str, str]:
    """Return the names of the classes by their codes."""
    return {pack.code: pack.name for pack in builtin_packs()}
