"""The command `cleaner clean`. Nothing heavy is imported before it runs."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.around_run import print_written, tell_before
from cleaner.cli.learn import learned_config
from cleaner.cli.options import (
    SHARD_FORMAT,
    SHARD_SIZE,
    SHOW_FILES,
    SHOW_SETTINGS,
    SKIP,
    TIMEOUT,
    config_options,
    configuration_of,
    configurations_asked_for,
    settings_told,
    similarity_options,
)
from cleaner.inert import inert
from cleaner.report.screen import console, give, give_data, say

if TYPE_CHECKING:
    from cleaner.account.report import Report
    from cleaner.account.summary import Summary
    from cleaner.config import Config
    from cleaner.runner.gates import Gate
    from cleaner.runner.run import Run

GATE_BROKEN = 1
GOES_ON = "; the same command goes on from here, and what stood in the output is untouched"


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    metavar="OUT",
    help="corpus.jsonl, .csv or .tsv, also as .gz and .zst, .parquet or .arrow; a folder/ for texts; - for a pipe.",
)
@config_options
@SKIP
@similarity_options("0.7", "5")
@click.option(
    "--passages",
    type=click.IntRange(2),
    metavar="N",
    help="Take a paragraph that N kept texts have, word for word, out of all but the first, such as 3 (none). With an "
    "--index, those of former corpora count.",
)
@click.option("--passages-over-half", is_flag=True, default=None, help="Also where a text loses more than half by it.")
@click.option(
    "--keep",
    metavar="POLICY",
    help="Which of several alike stays: first, longest, newest, or a field's name for the highest (first).",
)
@click.option("--excluded", metavar="FILE", help="Where records go that are not kept (OUT.excluded.jsonl).")
@click.option("--ledger", metavar="FILE", help="Where the edits are written down (OUT.ledger.jsonl).")
@click.option("--duplicates", metavar="FILE", help="Where to write the pairs of near-duplicates that decided.")
@click.option(
    "--groups",
    metavar="FILE",
    help="Where to write each kept text with those that went for it, and which were not compared with all (.jsonl).",
)
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
@click.option("--workers", type=click.IntRange(1), help="Processes that clean (as many as cores and memory allow).")
@TIMEOUT
@click.option("--no-follow-links", is_flag=True, help="Pass over links in folders; those to folders always are.")
@click.option(
    "--input-format",
    type=click.Choice(["text", "page", "jsonl", "json", "csv", "tsv", "parquet", "arrow", "warc"]),
    help="What all inputs are, whatever their endings say; a file of an unknown ending is refused without it.",
)
@SHARD_SIZE
@SHARD_FORMAT
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after N records.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    metavar="N",
    help="Read all, and clean N records drawn from it at random, each as likely as any other: what would a run give?",
)
@click.option(
    "--seed", type=click.IntRange(0), metavar="N", help="With --sample: another number draws other records (0)."
)
@click.option(
    "--work-dir",
    type=click.Path(exists=True, file_okay=False, writable=True),
    metavar="DIR",
    help="Where unfinished work lies, on this machine (beside OUT; for OUT elsewhere the current folder).",
)
@click.option("--dry-run", is_flag=True, help="Do everything but write; a --report is written.")
@click.option("--restart", is_flag=True, help="Begin anew where an interrupted run left its state.")
@click.option(
    "--fail-if",
    "gates",
    multiple=True,
    metavar="GATE",
    help="Exit with 1 when this holds at the end: 'excluded > 40%', 'bad-json > 0'. A rule that edits counts its edits "
    "in the kept texts: 'MJ101 > 100'.",
)
@click.option("--max-unreadable", metavar="N|N%", help="Exit with 1 when more records than this cannot be read.")
@click.option(
    "--max-lost",
    type=click.IntRange(0),
    metavar="N",
    help="Exit with 1 when the kept texts have more places than this where a letter is lost (U+FFFD, caf?s).",
)
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
@SHOW_SETTINGS
@SHOW_FILES
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what went wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Say before the run what it goes by, and the room that it needs.")
def clean(inputs: tuple[str, ...], out: str, **given: Any) -> None:
    """Clean files, folders, globs, @list.txt or - into a corpus.

    Reads .txt .md .html .jsonl .json .csv .tsv .parquet .arrow .warc .wet .arc, with .gz or .zst, also at s3://, gs://,
    az://, hf:// (folders and globs) and https:// (what is named), with pip install
    'webtext-cleaner[cloud]'; OUT may lie in a bucket, too.
    Beside OUT stand its excluded records, its
    manifest and its ledger, from which `cleaner undo` gives every text as it came in. A run that was
    interrupted goes on when the same command is given again.

    \b
    cleaner clean pages/ -o corpus.jsonl
    cleaner clean crawl.warc.gz -o corpus.parquet --language fr,en
    cleaner clean crawl/ -o corpus/ --shard-size 500MB
    cat pages.jsonl | cleaner clean - -o - --html-field body > corpus.jsonl
    cleaner clean 's3://crawl/2026/*.warc.gz' -o s3://bucket/corpus.jsonl.zst --work-dir /scratch
    """
    asked = _Asked(**{name: given.pop(name) for name in _Asked.__dataclass_fields__})
    places = {name: given.pop(name) for name in ("excluded", "ledger", "duplicates", "groups")}
    asked.refuse_what_does_not_go_together()
    config_file, isolated = given.pop("config_file"), given.pop("isolated")
    configurations = configurations_asked_for(config_file, isolated, **given)
    path = configuration_of(inputs, configurations)
    config = configurations.read(path)
    if given["passages_over_half"] and not config.passages:
        raise click.UsageError("--passages-over-half is about --passages, and there are none")
    if asked.show_settings or asked.show_files:
        run = asked.run(inputs, out, config, places)
        if asked.show_settings:
            give(settings_told(path, config))
        else:
            give_data("".join(f"{name}\n" for name in run.files().paths).encode("utf-8", "surrogateescape"))
        return
    conditions = asked.conditions(config)
    if asked.engine == "spark":
        asked.refuse_what_spark_has_not(conditions, places, config)
        summary = _clean_on_spark(inputs, out, config, places["excluded"], asked)
    else:
        run = asked.run(inputs, out, config, places)
        if not asked.quiet:
            tell_before(run, path, verbose=asked.verbose)
        summary = _clean_here(run, asked)
    _break_gates(conditions, summary)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line says beside inputs, output and configuration."""

    index: str | None
    read_only: bool
    report: str | None
    learns: bool
    workers: int | None
    timeout_s: float
    no_follow_links: bool
    input_format: str | None
    shard_size: str | None
    shard_format: str | None
    limit: int | None
    sample: int | None
    seed: int | None
    work_dir: str | None
    dry_run: bool
    restart: bool
    gates: tuple[str, ...]
    max_unreadable: str | None
    max_lost: int | None
    bar: str
    log_format: str
    engine: str
    master: str | None
    remote: str | None
    show_settings: bool
    show_files: bool
    quiet: bool
    verbose: bool

    def refuse_what_does_not_go_together(self) -> None:
        if self.read_only and self.index is None:
            raise click.UsageError("--read-only is about an --index, and there is none")
        if self.engine == "local" and (self.master or self.remote):
            raise click.UsageError("--master and --remote are about --engine spark")
        if self.seed is not None and self.sample is None:
            raise click.UsageError("--seed is about a --sample, and there is none")
        if self.limit is not None and self.sample is not None:
            raise click.UsageError("--limit takes the first records and --sample draws from all: choose one")
        if self.quiet and self.verbose:
            raise click.UsageError("--quiet says less and --verbose more: choose one")

    def conditions(self, config: Config) -> list[Gate]:
        from cleaner.runner.gates import most_lost, most_unreadable, parse_gate

        found = [parse_gate(gate, config.catalog()) for gate in self.gates]
        found += [most_unreadable(self.max_unreadable)] if self.max_unreadable else []
        return found + ([most_lost(str(self.max_lost))] if self.max_lost is not None else [])

    def refuse_what_spark_has_not(self, conditions: list[Gate], places: dict[str, str | None], config: Config) -> None:
        if edits := [gate.text for gate in conditions if gate.counts_edits]:
            asked = f"--fail-if {edits[0]!r}" if edits[0] in self.gates else "--max-lost"
            raise click.UsageError(f"{asked}: --engine spark counts no edits")
        here_alone = {
            "ledger": places["ledger"],
            "duplicates": places["duplicates"],
            "groups": places["groups"],
            "learn": self.learns,
            "skip": config.skip,
        }
        names = (
            "index",
            "report",
            "workers",
            "no_follow_links",
            "input_format",
            "limit",
            "sample",
            "work_dir",
            "dry_run",
            "restart",
            "shard_size",
            "shard_format",
        )
        here_alone |= {name: getattr(self, name) for name in names}
        if given := [f"--{name.replace('_', '-')}" for name, value in here_alone.items() if value]:
            raise click.UsageError(f"{', '.join(given)}: not with --engine spark")

    def run(self, inputs: tuple[str, ...], out: str, config: Config, places: dict[str, str | None]) -> Run:
        from cleaner.corpus.shards import parts_asked_for
        from cleaner.runner.cores import means
        from cleaner.runner.run import Run

        index = self.index
        if self.dry_run and not self.read_only and index and not _exists(index):
            index = None  # the run would make it, and find nothing in it
        return Run(
            inputs,
            out,
            config,
            **places,
            workers=means(self.workers).workers,
            timeout_s=self.timeout_s,
            follow_links=not self.no_follow_links,
            input_format=self.input_format,
            parts=parts_asked_for(self.shard_size, self.shard_format),
            limit=self.limit,
            sample=self.sample,
            seed=self.seed or 0,
            work_dir=self.work_dir,
            dry_run=self.dry_run,
            restart=self.restart,
            index=index,
            read_only=self.read_only or self.dry_run,
            report=None if self.report is None else _report(self.report),
        )


def _exists(index: str) -> bool:
    from cleaner.dedup.server import is_address

    return is_address(index) or os.path.exists(index)


def _report(path: str) -> Report:
    from cleaner.report.run_report import RunReport

    return RunReport(path)


def _clean_here(run: Run, asked: _Asked) -> Summary:
    from cleaner.report.progress import json_line, shown_progress
    from cleaner.report.summary import print_summary
    from cleaner.runner.cores import means

    signal.signal(signal.SIGTERM, _interrupt)
    if asked.log_format == "json" and not asked.quiet:
        say(json.dumps({"event": "begins", **means(asked.workers).told()}))
    bar = "never" if asked.quiet else asked.bar
    try:
        if asked.learns:
            with shown_progress(bar, asked.log_format) as update:
                run = run.with_config(learned_config(run, update, quiet=asked.quiet))
        with shown_progress(bar, asked.log_format) as update:
            summary = run(update, lambda records: _tell_goes_on(records, asked))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(GOES_ON if run.can_go_on else "") from None
    if asked.quiet:
        return summary
    if asked.log_format == "json":
        say(json_line("finished", summary))
    else:
        print_summary(console(), summary, dry_run=run.dry_run)
        if not run.dry_run:
            print_written(run)
    return summary


def _tell_goes_on(records: int, asked: _Asked) -> None:
    if asked.quiet:
        return
    if asked.log_format == "json":
        say(json.dumps({"event": "goes on", "records": records}))
    else:
        say(f"cleaner: a run that was interrupted goes on after {records:,} records")


def _break_gates(conditions: list[Gate], summary: Summary) -> None:
    broken = [why for gate in conditions if (why := gate.broken(summary))]
    for why in broken:
        say(f"cleaner: the run broke a gate: {why}")
    if broken:
        raise SystemExit(GATE_BROKEN)


def _clean_on_spark(
    inputs: tuple[str, ...],
    out: str,
    config: Config,
    excluded: str | None,
    asked: _Asked,
) -> Summary:
    from rich.markup import escape

    from cleaner.report.summary import print_summary

    try:
        from cleaner.integrations.spark.engine import SparkRun
        from cleaner.integrations.spark.session import session
    except ImportError as error:
        raise click.UsageError(f"--engine spark needs pip install 'webtext-cleaner[spark]': {error}") from error
    run = SparkRun(inputs, out, config, excluded, asked.timeout_s)
    spark = session(master=asked.master, remote=asked.remote)
    try:
        summary = run(spark)
    finally:
        spark.stop()
    screen = console()
    print_summary(screen, summary)
    screen.print()
    whats = ("the corpus", "what was not kept, and why", "what Spark noted on its way; nothing needs it any more")
    for place, what in zip((*run.outputs(), run.work_dir), whats, strict=True):
        screen.print(f"[bold]{escape(inert(place))}[/]  [dim]{what}[/]", soft_wrap=True)
    return summary


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
