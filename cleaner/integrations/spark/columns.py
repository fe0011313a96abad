"""The columns of a frame: there, and of the type that they have to be."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import types as T

from cleaner.errors import InputError

LANGUAGES_TYPE = "array<struct<language:string,share:double>>"
"""Of the column `languages`, the parts of a text in several."""


def check_columns(df: DataFrame, *columns: str | None) -> None:
    """Raise `InputError` where the frame has no such column."""
    for column in columns:
        if column is not None and column not in df.columns:
            raise InputError(f"there is no column {column!r}; the columns are {', '.join(df.columns)}")


def check_text(df: DataFrame, column: str) -> None:
    """Raise `InputError` where the column does not hold text."""
    kind = df.schema[column].dataType
    if not isinstance(kind, T.StringType):
        raise InputError(f"column {column!r} is {kind.simpleString()}, not text")
