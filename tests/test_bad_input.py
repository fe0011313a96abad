"""Bad input gets a record that says what was wrong and where, and costs nothing else."""

from __future__ import annotations

import gzip
import io
import json
import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from running import ARTICLE, Done

from cleaner.corpus.compression import zstd_module
from cleaner.corpus.jsonl import read_jsonl
from cleaner.corpus.record import FieldNames
from cleaner.encoding import decode
from cleaner.runner.run import Run

Clean = Callable[..., Done]
GOOD = {"id": "good", "text": ARTICLE}


def rows(number: int) -> list[bytes]:
    texts = (f"{i} and {i * 7} boats. {ARTICLE[: 90 + 3 * i]}" for i in range(number))
    return [json.dumps({"id": f"r{i}", "text": text}).encode() for i, text in enumerate(texts)]


def test_broken_lines_of_jsonl_become_records_with_their_line(tmp_path: Path, run: Clean) -> None:
    cut, missing, number = b'{"id": "cut", "text": "no end', b'{"id": "x"}', b'{"id": "n", "text": 7}'
    bad = [cut, b"[1, 2]", b'"text"', missing, number, b"\xff\xfe{}"]
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\n".join([json.dumps(GOOD).encode(), *bad]) + b"\n")
    done = run(path)
    assert done.texts == {"good": ARTICLE}
    assert [r["excluded"]["code"] for r in done.excluded] == ["RD104", "RD104", "RD104", "RD105", "RD106", "RD104"]
    for line, record in enumerate(done.excluded, 2):
        assert f"in.jsonl:{line}" in record["excluded"]["message"]
    assert done.excluded[4]["text"] == 7


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_cut_archive_gives_its_whole_lines_and_a_record_for_the_rest(tmp_path: Path, run: Clean, ending: str) -> None:
    data = b"\n".join(rows(3000)) + b"\n"
    packed = gzip.compress(data) if ending == "gz" else zstd_module().compress(data)
    path = tmp_path / f"in.jsonl.{ending}"
    path.write_bytes(packed[: len(packed) // 2])
    done = run(path, ignore=("ND",))
    assert done.summary.unreadable == 1
    assert done.excluded[-1]["excluded"]["code"] == "RD102"
    assert "cut" in done.excluded[-1]["excluded"]["message"]
    assert [r["id"] for r in done.kept] == [f"r{i}" for i in range(len(done.kept))]
    assert len(done.kept) > 0


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_cut_archive_of_one_text_is_one_record(tmp_path: Path, run: Clean, ending: str) -> None:
    data = os.urandom(50_000).hex().encode()
    packed = gzip.compress(data) if ending == "gz" else zstd_module().compress(data)
    (tmp_path / f"a.txt.{ending}").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "b.txt").write_text(ARTICLE)
    done = run(tmp_path / f"a.txt.{ending}", tmp_path / "b.txt")
    assert done.reasons == {f"a.txt.{ending}": "RD102"}
    assert done.texts == {"b.txt": ARTICLE}


def test_damaged_archives_are_told_from_cut_ones(tmp_path: Path, run: Clean) -> None:
    for ending in ("gz", "zst"):
        (tmp_path / f"a.jsonl.{ending}").write_bytes(b"this is not compressed at all")
    done = run(tmp_path)
    assert {record["excluded"]["code"] for record in done.excluded} == {"RD102"}
    assert "damaged" in done.excluded[0]["excluded"]["message"]


def test_images_and_archives_are_no_text_whatever_their_name(tmp_path: Path, run: Clean) -> None:
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(200))
    (tmp_path / "image.html").write_bytes(b"\xff\xd8\xff\xe0" + os.urandom(200))
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 4 + bytes(300))
    (tmp_path / "good.txt").write_text(ARTICLE)
    done = run(tmp_path)
    assert done.reasons == {"image.txt": "RD103", "image.html": "RD103", "noise.txt": "RD103"}
    assert "a PNG image" in next(r for r in done.excluded if r["id"].endswith("image.txt"))["excluded"]["message"]
    assert done.texts == {"good.txt": ARTICLE}


def test_an_empty_file_is_excluded_as_empty(tmp_path: Path, run: Clean) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "empty.html").write_text("")
    (tmp_path / "empty.jsonl").write_text("")
    done = run(tmp_path)
    assert done.reasons == {"empty.txt": "TX101", "empty.html": "TX101"}


def test_nul_bytes_go_and_the_text_stays(tmp_path: Path, run: Clean) -> None:
    (tmp_path / "nul.txt").write_bytes(ARTICLE.replace("harbour", "har\x00bour").encode())
    done = run(tmp_path)
    assert done.texts == {"nul.txt": ARTICLE}


@pytest.mark.parametrize(
    "encoding", ["windows-1252", "windows-1250", "utf-16", "utf-8-sig", "koi8-r", "shift_jis", "gb18030"]
)
def test_texts_in_other_encodings_come_out_whole(tmp_path: Path, run: Clean, encoding: str) -> None:
    text = {
        "koi8-r": "Паромы в гавани стояли у причалов до полудня, потому что ветер был сильнее, чем обещали. " * 4,
        "windows-1250": "Trajekty zůstaly až do poledne u mola, protože vítr byl silnější, než bylo hlášeno. " * 4,
        "gb18030": "渡轮一直停在码头直到中午，因为风比预报的更大，港务长星期一说。" * 8,
        "shift_jis": "港のフェリーは正午まで桟橋にとどまった。風が予報より強かったと港長は話した。" * 8,
    }.get(encoding, "Le café de la Métropole, fermé depuis l’été, rouvrira à Noël, a précisé le maire. " * 4).strip()
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    done = run(tmp_path)
    assert done.texts == {"a.txt": text.strip()}
    assert done.kept[0]["encoding"]


@pytest.mark.parametrize("text", ["Gemüse für 5 €", "Le café à Noël, fermé depuis l’été"])
def test_a_short_text_is_in_an_encoding_of_the_web(text: str) -> None:
    assert decode(text.encode("windows-1252")) == (text, "cp1252")


def test_a_page_that_declares_no_encoding_that_it_is_in_is_detected(tmp_path: Path, run: Clean) -> None:
    sentence = "Le café de la Métropole, fermé depuis l’été, rouvrira à Noël, a précisé la mairie mardi. "
    body = f"<p>{sentence * 6}</p>"
    page = f"<html><head><meta charset='utf-8'><title>Café</title></head><body><article>{body}</article></body></html>"
    (tmp_path / "a.html").write_bytes(page.encode("windows-1252"))
    done = run(tmp_path)
    assert "café de la Métropole" in done.texts["a.html"]


def test_a_line_of_200_mb_is_one_record_and_the_next_line_is_read(tmp_path: Path, run: Clean) -> None:
    path = tmp_path / "in.jsonl"
    with path.open("wb") as file:
        file.write(json.dumps(GOOD).encode() + b'\n{"id": "long", "text": "')
        for _ in range(200):
            file.write(b"long " * 200_000)
        file.write(b'"}\n' + json.dumps({"id": "after", "text": ARTICLE[:100]}).encode())
    done = run(path)
    assert done.reasons == {"in.jsonl:2": "RD107"}
    assert done.excluded[0]["bytes"] > 200_000_000
    assert "limit is 64 MB" in done.excluded[0]["excluded"]["message"]
    assert list(done.texts) == ["good", "after"]


def test_a_record_over_the_limit_is_told_in_every_format(tmp_path: Path, run: Clean) -> None:
    (tmp_path / "a.txt").write_text("word " * 1000)
    (tmp_path / "b.html").write_text("<html>" + "<p>word</p>" * 1000)
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(b"word " * 1000))
    (tmp_path / "d.jsonl").write_text(json.dumps({"text": "word " * 1000}) + "\n" + json.dumps(GOOD))
    done = run(tmp_path, max_record_mb=0.002)
    assert done.reasons == {"a.txt": "RD107", "b.html": "RD107", "c.txt.gz": "RD107", "d.jsonl:1": "RD107"}
    assert list(done.texts) == ["good"]


def test_a_page_nested_100_000_deep_gets_its_record_and_the_next_page_is_read(tmp_path: Path, run: Clean) -> None:
    (tmp_path / "deep.html").write_text("<html><body>" + "<div>" * 100_000 + "text" + "</div>" * 100_000)
    (tmp_path / "good.txt").write_text(ARTICLE)
    done = run(tmp_path)
    assert set(done.reasons) | set(done.texts) == {"deep.html", "good.txt"}
    assert done.texts["good.txt"] == ARTICLE


def test_a_file_that_may_not_be_read_is_a_record(tmp_path: Path, run: Clean) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "good.txt").write_text(ARTICLE)
    done = run(tmp_path)
    assert done.reasons == {"gone.txt": "RD101", "pipe.txt": "RD101"}
    assert done.texts == {"good.txt": ARTICLE}


def test_a_cut_parquet_and_a_file_that_is_none_are_records(tmp_path: Path, run: Clean) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": [ARTICLE]}), tmp_path / "whole.parquet")
    data = (tmp_path / "whole.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(data[: len(data) // 2])
    (tmp_path / "none.parquet").write_text("hello")
    done = run(tmp_path)
    assert done.reasons == {"cut.parquet:1": "RD108", "none.parquet:1": "RD108"}
    assert list(done.texts.values()) == [ARTICLE]


@pytest.mark.filterwarnings("ignore:Unclosed file")  # warcio leaves its buffers open
def test_a_cut_warc_gives_its_whole_responses_and_one_record(tmp_path: Path, run: Clean) -> None:
    pytest.importorskip("fastwarc")
    warcio = pytest.importorskip("warcio.warcwriter")
    from io import BytesIO

    from warcio.statusandheaders import StatusAndHeaders

    path = tmp_path / "a.warc.gz"
    with path.open("wb") as file:
        writer = warcio.WARCWriter(file, gzip=True)
        for number in range(6):
            words = os.urandom(3000).hex()
            article = f"<article><h1>Boats {number}</h1><p>{ARTICLE} {number}</p><!-- {words} --></article>"
            page = f"<html><body>{article}</body></html>"
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"https://example.org/{number}", "response", payload=BytesIO(page.encode()), http_headers=headers
            )
            writer.write_record(record)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 7 // 12])
    done = run(path, ignore=("ND",))
    assert done.summary.kept == 3
    assert [r["excluded"]["code"] for r in done.excluded] == ["RD109"]


def test_inputs_that_do_not_exist_are_refused_before_anything_is_read(tmp_path: Path, run: Clean) -> None:
    from cleaner.errors import InputError

    with pytest.raises(InputError, match="no such file"):
        run(tmp_path / "nowhere")
    with pytest.raises(InputError, match="nothing to read"):
        run(tmp_path / "out")


@pytest.mark.parametrize("ending", ["jsonl", "csv", "tsv", "txt"])
def test_an_archive_that_is_damaged_from_its_first_byte_costs_itself_alone(tmp_path: Path, ending: str) -> None:
    packed = bytearray(gzip.compress(b"id,text\n1,one\n2,two\n" * 50))
    packed[10] ^= 0xFF  # the first byte of the data
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"a.{ending}.gz").write_bytes(packed)
    (tmp_path / "in" / "b.txt").write_text("The ferry left at nine, and nobody was on the pier.\n")
    summary = Run((str(tmp_path / "in"),), str(tmp_path / "c.jsonl"))()
    assert (summary.read, summary.kept, summary.reasons["RD102"]) == (2, 1, 1)


@pytest.mark.parametrize("ending", ["txt", "jsonl", "csv", "warc", "parquet", "html"])
def test_a_file_that_is_holes_alone_is_told_at_once(tmp_path: Path, run: Clean, ending: str) -> None:
    path = tmp_path / f"holes.{ending}"
    with open(path, "wb") as file:
        file.write(b"The ferry left.")
        file.truncate(1 << 40)
    if path.stat().st_blocks * 512 > 1 << 20:
        pytest.skip("this file system has no holes")
    begun = time.monotonic()
    done = run(path)
    assert time.monotonic() - begun < 20  # a terabyte takes minutes
    ((code, message),) = [(record["excluded"]["code"], record["excluded"]["message"]) for record in done.excluded]
    if ending in ("txt", "html"):  # a record is no larger than this, so that no more of it is read
        assert (code, "has 1,099,511.6 MB, the limit is 64 MB" in message) == ("RD107", True)
    else:
        assert (code, "of 1,099,511,627,776 bytes of which 4,096 are written" in message) == ("RD101", True)


def test_a_file_with_holes_and_enough_beside_them_is_read(tmp_path: Path, run: Clean) -> None:
    path = tmp_path / "some.jsonl"
    line = json.dumps(GOOD).encode() + b"\n"
    with open(path, "wb") as file:
        file.write(line)
        file.write(b"\n" * (1 << 21))
        file.truncate(1 << 30)
        file.seek(0, os.SEEK_END)
    done = run(path)
    assert done.texts == {"good": ARTICLE}


@pytest.mark.parametrize("end", ["", "\n", "\n{}"])
def test_a_long_line_at_work_is_in_memory_once(end: str) -> None:
    stream = io.BufferedReader(io.BytesIO(b'{"text": "' + b"a" * 8_000_000 + b'"}' + end.encode()))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        reading = read_jsonl(stream, "in.jsonl", FieldNames())
        size = next(reading).size
        assert tracemalloc.get_traced_memory()[0] - before < 1.4 * size
    finally:
        tracemalloc.stop()
