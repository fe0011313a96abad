"""Findings as commands that GitHub Actions shows beside the lines."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.check.diagnostics import Diagnostic
from cleaner.check.formats.text import line
from cleaner.inert import inert


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a command a finding. GitHub takes columns only where a finding begins and ends on one line."""
    return "".join(_command(d) for d in diagnostics)


def _command(d: Diagnostic) -> str:
    place = {"title": f"cleaner ({d.code})", "file": d.path, "line": str(d.line)}
    if d.line == d.end_line:
        place |= {"col": str(d.column), "endLine": str(d.end_line), "endColumn": str(d.end_column)}
    else:
        place |= {"endLine": str(d.end_line)}
    properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
    return f"::error {properties}::{_escaped(line(d))}\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(inert(text, keep="\r\n")).replace(":", "%3A").replace(",", "%2C")
