"""Write records as Parquet or Arrow: the columns of the input keep their types, others get one over all records."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

from cleaner.corpus.arrow_arrays import are_same, as_array
from cleaner.corpus.arrow_values import Types, is_list, pyarrow, values_of
from cleaner.corpus.columns import Seen, extension_of, fitted
from cleaner.corpus.parts import PartFiles, Parts
from cleaner.stored import Store

# A row group: bytes of its records as they wait, and rows.
GROUP_BYTES = 32 << 20
GROUP_ROWS = 50_000

# Values that are held against the type of the input's column at once.
CHECKED_ROWS = 256

_STORE = Store()


class ParquetWriter:
    """Writes records as Parquet; a column that only some of them have is null in the others.

    Records wait in a temporary file beside the output, because only the last one shows which columns there are, and of
    which type. `types` are those of the input's columns: they hold as long as all values fit. A column of which the
    values go into no type becomes text, and `remarks` says so, a sentence each. With `parts` the path is a folder; all
    of them have the same columns.
    """

    def __init__(self, path: str, out: str, types: Types | None = None, parts: Parts | None = None) -> None:
        self._pa = pyarrow()
        self._folder = path if parts is not None else os.path.dirname(os.path.abspath(path))
        self._path, self._parts = path, parts
        self._fields = types or {}
        self._held_types = {name: self._held(field.type) for name, field in self._fields.items()}
        self._types = {name: field.type for name, field in self._fields.items() if self._held_types[name] is not None}
        self._seen: dict[str, Seen] = {}
        self._unchecked: dict[str, list[Any]] = {}
        self._waiting: IO[bytes] = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
        self.remarks: tuple[str, ...] = ()

    def write(self, record: Mapping[str, Any]) -> None:
        """Add a record."""
        _STORE.dump(record, self._waiting)
        for name, value in record.items():
            seen = self._seen.get(name)
            if seen is None:
                seen = self._seen[name] = Seen()
            seen.add(value)
            if name in self._types and not (isinstance(value, str) and self._is_text(name)):
                self._check(name, value)

    def _is_text(self, name: str) -> bool:
        types = self._pa.types
        return bool(types.is_string(self._types[name]) or types.is_large_string(self._types[name]))

    def _check(self, name: str, value: Any) -> None:
        values = self._unchecked.setdefault(name, [])
        values.append(value)
        if len(values) >= CHECKED_ROWS:
            self._check_all(name)

    def _check_all(self, name: str) -> None:
        values = self._unchecked.pop(name, [])
        try:
            array = as_array(self._pa, values, self._types[name])
            if not are_same(values_of(self._pa, array), values):  # pyarrow makes 5 of 5.5, and letters of a text
                raise TypeError(f"{name} has values that its type has not")
            if self._is_another(name):  # some of its values may not fit the type that it has in a file
                self._pa.parquet.write_table(self._pa.table({name: array}), io.BytesIO())
        except (self._pa.ArrowException, ValueError, TypeError, OverflowError, AttributeError):
            del self._types[name]

    def close(self) -> None:
        """Write the file."""
        for name in list(self._unchecked):
            self._check_all(name)
        schema = self._pa.schema([self._field(name) for name in self._seen])
        files = PartFiles(self._path, self._parts, lambda path: self._open(path, schema))
        with self._waiting:
            for rows, size in self._groups():
                files.of(size).write_table(self._table(rows, schema))
        files.finish()

    def _held(self, kind: Any) -> Any:
        """Return the type that a column of this one has in a file; None where it cannot be written.

        Parquet has no intervals, runs, or views in lists of structs; and no seconds, of which it makes milliseconds.
        """
        if _views_in_lists_of_structs(self._pa, kind):
            return None
        file = io.BytesIO()
        try:
            with self._pa.parquet.ParquetWriter(file, self._pa.schema([("value", kind)])):
                pass
        except self._pa.ArrowNotImplementedError:
            return None
        return self._pa.parquet.read_schema(file).field(0).type

    def _is_another(self, name: str) -> bool:
        """Tell whether a column of the input has another type in a file, or cannot be written as it is."""
        return name in self._fields and self._held_types[name] != self._fields[name].type

    def _open(self, path: str, schema: Any) -> Any:
        return self._pa.parquet.ParquetWriter(path, schema, compression="zstd")

    def _field(self, name: str) -> Any:
        extension = extension_of(self._fields[name]) if name in self._types else None
        return self._pa.field(name, self._type(name), metadata=extension)

    def _type(self, name: str) -> Any:
        kind, why = (self._types[name], None) if name in self._types else self._seen[name].type(self._pa)
        if self._is_another(name):
            asked, written = self._fields[name].type, self._held_types[name] if name in self._types else kind
            self.remarks += (f"column {name!r} is {asked}, which Parquet has not: written as {written}",)
        if why:
            self.remarks += (f"column {name!r} has {why}: written as JSON text",)
        return kind

    def _groups(self) -> Iterator[tuple[list[Mapping[str, Any]], int]]:
        """Yield the rows of a group, and their size in bytes as they wait."""
        self._waiting.seek(0)
        most = GROUP_BYTES if self._parts is None else min(GROUP_BYTES, self._parts.size)
        rows: list[Mapping[str, Any]] = []
        begun = place = 0
        for record in _STORE.load_all(self._waiting):
            rows.append(record)
            place = self._waiting.tell()
            if len(rows) >= GROUP_ROWS or place - begun >= most:
                yield rows, place - begun
                rows, begun = [], place
        if rows:
            yield rows, place - begun

    def _table(self, rows: list[Mapping[str, Any]], schema: Any) -> Any:
        columns = []
        for field in schema:
            values = [row.get(field.name) for row in rows]
            if field.name not in self._types or self._is_text(field.name):
                values = [fitted(self._pa, value, field.type) for value in values]
            columns.append(as_array(self._pa, values, field.type))
        return self._pa.table(columns, schema=schema)

    def discard(self) -> None:
        """Give up: remove what was written."""
        self._waiting.close()


def _views_in_lists_of_structs(pa: Any, kind: Any) -> bool:
    """Tell whether there are some, which pyarrow cannot cut into pages: "Slicing not implemented for StringView"."""
    if is_list(pa, kind) and pa.types.is_struct(kind.value_type):
        inside = str(kind.value_type)
        if "string_view" in inside or "binary_view" in inside:
            return True
    return any(_views_in_lists_of_structs(pa, kind.field(number).type) for number in range(kind.num_fields))


class ArrowWriter(ParquetWriter):
    """Writes Arrow's IPC format, which is Feather, too."""

    def _held(self, kind: Any) -> Any:
        return kind

    def _open(self, path: str, schema: Any) -> Any:
        return self._pa.ipc.new_file(path, schema, options=self._pa.ipc.IpcWriteOptions(compression="zstd"))
