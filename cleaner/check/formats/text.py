"""Findings for people: a line each, or with the line that they are in and what would be changed."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

import click

from cleaner.check.diagnostics import SHOWN_CHARS, Diagnostic
from cleaner.check.formats.colour import coloured
from cleaner.inert import inert, shown


def as_concise(diagnostics: Sequence[Diagnostic]) -> str:
    """Return `path:line:column: CODE message`, a line a finding, in colours on a terminal."""
    paint = _painted if coloured() else _plain
    return "".join(f"{line(d, paint)}\n" for d in diagnostics)


Paint = Callable[[str, str], str]


def _plain(text: str, colour: str) -> str:
    return text


def _painted(text: str, colour: str) -> str:
    return click.style(text, fg=colour or None, bold=True)


def line(d: Diagnostic, paint: Paint = _plain) -> str:
    """Return one finding in one line; the place inside a record's text stands at the end."""
    inside = f" (text {d.inside[0]}:{d.inside[1]})" if d.inside else ""
    return f"{paint(inert(d.path), '')}:{d.line}:{d.column}: {paint(d.code, 'red')} {d.message}{inside}"


def as_full(diagnostics: Sequence[Diagnostic]) -> str:
    """Return each finding with its line of the text, marked, and what a fix would do, in colours on a terminal."""
    paint = _painted if coloured() else _plain
    return "".join(f"{line(d, paint)}\n{_frame(d)}{_suggestion(d)}\n" for d in diagnostics)


def _frame(d: Diagnostic) -> str:
    if d.frame is None:
        return ""
    before, found, behind = (
        shown(part, 1000)
        for part in (
            d.frame.line[: d.frame.start],
            d.frame.line[d.frame.start : d.frame.end],
            d.frame.line[d.frame.end :],
        )
    )
    number = str(d.inside[0] if d.inside else d.line)
    gutter = " " * len(number)
    return (
        f"{gutter} |\n{number} | {before}{found}{behind}\n"
        f"{gutter} | {' ' * width(before)}{'^' * max(1, width(found))}\n"
    )


def _suggestion(d: Diagnostic) -> str:
    if d.frame is None:
        return ""
    if not d.new:
        what = "take it out"
    elif not d.old:
        what = f"put in '{shown(d.new, SHOWN_CHARS)}'"
    else:
        what = f"write '{shown(d.new, SHOWN_CHARS)}'"
    how = {"safe": "--fix does it", "unsafe": "--fix --unsafe-fixes does it", None: "by hand"}[d.fix]
    return f"  = {what} ({how}); cleaner rule {d.code} tells more\n"


def width(text: str) -> int:
    """Return the columns that a terminal takes for a text: two for wide characters, none for combining ones.

    >>> width("e\\u0301"), width("漢字")
    (1, 4)
    """
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def statistics(diagnostics: Sequence[Diagnostic]) -> str:
    """Return how often each rule found something, the most frequent first."""
    counts = Counter(d.code for d in diagnostics)
    fixes = dict.fromkeys(counts, "")
    for d in diagnostics:  # of files that are never rewritten there are none
        if d.fix:
            fixes[d.code] = "--fix" if d.fix == "safe" else fixes[d.code] or "--fix --unsafe-fixes"
    names = {d.code: d.name for d in diagnostics}
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{number:7,}  {code}  {names[code]:24}  {fixes[code]}".rstrip() + "\n" for code, number in rows)
