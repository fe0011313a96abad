"""Parquet: a record a row; all other columns keep their values and types. What is decoded at once is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from cleaner.corpus.apart import HERE_BYTES, chunks_apart
from cleaner.corpus.arrow_sharing import has_dictionary
from cleaner.corpus.arrow_values import opened, pyarrow, refuse_same_names
from cleaner.corpus.files import id_of
from cleaner.corpus.parquet_pages import page_sizes
from cleaner.corpus.path_columns import columns_of_path
from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, unreadable
from cleaner.corpus.rows import DECODED_BYTES, NotReadError, RowsChunk, row_chunks
from cleaner.errors import what_it_says
from cleaner.values import MEGABYTE

# What one batch may take when it is decoded, as far as the headers of the pages tell.
BATCH_BYTES = 128 * MEGABYTE

# The most that the pages of all columns may take which are decompressed at the same time, the largest of each and its
# dictionary: 6 columns of pages of 900 MB took 5.4 GB.
PAGES_BYTES = 2 * DECODED_BYTES

# Rows of one batch. A small batch costs nothing (30 µs), but for dictionaries, which come with each: of large ones a
# batch has more rows, or copies would take the square of their size.
BATCH_ROWS, DICTIONARY_ROWS, DICTIONARY_BYTES = 32, 512, 16 * MEGABYTE

# In a row group of so many bytes beside its dictionaries all of them may stand in a few rows.
LARGE_GROUP_BYTES, LARGE_GROUP_ROWS = 512 * MEGABYTE, 4

# Lists of numbers that are so many times larger than their pages were made to be.
MOST_EXPANDED = 16

READ_BYTES = 1 << 20


class _Plan(NamedTuple):
    """How a row group is read: the rows of a batch, and the columns of texts in lists that keep their dictionary.

    `pages` are the bytes of the pages that are decompressed at the same time.
    """

    rows: int
    dictionaries: tuple[str, ...]
    pages: int


def read_parquet(path: str, names: FieldNames) -> Iterator[Chunk]:
    """Cut a file into chunks of rows. Memory: a batch, a page of each column, and a chunk.

    A row group whose pages take more than that of other formats is decoded in a process of its own.
    """
    pa = pyarrow()
    first = 1
    called = id_of(path)
    try:
        with opened(path) as source, pa.parquet.ParquetFile(source) as file:
            refuse_same_names(pa, file.schema_arrow)
            for number in range(file.metadata.num_row_groups):
                group = file.metadata.row_group(number)
                after = first + group.num_rows
                try:
                    plan = _plan(path, file, group)
                    todo = (path, number, plan.rows, plan.dictionaries, names, first)
                    for chunk in chunks_apart(group_chunks, *todo) if plan.pages > HERE_BYTES else group_chunks(*todo):
                        yield chunk
                        first += chunk.rows if isinstance(chunk, RowsChunk) else 1
                except NotReadError as error:
                    message = f"{called}:{first}: the rows to {after - 1:,} are not read: {error}"
                    yield FailureChunk(unreadable(f"{called}:{first}", "RD108", message))
                first = after
    except (pa.ArrowException, OSError) as error:
        place = f"{called}:{first}"
        said = what_it_says(error)
        message = f"{called}: {said}" if first == 1 else f"{place}: {said}; the rows before it were read"
        yield FailureChunk(unreadable(place, "RD108", " ".join(message.split())))


def group_chunks(
    path: str, number: int, rows: int, dictionaries: tuple[str, ...], names: FieldNames, first: int
) -> Iterator[Chunk]:
    """Yield the rows of a row group, decoded by so many; those columns keep their dictionaries meanwhile.

    The first row of the group has the number `first` in its file.
    """
    batches = _batches(pyarrow(), path, number, rows, dictionaries)
    yield from row_chunks(batches, id_of(path), names, first=first, more=columns_of_path(path))


def parquet_schema(path: str) -> Any:
    """Return the schema of a file. Raises what pyarrow raises."""
    with opened(path) as source:
        return pyarrow().parquet.read_schema(source)


def _plan(path: str, file: Any, group: Any) -> _Plan:
    """Return how to read a row group within bounds. Raises `NotReadError` where that cannot be."""
    pa = pyarrow()
    kept = []
    whole = 0  # bytes of the dictionaries that stay such in a batch
    wide = 0  # bytes that a row can get from dictionaries and from columns of a fixed width
    pages = 0  # bytes of the pages that are decompressed at the same time
    with open(path, "rb") as stream:
        for number in range(group.num_columns):
            column, described = group.column(number), file.metadata.schema.column(number)
            sizes = page_sizes(stream, column)
            if sizes.largest > DECODED_BYTES:
                raise NotReadError(
                    f"a page of {column.path_in_schema!r} has {sizes.largest / MEGABYTE:,.0f} MB, "
                    f"the limit is {DECODED_BYTES / MEGABYTE:,.0f} MB"
                )
            pages += sizes.largest + sizes.dictionary
            if pages > PAGES_BYTES:
                raise NotReadError(
                    f"the pages of {number + 1:,} columns that are read together have {pages / MEGABYTE:,.0f} MB, "
                    f"the limit is {PAGES_BYTES / MEGABYTE:,.0f} MB"
                )
            width = sizes.dictionary if column.physical_type == "BYTE_ARRAY" else max(described.length, 8)
            if described.max_repetition_level == 0 and _is_dictionary(pa, file.schema_arrow, column.path_in_schema):
                whole += sizes.dictionary
            elif described.max_repetition_level == 0:
                wide += width
            elif (all_ := column.num_values * width) > BATCH_BYTES:
                if column.physical_type == "BYTE_ARRAY":
                    kept.append(column.path_in_schema)
                    whole += sizes.dictionary
                elif all_ > DECODED_BYTES and all_ > MOST_EXPANDED * column.total_uncompressed_size:
                    raise NotReadError(
                        f"the lists in {column.path_in_schema!r} have {column.num_values:,} values, which take "
                        f"{all_ / MEGABYTE:,.0f} MB"
                    )
    rows = BATCH_ROWS
    if kept or any(has_dictionary(pa, field.type) for field in file.schema_arrow):
        rows = DICTIONARY_ROWS * max(1, whole // DICTIONARY_BYTES)
    if group.total_byte_size - whole > LARGE_GROUP_BYTES:
        rows = LARGE_GROUP_ROWS
    return _Plan(max(1, min(rows, BATCH_BYTES // max(wide, 1))), tuple(kept), pages)


def _is_dictionary(pa: Any, schema: Any, path: str) -> bool:
    """Tell whether a column, which stands in no list, is a dictionary by the schema of Arrow."""
    name, *inside = path.split(".")
    if name not in schema.names:
        return False
    kind = schema.field(name).type
    for name in inside:
        if not pa.types.is_struct(kind) or kind.get_field_index(name) < 0:
            return False
        kind = kind.field(name).type
    return bool(pa.types.is_dictionary(kind))


def _batches(pa: Any, path: str, number: int, rows: int, kept: tuple[str, ...]) -> Iterator[Any]:
    with (
        opened(path) as source,
        pa.parquet.ParquetFile(source, buffer_size=READ_BYTES, read_dictionary=kept) as file,
    ):
        yield from file.iter_batches(batch_size=rows, row_groups=[number], use_threads=False)
