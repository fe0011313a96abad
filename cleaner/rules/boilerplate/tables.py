"""Tables with a head, as Markdown writes them: they go whole, or stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.page import Page

# The line under a head, with two columns at least.
_UNDER_HEAD = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?")


def spare_tables(case: Case) -> None:
    """Put back what went of a table of which other rows stay: "Comments | Likes" is a head there, "Next | 3" a row."""
    texts = case.page.texts
    if not any("|" in texts[row] for row in case.taken):
        return
    for table in _tables(case.page):
        gone = [row for row in table if row in case.taken]
        if gone and any(row not in case.taken and not _UNDER_HEAD.fullmatch(texts[row]) for row in table):
            for row in gone:
                del case.taken[row]


def _tables(page: Page) -> Iterator[range]:
    """Yield the rows of each table that has a head: rows with "|" without a blank line between them."""
    texts, numbers = page.texts, page.numbers
    start = 0
    for row in range(1, len(texts) + 1):
        if row < len(texts) and "|" in texts[row] and "|" in texts[row - 1] and numbers[row] == numbers[row - 1] + 1:
            continue
        if row - start > 1 and _UNDER_HEAD.fullmatch(texts[start + 1]):
            yield range(start, row)
        start = row
