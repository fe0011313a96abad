"""Rows of a table in Arrow's memory, cut into chunks by their bytes; each becomes a record in the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cleaner.corpus.arrow_sharing import Sharing
from cleaner.corpus.arrow_values import pyarrow, rows_of
from cleaner.corpus.path_columns import with_columns
from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, Item, Record, Unreadable, from_fields, too_large

# As much goes to a worker at once as of JSONL.
CHUNK_BYTES = 1 << 20

# What a row costs beside its values, so that rows with nothing in them are not taken for no work.
ROW_BYTES = 128

# The most bytes that are decompressed at once: a page of Parquet, a record batch of Arrow. Writers end a page at 1 MB,
# but look only after a thousand values, so that one of long documents has 1 GB.
DECODED_BYTES = 1 << 30

# Rows that become Python values at once.
STEP_ROWS = 64


@dataclass(frozen=True, slots=True)
class RowsChunk:
    """Rows of one file, in Arrow's own format, the first of which is number `first`, counting from 1.

    `size` is what they take in memory, `more` has the columns that the path says of all of them.
    """

    path: str
    first: int
    data: bytes
    rows: int
    size: int
    names: FieldNames
    more: Mapping[str, Any] = field(default_factory=dict)

    def items(self) -> Iterator[Item]:
        """Yield the rows."""
        pa = pyarrow()
        number = self.first
        with pa.ipc.open_stream(self.data) as reader:
            for batch in reader:
                for start in range(0, batch.num_rows, STEP_ROWS):
                    for read in self._reads(batch.slice(start, STEP_ROWS)):
                        place = f"{self.path}:{number}"
                        yield Item(place, partial(read, place))
                        number += 1

    def _reads(self, rows: Any) -> list[Any]:
        try:
            return [partial(self._record, fields) for fields in rows_of(pyarrow(), rows)]
        except Exception:  # one of them; it says so when it is read
            return [partial(self._row, rows.slice(n, 1)) for n in range(rows.num_rows)]

    def _row(self, row: Any, place: str) -> Record | Unreadable:
        return self._record(rows_of(pyarrow(), row)[0], place)

    def _record(self, fields: dict[str, Any], place: str) -> Record | Unreadable:
        return from_fields(with_columns(fields, self.more), place, self.names)

    def halves(self) -> tuple[RowsChunk, ...]:
        """Return the same rows as two chunks; nothing where there is one row."""
        with pyarrow().ipc.open_stream(self.data) as reader:
            table = reader.read_all()
        cut = self.rows // 2
        if cut == 0:
            return ()
        return tuple(
            packed(part, self.path, first, self.names, self.more)
            for part, first in ((table.slice(0, cut), self.first), (table.slice(cut), self.first + cut))
        )


def packed(table: Any, path: str, first: int, names: FieldNames, more: Mapping[str, Any] | None = None) -> RowsChunk:
    """Return rows as a chunk."""
    pa = pyarrow()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return RowsChunk(
        path, first, sink.getvalue().to_pybytes(), table.num_rows, _taken(table, table.nbytes), names, more or {}
    )


class NotReadError(ValueError):
    """A part of a table that would take more memory than is allowed."""


def row_chunks(
    batches: Iterable[Any], path: str, names: FieldNames, *, first: int = 1, more: Mapping[str, Any] | None = None
) -> Iterator[Chunk]:
    """Yield record batches of one schema as chunks of about a megabyte, the first row of which has number `first`.

    A row that is larger than a record may be is a record that says so. Memory: a chunk, and a batch.
    """
    pa = pyarrow()
    waiting: list[Any] = []
    filled = rows = 0
    for part, size, alone in _parts(pa, batches):
        large = part.num_rows == 1 and size > names.max_bytes
        if waiting and (large or filled + _taken(part, size) > CHUNK_BYTES):
            yield packed(pa.Table.from_batches(waiting), path, first, names, more)
            first, waiting, filled, rows = first + rows, [], 0, 0
        if large:
            place = f"{path}:{first}"
            yield FailureChunk(too_large(_id_in(part, names) or place, place, size, names.max_bytes), size)
            first += 1
        else:
            waiting.append(alone(part))
            filled += _taken(part, size)
            rows += part.num_rows
    if waiting:
        yield packed(pa.Table.from_batches(waiting), path, first, names, more)


def _parts(pa: Any, batches: Iterable[Any]) -> Iterator[tuple[Any, int, Callable[[Any], Any]]]:
    """Yield the batches in small parts, the bytes of each, and what takes its values out of those that rows share."""
    sharing: Sharing | None = None
    for batch in batches:
        sharing = sharing or Sharing(pa, batch.schema)
        for part, size in _small(batch, sharing.size):
            yield part, size, sharing.by_itself


def _small(batch: Any, size_of: Callable[[Any], int]) -> Iterator[tuple[Any, int]]:
    """Yield a batch in parts of a chunk's size at most, or of one row, each with the bytes of its values."""
    size = size_of(batch)
    if batch.num_rows <= 1 or _taken(batch, size) <= CHUNK_BYTES:
        if batch.num_rows:
            yield batch, size
        return
    cut = batch.num_rows // 2
    yield from _small(batch.slice(0, cut), size_of)
    yield from _small(batch.slice(cut), size_of)


def _taken(rows: Any, size: int) -> int:
    return size + ROW_BYTES * int(rows.num_rows)


def _id_in(row: Any, names: FieldNames) -> str | None:
    if names.id not in row.schema.names:
        return None
    value = row.column(names.id)[0].as_py()
    return value if isinstance(value, str) and 0 < len(value) < CHUNK_BYTES else None
