"""Arrow's IPC format, as a file (Feather, too) or a stream: a record a row. What is decoded at once is bounded."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from cleaner.corpus.apart import HERE_BYTES, chunks_apart
from cleaner.corpus.arrow_messages import MessageSize, is_file, message_sizes
from cleaner.corpus.arrow_values import opened, pyarrow, refuse_same_names
from cleaner.corpus.files import id_of
from cleaner.corpus.path_columns import columns_of_path
from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, unreadable
from cleaner.corpus.rows import DECODED_BYTES, NotReadError, RowsChunk, row_chunks
from cleaner.errors import what_it_says
from cleaner.values import MEGABYTE

# Rows of a batch that are looked at at once; they lie in the file, which is mapped.
_ROWS = 512


def read_arrow(path: str, names: FieldNames) -> Iterator[Chunk]:
    """Cut a file into chunks of rows. Memory: a chunk; of a compressed file a record batch and dictionaries, too.

    A file in which one of these is large is decoded in a process of its own.
    """
    if _largest(path) <= HERE_BYTES:
        yield from file_chunks(path, names)
        return
    first = 1
    try:
        for chunk in chunks_apart(file_chunks, path, names):
            yield chunk
            first += chunk.rows if isinstance(chunk, RowsChunk) else 1
    except NotReadError as error:
        place = f"{id_of(path)}:{first}"
        yield FailureChunk(unreadable(place, "RD108", f"{place}: the rows from here on are not read: {error}"))


def _largest(path: str) -> int:
    """Return the bytes of the largest message, decompressed, up to where the file is damaged."""
    largest = 0
    with contextlib.suppress(pyarrow().ArrowException, OSError, ValueError):
        for message in message_sizes(path):
            largest = max(largest, message.size)
    return largest


def file_chunks(path: str, names: FieldNames) -> Iterator[Chunk]:
    """Yield the rows of a file, decoded here."""
    pa = pyarrow()
    first = 1
    called, more = id_of(path), columns_of_path(path)
    try:
        with pa.memory_map(os.fsencode(path)) as source:
            for rows, batch in _batches(pa, source, path):
                if isinstance(batch, NotReadError):
                    place = f"{called}:{first}"
                    message = f"{place}: the rows to {first + rows - 1:,} are not read: {batch}"
                    yield FailureChunk(unreadable(place, "RD108", message))
                else:
                    small = (batch.slice(start, _ROWS) for start in range(0, rows, _ROWS))
                    yield from row_chunks(small, called, names, first=first, more=more)
                first += rows
    except (pa.ArrowException, OSError, ValueError) as error:
        place = f"{called}:{first}"
        said = what_it_says(error)
        message = f"{called}: {said}" if first == 1 else f"{place}: {said}; the rows before it were read"
        yield FailureChunk(unreadable(place, "RD108", " ".join(message.split())))


def _batches(pa: Any, source: Any, path: str) -> Iterator[tuple[int, Any]]:
    """Yield the record batches with their numbers of rows; a `NotReadError` for one that would take too much memory.

    Raises it where nothing more can be read: a stream is decompressed in order, and its dictionaries are first.
    """
    reader = _reader(pa, source)
    refuse_same_names(pa, reader.schema)
    whole = hasattr(reader, "num_record_batches")
    dictionaries = number = 0
    for message in message_sizes(path):
        taken = dictionaries + message.size
        error = _too_large(message, taken) if taken > DECODED_BYTES else None
        if error and not (whole and message.is_batch):
            raise error
        if message.is_batch:
            yield message.rows, error or (reader.get_batch(number) if whole else reader.read_next_batch())
            number += 1
        else:
            dictionaries = taken


def _too_large(message: MessageSize, taken: int) -> NotReadError:
    what = f"a batch of {message.rows:,} rows" if message.is_batch else "a dictionary"
    return NotReadError(
        f"{what} takes {taken / MEGABYTE:,.0f} MB when it is decompressed, the limit is "
        f"{DECODED_BYTES / MEGABYTE:,.0f} MB; written in smaller batches, or without compression, it is read"
    )


def _reader(pa: Any, source: Any) -> Any:
    return pa.ipc.open_file(source) if is_file(source) else pa.ipc.open_stream(source)


def arrow_schema(path: str) -> Any:
    """Return the schema of a file. Raises what pyarrow raises."""
    with opened(path) as source:
        return _reader(pyarrow(), source).schema
