"""Take rows that speak against themselves and have a second witness: a neighbour, a run, the end of the text."""

from __future__ import annotations

from collections import Counter

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.page import FINAL_MARKS, QUOTES
from cleaner.rules.rows import runs

SHARE = "BP102"
# Rows in a run at an edge of the text that are witnesses of each other; names of networks need fewer.
RUN_AT_EDGE, RUN_OF_NETWORKS = 3, 2
# Labels that stand again and again in one text, without being its refrain.
REPEATED = frozenset({"BP119", "BP122"})
# Dates and names at the very end may be a signature.
STAMPS = ("BP111", "BP112")


def take_witnessed(case: Case) -> None:
    """Take careful rows beside a taken one, in a run of their kind, or at the very end; until nothing changes."""
    if not case.hits:
        return
    _take_runs(case)
    _take_repeated(case)
    # Down and up again: what goes makes its neighbours go, in either direction.
    rows = sorted(set(case.hits) - set(case.taken))
    for order in (rows, reversed(rows)):
        for row in order:
            if row in case.taken:
                continue
            witness = next((near for near in (row - 1, row + 1) if near in case.taken), None)
            if witness is not None and row and not is_quoted(case, row):
                hit = case.hits[row]
                case.take(row, hit.code, f"{hit.what}, beside a line that goes: {_name(case, witness)}")
    _take_last(case)


def _name(case: Case, row: int) -> str:
    text = case.page.texts[row]
    return f"{case.taken[row].code} {text if len(text) <= 40 else text[:39] + '…'!r}"


def _take_runs(case: Case) -> None:
    for rows in runs(sorted(set(case.hits) - set(case.taken))):
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


def _take_last(case: Case) -> None:
    """Take a careful row that is the last one left, below prose."""
    row = len(case.page.texts) - 1
    while row in case.taken:
        row -= 1
    if row in case.hits and case.page.in_zone(row, "tail") and not is_quoted(case, row):
        hit = case.hits[row]
        if hit.code not in STAMPS and case.page.texts[row][-1] not in FINAL_MARKS:
            case.take(row, hit.code, f"{hit.what}, the last line of the text")


def is_quoted(case: Case, row: int) -> bool:
    """Tell whether a row begins with a quotation mark: somebody's words."""
    return case.page.texts[row][0] in QUOTES
