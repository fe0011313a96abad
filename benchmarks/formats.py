"""How fast each format is read, and how much memory a run takes that reads 100 MB and 1 GB of it.

    python benchmarks/formats.py speed FOLDER --megabytes 40
    python benchmarks/formats.py memory FOLDER --megabytes 100 1000 --formats jsonl.zst json parquet
    python benchmarks/formats.py files FOLDER --numbers 1000 10000 50000

`speed` reads the same records from each format in this process, and says the processor time beside that of JSON lines;
of an archive, also that of fastwarc's own iteration, and both with what the chain takes for its pages. `memory` cleans
with two workers and white space alone, and says the largest anonymous memory of the parent and of a worker. `files`
says the same of folders of small texts, cleaned into one file and into a folder.
"""

from __future__ import annotations

import argparse
import base64
import csv
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from cleaner.corpus.compression import compression_of, open_write
from cleaner.corpus.inputs import file_in_chunks
from cleaner.corpus.record import FieldNames

FORMATS = ("jsonl", "jsonl.zst", "json", "csv", "parquet", "arrow", "warc.gz", "wet")
# Not unless asked for: a folder of texts of 20 kB each (for `memory` alone), and an archive as crawlers make it, of so
# many megabytes packed.
FOLDER, CRAWL = "folder", "crawl.warc.gz"
DRAWN = 4_000
WORDS = ["harbour", "lake", "ferry", "captain", "wind", "café", '"quoted"', "pier", "noon", "island", "rope", "lamp,"]
RECORDS_OF_A_MEGABYTE = 500


def records(megabytes: int) -> Iterator[dict[str, Any]]:
    """Yield records of about two kilobytes, the same ones in every run; behind `DRAWN` of them, texts come again."""
    drawn = random.Random(7)
    texts = ["\n\n".join(" ".join(drawn.choices(WORDS, k=60)) + "." for _ in range(6)) for _ in range(DRAWN)]
    for number in range(megabytes * RECORDS_OF_A_MEGABYTE):
        yield {"id": str(number), "url": f"https://example.org/{number}", "text": texts[number % DRAWN], "n": number}


def write(path: Path, megabytes: int) -> None:
    """Write the records in the format of the path's ending, in flat memory."""
    name = path.name.split(".", 1)[1]
    writers = {"json": _json, "csv": _csv, "parquet": _table, "arrow": _table, "warc.gz": _warc, "wet": _warc}
    writers[FOLDER] = _folder
    if name == CRAWL:
        _crawl(path, megabytes)
        return
    writers.get(name, _jsonl)(path, records(megabytes))


def _jsonl(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with open_write(path, compression_of(path)) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def _folder(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    for number, some in enumerate(_batched(rows, 10)):
        (path / f"{number // 1000}").mkdir(parents=True, exist_ok=True)
        (path / f"{number // 1000}" / f"{number}.txt").write_text("\n\n".join(row["text"] for row in some))


def _json(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            file.write(("[" if number == 0 else ", ") + json.dumps(row, ensure_ascii=False))
        file.write("]")


def _csv(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "url", "text", "n"])
        writer.writeheader()
        writer.writerows(rows)


def _table(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    import itertools

    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("id", pa.string()), ("url", pa.string()), ("text", pa.string()), ("n", pa.int64())])
    with pq.ParquetWriter(path, schema) if path.suffix == ".parquet" else pa.ipc.new_file(str(path), schema) as writer:
        for batch in itertools.batched(rows, 10_000) if hasattr(itertools, "batched") else _batched(rows, 10_000):
            writer.write_table(pa.Table.from_pylist(list(batch), schema))


def _batched(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, size)):
        yield batch


def _warc(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    wet = path.suffix == ".wet"
    with path.open("wb") as file:
        for row in rows:
            body = row["text"].encode()
            kind = "conversion" if wet else "response"
            if not wet:
                page = "".join(f"<p>{part}</p>" for part in row["text"].split("\n\n"))
                head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
                body = head + f"<html><body><article>{page}</article></body></html>".encode()
            record = (
                (
                    f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {row['url']}\r\n"
                    f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
                ).encode()
                + body
                + b"\r\n\r\n"
            )
            file.write(record if wet else gzip.compress(record, 6))


def _crawl(path: Path, megabytes: int) -> None:
    """Write pages of 100 kB, most of it script, pictures and PDFs of 80 kB, and a revisit for every tenth page."""
    drawn = random.Random(7)
    noise = drawn.randbytes(16_000_000)
    script = base64.b64encode(noise[:6_000_000]).decode()
    shared = "".join(f"function f{number}(a) {{ return a.map(b => b + {number}); }}\n" for number in range(1_400))
    with path.open("wb") as file:
        for number, row in enumerate(records(1_000_000)):
            if file.tell() >= megabytes * 1_000_000:
                return
            head = f"WARC/1.0\r\nWARC-Target-URI: {row['url']}\r\nWARC-Date: 2026-11-30T02:00:00Z\r\n"
            at = drawn.randrange(5_900_000)
            page = "".join(f"<p>{part}</p>" for part in row["text"].split("\n\n"))
            html = (
                f"<html><head><title>{number}</title><script>{shared}</script></head><body>"
                f"<article>{page}</article><script>var s = '{script[at : at + 25_000]}'</script></body></html>"
            )
            _record(file, head, "response", "text/html; charset=utf-8", html.encode())
            if number % 8 == 0:
                kind = ("image/jpeg", "image/png", "application/pdf")[number // 8 % 3]
                _record(file, head, "response", kind, noise[at : at + 80_000])
            if number % 10 == 0:
                _record(file, head, "revisit", "text/html", b"")


def _record(file: IO[bytes], head: str, kind: str, media_type: str, body: bytes) -> None:
    body = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode() + body
    more = f"WARC-Type: {kind}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}"
    file.write(gzip.compress(f"{head}{more}\r\n\r\n".encode() + body + b"\r\n\r\n", 1))


def speed(folder: Path, megabytes: int, formats: list[str]) -> None:
    """Print the median of three times for each format, and the ratio to JSON lines."""
    base = 0.0
    for name in formats:
        path = folder / f"speed.{name}"
        write(path, megabytes)
        seconds = _median(lambda path=path: _read(path))  # type: ignore[misc]
        base = base or seconds
        print(f"{name:10} {seconds:6.2f} s  {megabytes / seconds:6.1f} MB/s  {base / seconds:5.2f} of {formats[0]}")
        if name.endswith("warc.gz"):
            theirs = _median(lambda path=path: _by_fastwarc(path))  # type: ignore[misc]
            chain, pages = _chain(path)
            print(f"{'fastwarc':10} {theirs:6.2f} s; the chain {chain:.0f} s for {pages:,} pages")
            print(f"with the chain {(theirs + chain) / (seconds + chain):.3f} of fastwarc's speed")
        path.unlink()


def _median(do: Callable[[], None]) -> float:
    times = []
    for _ in range(3):
        begun = time.process_time()
        do()
        times.append(time.process_time() - begun)
    return sorted(times)[1]


def _read(path: Path) -> None:
    for chunk in file_in_chunks(str(path), FieldNames()):
        for item in chunk.items():
            item.read()


def _by_fastwarc(path: Path) -> None:
    from fastwarc.warc import ArchiveIterator

    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=True):
            record.reader.read()


def _chain(path: Path, sample: int = 400) -> tuple[float, int]:
    """Return the processor time of the chain on all pages of an archive, by its first ones, and how many there are."""
    from cleaner.config import Config

    clean = Config().pipeline()
    pages, spent = 0, 0.0
    for chunk in file_in_chunks(str(path), FieldNames()):
        for item in chunk.items():
            pages += 1
            if pages <= sample:
                record = item.read()
                begun = time.process_time()
                clean(record.document)
                spent += time.process_time() - begun
    return spent / min(pages, sample) * pages, pages


def memory(folder: Path, sizes: list[int], formats: list[str]) -> None:
    """Print the largest memory of a run on each format and size."""
    for name in formats:
        for megabytes in sizes:
            path = folder / f"memory.{name}"
            write(path, megabytes)
            _told(f"{name:10} {megabytes:5} MB", path, folder / "out.jsonl")
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def files(folder: Path, numbers: list[int]) -> None:
    """Print the largest memory of a run on small texts, as many as asked for, for each kind of output."""
    for number in numbers:
        path = folder / "memory.texts"
        for index, row in enumerate(islice(records(1 + number // RECORDS_OF_A_MEGABYTE), number)):
            (path / f"{index // 1000}").mkdir(parents=True, exist_ok=True)
            (path / f"{index // 1000}" / f"{index}.txt").write_text(row["text"][:200])
        for out in ("out.jsonl", "out"):
            _told(f"{number:7,} files to {out:10}", path, folder / out)
        shutil.rmtree(path)


def _told(what: str, path: Path, out: Path) -> None:
    """Clean it, print the largest memory, and remove what came out."""
    command = [sys.executable, "-m", "cleaner", "clean", str(path), "-o", str(out), "--isolated", "--quiet"]
    command += ["--select", "WS", "--workers", "2", "--ledger", os.devnull, "--restart"]
    begun = time.time()
    parent, worker = _watched(command)
    spent = time.time() - begun
    print(f"{what}  parent {parent:6.1f} MB  worker {worker:6.1f} MB  {spent:6.0f} s", flush=True)
    shutil.rmtree(out) if out.is_dir() else out.unlink()
    beside = out.with_name(f"{out.stem}.manifest.json")
    beside.unlink()


def _watched(command: list[str]) -> tuple[float, float]:
    """Run a command; return the largest anonymous memory of its process and of one below it, in megabytes."""
    most = [0, 0]
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            below = _children(process.pid)
            most[0] = max(most[0], _anonymous(process.pid))
            most[1] = max([most[1], *map(_anonymous, below)])
            time.sleep(0.03)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}: {process.returncode}")
    return most[0] / 1000, most[1] / 1000


def _children(pid: int) -> list[int]:
    """Return the processes below this one."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found[1:]


def _anonymous(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.split("\n") if line.startswith("RssAnon")), 0)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["speed", "memory", "files"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[40])
    parser.add_argument("--numbers", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--formats", nargs="+", default=list(FORMATS), help=f"also {FOLDER}, {CRAWL}")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    if asked.what == "speed":
        speed(asked.folder, asked.megabytes[0], asked.formats)
    elif asked.what == "files":
        files(asked.folder, asked.numbers)
    else:
        memory(asked.folder, asked.megabytes, asked.formats)


if __name__ == "__main__":
    main()
