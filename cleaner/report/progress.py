"""The progress of a run on standard error: a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import msgspec
from rich.console import Console

from cleaner.account.summary import Summary
from cleaner.rules import name_of

# Drawing costs as well: so often is enough for the eye.
REFRESHES_PER_S = 8

LINE_EVERY_S = 60.0

Update = Callable[[Summary], None]


@contextmanager
def shown_progress(bar: str, log_format: str) -> Iterator[Update]:
    """Yield a function to call with the summary so far.

    `bar` is `auto`, `always` or `never`; `log_format` is `text` or `json`. Where there is no bar, and it was not
    refused, a line is written each minute.
    """
    console = Console(stderr=True, highlight=False, force_terminal=True if bar == "always" else None)
    if bar == "always" or (bar == "auto" and console.is_terminal and log_format == "text"):
        with _bar(console) as update:
            yield update
    elif bar == "never":
        yield lambda summary: None
    else:
        yield _lines(log_format)


def json_line(event: str, summary: Summary) -> str:
    """Return the counts so far as a line of JSON for a log."""
    line = {
        "event": event,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "read": summary.read,
        "kept": summary.kept,
        "excluded": summary.excluded,
        "unreadable": summary.unreadable,
        "reasons": dict(sorted(summary.reasons.items())),
        "bytes_read": summary.bytes_read,
        "seconds": round(summary.seconds, 1),
    }
    return msgspec.json.encode(line).decode()


def _lines(log_format: str) -> Update:
    written = time.monotonic()

    def update(summary: Summary) -> None:
        nonlocal written
        if time.monotonic() - written >= LINE_EVERY_S:
            written = time.monotonic()
            click.echo(json_line("progress", summary) if log_format == "json" else _so_far(summary), err=True)

    return update


@contextmanager
def _bar(console: Console) -> Iterator[Update]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

    columns = (SpinnerColumn(), BarColumn(bar_width=24), TaskProgressColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, refresh_per_second=REFRESHES_PER_S) as bar:
        task = bar.add_task("reading …", total=None)

        def update(summary: Summary) -> None:
            bar.update(task, description=_so_far(summary), completed=summary.bytes_read, total=summary.bytes_total)

        yield update


def _so_far(summary: Summary) -> str:
    seconds = max(summary.seconds, 1e-9)
    why = ", ".join(f"{n:,} {name_of(code, summary.names)}" for code, n in summary.reasons.most_common(3))
    return (
        f"{summary.read:,} documents, {summary.read / seconds:,.0f}/s, {summary.bytes_read / 1e6 / seconds:.1f} MB/s"
        f"; kept {summary.kept:,}" + (f"; not kept: {why}" if why else "")
    )
