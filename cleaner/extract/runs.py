"""Text with its markup as runs: stretches of text that have the same markup from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from cleaner.extract.block import Inline, Mark
from cleaner.extract.space import words


class Run(NamedTuple):
    """A stretch of text: the address that it links to ("" for none), and how it is set."""

    text: str
    link: str = ""
    strong: bool = False
    emphasis: bool = False
    deleted: bool = False
    code: bool = False


def marks_in_text(inline: Inline, text: str) -> list[Mark]:
    """Return the marks of an inline content with offsets into its text, where white space is collapsed.

    A mark begins and ends at a word, not at the blank beside it; one around nothing is left out.
    """
    if not inline.marks:
        return []
    starts, ends = _borders(inline.pieces, text)
    marks = (mark._replace(start=starts[mark.start], end=ends[mark.end]) for mark in inline.marks)
    return [mark for mark in marks if mark.start < mark.end]


def _borders(pieces: tuple[str, ...], text: str) -> tuple[list[int], list[int]]:
    """Return for each border between pieces where the words after it begin, and where those before it end."""
    starts: list[int | None] = []
    ends = [0]
    end = 0
    for piece in pieces:
        first = None
        for word in words(piece):
            start = end if text.startswith(word, end) else end + 1
            first = start if first is None else first
            end = start + len(word)
        starts.append(first)
        ends.append(end)
    after = len(text)
    filled = [after]
    for first in reversed(starts):
        after = after if first is None else first
        filled.append(after)
    return filled[::-1], ends


def runs(text: str, marks: Sequence[Mark]) -> list[Run]:
    """Return the text as runs. Of links in links the inner one counts."""
    borders = sorted({0, len(text), *(mark.start for mark in marks), *(mark.end for mark in marks)})
    opening = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    active: list[Mark] = []
    single: list[Run] = []
    following = 0
    for start, end in pairwise(borders):
        active = [mark for mark in active if mark.end > start]
        while following < len(opening) and opening[following].start == start:
            active.append(opening[following])
            following += 1
        single.append(_run(text[start:end], active))
    alike = (list(group) for _, group in groupby(single, key=lambda run: run[1:]))
    return [group[0]._replace(text="".join([run.text for run in group])) for group in alike]


def _run(text: str, active: list[Mark]) -> Run:
    kinds = {mark.kind for mark in active}
    link = next((mark.value for mark in reversed(active) if mark.kind == "link" and mark.value), "")
    return Run(text, link, "strong" in kinds, "emphasis" in kinds, "deleted" in kinds, "code" in kinds)
