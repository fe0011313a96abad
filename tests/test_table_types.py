"""Every type that pyarrow has, alone and in lists, maps and objects, comes out of a run, and of undo, as it came in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from running import ARTICLE

from cleaner.config import Config
from cleaner.corpus.arrow_arrays import as_array
from cleaner.corpus.arrow_values import rows_of, values_of
from cleaner.corpus.table_out import ParquetWriter
from cleaner.runner.run import Run
from cleaner.runner.undo import undo_file

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

UNITS = ("s", "ms", "us", "ns")
FAR = 2**50  # seconds, milliseconds and microseconds: a year that Python has not


def leaves() -> Iterator[tuple[Any, list[Any]]]:
    """Yield each type with three values of it, the second null: small ones, the largest, and what Python has not."""
    yield pa.null(), [None, None, None]
    yield pa.bool_(), [True, None, False]
    for bits in (8, 16, 32, 64):
        yield getattr(pa, f"int{bits}")(), [-(2 ** (bits - 1)), None, 2 ** (bits - 1) - 1]
        yield getattr(pa, f"uint{bits}")(), [0, None, 2**bits - 1]
    yield pa.float16(), [0.5, None, 2.0]
    yield pa.float32(), [0.5, None, float("inf")]
    yield pa.float64(), [0.1, None, -0.0]
    for text in (pa.string(), pa.large_string(), pa.string_view()):
        yield text, ["\0é🙂", None, "b" * 40]
    for data in (pa.binary(), pa.large_binary(), pa.binary_view()):
        yield data, [b"\xff\0", None, b"b" * 40]
    yield pa.binary(3), [b"\xffab", None, b"abc"]
    yield pa.date32(), [0, None, 20_000]
    yield pa.date32(), [-1_000_000, None, 4_000_000]
    yield pa.date64(), [86_400_000, None, 86_400_000 * 4_000_000]
    for unit in UNITS:
        yield pa.duration(unit), [2**62 + 1, None, -12_345]
        yield pa.timestamp(unit), [-FAR, None, 2 ** (50 if unit == "s" else 60) + 1]
        for zone in ("UTC", "Europe/Berlin", "America/New_York", "+05:30"):
            yield pa.timestamp(unit, zone), [0, None, 10**9 + 7]
            yield pa.timestamp(unit, zone), [-(2**50), None, 2**50 + 1]
    for time in (pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")):
        yield time, [0, None, 86_399]
    yield pa.month_day_nano_interval(), [(1, 2, 3), None, (-1, 0, 10**12)]
    for decimal in (pa.decimal32(5, 2), pa.decimal64(12, 3), pa.decimal128(38, 10), pa.decimal256(76, 20)):
        yield decimal, [Decimal("1.25"), None, Decimal("-999.99")]
    yield pa.dictionary(pa.int8(), pa.string()), ["a", None, "b"]
    yield pa.dictionary(pa.int32(), pa.string(), ordered=True), ["a", None, "b"]
    yield pa.dictionary(pa.uint16(), pa.int64()), [5, None, 6]
    yield pa.dictionary(pa.int32(), pa.timestamp("ns")), [5, None, 6]
    yield pa.run_end_encoded(pa.int32(), pa.string()), ["a", "a", "b"]
    yield pa.run_end_encoded(pa.int16(), pa.timestamp("ns")), [1, 1, 2]
    yield pa.uuid(), [b"a" * 16, None, b"b" * 16]
    yield pa.json_(), ['{"a":1}', None, "[]"]
    yield pa.bool8(), [1, None, 0]
    yield pa.opaque(pa.binary(), "x", "y"), [b"a", None, b"b"]
    yield pa.fixed_shape_tensor(pa.int8(), (2, 2)), [[1, 2, 3, 4]] * 3


def made(kind: Any, values: list[Any]) -> Any:
    """Return an array, by other means than those that are tested."""
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, made(kind.storage_type, values))
    if pa.types.is_run_end_encoded(kind):
        ends, runs = pa.array([2, 3], kind.run_end_type), pa.array([values[0], values[2]], kind.value_type)
        return pa.RunEndEncodedArray.from_arrays(ends, runs, type=kind)
    if pa.types.is_dictionary(kind):
        entries = pa.array([values[0], values[2]], kind.value_type)
        return pa.DictionaryArray.from_arrays(pa.array([0, None, 1], kind.index_type), entries, ordered=kind.ordered)
    if pa.types.is_date(kind):
        return pa.array(values, pa.int32() if kind.bit_width == 32 else pa.int64()).view(kind)
    return pa.array(values, kind)


def in_others(leaf: Any) -> Iterator[tuple[str, Any]]:
    """Yield columns of three rows that hold the three values, each way that one type can be in another."""
    offsets, large = pa.array([0, 1, 3, 3], pa.int32()), pa.array([0, 1, 3, 3], pa.int64())
    missing, sizes = pa.array([False, False, True]), [1, 2, 0]
    yield "alone", leaf
    yield "list", pa.ListArray.from_arrays(offsets, leaf)
    yield "list or null", pa.ListArray.from_arrays(pa.array([0, None, 1, 3], pa.int32()), leaf)
    yield "large list", pa.LargeListArray.from_arrays(large, leaf)
    yield "list of two", pa.FixedSizeListArray.from_arrays(pa.concat_arrays([leaf, leaf]), 2, mask=missing)
    yield "view", pa.ListViewArray.from_arrays(offsets[:3], pa.array(sizes, pa.int32()), leaf, mask=missing)
    yield "large view", pa.LargeListViewArray.from_arrays(large[:3], pa.array(sizes, pa.int64()), leaf)
    struct = pa.StructArray.from_arrays([leaf, pa.array([1, 2, 3])], names=["a", "b"], mask=missing)
    yield "struct", struct
    yield "list of structs", pa.ListArray.from_arrays(offsets, struct)
    yield "list of lists", pa.ListArray.from_arrays(offsets, pa.ListArray.from_arrays(offsets, leaf))
    yield "map", pa.MapArray.from_arrays(offsets, pa.array(["x", "y", "z"]), leaf)
    yield (
        "map in a struct",
        pa.StructArray.from_arrays([pa.MapArray.from_arrays(offsets, pa.array(["x", "y", "z"]), leaf)], names=["m"]),
    )


LEAVES = [(f"{number} {kind}", kind, made(kind, values)) for number, (kind, values) in enumerate(leaves())]
WAYS = [name for name, _ in in_others(pa.array([1, 2, 3]))]


def is_in_parquet(kind: Any, way: str) -> bool:
    """Tell whether pyarrow itself writes this type as Parquet, in this way."""
    types = pa.types
    if types.is_string_view(kind) or types.is_binary_view(kind):
        return way != "list of structs"
    return not (types.is_interval(kind) or types.is_run_end_encoded(kind))


def read(path: Path) -> Any:
    return pq.read_table(path) if path.suffix == ".parquet" else pa.ipc.open_file(path).read_all()


def are_equal(one: Any, other: Any) -> bool:
    """Tell whether columns are equal; in others, dictionaries are for pyarrow only where their entries stand alike."""
    return bool(one.equals(other)) or ("dictionary" in str(one.type) and one.to_pylist() == other.to_pylist())


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
@pytest.mark.parametrize("way", WAYS)
def test_every_type_comes_out_and_comes_back_as_it_was(tmp_path: Path, ending: str, way: str) -> None:
    columns = {
        name: dict(in_others(leaf))[way] for name, kind, leaf in LEAVES if ending == "arrow" or is_in_parquet(kind, way)
    }
    assert len(columns) > 70
    table = pa.table({"text": [f"{ARTICLE} {n * 7919}" for n in range(3)], **columns})
    source, out, back = (tmp_path / f"{name}.{ending}" for name in ("in", "out", "back"))
    if ending == "parquet":
        pq.write_table(table, source)
    else:
        with pa.ipc.new_file(source, table.schema) as writer:
            writer.write_table(table)
    came = read(source)
    summary = Run((str(source),), str(out), Config(select=("WS",)), workers=1)()
    assert (summary.kept, summary.remarks) == (3, ())
    undo_file(str(out), str(tmp_path / "out.ledger.jsonl"), str(back))
    for went in (read(out), read(back)):
        for name in table.column_names:
            assert went.column(name).type == came.column(name).type, name
            assert are_equal(went.column(name), came.column(name)), name


def as_parquet(folder: Path, columns: dict[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """Return what is read of these columns when they are written, and what the writer says of it."""
    fields = {name: pa.field(name, column.type) for name, column in columns.items()}
    writer = ParquetWriter(str(folder / "a.parquet"), "a.parquet", fields)
    for row in rows_of(pa, pa.record_batch(columns)):
        writer.write(row)
    writer.close()
    return pq.read_table(folder / "a.parquet"), writer.remarks


@pytest.mark.parametrize("way", WAYS)
def test_what_arrow_has_and_parquet_has_not_is_written_as_what_it_is_made_of(tmp_path: Path, way: str) -> None:
    columns = {name: dict(in_others(leaf))[way] for name, kind, leaf in LEAVES if not is_in_parquet(kind, way)}
    written, remarks = as_parquet(tmp_path, columns)
    assert written.column_names == list(columns)
    assert all(written.column(name).null_count < 3 for name in columns)
    assert sum("which Parquet has not: written as" in remark for remark in remarks) == len(columns)


@pytest.mark.parametrize("way", WAYS)
def test_a_type_that_is_another_in_parquet_is_told_and_no_other(tmp_path: Path, way: str) -> None:
    columns = {name: dict(in_others(leaf))[way] for name, _, leaf in LEAVES}
    written, remarks = as_parquet(tmp_path, columns)
    changed = [name for name, column in columns.items() if written.column(name).type != column.type]
    assert len(changed) > 10
    told = [remark for remark in remarks if "which Parquet has not: written as" in remark]
    assert [remark.split(f" is {columns[name].type}, ")[0] for name, remark in zip(changed, told, strict=True)] == [
        f"column {name!r}" for name in changed
    ]


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_an_extension_that_nobody_has_registered_keeps_its_name(tmp_path: Path, ending: str) -> None:
    mark = {b"ARROW:extension:name": b"pandas.period", b"ARROW:extension:metadata": b'{"freq": "M"}'}
    schema = pa.schema([pa.field("text", pa.string()), pa.field("p", pa.int64(), metadata=mark)])
    table = pa.table({"text": [f"{ARTICLE} {n * 7919}" for n in range(3)], "p": [648, None, 650]}, schema=schema)
    pq.write_table(table, tmp_path / "in.parquet")
    summary = Run((str(tmp_path / "in.parquet"),), str(tmp_path / f"out.{ending}"), Config(select=("WS",)), workers=1)()
    assert (summary.kept, summary.remarks) == (3, ())
    written = read(tmp_path / f"out.{ending}")
    assert {key: said for key, said in written.field("p").metadata.items() if b"extension" in key} == mark
    assert written.column("p").to_pylist() == [648, None, 650]


def test_seconds_that_are_too_many_as_milliseconds_do_not_end_the_run(tmp_path: Path) -> None:
    texts = [f"{ARTICLE} {n * 7919}" for n in range(3)]
    table = pa.table({"text": texts, "t": pa.array([2**61, None, -(2**61)], pa.timestamp("s"))})
    with pa.ipc.new_file(tmp_path / "in.arrow", table.schema) as writer:
        writer.write_table(table)
    summary = Run((str(tmp_path / "in.arrow"),), str(tmp_path / "out.parquet"), Config(select=("WS",)), workers=1)()
    assert summary.remarks == ("column 't' is timestamp[s], which Parquet has not: written as int64",)
    assert read(tmp_path / "out.parquet").column("t").to_pylist() == [2**61, None, -(2**61)]


def test_a_union_has_no_column_and_is_told(tmp_path: Path) -> None:
    parts = [pa.array([1, 2, 3]), pa.array(["a", "b", "c"])]
    table = pa.table({"text": [f"{ARTICLE} {n * 7919}" for n in range(3)]})
    table = table.append_column("u", pa.UnionArray.from_sparse(pa.array([0, 1, 0], pa.int8()), parts))
    with pa.ipc.new_file(tmp_path / "in.arrow", table.schema) as writer:
        writer.write_table(table)
    summary = Run((str(tmp_path / "in.arrow"),), str(tmp_path / "out.arrow"), Config(select=("WS",)), workers=1)()
    assert summary.remarks == ("column 'u' has integers and texts: written as JSON text",)
    assert read(tmp_path / "out.arrow").column("u").to_pylist() == ["1", "b", "3"]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (pa.timestamp("ms"), ["2024-01-01T00:00:00.000", "no time"]),
        (pa.list_(pa.timestamp("ns")), [[1], 2]),
        (pa.struct([("a", pa.date32())]), [{"a": 1}, [1]]),
        (pa.map_(pa.string(), pa.date32()), [[("a", 1)], {"a": 1}]),
        (pa.uuid(), [b"a" * 16, "a"]),
        (pa.list_(pa.date32(), 2), [[1, 2], [1]]),
    ],
)
def test_what_is_of_another_type_is_refused(kind: Any, values: list[Any]) -> None:
    assert values_of(pa, as_array(pa, values[:1], kind))
    with pytest.raises((ValueError, TypeError, pa.ArrowException)):
        as_array(pa, values, kind)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
@pytest.mark.parametrize("nested", [False, True])
def test_a_table_with_two_columns_of_one_name_is_told_and_loses_neither(
    tmp_path: Path, ending: str, nested: bool
) -> None:
    same = [pa.array(["a"]), pa.array(["b"])]
    if nested:
        inside = pa.StructArray.from_arrays(same, ["x", "x"])
        table = pa.table([pa.array([ARTICLE]), pa.ListArray.from_arrays([0, 1], inside)], names=["text", "more"])
    else:
        table = pa.table([pa.array([ARTICLE]), *same], names=["text", "x", "x"])
    source = tmp_path / f"in.{ending}"
    if ending == "parquet":
        pq.write_table(table, source)
    else:
        with pa.ipc.new_file(source, table.schema) as writer:
            writer.write_table(table)
    Run((str(source),), str(tmp_path / "out.jsonl"), Config(), workers=1)()
    excluded = (tmp_path / "out.excluded.jsonl").read_text(encoding="utf-8")
    assert "RD108" in excluded
    assert "are called 'x'" in excluded
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == ""


def test_a_value_of_another_file_that_the_type_of_a_column_would_change_is_none_of_it(tmp_path: Path) -> None:
    """pyarrow makes 5 of 5.5, infinity of a large number, letters of a text, and forgets what a struct has not."""
    types = {"n": pa.int64(), "tags": pa.list_(pa.string()), "meta": pa.struct({"a": pa.string()}), "f": pa.float32()}
    types |= {"text": pa.string(), "whole": pa.int64(), "at": pa.date32(), "data": pa.binary()}
    first = {"n": 5, "tags": ["x"], "meta": {"a": "y"}, "f": float("nan"), "text": ARTICLE, "whole": 1, "at": 1}
    table = pa.Table.from_pylist([{**first, "data": b"\xff"}], pa.schema(types))
    pq.write_table(table, tmp_path / "in.parquet")
    second = {"n": 5.5, "tags": "abc", "meta": {"b": 1}, "f": 1e40, "text": f"{ARTICLE} More.", "whole": 2.0, "at": 2}
    (tmp_path / "in.jsonl").write_text(json.dumps({**second, "data": "abc"}), encoding="utf-8")
    inputs = (str(tmp_path / "in.parquet"), str(tmp_path / "in.jsonl"))
    Run(inputs, str(tmp_path / "out.parquet"), Config(select=("WS",)), workers=1)()
    out = read(tmp_path / "out.parquet")
    assert out.column("n").to_pylist() == [5, 5.5]
    assert out.column("tags").to_pylist() == ['["x"]', "abc"]
    assert out.column("meta").to_pylist() == [{"a": "y", "b": None}, {"a": None, "b": 1}]
    assert out.column("f").to_pylist()[1:] == [1e40]
    assert [out.schema.field(name).type for name in ("whole", "at", "data")] == [pa.int64(), pa.date32(), pa.binary()]
    assert out.column("data").to_pylist() == [b"\xff", b"abc"]
