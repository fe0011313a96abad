"""The summary at the end of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from cleaner.account.summary import IndexAccount, Summary
from cleaner.inert import inert
from cleaner.rules import name_of
from cleaner.rules.catalog import UNREADABLE

EXAMPLE_CHARS = 300

# Sources that are told of each sort.
SOURCES = 5

# Why a text stays whole that has passages of others.
_WHOLE = {
    "over half": "would lose more than half (--passages-over-half takes them out)",
    "left out": "would be left out by a rule",
    "like another": "would be like another text",
}


def print_summary(console: Console, summary: Summary, *, dry_run: bool = False) -> None:
    """Print the account: in = kept + excluded + unreadable, why, and what was taken out of the kept texts."""
    if summary.read and summary.read == summary.unreadable:
        console.print(f"[bold red]none of the {_number(summary.read)} records could be read[/]")
    mb = summary.bytes_read / 1e6
    console.print(
        f"[bold]{_number(summary.read)} in[/] = [bold green]{_number(summary.kept)} kept[/]"
        f" + [bold yellow]{_number(summary.excluded)} excluded[/]"
        f" + [bold red]{_number(summary.unreadable)} unreadable[/]"
        f"   [dim]{mb:,.1f} MB in {summary.seconds:.1f} s[/]"
        + ("   [dim](dry run: nothing written)[/]" if dry_run else ""),
        soft_wrap=True,
    )
    if summary.passed_over:
        console.print(f"[dim]{_number(summary.passed_over)} other files in the folders were passed over[/]")
    if summary.skipped:
        console.print(f"[dim]{_number(summary.skipped)} files were skipped, as asked[/]")
    if summary.not_drawn:
        console.print(f"[dim]a sample: {_number(summary.not_drawn)} other records were not drawn[/]")
    if summary.passed_records:
        told = ", ".join(f"{_number(n)} {escape(kind)}" for kind, n in sorted(summary.passed_records.items()))
        console.print(f"[dim]records of archives that are neither page nor text:[/] {told}", soft_wrap=True)
    for remark in summary.remarks:
        console.print(f"[yellow]note:[/] {escape(remark)}", soft_wrap=True)
    if summary.capped_buckets:
        console.print(
            f"[yellow]{_number(summary.capped_buckets)} groups of candidates were too large to be compared in full:[/] "
            f"{_number(summary.partly_compared)} kept texts were compared with their first ones alone, and may be like "
            "others (--groups FILE names them)",
            soft_wrap=True,
        )
    if summary.whole:
        told = ", ".join(f"{_number(number)} {_WHOLE[why]}" for why, number in sorted(summary.whole.items()))
        console.print(f"[yellow]of the texts with passages that others have, too, some stay whole:[/] {told}")
    if summary.index is not None:
        _print_index(console, summary.index)
    if summary.reasons:
        console.print()
        _print_reasons(console, summary)
    if summary.edits:
        console.print()
        _print_edits(console, summary)
    for sort, called in (("places", "folders and files"), ("hosts", "hosts")):
        _print_sources(console, summary.sources.told()[sort], called)
    if summary.languages:
        most = ", ".join(f"{tag} {_number(n)}" for tag, n in summary.languages.most_common(8))
        rest = len(summary.languages) - 8
        console.print(f"\n[dim]languages[/]  {most}" + (f" and {rest} more" if rest > 0 else ""))


def _print_index(console: Console, index: IndexAccount) -> None:
    console.print(
        f"{_number(index.duplicates)} of the excluded are like a text in {escape(inert(index.path))}; "
        f"{_number(index.added)} of the kept were added to it"
    )
    if index.repeated:
        console.print(
            "[dim]this run had added its texts before: it was compared with what the index held then, "
            "and gives what it gave[/]"
        )
    elif index.own:
        console.print(
            f"[yellow]{_number(index.own)} of them stand in it under their own id:[/] this input, or a part of it, "
            "was added before, and is not kept again"
        )


def _print_reasons(console: Console, summary: Summary) -> None:
    width = max(len(_number(number)) for number in summary.reasons.values())
    for code, number in summary.reasons.most_common():
        id_, message = summary.examples[code]
        example = message if message.startswith(id_) else f"{id_}: {message}"
        colour = "red" if code in UNREADABLE else "yellow"
        if len(example) > EXAMPLE_CHARS:
            example = example[: EXAMPLE_CHARS - 1] + "…"
        console.print(
            f"{_number(number):>{width}}  [{colour}]{code} {name_of(code, summary.names)}[/]\n"
            f"{'':{width}}  [dim]e.g. {escape(inert(example))}[/]",
            soft_wrap=True,
        )


def _print_sources(console: Console, found: Mapping[str, Any], called: str) -> None:
    """Print which sources lost most of their records, where there are several."""
    losers = [one for one in found["top"] if one["read"] > one["kept"]][:SOURCES]
    if found["number"] < 2 or not losers:
        return
    at_least = "" if found["exact"] else ", of those that could be counted"
    console.print(f"\n[dim]{called} that lost most, of {_number(found['number'])}{at_least}:[/]")
    told = [(f"{_number(one['read'] - one['kept'])} of {_number(one['read'])}", one["source"]) for one in losers]
    width = max(len(lost) for lost, _ in told)
    for lost, source in told:
        console.print(f"{lost:>{width}}  {escape(inert(source))}", soft_wrap=True)


def _print_edits(console: Console, summary: Summary) -> None:
    share = 1 - summary.chars_kept / summary.chars_in if summary.chars_in else 0
    console.print(f"[dim]edits in the kept texts, {share:.1%} of their characters:[/]")
    width = max(len(_number(number)) for number in summary.edits.values())
    for code, number in sorted(summary.edits.items(), key=lambda item: (-item[1], item[0])):
        console.print(f"{_number(number):>{width}}  [cyan]{code} {name_of(code, summary.names)}[/]")


def _number(number: int) -> str:
    return f"{number:,}"
