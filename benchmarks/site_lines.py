"""How much learned site lines add: learn on the pages of each site, clean with and without, compare with labels.

usage: python benchmarks/site_lines.py LINES.jsonl[.gz]... [--leave-one-out] [--show N]

A record is {url, lines: [{text, label: keep | drop | …, tag?}]}. Only hosts with at least five pages in a file count.
`--leave-one-out` learns what a page is cleaned with on the other pages of its site. Printed for each file: pages; drop
lines (those whose tag says that readers wrote them, or nothing, aside); the share of them removed without and with
learned lines; the share of what was left that learning closes; keep lines lost without and with. `--show` prints
so many of the kept lines that learning costs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cleaner
from cleaner.folding import line_key
from cleaner.learn.count import MIN_SITE_PAGES, LineCounter
from cleaner.rules.site_lines import site_of
from cleaner.site_lines_file import write_site_lines

UNKNOWABLE = ("comment_body", "other")
RULES = ("MJ", "WS", "HL", "BP")


class Tally(NamedTuple):
    """Lines in all, those gone without what was learned, and with it."""

    lines: int = 0
    plain: int = 0
    learned: int = 0

    def plus(self, *, plain: bool, learned: bool) -> Tally:
        return Tally(self.lines + 1, self.plain + plain, self.learned + learned)

    def and_(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--leave-one-out", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    print(
        f"{'file':32} {'pages':>5} {'drop':>6} {'plain':>7} {'learned':>7} {'closes':>7} {'keep':>6} {'lost':>8}"
        f" {'lost l':>8}"
    )
    totals: dict[str, list[Any]] = defaultdict(lambda: [0, Tally(), Tally()])
    cost: Counter[str] = Counter()
    for path in args.files:
        pages, drop, keep = scored(path, cost, leave_one_out=args.leave_one_out)
        name = Path(path).name.removesuffix(".gz").removesuffix(".jsonl")
        print_row(name, pages, drop, keep)
        for key in ("all", "all " + name.rpartition(".")[2]):
            n, d, k = totals[key]
            totals[key] = [n + pages, d.and_(drop), k.and_(keep)]
    for key in sorted(totals):
        print_row(key, *totals[key])
    for line, number in (+cost).most_common(args.show):
        print(f"  {number:4} {line[:150]}")


def print_row(name: str, pages: int, drop: Tally, keep: Tally) -> None:
    def share(part: int, whole: int) -> float:
        return part / whole if whole else 0.0

    plain, learned = share(drop.plain, drop.lines), share(drop.learned, drop.lines)
    closes = share(drop.learned - drop.plain, drop.lines - drop.plain)
    lost, lost_learned = share(keep.plain, keep.lines), share(keep.learned, keep.lines)
    print(
        f"{name:32} {pages:5} {drop.lines:6} {plain:7.4f} {learned:7.4f} {closes:7.3f}"
        f" {keep.lines:6} {lost:8.5f} {lost_learned:8.5f}"
    )


def scored(path: str, cost: Counter[str], *, leave_one_out: bool) -> tuple[int, Tally, Tally]:
    sites: dict[str, list[Any]] = defaultdict(list)
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        for record in map(json.loads, file):
            sites[site_of(record.get("url")) or ""].append(record)
    pages, drop, keep = 0, Tally(), Tally()
    for site, records in sorted(sites.items()):
        if not site or len(records) < MIN_SITE_PAGES:
            continue
        whole = None if leave_one_out else configuration(records)
        for number, record in enumerate(records):
            config = whole or configuration(records[:number] + records[number + 1 :])
            pages += 1
            for line, plain, learned in zip(
                record["lines"], gone(record, cleaner.Config(select=RULES)), gone(record, config), strict=True
            ):
                if line["label"] == "drop" and (line.get("tag") or "other") not in UNKNOWABLE:
                    drop = drop.plus(plain=plain, learned=learned)
                elif line["label"] == "keep":
                    keep = keep.plus(plain=plain, learned=learned)
                    cost[f"{site} | {line['text']}"] += learned and not plain
    return pages, drop, keep


def configuration(records: Sequence[Any]) -> cleaner.Config:
    with tempfile.TemporaryDirectory() as folder:
        counter = LineCounter(Path(folder))
        for record in records:
            counter.add(site_of(record["url"]) or "", text_of(record))
        path = Path(tempfile.mkdtemp(dir=TEMPORARY)) / "site-lines.json"
        write_site_lines(counter.learned(), path)
        return cleaner.Config(select=RULES, site_lines=str(path))


def text_of(record: Any) -> str:
    return "\n".join(" ".join(line["text"].split()) for line in record["lines"])


def gone(record: Any, config: cleaner.Config) -> Iterator[bool]:
    """For each line, whether it is gone. Lines that came out changed in their letters count as there."""
    result = cleaner.clean(text_of(record), url=record["url"], html=False, config=config)
    left = Counter(letters(line) for line in result.text.split("\n"))
    for line in record["lines"]:
        key = letters(line["text"])
        # A line that was cut short is there, too.
        found = key if left[key] else next((k for k in left if k and k in key and 2 * len(k) >= len(key)), "")
        yield bool(key) and not found
        if found:
            left -= Counter([found])


def letters(line: str) -> str:
    return "".join(character for character in line_key(line) if character.isalnum())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as TEMPORARY:
        main()
