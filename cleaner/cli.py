"""The command line: each command reads its options, calls one function of the library and prints."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any

import click

from cleaner import __version__
from cleaner.check.command import check
from cleaner.errors import CleanerError
from cleaner.index.command import index
from cleaner.learn.command import learn
from cleaner.options import config_options, configured, console
from cleaner.runner.command import clean

INTERRUPTED = 130
WRONG_USE = 2


class Group(click.Group):
    """A group that ends with a clear sentence where something that a user can mend went wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CleanerError as error:
            click.echo(f"cleaner: {error}", err=True)
            ctx.exit(WRONG_USE)
        except BrokenPipeError:
            # Whoever read our output has enough. Python would complain once more when it closes the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except KeyboardInterrupt as interrupt:
            click.echo(f"cleaner: interrupted{interrupt}", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cleaner")
def main() -> None:
    """Turn scraped web pages and text dumps into a clean, deduplicated, explained corpus.

    \b
    cleaner demo                                 see it work, on samples of its own
    cleaner clean pages/ -o corpus.jsonl         clean a folder of pages
    cleaner explain pages/a.html                 see what goes out of one page, and why
    cleaner rule BP101                           read about one rule
    """


for command in (clean, check, learn, index):
    main.add_command(command)


@main.command()
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

    result = one_result(path, id_, configured(**options))
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


@main.command()
@click.argument("cleaned", metavar="CLEANED", type=click.Path(exists=True, dir_okay=False))
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
    """Give the texts of a cleaned corpus (JSONL or Parquet) as they came in.

    For a page, that is the text that was taken out of it.
    """
    from cleaner.runner.undo import undo_file

    number = undo_file(cleaned, ledger, out)
    click.echo(f"{number:,} texts as they came in", err=True)


@main.command()
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Tell all there is to know of every rule.")
@click.option(
    "--output-format",
    "format_",
    type=click.Choice(["json", "markdown"]),
    help="How --all tells it (markdown).",
)
@click.option(
    "--config",
    "config_file",
    type=click.Path(exists=True, dir_okay=False),
    help="cleaner.toml or pyproject.toml, for its packs; the nearest one is found by itself.",
)
def rule(code: str | None, every: bool, format_: str | None, config_file: str | None) -> None:
    """Tell what a rule finds, why, when it is wrong, and how to turn it off.

    CODE is a rule's code or name, or the beginning of codes, such as BP, which lists the family. Without it, all are
    listed.
    """
    from cleaner.report.rules import print_named, print_rules, rules_as_json, rules_as_markdown
    from cleaner.rules import catalog

    if format_ and not every:
        raise click.UsageError("--output-format goes with --all")

    if every:
        if code:
            raise click.UsageError(f"--all tells of every rule: leave {code} away")
        click.echo(rules_as_json() if format_ == "json" else rules_as_markdown(), nl=False)
        return
    screen = console(stderr=False)
    packs = configured(config_file).packs
    if code:
        print_named(screen, code, packs)
    else:
        print_rules(screen, catalog(packs))


@main.command()
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
            f"\n[bold]{escape(out)}[/]  [dim]the corpus, with what was not kept, the edits and a manifest beside it[/]"
        )
    screen.print("\n[dim]next:[/] cleaner clean YOUR_FOLDER/ -o corpus.jsonl")
