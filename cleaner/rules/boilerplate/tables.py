"""Tables go whole, or stay: those with a head, as Markdown writes them, and those whose cells white space aligns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.page import Page

# The line under a head, with two columns at least.
_UNDER_HEAD = re.compile(r"\|?\s*:?-+:?\s*(?:[|+]\s*:?-+:?\s*)+\|?")
# Two cells of numbers, one beside the other: "| 16.4 | 15.3 |".
_NUMBERS = re.compile(r"\|\s*[-+(]?\d[\d.,\s]*[%)]?\s*\|(?:\s*\|)*\s*[-+(]?\d[\d.,\s]*[%)]?\s*\|")
# Between two cells of an aligned table: a tab, or two spaces.
_GAP = re.compile(r"\S(?:\t|  )")
# An aligned table has at least this number of rows; links that stand in columns are fewer rows, or more of them go.
MIN_ALIGNED = 3


def spare_tables(case: Case) -> None:
    """Put back what went of a table of which other rows stay: "Comments | Likes" is a head there, "Next | 3" a row.

    A table most of whose rows have numbers beside each other stays without a head, too. Of an aligned table half of the
    rows have to stay, and on a whole page menus are aligned, too.
    """
    texts = case.page.texts
    if any("|" in texts[row] for row in case.taken):
        for table in _runs(case.page, _is_row):
            if len(table) > 1 and _UNDER_HEAD.fullmatch(texts[table[1]]):
                gone = [row for row in table if row in case.taken]
                if any(row not in case.taken and not _UNDER_HEAD.fullmatch(texts[row]) for row in table):
                    _put_back(case, gone)
        for table in _runs(case.page, is_row):
            if len(table) >= MIN_ALIGNED and 2 * sum(map(_has_numbers, texts[table.start : table.stop])) > len(table):
                _put_back(case, [row for row in table if row in case.taken])
    if not case.whole_page and any(_GAP.search(texts[row]) for row in case.taken):
        for table in _runs(case.page, _is_aligned):
            gone = [row for row in table if row in case.taken]
            if len(table) >= MIN_ALIGNED and 2 * len(gone) <= len(table):
                _put_back(case, gone)


def between_prose(case: Case) -> Iterator[int]:
    """Yield the rows of tables with two rows or more, all of them full, between two rows of prose that stay.

    Short words in cells read like a menu, but what is shown within a text is a table. Of labelled texts no row that
    should go stands so.
    """
    page = case.page
    if not any(text[0] == "|" for text in page.texts):
        return
    for table in _runs(page, is_row):
        before, behind = table.start - 1, table.stop
        if len(table) < 2 or before < 0 or behind == len(page.texts):
            continue
        stays = all(page.prose[row] and row not in case.taken for row in (before, behind))
        if stays and _is_full(page.texts[table.start : table.stop]):
            yield from table


def is_row(text: str) -> bool:
    """Tell whether a row is of a table that stands between bars, as extractors write the rows of tables."""
    return len(text) > 2 and text[0] == text[-1] == "|"


def _is_full(rows: list[str]) -> bool:
    """Tell whether all rows have the same number of cells, two at least, and none is empty."""
    cells = [[cell.strip() for cell in row[1:-1].split("|")] for row in rows]
    return len(cells[0]) > 1 and all(len(row) == len(cells[0]) and all(row) for row in cells)


def _has_numbers(text: str) -> bool:
    return _NUMBERS.search(text) is not None


def _put_back(case: Case, rows: list[int]) -> None:
    for row in rows:
        del case.taken[row]


def _is_row(text: str) -> bool:
    return "|" in text or _UNDER_HEAD.fullmatch(text) is not None


def _is_aligned(text: str) -> bool:
    return _GAP.search(text) is not None


def _runs(page: Page, belongs: Callable[[str], bool]) -> Iterator[range]:
    """Yield the runs of rows that belong to a table, without a blank line between them."""
    texts, numbers = page.texts, page.numbers
    start = 0
    inside = False
    for row, text in enumerate(texts):
        if inside and belongs(text) and numbers[row] == numbers[row - 1] + 1:
            continue
        if inside:
            yield range(start, row)
        start, inside = row, belongs(text)
    if inside:
        yield range(start, len(texts))
