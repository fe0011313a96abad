"""`cleaner explain --pair`: how alike two texts are, and what of one is not in the other, as a person reads it."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cleaner.config import Config
from cleaner.dedup.sketch import Sketch, Sketcher
from cleaner.dedup.verify import likeness
from cleaner.pipeline import Result
from cleaner.report.document import GONE, NEW
from cleaner.report.page.difference import Row, side_by_side
from cleaner.report.page.parts import counted, floored

# What is compared of each at most: some seconds where all differs.
MOST_CHARS = 500_000


def print_pair(console: Console, left: Result, right: Result, config: Config) -> None:
    """Print how alike two texts are, counted exactly, and how they differ: `[-first alone-]`, `{+second alone+}`."""
    console.print(
        Text(left.id, style="bold") + Text("  and  ", style="dim") + Text(right.id, style="bold"), soft_wrap=True
    )
    for line in _likeness(left, right, config):
        console.print(escape(line), soft_wrap=True)
    console.print()
    for row in side_by_side(left.plain_text, right.plain_text, MOST_CHARS):
        if row.alike:
            console.print(f"[dim]… {row.alike:,} characters alike …[/]")
        else:
            console.print(_marked(row), soft_wrap=True)
    if max(len(left.plain_text), len(right.plain_text)) >= MOST_CHARS:
        console.print(f"[dim]only the first {MOST_CHARS:,} characters of each are compared[/]")


def _likeness(left: Result, right: Result, config: Config) -> list[str]:
    """Say what the duplicate rules go by, counted exactly."""
    sketcher = Sketcher(config.threshold, config.ngram)
    sketches = sketcher.batch([left.plain_text, right.plain_text])
    found = likeness(*sketches)
    if sketches[0].exact == sketches[1].exact:
        first = "the same words (ND101)"
    else:
        over = "at or above" if found.similarity >= config.threshold else "under"
        first = f"{floored(found.similarity)} alike, {over} the threshold of {100 * config.threshold:.6g}% (ND102)"
    return [
        first,
        _held(found.left_held, left.id, sketches[0], right.id),
        _held(found.right_held, right.id, sketches[1], left.id),
    ]


def _held(share: float, one: str, sketch: Sketch, other: str) -> str:
    held = f"{round(share * sketch.size):,} of {counted(sketch.size, 'shingle')}"
    return f"{floored(share)} of {one}, {held}, stands in {other} (ND103)"


def _marked(row: Row) -> Text:
    """Return both sides of a row as one text: what is equal stands there once."""
    line, others = Text(), iter([*row.right, (False, "")])
    other = next(others)
    for differs, words in [*row.left, (False, "")]:
        if differs:
            line.append(f"[-{words}-]", style=GONE)
            continue
        if other[0]:
            line.append(f"{{+{other[1]}+}}", style=NEW)
            other = next(others)
        line.append(words)
        other = next(others, (False, ""))
    return line
