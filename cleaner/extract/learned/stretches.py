"""Pages of very many blocks, a stretch at a time, so that their facts need no more memory than those of any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cleaner.extract.block import Page

# Facts, trees and the network take some 5 kB a block at their height. Of 2,180 labelled pages the longest has 1,844.
MOST_BLOCKS: Final = 20_000


def stretches(page: Page) -> Iterator[Page]:
    """Yield a page as it is, or where it has very many blocks as several, each with the containers of its blocks."""
    blocks, parents = page.blocks, page.parents
    if len(blocks) <= MOST_BLOCKS:
        yield page
        return
    for start in range(0, len(blocks), MOST_BLOCKS):
        stretch = blocks[start : start + MOST_BLOCKS]
        within = {0}
        for block in stretch:
            node = block.node
            while node not in within:
                within.add(node)
                node = parents[node]
        nodes = sorted(within)
        number = {node: place for place, node in enumerate(nodes)}
        yield Page(
            [replace(block, node=number[block.node]) for block in stretch],
            [-1, *(number[parents[node]] for node in nodes[1:])],
            [page.tags[node] for node in nodes],
            [page.names[node] for node in nodes],
            {number[node]: page.attributes[node] for node in nodes if node in page.attributes},
            [
                image._replace(before=image.before - start)
                for image in page.images
                if start <= image.before <= start + len(stretch)
            ],
        )
