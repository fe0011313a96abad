"""Near-duplicates: exact similarity, one verdict a document, memory that stays flat.

`words` → `shingles` → `signature` make a `Sketch` of each text, in any process; `GreedyLeader` takes sketches in
keep order and decides; a store holds what was kept. Nothing here imports numpy before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.dedup.index import Match, NearDuplicateIndex

__all__ = ["Match", "NearDuplicateIndex"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from cleaner.dedup import index

        return getattr(index, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
