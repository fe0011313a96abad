"""What is not known is refused before the run, and never taken for one text because it was named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from running import ARTICLE, lines

from cleaner.cli import main


def clean(path: Path, *more: str) -> Result:
    out = str(path.parent / "o.jsonl")
    return CliRunner().invoke(main, ["clean", str(path), "-o", out, "--workers", "1", *more])


@pytest.mark.parametrize(
    ("name", "data", "looks"),
    [
        ("notes.log", ARTICLE.encode(), "text; --input-format text"),
        ("README", ARTICLE.encode(), "text; --input-format text"),
        ("a.json", b"[1, 2]", "a JSON array that has no objects in it"),
        ("a.json", b'{"data": [{"text": "a"}]}', "JSON; --records-at NAME"),
        ("a.json", b'{\n  "data": []\n}', "JSON; "),
        ("a.pdf", b"%PDF-1.7\n%\xff\xff", "a PDF; "),
        ("a.xlsx", b"PK\x03\x04....", "a ZIP archive"),
        ("a.bin", bytes(range(256)) * 8, "binary data; "),
        ("a.db", b"SQLite format 3\x00" + bytes(90), "an SQLite database"),
        ("a.bak", gzip.compress(ARTICLE.encode()), "text; "),
    ],
)
def test_an_unknown_file_is_refused_with_what_it_looks_like(tmp_path: Path, name: str, data: bytes, looks: str) -> None:
    (tmp_path / name).write_bytes(data)
    done = clean(tmp_path / name)
    assert done.exit_code == 2
    assert f"its ending says no format, and it looks like {looks}" in done.stderr
    assert not (tmp_path / "o.jsonl").exists()


def test_it_is_read_as_what_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "notes.log").write_text(ARTICLE, encoding="utf-8")
    assert clean(tmp_path / "notes.log", "--input-format", "text").exit_code == 0
    assert [record["text"] for record in lines(tmp_path / "o.jsonl")] == [ARTICLE]
    (tmp_path / "rows.txt").write_text(f'id,text\n1,"{ARTICLE}"\n', encoding="utf-8")
    assert clean(tmp_path / "rows.txt", "--input-format", "csv").exit_code == 0
    assert [record["text"] for record in lines(tmp_path / "o.jsonl")] == [ARTICLE]


def test_what_begins_as_a_format_does_is_read_whatever_its_ending(tmp_path: Path) -> None:
    body = ARTICLE.encode()
    head = f"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    warc = head.encode() + body + b"\r\n\r\n"
    rows = "".join(json.dumps({"text": text}) + "\n" for text in (ARTICLE, "Nobody was there.")).encode()
    for name, data in (("a.crawl", warc), ("b.crawl", gzip.compress(warc)), ("c.json", rows)):
        (tmp_path / name).write_bytes(data)
        assert clean(tmp_path / name, "--restart").exit_code == 0
        assert lines(tmp_path / "o.jsonl")[0]["text"] == ARTICLE


ROWS = b'id,text\na,"' + ARTICLE.encode() + b'"\n'
LINES = b'{"id": "a", "n": NaN, "text": "' + ARTICLE.replace("\n", " ").encode() + b'"}\n'
WET = (
    b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://a.example/a\r\nWARC-Record-ID: <urn:uuid:a>\r\n"
    b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n" % (len(ARTICLE.encode()), ARTICLE.encode())
)
ARC = b"filedesc://a.arc 0.0.0.0 20240301000000 text/plain 2\n1\n"


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (ROWS, ["--input-format", "csv"]),
        (gzip.compress(ROWS), ["--input-format", "csv"]),
        (LINES * 2, []),
        (LINES, ["--input-format", "jsonl"]),
        (WET, []),
        (gzip.compress(WET), []),
        (gzip.compress(WET), ["--input-format", "warc"]),
        (gzip.compress(b"WARC/1.0\r\n") + gzip.compress(WET)[:60] + gzip.compress(WET), []),
    ],
)
def test_a_pipe_is_read_as_what_is_asked_for_or_begins_so(tmp_path: Path, data: bytes, options: list[str]) -> None:
    out = tmp_path / "o.jsonl"
    command = ["clean", "-", "-o", str(out), "--workers", "1", "--isolated", "--select", "WS", *options]
    done = CliRunner().invoke(main, command, input=data)
    assert done.exit_code == 0, done.output
    kept = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]
    assert [" ".join(record["text"].split()) for record in kept[:1]] == [" ".join(ARTICLE.split())]
    assert kept[0]["id"] == "a"


def test_a_table_that_a_pipe_cannot_give_says_so(tmp_path: Path) -> None:
    command = ["clean", "-", "-o", str(tmp_path / "o.jsonl"), "--input-format", "parquet"]
    assert "cannot be read from a pipe" in CliRunner().invoke(main, command, input=b"PAR1").output


def test_lines_with_a_value_that_json_has_not_are_known_for_lines(tmp_path: Path) -> None:
    (tmp_path / "rows.dat").write_bytes(LINES * 2)
    assert clean(tmp_path / "rows.dat").exit_code == 0


@pytest.mark.parametrize("data", [WET, ARC, b"ARROW1\0\0"])
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md"])
def test_an_archive_by_the_name_of_a_text_is_none(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert "none of the 1 records could be read" in clean(tmp_path / name).output
