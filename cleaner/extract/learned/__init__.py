"""Which blocks of a page are its text, judged by a model that learned it from labelled pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.extract.block import Block, Page

if TYPE_CHECKING:
    from cleaner.extract.learned.explain import Explained
    from cleaner.extract.learned.page_facts import PageFacts


def text_blocks(page: Page, about: PageFacts) -> list[Block]:
    """Return the blocks of a page that are its main text, in reading order; none where it has none."""
    from cleaner.extract.learned.judge import judge_in_stretches
    from cleaner.extract.learned.model import shipped_model

    kept = [kept for _, verdict in judge_in_stretches(page, about, shipped_model()) for kept in verdict.kept.tolist()]
    return [block for block, is_kept in zip(page.blocks, kept, strict=True) if is_kept]


def explain_blocks(page: Page, about: PageFacts) -> tuple[Explained, ...]:
    """Return what the model says of each block of a page."""
    from cleaner.extract.learned.explain import explained
    from cleaner.extract.learned.model import shipped_model

    return tuple(explained(page, about, shipped_model()))
