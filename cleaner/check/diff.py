"""What a fix would change, as a unified diff, made from the changes themselves: linear, however large the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.check.origins import Replacement, replaced

CONTEXT = 3
_TO_QUOTE = re.compile(r'["\\\x00-\x1f\x7f]')


class LineHunks:
    """The hunks of a file that comes in parts, of which lines are changed and none is added or taken out.

    Bytes that are not UTF-8 are shown as U+FFFD.
    """

    def __init__(self) -> None:
        self._done: list[str] = []
        self._before: deque[str] = deque(maxlen=CONTEXT)  # the last lines that came
        self._number = 0
        self._start = 0
        self._hunk: list[str] = []
        self._removed: list[str] = []
        self._added: list[str] = []
        self._same = 0  # how many lines at the end of the hunk are unchanged

    def add(self, old: bytes, new: bytes) -> None:
        """Take the next part as it is and as it will be; all parts but the last end with a line feed."""
        if old == new and not (self._hunk or self._removed):
            self._number += old.count(b"\n")
            last = b"\n".join(old.rsplit(b"\n", CONTEXT + 1)[-CONTEXT - 1 :])
            self._before += _lines(last.decode("utf-8", "replace"))
            return
        pair = (_lines(part.decode("utf-8", "replace")) for part in (old, new))
        for before, after in zip(*pair, strict=True):
            self._line(before, after)

    def finished(self) -> str:
        """Give the hunks."""
        self._close()
        return "".join(self._done)

    def _line(self, old: str, new: str) -> None:
        self._number += 1
        if old != new:
            if not (self._hunk or self._removed):
                self._hunk = [_line(" ", line) for line in self._before]
                self._start = self._number - len(self._hunk)
            self._removed.append(_line("-", old))
            self._added.append(_line("+", new))
            self._same = 0
        elif self._hunk or self._removed:
            self._settle()
            self._hunk.append(_line(" ", old))
            self._same += 1
            if self._same > 2 * CONTEXT:
                self._close()
        self._before.append(old)

    def _settle(self) -> None:
        """Let lines that go stand together, before those that come for them."""
        self._hunk += self._removed + self._added
        self._removed, self._added = [], []

    def _close(self) -> None:
        self._settle()
        if self._hunk:
            hunk = self._hunk[: len(self._hunk) - max(0, self._same - CONTEXT)]
            length = sum(not line.startswith("+") for line in hunk)
            self._done += [f"@@ -{self._start},{length} +{self._start},{length} @@\n", *hunk]
        self._hunk = []


class _Region(NamedTuple):
    """Old lines, from 0 and up to but without `end`, and what stands there after."""

    start: int
    end: int
    new: list[str]


def unified(old: str, changes: Sequence[Replacement]) -> str:
    """Give the hunks of the changes."""
    lines = _lines(old)
    out: list[str] = []
    shift = 0
    for group in _groups(_regions(old, lines, changes)):
        start = max(0, group[0].start - CONTEXT)
        end = min(len(lines), group[-1].end + CONTEXT)
        removed = sum(region.end - region.start for region in group)
        added = sum(len(region.new) for region in group)
        length = end - start
        new_length = length - removed + added
        out.append(f"@@ -{_range(start, length)} +{_range(start + shift, new_length)} @@\n")
        place = start
        for region in group:
            out += [_line(" ", line) for line in lines[place : region.start]]
            out += [_line("-", line) for line in lines[region.start : region.end]]
            out += [_line("+", line) for line in region.new]
            place = region.end
        out += [_line(" ", line) for line in lines[place:end]]
        shift += added - removed
    return "".join(out)


def heading(path: str) -> str:
    """Give the two lines above the hunks of a file, its name as git writes it.

    >>> heading("a b.txt")
    '--- a b.txt\\t\\n+++ a b.txt\\t\\n'
    """
    if _TO_QUOTE.search(path):
        path = '"' + _TO_QUOTE.sub(lambda m: "\\" + (m[0] if m[0] in '"\\' else f"{ord(m[0]):03o}"), path) + '"'
    elif " " in path:
        path += "\t"  # else programs take a space for the end of the name
    return f"--- {path}\n+++ {path}\n"


def _regions(old: str, lines: Sequence[str], changes: Sequence[Replacement]) -> list[_Region]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    regions: list[tuple[int, int, list[Replacement]]] = []
    for change in changes:
        first = bisect_right(starts, change.start, 0, len(lines) or 1) - 1
        last = bisect_right(starts, change.end, 0, len(lines) or 1) - 1
        whole = change.start == starts[first] and change.end == starts[last] and change.new[-1:] in ("", "\n")
        end = last if whole and last > first else min(last + 1, len(lines))
        if regions and first < regions[-1][1]:
            begin, stop, inner = regions.pop()
            regions.append((begin, max(stop, end), [*inner, change]))
        else:
            regions.append((first, end, [change]))
    found = []
    for first, end, inner in regions:
        offset = starts[first]
        part = old[offset : starts[end]]
        moved = [Replacement(c.start - offset, c.end - offset, c.new) for c in inner]
        found.append(_Region(first, end, _lines(replaced(part, moved))))
    return found


def _groups(regions: Sequence[_Region]) -> Iterator[list[_Region]]:
    group: list[_Region] = []
    for region in regions:
        if group and region.start - group[-1].end > 2 * CONTEXT:
            yield group
            group = []
        group.append(region)
    if group:
        yield group


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def _line(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _range(start: int, length: int) -> str:
    return f"{start + (1 if length else 0)},{length}"
