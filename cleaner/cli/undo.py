"""The command `cleaner undo`. Nothing heavy is imported before it runs."""

from __future__ import annotations

import click

from cleaner.report.screen import say


@click.command()
@click.argument("cleaned", metavar="CLEANED", type=click.Path(exists=True))
@click.option(
    "--ledger",
    "ledger",
    required=True,
    type=click.Path(exists=True, dir_okay=False),
    metavar="L",
    help="The ledger that the run wrote.",
)
@click.option("-o", "--output", "out", default="-", metavar="OUT", help="Where to; standard output unless named.")
def undo(cleaned: str, ledger: str, out: str) -> None:
    """Return the texts of a cleaned corpus (JSONL, CSV, TSV or Parquet, or a folder of parts) as they came in.

    For a page, that is the text that was taken out of it.
    """
    from cleaner.runner.undo import undo_file

    number = undo_file(cleaned, ledger, out)
    say(f"{number:,} texts as they came in")
