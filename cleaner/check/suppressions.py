"""Comments in Markdown and HTML that ask for silence, and what they ask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cleaner.check.sources import Lines
from cleaner.config import named
from cleaner.errors import ConfigError

_REQUEST = re.compile(r"<!--\s*cleaner:\s*([\w-]+)([^<>]*?)\s*-->")
VERBS = ("ignore", "ignore-file", "ignore-start", "ignore-end")


@dataclass(frozen=True, slots=True)
class Silence:
    """What may be found from one line to another, both included, and is not told."""

    first: int
    last: float
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Silences:
    """The requests of one text; `wrong` says which make no sense, each with its line."""

    asked: tuple[Silence, ...] = ()
    wrong: tuple[tuple[int, str], ...] = ()

    def covers(self, code: str, line: int) -> bool:
        """Tell whether a finding on a line is not to be told."""
        return any(silence.first <= line <= silence.last and code in silence.codes for silence in self.asked)


def silences(text: str, comments: Iterable[tuple[int, int]], packs: tuple[str, ...] = ()) -> Silences:
    """Read the requests in the comments of a text, which stand at these places, in order.

    `<!-- cleaner: ignore BP103 -->` is for its line, or, alone on a line, for the next one that is not blank;
    `ignore-file` for all lines, `ignore-start` for those up to `ignore-end`. Without codes: all rules.
    `packs` are rule packs of the user's own, whose codes can be named, too.
    """
    requests = [(start, match) for start, end in comments if (match := _REQUEST.fullmatch(text, start, end))]
    if not requests:
        return Silences()
    lines = Lines(text)
    asked: list[Silence] = []
    wrong: list[tuple[int, str]] = []
    open_: list[tuple[int, frozenset[str]]] = []
    for start, match in requests:
        verb, line = match[1], lines.at(start)[0]
        try:
            codes = _codes(match[2], packs)
        except ConfigError as error:
            wrong.append((line, str(error)))
            continue
        if verb == "ignore":
            target = _target(text, start, match.end(), line)
            asked.append(Silence(target, target, codes))
        elif verb == "ignore-file":
            asked.append(Silence(0, float("inf"), codes))
        elif verb == "ignore-start":
            open_.append((line, codes))
        elif verb == "ignore-end" and open_:
            first, codes = open_.pop()
            asked.append(Silence(first, line, codes))
        else:
            what = "an end without a start" if verb == "ignore-end" else f"{verb!r} is none of {', '.join(VERBS)}"
            wrong.append((line, f"in a comment for cleaner: {what}"))
    asked += [Silence(first, float("inf"), codes) for first, codes in open_]
    return Silences(tuple(asked), tuple(wrong))


def html_comments(text: str) -> list[tuple[int, int]]:
    """Find the comments of a page."""
    return [match.span() for match in _REQUEST.finditer(text)] if "cleaner:" in text else []


def _codes(words: str, packs: tuple[str, ...]) -> frozenset[str]:
    wanted = [word for word in re.split(r"[\s,\[\]]+", words) if word]
    return frozenset[str]().union(*(named(word, packs) for word in wanted or ["ALL"]))


def _target(text: str, start: int, end: int, line: int) -> int:
    """Give the line that a comment speaks of."""
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    if text[begin:start].strip() or (text[end:stop] if stop >= 0 else text[end:]).strip():
        return line
    rest = text[end:].lstrip()
    return line + text.count("\n", end, len(text) - len(rest))
