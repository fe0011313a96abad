"""Stretches of a text, each from a place up to but without another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Span = tuple[int, int]

_FAR = 1 << 62


class Spans:
    """Stretches in order that do not overlap; what overlaps or meets is put together."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans: list[Span] = []
        for start, end in sorted(spans):
            if self.spans and start <= self.spans[-1][1]:
                self.spans[-1] = (self.spans[-1][0], max(end, self.spans[-1][1]))
            elif start < end:
                self.spans.append((start, end))

    def around(self, place: int) -> Span | None:
        """Return the stretch that the character at a place is in; None where there is none.

        >>> Spans([(5, 9), (0, 2)]).around(5)
        (5, 9)
        """
        last = bisect_right(self.spans, (place, _FAR)) - 1
        return self.spans[last] if last >= 0 and place < self.spans[last][1] else None

    def touched(self, start: int, end: int) -> list[Span]:
        """Return the stretches that have a character between two places, or that an empty stretch is inside of.

        >>> Spans([(5, 9), (0, 2)]).touched(2, 6)
        [(5, 9)]
        """
        last = bisect_right(self.spans, (max(start, end - 1), _FAR))
        first = last
        while first > 0 and self.spans[first - 1][1] > start:
            first -= 1
        return self.spans[first:last]
