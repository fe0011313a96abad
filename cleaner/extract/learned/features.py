"""The facts by which a block is judged: whole numbers, a row a fact and a column a block."""

from __future__ import annotations

from collections.abc import Collection

from cleaner.extract.block import Page
from cleaner.extract.learned import around, own
from cleaner.extract.learned.layout import Layout, Rows, lay_out
from cleaner.extract.learned.page_facts import PageFacts


def read(page: Page, about: PageFacts, wanted: Collection[str] = ()) -> tuple[Layout, Rows]:
    """Return the blocks of a page, which has at least one, as arrays, and the facts of each.

    `about` is what the page says of itself. Where some are `wanted`, facts that nobody wants may be left out.
    """
    layout = lay_out(page, about)
    rows: Rows = {}
    own.add_rows(rows, layout, page.blocks)
    around.add_rows(rows, layout, page, wanted)
    return layout, rows
