"""Compare near-duplicate tools on one corpus: speed, memory, what they leave in, what they take wrongly.

usage: python benchmarks/dedup.py CORPUS [--documents 3000] [--threshold 0.7] [--repeat 3] [--tools ours,datasketch,...]

CORPUS is JSONL with a field "text", also as .gz or .zst. Of its documents of 3 to 10 kB, in scripts with spaces, four
fifths are taken as they are; one fifth are copies of these with up to one word in ten replaced, so that similarities of
all sizes occur, shuffled in. Each tool gets the texts in one order, in one process of its own, on one core; the time
is processor time, from texts in memory to decisions (datatrove: from a file to files, as it works), the best of
`--repeat` runs. Waiting for the disk is not counted, for any.

    pairs left    pairs at or above the threshold of which both were kept
    false         removed, though no kept document is at or above the threshold

Both are counted by an exact comparison of all with all: Jaccard similarity of the sets of five words in a row.

    datasketch    MinHash(num_perm=128).update_batch() over the same shingles, MinHashLSH(threshold).query(), insert()
    rensa         RMinHash.from_token_sets() over the same shingles (full sets), RMinHashDeduplicator(use_lsh=True)
    datatrove     MinhashDedupSignature, Buckets, Cluster, Filter with their defaults (5-grams, 14 x 8), local executor
    text-dedup    its embed_func and union-find as its minhash command uses them (5-grams, its choice of bands)

Peers are installed beside cleaner: pip install rensa "datatrove[processing]" spacy orjson; pip install datasets fire
click-option-group psutil bitarray pybloom-live && pip install --no-deps text-dedup. A tool that is not there is left
out, with a word why on standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from corpora import read_texts

_PERMUTATIONS = 128
_RENSA_SEED = 42
_WORD = re.compile(r"\w+")
_SHARES_REPLACED = (0.0, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.1)


class Outcome(NamedTuple):
    """What one run of one tool gave."""

    seconds: float
    peak_mib: float
    """Resident memory at its highest, mapped files included, less what it was before the run."""
    removed: list[int]


def plain_shingles(text: str) -> set[str]:
    """Make the shingles as one does in Python."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return {" ".join(words[start : start + 5]) for start in range(max(1, len(words) - 4))}


def ours(texts: list[str], threshold: float) -> list[int]:
    from cleaner.dedup.leader import GreedyLeader
    from cleaner.dedup.sketch import Sketcher

    sketcher = Sketcher(threshold)
    removed = []
    with tempfile.TemporaryDirectory() as spool, GreedyLeader(sketcher, Path(spool)) as leader:
        for start in range(0, len(texts), 256):
            for place, sketch in enumerate(sketcher.batch(texts[start : start + 256]), start):
                if leader.decide(str(place), sketch):
                    removed.append(place)
    return removed


def datasketch(texts: list[str], threshold: float) -> list[int]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS)
    removed = []
    for place, text in enumerate(texts):
        signature = MinHash(num_perm=_PERMUTATIONS)
        signature.update_batch([shingle.encode() for shingle in plain_shingles(text)])
        if index.query(signature):
            removed.append(place)
        else:
            index.insert(place, signature)
    return removed


def rensa(texts: list[str], threshold: float) -> list[int]:
    from rensa import RMinHash, RMinHashDeduplicator

    index = RMinHashDeduplicator(threshold, _PERMUTATIONS, use_lsh=True, seed=_RENSA_SEED)
    removed = []
    for start in range(0, len(texts), 256):
        sets = [list(plain_shingles(text)) for text in texts[start : start + 256]]
        signatures = RMinHash.from_token_sets(sets, _PERMUTATIONS, _RENSA_SEED)
        added = index.add_pairs([(str(place), signature) for place, signature in enumerate(signatures, start)])
        removed += [place for place, is_new in enumerate(added, start) if not is_new]
    return removed


def datatrove(texts: list[str], threshold: float) -> list[int]:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.typeshelper import Languages

    config = MinhashConfig()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in", "texts.jsonl")
        source.parent.mkdir()
        with source.open("w", encoding="utf-8") as file:
            for place, text in enumerate(texts):
                file.write(json.dumps({"id": str(place), "text": text}) + "\n")
        read = JsonlReader(str(source.parent))
        steps = [
            [read, MinhashDedupSignature(f"{folder}/sigs", config=config, language=Languages.english)],
            [MinhashDedupBuckets(f"{folder}/sigs", f"{folder}/buckets", config=config)],
            [MinhashDedupCluster(f"{folder}/buckets", f"{folder}/ids", config=config)],
            [read, MinhashDedupFilter(f"{folder}/ids"), JsonlWriter(f"{folder}/out", compression=None)],
        ]
        for number, (pipeline, tasks) in enumerate(zip(steps, (1, config.num_buckets, 1, 1), strict=True)):
            logs = f"{folder}/logs/{number}"
            LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=1, logging_dir=logs).run()
        kept = {
            int(json.loads(line)["id"])
            for path in Path(folder, "out").iterdir()
            for line in path.read_text(encoding="utf-8").split("\n")
            if line
        }
    return [place for place in range(len(texts)) if place not in kept]


def text_dedup(texts: list[str], threshold: float) -> list[int]:
    import numpy as np
    from text_dedup.minhash import embed_func
    from text_dedup.utils import UnionFind, optimal_param, sha1_hash

    prime, largest = np.uint64((1 << 61) - 1), np.uint32((1 << 32) - 1)
    draw = np.random.RandomState(42)
    bands, rows = optimal_param(threshold, _PERMUTATIONS, 0.5, 0.5)
    permutations = (
        draw.randint(1, prime, size=(_PERMUTATIONS,), dtype=np.uint64),
        draw.randint(0, prime, size=(_PERMUTATIONS,), dtype=np.uint64),
    )
    tables: list[dict[bytes, set[int]]] = [defaultdict(set) for _ in range(bands)]
    for place, text in enumerate(texts):
        found = embed_func(
            text,
            place,
            num_perm=_PERMUTATIONS,
            ngram_size=5,
            min_length=5,
            hashranges=[(band * rows, (band + 1) * rows) for band in range(bands)],
            permutations=permutations,
            hash_func=lambda token: sha1_hash(token, d=32),
            dtype=np.uint64,
            max_hash=largest,
            modulo_prime=prime,
        )
        for table, key in zip(tables, found["__signatures__"], strict=True):
            table[key].add(place)
    clusters = UnionFind()
    for table in tables:
        for cluster in table.values():
            first = min(cluster)
            for place in cluster:
                clusters.union(place, first)
    return [place for place in range(len(texts)) if clusters.find(place) != place]


TOOLS: dict[str, Callable[[list[str], float], list[int]]] = {
    "ours": ours,
    "datasketch": datasketch,
    "rensa": rensa,
    "datatrove": datatrove,
    "text-dedup": text_dedup,
}


def generate(source: Iterator[str], count: int) -> list[str]:
    """Return documents of the corpus and edited copies of them, the same at each call."""
    draw = random.Random(1)
    texts = []
    for text in source:
        if 3_000 <= len(text) <= 10_000 and 2.5 <= len(text) / max(1, len(text.split())) <= 9:
            texts.append(text)
        if len(texts) == count - count // 5:
            break
    for original in draw.choices(texts, k=count // 5):
        words = original.split(" ")
        for _ in range(round(len(words) * draw.choice(_SHARES_REPLACED))):
            words[draw.randrange(len(words))] = "replaced"
        texts.append(" ".join(words))
    draw.shuffle(texts)
    return texts


def near_pairs(texts: list[str], threshold: float) -> dict[int, list[int]]:
    """Give, for each document that has any, the others at or above the threshold."""
    sets = [plain_shingles(text) for text in texts]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, shingles in enumerate(sets):
        for shingle in shingles:
            holders[shingle].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in holders.values():
        shared.update(combinations(places, 2))
    near: dict[int, list[int]] = defaultdict(list)
    for (left, right), count in shared.items():
        if count / (len(sets[left]) + len(sets[right]) - count) >= threshold:
            near[left].append(right)
            near[right].append(left)
    return near


def run(tool: str, corpus: Path, threshold: float) -> Outcome | str:
    """Run a tool in a process of its own; give why not where it cannot be run."""
    command = [sys.executable, __file__, str(corpus), "--run", tool, "--threshold", str(threshold)]
    done = subprocess.run(
        command, env={**os.environ, "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}, capture_output=True, text=True
    )
    if done.returncode:
        return done.stderr.strip().split("\n")[-1]
    return Outcome(*json.loads(done.stdout.strip().split("\n")[-1]))


def run_here(tool: str, corpus: Path, threshold: float) -> Outcome:
    texts = list(read_texts(corpus))
    TOOLS[tool](texts[:20], threshold)  # imports and tables are no part of the time
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest so far
    before = resident_mib("VmRSS")
    start = processor_seconds()
    removed = TOOLS[tool](texts, threshold)
    seconds = processor_seconds() - start
    return Outcome(seconds, resident_mib("VmHWM") - before, removed)


def processor_seconds() -> float:
    """Return the processor time of this process and its children: the same however busy the machine is."""
    return sum(os.times()[:4])


def resident_mib(field: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split(f"{field}:")[1].split()[0]) / 1024


def row(tool: str, outcome: Outcome, texts: list[str], near: dict[int, list[int]]) -> str:
    removed = set(outcome.removed)
    pairs = [(place, other) for place, others in near.items() for other in others if place < other]
    left = sum(1 for pair in pairs if removed.isdisjoint(pair))
    false = sum(1 for place in removed if not any(other not in removed for other in near.get(place, ())))
    return (
        f"| {tool} | {len(texts) / outcome.seconds:,.0f} | {outcome.peak_mib:,.0f} | {len(removed)} "
        f"| {left} | {false} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=3_000)
    parser.add_argument("--threshold", type=float, default=0.7)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--run", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.run:
        print(json.dumps(run_here(args.run, args.corpus, args.threshold)))
        return
    texts = generate(read_texts(args.corpus), args.documents)
    near = near_pairs(texts, args.threshold)
    pairs = sum(map(len, near.values())) // 2
    size = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} documents of {size:,.0f} characters, {pairs} pairs at or above {args.threshold}\n")
    print("| tool | documents/s | peak MiB | removed | pairs left | false |\n|---|---|---|---|---|---|")
    tools = args.tools.split(",")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus.jsonl")
        corpus.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
        best: dict[str, Outcome] = {}
        for _ in range(args.repeat):  # in turn, so that a busy machine is busy for all
            for tool in list(tools):
                outcome = run(tool, corpus, args.threshold)
                if isinstance(outcome, str):
                    print(f"{tool} is left out: {outcome}", file=sys.stderr)
                    tools.remove(tool)
                elif tool not in best or outcome.seconds < best[tool].seconds:
                    best[tool] = outcome
    for tool, outcome in best.items():
        print(row(tool, outcome, texts, near))


if __name__ == "__main__":
    main()
