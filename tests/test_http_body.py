"""Bodies of archived answers: whole ones are decoded, broken and huge ones cost themselves alone."""

from __future__ import annotations

import contextlib
import gzip
import json
import zlib
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from running import ARTICLE, lines

from cleaner.corpus.http_body import BodyError, decoded
from cleaner.runner.run import Run

LIMIT = 100_000


def chunked(body: bytes) -> bytes:
    parts = [body[n : n + 7] for n in range(0, len(body), 7)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


ENCODERS = {
    "chunked": chunked,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("encoding", ENCODERS)
@given(body=st.binary(min_size=1, max_size=3000))
def test_a_body_comes_out_as_it_was(encoding: str, body: bytes) -> None:
    assert decoded(ENCODERS[encoding](body), [encoding], LIMIT) == body


def test_encodings_are_taken_off_the_last_one_first() -> None:
    assert decoded(chunked(gzip.compress(b"ferry")), ["gzip", "chunked"], LIMIT) == b"ferry"
    assert decoded(raw_deflate(b"ferry"), ["deflate"], LIMIT) == b"ferry"


def test_a_brotli_body_is_decoded_and_a_cut_or_huge_one_is_not() -> None:
    brotli = pytest.importorskip("brotli")
    assert decoded(brotli.compress(b"ferry"), ["br"], LIMIT) == b"ferry"
    assert len(decoded(brotli.compress(b"a" * 10 * LIMIT), ["br"], LIMIT)) == LIMIT + 1
    with pytest.raises(BodyError, match="the body is cut"):
        decoded(brotli.compress(ARTICLE.encode())[:-20], ["br"], LIMIT)
    with pytest.raises(BodyError, match="no whole br"):
        decoded(b"no brotli at all", ["br"], LIMIT)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_huge_body_is_decoded_only_until_it_is_too_large(encoding: str) -> None:
    assert len(decoded(ENCODERS[encoding](b"a" * 10 * LIMIT), [encoding], LIMIT)) == LIMIT + 1


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_body_that_was_archived_decoded_is_taken_as_it_is(encoding: str) -> None:
    assert decoded(b"<p>A ferry</p>", [encoding], LIMIT) == b"<p>A ferry</p>"


@pytest.mark.parametrize("encoding", ["br", "none", "utf8", "binary", "text/html"])
def test_a_page_is_taken_as_it_is_where_its_encoding_is_none(encoding: str) -> None:
    page = b"<html><p>A ferry</p></html>"
    assert decoded(page, [encoding], LIMIT) == page


def test_a_body_of_several_gzip_members_is_read_to_its_end() -> None:
    body = gzip.compress(b"A ferry ") + gzip.compress(b"came ") + gzip.compress(b"back")
    assert decoded(body, ["gzip"], LIMIT) == b"A ferry came back"
    assert decoded(body, ["gzip"], 9) == b"A ferry ca"
    with pytest.raises(BodyError, match="no whole gzip"):
        decoded(body[:-12], ["gzip"], LIMIT)


def test_bytes_in_an_encoding_that_nobody_knows_are_refused() -> None:
    with pytest.raises(BodyError, match="is not known"):
        decoded(gzip.compress(b"A ferry"), ["sdch"], LIMIT)


@pytest.mark.parametrize("encoding", [*ENCODERS, "br"])
@given(body=st.binary(max_size=300), head=st.sampled_from([b"", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", b"5\r\n"]))
def test_any_bytes_are_decoded_or_refused(encoding: str, body: bytes, head: bytes) -> None:
    with contextlib.suppress(BodyError):
        assert len(decoded(head + body, [encoding], LIMIT)) <= LIMIT + 1


def record(id_: bytes, body: bytes, header: bytes = b"") -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n%s" % (header, body)
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%s>\r\n"
        b"WARC-Target-URI: https://a.example/%s\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n"
    ) % (id_, id_, len(answer), answer)


def test_a_broken_and_a_huge_body_cost_no_other_page_of_the_archive(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    from cleaner.config import Config

    page = f"<!doctype html><title>%s</title><article><p>{ARTICLE}</p><p>It was %s who said so.</p></article>"
    pages = {id_: (page % (id_, id_)).encode() for id_ in ("one", "two", "three", "four")}
    gzipped = b"Content-Encoding: gzip\r\n"
    source = tmp_path / "a.warc"
    source.write_bytes(
        record(b"one", pages["one"])
        + record(b"huge", gzip.compress(b"a" * 3_000_000), gzipped)
        + record(b"two", gzip.compress(pages["two"]), gzipped)
        + record(b"cut", gzip.compress(pages["two"])[:-40], gzipped)
        + record(b"three", chunked(gzip.compress(pages["three"])), gzipped + b"Transfer-Encoding: chunked\r\n")
        + record(b"strange", pages["one"], b"Content-Encoding: pack200-gzip\r\n")
        + record(b"four", pages["four"])
    )
    Run((str(source),), str(tmp_path / "c.jsonl"), Config(ignore=("ND",), max_record_mb=1))()
    assert [kept["id"] for kept in lines(tmp_path / "c.jsonl")] == list(pages)
    excluded = {r["id"]: r["excluded"] for r in lines(tmp_path / "c.excluded.jsonl")}
    assert {id_: why["code"] for id_, why in excluded.items()} == {"huge": "RD107", "cut": "RD109", "strange": "RD109"}
    assert "the content encoding 'pack200-gzip' is not known" in json.dumps(excluded["strange"]["message"])
