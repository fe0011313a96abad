"""Cut a long text into pieces that can be folded one by one: together they give what folding the whole gives."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from cleaner.dedup.characters import joining

# So many characters are looked at for a place to cut; where none is found, the piece gets longer.
_LOOKED_AT = 4_096
_HYPHENS = "-\u2010\xad"
_BLANKS = " \t\n"
# Beyond the basic plane only emoji are looked at; what joins there is not known.
_KNOWN_END = 0x10000


def pieces(text: str, size: int) -> Iterator[str]:
    """Yield the text in pieces of `size` characters or a little more; words may go on from one to the next."""
    start = 0
    while start < len(text):
        end = start + size
        while end < len(text) and (cut := _place(text, end)) is None:
            end += size
        end = cut if end < len(text) and cut is not None else len(text)
        yield text[start:end]
        start = end


def _place(text: str, start: int) -> int | None:
    for place in range(start, min(start + _LOOKED_AT, len(text))):
        if _may_cut(text[place - 1], text[place]):
            return place
    return None


def _may_cut(before: str, after: str) -> bool:
    """Tell whether no broken word and no letter that normalisation puts together is cut between these two."""
    if before in _HYPHENS or (after != "\n" and (before in _BLANKS or after in _HYPHENS)):
        return False
    first = unicodedata.normalize("NFKD", after)[0]
    return ord(first) < _KNOWN_END and not unicodedata.combining(first) and ord(first) not in joining()
