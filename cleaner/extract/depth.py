"""Markup with fewer elements in each other, for pages that are nested deeper than a parser goes."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from cleaner.extract.elements import BLOCK

# libxml2 goes 2,048 elements deep. Of those that are counted here, a table takes up to four.
_MOST_OPEN: Final = 400
# Elements that end without an end tag, where another of their kind begins; and those that hold nothing.
_NOT_COUNTED: Final = frozenset(b"p li dt dd tr td th thead tbody tfoot option".split())
_EMPTY: Final = frozenset(
    b"br hr img input link meta base wbr col area source track param embed frame html head body".split()
)
_BLOCK: Final = frozenset(tag.encode() for tag in BLOCK)
_TOKEN: Final = re.compile(
    rb"<!--(?:.*?-->|.*)|<(?:script|style|textarea|title)\b(?:.*?</(?:script|style|textarea|title)|.*)"
    rb"|<(?P<end>/?)(?P<tag>[a-zA-Z][^\s/<>]*)[^<>]*>?",
    re.IGNORECASE | re.DOTALL,
)


def flattened(markup: bytes) -> bytes:
    """Return a page without the tags of elements that stand in hundreds of others; what they hold stays.

    A line ends where elements were that stand in lines of their own, once for those with nothing between their tags.
    """
    return _TOKEN.sub(_Nest().token, markup)


class _Nest:
    """The elements that are open, and which of them have lost their tags."""

    def __init__(self) -> None:
        # Tag, and whether it was kept: one object for all that are alike, since millions may be open.
        self._open: list[tuple[bytes, bool]] = []
        self._alike: dict[tuple[bytes, bool], tuple[bytes, bool]] = {}
        self._of_tag: Counter[bytes] = Counter()
        self._kept = 0
        self._line_ended = -1  # where the tag ends for which a line did

    def token(self, match: re.Match[bytes]) -> bytes:
        """Return what stands for a tag, a comment or a script."""
        if match["tag"] is None:
            return match[0]
        tag = match["tag"].lower()
        if tag in _EMPTY or match[0].endswith(b"/>"):
            return match[0]
        if tag in _NOT_COUNTED:
            keep = self._kept < _MOST_OPEN
        else:
            keep = self._ends(tag) if match["end"] else self._begins(tag)
        if keep:
            return match[0]
        return self._line_end(match) if tag in _BLOCK else b""

    def _line_end(self, match: re.Match[bytes]) -> bytes:
        ended, self._line_ended = self._line_ended, match.end()
        return b"" if ended == match.start() else b"<br>"

    def _begins(self, tag: bytes) -> bool:
        keep = self._kept < _MOST_OPEN
        self._open.append(self._alike.setdefault((tag, keep), (tag, keep)))
        self._of_tag[tag] += 1
        self._kept += keep
        return keep

    def _ends(self, tag: bytes) -> bool:
        """End an element and those in it that were not closed; tell whether its own tag was kept."""
        if not self._of_tag[tag]:
            return True
        while True:
            name, kept = self._open.pop()
            self._of_tag[name] -= 1
            self._kept -= kept
            if name == tag:
                return kept
