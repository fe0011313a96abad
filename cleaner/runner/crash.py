"""What went wrong while a record was worked on, as the reason why it goes."""

from __future__ import annotations

from cleaner.document import Drop

OUT_OF_MEMORY = Drop("needs more memory than a worker may have", code="RD113")


def crash(error: Exception, place: str = "") -> Drop:
    """Return the reason that an error makes; `place` is put before a message that would not say where.

    >>> crash(KeyError("a"), "x.jsonl:3").message
    "x.jsonl:3: KeyError: 'a'"
    """
    if isinstance(error, MemoryError):
        return OUT_OF_MEMORY
    return Drop(f"{f'{place}: ' if place else ''}{type(error).__name__}: {error}", code="RD114")
