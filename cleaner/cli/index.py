"""The commands of `cleaner index`. Nothing heavy is imported before one runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.options import (
    HTML_FIELD,
    ID_FIELD,
    RECORDS_AT,
    TEXT_FIELD,
    TIMEOUT,
    Command,
    configured,
    similarity_options,
    with_options,
)
from cleaner.report.screen import give_json, say

if TYPE_CHECKING:
    from cleaner.account.summary import Summary


def _reading(command: Command) -> Command:
    workers = click.option("--workers", type=click.IntRange(1), help="Processes that read (all cores).")
    return with_options((TEXT_FIELD, HTML_FIELD, ID_FIELD, RECORDS_AT, workers, TIMEOUT), command)


@click.group()
def index() -> None:
    """Near-duplicate indexes: build one from a corpus, ask it, look at it, merge several.

    An index remembers the texts of a corpus by what it takes to compare others with them, not the texts
    themselves. It is one file; several processes may read it while one writes, and what was added stays,
    whatever is killed. It has one threshold and one size of shingles, which are chosen when it is built.

    \b
    cleaner index build corpus.jsonl -o corpus.index             remember a corpus
    cleaner index query corpus.index new.jsonl                   which of these are like one in it?
    cleaner clean new/ -o new.jsonl --index corpus.index         leave those out, and remember the others
    cleaner index merge all.index paris.index lyon.index         one index out of two
    cleaner index info all.index
    """


@index.command("build")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", "path", required=True, metavar="INDEX", help="Where to: corpus.index.")
@similarity_options("the index's own; 0.7 for a new one", "the index's own; 5 for a new one")
@click.option(
    "--passages", is_flag=True, help="Also keep the passages, for `clean --passages --index`; a new index alone can."
)
@_reading
def build(
    inputs: tuple[str, ...],
    path: str,
    threshold: float | None,
    ngram: int | None,
    contained: float | None,
    passages: bool,
    workers: int | None,
    timeout_s: float,
    **names: Any,
) -> None:
    """Add the texts of a corpus to an index, which is made where there is none.

    Reads what `cleaner clean` reads, and takes each text as it is: give it the corpus that came out of
    `cleaner clean`, not the pages that went in. A text that is like one in the index, or like an earlier one of
    the inputs, is not added. All are added at the end, or none; the same command again adds nothing.

    \b
    cleaner index build corpus.jsonl -o corpus.index
    cleaner index build 2024.parquet 2025.parquet -o strict.index --threshold 0.9
    cleaner index build corpus.jsonl -o corpus.index --passages
    """
    from cleaner.index import operations
    from cleaner.report.progress import shown_progress
    from cleaner.runner.cores import means

    with shown_progress("auto", "text") as update:
        summary = operations.build(
            inputs,
            path,
            configured(inputs, **names),
            threshold=threshold,
            ngram=ngram,
            contained=contained,
            passages=passages,
            workers=means(workers).workers,
            timeout_s=timeout_s,
            progress=update,
        )
    say(built(summary))


@index.command("query")
@click.argument("path", metavar="INDEX")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@_reading
def query(path: str, inputs: tuple[str, ...], workers: int | None, timeout_s: float, **names: Any) -> None:
    """Print which texts are like one in an index, as JSON, one a line; nothing is added.

    `duplicate_of` is the indexed text, `similarity` the exact share of shingles that the two have in common, or of a
    text that is contained in the indexed one (`code` ND103) the share of its own. A
    text that is not printed is like none, or could not be read, which is told on standard error.

    \b
    cleaner index query corpus.index new.jsonl
    curl -s https://example.org/ | cleaner index query corpus.index -
    """
    from cleaner.dedup import NearDuplicateIndex
    from cleaner.index import operations
    from cleaner.runner.cores import means

    read = found = 0
    with NearDuplicateIndex.open(path, read_only=True) as opened:
        for answer in operations.query(
            inputs, opened, configured(inputs, **names), workers=means(workers).workers, timeout_s=timeout_s
        ):
            read += 1
            if answer.refused is not None:
                say(f"{answer.refused.code} {answer.refused.message}")
            elif answer.duplicate_of is not None:
                found += 1
                line = {
                    "id": answer.id,
                    "duplicate_of": answer.duplicate_of,
                    "similarity": answer.similarity,
                    "code": answer.code,
                }
                give_json(json.dumps(line, ensure_ascii=False) + "\n")
        say(f"{found:,} of {read:,} texts are like one of the {len(opened):,} in {opened.path}")


@index.command("info")
@click.argument("path", metavar="INDEX")
def info(path: str) -> None:
    """Print what an index holds and how it compares texts, as JSON."""
    from cleaner.dedup import NearDuplicateIndex

    with NearDuplicateIndex.open(path, read_only=True) as opened:
        give_json(json.dumps(opened.info()._asdict(), indent=2, ensure_ascii=False) + "\n")


@index.command("merge")
@click.argument("path", metavar="INDEX")
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
def merge(path: str, others: tuple[str, ...]) -> None:
    """Add to INDEX what OTHERs hold and it does not; it is made where there is none.

    They must have the same threshold and shingles. A text that is like one already in INDEX is left out, so the
    order counts: what stands in INDEX goes before the first OTHER, that before the second. OTHERs stay as
    they are.

    \b
    cleaner index merge all.index paris.index lyon.index
    """
    from cleaner.dedup.server import masked
    from cleaner.index import operations

    for other, held, added in operations.merge(path, others):
        say(f"{masked(other)}: {added:,} of {held:,} texts added to {masked(path)}")


def built(summary: Summary) -> str:
    """Say in a sentence what came of building."""
    from cleaner.rules.catalog import DUPLICATES

    assert summary.index is not None
    told = f"{summary.index.added:,} of {summary.read:,} texts added to {summary.index.path}"
    if summary.index.repeated:
        return f"{told}: it has those of the same inputs already"
    told += f"; {sum(summary.reasons[code] for code in DUPLICATES):,} are like another"
    others = summary.unreadable
    return f"{told}, {others:,} could not be read" if others else told
