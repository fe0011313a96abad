"""Arrow's IPC format, as a file (Feather, too) or a stream: a record a row."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from cleaner.corpus.arrow_values import pyarrow
from cleaner.corpus.files import id_of
from cleaner.corpus.path_columns import columns_of_path
from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, unreadable
from cleaner.corpus.rows import row_chunks

FILE_MAGIC = b"ARROW1"

# Rows of a batch that are looked at at once; they lie in the file, which is mapped.
_ROWS = 512


def read_arrow(path: str, names: FieldNames) -> Iterator[Chunk]:
    """Cut a file into chunks of rows. Memory: a chunk, and a record batch where it is compressed."""
    pa = pyarrow()
    first = 1
    called, more = id_of(path), columns_of_path(path)
    try:
        with pa.memory_map(os.fsencode(path)) as source:
            for batch in _batches(pa, source):
                small = (batch.slice(start, _ROWS) for start in range(0, batch.num_rows, _ROWS))
                yield from row_chunks(small, called, names, first=first, more=more)
                first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        place = f"{called}:{first}"
        message = f"{called}: {error}" if first == 1 else f"{place}: {error}; the rows before it were read"
        yield FailureChunk(unreadable(place, "RD108", " ".join(message.split())))


def _batches(pa: Any, source: Any) -> Iterator[Any]:
    reader = _reader(pa, source)
    if hasattr(reader, "num_record_batches"):
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number)
    else:
        yield from reader


def _reader(pa: Any, source: Any) -> Any:
    start = source.read(len(FILE_MAGIC))
    source.seek(0)
    return pa.ipc.open_file(source) if start == FILE_MAGIC else pa.ipc.open_stream(source)


def arrow_schema(path: str) -> Any:
    """Return the schema of a file. Raises what pyarrow raises."""
    pa = pyarrow()
    with pa.memory_map(os.fsencode(path)) as source:
        return _reader(pa, source).schema
