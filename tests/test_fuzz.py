"""Whatever bytes a file holds, under whatever ending: every record has its place, nothing is raised, the sums agree."""

from __future__ import annotations

import gzip
import io
import json
from functools import cache
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from running import ARTICLE, lines

from cleaner.config import Config
from cleaner.corpus.ledger_file import Undoer
from cleaner.report.run_report import RunReport
from cleaner.runner.run import Run

LINES = "".join(json.dumps({"id": n, "text": f"{n} {ARTICLE}\n\nShare on Facebook"}) + "\n" for n in range(4)).encode()
PAGE = f"<!doctype html><title>A ferry</title><body><article><p>{ARTICLE}</p></article>".encode()
WARC_RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://example.org/a\r\n"
    b"WARC-Date: 2024-05-03T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
WARC = (WARC_RECORD % len(ANSWER) + ANSWER + b"\r\n\r\n") * 2


@cache
def parquet() -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    sink = io.BytesIO()
    parquet.write_table(pyarrow.table({"id": ["a", "b"], "text": [ARTICLE, ARTICLE + " More."]}), sink)
    return sink.getvalue()


def whole(ending: str) -> bytes:
    """Give a sound file with this ending."""
    if ending == "parquet":
        return parquet()
    if ending == "warc":
        pytest.importorskip("fastwarc")
        return WARC
    return {
        "jsonl": LINES,
        "jsonl.gz": gzip.compress(LINES, mtime=0),
        "jsonl.zst": zstandard.compress(LINES),
        "html": PAGE,
        "txt": ARTICLE.encode(),
    }[ending]


# Where to cut into a file, as a share of it, how many bytes to take out there, and what to put in.
cuts = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40)), max_size=4)


def damaged(data: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    for place, gone, new in cuts:
        start = int(place * len(data))
        data = data[:start] + new + data[start + gone :]
    return data


def check(folder: Path, ending: str, data: bytes) -> None:
    """Clean a file with these bytes; the account adds up, the ledger gives back what came in."""
    source, out = folder / f"in.{ending}", folder / "c.jsonl"
    source.write_bytes(data)
    summary = Run(
        (str(source),), str(out), Config(threshold=0.8), report=RunReport(str(folder / "run.html")), restart=True
    )()
    kept, excluded = lines(out), lines(folder / "c.excluded.jsonl")
    assert summary.read == len(kept) + len(excluded)
    assert all(record["excluded"]["code"] for record in excluded)
    take_back = Undoer(str(folder / "c.ledger.jsonl"))
    assert all(take_back(record)["text"] is not None for record in kept)
    assert b"</html>" in (folder / "run.html").read_bytes()


ENDINGS = ["jsonl", "jsonl.gz", "jsonl.zst", "html", "txt", "parquet", "warc"]
# A record may take 30 s in a run.
FUZZ = settings(max_examples=25, deadline=30_000, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("ending", ENDINGS)
@FUZZ
@given(cuts=cuts)
def test_a_damaged_file_of_any_format_is_accounted_for(
    tmp_path: Path, ending: str, cuts: list[tuple[float, int, bytes]]
) -> None:
    check(tmp_path, ending, damaged(whole(ending), cuts))


@pytest.mark.parametrize("ending", ENDINGS)
@FUZZ
@given(data=st.binary(max_size=300))
@example(data=b"")
def test_any_bytes_under_any_ending_are_accounted_for(tmp_path: Path, ending: str, data: bytes) -> None:
    if ending in ("parquet", "warc"):
        whole(ending)  # skips where the extra is not installed
    check(tmp_path, ending, data)


@FUZZ
@given(texts=st.lists(st.text(max_size=200), max_size=6))
def test_any_texts_are_accounted_for_and_given_back(tmp_path: Path, texts: list[str]) -> None:
    rows = [json.dumps({"id": str(n), "text": text}).encode() for n, text in enumerate(texts)]
    check(tmp_path, "jsonl", b"\n".join(rows))
    take_back = Undoer(str(tmp_path / "c.ledger.jsonl"))
    kept = lines(tmp_path / "c.jsonl")
    assert [take_back(record)["text"] for record in kept] == [texts[int(record["id"])] for record in kept]
