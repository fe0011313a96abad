"""Colours for a terminal, and none where nobody sees them."""

from __future__ import annotations

import os
import sys

import click

from cleaner.inert import inert


def coloured() -> bool:
    """Whether standard output is a terminal whose user has not asked for no colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def for_output(diff: str) -> str:
    """Return a unified diff as standard output takes it: as it is, and on a terminal inert, in colours."""
    if not sys.stdout.isatty():
        return diff
    diff = inert(diff, keep="\n\t")
    return painted_diff(diff) if coloured() else diff


def painted_diff(diff: str) -> str:
    """Return a unified diff in the colours of git."""
    return "".join(map(_painted, diff.split("\n"))).removesuffix("\n")


def _painted(line: str) -> str:
    if line.startswith(("diff ", "--- ", "+++ ")):
        line = click.style(line, bold=True)
    elif line.startswith("@@"):
        line = click.style(line, fg="cyan")
    elif line.startswith("-"):
        line = click.style(line, fg="red")
    elif line.startswith("+"):
        line = click.style(line, fg="green")
    return line + "\n"
