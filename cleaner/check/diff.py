"""What a fix would change, as a unified diff, made from the changes themselves: linear, however large the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner.check.origins import Replacement, replaced

CONTEXT = 3


class _Region(NamedTuple):
    """Old lines, from 0 and up to but without `end`, and what stands there after."""

    start: int
    end: int
    new: list[str]


def unified(old: str, changes: Sequence[Replacement], *, before: int = 0) -> str:
    """Give the hunks of the changes; `before` lines of the file stand before this part of it."""
    lines = _lines(old)
    out: list[str] = []
    shift = before
    for group in _groups(_regions(old, lines, changes)):
        start = max(0, group[0].start - CONTEXT)
        end = min(len(lines), group[-1].end + CONTEXT)
        removed = sum(region.end - region.start for region in group)
        added = sum(len(region.new) for region in group)
        length = end - start
        new_length = length - removed + added
        out.append(f"@@ -{_range(start + before, length)} +{_range(start + shift, new_length)} @@\n")
        place = start
        for region in group:
            out += [_line(" ", line) for line in lines[place : region.start]]
            out += [_line("-", line) for line in lines[region.start : region.end]]
            out += [_line("+", line) for line in region.new]
            place = region.end
        out += [_line(" ", line) for line in lines[place:end]]
        shift += added - removed
    return "".join(out)


def unified_lines(data: bytes, first: int, changes: Mapping[int, Sequence[Replacement]]) -> str:
    """Give the hunks of changes of lines by their number, in a part of a file that begins with line `first`.

    Bytes that are not UTF-8 are shown as U+FFFD.
    """
    if not changes:
        return ""
    text = data.decode("utf-8", "replace")
    moved: list[Replacement] = []
    place = 0
    for number, line in enumerate(text.split("\n"), first):
        moved += [c._replace(start=c.start + place, end=c.end + place) for c in changes.get(number, ())]
        place += len(line) + 1
    return unified(text, moved, before=first - 1)


def heading(path: str) -> str:
    """Give the two lines above the hunks of a file."""
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
