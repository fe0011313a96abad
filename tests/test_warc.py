"""Archives: pages and texts by what they are, whatever the name; a broken record costs itself."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from running import ARTICLE, Done

from cleaner.corpus.archive_stream import Source, _begins_damaged
from cleaner.corpus.compression import zstd_module
from cleaner.corpus.record import FieldNames
from cleaner.corpus.warc import read_warc
from cleaner.corpus.warc_records import ArchiveRecord, read_records

Clean = Callable[..., Done]
CASE = "https://lake.example/"


def page(number: int) -> bytes:
    paragraphs = "".join(f"<p>{part} {number * 7919}</p>" for part in ARTICLE.split("\n\n"))
    return f"<!doctype html><html><body><article><h1>Boats {number}</h1>{paragraphs}</article></body></html>".encode()


def http(body: bytes, status: str = "200 OK", content_type: str = "text/html") -> bytes:
    head = f"HTTP/1.1 {status}\r\n" + (f"Content-Type: {content_type}\r\n" if content_type else "")
    return head.encode() + b"\r\n" + body


def record(name: str, body: bytes, kind: str = "response", length: int | None = None, **more: str) -> bytes:
    headers = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{name}>", "WARC-Target-URI": CASE + name}
    headers |= {key.replace("_", "-"): value for key, value in more.items()}
    headers["Content-Length"] = str(len(body) if length is None else length)
    head = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + body + b"\r\n\r\n"


def pages(count: int) -> list[bytes]:
    return [record(f"p{n}", http(page(n))) for n in range(count)]


def names(done: Done) -> list[str]:
    return [kept["url"].removeprefix(CASE) for kept in done.kept]


def test_pages_are_the_answers_with_a_status_of_success(tmp_path: Path, run: Clean) -> None:
    statuses = ["200 OK", "404 Not Found", "500 Oops", "301 Moved", "206 Partial Content"]
    records = [record(f"s{n}", http(page(n), status)) for n, status in enumerate(statuses)]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    done = run(tmp_path / "a.warc", ignore=("ND",), workers=0)
    assert names(done) == ["s0", "s4"]
    assert done.reasons == {"s1": "RD116", "s2": "RD116", "s3": "RD116"}
    assert [excluded["status"] for excluded in done.excluded] == [404, 500, 301]
    assert (done.summary.excluded, done.summary.unreadable) == (3, 0)


def test_what_is_no_page_is_counted_by_its_kind(tmp_path: Path, run: Clean) -> None:
    records = [
        record("info", b"software: x", "warcinfo"),
        record("a", b"GET / HTTP/1.1\r\n\r\n", "request"),
        record("a", b"fetchTimeMs: 3", "metadata"),
        record("a", http(b"", "304 Not Modified"), "revisit"),
        record("json", http(b"{}", content_type="application/json")),
        record("pdf", http(b"%PDF-1.7 ...", content_type="")),
        record("png", http(b"\x89PNG\r\n\x1a\n", content_type="image/png")),
        record("untyped", http(page(1), content_type="")),
        record("unknown", http(page(2), content_type="unknown/unknown")),
        record("named", http(b"<p>" + page(3), content_type=""), WARC_Identified_Payload_Type="text/html"),
        record("twice", http(page(6), content_type="text/html, text/html; charset=utf-8")),
        record("spaced", http(page(7)).replace(b"HTTP/1.1 200", b"http/1.1  200"), Content_Type="application/http"),
        record("text", (ARTICLE + " 4").encode(), "conversion", Content_Type="text/plain"),
        record("resource", page(5), "resource", Content_Type="text/html; charset=utf-8"),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    done = run(tmp_path / "a.warc", ignore=("ND",), workers=0)
    assert names(done) == ["untyped", "unknown", "named", "twice", "spaced", "text", "resource"]
    assert dict(done.summary.passed_records) == {
        "WARC warcinfo": 1,
        "WARC request": 1,
        "WARC metadata": 1,
        "WARC revisit": 1,
        "application/json": 1,
        "PDF": 1,
        "image/png": 1,
    }
    manifest = json.loads((done.folder / "corpus.manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["passed_records"]["PDF"] == 1


@pytest.mark.parametrize("ending", ["warc", "warc.gz", "wet", "warc.wet.gz"])
@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
def test_the_ending_may_be_that_of_any_archive(tmp_path: Path, run: Clean, ending: str, line_end: bytes) -> None:
    data = b"".join(
        record(f"t{n}", f"{ARTICLE} {n}".encode(), "conversion", Content_Type="text/plain") for n in range(3)
    )
    data = data.replace(b"\r\n", line_end)
    (tmp_path / f"a.{ending}").write_bytes(gzip.compress(data) if ending.endswith("gz") else data)
    assert names(run(tmp_path / f"a.{ending}", ignore=("ND",), workers=0)) == ["t0", "t1", "t2"]


@pytest.mark.parametrize("bad", [0, 1, 2, 4])
@pytest.mark.parametrize("where", [0.15, 0.5, 1.0])
def test_a_damaged_member_costs_its_own_record(tmp_path: Path, run: Clean, bad: int, where: float) -> None:
    members = [gzip.compress(one, mtime=0) for one in pages(5)]
    broken = bytearray(members[bad])
    place = min(int(len(broken) * where), len(broken) - 8)
    broken[place : place + 6] = b"\xff" * 6
    members[bad] = bytes(broken)
    (tmp_path / "a.warc.gz").write_bytes(b"".join(members))
    done = run(tmp_path / "a.warc.gz", ignore=("ND",), workers=0)
    assert names(done) == [f"p{n}" for n in range(5) if n != bad]
    assert list(done.reasons.values()) == ["RD109"]


@pytest.mark.parametrize("bad", [0, 2, 4])
def test_a_damaged_head_of_a_member_costs_its_own_record(bad: int) -> None:
    for place, bit in ((place, bit) for place in range(10) for bit in (1, 4, 128)):
        members = [bytearray(gzip.compress(one, mtime=0)) for one in pages(5)]
        members[bad][place] ^= bit
        found = list(read_records(Source(io.BytesIO(b"".join(members))), 10**6))
        whole = [one.headers["warc-record-id"][-3:-1] for one in found if isinstance(one, ArchiveRecord)]
        assert [name for name in whole if name != f"p{bad}"] == [f"p{n}" for n in range(5) if n != bad], (place, bit)
        assert len(found) == 5, (place, bit)


def test_zeros_behind_a_member_are_no_record() -> None:
    members = [gzip.compress(one, mtime=0) + bytes(100) for one in pages(3)]
    found = list(read_records(Source(io.BytesIO(b"".join(members))), 10**6))
    assert [type(one) for one in found] == [ArchiveRecord] * 3


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_may_begin_with_the_dictionary_of_its_frames(packed: bool) -> None:
    zstd = zstd_module()
    dictionary = zstd.train_dict([page(n) for n in range(100)], 2000)
    first = dictionary.dict_content if not packed else zstd.compress(dictionary.dict_content)
    head = b"\x5d\x2a\x4d\x18" + len(first).to_bytes(4, "little")
    data = head + first + b"".join(zstd.compress(one, zstd_dict=dictionary) for one in pages(3))
    found = list(read_records(Source(io.BytesIO(data)), 10**6))
    assert [one.body for one in found if isinstance(one, ArchiveRecord)] == [http(page(n)) for n in range(3)]
    (broken,) = read_records(Source(io.BytesIO(head + bytes(len(first)) + data)), 10**6)
    assert "the dictionary of the archive is damaged" in broken.why


@pytest.mark.parametrize("off", [-40, -1, 1, 30, 400, 10_000])
@pytest.mark.parametrize("bad", [0, 2, 4])
def test_a_wrong_length_costs_its_own_record(tmp_path: Path, run: Clean, off: int, bad: int) -> None:
    records = pages(5)
    body = http(page(bad))
    records[bad] = record(f"p{bad}", body, length=len(body) + off)
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    done = run(tmp_path / "a.warc", ignore=("ND",), workers=0)
    assert [name for name in names(done) if name != f"p{bad}"] == [f"p{n}" for n in range(5) if n != bad]


def test_a_length_that_ends_anywhere_in_the_next_record_costs_no_other() -> None:
    for off in range(-20, 200):
        records = pages(4)
        body = http(page(1))
        records[1] = record("p1", body, length=len(body) + off)
        read = list(read_records(Source(io.BytesIO(b"".join(records))), 1 << 20))
        whole = [one.headers["warc-record-id"] for one in read if isinstance(one, ArchiveRecord)]
        assert [name for name in whole if "p1" not in name] == [f"<urn:uuid:p{n}>" for n in (0, 2, 3)], off
        assert len(read) == 4


@pytest.mark.parametrize("junk", [b"junk\r\n", b"PK\x03\x04\n", b"not\r\n\r\nours\n"])
def test_what_stands_before_a_record_costs_itself(junk: bytes) -> None:
    read = list(read_records(Source(io.BytesIO(junk + b"".join(pages(2)))), 1 << 20))
    assert [isinstance(one, ArchiveRecord) for one in read] == [False, True, True]


def test_a_file_that_is_cut_keeps_what_was_whole(tmp_path: Path, run: Clean) -> None:
    data = b"".join(pages(4))
    (tmp_path / "a.warc").write_bytes(data[:-200])
    (tmp_path / "b.warc.gz").write_bytes(b"".join(gzip.compress(one) for one in pages(4))[:-60])
    for name in ("a.warc", "b.warc.gz"):
        done = run(tmp_path / name, ignore=("ND",), workers=0)
        assert names(done) == ["p0", "p1", "p2"]
        assert list(done.reasons.values()) == ["RD109"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("off", [0, 9])
def test_arc_is_read(tmp_path: Path, run: Clean, packed: bool, off: int) -> None:
    version = b"1 0 Org\nURL IP-address Archive-date Content-type Archive-length\n\n"
    parts = [b"filedesc://x.arc 0.0.0.0 20240301000000 text/plain %d\n%s" % (len(version) + off, version)]
    for n in range(3):
        body = http(page(n))
        parts.append(b"%sp%d 1.2.3.4 20240301102030 text/html %d\n%s\n" % (CASE.encode(), n, len(body), body))
    name = "a.arc.gz" if packed else "a.arc"
    (tmp_path / name).write_bytes(b"".join(map(gzip.compress, parts)) if packed else b"".join(parts))
    done = run(tmp_path / name, ignore=("ND",), workers=0)
    assert names(done) == ["p0", "p1", "p2"]
    assert done.kept[0]["crawled"] == "2024-03-01T10:20:30Z"
    assert dict(done.summary.passed_records) == {"ARC filedesc": 1}


def test_the_reader_gives_the_bodies_that_fastwarc_gives(tmp_path: Path) -> None:
    fastwarc = pytest.importorskip("fastwarc.warc")
    from cleaner.corpus.archive_stream import Source
    from cleaner.corpus.warc_records import ArchiveRecord, read_records

    path = tmp_path / "a.warc.gz"
    with path.open("wb") as file:
        for n in range(20_000):
            body = http(page(n)[: 200 + n % 900], "200 OK" if n % 3 else "404 Not Found")
            file.write(gzip.compress(record(f"r{n}", body), 1))
    with path.open("rb") as file:
        ours = [one for one in read_records(Source(file), 1 << 20) if isinstance(one, ArchiveRecord)]
    with path.open("rb") as file:
        theirs = [
            (one.headers["WARC-Target-URI"], one.reader.read())
            for one in fastwarc.ArchiveIterator(file, parse_http=False)
        ]
    assert [(one.headers["warc-target-uri"], one.body) for one in ours] == theirs


def test_a_line_of_digits_in_an_archive_of_the_old_form_takes_linear_time() -> None:
    head = b"filedesc://a 0 20200101 text/plain 12\n1 0 example\n\n"
    line = b"http://a.example/ 1.2.3.4 20200101000000 " + b"1" * 60_000 + b"x\n"
    start = time.process_time()
    list(read_warc(io.BytesIO(head + line), "a.arc", FieldNames()))
    assert time.process_time() - start < 2


def test_the_length_that_an_archive_of_the_old_form_states_first_is_not_believed() -> None:
    read = 0

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            nonlocal read
            read += 1
            return b"filedesc://a 0 20200101 text/plain 999999999999\n" if read == 1 else b"x" * (1 << 18)

        def read1(self, size: int | None = -1) -> bytes:
            return self.read(size)

    next(iter(read_records(Source(Endless()), 1000)))
    assert read < 5


def test_answers_of_any_status_are_read_where_that_is_asked(tmp_path: Path, run: Clean) -> None:
    records = [record(f"s{n}", http(page(n), status)) for n, status in enumerate(["200 OK", "404 Not Found"])]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    done = run(tmp_path / "a.warc", ignore=("ND",), workers=0, status="any")
    assert [(kept["url"].removeprefix(CASE), kept["status"]) for kept in done.kept] == [("s0", 200), ("s1", 404)]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_long_compressed_page_without_a_type_is_known_for_one(tmp_path: Path, run: Clean, chunked: bool) -> None:
    noise = "".join(f"<!-- {hashlib.sha256(str(n).encode()).hexdigest()} -->" for n in range(4000))
    body = gzip.compress(page(1) + noise.encode())
    assert len(body) > 100_000
    head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    if chunked:
        head += "Transfer-Encoding: chunked\r\n"
        body = b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in (body[:70_000], body[70_000:])) + b"0\r\n\r\n"
    (tmp_path / "a.warc").write_bytes(record("a", head.encode() + b"\r\n" + body))
    assert names(run(tmp_path / "a.warc", workers=0)) == ["a"]


def test_what_only_looks_like_many_members_is_told_from_them_at_once() -> None:
    block = b"x" + b"\x1f\x8b\x08" * 87_000
    begun = time.process_time()
    assert not _begins_damaged(block)
    assert time.process_time() - begun < 4  # .35 s; with whole rests of the block 11 s
