"""What is not known is refused before the run, and never taken for one text because it was named."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from running import ARTICLE, lines

from cleaner.cli import main
from cleaner.corpus.compression import compression_of, open_write
from cleaner.corpus.inputs import chunks, expand, file_in_chunks
from cleaner.corpus.record import FieldNames, Record, Unreadable
from cleaner.corpus.unknown import _is_archive
from cleaner.encoding import decode

# Without a time, which would be part of the names of tests.
packed = partial(gzip.compress, mtime=0)


def clean(path: Path, *more: str) -> Result:
    out = str(path.parent / "o.jsonl")
    return CliRunner().invoke(main, ["clean", str(path), "-o", out, "--workers", "1", *more])


def tar(form: int) -> bytes:
    """Return an archive with one text, most of which is that text."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        entry = tarfile.TarInfo("a.txt")
        entry.size = len(ARTICLE.encode()) * 20
        archive.addfile(entry, io.BytesIO(ARTICLE.encode() * 20))
    return made.getvalue()


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
        ("a.bak", packed(ARTICLE.encode()), "text; "),
        ("a.tar", tar(tarfile.GNU_FORMAT), "a tar archive; unpack it first"),
        ("a.tar.gz", packed(tar(tarfile.PAX_FORMAT)), "a tar archive; "),
        ("a.tgz", packed(tar(tarfile.USTAR_FORMAT)), "a tar archive; "),
        ("a.rtf", b"{\\rtf1 The ferry.}", "an RTF document; text is to be taken out"),
        ("a.orc", b"ORC\x0a\x03" + bytes(20), "an ORC file; "),
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
    for name, data in (("a.crawl", warc), ("b.crawl", packed(warc)), ("c.json", rows)):
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
        (packed(ROWS), ["--input-format", "csv"]),
        (LINES * 2, []),
        (LINES, ["--input-format", "jsonl"]),
        (WET, []),
        (packed(WET), []),
        (packed(WET), ["--input-format", "warc"]),
        (packed(b"WARC/1.0\r\n") + packed(WET)[:60] + packed(WET), []),
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


@pytest.mark.parametrize("name", ["a.txt", "a.html.gz", "a.jsonl", "a.json", "a.csv.gz", "a.parquet", "a.md.zst"])
def test_an_archive_of_pages_is_one_whatever_its_ending(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    old = b"%bhttps://a.example/a 0.0.0.0 20240301000000 text/plain %d\n%b\n" % (ARC, len(ARTICLE), ARTICLE.encode())
    for data in (WET, WET.replace(b"\r\n", b"\n"), old):
        with open_write(place, compression_of(place)) as file:
            file.write(data)
        for argument in (place, tmp_path):
            (item,) = [item for chunk in chunks(expand([str(argument)]).paths, FieldNames()) for item in chunk.items()]
            record = item.read()
            assert isinstance(record, Record)
            assert (record.document.url, record.document.text) == ("https://a.example/a", ARTICLE)


def test_a_text_about_archives_is_a_text() -> None:
    assert not _is_archive(b"WARC/1.0\n\nis how a record begins.\n")


@pytest.mark.parametrize("data", [b"ARROW1\0\0", tar(tarfile.USTAR_FORMAT)])
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md"])
def test_an_archive_by_the_name_of_a_text_is_none(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert "none of the 1 records could be read" in clean(tmp_path / name).output


@pytest.mark.parametrize("first", ["ID3", "RIFF", "PAR1", "BZh", "ORC"])
def test_a_text_may_begin_as_a_binary_file_does(first: str) -> None:
    assert decode(f"{first} is the name of a ferry.\n".encode()).text.startswith(first)


@pytest.mark.parametrize(
    ("name", "data", "what", "code"),
    [
        ("a.csv", tar(tarfile.GNU_FORMAT), "a tar archive, not CSV", "RD115"),
        ("a.jsonl", packed(LINES), "gzip data, not JSONL", "RD103"),
        ("a.jsonl.gz", packed(packed(LINES)), "gzip data, not JSONL", "RD103"),
        ("a.tsv", b"PAR1\x15\x00", "a Parquet file, not TSV", "RD115"),
        ("a.arrow", b"PAR1\x15\x00", "a Parquet file, not Arrow", "RD108"),
        ("a.parquet.gz", packed(b"PAR1\x15\x00"), "gzip data, not Parquet", "RD108"),
        ("a.feather", b"FEA1\x00", "a Feather file of the first version, not Arrow", "RD108"),
        ("a.warc", b"PK\x03\x04", "a ZIP archive (or an office document), not WARC", "RD103"),
    ],
)
def test_what_is_called_by_another_format_is_told(tmp_path: Path, name: str, data: bytes, what: str, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    (item,) = [item for chunk in file_in_chunks(str(tmp_path / name), FieldNames()) for item in chunk.items()]
    read = item.read()
    assert isinstance(read, Unreadable)
    assert (read.dropped.code, read.dropped.message) == (code, f"{tmp_path / name}: this is {what}")
