"""The command `cleaner demo`. Nothing heavy is imported before it runs."""

from __future__ import annotations

import click

from cleaner.inert import inert
from cleaner.report.screen import console


@click.command()
@click.option("-o", "--output", "out", metavar="OUT", help="Keep the corpus, too; by default nothing is written.")
def demo(out: str | None) -> None:
    """Clean the samples that come with cleaner, and show one of them with its edits."""
    from rich.markup import escape

    from cleaner.report.document import print_result
    from cleaner.report.summary import print_summary
    from cleaner.runner.one import one_result, samples_folder
    from cleaner.runner.run import Run

    screen = console(stderr=False)
    with samples_folder() as folder:
        run = Run((str(folder),), out or "demo.jsonl", dry_run=out is None)
        summary = run()
        print_result(screen, one_result(str(folder / "fr" / "doubled-headline.txt")))
        screen.print()
    print_summary(screen, summary, dry_run=out is None)
    if out:
        screen.print(
            f"\n[bold]{escape(inert(out))}[/]  "
            "[dim]the corpus, with what was not kept, the edits and a manifest beside it[/]"
        )
    screen.print("\n[dim]next:[/] cleaner clean YOUR_FOLDER/ -o corpus.jsonl")
