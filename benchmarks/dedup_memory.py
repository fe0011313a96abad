"""Measure what memory the near-duplicate stage takes a document, and how long it takes, as documents become many.

usage: python benchmarks/dedup_memory.py CORPUS [--documents 1000000] [--threshold 0.7] [--chars 4000] [--spool FOLDER]
           [--contained 0.9 | --passages 3]

CORPUS is JSONL with a field "text", also as .gz or .zst. Documents are generated from its passages of 600 characters,
or half a document where that is less: each is a random choice of them, and each tenth is an earlier one with a word
changed. Prints, for every tenth of the way, the seconds so far and the resident memory, anonymous (RssAnon) and of
files (RssFile); at the end the slope of RssAnon.

With `--contained` all sketches wait on disk, as in a run, and are then decided on together; with `--passages` the
passages, of which a document is one paragraph each, are found and cut. Then the lines are about that.

The spool takes about two bytes for each byte of text, with `--contained` four.
"""

from __future__ import annotations

import argparse
import pickle
import random
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from corpora import read_texts

from cleaner.dedup.leader import GreedyLeader
from cleaner.dedup.longer import decide_all
from cleaner.dedup.passages import Passages
from cleaner.dedup.sketch import Sketch, Sketcher

_PASSAGE_CHARS = 600
_BATCH = 256


def passages(texts: Iterator[str], chars: int) -> list[str]:
    """Cut the texts into passages of `chars` characters, at spaces."""
    found = []
    for text in texts:
        start = 0
        while start + chars < len(text):
            end = text.find(" ", start + chars)
            if end < 0:
                break
            found.append(text[start:end])
            start = end
    return found


def generate(found: list[str], count: int, passages: int, between: str) -> Iterator[str]:
    """Yield `count` documents of `passages` passages each, the same at each call."""
    for number in range(count):
        draw = random.Random(number)
        copied = number > 10 and number % 10 == 0
        if copied:
            draw = random.Random(draw.randrange(number // 10) * 10 + 1)
        text = between.join(draw.choices(found, k=passages))
        yield f"{text} edited {number}" if copied else text


def resident() -> dict[str, int]:
    """Return RssAnon and RssFile of this process, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").split("\n")
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return {name: int(fields[name].split()[0]) * 1024 for name in ("RssAnon", "RssFile", "RssShmem")}


def contained(texts: Iterator[str], args: argparse.Namespace, told: Callable[[int], None]) -> int:
    """Decide on all texts together; return how many go."""
    sketcher = Sketcher(args.threshold, contained=args.contained)
    places = array("Q")
    with tempfile.TemporaryFile(dir=args.spool) as file, GreedyLeader(sketcher, args.spool) as leader:
        while batch := list(islice(texts, _BATCH)):
            for sketch in sketcher.batch(batch):
                places.append(file.tell())
                pickle.dump(sketch, file)
        looked = 0

        def load(number: int) -> tuple[str, Sketch]:
            nonlocal looked
            looked += 1
            told(looked)
            file.seek(places[number])
            return str(number), pickle.load(file)

        return sum(1 for _ in decide_all(range(len(places)), load, leader))


def shared(texts: Iterator[str], args: argparse.Namespace, told: Callable[[int], None]) -> int:
    """Find the passages of all texts, and return how many texts lose some."""
    with Passages(args.spool, args.passages) as found:
        for number, text in enumerate(texts, 1):
            found.add(str(number), text)
            told(number)
        return sum(1 for number, runs in enumerate(found.find(), 1) if told(args.documents + number) or runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--threshold", type=float, default=0.7)
    parser.add_argument("--contained", type=float, default=0.0)
    parser.add_argument("--passages", type=int, default=0)
    parser.add_argument("--chars", type=int, default=4_000)
    parser.add_argument("--spool", type=Path, default=Path(tempfile.gettempdir()))
    args = parser.parse_args()
    between = "\n\n" if args.passages else " "
    chars = min(_PASSAGE_CHARS, args.chars // 2)
    found = passages(read_texts(args.corpus), chars)
    texts = generate(found, args.documents, round(args.chars / chars), between)
    every = max(1, args.documents // 10)
    anonymous: dict[int, int] = {}
    start = time.perf_counter()

    def told(done: int) -> None:
        if done % every == 0:
            memory = resident()
            anonymous[done] = memory["RssAnon"]
            sizes = ", ".join(f"{name} {size / 2**20:,.0f} MiB" for name, size in memory.items())
            print(f"{done:>9,} looked at, {time.perf_counter() - start:,.0f} s, {sizes}", flush=True)

    work = contained if args.contained else shared if args.passages else one_by_one
    went = work(texts, args, told)
    least, most = min(anonymous), max(anonymous)
    slope = (anonymous[most] - anonymous[least]) / max(1, args.documents)
    print(
        f"{args.documents:,} documents, {went:,} of them go; RssAnon {slope:,.0f} bytes a document from first to last"
    )


def one_by_one(texts: Iterator[str], args: argparse.Namespace, told: Callable[[int], None]) -> int:
    """Decide on each text as it comes; return how many go."""
    sketcher = Sketcher(args.threshold)
    done = removed = 0
    with GreedyLeader(sketcher, args.spool) as leader:
        while batch := list(islice(texts, _BATCH)):
            for sketch in sketcher.batch(batch):
                removed += leader.decide(str(done), sketch) is not None
                done += 1
                told(done)
    return removed


if __name__ == "__main__":
    main()
