"""Blocks as plain text: a line each, the items of lists with their markers, the rows of tables with bars."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.extract.block import CODE, ROW, Block, Page
from cleaner.extract.lists import Lists

_MOST_INDENTS = 20  # lists in lists that nobody can follow; so that a nest of them takes no time


def plain(page: Page, blocks: Iterable[Block] | None = None) -> str:
    """Return the text of these blocks, of the whole page where none are named."""
    return "\n".join(plain_lines(page, page.blocks if blocks is None else blocks))


def plain_lines(page: Page, blocks: Iterable[Block]) -> list[str]:
    """Return a text for each block: one line, but for listings and the row that heads a table.

    The first of an item's blocks has its marker, and two blanks for each list around the item's own.
    """
    lists = Lists(page)
    begun: set[int] = set()
    lines = []
    for block in blocks:
        text, item = block.text, lists.items[block.node]
        if block.kind == ROW and block.header:
            text += "\n" + "|---" * len(block.cells) + "|"
        if item >= 0 and item not in begun:
            begun.add(item)
            if block.kind != CODE:
                text = "  " * min(lists.depths[item] - 1, _MOST_INDENTS) + f"{lists.marker(item)} {text}"
        lines.append(text)
    return lines
