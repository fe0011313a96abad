"""The command `cleaner explain`. Nothing heavy is imported before it runs."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.options import config_options, configurations_asked_for, configured
from cleaner.inert import inert
from cleaner.report.screen import console, give, give_data

if TYPE_CHECKING:
    from cleaner.config import Config
    from cleaner.corpus.record import Unreadable
    from cleaner.pipeline import Result


@click.command()
@click.argument("path", metavar="PATH", required=False)
@config_options
@click.option(
    "--pair",
    nargs=2,
    metavar="A B",
    help="How two texts differ, and how alike they are: ids of PATH or the excluded records beside it, or two files.",
)
@click.option("--id", "id_", metavar="ID", help="Which record, where the file holds many (the first).")
@click.option("--html", is_flag=True, help="Give a page: open it in the browser, or write it where output goes.")
@click.option("--diff", is_flag=True, help="Show what changes as a unified diff.")
@click.option("--only-changes", is_flag=True, help="Go through all documents, and show those that change or go.")
def explain(
    path: str | None,
    pair: tuple[str, str] | None,
    id_: str | None,
    html: bool,
    diff: bool,
    only_changes: bool,
    **options: Any,
) -> None:
    """Show a document as a person reads it: what stays, what goes, and why.

    PATH is a file, FILE:LINE for a record of a JSONL file, or a folder, whose documents come one after the other, on a
    terminal in a pager. What goes as a duplicate is told by `cleaner clean`; --pair then shows how it differs from the
    text that is kept.

    \b
    cleaner explain pages/a.html
    cleaner explain corpus.jsonl:12 --diff
    cleaner explain pages/ --only-changes
    cleaner explain corpus.jsonl --pair kept-id removed-id
    cleaner explain --pair a.txt b.txt
    """
    if pair is not None:
        if html or diff or only_changes or id_ is not None:
            raise click.UsageError("--pair shows two texts, and goes with no other way to show one")
        _show_pair(path, pair, options)
        return
    if path is None:
        raise click.UsageError("Missing argument 'PATH'.")
    many = os.path.isdir(path) or only_changes
    if html and (many or diff):
        raise click.UsageError("--html shows one document, and not as a diff")
    if many and id_ is not None:
        raise click.UsageError("--id is about one record of a file")
    if many:
        click.echo_via_pager(_told(path, configurations_asked_for(**options).of, diff, only_changes))
        return
    from cleaner.report.document import print_result
    from cleaner.runner.one import file_of, one_result

    config = configured([file_of(path)], **options)
    result = one_result(path, id_, config)
    if html:
        _show_page(result)
    elif diff:
        give_data(_as_diff(result).encode("utf-8", "surrogateescape"))
    else:
        print_result(console(stderr=False), result)


def _show_pair(path: str | None, pair: tuple[str, str], options: dict[str, Any]) -> None:
    """Show two texts, those of a run by the configuration of the run."""
    from cleaner.report.pair import print_pair
    from cleaner.runner.one import files_of_run, one_result, two_of_run

    if path is None:
        config = configured(pair, **options)
        left, right = (one_result(one, None, config) for one in pair)
    else:
        files = files_of_run(path)
        if files.manifest is None or options["config_file"] or options["isolated"]:
            config = configured([path], **options)
        else:
            config = configurations_asked_for(**options).read(Path(files.manifest))
        left, right = two_of_run(files, pair, config)
    print_pair(console(stderr=False), left, right, config)


def _told(path: str, config_of: Callable[[str], Config], diff: bool, only_changes: bool) -> Iterator[str]:
    """Yield each document of a folder or file as it is shown, each by the configuration of its file."""
    from cleaner.corpus.record import Unreadable
    from cleaner.runner.one import every_result

    shown = number = 0
    for result in every_result(path, config_of):
        number += 1
        if only_changes and not isinstance(result, Unreadable) and not _changes(result):
            continue
        shown += 1
        yield _as_diff(result) if diff and not isinstance(result, Unreadable) else _as_text(result)
    if not diff:
        yield f"{shown:,} of {number:,} documents" if only_changes else f"{number:,} documents"


def _changes(result: Result) -> bool:
    return result.dropped is not None or result.text != result.source_text


def _as_text(result: Result | Unreadable) -> str:
    from cleaner.corpus.record import Unreadable
    from cleaner.report.document import print_result

    screen = console(stderr=False)
    with screen.capture() as captured:
        if isinstance(result, Unreadable):
            screen.print(f"{inert(result.id)}\n{result.dropped.code} {inert(result.dropped.message)}", markup=False)
        else:
            print_result(screen, result)
        screen.rule(style="dim", characters="─") if screen.is_terminal else screen.print()
    return captured.get()


def _as_diff(result: Result) -> str:
    """Return the change of a document as a unified diff, in colours on a terminal."""
    from cleaner.check.diff import heading, unified
    from cleaner.check.formats.colour import for_output
    from cleaner.check.origins import replacements

    told = unified(result.source_text, replacements(result.source_text, result.steps))
    told = heading(result.id.lstrip("/")) + told if told else ""
    return for_output(told)


def _show_page(result: Any) -> None:
    """Write the page to standard output; on a terminal, where nobody could read it, open it in the browser."""
    from cleaner.report.explained import explain_page

    page = explain_page(result).encode()
    if not sys.stdout.isatty():
        give_data(page)
        return
    with tempfile.NamedTemporaryFile(prefix="cleaner-", suffix=".html", delete=False) as file:
        file.write(page)
    give(f"{file.name}\n")
    click.launch(file.name)
