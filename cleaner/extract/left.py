"""What the rules left of a page's blocks: their text after the edits, with the markup that stood in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from cleaner.document import Edit, Step
from cleaner.extract.block import CODE, ROW, Block, Mark, Page
from cleaner.extract.markdown import Shown, shown
from cleaner.extract.plain import plain_lines


def left(page: Page, blocks: Sequence[Block], text: str, steps: Iterable[Step]) -> list[Shown]:
    """Return the blocks as the steps left them, without those of which no text is left.

    `text` is what the steps made of `plain(page, blocks)`. What a rule wrote in a block's place stands in the block; a
    mark around text of which an end was rewritten keeps the rest.
    """
    places = _Places(edits for step in steps if (edits := step.edits))
    found = []
    start = 0
    for block, line in zip(blocks, plain_lines(page, blocks), strict=True):
        last = line.rindex("\n") if block.kind == ROW and block.header else len(line)
        found += _block(shown(block), start + last - len(block.text), text, places)
        start += len(line) + 1
    return found


def _block(whole: Shown, start: int, text: str, places: _Places) -> list[Shown]:
    """Return a block that stood at `start` with what is left of it, as a list of one or none."""
    block = whole.block
    if block.kind == ROW:
        cells = _cells(whole, start, text, places)
        return [whole._replace(cells=cells)] if any(cell for cell, _ in cells) else []
    stretch = _stretch(whole.text, whole.marks, start, text, places)
    if block.kind == CODE:
        stretch = (stretch[0].strip("\n"), [])
    return [whole._replace(text=stretch[0], marks=stretch[1])] if stretch[0] else []


def _cells(row: Shown, start: int, text: str, places: _Places) -> list[tuple[str, Sequence[Mark]]]:
    """Return what is left of a row's cells. A row of one text stands in its line without bars."""
    cells: list[tuple[str, Sequence[Mark]]] = []
    alone = sum(1 for cell, _ in row.cells if cell) == 1
    at = start if alone else start + 2
    for cell, marks in row.cells:
        written = cell if alone else cell.replace("|", "\\|")
        if written != cell:
            marks = [_moved(mark, cell, "|", 1) for mark in marks]
        new, kept = _stretch(written, marks, at, text, places) if cell else ("", [])
        if written != cell:
            kept = [_moved(mark, new, "\\|", -1) for mark in kept]
            new = new.replace("\\|", "|")
        cells.append((new, kept))
        at += len(written) + (0 if alone else 3)
    return cells


def _moved(mark: Mark, text: str, sign: str, by: int) -> Mark:
    """Return a mark with its ends moved by a step for each of the signs in the text before them."""
    start = mark.start + by * text.count(sign, 0, mark.start)
    return mark._replace(start=start, end=mark.end + by * text.count(sign, 0, mark.end))


def _stretch(old: str, marks: Sequence[Mark], start: int, text: str, places: _Places) -> tuple[str, list[Mark]]:
    """Return what is left of a stretch of text, without blanks at its ends, and its marks."""
    begin, end = places.start(start), places.end(start + len(old))
    new = text[begin : max(begin, end)]
    lead = begin + len(new) - len(new.lstrip())
    new = new.strip()
    kept = []
    for mark in marks:
        first = max(0, places.start(start + mark.start) - lead)
        last = min(len(new), places.end(start + mark.end) - lead)
        if first < last:
            kept.append(mark._replace(start=first, end=last))
    return new, kept


class _Places:
    """Where places of a text stand after edits, one list of edits after the other."""

    def __init__(self, steps: Iterable[Sequence[Edit]]) -> None:
        self._steps = []
        for edits in steps:
            smallest = [_smallest(edit) for edit in edits]
            shifts = [0, *accumulate(len(edit.new) - len(edit.old) for edit in smallest)]
            self._steps.append(([edit.start for edit in smallest], smallest, shifts))

    def start(self, place: int) -> int:
        """Return where what began at a place begins; behind what was written over it."""
        for starts, edits, shifts in self._steps:
            at = bisect_right(starts, place)
            edit = edits[at - 1] if at else None
            if edit is not None and edit.start < place < edit.start + len(edit.old):
                place = edit.start + len(edit.old)
            elif edit is not None and edit.start == place:
                at -= 1
            place += shifts[at]
        return place

    def end(self, place: int) -> int:
        """Return where what ended at a place ends; before what was written over it."""
        for starts, edits, shifts in self._steps:
            at = bisect_right(starts, place)
            edit = edits[at - 1] if at else None
            if edit is not None and (edit.start == place or place < edit.start + len(edit.old)):
                place, at = edit.start, at - 1
            place += shifts[at]
        return place


def _smallest(edit: Edit) -> Edit:
    """Return an edit without what it puts back at its ends."""
    old, new = edit.old, edit.new
    most = min(len(old), len(new))
    lead = next((at for at in range(most) if old[at] != new[at]), most)
    most -= lead
    tail = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    return Edit(edit.start + lead, old[lead : len(old) - tail], new[lead : len(new) - tail], edit.message)
