"""The formats: for each its endings, how it is read, how it is written, and whether `check` may mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cleaner.corpus.arrow_messages import FILE_MAGIC
from cleaner.corpus.compression import compression_of
from cleaner.corpus.csv import CsvWriter, read_csv
from cleaner.corpus.json_array import holds_records, read_json
from cleaner.corpus.jsonl import read_jsonl
from cleaner.corpus.record import Chunk, FieldNames
from cleaner.remote.address import named


class Format(NamedTuple):
    """A format by its endings, each of which may be followed by that of a compression.

    `read` cuts an open, decompressed file into chunks, by its path and the names of the fields. One with
    `needs_file` is given no stream and opens the path itself. A format without `read` is a document a file, a page
    where `page` is set. `write` makes a writer of the path to write to, which is put in the place of the output
    later, of the output's name, of the types of the input's columns, and of `Parts` where the path is a folder of
    those; `packs` says that it compresses by the output's ending. `schema` tells those types of a file whose
    columns have some. `begins` is how it begins, for standard input; `holds` tells by its first bytes, and by where
    records are, whether a file of these endings has any, where others have none. `mended` says that `check --fix`
    may rewrite it: each item of its chunks then has its `raw`. `sized` says that the bytes of its chunks add up to
    those of the file. One that `unpacks` is given the file as it is, compressed. `not_this` is the code of a file
    that is something else.
    """

    name: str
    called: str
    endings: tuple[str, ...]
    read: Callable[[BinaryIO, str, FieldNames], Iterator[Chunk]] | None = None
    write: Callable[..., Any] | None = None
    schema: Callable[[str], Any] | None = None
    page: bool = False
    needs_file: bool = False
    packs: bool = False
    begins: bytes | None = None
    holds: Callable[[bytes, str], bool] | None = None
    mended: bool = False
    checked: bool = True
    sized: bool = True
    unpacks: bool = False
    not_this: str = "RD103"


# Most runs read and write lines of JSON: what the others need is loaded where it is used.
def _parquet(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Chunk]:
    from cleaner.corpus.parquet import read_parquet

    return read_parquet(path, names)


def _parquet_schema(path: str) -> Any:
    from cleaner.corpus.parquet import parquet_schema

    return parquet_schema(path)


def _parquet_writer(*given: Any) -> Any:
    from cleaner.corpus.table_out import ParquetWriter

    return ParquetWriter(*given)


def _arrow(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Chunk]:
    from cleaner.corpus.arrow import read_arrow

    return read_arrow(path, names)


def _arrow_schema(path: str) -> Any:
    from cleaner.corpus.arrow import arrow_schema

    return arrow_schema(path)


def _arrow_writer(*given: Any) -> Any:
    from cleaner.corpus.table_out import ArrowWriter

    return ArrowWriter(*given)


def _warc(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Chunk]:
    from cleaner.corpus.warc import read_warc

    return read_warc(stream, path, names)


JSONL = "jsonl"

read_tsv = partial(read_csv, delimiter="\t")
TsvWriter = partial(CsvWriter, delimiter="\t")

FORMATS = (
    Format("text", "text", (".txt", ".text", ".md", ".markdown"), mended=True),
    Format("page", "HTML", (".html", ".htm", ".xhtml"), page=True),
    # A run's corpus is JSON lines while it grows, so that no writer is needed.
    Format(JSONL, "JSONL", (".jsonl", ".ndjson"), read_jsonl, packs=True, mended=True),
    Format("json", "JSON", (".json",), read_json, holds=holds_records, mended=True),
    Format("csv", "CSV", (".csv",), read_csv, CsvWriter, packs=True, mended=True, not_this="RD115"),
    Format("tsv", "TSV", (".tsv",), read_tsv, TsvWriter, packs=True, mended=True, not_this="RD115"),
    Format(
        "parquet",
        "Parquet",
        (".parquet", ".pq"),
        _parquet,
        _parquet_writer,
        _parquet_schema,
        needs_file=True,
        begins=b"PAR1",
        sized=False,
        not_this="RD108",
    ),
    Format(
        "arrow",
        "Arrow",
        (".arrow", ".arrows", ".feather", ".ipc"),
        _arrow,
        _arrow_writer,
        _arrow_schema,
        needs_file=True,
        begins=FILE_MAGIC,
        sized=False,
        not_this="RD108",
    ),
    Format(
        "warc",
        "WARC",
        (".warc", ".wet", ".arc"),
        _warc,
        begins=b"WARC/",
        checked=False,
        sized=False,
        unpacks=True,
    ),
)

_BY_ENDING = {ending: format for format in FORMATS for ending in format.endings}
_BY_NAME = {format.name: format for format in FORMATS}


def format_at(path: str | Path) -> Format | None:
    """Return the format by the ending, a compression's before it; None for an unknown one."""
    name = Path(named(str(path)))
    if compression_of(name):
        name = name.with_suffix("")
    return _BY_ENDING.get(name.suffix.lower())


def format_named(name: str) -> Format:
    """Return the format of this name."""
    return _BY_NAME[name]


def writable() -> tuple[Format, ...]:
    """Return the formats in which a corpus is one file."""
    return tuple(format for format in FORMATS if format.write is not None or format.name == JSONL)
