"""The lines of a text as passages are made of them: which runs are looked at, and how one is taken out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from cleaner.document import Edit

MIN_SIZE = 100
WORD_SIZE, CHARACTER_SIZE = 5, 4
"""The size of a passage is counted so that 20 words, and 25 characters without spaces, reach `MIN_SIZE`."""

MAX_WIDTH = 200
"""Lines that were broken to fit a width are no longer, in characters."""

_ENDS = frozenset(".!?…:;。！？：؟।»”’\"')]")

# What a line of Markdown, or of mail, begins with where it is quoted.
_QUOTE = "> \t"
# Of any depth: in lists a fence stands deeper than three spaces.
_FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(`{3,}(?=[^`]*$)|~{3,})")
_FENCE_END = re.compile(r"[\s>]*(`{3,}|~{3,})\s*$")
# The line under the head of a table.
_UNDER_HEAD = re.compile(r"[\s>]*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)*(?:\|\s*)?$")


class Line(NamedTuple):
    """A line that is not blank: where it begins, what stands there, its number in the text from 1, its paragraph."""

    start: int
    text: str
    number: int
    paragraph: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def lines(text: str) -> list[Line]:
    """Return the lines that are not blank; blank ones part paragraphs. A quoted line with nothing in it is blank."""
    found, start, paragraph = [], 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip(_QUOTE).strip():
            found.append(Line(start, line, number, paragraph))
        else:
            paragraph += 1
        start += len(line) + 1
    return found


class Range(NamedTuple):
    """A run of lines to compare, as a range; `whole` says that it is compared for being a paragraph alone."""

    start: int
    end: int
    whole: bool


def spans(every: Sequence[Line], sizes: Sequence[int]) -> list[Range]:
    """Return the runs of lines to compare: the shortest from each line on, and up to each, and paragraphs.

    Every run of lines that is large enough is covered by those of these that lie in it.
    """
    upto = list(accumulate(sizes, initial=0))
    found = set()
    for place, size in enumerate(sizes):
        if size:
            end = bisect_left(upto, upto[place] + MIN_SIZE)
            if end < len(upto):
                found.add((place, end))
            if upto[place + 1] >= MIN_SIZE:
                found.add((bisect_right(upto, upto[place + 1] - MIN_SIZE) - 1, place + 1))
    paragraphs = set()
    for _, group in groupby(range(len(every)), key=lambda place: every[place].paragraph):
        places = list(group)
        if upto[places[-1] + 1] - upto[places[0]] >= MIN_SIZE:
            paragraphs.add((places[0], places[-1] + 1))
    return sorted(Range(*span, whole=span not in found) for span in found | paragraphs)


def blocks(every: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of lines that are one thing to a reader: fenced code, and tables, as Markdown writes them.

    A fence that nothing ends goes on to the end of the text, as in Markdown. What looks like the head of a table within
    one is a row of it.
    """
    start, fence, table_end = 0, "", 0
    for place, line in enumerate(every):
        if fence:
            end = _FENCE_END.match(line.text)
            if end and end[1].startswith(fence):
                yield start, place + 1
                fence = ""
        elif begin := _FENCE.match(line.text):
            start, fence = place, begin[1]
        elif "|" in line.text and place > table_end and _is_head(every[place - 1], line):
            table_end = bisect_right(every, line.paragraph, lo=place, key=lambda one: one.paragraph)
            yield place - 1, table_end
    if fence:
        yield start, len(every)


def _is_head(line: Line, under: Line) -> bool:
    return line.paragraph == under.paragraph and "|" in line.text and _UNDER_HEAD.match(under.text) is not None


def runs(there: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of neighbours that are not None."""
    start = None
    for place, one in enumerate([*there, None]):
        if one is not None and start is None:
            start = place
        elif one is None and start is not None:
            yield start, place
            start = None


def widths(every: Sequence[Line]) -> dict[int, int]:
    """Return the characters of the longest line of each paragraph."""
    found: dict[int, int] = {}
    for line in every:
        found[line.paragraph] = max(found.get(line.paragraph, 0), len(line.text))
    return found


def cuts_sentence(every: Sequence[Line], width_of: Mapping[int, int], start: int, end: int) -> bool:
    """Say whether a run of lines begins or ends in the middle of a sentence; `width_of` are the `widths`."""
    return any(0 < place < len(every) and _goes_over(every, width_of, place) for place in (start, end))


def _goes_over(every: Sequence[Line], width_of: Mapping[int, int], place: int) -> bool:
    """Say whether a sentence goes over from the line before to this one: in lower case, where a line is broken."""
    line, before = every[place], every[place - 1]
    if line.paragraph != before.paragraph or before.text.rstrip()[-1] in _ENDS or not line.text.lstrip()[:1].islower():
        return False
    width = width_of[line.paragraph]
    return width <= MAX_WIDTH and len(before.text) + 1 + len(line.text.split(maxsplit=1)[0]) > width


def edits_of(
    text: str, every: Sequence[Line], parts: Sequence[tuple[int, int]], messages: Sequence[str]
) -> Iterator[Edit]:
    """Yield the edits that take out runs of lines, which follow each other, and one of the breaks beside them.

    Of the breaks before the first and after the last the smaller one goes; within a quotation its own, so that it does
    not begin or end with an empty line.
    """
    begin, end = parts[0][0], parts[-1][1]
    first, last = every[begin].start, every[end - 1].end
    before = every[begin - 1].end if begin else first
    after = every[end].start if end < len(every) else last
    if not begin or (end < len(every) and _size(text, before, first) >= _size(text, last, after)):
        last = after
    else:
        first = before
    places = [first, *(every[start].start for start, _ in parts[1:]), last]
    for (start, stop), message in zip(pairwise(places), messages, strict=True):
        yield Edit(start, text[start:stop], "", message, safe=False)


def _size(text: str, start: int, end: int) -> tuple[bool, int]:
    """Return what breaks between lines are ordered by: those with an empty quoted line are the least."""
    return ">" not in text[start:end], text.count("\n", start, end)
