"""What differs between a line and its repair, in pieces as small as what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

REMOVED = re.compile(r"\x1b\[[\d;]*[a-zA-Z]|[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]+")
# What changes by itself, whatever stands around it: an entity, perhaps escaped again and again, and what is removed.
_ALONE = re.compile(rf"&(?:amp;)*#?[0-9A-Za-z]{{1,24}};|{REMOVED.pattern}")
# An ampersand that was escaped again and again: one round of unescaping takes one of them away, and looks at the line.
ESCAPED_OFTEN = re.compile(r"&(?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);){2,}")
_NOT_ASCII = re.compile(r"[^\t\x20-\x7e]+")


class Change(NamedTuple):
    """At `start` of a line, `new` comes for `old`."""

    start: int
    old: str
    new: str


def changes(old: str, new: str) -> Iterator[Change]:
    """Yield what differs between two lines, in order, in small pieces; made in `old`, they give `new`."""
    if old == new:
        return
    if len(old) == len(new) and (in_place := _changes_in_place(old, new)):
        yield from in_place
        return
    if alone := _changes_alone(old, new):
        yield from alone
        return
    start, old, new = _trimmed(0, old, new)
    if _NOT_ASCII.sub("", old) == _NOT_ASCII.sub("", new):
        yield from _changes_between_ascii(old, new, start)
    else:
        yield from _changes_by_search(old, new, start)


def _changes_in_place(old: str, new: str) -> list[Change]:
    """Return what differs where each character that is no ASCII has become one other; else nothing."""
    changes = []
    parts: list[str] = []
    end = 0
    for match in _NOT_ASCII.finditer(old):
        start, after = match.span()
        becomes = new[start:after]
        if becomes != match.group():
            changes.append(_trimmed(start, match.group(), becomes))
        parts += old[end:start], becomes
        end = after
    parts.append(old[end:])
    return changes if "".join(parts) == new else []


def _changes_alone(old: str, new: str) -> list[Change]:
    """Return the entities and what is removed where nothing else differs; else nothing."""
    changes = []
    parts: list[str] = []
    end = 0
    for match in _ALONE.finditer(old):
        becomes = _decoded(match.group()) if match.group().startswith("&") else ""
        if becomes != match.group():
            changes.append(Change(match.start(), match.group(), becomes))
        parts += old[end : match.start()], becomes
        end = match.end()
    parts.append(old[end:])
    return changes if "".join(parts) == new else []


def _decoded(entity: str) -> str:
    from ftfy.fixes import unescape_html

    entity = ESCAPED_OFTEN.sub("&amp;", entity)
    while (decoded := unescape_html(entity)) != entity:
        entity = decoded
    return entity


def _changes_between_ascii(old: str, new: str, offset: int) -> Iterator[Change]:
    """Yield what differs where both have the same ASCII characters: what stands between them.

    So it is for nearly every line: ftfy repairs what is not ASCII.
    """
    olds, news = _runs(old), _runs(new)
    shift = offset  # and as many as characters that are not ASCII stand before a place in `old`
    for place in sorted({**olds, **news}):
        before, after = olds.get(place, ""), news.get(place, "")
        if before != after:
            yield _trimmed(place + shift, before, after)
        shift += len(before)


def _runs(text: str) -> dict[int, str]:
    """Map the number of ASCII characters before a run of others to that run."""
    runs = {}
    others = 0
    for match in _NOT_ASCII.finditer(text):
        runs[match.start() - others] = match.group()
        others += match.end() - match.start()
    return runs


_SAME = 4  # characters in a row that say that two lines agree again
_REACHES = (16, 64, 256, 1024)  # how far to look for them, in code points


def _changes_by_search(old: str, new: str, offset: int) -> Iterator[Change]:
    """Yield what differs: from where the lines part to the nearest place where they agree again."""
    at = there = 0
    while True:
        same = _common_prefix(old, at, new, there)
        at, there = at + same, there + same
        if at == len(old) and there == len(new):
            return
        ahead, beyond = _agreement(old, at, new, there)
        yield _trimmed(offset + at, old[at:ahead], new[there:beyond])
        at, there = ahead, beyond


def _agreement(old: str, at: int, new: str, there: int) -> tuple[int, int]:
    """Return the nearest places after `at` and `there` from which the two agree; the ends where there are none."""
    tried = 0
    for reach in _REACHES:
        for ahead in range(at + tried, min(at + reach, len(old))):
            wanted = old[ahead : ahead + _SAME]
            # What ftfy puts in is hardly ever longer than what it takes out.
            beyond = new.find(wanted, there, there + (ahead - at) + 2 * _SAME)
            if beyond >= 0 and (len(wanted) == _SAME or beyond + len(wanted) == len(new)):
                return ahead, beyond
        tried = reach
    return len(old), len(new)


def _trimmed(start: int, old: str, new: str) -> Change:
    """Return the change without what both begin or end with."""
    if old[:1] == new[:1]:
        same = _common_prefix(old, 0, new, 0)
        start, old, new = start + same, old[same:], new[same:]
    if old[-1:] == new[-1:]:
        same = _common_prefix(old[::-1], 0, new[::-1], 0)
        old, new = old[: len(old) - same], new[: len(new) - same]
    return Change(start, old, new)


def _common_prefix(old: str, at: int, new: str, there: int) -> int:
    """Count the characters that are the same from `at` and `there` on."""
    most = min(len(old) - at, len(new) - there)
    step, same = 64, 0
    while same < most and old[at + same : at + same + step] == new[there + same : there + same + step]:
        same += step
    same = min(same, most)
    while same < most and old[at + same] == new[there + same]:
        same += 1
    return same
