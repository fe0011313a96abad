"""Dictionaries and views, whose rows share memory: each counts, and goes to a worker, with its own values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cleaner.corpus.arrow import read_arrow
from cleaner.corpus.arrow_arrays import as_array
from cleaner.corpus.arrow_values import rows_of
from cleaner.corpus.parquet import read_parquet
from cleaner.corpus.record import FieldNames, Record
from cleaner.corpus.rows import CHUNK_BYTES, RowsChunk, row_chunks

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ROWS = 400
TEXTS = [None if n % 7 == 3 else f"{n} " + "é" * 5_000 for n in range(ROWS)]
KEPT = pa.dictionary(pa.int32(), pa.string())
LISTS = [text and [text, "b"] for text in TEXTS]
COLUMNS: dict[str, tuple[Any, list[Any]]] = {
    "dictionary": (KEPT, TEXTS),
    "dictionary of large texts": (pa.dictionary(pa.int64(), pa.large_string()), TEXTS),
    "view": (pa.string_view(), TEXTS),
    "list of dictionaries": (pa.list_(KEPT), LISTS),
    "large list of dictionaries": (pa.large_list(KEPT), LISTS),
    "list of two dictionaries": (pa.list_(KEPT, 2), LISTS),
    "list of views": (pa.list_(pa.string_view()), LISTS),
    "view of lists": (pa.list_view(pa.string()), LISTS),
    "large view of lists of dictionaries": (pa.large_list_view(KEPT), LISTS),
    "struct": (pa.struct([("a", KEPT), ("b", pa.string_view())]), [text and {"a": text, "b": text} for text in TEXTS]),
    "null structs": (pa.struct([("a", KEPT), ("b", pa.int8())]), [None] * ROWS),
    "map": (pa.map_(pa.string(), KEPT), [text and [("k", text)] for text in TEXTS]),
    "times": (pa.list_view(pa.timestamp("ns")), [[n * 1001, None] for n in range(ROWS)]),
    "dictionary of numbers": (pa.dictionary(pa.int16(), pa.float32()), [n / 4 for n in range(ROWS)]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_row_takes_its_own_values_along_and_no_others(name: str) -> None:
    kind, values = COLUMNS[name]
    batch = pa.record_batch([pa.array(["The ferry left."] * ROWS), as_array(pa, values, kind)], ["text", "more"])
    wanted = rows_of(pa, batch)
    # A record may be smaller than what all of them share.
    chunks = list(row_chunks([batch.slice(0, 100), batch.slice(100)], "a", FieldNames(max_bytes=100_000)))
    assert all(isinstance(chunk, RowsChunk) for chunk in chunks)
    assert max(chunk.size for chunk in chunks) <= 1.2 * CHUNK_BYTES
    own = sum(len(str(row).encode()) for row in wanted)
    assert sum(len(chunk.data) for chunk in chunks if isinstance(chunk, RowsChunk)) < 1.2 * own + 20_000 * len(chunks)
    found = [item.read() for chunk in chunks for item in chunk.items()]
    assert [record.fields for record in found if isinstance(record, Record)] == wanted


@pytest.mark.parametrize("name", ["dictionary", "view"])
@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_no_row_is_lost_where_all_of_them_share_more_than_a_record_may_have(
    tmp_path: Path, name: str, ending: str
) -> None:
    kind, values = COLUMNS[name]
    table = pa.table({"text": ["The ferry left."] * ROWS, "more": as_array(pa, values, kind)})
    path = tmp_path / f"a.{ending}"
    if ending == "parquet":
        pq.write_table(table, path)
    else:
        with pa.ipc.new_file(str(path), table.schema) as writer:
            writer.write_table(table)
    read = read_parquet if ending == "parquet" else read_arrow
    chunks = list(read(str(path), FieldNames(max_bytes=100_000)))
    assert len(chunks) < 10
    found = [item.read() for chunk in chunks for item in chunk.items()]
    assert [record.fields["more"] for record in found if isinstance(record, Record)] == values
