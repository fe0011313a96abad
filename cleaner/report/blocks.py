"""The blocks of a page as a person reads them: neighbours that were left out as the same stand together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.extract.learned.explain import Explained

# A menu has short blocks; what is longer is read by itself.
_SHORT_CHARS = 60
_MOST_TOGETHER = 40


def grouped(blocks: Iterable[Explained]) -> Iterator[list[Explained]]:
    """Yield the blocks in their order, short ones beside each other that were left out as the same class together."""
    for key, group in groupby(blocks, key=_class):
        found = list(group)
        size = _MOST_TOGETHER if key else 1
        yield from (found[at : at + size] for at in range(0, len(found), size))


def _class(block: Explained) -> str:
    return "" if block.kept or len(block.text) > _SHORT_CHARS else block.kind


def told(group: list[Explained]) -> str:
    """Return how likely the model holds these blocks to be text, and what weighed most: for the first of them."""
    likely = {f"{block.score / 10:.0f} %" for block in (group[0], group[-1])}
    begin = f"{' to '.join(sorted(likely, key=_number))} likely text"
    if not group[0].reasons:
        return begin
    return f"{begin}{', but ' if group[0].overruled else ': '}{', '.join(group[0].reasons)}"


def _number(percent: str) -> int:
    return int(percent.split()[0])
