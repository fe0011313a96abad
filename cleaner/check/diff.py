"""What a fix would change, as a unified diff, made from the changes themselves: linear, however large the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.check.origins import Replacement, replaced

CONTEXT = 3
_TO_QUOTE = re.compile(r'["\\\x00-\x1f\x7f]')


class Hunks:
    """The hunks of a file whose lines come in order: some that stay, some that go for others."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._context: deque[str] = deque(maxlen=CONTEXT)  # the last lines that stay
        self._old = self._new = 0  # how many lines there were
        self._is_open = False
        self._start = (0, 0)
        self._hunk: list[str] = []
        self._removed: list[str] = []
        self._added: list[str] = []
        self._same = 0  # how many lines at the end of the hunk stay

    def same(self, lines: Sequence[str]) -> None:
        """Take the next lines, which stay; what was changed before is told before them."""
        if self._is_open:
            self._settle()
            told = lines[: 2 * CONTEXT + 1 - self._same]
            self._hunk += [_line(" ", line) for line in told]
            self._same += len(told)
            if self._same > 2 * CONTEXT:
                self._close()
        self._context.extend(lines[-CONTEXT:])
        self._old += len(lines)
        self._new += len(lines)

    def changed(self, old: Sequence[str], new: Sequence[str]) -> None:
        """Take the next lines, and those that come for them."""
        if not self._is_open:
            self._is_open = True
            self._hunk = [_line(" ", line) for line in self._context]
            self._start = self._old - len(self._hunk), self._new - len(self._hunk)
        self._removed += [_line("-", line) for line in old]
        self._added += [_line("+", line) for line in new]
        self._same = 0
        self._old += len(old)
        self._new += len(new)

    def add(self, old: bytes, new: bytes) -> None:
        """Take the next part of a file as it is and as it will be; all parts but the last end with a line feed.

        Of a part that gets more or fewer lines, those are found again that stay at its beginning and at its end. Bytes
        that are not UTF-8 are surrogates.
        """
        before, after = (_lines(part.decode("utf-8", "surrogateescape")) for part in (old, new))
        if old == new:
            self.same(before)
        elif len(before) == len(after):
            for line, other in zip(before, after, strict=True):
                if line == other:
                    self.same([line])
                else:
                    self.changed([line], [other])
        else:
            start = _equal(before, after)
            end = len(before) - _equal(before[start:][::-1], after[start:][::-1])
            self.same(before[:start])
            self.changed(before[start:end], after[start : end + len(after) - len(before)])
            self.same(before[end:])

    def finished(self) -> str:
        """Return the hunks."""
        self._close()
        return "".join(self._done)

    def _settle(self) -> None:
        self._hunk += self._removed + self._added
        self._removed, self._added = [], []

    def _close(self) -> None:
        self._settle()
        hunk = self._hunk[: len(self._hunk) - max(0, self._same - CONTEXT)]
        if self._is_open:
            old = _range(self._start[0], sum(line[0] != "+" for line in hunk))
            new = _range(self._start[1], sum(line[0] != "-" for line in hunk))
            self._done += [f"@@ -{old} +{new} @@\n", *hunk]
        self._is_open = False


def _equal(some: Sequence[str], others: Sequence[str]) -> int:
    """Return how many lines at the beginning are the same."""
    number = 0
    for one, other in zip(some, others, strict=False):
        if one != other:
            break
        number += 1
    return number


class _Region(NamedTuple):
    """Old lines, from 0 and up to but without `end`, and what stands there after."""

    start: int
    end: int
    new: list[str]


def unified(old: str, changes: Sequence[Replacement]) -> str:
    """Return the hunks of the changes."""
    lines = _lines(old)
    hunks = Hunks()
    place = 0
    for region in _regions(old, lines, changes):
        hunks.same(lines[place : region.start])
        hunks.changed(lines[region.start : region.end], region.new)
        place = region.end
    hunks.same(lines[place:])
    return hunks.finished()


def heading(name: str) -> str:
    """Return the lines above the hunks of a file, its name as git writes it: `git apply` takes them in any folder.

    >>> heading("a b.txt")
    'diff --git a/a b.txt b/a b.txt\\n--- a/a b.txt\\t\\n+++ b/a b.txt\\t\\n'
    """
    old, new = (_quoted(f"{side}/{name}") for side in "ab")
    tab = "\t" if " " in name and not old.startswith('"') else ""  # else programs take a space for the end of the name
    return f"diff --git {old} {new}\n--- {old}{tab}\n+++ {new}{tab}\n"


def _quoted(path: str) -> str:
    if not _TO_QUOTE.search(path):
        return path
    return '"' + _TO_QUOTE.sub(lambda m: "\\" + (m[0] if m[0] in '"\\' else f"{ord(m[0]):03o}"), path) + '"'


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


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def _line(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _range(start: int, length: int) -> str:
    return f"{start + (1 if length else 0)},{length}"
