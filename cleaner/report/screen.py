"""Where a person, or a log, reads what a command says: whatever stands in it, nothing of it commands who shows it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from cleaner.inert import inert, inert_json

if TYPE_CHECKING:
    from rich.console import Console

# What a GitHub action takes for a command: `::` at the beginning of a line, `##[` anywhere.
_GITHUB = re.compile(r"^([ \t]*):(?=:)|#(?=#\[)", re.MULTILINE)
# The colours of findings and differences, as `click.style` writes them.
_COLOURS = re.compile("(\x1b\\[(?:[01]|3[1-7])m)")

# Columns of what is no terminal: no line is as long.
UNBOUNDED = 10_000


def say(line: object) -> None:
    """Print a line on standard error."""
    # Not by click, which would write past a bar, into its line.
    if sys.stderr is not None:
        print(_printed(str(line), keep=""), file=sys.stderr)


def give(text: str, *, commands: bool = False, err: bool = False) -> None:
    """Print lines for a reader on standard output; what `click.style` has put there are colours.

    With `commands` they may be commands of a GitHub action.
    """
    parts = _COLOURS.split(text)
    parts[::2] = [inert(part, keep="\n\t") if commands else _printed(part, keep="\n\t") for part in parts[::2]]
    click.echo("".join(parts).encode(), nl=False, err=err)


def give_data(data: bytes) -> None:
    """Print data that was asked for on standard output: as it is, but on a terminal."""
    if sys.stdout.isatty():
        give(data.decode("utf-8", "surrogateescape"))
    else:
        click.echo(data, nl=False)


def give_json(text: str, *, err: bool = False) -> None:
    """Print JSON on standard output."""
    screen = (sys.stderr if err else sys.stdout).isatty()
    text = inert_json(text, screen=screen)
    if _on_github():
        text = text.replace("##[", r"#\u0023[")  # which JSON has in texts alone
    click.echo(text.encode(), nl=False, err=err)


def console(*, stderr: bool = True, **options: Any) -> Console:
    """Return the console that a person reads, standard error unless told otherwise; in a pipe no line is wrapped."""
    from rich.console import Console

    class Screen(Console):
        """A console that escapes what texts have, and leaves a broken pipe to the caller."""

        def render(self, *given: Any, **more: Any) -> Iterable[Any]:
            for segment in super().render(*given, **more):
                yield segment if segment.control else segment._replace(text=_printed(segment.text, keep="\n\t"))

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    options |= {"stderr": stderr, "highlight": False, "emoji": False}
    found = Screen(**options)
    return found if found.is_terminal else Screen(**options, width=UNBOUNDED, soft_wrap=True)


def _printed(text: str, *, keep: str) -> str:
    text = inert(text, keep)
    if _on_github():
        return _GITHUB.sub(lambda match: f"{match[1] or ''}\\x{ord(match[0][-1]):x}", text)
    return text


def _on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"
