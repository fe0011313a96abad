"""The command `cleaner learn`. Nothing heavy is imported before it runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.options import configured, field_options
from cleaner.errors import InputError, OutputError
from cleaner.report.screen import say

if TYPE_CHECKING:
    from cleaner.account.summary import Summary
    from cleaner.config import Config
    from cleaner.learn.learning import Learned
    from cleaner.runner.run import Run


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", "out", required=True, metavar="FILE", help="Where to: site-lines.json.")
@field_options
@click.option("--workers", type=click.IntRange(1), help="Processes that read (all cores).")
def learn(inputs: tuple[str, ...], out: str, workers: int | None, **options: Any) -> None:
    """Learn which lines a site repeats on its pages, for the rule BP901 site-line.

    Reads what `cleaner clean` reads; a record needs its address in `url`, because lines are counted for
    each host by itself. A line is learned where at least 5 pages of the host were read and it stands on 4 of
    them or more: on a fifth of the pages, a line of 20 letters or more on two fifths. Copies of one article
    do not count, so its sentences are not learned.

    FILE is JSON: the hosts by name, each with its number of pages and its lines by how many pages they
    stand on. Read it; delete a line that is no boilerplate; keep it beside the corpus. Then:

    \b
    cleaner learn crawl/ -o site-lines.json
    cleaner clean crawl/ -o corpus.jsonl --site-lines site-lines.json
    cleaner clean crawl/ -o corpus.jsonl --learn       both in one go
    """
    from cleaner.corpus.output import check_place
    from cleaner.learn.learning import learn as learned_from
    from cleaner.remote.address import is_address, scheme_of
    from cleaner.report.progress import shown_progress
    from cleaner.runner.cores import means
    from cleaner.site_lines_file import write_site_lines

    if is_address(out):
        raise OutputError(f"{scheme_of(out)}://: what is learned is read by runs on this machine; name a file on it")
    check_place(out)
    with shown_progress("auto", "text") as update:
        learned = learned_from(
            inputs,
            configured(inputs, **options),
            own=frozenset({os.path.realpath(out)}),
            workers=means(workers).workers,
            progress=update,
        )
    write_site_lines(learned.lines, out)
    for line in told(learned, out):
        say(line)


def learned_config(run: Run, progress: Callable[[Summary], None], *, quiet: bool = False) -> Config:
    """Learn from the inputs of a run, beside its output, and give its configuration with what was learned.

    Where the run writes nothing, or to standard output, what was learned stays until the command has ended.
    Raises `InputError` for standard input.
    """
    from cleaner.corpus.inputs import reads_standard_input
    from cleaner.corpus.output import STANDARD_OUTPUT, beside
    from cleaner.learn.learning import learn as learned_from
    from cleaner.remote.address import is_address
    from cleaner.replacing import temporary_folder
    from cleaner.site_lines_file import write_site_lines

    if reads_standard_input(run.inputs, as_list=True):
        raise InputError("--learn reads the input twice, and standard input can be read once, as any pipe: name a file")
    if run.config.site_lines is not None:
        raise click.UsageError(f"--learn would learn anew what {run.config.site_lines} has; give one of the two")
    if run.dry_run or run.out == STANDARD_OUTPUT:
        folder = click.get_current_context().with_resource(temporary_folder())
        path = os.path.join(folder, "site-lines.json")
    else:
        run.check_outputs()
        own_name = beside(run.out, "site-lines.json")
        if is_address(own_name):  # it stays on this machine, as what a run reads
            own_name = str(run.workplace_path.parent / own_name.rpartition("/")[2])
        path = os.path.abspath(own_name)
    learned = learned_from(
        run.inputs,
        run.config,
        paths=run.files().paths,
        workers=run.workers,
        timeout_s=run.timeout_s,
        progress=progress,
    )
    write_site_lines(learned.lines, path)
    if not quiet:
        for line in told(learned, path):
            say(line)
    return replace(run.config, site_lines=path)


def told(learned: Learned, path: str) -> list[str]:
    """Say what was learned, in lines for a person."""
    lines, sites = _number(learned.number, "line"), _number(len(learned.lines.sites), "site")
    text = [f"{lines} of {sites} from {_number(learned.pages, 'page')}: {path}"]
    if learned.without_address:
        has = "has" if learned.without_address == 1 else "have"
        text.append(f"{_number(learned.without_address, 'page')} {has} no address, so nobody knows the site")
    return text


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
