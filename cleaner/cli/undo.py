"""The command `cleaner undo`. Nothing heavy is imported before it runs."""

from __future__ import annotations

import os

import click

from cleaner.report.screen import say


def _there(context: click.Context, parameter: click.Parameter, path: str) -> str:
    """Refuse a file of this machine that is not there."""
    from cleaner.remote.address import is_address

    if not is_address(path) and not os.path.exists(path):
        raise click.BadParameter(f"File {path!r} does not exist.")
    return path


@click.command()
@click.argument("cleaned", metavar="CLEANED", type=click.Path(), callback=_there)
@click.option(
    "--ledger",
    "ledger",
    required=True,
    type=click.Path(dir_okay=False),
    callback=_there,
    metavar="L",
    help="The ledger that the run wrote.",
)
@click.option("-o", "--output", "out", default="-", metavar="OUT", help="Where to; standard output unless named.")
def undo(cleaned: str, ledger: str, out: str) -> None:
    """Return the texts of a cleaned corpus (JSONL, CSV, TSV or Parquet, or a folder of parts) as they came in.

    All three may lie in a bucket (s3://…), with pip install 'webtext-cleaner[cloud]'.

    For a page, that is the text that was taken out of it.
    """
    from cleaner.runner.undo import undo_file

    number = undo_file(cleaned, ledger, out)
    say(f"{number:,} texts as they came in")
