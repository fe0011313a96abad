"""Findings as text: for people, editors, CI and other programs."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cleaner.check.diagnostics import Diagnostic

FORMATS = ("concise", "full", "json", "github", "sarif")


def format_named(asked: str) -> str:
    """Return the format that is asked for; `auto` is `github` where a GitHub action runs, else `concise`."""
    if asked == "auto":
        return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "concise"
    return asked


def rendered(format_: str, diagnostics: Sequence[Diagnostic]) -> str:
    """Return the findings in a format."""
    if format_ == "json":
        from cleaner.check.formats.json import as_json

        return as_json(diagnostics)
    if format_ == "sarif":
        from cleaner.check.formats.sarif import as_sarif

        return as_sarif(diagnostics)
    if format_ == "github":
        from cleaner.check.formats.github import as_github

        return as_github(diagnostics)
    from cleaner.check.formats.text import as_concise, as_full

    return as_full(diagnostics) if format_ == "full" else as_concise(diagnostics)
