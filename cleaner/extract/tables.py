"""Tell tables of data from tables that only place things on the page."""

from __future__ import annotations

from typing import Final

from cleaner.extract.page import Element

# What stands in no cell of a table of data: what has rows or lines of its own, and headings.
_NOT_IN_DATA: Final = ("table", "pre", "listing", "h1", "h2", "h3", "h4", "form", "iframe", "article", "section")
_MOST_CELL_CHARS: Final = 500  # a longer cell is a column of the page
_LABELLED_ROWS: Final = 2  # two rows, each a label and what it stands for
_LABEL_CHARS: Final = 40


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
