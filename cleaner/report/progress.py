"""The progress of a run on standard error: a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from cleaner.account.summary import Summary
from cleaner.report import screen
from cleaner.report.screen import say
from cleaner.rules import name_of

if TYPE_CHECKING:
    from rich.console import Console

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
    console = screen.console(force_terminal=True if bar == "always" else None)
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
        "skipped": summary.skipped,
        "not_drawn": summary.not_drawn,
        "reasons": dict(sorted(summary.reasons.items())),
        "bytes_read": summary.bytes_read,
        "seconds": round(summary.seconds, 1),
        "seconds_left": None if (left := seconds_left(summary)) is None else round(left, 1),
    }
    return msgspec.json.encode(line).decode()


def _lines(log_format: str) -> Update:
    written = time.monotonic()

    def update(summary: Summary) -> None:
        nonlocal written
        if time.monotonic() - written >= LINE_EVERY_S:
            written = time.monotonic()
            say(json_line("progress", summary) if log_format == "json" else _so_far(summary))

    return update


@contextmanager
def _bar(console: Console) -> Iterator[Update]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), BarColumn(bar_width=24), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, refresh_per_second=REFRESHES_PER_S) as bar:
        task = bar.add_task("reading …", total=None)

        def update(summary: Summary) -> None:
            told = _so_far(summary)
            bar.update(task, description=told, completed=summary.bytes_read, total=summary.bytes_total)

        yield update


def _so_far(summary: Summary) -> str:
    seconds = max(summary.seconds, 1e-9)
    why = ", ".join(f"{n:,} {name_of(code, summary.names)}" for code, n in summary.reasons.most_common(3))
    return (
        f"{_share(summary)}{summary.read:,} documents, {summary.read / seconds:,.0f}/s, "
        f"{summary.bytes_read / 1e6 / seconds:.1f} MB/s; kept {summary.kept:,}" + (f"; not kept: {why}" if why else "")
    )


def _share(summary: Summary) -> str:
    """Return how much of the input is read, rounded down, and how long the rest takes; nothing where nobody knows."""
    if not summary.bytes_total or not summary.bytes_read:
        return ""
    share = min(100, 100 * summary.bytes_read // summary.bytes_total)
    left = seconds_left(summary)
    return f"{share}%, " if left is None else f"{share}%, {told_time(left)} left, "


def seconds_left(summary: Summary) -> float | None:
    """Return how long the rest of a run takes at the speed so far; None where the size of the input is not known."""
    if not summary.bytes_total or not summary.bytes_read:
        return None
    return summary.seconds * max(0, summary.bytes_total - summary.bytes_read) / summary.bytes_read


def told_time(seconds: float) -> str:
    """Return a time for a person, as exact as an estimate is.

    >>> told_time(7.2), told_time(200), told_time(9000)
    ('8 s', '4 min', '2 h 30 min')
    """
    if seconds < 60:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
