"""Tell tables of data, and of the lines of a listing, from tables that only place things on the page."""

from __future__ import annotations

import re
from typing import Final

from cleaner.extract import apparatus
from cleaner.extract.elements import BLOCK
from cleaner.extract.page import Element

# What stands in no cell of a table of data: what has rows or lines of its own, and headings.
_NOT_IN_DATA: Final = ("table", "pre", "listing", "h1", "h2", "h3", "h4", "form", "iframe", "article", "section")
_MOST_CELL_CHARS: Final = 500  # a longer cell is a column of the page
_LABELLED_ROWS: Final = 2  # two rows, each a label and what it stands for
_LABEL_CHARS: Final = 40
# The classes of cells that have the numbers of the lines of a listing.
_NUMBERS: Final = re.compile(r"gutter|line-?no|line-?num|line-?counter|blob-num|hljs-ln-n|-nums(?:\s|$)")


def holds_data(table: Element) -> bool:
    """Tell a table of data from one for layout.

    Source: Mozilla's Readability.js, `_markDataTables`, which follows Firefox's accessibility code; that a long cell,
    a heading or a listing in a cell make no data is ours.
    """
    if table.get("role") in ("presentation", "none") or table.get("datatable") == "0":
        return False
    if next(table.iterdescendants(*_NOT_IN_DATA), None) is not None:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    columns = max(map(len, rows), default=0)
    if columns < 2:
        return False
    texts = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]
    if any(len(text) > _MOST_CELL_CHARS for row in texts for text in row):
        return False
    return _says_so(table) or (len(rows) > 1 and (_looks_so(texts, columns) or _is_grid(table, texts, columns)))


def _says_so(table: Element) -> bool:
    """Tell whether a table has what only one of data has: a summary, a caption, headings, columns."""
    if table.get("summary") or any("".join(caption.itertext()).strip() for caption in table.iter("caption")):
        return True
    return next(table.iter("th", "thead", "tfoot", "col", "colgroup"), None) is not None


def _is_grid(table: Element, texts: list[list[str]], columns: int) -> bool:
    """Tell whether all rows have three short texts or more, equally many, and the table has no link or picture."""
    if columns < 3 or any(len(row) != columns for row in texts):
        return False
    return all(0 < len(text) <= _LABEL_CHARS for row in texts for text in row) and (
        next(table.iter("a", "img", "input", "button", "select"), None) is None
    )


def _looks_so(texts: list[list[str]], columns: int) -> bool:
    """Tell whether all rows are a label and what it stands for, or the cells are many."""
    if len(texts) >= _LABELLED_ROWS and all(len(row) == 2 and 0 < len(row[0]) <= _LABEL_CHARS for row in texts):
        return True
    return len(texts) >= 10 or columns > 4 or len(texts) * columns > 10


def listing(table: Element) -> list[str] | None:
    """Return the lines of a listing whose table has the numbers of its lines in cells of their own; None for another.

    Either each line is a row, or one row has all numbers and, in its other cell, an element for each line. A listing
    that stands in a <pre> there is read as such.
    """
    first = next(table.iter("td"), None)
    if (
        first is None
        or not _is_named_numbers(first)
        or next(table.iterdescendants("table", "pre", "th"), None) is not None
    ):
        return None
    rows = [[cell for cell in row if cell.tag == "td"] for row in table.iter("tr")]
    if len(rows) == 1:
        return _numbered_beside(rows[0])
    if not all(len(row) > 1 and all(map(apparatus.is_numbers, row[:-1])) for row in rows):
        return None
    if not all(_is_named_numbers(row[0]) and _has_number(row[0]) for row in rows):
        return None
    return ["".join(row[-1].itertext()).strip("\r\n") for row in rows]


def _numbered_beside(row: list[Element]) -> list[str] | None:
    if len(row) != 2:
        return None
    numbers = "\n".join(row[0].itertext())
    lines = row[1]
    while len(lines) == 1 and not (lines.text or "").strip():
        lines = lines[0]
    if not apparatus.counts_lines(numbers) or len(lines) != len(numbers.split()):
        return None
    if not all(line.tag in BLOCK for line in lines):
        return None
    return ["".join(line.itertext()).strip("\r\n") for line in lines]


def _is_named_numbers(cell: Element) -> bool:
    """Tell whether a cell is named as one that has the numbers of lines."""
    return cell.get("data-line-number") is not None or _NUMBERS.search(cell.get("class") or "") is not None


def _has_number(cell: Element) -> bool:
    """Tell whether a cell has a number, or what the page draws it from; a gutter of a layout has none."""
    return cell.get("data-line-number") is not None or any(not text.isspace() for text in cell.itertext())
