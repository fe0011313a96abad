"""What other programs write is read as they meant it."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from running import ARTICLE, Done

Clean = Callable[..., Done]
URL = "https://example.org/boats"


def page(title: str = "Boats of Saltmere") -> bytes:
    paragraphs = "".join(f"<p>{part}</p>" for part in ARTICLE.split("\n\n"))
    head = f"<title>{title} – Café Saltmere</title><meta charset=utf-8>"
    article = f"<article><h1>{title}</h1>{paragraphs}</article>"
    return f"<!doctype html><html><head>{head}</head><body>{article}</body></html>".encode()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.filterwarnings("ignore:Unclosed file")  # warcio leaves its buffers open
@pytest.mark.parametrize("ending", ["warc", "warc.gz"])
@pytest.mark.parametrize("body", ["plain", "gzip", "br", "chunked"])
def test_a_warc_by_warcio_is_read_with_its_bodies_decoded(tmp_path: Path, run: Clean, ending: str, body: str) -> None:
    pytest.importorskip("fastwarc")
    warcio = pytest.importorskip("warcio.warcwriter")
    from warcio.statusandheaders import StatusAndHeaders

    headers = [("Content-Type", "text/html; charset=utf-8")]
    payload = page()
    if body == "gzip":
        headers.append(("Content-Encoding", "gzip"))
        payload = gzip.compress(payload)
    elif body == "br":
        brotli = pytest.importorskip("brotli")
        headers.append(("Content-Encoding", "br"))
        payload = brotli.compress(payload)
    elif body == "chunked":
        headers.append(("Transfer-Encoding", "chunked"))
        payload = b"%x\r\n%s\r\n0\r\n\r\n" % (len(payload), payload)
    path = tmp_path / f"crawl.{ending}"
    with path.open("wb") as file:
        writer = warcio.WARCWriter(file, gzip=ending.endswith("gz"))
        writer.write_record(writer.create_warcinfo_record("crawl.warc", {"software": "a test"}))
        answer = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(URL, "response", payload=BytesIO(payload), http_headers=answer))
        image = StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(URL + ".png", "response", payload=BytesIO(b"\x89PNG"), http_headers=image)
        )
    done = run(path)
    assert [flat(record["text"]) for record in done.kept] == [flat(ARTICLE)]
    assert done.kept[0]["url"] == URL
    assert done.kept[0]["title"] == "Boats of Saltmere"
    assert done.excluded == []


@pytest.mark.parametrize("ending", ["warc", "warc.gz", "warc.zst"])
def test_a_warc_by_fastwarc_is_read(tmp_path: Path, run: Clean, ending: str) -> None:
    pytest.importorskip("fastwarc")
    from fastwarc.stream_io import GzipWriter, ZstdWriter
    from fastwarc.warc import WarcRecord, WarcRecordType

    path = tmp_path / f"crawl.{ending}"
    with path.open("wb") as file:
        stream: Any = (
            GzipWriter(file) if ending.endswith("gz") else ZstdWriter(file) if ending.endswith("zst") else file
        )
        for number in range(3):
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.response)
            record.headers["WARC-Target-URI"] = f"{URL}/{number}"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            body = page(f"Boats {number}").replace(b"Monday", b"day %d" % number)
            record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body)
            record.write(stream)
        if stream is not file:
            stream.close()
    done = run(path, ignore=("ND",))
    assert [record["url"] for record in done.kept] == [f"{URL}/{number}" for number in range(3)]
    assert done.excluded == []


def test_parquet_by_pandas_keeps_its_other_columns_and_their_types(tmp_path: Path, run: Clean) -> None:
    pd = pytest.importorskip("pandas")
    pq = pytest.importorskip("pyarrow.parquet")
    from cleaner.runner.run import Run

    path = tmp_path / "in.parquet"
    when = pd.Timestamp("2024-05-03T10:00:00")
    frame = pd.DataFrame(
        {
            "id": [1, 2],
            "text": [ARTICLE, "Quite another story about a lighthouse that nobody had painted since the war."],
            "score": [0.5, None],
            "when": [when, when],
            "tags": [["a", "b"], []],
        }
    )
    frame.to_parquet(path)
    out = tmp_path / "out.parquet"
    Run((str(path),), str(out))()
    table = pq.read_table(out)
    assert table.column_names[:5] == ["id", "text", "score", "when", "tags"]
    assert table.column("id").to_pylist() == [1, 2]
    assert table.column("when").to_pylist() == [when.to_pydatetime()] * 2
    assert table.column("tags").to_pylist() == [["a", "b"], []]
    assert table.column("language").to_pylist() == ["en", "en"]


def test_times_in_nanoseconds_are_kept_to_the_last_digit(tmp_path: Path, run: Clean) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    nanoseconds = pa.timestamp("ns", "UTC")
    columns = {
        "text": [ARTICLE],
        "when": pa.array([1_700_000_000_123_456_789], nanoseconds),
        "took": pa.array([1_500_000_000], pa.duration("ns")),
        "seen": pa.array([[1_700_000_000_000_000_000]], pa.list_(nanoseconds)),
        "inner": pa.array([{"at": 1_700_000_000_000_000_000}], pa.struct([("at", nanoseconds)])),
    }
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    done = run(tmp_path / "in.parquet")
    assert done.reasons == {}
    assert done.kept[0]["when"] == "2023-11-14T22:13:20.123456789Z"
    assert done.kept[0]["seen"] == ["2023-11-14T22:13:20Z"]
    assert done.kept[0]["inner"] == {"at": "2023-11-14T22:13:20Z"}


def test_parquet_by_duckdb_is_read(tmp_path: Path, run: Clean) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "in.parquet"
    (tmp_path / "in.json").write_text(json.dumps({"key": "a", "body": ARTICLE}))
    duckdb.sql(f"COPY (SELECT * FROM '{tmp_path}/in.json') TO '{path}' (FORMAT parquet)")
    done = run(path, text_field="body", id_field="key")
    assert [(r["id"], r["key"], r["text"]) for r in done.kept] == [("a", "a", ARTICLE)]
    assert "body" not in done.kept[0]


def test_duckdb_and_pandas_read_what_is_written(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    from cleaner.runner.run import Run

    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": "a", "text": ARTICLE, "n": 1}) + "\n" + json.dumps({"id": "b", "text": "Other."}))
    for ending in ("parquet", "jsonl", "jsonl.gz", "jsonl.zst"):
        Run((str(path),), str(tmp_path / f"out.{ending}"))()
    for ending in ("parquet", "jsonl", "jsonl.gz", "jsonl.zst"):
        rows = duckdb.sql(f"SELECT id, text FROM '{tmp_path}/out.{ending}'").fetchall()
        assert rows == [("a", ARTICLE), ("b", "Other.")]
    assert pd.read_parquet(tmp_path / "out.parquet")["text"].tolist() == [ARTICLE, "Other."]


def test_jsonl_by_the_zstd_program_is_read(tmp_path: Path, run: Clean) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"id": i, "text": f"{i}. {ARTICLE}"}) + "\n" for i in range(3)))
    try:
        subprocess.run(["zstd", "-q", str(path)], check=True)
    except FileNotFoundError:
        zstandard = pytest.importorskip("zstandard")
        (tmp_path / "in.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(path.read_bytes()))
    done = run(tmp_path / "in.jsonl.zst", ignore=("ND",))
    assert [record["id"] for record in done.kept] == [0, 1, 2]


def test_archives_of_several_parts_are_read_whole(tmp_path: Path, run: Clean) -> None:
    first, second = (json.dumps({"id": i, "text": f"{i} {ARTICLE}"}).encode() + b"\n" for i in "ab")
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(first) + gzip.compress(second))
    assert [r["id"] for r in run(tmp_path / "in.jsonl.gz", ignore=("ND",)).kept] == ["a", "b"]
