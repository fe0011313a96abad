"""A corpus with hostile documents between good ones: each has its record, the good ones come out as without them."""

from __future__ import annotations

import gzip
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zstandard
from hostile import HostileTask
from running import ARTICLE, lines

from cleaner.runner import pool, run
from cleaner.runner.run import Run

# Of a run beside what the process had before, which of pytest's own may be a gigabyte after other tests.
MOST_RESIDENT = 1400 << 20


def good(number: int) -> dict[str, str]:
    words = " ".join(f"w{(number * 31 + i * i) % 9973}" for i in range(120))
    return {"id": f"good-{number}", "text": f"{ARTICLE}\n\nBoat {number}: {words}"}


def hostile_lines() -> dict[str, bytes]:
    """Give lines of JSONL that hurt, by what is wrong with them."""

    def line(id_: str, text: str) -> bytes:
        return json.dumps({"id": id_, "text": text}).encode()

    return {
        "hang-cleaning": line("hang-cleaning", "An endless story."),
        "killed": line("killed", "A killer."),
        "memory": line("memory", "A glutton."),
        "segfault": line("segfault", "A crash."),
        "utf-8": b'{"id": "utf-8", "text": "caf\xe9 \xff\xfe and more"}',
        "surrogate": b'{"id": "surrogate", "text": "half of a pair: \\ud800 and on"}',
        "nested-json": b'{"id": "nested-json", "text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "bidi": line("bidi", "\u202e\u2066\u200f" * 50_000),
        "zero-width": line("zero-width", "\u200b\u200d\ufeff" * 50_000),
        "nul": line("nul", "\0" * 1_000_000),
        "no-break": line("no-break", "x" * 1_000_000),
        "breaks": line("breaks", "\n \t" * 50_000),
    }


def write_hostile(folder: Path) -> None:
    """Write files that hurt: 60 MB of nested tags, and pages and lines that are a gigabyte when unpacked."""
    (folder / "nested.html").write_bytes(b"<html><body>" + b"<div>" * (60 * 1_000_000 // 5))
    block = b"a" * (1 << 20)
    with gzip.open(folder / "page.html.gz", "wb", compresslevel=1) as page:
        page.write(b"<html><body><p>")
        for _ in range(1024):
            page.write(block)
    with zstandard.open(folder / "lines.jsonl.zst", "wb") as file:
        file.write(b'{"id": "gigabyte", "text": "')
        for _ in range(1024):
            file.write(block)
        file.write(b'"}\n' + json.dumps(good(500)).encode() + b"\n")


@contextmanager
def resident() -> Iterator[list[int]]:
    """Note the most memory that this process and its workers have had at once, beside what it had before, in bytes."""
    stop, most = threading.Event(), [0]

    def pages(pid: int) -> int:
        try:
            return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (FileNotFoundError, ProcessLookupError):
            return 0

    before = pages(os.getpid())

    def look() -> None:
        while not stop.wait(0.02):
            children = [child.pid for child in pool.multiprocessing.active_children() if child.pid]
            most[0] = max(most[0], sum(map(pages, [os.getpid(), *children])) - before)

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield most
    finally:
        stop.set()
        watch.join()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_good_documents_come_out_as_without_the_hostile_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = hostile_lines()
    rows = [json.dumps(good(number)).encode() for number in range(10 * len(bad))]
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "in.jsonl").write_bytes(b"\n".join([*rows, json.dumps(good(500)).encode(), b""]))
    folder = tmp_path / "mixed"
    folder.mkdir()
    for place, line in enumerate(bad.values()):
        rows.insert(11 * place + 7, line)
    (folder / "in.jsonl").write_bytes(b"\n".join([*rows, b""]))
    write_hostile(folder)
    Run((str(tmp_path / "clean"),), str(tmp_path / "a.jsonl"))()
    monkeypatch.setattr(run, "Task", HostileTask)
    with resident() as most:
        summary = Run((str(folder),), str(tmp_path / "b.jsonl"), workers=2, timeout_s=3)()
    assert most[0] < MOST_RESIDENT
    expected = lines(tmp_path / "a.jsonl")
    found = {record["id"]: record for record in lines(tmp_path / "b.jsonl")}
    assert [found[record["id"]] for record in expected] == expected
    excluded = {Path(record["id"]).name: record["excluded"]["code"] for record in lines(tmp_path / "b.excluded.jsonl")}
    places = {id_: f"in.jsonl:{11 * place + 8}" for place, id_ in enumerate(bad)}
    assert {id_: excluded.get(id_) or excluded.get(places[id_]) for id_ in bad} == {
        "hang-cleaning": "RD111",
        "killed": "RD112",
        "memory": "RD113",
        "segfault": "RD112",
        "nested-json": "RD104",
        "nul": "TX101",
        "breaks": "TX101",
        # Read as another encoding, and without the half of a pair: that costs no more than the letters.
        "utf-8": None,
        "surrogate": None,
        # Nothing is wrong with these but that nobody would want to read them.
        "bidi": None,
        "zero-width": None,
        "no-break": None,
    }
    assert excluded["page.html.gz"] == excluded["lines.jsonl.zst:1"] == "RD107"
    assert excluded["nested.html"] in ("TX101", "RD111", "RD113")  # by how fast the machine is
    assert summary.read == len(expected) + len(bad) + 3
    assert summary.kept == len(expected) + 5
