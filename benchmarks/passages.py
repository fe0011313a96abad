"""Compare tools that take repeated passages out of texts: time, memory, what they take and what they tear.

usage: python benchmarks/passages.py CORPUS [--documents 2000] [--planted 200] [--tools ours,dolma,datatrove,suffixes]

CORPUS is JSONL with a field "text", also as .gz or .zst. Into its first documents `--planted` passages are put, whole
paragraphs of real text, each into three to ten of them. Each tool runs in a process of its own, on one core; the time
is processor time, the memory the highest that is resident, less what was there before.

    planted left   planted passages of which more than one copy is whole in the output
    lost           characters that went and stand nowhere in the output any more, of a million that came in
    torn           places where a sentence was cut: what stands before or after was in one line with it

    ours           cleaner's passages, 3 texts, whole lines of 20 words
    dolma          the paragraph filter of its deduper, a Bloom filter in Rust: a line that came before goes
    datatrove      SentenceDedupSignature, SentenceFindDedups, SentenceDedupFilter with their defaults (3 sentences)
    suffixes       what text-dedup's suffix array does, by hashes: every substring of 100 characters that stands twice,
                   all but its first copy, at any character

Peers are installed beside cleaner: pip install "datatrove[processing]" spacy orjson && pip install --no-deps dolma. Of
dolma its module in Rust is called, which needs nothing else. text-dedup calls a program in Rust for its suffix array
that no registry of packages has. A tool that is not there is left out, with a word why on standard error.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import importlib.util
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from corpora import read_texts

SUBSTRING = 100


def ours(texts: list[str]) -> list[str]:
    from cleaner import ledger
    from cleaner.dedup.passages import Passages, cut

    with tempfile.TemporaryDirectory() as folder, Passages(Path(folder), 3) as passages:
        for number, text in enumerate(texts):
            passages.add(str(number), text)
        found = [cut(text, runs) for text, runs in zip(texts, passages.find(), strict=True)]
    return [text if what.over_half else ledger.apply(text, what.edits) for text, what in zip(texts, found, strict=True)]


@functools.cache
def dolma_in_rust() -> Any:
    package = importlib.util.find_spec("dolma")
    if package is None or package.submodule_search_locations is None:
        raise ModuleNotFoundError("No module named 'dolma'")
    (library,) = Path(package.submodule_search_locations[0]).glob("dolma.*.so")
    spec = importlib.util.spec_from_file_location("dolma", library)
    assert spec is not None
    return importlib.util.module_from_spec(spec)


def dolma(texts: list[str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "documents", "texts.jsonl.gz")
        source.parent.mkdir()
        with gzip.open(source, "wt", encoding="utf-8", compresslevel=1) as file:
            file.writelines(json.dumps({"id": str(place), "text": text}) + "\n" for place, text in enumerate(texts))
        bloom = {"file": f"{folder}/bloom", "size_in_bytes": 0, "read_only": False}
        bloom |= {"estimated_doc_count": sum(text.count("\n") + 1 for text in texts)}
        bloom |= {"desired_false_positive_rate": 1e-6}
        asked = {
            "documents": [str(source)],
            "dedupe": {"name": "passages", "paragraphs": {"attribute_name": "found"}, "skip_empty": True},
            "bloom_filter": bloom,
            "work_dir": {"input": f"{folder}/in", "output": f"{folder}/out"},
            "processes": 1,
        }
        dolma_in_rust().deduper_entrypoint(json.dumps(asked))
        with gzip.open(Path(folder, "attributes", "passages", "texts.jsonl.gz"), "rt", encoding="utf-8") as file:
            found = [json.loads(line)["attributes"]["found"] for line in file]
    left = []
    for text, spans in zip(texts, found, strict=True):
        ends = [0, *(place for start, end, _ in spans for place in (start, end)), len(text)]
        left.append("".join(text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)))
    return left


def datatrove(texts: list[str]) -> list[str]:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import SentenceDedupFilter, SentenceDedupSignature, SentenceFindDedups
    from datatrove.pipeline.dedup.sentence_dedup import SentDedupConfig
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    config = SentDedupConfig()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in", "texts.jsonl")
        source.parent.mkdir()
        rows = [json.dumps({"id": str(place), "text": text}) + "\n" for place, text in enumerate(texts)]
        source.write_text("".join(rows), encoding="utf-8")
        read = JsonlReader(str(source.parent))
        steps = (
            [read, SentenceDedupSignature(f"{folder}/sigs", config=config)],
            [SentenceFindDedups(f"{folder}/sigs", f"{folder}/dups", config=config)],
            [
                read,
                SentenceDedupFilter(f"{folder}/dups", config=config),
                JsonlWriter(f"{folder}/out", compression=None),
            ],
        )
        for number, pipeline in enumerate(steps):
            LocalPipelineExecutor(pipeline=pipeline, tasks=1, logging_dir=f"{folder}/logs/{number}").run()
        left = [""] * len(texts)
        for path in Path(folder, "out").iterdir():
            for line in path.read_text(encoding="utf-8").split("\n"):
                if line:
                    row = json.loads(line)
                    left[int(row["id"])] = row["text"]
    return left


def suffixes(texts: list[str]) -> list[str]:
    import numpy as np

    whole = "\0".join(texts)
    points = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    hashes = np.zeros(len(points) - SUBSTRING + 1, np.uint64)
    for place in range(SUBSTRING):
        hashes *= np.uint64(0x9E3779B97F4A7C1B)
        hashes += points[place : place + len(hashes)]
    order = np.argsort(hashes, kind="stable")
    again = order[1:][hashes[order[1:]] == hashes[order[:-1]]]
    marks = np.zeros(len(points) + 1, np.int64)
    np.add.at(marks, again, 1)
    np.add.at(marks, again + SUBSTRING, -1)
    goes = np.cumsum(marks)[:-1] > 0
    goes[points == 0] = False
    return "".join(np.array(list(whole))[~goes]).split("\0")


TOOLS: dict[str, Callable[[list[str]], list[str]]] = {
    "ours": ours,
    "dolma": dolma,
    "datatrove": datatrove,
    "suffixes": suffixes,
}


def corpus(path: Path, count: int, planted: int) -> tuple[list[str], list[str]]:
    """Return texts with passages put into them, and the passages."""
    draw = random.Random(1)
    texts = [text for text in islice(read_texts(path), 3 * count) if 500 < len(text) < 20_000]
    passages = []
    for text in texts[count:]:
        found = [line for line in text.split("\n") if 25 <= len(line.split()) <= 90 and line.rstrip().endswith(".")]
        passages += found[:1]
    passages = passages[:planted]
    parts = [text.split("\n") for text in texts[:count]]
    for passage in passages:
        for number in draw.sample(range(len(parts)), draw.randrange(3, 11)):
            parts[number].insert(draw.randrange(len(parts[number]) + 1), passage)
    return ["\n".join(part) for part in parts], passages


def judged(texts: list[str], left: list[str], passages: list[str]) -> str:
    output = "\n".join(left)
    remain = sum(output.count(passage) > 1 for passage in passages)
    words = set(output.split())
    lost = sum(len(word) for text in texts for word in text.split() if word not in words)
    before = {line for text in texts for line in text.split("\n")}
    torn = sum(1 for text in left for line in text.split("\n") if line.strip() and line not in before)
    gone = sum(map(len, texts)) - sum(map(len, left))
    return f"{gone / 1e3:,.0f} k | {remain} | {lost / sum(map(len, texts)) * 1e6:,.1f} | {torn}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--planted", type=int, default=200)
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--run", help=argparse.SUPPRESS)
    args = parser.parse_args()
    texts, passages = corpus(args.corpus, args.documents, args.planted)
    if args.run:
        TOOLS[args.run](texts[:20])
        before, at_first = sum(os.times()[:4]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        left = TOOLS[args.run](texts)
        seconds, most = sum(os.times()[:4]) - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        row = judged(texts, left, passages)
        print(f"| {args.run} | {len(texts) / max(seconds, 0.01):,.0f} | {(most - at_first) / 1024:,.0f} | {row} |")
        return
    print(f"{len(texts):,} texts of {sum(map(len, texts)) / len(texts):,.0f} characters, {len(passages)} passages\n")
    print("| tool | documents/s | MiB | characters taken | planted left | lost | torn |\n|---|---|---|---|---|---|---|")
    for tool in args.tools.split(","):
        command = [sys.executable, __file__, str(args.corpus), "--run", tool]
        command += ["--documents", str(args.documents), "--planted", str(args.planted)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(f"{tool} is left out: {done.stderr.strip().split(chr(10))[-1]}", file=sys.stderr)
        else:
            print(done.stdout.strip().split("\n")[-1])


if __name__ == "__main__":
    main()
