"""The facts by which a block is judged: whole numbers, a row a fact and a column a block."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from cleaner.extract.block import Page
from cleaner.extract.learned import around, own
from cleaner.extract.learned.layout import Layout, Rows, lay_out
from cleaner.extract.learned.page_facts import PageFacts, page_facts


def read(page: Page, tree: Any, wanted: Collection[str] = (), about: PageFacts | None = None) -> tuple[Layout, Rows]:
    """Return the blocks of a page, which has at least one, as arrays, and the facts of each.

    `about` is what its head states, where that is known already. Where some are `wanted`, facts that nobody wants may
    be left out.
    """
    layout = lay_out(page, about or page_facts(tree, page.tags))
    rows: Rows = {}
    own.add_rows(rows, layout, page.blocks)
    around.add_rows(rows, layout, page, wanted)
    return layout, rows
