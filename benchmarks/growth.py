"""Measure how the cost of a run grows with the number of documents: time a document, and memory.

usage: python benchmarks/growth.py CORPUS [--documents 1000 10000 100000 300000] [--chars 4000] [--workers 2]

CORPUS is JSONL with a field "text", also as .gz or .zst. Documents are generated from its passages as for
dedup_memory.py: each is a random choice of them, and each tenth is an earlier one with a word changed. Each number of
them is one run of `cleaner clean IN -o OUT`, of which the processor time is taken, and every half second the anonymous
memory (RssAnon) of all its processes together. Needs Linux's /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from corpora import read_texts
from dedup_memory import generate, passages

LOOK_EVERY_S = 0.5


def processes(parent: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield parent
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from processes(int(child))


def anonymous_mib(parent: int) -> float:
    kilobytes = 0
    for process in processes(parent):
        fields = Path(f"/proc/{process}/status").read_text().split()
        kilobytes += int(fields[fields.index("RssAnon:") + 1])
    return kilobytes / 1024


def run(source: Path, workers: int) -> tuple[float, float, float]:
    """Clean a file; give the seconds by the clock and by the processors, and the most memory at once, in MiB."""
    out = source.with_name("out.jsonl")
    command = [sys.executable, "-m", "cleaner", "clean", str(source), "-o", str(out), "--workers", str(workers)]
    before, begun, most = os.times(), time.perf_counter(), 0.0
    with subprocess.Popen([*command, "--restart"], stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            try:
                most = max(most, anonymous_mib(process.pid))
            except (OSError, ValueError):
                continue  # a process that has just ended
            time.sleep(LOOK_EVERY_S)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - begun, used, most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000, 300_000])
    parser.add_argument("--chars", type=int, default=4_000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    found = passages(read_texts(arguments.corpus))
    print("| documents | MB | seconds | processor µs a document | RssAnon MiB, all processes |")
    print("|---:|---:|---:|---:|---:|")
    for count in arguments.documents:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "in.jsonl")
            with source.open("w", encoding="utf-8") as file:
                for number, text in enumerate(generate(found, count, arguments.chars)):
                    file.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")
            seconds, used, most = run(source, arguments.workers)
            size = source.stat().st_size / 1e6
        print(f"| {count:,} | {size:,.0f} | {seconds:,.1f} | {used / count * 1e6:,.0f} | {most:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
