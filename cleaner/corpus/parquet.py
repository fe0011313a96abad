"""Parquet: a record a row; all other columns keep their values and types."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, Item, from_fields, unreadable
from cleaner.errors import InputError

# Rows that go to a worker at once, and bytes of the file that they may stand for at the most.
ROWS = 512

# Rows that wait in memory before they are written.
WRITE_ROWS = 2000


def pyarrow() -> Any:
    """Return pyarrow, or raise `InputError` saying how to install it."""
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError as error:
        raise InputError("Parquet needs pyarrow: pip install 'webtext-cleaner[parquet]'") from error
    return pyarrow


@dataclass(frozen=True, slots=True)
class RowsChunk:
    """Rows of one file, in Arrow's own format, the first of which is number `first`, counting from 1."""

    path: str
    first: int
    data: bytes
    names: FieldNames

    @property
    def size(self) -> int:
        """How many bytes the rows have."""
        return len(self.data)

    def items(self) -> Iterator[Item]:
        """Yield the rows."""
        with pyarrow().ipc.open_stream(self.data) as reader:
            number = self.first
            for batch in reader:
                for fields in _in_microseconds(pyarrow(), batch).to_pylist():
                    place = f"{self.path}:{number}"
                    yield Item(place, partial(from_fields, fields, place, self.names))
                    number += 1


def _in_microseconds(pa: Any, batch: Any) -> Any:
    """Cast nanoseconds, which Python's own times do not have: pyarrow gives objects of pandas where that is there."""
    schema = pa.schema([field.with_type(_coarser(pa, field.type)) for field in batch.schema])
    if schema.equals(batch.schema):
        return batch
    columns = [
        pa.compute.cast(column, options=pa.compute.CastOptions(field.type, allow_time_truncate=True))
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _coarser(pa: Any, type_: Any) -> Any:
    types = pa.types
    if types.is_timestamp(type_) and type_.unit == "ns":
        return pa.timestamp("us", type_.tz)
    if types.is_duration(type_) and type_.unit == "ns":
        return pa.duration("us")
    if types.is_time64(type_) and type_.unit == "ns":
        return pa.time64("us")
    if types.is_struct(type_):
        return pa.struct([field.with_type(_coarser(pa, field.type)) for field in type_])
    if types.is_large_list(type_):
        return pa.large_list(_coarser(pa, type_.value_type))
    if types.is_list(type_):
        return pa.list_(_coarser(pa, type_.value_type))
    return type_


def read_parquet(path: str, names: FieldNames) -> Iterator[Chunk]:
    """Cut a file into chunks of rows. Memory: one row group's batch."""
    pa = pyarrow()
    first = 1
    try:
        with pa.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS):
                sink = pa.BufferOutputStream()
                with pa.ipc.new_stream(sink, batch.schema) as writer:
                    writer.write_batch(batch)
                yield RowsChunk(path, first, sink.getvalue().to_pybytes(), names)
                first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        place = f"{path}:{first}"
        message = f"{path}: {error}" if first == 1 else f"{place}: {error}; the rows before it were read"
        yield FailureChunk(unreadable(place, "RD108", " ".join(message.split())))


class ParquetWriter:
    """Writes records as Parquet; a column that only some of them have is null in the others.

    Rows wait in a temporary file beside the output, because only the last record shows which columns there are and of
    which type. A column of which the types do not go together becomes text.
    """

    def __init__(self, path: str, out: str) -> None:
        self._pa = pyarrow()
        self._path = path
        self._rows: list[Mapping[str, Any]] = []
        self._parts: list[str] = []
        self._spool = tempfile.TemporaryDirectory(prefix=".cleaner-", dir=os.path.dirname(os.path.abspath(path)))

    def write(self, record: Mapping[str, Any]) -> None:
        """Add a record."""
        self._rows.append(record)
        if len(self._rows) >= WRITE_ROWS:
            self._flush()

    def _flush(self) -> None:
        table = _table(self._pa, self._rows)
        part = os.path.join(self._spool.name, f"{len(self._parts)}.arrow")
        with self._pa.OSFile(part, "wb") as sink, self._pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        self._parts.append(part)
        self._rows = []

    def close(self) -> None:
        """Write the file."""
        pa = self._pa
        self._flush()
        schema = _common_schema(pa, [self._schema(part) for part in self._parts])
        with pa.parquet.ParquetWriter(self._path, schema, compression="zstd") as writer:
            for part in self._parts:
                with pa.memory_map(part) as source:
                    table = pa.ipc.open_file(source).read_all()
                    if table.num_rows:
                        writer.write_table(_as_schema(pa, table, schema))
        self._spool.cleanup()

    def discard(self) -> None:
        """Give up: remove what was written."""
        self._spool.cleanup()

    def _schema(self, part: str) -> Any:
        with self._pa.memory_map(part) as source:
            return self._pa.ipc.open_file(source).schema


def _table(pa: Any, rows: list[Mapping[str, Any]]) -> Any:
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = []
    for name in names:
        values = [row.get(name) for row in rows]
        try:
            columns.append(pa.array(values))
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            columns.append(pa.array([None if value is None else str(value) for value in values]))
    return pa.table(columns, names=names)


def _common_schema(pa: Any, schemas: list[Any]) -> Any:
    fields: dict[str, Any] = {}
    for schema in schemas:
        for field in schema:
            known = fields.get(field.name)
            if known is None or pa.types.is_null(known):
                fields[field.name] = field.type
            elif known != field.type and not pa.types.is_null(field.type):
                try:
                    both = pa.unify_schemas(
                        [pa.schema([("c", known)]), pa.schema([("c", field.type)])], promote_options="permissive"
                    )
                    fields[field.name] = both.field("c").type
                except (pa.ArrowInvalid, pa.ArrowTypeError):
                    fields[field.name] = pa.string()
    return pa.schema(list(fields.items()))


def _as_schema(pa: Any, table: Any, schema: Any) -> Any:
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, field.type))
            continue
        column = table.column(field.name)
        try:
            columns.append(column.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            columns.append(pa.array([None if v is None else str(v) for v in column.to_pylist()], field.type))
    return pa.table(columns, schema=schema)
