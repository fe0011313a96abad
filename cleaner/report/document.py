"""`cleaner explain`: one document as a person reads it, with what was taken out struck through and told why."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cleaner.document import BETWEEN_PARTS, Note, Tag
from cleaner.inert import inert
from cleaner.pipeline import Result
from cleaner.report.blocks import grouped, told
from cleaner.rules import name_of
from cleaner.trace import WHITE_SPACE, Span, trace

GONE = "red strike"
NEW = "bold green"
WHY = "dim italic"
# What is shown of a block that was left out.
_BLOCK_CHARS = 100


def print_result(console: Console, result: Result) -> None:
    """Print the document with its edits, and what was found out about it."""
    _print_head(console, result)
    notes: list[str] = []
    line = Text()
    places, offset = _places(result), 0  # the offset is that of the line's end in the source
    _print_place(console, places.get(0))
    for span in trace(result.source_text, result.steps):
        pieces = (span.source or span.text).split("\n")
        for index, piece in enumerate(pieces):
            if index:
                _print_line(console, line, notes)
                line, notes = Text(), []
                offset += 1 if span.source else 0
                _print_place(console, places.get(offset))
            _add(line, span, piece, first=index == 0)
            offset += len(piece) if span.source else 0
        if span.codes and not _quiet(span):
            place = max((i for i, piece in enumerate(pieces) if piece.strip()), default=0)
            if place == len(pieces) - 1:
                notes.append(_why(span, result.names))
            else:
                console.print(Text("    ") + Text(_why(span, result.names), style=WHY), soft_wrap=True)
    _print_line(console, line, notes)
    _print_counts(console, result)
    _print_blocks(console, result)


def _places(result: Result) -> dict[int, str]:
    """Return where in the source each text of a record begins that has several, with its place in the record."""
    found: dict[int, str] = {}
    start = 0
    for place, text in result.source_parts.items():
        found[start] = place
        start += len(text) + len(BETWEEN_PARTS)
    return found


def _print_place(console: Console, place: str | None) -> None:
    if place is not None:
        console.print(Text(inert(place), style="dim"), soft_wrap=True)


def _add(line: Text, span: Span, piece: str, *, first: bool) -> None:
    if not span.codes or _quiet(span):
        line.append(_inside(piece) if span.source else "")
        return
    line.append(_inside(piece) if span.source else "", style=GONE)
    if first and span.text:
        line.append(inert(span.text.strip("\n"), keep="\n\t"), style=NEW)


def _inside(piece: str) -> str:
    return inert(piece.removesuffix("\r"), keep="\t")


def _quiet(span: Span) -> bool:
    """Whether a reader does not want to see the edit: white space is only counted."""
    return all(code.startswith(WHITE_SPACE) for code in span.codes)


def _why(span: Span, names: Mapping[str, str]) -> str:
    codes = " ".join(f"{code} {name_of(code, names)}" for code in span.codes if not code.startswith(WHITE_SPACE))
    return f"↑ {codes}: {inert(span.message)}"


def _print_line(console: Console, line: Text, notes: list[str]) -> None:
    console.print(line, soft_wrap=True)
    for note in notes:
        console.print(Text("    " + note, style=WHY), soft_wrap=True)


def _print_head(console: Console, result: Result) -> None:
    console.print(Text(inert(result.id), style="bold"), soft_wrap=True)
    known = {"title": result.title, "url": result.document.url, **result.metadata}
    for key, value in known.items():
        if value:
            console.print(f"[dim]{escape(inert(key)):>9}[/]  {escape(inert(str(value)))}", soft_wrap=True)
    if result.language_score:
        console.print(f"[dim] language[/]  {result.language} ({_percent(result.language_score)})")
    if result.dropped is not None:
        code = result.dropped.code or ""
        console.print(
            f"[dim] verdict[/]   [bold red]dropped[/] {code} {name_of(code)}: {escape(inert(result.dropped.message))}"
        )
    else:
        console.print("[dim]  verdict[/]  [bold green]kept[/]")
    console.print()


def _percent(share: float) -> str:
    """Return a share in whole percent, rounded down: 100% is all of it."""
    return f"{math.floor(round(100 * share, 6))}%"


def _print_blocks(console: Console, result: Result) -> None:
    """Print the blocks of the page that were left out, what each was taken for, and what weighed most."""
    left_out = [block for block in result.blocks if not block.kept]
    if not result.blocks:
        return
    console.print()
    console.print(f"Of the page's {len(result.blocks):,} blocks {len(left_out):,} were left out:", style="dim")
    for group in grouped(result.blocks):
        if group[0].kept:
            continue
        line = Text(f"{group[0].kind:>13}  ", style="cyan")
        for number, block in enumerate(group):
            line.append(" · " if number else "")
            line.append(inert(block.text.replace("\n", " ")[:_BLOCK_CHARS]), style=GONE)
        line.append(f"  ({told(group)})", style=WHY)
        console.print(line, soft_wrap=True)


def _print_counts(console: Console, result: Result) -> None:
    console.print()
    rows = []
    for step in result.steps:
        if step.edits:
            rows.append((step.code, len(step.edits), sum(len(e.old) - len(e.new) for e in step.edits)))
    if not rows:
        console.print("Nothing was changed.", style="dim")
    totals: dict[str, tuple[int, int]] = {}
    for code, edits, chars in rows:
        known = totals.get(code, (0, 0))
        totals[code] = (known[0] + edits, known[1] + chars)
    for code, (edits, chars) in sorted(totals.items()):
        name, s = name_of(code, result.names), "s" if edits != 1 else " "
        console.print(f"[cyan]{code}[/] {name:20} {edits:4} edit{s}  {-chars:+,} characters")
    for step in result.steps:
        for note in step.findings:
            if isinstance(note, Note):
                line = result.text.count("\n", 0, note.start) + 1
                console.print(f"[cyan]{step.code}[/] line {line}: {escape(inert(note.message))}", soft_wrap=True)
    tags = [
        f"{finding.key}: {finding.value}"
        for step in result.steps
        for finding in step.findings
        if isinstance(finding, Tag) and not finding.key.startswith("language")
    ]
    for tag in dict.fromkeys(tags):
        console.print(f"[cyan]tag[/]   {escape(inert(tag))}")
