"""A cleaned corpus back to the texts that came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cleaner.corpus.compression import open_read
from cleaner.corpus.inputs import format_of
from cleaner.corpus.ledger_file import Undoer, UndoError
from cleaner.corpus.output import check_apart, check_output, writer
from cleaner.corpus.parquet import ROWS, pyarrow
from cleaner.errors import InputError


def undo_file(cleaned: str, ledger: str, out: str) -> int:
    """Write the records of a corpus with their texts as they came in; give how many.

    Raises `InputError` for a corpus that is neither JSONL nor Parquet, `UndoError` for a text that the ledger
    does not know.
    """
    check_apart({"the undone corpus": out}, {"the corpus": cleaned, "the ledger": ledger})
    check_output(out)
    take_back = Undoer(ledger)
    target = writer(out)
    number = 0
    try:
        for record in _records(cleaned):
            target.write(take_back(record))
            number += 1
    except BaseException:
        target.discard()
        raise
    target.close()
    return number


def _records(path: str) -> Iterator[Mapping[str, Any]]:
    kind = format_of(path)
    if kind == "parquet":
        with pyarrow().parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS):
                yield from batch.to_pylist()
    elif kind == "jsonl":
        with open_read(path) as stream:
            for number, line in enumerate(stream, 1):
                try:
                    yield msgspec.json.decode(line, type=dict[str, Any])
                except msgspec.DecodeError as error:
                    raise UndoError(f"{path}:{number}: {error}") from error
    else:
        raise InputError(f"{path}: undo takes JSONL or Parquet, as `cleaner clean` wrote it")
