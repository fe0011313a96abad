"""Comments in Markdown and HTML that ask for silence, and what they ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from cleaner.errors import ConfigError
from cleaner.kinds.lines import Lines
from cleaner.kinds.spans import Span, Spans

_REQUEST = re.compile(r"<!--\s*+cleaner:\s*+([\w-]++)([^<>]*+)(?<=--)>")
_REST_OF_LINE = re.compile(r"[^\S\n]*+(?:\n|\Z)")
_BLANK = re.compile(r"\s*+")

Named = Callable[[str], frozenset[str]]
"""Returns the codes that a code, a prefix, a name or `ALL` stands for; raises `ConfigError` where there is none."""

VERBS = ("ignore", "ignore-file", "ignore-start", "ignore-end")


class Silence(NamedTuple):
    """What may be found from one line to another, both included, and is not told."""

    first: int
    last: int
    codes: frozenset[str]


class Silences:
    """The requests of one text; `wrong` says which make no sense, each with its line."""

    def __init__(self, asked: Iterable[Silence] = (), wrong: Iterable[tuple[int, str]] = ()) -> None:
        self.asked = tuple(asked)
        self.wrong = tuple(wrong)
        self._lines: dict[str, Spans] = {}  # where a code that was asked about is quiet

    def covers(self, code: str, line: int) -> bool:
        """Tell whether a finding on a line is not to be told."""
        if not self.asked:
            return False
        if code not in self._lines:
            self._lines[code] = Spans((s.first, s.last + 1) for s in self.asked if code in s.codes)
        return self._lines[code].around(line) is not None


def silences(text: str, comments: Iterable[Span], named: Named) -> Silences:
    """Read the requests in the comments of a text, which stand at these places, in order.

    `<!-- cleaner: ignore BP103 -->` is for its line, or, alone on a line, for the next one that is not blank;
    `ignore-file` for all lines, `ignore-start` for those up to `ignore-end`. Without codes: all rules.
    `named` knows the rules. Linear in the length of the text.
    """
    requests = [(start, match) for start, end in comments if (match := _REQUEST.fullmatch(text, start, end))]
    if not requests:
        return Silences()
    lines = Lines(text)
    last_line = lines.at(len(text))[0]
    known: dict[str, frozenset[str] | ConfigError] = {}
    asked: list[Silence] = []
    wrong: list[tuple[int, str]] = []
    open_: list[tuple[int, frozenset[str]]] = []
    for start, match in requests:
        verb, words, line = match[1].removesuffix("--"), match[2].removesuffix("--"), lines.at(start)[0]
        codes = known.get(words)
        if codes is None:
            codes = known[words] = _codes(words, named)
        if isinstance(codes, ConfigError):
            wrong.append((line, str(codes)))
        elif verb == "ignore":
            target = _target(text, start, match.end(), line)
            asked.append(Silence(target, target, codes))
        elif verb == "ignore-file":
            asked.append(Silence(1, last_line, codes))
        elif verb == "ignore-start":
            open_.append((line, codes))
        elif verb == "ignore-end" and open_:
            first, codes = open_.pop()
            asked.append(Silence(first, line, codes))
        else:
            what = "an end without a start" if verb == "ignore-end" else f"{verb!r} is none of {', '.join(VERBS)}"
            wrong.append((line, f"in a comment for cleaner: {what}"))
    asked += [Silence(first, last_line, codes) for first, codes in open_]
    return Silences(asked, wrong)


def may_ask(text: str) -> bool:
    """Tell whether there can be a request in a text, code and all."""
    return "cleaner:" in text and "<!--" in text


def html_comments(text: str) -> list[Span]:
    """Return where the requests in the comments of a page stand."""
    return [match.span() for match in _REQUEST.finditer(text)] if may_ask(text) else []


def _codes(words: str, named: Named) -> frozenset[str] | ConfigError:
    wanted = [word for word in re.split(r"[\s,\[\]]+", words) if word]
    try:
        return frozenset[str]().union(*(named(word) for word in wanted or ["ALL"]))
    except ConfigError as error:
        return error


def _target(text: str, start: int, end: int, line: int) -> int:
    """Return the line that a comment speaks of."""
    while start and text[start - 1] != "\n":
        start -= 1
        if not text[start].isspace():
            return line
    if not _REST_OF_LINE.match(text, end):
        return line
    return line + text.count("\n", end, _BLANK.match(text, end).end())  # type: ignore[union-attr]
