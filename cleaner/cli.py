"""The command line: each command reads its options, calls one function of the library and prints."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner import __version__
from cleaner.check.command import check
from cleaner.errors import CleanerError
from cleaner.index.command import index_command
from cleaner.learn.command import learn_command, learned_config

if TYPE_CHECKING:
    from rich.console import Console

    from cleaner.config import Config
    from cleaner.runner.gates import Gate
    from cleaner.runner.summary import Summary

INTERRUPTED = 130
GATE_BROKEN = 1
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
        except KeyboardInterrupt:
            goes_on = "; the same command goes on from here, and what stood in the output is untouched"
            click.echo("cleaner: interrupted" + goes_on * (ctx.invoked_subcommand == "clean"), err=True)
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


def _config_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option(
                "--config",
                "config_file",
                type=click.Path(exists=True, dir_okay=False),
                help="cleaner.toml or pyproject.toml; the nearest one is found by itself.",
            ),
            click.option(
                "--select",
                metavar="RULES",
                multiple=True,
                help="Run these rules alone: codes (BP101), prefixes (BP) or names, with commas between.",
            ),
            click.option("--ignore", metavar="RULES", multiple=True, help="Do not run these rules."),
            click.option(
                "--language",
                "languages",
                metavar="CODES",
                multiple=True,
                help="Keep texts in these languages alone: fr,en.",
            ),
            click.option(
                "--site-lines",
                type=click.Path(exists=True, dir_okay=False, resolve_path=True),
                metavar="FILE",
                help="Lines that sites repeat, as `cleaner learn` wrote them.",
            ),
            click.option("--min-words", type=click.IntRange(0), help="Exclude texts with fewer words (0)."),
            click.option("--text-field", metavar="NAME", help="Where records have their text (text)."),
            click.option("--html-field", metavar="NAME", help="Where records have their page (html)."),
            click.option("--url-field", metavar="NAME", help="Where records have their address (url)."),
            click.option("--id-field", metavar="NAME", help="Where records have their id (id)."),
        )
    ):
        command = option(command)
    return command


def _config(config_file: str | None, **given: Any) -> Config:
    """Give the configuration of the file, or the nearest one, with what the command line says on top."""
    from cleaner.config import Config, find_config, load_config

    path = Path(config_file) if config_file else find_config(Path.cwd())
    config = load_config(path) if path else Config()
    changes: dict[str, Any] = {}
    for key, value in given.items():
        if isinstance(value, tuple):
            if value:
                changes[key] = tuple(part.strip() for item in value for part in item.split(",") if part.strip())
        elif value is not None:
            changes[key] = value
    config = replace(config, **changes)
    config.pipeline()
    return config


def _console(*, stderr: bool = True, terminal: bool | None = None) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False, force_terminal=terminal)


@main.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    metavar="OUT",
    help="corpus.jsonl, .jsonl.gz, .jsonl.zst or .parquet; a folder/ for text files; - for standard output.",
)
@_config_options
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    help="Similarity from which a text is a near-duplicate (0.7).",
)
@click.option("--ngram", type=click.IntRange(1), help="Words in a shingle, the unit of comparison (5).")
@click.option(
    "--keep",
    metavar="POLICY",
    help="Which of several alike stays: first, longest, newest, or a field's name for the highest (first).",
)
@click.option("--excluded", metavar="FILE", help="Where records go that are not kept (OUT.excluded.jsonl).")
@click.option("--ledger", metavar="FILE", help="Where the edits are written down (OUT.ledger.jsonl).")
@click.option("--duplicates", metavar="FILE", help="Where to write the pairs of near-duplicates that decided.")
@click.option(
    "--index",
    metavar="INDEX",
    help="A near-duplicate index of former corpora, a file or redis://: leave out what is like a text in it, "
    "and add what is kept.",
)
@click.option("--read-only", is_flag=True, help="Add nothing to the --index.")
@click.option("--report", metavar="FILE", help="A page that shows the run (.html), or the same as data (.json).")
@click.option(
    "--learn",
    "learns",
    is_flag=True,
    help="First learn the lines that sites repeat on their pages, into OUT.site-lines.json.",
)
@click.option("--workers", type=click.IntRange(1), help="Processes that clean (all cores).")
@click.option(
    "--timeout-s",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Give a record up after this long.",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after N records.")
@click.option("--dry-run", is_flag=True, help="Do everything but write; a --report is written.")
@click.option("--restart", is_flag=True, help="Begin anew where an interrupted run left its state.")
@click.option(
    "--fail-if",
    "gates",
    multiple=True,
    metavar="GATE",
    help="Exit with 1 when this holds at the end: 'excluded > 40%'.",
)
@click.option("--max-unreadable", metavar="N|N%", help="Exit with 1 when more records than this cannot be read.")
@click.option(
    "--progress",
    "bar",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Show a bar; auto shows it on a terminal, and a line a minute elsewhere.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the line a minute and the summary look where there is no bar.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where the work is done: on this machine, or by Spark, which reads and writes folders of .jsonl or .parquet.",
)
@click.option("--master", metavar="URL", help="With --engine spark: the cluster, spark://… or yarn (this machine).")
@click.option("--remote", metavar="URL", help="With --engine spark: a Spark Connect server, sc://….")
def clean(
    inputs: tuple[str, ...],
    out: str,
    excluded: str | None,
    ledger: str | None,
    duplicates: str | None,
    index: str | None,
    read_only: bool,
    report: str | None,
    learns: bool,
    workers: int | None,
    timeout_s: float,
    limit: int | None,
    dry_run: bool,
    restart: bool,
    gates: tuple[str, ...],
    max_unreadable: str | None,
    bar: str,
    log_format: str,
    engine: str,
    master: str | None,
    remote: str | None,
    **options: Any,
) -> None:
    """Clean files, folders, globs, @list.txt or - into a corpus.

    Reads .txt .md .html .jsonl .parquet .warc, with .gz or .zst. Beside OUT stand its excluded records, its
    manifest and its ledger, from which `cleaner undo` gives every text as it came in. A run that was
    interrupted goes on when the same command is given again.

    \b
    cleaner clean pages/ -o corpus.jsonl
    cleaner clean crawl.warc.gz -o corpus.parquet --language fr,en
    cat pages.jsonl | cleaner clean - -o - --html-field body > corpus.jsonl
    """
    from cleaner.report.progress import json_line, shown_progress
    from cleaner.report.summary import print_summary
    from cleaner.runner.gates import most_unreadable, parse_gate
    from cleaner.runner.run import Run

    if read_only and index is None:
        raise click.UsageError("--read-only is about an --index, and there is none")
    if engine == "local" and (master or remote):
        raise click.UsageError("--master and --remote are about --engine spark")
    conditions = [parse_gate(gate) for gate in gates]
    conditions += [most_unreadable(max_unreadable)] if max_unreadable else []
    if engine == "spark":
        local_alone = {
            "--ledger": ledger,
            "--duplicates": duplicates,
            "--index": index,
            "--report": report,
            "--workers": workers,
            "--limit": limit,
            "--dry-run": dry_run,
            "--restart": restart,
            "--learn": learns,
        }
        if given := [name for name, value in local_alone.items() if value]:
            raise click.UsageError(f"{', '.join(given)}: not with --engine spark")
        summary = _clean_on_spark(inputs, out, _config(**options), excluded, timeout_s, master, remote)
        _break_gates(conditions, summary)
        return
    run = Run(
        inputs,
        out,
        _config(**options),
        excluded,
        ledger,
        duplicates,
        workers or os.cpu_count() or 1,
        timeout_s,
        limit,
        dry_run,
        restart,
        index,
        read_only or dry_run,
        report,
    )
    signal.signal(signal.SIGTERM, _interrupt)
    if learns:
        with shown_progress(bar, log_format) as update:
            run = replace(run, config=learned_config(run, update))
    console = _console()
    with shown_progress(bar, log_format) as update:
        summary = run(update)
    if log_format == "json":
        click.echo(json_line("finished", summary), err=True)
    else:
        print_summary(console, summary, dry_run=dry_run)
        if not dry_run:
            _print_written(console, run)
    _break_gates(conditions, summary)


def _break_gates(conditions: list[Gate], summary: Summary) -> None:
    broken = [why for gate in conditions if (why := gate.broken(summary))]
    for why in broken:
        click.echo(f"cleaner: the run broke a gate: {why}", err=True)
    if broken:
        raise SystemExit(GATE_BROKEN)


def _clean_on_spark(
    inputs: tuple[str, ...],
    out: str,
    config: Config,
    excluded: str | None,
    timeout_s: float,
    master: str | None,
    remote: str | None,
) -> Summary:
    from cleaner.report.summary import print_summary

    try:
        from cleaner.integrations.spark.engine import SparkRun
        from cleaner.integrations.spark.session import session
    except ImportError as error:
        raise click.UsageError(f"--engine spark needs pip install 'webtext-cleaner[spark]': {error}") from error
    run = SparkRun(inputs, out, config, excluded, timeout_s)
    spark = session(master=master, remote=remote)
    try:
        summary = run(spark)
    finally:
        spark.stop()
    console = _console()
    print_summary(console, summary)
    console.print()
    whats = ("the corpus", "what was not kept, and why", "what Spark noted on its way; nothing needs it any more")
    for place, what in zip((*run.outputs(), run.work_dir), whats, strict=True):
        console.print(f"[bold]{place}[/]  [dim]{what}[/]", soft_wrap=True)
    return summary


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _print_written(console: Console, run: Any) -> None:
    out, excluded, ledger, duplicates, report = run.outputs()
    files = (
        (out, "the corpus"),
        (excluded, "what was not kept, and why"),
        (ledger, "every edit"),
        (duplicates, "the pairs that decided"),
        (report, "the page that shows the run" if str(report).endswith(".html") else "the report as data"),
    )
    console.print()
    for path, what in files:
        if path and path != "-":
            console.print(f"[bold]{path}[/]  [dim]{what}[/]", soft_wrap=True)
    first = next((name for name in run.inputs if os.path.isfile(name)), None)
    if ledger and out.endswith((".jsonl", ".gz", ".zst", ".parquet")):
        console.print(f"[dim]next:[/] cleaner undo {out} --ledger {ledger} -o undone.jsonl", soft_wrap=True)
    elif first:
        console.print(f"[dim]next:[/] cleaner explain {first}", soft_wrap=True)


main.add_command(check)
main.add_command(learn_command(_config_options, _config))
main.add_command(index_command(_config))


@main.command()
@click.argument("path", metavar="PATH")
@_config_options
@click.option("--id", "id_", metavar="ID", help="Which record, where the file holds many (the first).")
@click.option("--html", is_flag=True, help="Give a page: open it in the browser, or write it where output goes.")
def explain(path: str, id_: str | None, html: bool, **options: Any) -> None:
    """Show one document as a person reads it: what stays, what goes, and why.

    PATH is a file, or FILE:LINE for a record of a JSONL file.
    """
    from cleaner.report.document import print_result
    from cleaner.runner.one import one_result

    result = one_result(path, id_, _config(**options))
    if html:
        _show_page(result)
    else:
        print_result(_console(stderr=False), result)


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
    default="markdown",
    show_default=True,
    help="How --all tells it.",
)
def rule(code: str | None, every: bool, format_: str) -> None:
    """Tell what a rule finds, why, when it is wrong, and how to turn it off. Without CODE: list them all."""
    from cleaner.report.rules import print_rule, print_rules, rules_as_json, rules_as_markdown

    if every:
        if code:
            raise click.UsageError(f"--all tells of every rule: leave {code} away")
        click.echo(rules_as_json() if format_ == "json" else rules_as_markdown(), nl=False)
        return
    console = _console(stderr=False)
    if code:
        print_rule(console, code)
    else:
        print_rules(console)


@main.command()
@click.option("-o", "--output", "out", metavar="OUT", help="Keep the corpus, too; by default nothing is written.")
def demo(out: str | None) -> None:
    """Clean the samples that come with cleaner, and show one of them with its edits."""
    from cleaner.report.document import print_result
    from cleaner.report.summary import print_summary
    from cleaner.runner.one import one_result, samples_folder
    from cleaner.runner.run import Run

    console = _console()
    with samples_folder() as folder:
        run = Run((str(folder),), out or "demo.jsonl", dry_run=out is None)
        summary = run()
        print_result(console, one_result(str(folder / "fr" / "doubled-headline.txt")))
        console.print()
    print_summary(console, summary, dry_run=out is None)
    console.print("\n[dim]next:[/] cleaner clean YOUR_FOLDER/ -o corpus.jsonl")
