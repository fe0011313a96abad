"""Find the texts of a few documents in the files that a run wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from cleaner.corpus.arrow_values import pyarrow
from cleaner.corpus.compression import open_read
from cleaner.corpus.formats import format_at, writable
from cleaner.corpus.inputs import finished_records
from cleaner.corpus.parquet import BATCH_ROWS
from cleaner.corpus.record import id_text


def fetch_texts(paths: Iterable[str], ids: Collection[str]) -> dict[str, str]:
    """Return the texts of the documents with these ids, as far as the files have them; of equal ids the first.

    The files are as `cleaner clean` wrote them; folders are passed over. One pass that ends where
    the last was found; a line without one of the ids in it is not parsed.
    """
    texts: dict[str, str] = {}
    for path in paths:
        left = frozenset(ids) - texts.keys()
        if not left:
            break
        for record in _records(path, left):
            id_, text = id_text(record.get("id")), record.get("text")
            if id_ in left and isinstance(text, str):
                texts.setdefault(id_, text)
                if len(texts) == len(ids):
                    return texts
    return texts


def _records(path: str, ids: Collection[str]) -> Iterator[Mapping[str, Any]]:
    kind = format_at(path)
    if kind not in writable():
        return
    if kind.name == "jsonl":
        yield from _jsonl(path, ids)
    elif kind.name == "parquet":
        yield from _parquet(path)
    else:
        for record in finished_records(path):
            yield record.fields


def _jsonl(path: str, ids: Collection[str]) -> Iterator[Mapping[str, Any]]:
    # As the writer writes them; a number as an id stands without quotes.
    needles = [msgspec.json.encode(id_)[1:-1] for id_ in ids]
    with open_read(path) as stream:
        for line in stream:
            if any(needle in line for needle in needles):
                yield msgspec.json.decode(line, type=dict[str, Any])


def _parquet(path: str) -> Iterator[Mapping[str, Any]]:
    with pyarrow().parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=["id", "text"]):
            yield from batch.to_pylist()
