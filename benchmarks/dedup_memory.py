"""Measure what memory the near-duplicate stage takes a document, and how long it takes, as documents become many.

usage: python benchmarks/dedup_memory.py CORPUS [--documents 1000000] [--threshold 0.7] [--chars 4000] [--spool FOLDER]

CORPUS is JSONL with a field "text", also as .gz or .zst. Documents are generated from its passages: each is a random
choice of them, and each tenth is an earlier one with a word changed. Prints, for every tenth of the way, the documents
a second since the last line (making them included) and the resident memory, anonymous (RssAnon) and of files (RssFile);
at the end the slope of RssAnon between a tenth of the documents and all of them.

The spool takes about two bytes for each byte of text.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from corpora import read_texts

from cleaner.dedup.leader import GreedyLeader
from cleaner.dedup.sketch import Sketcher

_PASSAGE_CHARS = 600
_BATCH = 256


def passages(texts: Iterator[str]) -> list[str]:
    """Cut the texts into passages of some 600 characters, at spaces."""
    found = []
    for text in texts:
        start = 0
        while start + _PASSAGE_CHARS < len(text):
            end = text.find(" ", start + _PASSAGE_CHARS)
            if end < 0:
                break
            found.append(text[start:end])
            start = end
    return found


def generate(found: list[str], count: int, chars: int) -> Iterator[str]:
    """Yield `count` documents, the same at each call."""
    for number in range(count):
        draw = random.Random(number)
        copied = number > 10 and number % 10 == 0
        if copied:
            draw = random.Random(draw.randrange(number // 10) * 10 + 1)
        text = " ".join(draw.choices(found, k=round(chars / _PASSAGE_CHARS)))
        yield f"{text} edited {number}" if copied else text


def resident() -> dict[str, int]:
    """Return RssAnon and RssFile of this process, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").split("\n")
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return {name: int(fields[name].split()[0]) * 1024 for name in ("RssAnon", "RssFile", "RssShmem")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--threshold", type=float, default=0.7)
    parser.add_argument("--chars", type=int, default=4_000)
    parser.add_argument("--spool", type=Path, default=Path(tempfile.gettempdir()))
    args = parser.parse_args()
    texts = generate(passages(read_texts(args.corpus)), args.documents, args.chars)
    sketcher = Sketcher(args.threshold)
    done = removed = 0
    anonymous = {}
    start = last = time.perf_counter()
    report_every = args.documents // 10
    with GreedyLeader(sketcher, args.spool) as leader:
        while batch := list(islice(texts, min(_BATCH, report_every - done % report_every))):
            for text_sketch in sketcher.batch(batch):
                removed += leader.decide(f"document-{done:09}", text_sketch) is not None
                done += 1
            if done % report_every == 0:
                memory = resident()
                anonymous[done] = memory["RssAnon"]
                now = time.perf_counter()
                print(
                    f"{done:>9,} documents, {removed:,} removed, {report_every / (now - last):,.0f} documents/s, "
                    + ", ".join(f"{name} {size / 2**20:,.0f} MiB" for name, size in memory.items()),
                    flush=True,
                )
                last = now
        slope = (anonymous[done] - anonymous[report_every]) / (done - report_every)
        seconds = time.perf_counter() - start
        print(f"RssAnon: {slope:.0f} bytes a document; {leader.capped} capped buckets; {seconds:.0f} s")


if __name__ == "__main__":
    main()
