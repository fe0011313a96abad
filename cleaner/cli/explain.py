"""The command `cleaner explain`. Nothing heavy is imported before it runs."""

from __future__ import annotations

import sys
import tempfile
from typing import Any

import click

from cleaner.cli.options import config_options, configured, console


@click.command()
@click.argument("path", metavar="PATH")
@config_options
@click.option("--id", "id_", metavar="ID", help="Which record, where the file holds many (the first).")
@click.option("--html", is_flag=True, help="Give a page: open it in the browser, or write it where output goes.")
def explain(path: str, id_: str | None, html: bool, **options: Any) -> None:
    """Show one document as a person reads it: what stays, what goes, and why.

    PATH is a file, or FILE:LINE for a record of a JSONL file.
    """
    from cleaner.report.document import print_result
    from cleaner.runner.one import one_result

    result = one_result(path, id_, configured([path], **options))
    if html:
        _show_page(result)
    else:
        print_result(console(stderr=False), result)


def _show_page(result: Any) -> None:
    """Write the page to standard output; on a terminal, where nobody could read it, open it in the browser."""
    from cleaner.report.explained import explain_page

    page = explain_page(result).encode()
    if not sys.stdout.isatty():
        click.echo(page, nl=False)
        return
    with tempfile.NamedTemporaryFile(prefix="cleaner-", suffix=".html", delete=False) as file:
        file.write(page)
    click.echo(file.name)
    click.launch(file.name)
