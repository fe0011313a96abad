"""Hold Spark against `cleaner clean`, and measure what goes through its shuffles.

    python benchmarks/spark.py same FILE --documents 20000 --master 'local-cluster[2,1,1024]'
    python benchmarks/spark.py same FILE --documents 20000 --master 'local[2]' --contained 0.9 --passages 3
    python benchmarks/spark.py shuffle FILE --documents 100000 [--contained 0.9] [--passages 3]
    python benchmarks/spark.py skew FILE --documents 50000

FILE is a JSONL (or .gz, .zst) of records with a `text`. The documents are made of its texts: of those beyond its own
number, one in ten is a copy, one in seven has some words changed, and the others are put together anew of pieces of
three words. With `--contained` or `--passages` one in ten is the first half of a text, and one in six has a paragraph
that stands in some fifty others.
`same` and `skew` go through every `--master` and `--remote`; these read and write in `--folder`, and have to see it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from corpora import read_texts

MAX_CHARS = 2_000
CHAIN_STEP, CHAIN_WORDS = 2, 40


def documents(file: str, number: int, max_chars: int | None, *, shared: bool = False) -> Iterator[dict[str, str]]:
    """Yield the documents, in the order of their ids; with `shared` some are stubs, and some have a passage."""
    own = [text[:max_chars] for text in read_texts(Path(file))]
    for place, text in zip(range(number), itertools.cycle(own), strict=False):
        made = text if place < len(own) else changed(text, random.Random(place))
        yield {"id": f"d{place:09}", "text": partly_shared(made, random.Random(-place), number) if shared else made}


def partly_shared(text: str, draw: random.Random, number: int) -> str:
    chance = draw.random()
    if chance < 0.1:
        words = text.split(" ")
        return " ".join(words[: len(words) // 2])
    if chance < 0.27:
        passage = random.Random(draw.randrange(max(1, number // 300)))
        words = [f"word{passage.randrange(5_000)}" for _ in range(passage.randrange(25, 80))]
        return f"{text}\n{' '.join(words)}."
    return text


def changed(text: str, draw: random.Random) -> str:
    chance = draw.random()
    words = text.split(" ")
    if chance < 0.1:
        return text
    if chance < 0.25:
        for _ in range(1 + len(words) // 40):
            words[draw.randrange(len(words))] = draw.choice(words)
        return " ".join(words)
    pieces = [words[start : start + 3] for start in range(0, len(words), 3)]
    draw.shuffle(pieces)
    return " ".join(word for piece in pieces for word in piece)


def skewed(file: str, number: int) -> Iterator[dict[str, str]]:
    """Yield copies of a template with a word of their own, a chain of a thousand links, and other documents."""
    template = next(read_texts(Path(file)))[:MAX_CHARS]
    chain = [
        " ".join(f"c{place}" for place in range(start, start + CHAIN_WORDS)) for start in range(0, 2_000, CHAIN_STEP)
    ]
    made = [f"{template} copy {place}" for place in range(number)] + chain
    made += [document["text"] for document in documents(file, 5_000, MAX_CHARS)]
    random.Random(0).shuffle(made)
    for place, text in enumerate(made):
        yield {"id": f"d{place:09}", "text": text}


def same(made: Iterator[dict[str, str]], folder: Path, where: list[tuple[str, str]], given: Sequence[str] = ()) -> None:
    """Run this machine and each Spark on the documents, and compare what is kept, and why the others are not."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source = folder / "in.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for record in made:
            file.write(json.dumps(record) + "\n")
    found = []
    for name, options in [("laptop", []), *((place[1], ["--engine", "spark", *place]) for place in where)]:
        out = folder / str(len(found)) / "corpus.jsonl"
        out.parent.mkdir()
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "cleaner", "clean", str(source), "-o", str(out), *given, *options], check=True
        )
        print(f"{name}: {time.perf_counter() - begun:.0f} s")
        found.append((dict(kept(out)), dict(excluded(out.with_name("corpus.excluded.jsonl")))))
        texts, reasons = found[-1]
        print(f"{name}: kept {len(texts):,}, excluded {len(reasons):,}")
        if len(found) > 1:
            print(f"{name}: the same texts kept: {texts == found[0][0]}")
            print(f"{name}: the same excluded, by code, twin and similarity: {reasons == found[0][1]}", flush=True)
    if any(other != found[0] for other in found):
        raise SystemExit(1)


def records(place: Path) -> Iterator[dict[str, Any]]:
    for part in sorted(place.glob("part-*")) if place.is_dir() else [place]:
        with part.open("rb") as file:
            yield from map(msgspec.json.decode, file)


def kept(place: Path) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for record in records(place):
        yield record["id"], tuple(record.get(name) for name in ("text", "title", "language", "language_score"))


def excluded(place: Path) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for record in records(place):
        yield record["id"], tuple(record["excluded"].get(name) for name in ("code", "duplicate_of", "similarity"))


class Table(NamedTuple):
    """A table that the job wrote down, and when."""

    name: str
    begun: float
    ended: float


def shuffle(
    made: Iterator[dict[str, str]], number: int, folder: Path, contained: float | None, passages: int | None
) -> None:
    """Deduplicate on two cores and print, for each table that is written, what goes through shuffles and to disk."""
    from cleaner.integrations.spark import deduplicate, session, take_out_passages
    from cleaner.integrations.spark.tables import Tables

    shutil.rmtree(folder, ignore_errors=True)
    log = folder / "log"
    log.mkdir(parents=True)
    source = folder / "in.jsonl"
    chars = 0
    with source.open("w", encoding="utf-8") as file:
        for record in made:
            chars += len(record["text"])
            file.write(json.dumps(record) + "\n")
    tables: list[Table] = []
    write = Tables.save

    def save(self: Tables, name: str, frame: Any) -> Any:
        begun = time.time()
        table = write(self, name, frame)
        tables.append(Table("/".join([*Path(self.folder).parts[-1:], name]), begun, time.time()))
        return table

    Tables.save = save  # type: ignore[method-assign]
    options = {
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": str(max(4, number // 10_000)),
        # As where no table is small: joins by shuffles alone.
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.adaptive.autoBroadcastJoinThreshold": "-1",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": log.as_uri(),
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
        "spark.log.level": "ERROR",
    }
    spark = session(master="local[2]", options=options)
    begun = time.perf_counter()
    result = deduplicate(spark.read.json(source.as_uri()), work_dir=str(folder / "work"), contained=contained or 0)
    stats = result.stats()
    if passages is not None:
        taken = take_out_passages(result.kept, work_dir=str(folder / "passages"), passages=passages)
        stats["passages"] = taken.edits.count()
    print(f"{number:,} documents of {chars / number:,.0f} characters, {time.perf_counter() - begun:.0f} s", stats)
    spark.stop()
    report(tables, next(log.glob("*")), number)
    written = sum(path.stat().st_size for name in ("work", "passages") for path in (folder / name).rglob("*.parquet"))
    print(f"{'work_dir at the end':28}{written / number:10,.0f} bytes a document")
    shutil.rmtree(folder)


def report(tables: list[Table], log: Path, number: int) -> None:
    bytes_of: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    with log.open(encoding="utf-8") as events:
        for line in events:
            event = json.loads(line)
            metrics = event.get("Task Metrics")
            if event["Event"] != "SparkListenerTaskEnd" or not metrics:
                continue
            ended = event["Task Info"]["Finish Time"] / 1000
            name = next((table.name for table in tables if table.begun <= ended <= table.ended), "counts and checks")
            row = bytes_of[name]
            row[0] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
            row[1] += metrics["Output Metrics"]["Bytes Written"]
            row[2] += metrics["Executor Run Time"]
    print(f"{'':28}{'shuffled':>10}{'written':>10}  bytes a document{'core ms':>12} a document")
    for name in [*dict.fromkeys(table.name for table in tables), "counts and checks"]:
        shuffled, written, run_ms = bytes_of[name]
        print(f"{name:28}{shuffled / number:10,.1f}{written / number:10,.1f}{run_ms / number:30,.3f}")
    total = [sum(row[column] for row in bytes_of.values()) / number for column in range(3)]
    print(f"{'all':28}{total[0]:10,.1f}{total[1]:10,.1f}{total[2]:30,.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["same", "shuffle", "skew"])
    parser.add_argument("file")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("TMPDIR", "/tmp")) / "cleaner-on-spark")
    parser.add_argument("--master", action="append", default=[])
    parser.add_argument("--remote", action="append", default=[])
    parser.add_argument("--contained", type=float)
    parser.add_argument("--passages", type=int)
    given = parser.parse_args()
    where = [("--master", place) for place in given.master] + [("--remote", place) for place in given.remote]
    if given.what == "same":
        asked = [("--contained", given.contained), ("--passages", given.passages)]
        options = [part for name, value in asked if value is not None for part in (name, str(value))]
        same(documents(given.file, given.documents, None, shared=bool(options)), given.folder, where, options)
    elif given.what == "skew":
        same(skewed(given.file, given.documents), given.folder, where)
    else:
        shared = given.contained is not None or given.passages is not None
        made = documents(given.file, given.documents, MAX_CHARS, shared=shared)
        shuffle(made, given.documents, given.folder, given.contained, given.passages)


if __name__ == "__main__":
    main()
