"""Tables as records: DataFrames of pandas and polars, tables of Arrow and of Hugging Face's datasets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol


class Table(Protocol):
    """A table: a DataFrame of pandas or polars, a table of Arrow, a data set."""

    @property
    def shape(self) -> tuple[int, int]:
        """Return the number of rows and of columns."""
        ...


def rows(records: Any) -> Iterator[object]:
    """Return the records of a table, row by row, or those that are given as they are.

    What a table has no value for is None. Raises `TypeError`, with what was meant, for what is no series of records.
    """
    if isinstance(records, str | bytes | bytearray | Mapping):
        one = "record" if isinstance(records, Mapping) else "text"
        splits = " (of a DatasetDict, give one split)" if type(records).__name__ == "DatasetDict" else ""
        raise TypeError(
            f"clean_corpus() takes several records or texts: put the {one} in a list, or call clean(){splits}"
        )
    if isinstance(records, os.PathLike):
        raise TypeError(f"clean_corpus() takes records or texts; files are read by `cleaner clean {records}`")
    if hasattr(records, "iter_rows"):  # polars
        return iter(records.iter_rows(named=True))
    if hasattr(records, "itertuples"):  # pandas
        return _of_pandas(records)
    if hasattr(records, "to_batches"):  # a table or a data set of Arrow
        return _of_batches(records.to_batches())
    if hasattr(records, "to_pylist") and hasattr(records, "schema"):  # one batch of it
        return iter(records.to_pylist())
    if hasattr(records, "read_next_batch"):
        return _of_batches(records)
    if hasattr(records, "collect") and hasattr(records, "lazy"):
        raise TypeError("clean_corpus() takes a DataFrame: collect() the LazyFrame first")
    if not hasattr(records, "__iter__") and not hasattr(records, "__getitem__"):
        raise TypeError(f"clean_corpus() takes several records, texts or rows, not {type(records).__name__}")
    return iter(records)


def _of_pandas(frame: Any) -> Iterator[object]:
    names = [str(name) for name in frame.columns]
    whole = frame.astype(object).where(frame.notna(), None)
    for values in whole.itertuples(index=False, name=None):
        yield dict(zip(names, values, strict=True))


def _of_batches(batches: Iterable[Any]) -> Iterator[object]:
    for batch in batches:
        yield from batch.to_pylist()
