"""Which blocks of a page are its text, judged by a model that learned it from labelled pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.extract.block import Block, Page
from cleaner.extract.page import Element

if TYPE_CHECKING:
    from cleaner.extract.learned.explain import Explained


def text_blocks(page: Page, tree: Element) -> list[Block]:
    """Return the blocks of a page that are its main text, in reading order; none where it has none."""
    from cleaner.extract.learned.judge import judge
    from cleaner.extract.learned.model import shipped_model

    if not page.blocks:
        return []
    verdict = judge(page, tree, shipped_model())
    return [block for block, kept in zip(page.blocks, verdict.kept.tolist(), strict=True) if kept]


def explain_blocks(page: Page, tree: Element) -> tuple[Explained, ...]:
    """Return what the model says of each block of a page."""
    from cleaner.extract.learned.explain import explained
    from cleaner.extract.learned.model import shipped_model

    return tuple(explained(page, tree, shipped_model()))
