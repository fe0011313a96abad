"""Tables: work by decoded bytes, whatever a file says of itself; every type comes out as it came in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import ARTICLE, Done

from cleaner.config import Config
from cleaner.corpus import parquet
from cleaner.corpus.record import Chunk, FieldNames, Record, Unreadable
from cleaner.runner.run import Run
from cleaner.runner.undo import undo_file

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

Clean = Callable[..., Done]

# A fresh process reads a file and says what the chunks were and how much memory it took, in MB.
READ = """
import json, re, sys
from cleaner.corpus.parquet import read_parquet
from cleaner.corpus.record import Chunk, FieldNames
chunks = [(chunk.size, [item.place for item in chunk.items()]) for chunk in read_parquet(sys.argv[1], FieldNames())]
print(json.dumps([chunks, int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024]))
"""


def read_here(path: Path) -> list[Record | Unreadable]:
    return [item.read() for chunk in parquet.read_parquet(str(path), FieldNames()) for item in chunk.items()]


def read(path: Path) -> tuple[list[tuple[int, list[str]]], int]:
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    chunks, megabytes = json.loads(done.stdout)
    return chunks, megabytes


def repeated(megabytes: int, times: int) -> Any:
    """Return one large text that many rows have, as a dictionary: in the file it stands once, and compresses well."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), pa.array(["a" * megabytes * 1_000_000]))


def test_rows_are_given_to_workers_by_their_bytes(tmp_path: Path) -> None:
    texts = [f"Book {n} 🙂\n" + "The ferry left at nine. " * 20_000 for n in range(12)]
    pq.write_table(pa.table({"id": [f"b{n}" for n in range(12)], "text": texts}), tmp_path / "books.parquet")
    chunks, _ = read(tmp_path / "books.parquet")
    assert max(size for size, _ in chunks) < 1.2 * (1 << 20)
    assert sum(len(places) for _, places in chunks) == 12


def test_many_small_rows_are_one_piece_of_work(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["The ferry left."] * 5_000}), tmp_path / "small.parquet")
    chunks, _ = read(tmp_path / "small.parquet")
    assert len(chunks) == 1


@pytest.mark.parametrize("stored", [True, False])
def test_a_text_that_stands_once_and_counts_many_times_does_not_fill_the_memory(tmp_path: Path, stored: bool) -> None:
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"text": repeated(30, 100)}), path, compression="zstd", store_schema=stored)
    assert path.stat().st_size < 10_000
    chunks, megabytes = read(path)
    assert [len(places) for _, places in chunks] == [1] * 100
    assert megabytes < 1_000


def test_a_cell_that_unpacks_to_much_is_told_and_does_not_fill_the_memory_of_the_run(tmp_path: Path) -> None:
    table = pa.table({"id": ["large", "small"], "text": ["a" * 300_000_000, ARTICLE]})
    pq.write_table(table, tmp_path / "cell.parquet", compression="brotli", use_dictionary=False)
    chunks, megabytes = read(tmp_path / "cell.parquet")
    assert [places for _, places in chunks] == [["large"], [f"{tmp_path}/cell.parquet:2"]]
    assert megabytes < 250  # 612 where it is decoded in the same process


def test_rows_read_apart_are_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"id": f"d{n}", "text": f"{ARTICLE} {n}", "more": {"a": [n, None]}} for n in range(3000)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet", row_group_size=1000)
    here = list(parquet.read_parquet(str(tmp_path / "a.parquet"), FieldNames()))
    monkeypatch.setattr(parquet, "HERE_BYTES", 0)
    assert list(parquet.read_parquet(str(tmp_path / "a.parquet"), FieldNames())) == here


def test_where_the_process_that_decodes_dies_the_rows_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"text": f"{ARTICLE} {n}"} for n in range(20)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet", row_group_size=10)
    monkeypatch.setattr(parquet, "HERE_BYTES", 0)
    monkeypatch.setattr(parquet, "group_chunks", dies)
    first, second = [
        item.read()
        for chunk in parquet.read_parquet(str(tmp_path / "a.parquet"), FieldNames())
        for item in chunk.items()
    ]
    assert isinstance(first, Unreadable)
    assert "a.parquet:1: the rows to 10 are not read: the process that decodes them died" in first.dropped.message
    assert isinstance(second, Unreadable)
    assert "a.parquet:11: the rows to 20 are not read" in second.dropped.message


def dies(*arguments: Any) -> Iterator[Chunk]:
    """Stand for a reader that the system kills for its memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    yield from ()


@pytest.mark.parametrize("kind", ["list", "map", "struct"])
def test_a_row_of_lists_that_is_too_large_costs_itself(tmp_path: Path, kind: str) -> None:
    offsets = pa.array([0, 200, 201, 201], pa.int32())
    texts = repeated(10, 201)
    if kind == "map":
        column = pa.MapArray.from_arrays(offsets, pa.array([f"k{n}" for n in range(201)]), texts)
    else:
        column = pa.ListArray.from_arrays(offsets, texts)
        if kind == "struct":
            column = pa.StructArray.from_arrays([column], names=["inside"])
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"text": [ARTICLE] * 3, "more": column}), path, compression="zstd", store_schema=False)
    from cleaner.corpus.parquet import read_parquet

    records = [item.read() for chunk in read_parquet(str(path), FieldNames()) for item in chunk.items()]
    assert [record.dropped.code if isinstance(record, Unreadable) else "" for record in records] == ["RD107", "", ""]
    assert [getattr(record, "id", None) for record in records[:1]] == [f"{path}:1"]
    assert read(path)[1] < 700


def test_numbers_that_are_few_bytes_and_a_gigabyte_are_told_and_not_read(tmp_path: Path) -> None:
    import numpy as np

    path = tmp_path / "bomb.parquet"
    number = 140_000_000
    numbers = pa.ListArray.from_arrays(pa.array([0, number], pa.int32()), pa.array(np.zeros(number, dtype=np.int8)))
    schema = pa.schema([("text", pa.string()), ("v", numbers.type)])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        writer.write_table(pa.table([[ARTICLE], numbers], schema=schema))
        writer.write_table(pa.table([[ARTICLE], [[1]]], schema=schema))
    chunks, megabytes = read(path)
    assert [places for _, places in chunks] == [[f"{path}:1"], [f"{path}:2"]]
    assert megabytes < 300


def test_a_cell_over_the_limit_is_named_by_its_id(tmp_path: Path, run: Clean) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"id": ["large", "b"], "text": ["a" * 3_000_000, ARTICLE]}), path, use_dictionary=False)
    done = run(path, max_record_mb=2)
    assert done.reasons == {"large": "RD107"}
    assert list(done.texts) == ["b"]


def test_parquet_and_jsonl_of_the_same_records_keep_the_same(tmp_path: Path, run: Clean) -> None:
    rows = [{"id": f"d{n}", "text": f"{ARTICLE}\n\nNumber {n * 7919} 🙂" * (1 + n % 50)} for n in range(300)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    kept = [[(r["id"], r["text"]) for r in run(tmp_path / f"in.{e}", workers=2).kept] for e in ("parquet", "jsonl")]
    assert kept[0] == kept[1]


def test_a_chunk_that_a_worker_has_no_memory_to_receive_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.corpus.rows import packed
    from cleaner.runner import cores, pool
    from cleaner.runner.task import Task

    names = FieldNames()
    monkeypatch.setattr(cores, "WORKER_BYTES", cores.LEAST_WORKER_BYTES)
    texts = [f"{ARTICLE}\n\n{n}\n" + "a" * 4_000_000 for n in range(55)]
    chunk = packed(pa.table({"text": texts}), "x.parquet", 1, names)
    assert chunk.size > cores.WORKER_BYTES
    task = Task.of(Config(select=("WS",)), as_json=False)
    small = packed(pa.table({"text": [ARTICLE] * 3}), "y.parquet", 1, names)
    [(_, first), (_, second)] = pool.outcomes(task, [chunk, small], 1, 60)
    assert [outcome.id for outcome in first] == [f"x.parquet:{n}" for n in range(1, 56)]
    assert [outcome.dropped for outcome in first] == [None] * 55
    assert [outcome.dropped for outcome in second] == [None] * 3


def test_halves_of_a_chunk_are_its_records(tmp_path: Path) -> None:
    from cleaner.corpus.inputs import chunks

    (tmp_path / "a.jsonl").write_text("".join(f'{{"text":"Ferry {n}"}}\n\n' for n in range(7)), encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,text\n" + "".join(f'{n},"Ferry\n{n}"\n' for n in range(7)), encoding="utf-8")
    pq.write_table(pa.table({"text": [f"Ferry {n}" for n in range(7)]}), tmp_path / "c.parquet")
    for n in range(5):
        (tmp_path / f"d{n}.txt").write_text(f"Ferry {n}", encoding="utf-8")
    for path in (["a.jsonl"], ["b.csv"], ["c.parquet"], [f"d{n}.txt" for n in range(5)]):
        [chunk] = chunks([str(tmp_path / name) for name in path], FieldNames())
        whole = [item.read() for item in chunk.items()]
        waiting, found = [chunk], []
        while waiting:
            one = waiting.pop(0)
            halves = one.halves()
            if halves:
                waiting = [*halves, *waiting]
            else:
                found += [item.read() for item in one.items()]
        assert found == whole


# Types

LEAVES: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (pa.bool_(), st.booleans()),
    (pa.int8(), st.integers(-128, 127)),
    (pa.uint16(), st.integers(0, 65535)),
    (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float32(), st.floats(width=32, allow_nan=False)),
    (pa.float64(), st.floats(allow_nan=False)),
    (pa.string(), st.text(max_size=8)),
    (pa.large_string(), st.text(max_size=8)),
    (pa.binary(), st.binary(max_size=8)),
    (pa.binary(4), st.binary(min_size=4, max_size=4)),
    (pa.date32(), st.dates()),
    (pa.timestamp("ms"), st.integers(-(2**45), 2**45)),
    (pa.timestamp("us", "Europe/Berlin"), st.integers(-(2**50), 2**50)),
    (pa.timestamp("ns"), st.integers(-(2**62), 2**62)),
    (pa.timestamp("ns", "UTC"), st.integers(-(2**62), 2**62)),
    (pa.timestamp("us"), st.integers(-(2**62), 2**62)),
    (pa.time32("ms"), st.integers(0, 86_399_999)),
    (pa.time64("ns"), st.integers(0, 86_399_999_999_999)),
    (pa.duration("ns"), st.integers(-(2**62), 2**62)),
    (pa.decimal128(12, 3), st.decimals(-(10**8), 10**8, places=3)),
    (pa.dictionary(pa.int8(), pa.string()), st.sampled_from(["a", "b", "c"])),
]


def nested(leaf: tuple[Any, st.SearchStrategy[Any]]) -> list[tuple[Any, st.SearchStrategy[Any]]]:
    kind, values = leaf
    maybe = st.none() | values
    return [
        leaf,
        (pa.list_(kind), st.lists(maybe, max_size=3)),
        (pa.list_(kind, 2), st.lists(maybe, min_size=2, max_size=2)),
        (pa.struct([("a", kind), ("b", pa.int8())]), st.fixed_dictionaries({"a": maybe, "b": st.integers(0, 9)})),
        (
            pa.map_(pa.string(), kind),
            st.dictionaries(st.text(max_size=3), maybe, max_size=3).map(lambda found: [*found.items()]),
        ),
    ]


ALL = [some for leaf in LEAVES for some in nested(leaf)]


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_type_comes_out_as_it_came_in(tmp_path: Path, ending: str, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(ALL), min_size=1, max_size=6))
    rows = 5
    columns = {"text": pa.array([f"{ARTICLE}\n\nNumber {n * 7919}" for n in range(rows)], pa.large_string())}
    for number, (kind, values) in enumerate(chosen):
        drawn = data.draw(st.lists(st.none() | values, min_size=rows, max_size=rows))
        columns[f"c{number}"] = pa.array(drawn, kind)
    table = pa.table(columns)
    source, out = tmp_path / f"in.{ending}", tmp_path / f"out.{ending}"
    if ending == "parquet":
        pq.write_table(table, source)
    else:
        with pa.ipc.new_file(source, table.schema) as writer:
            writer.write_table(table)
    came = pq.read_table(source) if ending == "parquet" else table
    Run((str(source),), str(out), Config(select=("WS",)))()
    undo_file(str(out), str(tmp_path / "out.ledger.jsonl"), str(tmp_path / f"back.{ending}"))
    for path in (out, tmp_path / f"back.{ending}"):
        went = pq.read_table(path) if ending == "parquet" else pa.ipc.open_file(path).read_all()
        for name in table.column_names:
            assert went.column(name).type == came.column(name).type, name
            assert went.column(name).equals(came.column(name)), name


JSON_ROWS: list[tuple[list[Any], Any, list[Any]]] = [
    ([2**63, 1], pa.uint64(), [2**63, 1]),
    ([2**70, 1], pa.string(), [str(2**70), "1"]),
    ([-1, 2**63], pa.string(), ["-1", str(2**63)]),
    ([{}, {}], pa.string(), ["{}", "{}"]),
    ([{"a": 1}, {}], pa.struct([("a", pa.int64())]), [{"a": 1}, {"a": None}]),
    ([1, "a"], pa.string(), ["1", "a"]),
    ([1, 0.5], pa.float64(), [1.0, 0.5]),
    ([True, 1], pa.string(), ["true", "1"]),
    ([None, None], pa.string(), [None, None]),
    ([[], [1]], pa.list_(pa.int64()), [[], [1]]),
    ([[], None], pa.list_(pa.string()), [[], None]),
    ([[1, "a"], [None]], pa.list_(pa.string()), [["1", "a"], [None]]),
    ([{"a": {"b": {}}}, {"a": None}], None, [{"a": {"b": "{}"}}, {"a": None}]),
]


@pytest.mark.parametrize(("values", "kind", "wanted"), JSON_ROWS)
@pytest.mark.parametrize("far", [False, True])
def test_values_of_json_get_a_type_over_all_records(
    tmp_path: Path, values: list[Any], kind: Any, wanted: list[Any], far: bool
) -> None:
    between = [{"text": f"{ARTICLE} {n * 7919}"} for n in range(3_000 if far else 0)]
    rows = [{"text": f"{ARTICLE} a", "v": values[0]}, *between, {"text": f"{ARTICLE} b", "v": values[1]}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    summary = Run((str(tmp_path / "in.jsonl"),), str(tmp_path / "out.parquet"), Config(select=("WS",)))()
    column = pq.read_table(tmp_path / "out.parquet").column("v")
    assert kind is None or column.type == kind
    assert [column[0].as_py(), column[len(column) - 1].as_py()] == wanted
    as_json = kind == pa.string() or kind == pa.list_(pa.string()) or kind is None
    nothing = values in ([None, None], [[], None])
    assert bool(summary.remarks) == (as_json and not nothing)


def test_row_groups_have_bounded_bytes_statistics_and_zstd(tmp_path: Path, monkeypatch: Any) -> None:
    from cleaner.corpus import table_out

    monkeypatch.setattr(table_out, "GROUP_BYTES", 100_000)
    rows = [{"id": f"d{n}", "text": f"{ARTICLE} {n * 7919}" * 20} for n in range(100)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    Run((str(tmp_path / "in.jsonl"),), str(tmp_path / "out.parquet"), Config(select=("WS",)))()
    metadata = pq.read_metadata(tmp_path / "out.parquet")
    assert metadata.num_row_groups > 5
    assert max(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups)) < 150_000
    assert metadata.row_group(0).column(0).compression == "ZSTD"
    assert metadata.row_group(0).column(0).statistics.has_min_max


def test_pages_of_several_columns_are_bounded_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "PAGES_BYTES", 3_000_000)
    columns = {f"c{n}": ["z" * 10_000] * 100 for n in range(4)}  # each a page of a megabyte
    for number in (2, 4):
        path = tmp_path / f"{number}.parquet"
        table = pa.table({"text": ["The ferry left."] * 100, **dict(list(columns.items())[:number])})
        pq.write_table(table, path, compression="zstd", use_dictionary=False)
    assert len(read_here(tmp_path / "2.parquet")) == 100
    (only,) = read_here(tmp_path / "4.parquet")
    assert isinstance(only, Unreadable)
    assert "the rows to 100 are not read: the pages of 4 columns" in only.dropped.message


@pytest.mark.parametrize("ending", ["parquet", "csv"])
@pytest.mark.parametrize("levels", [32, 33, 64, 900])
def test_a_field_that_is_nested_deeply_costs_nobody_a_record(tmp_path: Path, ending: str, levels: int) -> None:
    deep = "[" * levels + "1" + "]" * levels
    (tmp_path / "in.jsonl").write_text(f'{{"id": "d", "text": {json.dumps(ARTICLE)}, "n": {deep}}}\n')
    out = tmp_path / f"out.{ending}"
    summary = Run((str(tmp_path / "in.jsonl"),), str(out), workers=1)()
    assert (summary.read, summary.kept) == (1, 1)
    undo_file(str(out), str(tmp_path / "out.ledger.jsonl"), str(tmp_path / "undone.jsonl"))
    record = json.loads((tmp_path / "undone.jsonl").read_text())
    assert record["text"] == ARTICLE
    assert record["n"] in (deep, json.loads(deep))
    if ending == "parquet":
        assert isinstance(record["n"], list if levels == 32 else str)
