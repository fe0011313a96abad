"""The files of the tools that others use: written by them and read here, written here and read by them.

Nothing is installed for these tests; where a tool is missing its tests are skipped, and in CI they fail.
"""

from __future__ import annotations

import importlib.util
import io
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from real_parts import needs
from running import ARTICLE, Done

from cleaner.cli import main

Clean = Callable[..., Done]

# A segment of a crawl has 20,000 records and more; so many take a minute.
SEGMENT_RECORDS = int(os.environ.get("CLEANER_SEGMENT_RECORDS", "240"))

ROWS = [
    {"id": str(n), "text": f"{n * 7919} boats. {part}", "n": n, "score": n / 4, "tags": ["a", str(n)]}
    for n, part in enumerate(ARTICLE.split("\n\n"))
]


def tool(name: str) -> Any:
    needs(importlib.util.find_spec(name), name)
    return importlib.import_module(name)


def body(number: int) -> bytes:
    paragraphs = "".join(f"<p>{part} {number * 7919}</p>" for part in ARTICLE.split("\n\n"))
    return f"<!doctype html><html><body><article><h1>Boats {number}</h1>{paragraphs}</article></body></html>".encode()


# What of ten answers each is: its status, its type and its body.
def answers(count: int) -> Iterator[tuple[str, int, str, bytes]]:
    for number in range(count):
        url = f"https://example.org/{number}"
        match number % 10:
            case 0:
                yield url, 404, "text/html", body(number)
            case 1:
                yield url, 200, "application/pdf", b"%PDF-1.7\n%\xff\xff"
            case 2:
                yield url, 200, "application/json", b"{}"
            case 3:
                yield url, 200, "", body(number)
            case _:
                yield url, 200, "text/html; charset=utf-8", body(number)


def by_warcio(path: Path, count: int) -> None:
    tool("warcio")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        for url, status, kind, content in answers(count):
            headers = [("Content-Type", kind)] if kind else []
            http = StatusAndHeaders(f"{status} Something", headers, protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(content), http_headers=http)
            )
            request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.org")], is_http_request=True)
            writer.write_record(writer.create_warc_record(url, "request", http_headers=request))


def by_fastwarc(path: Path, count: int) -> None:
    tool("fastwarc")
    from fastwarc.stream_io import GzipWriter
    from fastwarc.warc import WarcRecord, WarcRecordType

    with path.open("wb") as file:
        stream = GzipWriter(file)
        for url, status, kind, content in answers(count):
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.response)
            record.headers["WARC-Target-URI"] = url
            record.headers["Content-Type"] = "application/http; msgtype=response"
            head = f"HTTP/1.1 {status} Something\r\n" + (f"Content-Type: {kind}\r\n" if kind else "") + "\r\n"
            record.set_bytes_content(head.encode() + content)
            record.write(stream)
            other = WarcRecord()
            other.init_headers(record_type=WarcRecordType.metadata)
            other.set_bytes_content(b"fetchTimeMs: 3")
            other.write(stream)
        stream.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of warcio's own temporary files
@pytest.mark.parametrize("written_by", [by_warcio, by_fastwarc])
def test_a_segment_of_an_archive_is_read_to_the_last_record(
    tmp_path: Path, run: Clean, written_by: Callable[[Path, int], None]
) -> None:
    count = SEGMENT_RECORDS // 2
    written_by(tmp_path / "a.warc.gz", count)
    done = run(tmp_path / "a.warc.gz", select=("WS",), workers=0)
    kinds = Counter(number % 10 for number in range(count))
    pages = [url for url, status, kind, content in answers(count) if status == 200 and b"<html" in content]
    assert [record["url"] for record in done.kept] == pages
    assert Counter(done.reasons.values()) == {"RD116": kinds[0]}
    passed = done.summary.passed_records
    assert (passed["application/pdf"], passed["application/json"]) == (kinds[1], kinds[2])
    assert passed["WARC request"] + passed["WARC metadata"] == count


def written_by_pandas(folder: Path) -> list[Path]:
    frame = tool("pandas").DataFrame(ROWS)
    flat = frame.drop(columns=["tags"])
    flat.to_csv(folder / "a.csv", index=False)
    frame.to_parquet(folder / "a.parquet")
    frame.to_feather(folder / "a.feather")
    frame.to_json(folder / "a.json", orient="records")
    frame.to_json(folder / "a.jsonl", orient="records", lines=True)
    frame.to_json(folder / "b.json", orient="records", lines=True)
    frame.to_json(folder / "c.json.gz", orient="records", indent=2)
    return sorted(folder.iterdir())


def written_by_polars(folder: Path) -> list[Path]:
    frame = tool("polars").DataFrame(ROWS)
    frame.drop("tags").write_csv(folder / "a.csv")
    frame.write_parquet(folder / "a.parquet")
    frame.write_ipc(folder / "a.arrow", compression="zstd")
    frame.write_ipc_stream(folder / "b.arrow")
    frame.write_json(folder / "a.json")
    frame.write_ndjson(folder / "a.ndjson")
    return sorted(folder.iterdir())


def written_by_duckdb(folder: Path) -> list[Path]:
    duckdb = tool("duckdb")
    import pyarrow

    base = duckdb.connect()
    base.register("rows", pyarrow.Table.from_pylist(ROWS))
    for name, how in (
        ("a.parquet", "format parquet, compression zstd"),
        ("a.csv", "format csv, header"),
        ("a.jsonl", "format json"),
        ("a.json", "format json, array true"),
    ):
        what = "select id, text, n, score from rows" if name.endswith("csv") else "rows"
        base.execute(
            f"copy ({what}) to '{folder / name}' ({how})"
            if " " in what
            else f"copy {what} to '{folder / name}' ({how})"
        )
    return sorted(folder.iterdir())


def written_by_datasets(folder: Path) -> list[Path]:
    data = tool("datasets").Dataset.from_list(ROWS)
    data.to_parquet(str(folder / "a.parquet"))
    data.to_json(str(folder / "a.jsonl"))
    data.to_json(str(folder / "a.json"), lines=False)
    data.save_to_disk(str(folder / "saved"))
    return [*sorted(path for path in folder.iterdir() if path.is_file()), folder / "saved"]


@pytest.mark.parametrize("write", [written_by_pandas, written_by_polars, written_by_duckdb, written_by_datasets])
def test_what_a_peer_writes_is_read(tmp_path: Path, run: Clean, write: Callable[[Path], list[Path]]) -> None:
    (tmp_path / "in").mkdir()
    paths = write(tmp_path / "in")
    assert len(paths) > 3
    for path in paths:
        done = run(path, select=("WS",), workers=0)
        assert [record["text"] for record in done.kept] == [row["text"] for row in ROWS], path
        assert [str(record["id"]) for record in done.kept] == [row["id"] for row in ROWS]
        if path.suffix != ".csv":
            assert [record["tags"] for record in done.kept] == [row["tags"] for row in ROWS]
            assert [record["score"] for record in done.kept] == [row["score"] for row in ROWS]


def partitioned_by_pandas(folder: Path) -> None:
    frame = tool("pandas").DataFrame(ROWS).assign(year=[2023, 2023, 2024], lang=["en", "a b", None])
    frame.to_parquet(folder / "t", partition_cols=["year", "lang"])


def partitioned_by_polars(folder: Path) -> None:
    frame = tool("polars").DataFrame([{**r, "year": y, "lang": lang} for r, (y, lang) in zip(ROWS, YEARS, strict=True)])
    frame.write_parquet(folder / "t", partition_by=["year", "lang"], mkdir=True)


def partitioned_by_duckdb(folder: Path) -> None:
    duckdb = tool("duckdb")
    import pyarrow

    base = duckdb.connect()
    rows = [{**row, "year": year, "lang": lang} for row, (year, lang) in zip(ROWS, YEARS, strict=True)]
    base.register("rows", pyarrow.Table.from_pylist(rows))
    base.execute(f"copy rows to '{folder / 't'}' (format parquet, partition_by (year, lang))")


YEARS = [(2023, "en"), (2023, "a b"), (2024, None)]


@pytest.mark.parametrize("write", [partitioned_by_pandas, partitioned_by_polars, partitioned_by_duckdb])
def test_partitions_become_columns(tmp_path: Path, run: Clean, write: Callable[[Path], None]) -> None:
    write(tmp_path)
    assert not list(tmp_path.glob("t/*.parquet"))
    done = run(tmp_path / "t", select=("WS",), workers=0)
    found = {record["id"]: (record["year"], record["lang"]) for record in done.kept}
    assert found == {row["id"]: year for row, year in zip(ROWS, YEARS, strict=True)}


def test_a_saved_data_set_of_several_splits_says_of_each_row_which(tmp_path: Path, run: Clean) -> None:
    datasets = tool("datasets")
    splits = {name: datasets.Dataset.from_list([row]) for name, row in zip(("train", "test", "dev"), ROWS, strict=True)}
    datasets.DatasetDict(splits).save_to_disk(str(tmp_path / "d"))
    done = run(tmp_path / "d", select=("WS",), workers=0)
    found = {record["id"]: record["split"] for record in done.kept}
    assert found == {"0": "train", "1": "test", "2": "dev"}
    assert done.excluded == []


def cleaned(tmp_path: Path, ending: str) -> str:
    import json

    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    out = str(tmp_path / f"out.{ending}")
    done = CliRunner().invoke(main, ["clean", str(source), "-o", out, "--select", "WS", "--workers", "1"])
    assert done.exit_code == 0, done.output
    return out


TEXTS = [row["text"] for row in ROWS]


@pytest.mark.parametrize("ending", ["csv", "parquet", "arrow", "jsonl", "jsonl.gz"])
def test_what_is_written_is_read_by_the_peers(tmp_path: Path, ending: str) -> None:
    pandas, polars, duckdb, datasets = map(tool, ("pandas", "polars", "duckdb", "datasets"))
    out = cleaned(tmp_path, ending)
    kind = ending.split(".")[0]
    if kind == "jsonl":
        assert list(pandas.read_json(out, lines=True)["text"]) == TEXTS
        if ending == "jsonl":
            assert polars.read_ndjson(out)["text"].to_list() == TEXTS
    else:
        by_pandas = {"csv": pandas.read_csv, "parquet": pandas.read_parquet, "arrow": pandas.read_feather}[kind]
        by_polars = {"csv": polars.read_csv, "parquet": polars.read_parquet, "arrow": polars.read_ipc}[kind]
        assert list(by_pandas(out)["text"]) == TEXTS
        assert by_polars(out)["text"].to_list() == TEXTS
    if kind != "arrow":
        assert [row[0] for row in duckdb.connect().execute(f"select text from '{out}'").fetchall()] == TEXTS
        loader = "json" if kind == "jsonl" else kind
        found = datasets.load_dataset(loader, data_files=out, split="train", cache_dir=str(tmp_path / "cache"))
        assert found["text"][:] == TEXTS


def test_what_datatrove_writes_is_read_and_what_is_written_here_it_reads(tmp_path: Path, run: Clean) -> None:
    tool("datatrove")
    from datatrove.data import Document
    from datatrove.pipeline.readers import JsonlReader, ParquetReader
    from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

    documents = [Document(text=row["text"], id=row["id"], metadata={"n": row["n"]}) for row in ROWS]
    for name, writer in (("j", JsonlWriter), ("p", ParquetWriter)):
        list(writer(str(tmp_path / name)).run(iter(documents)))
        assert [record["text"] for record in run(tmp_path / name, select=("WS",), workers=0).kept] == TEXTS
    for ending, reader in (("jsonl", JsonlReader), ("parquet", ParquetReader)):
        out = Path(cleaned(tmp_path, ending))
        assert [document.text for document in reader(str(out.parent), glob_pattern=out.name).run()] == TEXTS
