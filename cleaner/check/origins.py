"""Where the characters of a text that rules have edited stood in the source, and which stretches of it they changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.document import Edit, Step
from cleaner.trace import trace


class _Piece(NamedTuple):
    """From `start` on the text comes from `source` on; or all of it from that one place, where something was put in."""

    start: int
    source: int
    copied: bool


class Origins:
    """Maps places in the edited text to places in the source. Gives what `ledger.origin` gives, for many places."""

    def __init__(self) -> None:
        self._pieces = [_Piece(0, 0, True)]
        self._starts = [0]

    def of(self, offset: int) -> int:
        """Return the place in the source of what stands at `offset`."""
        piece = self._pieces[bisect_right(self._starts, offset) - 1]
        return piece.source + (offset - piece.start if piece.copied else 0)

    def span(self, edit: Edit) -> tuple[int, int]:
        """Return the stretch of the source, from and to, that an edit of the text as it is now takes out."""
        start = self.of(edit.start)
        return start, max(start, self.of(edit.start + len(edit.old))) if edit.old else start

    def apply(self, edits: Sequence[Edit]) -> None:
        """Go on to the text that the edits make."""
        pieces: list[_Piece] = []
        done = made = 0
        for edit in edits:
            if edit.start > done:
                pieces += self._copied(done, edit.start, made - done)
                made += edit.start - done
            if edit.new:
                pieces.append(_Piece(made, self.of(edit.start), False))
                made += len(edit.new)
            done = edit.start + len(edit.old)
        pieces += self._copied(done, None, made - done)
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]

    def _copied(self, start: int, end: int | None, shift: int) -> list[_Piece]:
        """Return the pieces of a stretch, moved."""
        first = bisect_right(self._starts, start) - 1
        piece = self._pieces[first]
        copied = [_Piece(start + shift, piece.source + (start - piece.start if piece.copied else 0), piece.copied)]
        for number in range(first + 1, len(self._pieces)):
            piece = self._pieces[number]
            if end is not None and piece.start >= end:
                break
            copied.append(piece._replace(start=piece.start + shift))
        return copied


class Replacement(NamedTuple):
    """Put `new` where the source has what stands from `start` to `end`."""

    start: int
    end: int
    new: str


def replacements(source: str, steps: Sequence[Step]) -> list[Replacement]:
    """Return what the steps change in the source, in order."""
    found: list[Replacement] = []
    place = 0
    for span in trace(source, steps):
        end = place + len(span.source)
        if span.codes and span.source != span.text:
            if found and found[-1].end == place:
                last = found.pop()
                found.append(Replacement(last.start, end, last.new + span.text))
            else:
                found.append(Replacement(place, end, span.text))
        place = end
    return found


def replaced(source: str, found: Sequence[Replacement]) -> str:
    """Return the source with the replacements made.

    >>> replaced("Le cafe noir", [Replacement(3, 7, "café")])
    'Le café noir'
    """
    parts = []
    place = 0
    for start, end, new in found:
        parts += [source[place:start], new]
        place = end
    parts.append(source[place:])
    return "".join(parts)
