"""Compressed batches of Arrow are decompressed whole, so that what they would take is known before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus import arrow
from cleaner.corpus.arrow import read_arrow
from cleaner.corpus.arrow_messages import message_sizes
from cleaner.corpus.record import FieldNames, Record, Unreadable

pa = pytest.importorskip("pyarrow")

LIMIT = 1 << 20


def batches(sizes: list[int]) -> list[Any]:
    texts = [[f"{n} " + "a" * (size // 4) for n in range(4)] for size in sizes]
    return [pa.record_batch({"text": pa.array(rows)}) for rows in texts]


def write(path: Path, form: str, found: list[Any], compression: str | None) -> Path:
    make = pa.ipc.new_file if form == "file" else pa.ipc.new_stream
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with make(str(path), found[0].schema, options=options) as writer:
        for batch in found:
            writer.write_batch(batch)
    return path


def read(path: Path) -> list[Record | Unreadable]:
    return [item.read() for chunk in read_arrow(str(path), FieldNames()) for item in chunk.items()]


@pytest.mark.parametrize("form", ["file", "stream"])
@pytest.mark.parametrize("compression", ["lz4", "zstd"])
def test_a_batch_that_would_take_too_much_is_not_decompressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, compression: str
) -> None:
    monkeypatch.setattr(arrow, "DECODED_BYTES", LIMIT)
    path = write(tmp_path / "a.arrow", form, batches([1000, 64 * LIMIT, 1000]), compression)
    found = read(path)
    # Of a file the batches behind it are read; a stream can only be decompressed in order.
    assert [type(one) for one in found] == [Record] * 4 + [Unreadable] + [Record] * (4 if form == "file" else 0)
    bad = found[4]
    assert isinstance(bad, Unreadable)
    assert bad.dropped.code == "RD108"
    assert "a batch of 4 rows takes 67 MB when it is decompressed, the limit is 1 MB" in bad.dropped.message
    assert ("the rows to 8 are not read" if form == "file" else "the rows before it were read") in bad.dropped.message


@pytest.mark.parametrize("form", ["file", "stream"])
def test_what_is_not_compressed_takes_no_memory_and_has_no_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(arrow, "DECODED_BYTES", LIMIT)
    path = write(tmp_path / "a.arrow", form, batches([1000, 4 * LIMIT]), None)
    assert [type(one) for one in read(path)] == [Record] * 8


@pytest.mark.parametrize("compression", ["lz4", "zstd"])
def test_dictionaries_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compression: str) -> None:
    monkeypatch.setattr(arrow, "DECODED_BYTES", LIMIT)
    column = pa.array(["a" * 2 * LIMIT, "b"]).dictionary_encode()
    path = write(tmp_path / "a.arrow", "file", [pa.record_batch({"text": column})], compression)
    (only,) = read(path)
    assert isinstance(only, Unreadable)
    assert "a dictionary takes 2 MB" in only.dropped.message


def test_the_sizes_are_those_of_the_values(tmp_path: Path) -> None:
    path = write(tmp_path / "a.arrow", "file", batches([100_000]), "zstd")
    (size,) = message_sizes(str(path))
    assert (size.rows, size.is_batch) == (4, True)
    assert 100_000 <= size.size <= 100_200
