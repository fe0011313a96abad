"""Cleaning and sketching as functions from Arrow batches to Arrow batches, for any engine that has partitions.

Each takes an iterator of record batches and gives one, so that an engine can run it on a partition without knowing
more: Spark's `mapInArrow` as it is, Ray, Dask and Daft with a line around it. Each can be pickled.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, ClassVar

import pyarrow as pa

from cleaner.account.outcome import excluded_field
from cleaner.config import Config
from cleaner.corpus.arrow_values import is_list
from cleaner.corpus.record import LANGUAGES, FieldNames, Unreadable, from_fields, languages_field
from cleaner.dedup.sketch import Sketcher
from cleaner.document import Drop
from cleaner.pipeline import Pipeline, Result
from cleaner.runner.crash import crash

Batches = Iterator[pa.RecordBatch]

TIMEOUT_S = 30.0
"""After so long a row is given up."""

# Rows in a batch that is given, so that pages of 100 kB make batches of some megabytes, whatever came in.
ROWS = 64

EXCLUDED = pa.struct(
    {
        "code": pa.string(),
        "name": pa.string(),
        "message": pa.string(),
        "duplicate_of": pa.string(),
        "similarity": pa.float64(),
    }
)
ADDED = {
    "text": pa.string(),
    "title": pa.string(),
    "author": pa.string(),
    "date": pa.string(),
    "language": pa.string(),
    "language_score": pa.float64(),
    LANGUAGES: pa.list_(pa.struct({"language": pa.string(), "share": pa.float64()})),
    "excluded": EXCLUDED,
}
"""The columns that `Clean` gives each row, after the row's own; a column of that name is replaced, in its place."""

OWN_IF_ANY = ("title", "author", "date")
"""A row keeps what it has in these, as a record of a file does; a column of another type than text is left alone."""

TAGGED = ("language", "language_score", LANGUAGES)
"""What the rule `language` says; where it does not run, a column of these names stays as it is."""


class TimedOutError(BaseException):
    """A row took too long. Nothing on the way that catches an `Exception` may stop it."""


@dataclass(frozen=True, slots=True)
class Clean:
    """Clean the rows of a frame that has its texts in column `text`, or its pages in column `html`.

    Where a row has both, the text counts. A row that is not kept stays in the frame, as it came in, and `excluded` says
    why; it is null in rows that are kept. One row can cost one row: what takes longer than `timeout_s` is
    excluded as `RD111`, where the function runs in a process's main thread.
    """

    config: Config = field(default_factory=Config)
    text: str | None = None
    html: str | None = None
    url: str | None = None
    id: str | None = None
    timeout_s: float = TIMEOUT_S

    def __post_init__(self) -> None:
        """Refuse to clean nothing."""
        if self.text is None and self.html is None:
            raise ValueError("name the column that has the texts (text=) or the pages (html=)")

    def __call__(self, batches: Batches) -> Batches:
        """Yield the batches with the columns added, cut into smaller ones; an empty one as an empty one."""
        pipeline = self.config.pipeline()
        for batch in batches:
            for start in range(0, max(1, batch.num_rows), ROWS):
                yield self._cleaned(batch.slice(start, ROWS), pipeline)

    def replaced(self, names: Mapping[str, bool]) -> dict[str, pa.DataType]:
        """Return the columns that are new or replaced, for a frame with these.

        The flag says whether a column is of the type that it gets; what of `title`, `author`, `date` and `languages` is
        of another is somebody else's, and stays.
        """
        somebodys = {name for name in (*OWN_IF_ANY, LANGUAGES) if not names.get(name, True)}
        if not self._tags_language:
            somebodys |= {*TAGGED} & names.keys()
        return {name: kind for name, kind in ADDED.items() if name not in somebodys}

    @property
    def _tags_language(self) -> bool:
        return "LG101" in self.config.codes()

    def _cleaned(self, batch: pa.RecordBatch, pipeline: Pipeline) -> pa.RecordBatch:
        own = {field.name: _fits(field) for field in batch.schema}
        replaced = self.replaced(own)
        wanted = {self.text, self.html, self.url, self.id, *OWN_IF_ANY, "text"}
        columns = {name: batch.column(name).to_pylist() for name in own if name in wanted}
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        added = [self._row(row, pipeline) for row in rows]
        arrays = dict(zip(batch.schema.names, batch.columns, strict=True))
        for name, kind in replaced.items():
            arrays[name] = pa.array([row[name] for row in added], kind)
        return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    def _row(self, row: Mapping[str, Any], pipeline: Pipeline) -> dict[str, Any]:
        names = FieldNames(
            self.text or "text",
            self.html or "html",
            self.url or "url",
            self.id or "id",
            self.config.field_names().max_bytes,
        )
        wanted = [name for name in (self.text, self.html, self.url, self.id, *OWN_IF_ANY) if name is not None]
        own = {name: row[name] for name in wanted if row.get(name) is not None}
        record = from_fields(own, str(row.get(self.id or "") or "a row"), names)
        if isinstance(record, Unreadable):
            return _as_it_came(row, record.dropped)
        try:
            with _within(self.timeout_s):
                result = pipeline(record.document)
        except TimedOutError:
            return _as_it_came(row, Drop(f"took longer than {self.timeout_s:g} s", code="RD111"))
        except Exception as error:  # a mistake of ours must not cost the job
            return _as_it_came(row, crash(error))
        if result.dropped is not None:
            return _as_it_came(row, result.dropped)
        return self._kept(row, result)

    def _kept(self, row: Mapping[str, Any], result: Result) -> dict[str, Any]:
        known = {"title": result.title, **result.metadata}
        tags: dict[str, Any] = dict.fromkeys(TAGGED)
        if self._tags_language:
            tags = {"language": result.language, "language_score": round(result.language_score, 4)}
            tags[LANGUAGES] = languages_field(result.languages) or None
        return {
            "text": result.text,
            **{name: row.get(name) or known.get(name) for name in OWN_IF_ANY},
            **tags,
            "excluded": None,
        }


def _as_it_came(row: Mapping[str, Any], dropped: Drop) -> dict[str, Any]:
    own = {name: row.get(name) for name in ("text", *OWN_IF_ANY)}
    if not isinstance(own["text"], str):
        own["text"] = None
    field = excluded_field(dropped)
    excluded = {name: field[name] for name in EXCLUDED.names}
    return {**own, **dict.fromkeys(TAGGED), "excluded": excluded}


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise `TimedOutError` in the block when it takes longer; signals reach a main thread alone."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_: object) -> None:
        raise TimedOutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True, slots=True)
class Sketch:
    """Make of each text of column `text` what the near-duplicate stage compares; other columns stay, `text` goes.

    `digest` is equal for equal sequences of words, `shingles` are sorted little-endian 64-bit integers and `size`
    is their number, and two texts are to be compared where they share one of `bands`.
    """

    sketcher: Sketcher
    text: str = "text"

    ADDED: ClassVar[Mapping[str, pa.DataType]] = {
        "digest": pa.binary(),
        "shingles": pa.binary(),
        "size": pa.int64(),
        "bands": pa.list_(pa.int64()),
        "anchors": pa.list_(pa.int64()),
    }

    def __call__(self, batches: Batches) -> Batches:
        """Yield the batches with the sketches."""
        for batch in batches:
            for start in range(0, batch.num_rows, ROWS):
                yield self._sketched(batch.slice(start, ROWS))

    def _sketched(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        sketches = self.sketcher.batch(batch.column(self.text).to_pylist())
        arrays = {name: batch.column(name) for name in batch.schema.names if name != self.text}
        arrays["digest"] = pa.array([sketch.exact for sketch in sketches], pa.binary())
        arrays["shingles"] = pa.array([sketch.shingles for sketch in sketches], pa.binary())
        arrays["size"] = pa.array([sketch.size for sketch in sketches], pa.int64())
        arrays["bands"] = _lists([sketch.bands for sketch in sketches])
        arrays["anchors"] = _lists([sketch.anchors for sketch in sketches])
        return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))


def _lists(keys: list[bytes]) -> pa.ListArray:
    """Return 64-bit keys as a column of lists."""
    values = pa.Array.from_buffers(pa.int64(), sum(map(len, keys)) // 8, [None, pa.py_buffer(b"".join(keys))])
    offsets = pa.array(accumulate((len(some) // 8 for some in keys), initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, values)


def _fits(field: pa.Field) -> bool:
    """Tell whether a column is of the type that `Clean` gives one of its name, of whatever width, or has nothing."""
    kind = field.type
    if pa.types.is_null(kind):
        return True
    if field.name == LANGUAGES:
        of_structs = is_list(pa, kind) and pa.types.is_struct(kind.value_type)
        return of_structs and {one.name for one in kind.value_type} == {"language", "share"}
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
