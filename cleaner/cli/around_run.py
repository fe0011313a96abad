"""What `cleaner clean` says before a run and after it."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from cleaner.inert import inert
from cleaner.report.screen import console, say

if TYPE_CHECKING:
    from pathlib import Path

    from cleaner.runner.run import Run

HELP_WITH_ROOM = (
    "make room and give the same command again, or write elsewhere (-o), or leave the ledger away (--ledger /dev/null)"
)


def tell_before(run: Run, config_file: Path | None, *, verbose: bool) -> None:
    """Say of links that lead out of the folders, warn where the disk may be too small; when asked to, say more."""
    if reads_once(run):
        return
    from cleaner.remote.address import is_address
    from cleaner.runner.room import room_for

    files = run.files()
    paths = files.paths
    _tell_links(files.links_out)
    if run.dry_run:
        return
    room = room_for(paths, run.out if run.work_dir is None and not is_address(run.out) else str(run.workplace_path))
    if verbose:
        say(f"configuration: {config_file or 'none, all as it comes'}")
        say(f"{len(paths):,} files to read, {run.workers} workers")
    if room is None:
        return
    needs = f"this run needs up to {_bytes(room.needed)} in {room.folder}, and {_bytes(room.free)} are free"
    if room.free < room.needed:
        say(f"cleaner: {needs}. Where the disk fills, it stops and loses nothing: {HELP_WITH_ROOM}")
    elif verbose:
        say(needs)


def _tell_links(links: tuple[str, ...]) -> None:
    if links:
        more = f" (and {len(links) - 1:,} more)" if len(links) > 1 else ""
        say(f"cleaner: {links[0]}{more} is a link out of its folder, and is read; --no-follow-links passes over links")


def reads_once(run: Run) -> bool:
    """Tell whether something of the input can be read once alone, and so not be looked at before."""
    from cleaner.corpus.inputs import reads_standard_input

    return reads_standard_input(run.inputs, as_list=True)


def _bytes(number: int) -> str:
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.1f} MB"


def print_written(run: Run) -> None:
    """Print the files that a run has written, each with what it is, and what to do next."""
    from rich.markup import escape

    from cleaner.corpus.output import STANDARD_OUTPUT, format_of_output

    screen = console()
    screen.print()
    outputs = run.outputs()
    for kind, path in outputs._replace(manifest=None).places():
        if path != STANDARD_OUTPUT:
            told = "the report as data" if kind.name == "report" and path.endswith(".json") else kind.told
            screen.print(f"[bold]{escape(inert(path))}[/]  [dim]{told}[/]", soft_wrap=True)
    first = next((name for name in run.inputs if os.path.isfile(name)), None)
    is_one_file = outputs.corpus != STANDARD_OUTPUT and format_of_output(outputs.corpus) != "folder"
    if outputs.ledger and (run.parts is not None or is_one_file):
        next_ = f"cleaner undo {quote(outputs.corpus)} --ledger {quote(outputs.ledger)} -o undone.jsonl"
        screen.print(f"[dim]next:[/] {escape(inert(next_))}", soft_wrap=True)
    elif first:
        screen.print(f"[dim]next:[/] {escape(inert(f'cleaner explain {quote(first)}'))}", soft_wrap=True)
