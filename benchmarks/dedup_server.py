"""Measure an index on a Redis server: memory a text, and texts a second added and looked up by one process.

    python benchmarks/dedup_server.py CORPUS redis://localhost/0 --documents 2000

CORPUS is a JSONL (or .gz, .zst) of records with a `text`. The index is called `benchmark`, and has to be new. Sketches
are made before the clock runs; what is told is round trips, scripts and exact checks.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpora import read_texts

from cleaner.dedup import NearDuplicateIndex


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("server")
    parser.add_argument("--documents", type=int, default=2_000)
    given = parser.parse_args()
    texts = list(itertools.islice(read_texts(given.corpus), given.documents))
    with NearDuplicateIndex.open(f"{given.server}?name=benchmark") as index:
        if len(index):
            raise SystemExit(f"{index.path} is there already: delete its keys, or name another server")
        sketches = index.sketcher.batch(texts)
        before = index.info().bytes
        added = timed("looked up and added", sketches, lambda place, sketch: index.decide(str(place), sketch))
        kept = added.count(None)
        chars = sum(map(len, texts)) / len(texts)
        print(f"{(index.info().bytes - before) / kept:,.0f} bytes a text; {kept:,} texts of {chars:,.0f} characters")
        timed("looked up", sketches, lambda _, sketch: index.find(sketch))


def timed(what: str, sketches: list[Any], call: Callable[[int, Any], Any]) -> list[Any]:
    begun = time.perf_counter()
    answers = list(itertools.starmap(call, enumerate(sketches)))
    print(f"{len(sketches) / (time.perf_counter() - begun):,.0f} a second {what}")
    return answers


if __name__ == "__main__":
    main()
