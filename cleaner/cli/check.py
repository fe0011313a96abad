"""The command `cleaner check`. Nothing heavy is imported before it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.options import (
    CONFIG,
    ISOLATED,
    LINE_MODEL,
    RECORDS_AT,
    SHOW_FILES,
    SHOW_SETTINGS,
    SKIP,
    TEXT_FIELD,
    configurations_asked_for,
    settings_told,
)
from cleaner.report.screen import give, give_data, give_json, say

if TYPE_CHECKING:
    from cleaner.check.linter import Outcome
    from cleaner.config_file import Configurations

FOUND = 1
WRONG_USE = 2
# The most entries of a baseline, of those that are found no more, that are told one by one.
STALE_TOLD = 5


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@CONFIG
@ISOLATED
@SHOW_SETTINGS
@SHOW_FILES
@click.option(
    "--select",
    metavar="RULES",
    multiple=True,
    help="Run these rules alone: codes (BP101), prefixes (BP) or names, with commas between.",
)
@click.option(
    "--extend-select",
    metavar="RULES",
    multiple=True,
    help="Run these rules, too, also where they are off: PD for the text of PDFs, LG103 for foreign paragraphs.",
)
@click.option("--ignore", metavar="RULES", multiple=True, help="Do not run these rules.")
@click.option("--language", "languages", metavar="CODES", multiple=True, help="Find texts in other languages: fr,en.")
@LINE_MODEL
@SKIP
@TEXT_FIELD
@RECORDS_AT
@click.option("--fix", is_flag=True, help="Mend what is safe to mend: letters, white space, doubled headlines.")
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="With --fix or --diff: also take out lines that are boilerplate, and write files in UTF-8 that are not.",
)
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--output-format",
    type=click.Choice(["auto", "concise", "full", "json", "github", "sarif"]),
    default="auto",
    show_default=True,
    help="How findings are told; auto is github in a GitHub action, else concise.",
)
@click.option("--statistics", "counts", is_flag=True, help="Tell how often each rule found something, and no more.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("-q", "--quiet", is_flag=True, help="Print the findings and nothing else.")
@click.option("--baseline", metavar="FILE", help="Findings that are known and not told.")
@click.option(
    "--write-baseline",
    is_flag=True,
    help="Write down what is found now as known, in --baseline (cleaner-baseline.json); what is not looked at stays.",
)
@click.option(
    "--stdin-filename",
    "stdin_as",
    metavar="FILE",
    help="Check standard input, as an editor has it, as if it were this file; with --fix it is printed as mended.",
)
@click.option(
    "--allow-empty", is_flag=True, help="A PATH may name no file to check, as in a hook; else that is wrong use."
)
@click.option("--workers", type=click.IntRange(1), help="Processes that check many files (all cores).")
def check(
    paths: tuple[str, ...],
    config_file: str | None,
    isolated: bool,
    show_settings: bool,
    show_files: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    output_format: str,
    counts: bool,
    exit_zero: bool,
    quiet: bool,
    baseline: str | None,
    write_baseline: bool,
    stdin_as: str | None,
    allow_empty: bool,
    workers: int | None,
    **rules: Any,
) -> None:
    """Find cruft, broken letters, doubled headlines and duplicates in files, like a linter.

    Reads .txt .md .html .jsonl .csv .tsv and .parquet, also as .gz and .zst, below the current folder unless PATHs are
    named; a JSON array where it is named. Exits with 0 where nothing is found, 1 where something is, 2 where it was
    asked wrongly.

    \b
    cleaner check corpus/
    cleaner check --fix docs/ README.md
    cleaner check --select ND .            duplicates alone
    cleaner check --write-baseline .       from now on, only what is new
    """
    from cleaner.check.baseline import DEFAULT_NAME, Known, read_baseline
    from cleaner.check.baseline import write_baseline as write_known
    from cleaner.check.linter import check as run
    from cleaner.check.linter import place_of_cache
    from cleaner.runner.cores import means

    _refuse_what_does_not_go_together(fix, diff, unsafe_fixes, counts and output_format != "auto")
    if stdin_as is not None and (write_baseline or set(paths) - {"-"}):
        raise click.UsageError("--stdin-filename checks standard input alone: leave the paths and baselines away")
    configurations = configurations_asked_for(config_file, isolated, **rules)
    if show_settings or show_files:
        _show(paths or (".",), stdin_as, configurations, show_files)
        return
    path = configurations.file_of(Path.cwd())
    config = configurations.read(path)
    baseline = baseline or config.baseline
    known = read_baseline(baseline) if baseline and not write_baseline else Known()
    outcome = run(
        paths or (".",),
        config,
        config_of=configurations.of,
        mode="fix" if fix else "diff" if diff else "look",
        unsafe=unsafe_fixes,
        known=known,
        workers=means(workers).workers,
        cache=None if stdin_as else place_of_cache(path),
        stdin_as=stdin_as,
    )
    if write_baseline:
        number = write_known(baseline or DEFAULT_NAME, outcome.diagnostics, outcome.looked_at)
        say(f"{number:,} findings are known now, in {baseline or DEFAULT_NAME}")
        outcome.diagnostics = []
    elif outcome.mended_input is not None:
        give_data(outcome.mended_input)
        _print(outcome, diff, counts, output_format, err=True)
    else:
        _print(outcome, diff, counts, output_format)
    _tell(outcome, quiet=quiet or write_baseline, diff=diff, unsafe=unsafe_fixes)
    if outcome.wrong or (outcome.empty and not allow_empty):
        raise SystemExit(WRONG_USE)
    if (outcome.diff if diff else outcome.diagnostics) and not exit_zero:
        raise SystemExit(FOUND)


def _show(paths: tuple[str, ...], stdin_as: str | None, configurations: Configurations, files: bool) -> None:
    """Print the files that would be checked, or the settings of each of their configurations."""
    from cleaner.check.files import files_to_check

    names = (
        [stdin_as]
        if stdin_as
        else [file.name for file in files_to_check(paths, lambda path: configurations.of(path).skip).files]
    )
    if files:
        give_data("".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape"))
        return
    found = dict.fromkeys(configurations.file_of(Path(name).parent) for name in names or ["."])
    give("\n".join(settings_told(path, configurations.read(path)) for path in found))


def _refuse_what_does_not_go_together(fix: bool, diff: bool, unsafe_fixes: bool, two_formats: bool) -> None:
    if fix and diff:
        raise click.UsageError("--fix changes files and --diff does not: choose one")
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if two_formats:
        raise click.UsageError("--statistics has one format: leave --output-format away")


def _print(outcome: Outcome, diff: bool, counts: bool, output_format: str, *, err: bool = False) -> None:
    """Print the diff, the counts, or the findings; on standard error where the mended text has the other."""
    if diff:
        from cleaner.check.diff import heading
        from cleaner.check.formats.colour import for_output
        from cleaner.check.git import name_in_repository

        told = "".join(heading(name_in_repository(file.name)) + hunks for file, hunks in outcome.diff.items())
        give_data(for_output(told).encode("utf-8", "surrogateescape"))
        return
    from cleaner.check.formats import format_named, rendered
    from cleaner.check.formats.text import statistics

    format_ = format_named(output_format)
    if counts:
        give(statistics(outcome.diagnostics), err=err)
    elif format_ in ("json", "sarif"):
        give_json(rendered(format_, outcome.diagnostics), err=err)
    else:
        give(rendered(format_, outcome.diagnostics), commands=format_ == "github", err=err)


def _tell(outcome: Outcome, *, quiet: bool, diff: bool, unsafe: bool) -> None:
    """Say on standard error what a person wants to know beside the findings."""
    for why in (*outcome.wrong, *outcome.empty):
        say(why)
    if quiet:
        return
    for remark in outcome.remarks:
        say(f"{remark}; left as it is")
    if outcome.cache:
        say(outcome.cache)
    if outcome.stale:
        told = ", ".join(f"{entry.path} {entry.code}" for entry in outcome.stale[:STALE_TOLD])
        more = f" and {len(outcome.stale) - STALE_TOLD} more" if len(outcome.stale) > STALE_TOLD else ""
        say(f"no longer found, though in the baseline: {told}{more}; --write-baseline forgets them")
    if diff:
        findings = "finding" if outcome.mended == 1 else "findings"
        would = f"{outcome.mended:,} {findings} would be mended" if outcome.mended else "nothing would be changed"
        say(would)
        return
    found = outcome.diagnostics
    parts = []
    if outcome.mended:
        parts.append(f"{outcome.mended:,} mended")
    parts.append(f"{len(found):,} found in {len({d.path for d in found}):,} of {outcome.files:,} files")
    if outcome.known:
        parts.append(f"{outcome.known:,} known from the baseline")
    safe = sum(d.fix == "safe" for d in found)
    others = sum(d.fix == "unsafe" for d in found)
    if safe:
        parts.append(f"{safe:,} can be mended with --fix")
    if others and not unsafe:
        parts.append(f"{others:,} {'more ' if safe else ''}with --fix --unsafe-fixes")
    say("; ".join(parts))
