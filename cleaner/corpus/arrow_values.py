"""Values of Arrow as Python has them, without a loss.

Python's times end at microseconds and its years at 9999: what is finer or farther is a text where Arrow reads that
back, and else the number that Arrow has for it.
"""

from __future__ import annotations

import os
from typing import Any

from cleaner.corpus.compression import open_as_it_is
from cleaner.errors import InputError
from cleaner.remote.address import is_address

Types = dict[str, Any]
"""Arrow fields by the name of the column: its type, and in its metadata the extension that pyarrow may not know."""


def pyarrow() -> Any:
    """Return pyarrow, or raise `InputError` saying how to install it."""
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError as error:
        raise InputError("Parquet needs pyarrow, and so does Arrow: pip install 'webtext-cleaner[parquet]'") from error
    return pyarrow


def opened(path: str) -> Any:
    """Return a file, open to be read: Arrow itself takes no name that is not UTF-8, and some names for URIs."""
    if is_address(path):
        return pyarrow().PythonFile(open_as_it_is(path), mode="r")
    return pyarrow().OSFile(os.fsencode(path))


def refuse_same_names(pa: Any, fields: Any, of: str = "its columns") -> None:
    """Raise `ArrowInvalid` where two fields have one name: a record has room for one of them alone."""
    names = [field.name for field in fields]
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise pa.ArrowInvalid(f"two of {of} are called {twice!r}; with another name for one of them it is read")
    for field in fields:
        inside = [field.type.field(number) for number in range(field.type.num_fields)]
        # Of a list, a map or a union each stands by itself.
        for together in [inside] if pa.types.is_struct(field.type) else [[one] for one in inside]:
            refuse_same_names(pa, together, f"the fields of {field.name!r}")


def rows_of(pa: Any, batch: Any) -> list[dict[str, Any]]:
    """Return the rows of a record batch."""
    columns = [values_of(pa, column) for column in batch.columns]
    names = batch.schema.names
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] or [{}] * batch.num_rows


def values_of(pa: Any, array: Any) -> list[Any]:
    """Return the values of an array."""
    kind, types = array.type, pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return values_of(pa, array.storage)
    if not needs_care(pa, kind):
        return list(array.to_pylist())
    if types.is_dictionary(kind):
        return values_of(pa, array.dictionary_decode())
    if types.is_run_end_encoded(kind):
        return values_of(pa, pa.compute.run_end_decode(array))
    if types.is_struct(kind):
        return _structs(pa, array)
    if types.is_map(kind):
        return _maps(pa, array)
    if types.is_interval(kind):  # of which Python has the months, days and nanoseconds, in a class that is not pickled
        return [value and tuple(value) for value in array.to_pylist()]
    return _lists(pa, array) if is_list(pa, kind) else _times(pa, array)


def is_list(pa: Any, kind: Any) -> bool:
    """Tell whether this is a type of lists; a map is none."""
    types = pa.types
    plain = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    return bool(plain or types.is_list_view(kind) or types.is_large_list_view(kind))


def _structs(pa: Any, array: Any) -> list[Any]:
    names = [field.name for field in array.type]
    rows = zip(*(values_of(pa, child) for child in array.flatten()), strict=True)
    there = array.is_valid().to_pylist()
    return [dict(zip(names, row, strict=True)) if valid else None for row, valid in zip(rows, there, strict=True)]


def _lists(pa: Any, array: Any) -> list[Any]:
    lengths = pa.compute.list_value_length(array).to_pylist()
    flat = iter(values_of(pa, array.flatten()))
    return [None if length is None else [next(flat) for _ in range(length)] for length in lengths]


def _maps(pa: Any, array: Any) -> list[Any]:
    pairs = pa.StructArray.from_arrays([array.keys, array.items], names=["key", "value"])
    lists = _lists(pa, pa.ListArray.from_arrays(array.offsets, pairs))
    there = array.is_valid().to_pylist()
    return [
        [(pair["key"], pair["value"]) for pair in value] if valid else None
        for value, valid in zip(lists, there, strict=True)
    ]


def _times(pa: Any, array: Any) -> list[Any]:
    kind = array.type
    fine = getattr(kind, "unit", "us") == "ns"
    try:
        values = list((array.cast(_in_microseconds(pa, kind), safe=False) if fine else array).to_pylist())
    except (ValueError, OverflowError, pa.ArrowException):  # a year that Python has not
        values = [_as_python(pa, value) for value in array]
    numbers = array.view(pa.int32() if kind.bit_width == 32 else pa.int64()).to_pylist()
    for n, number in enumerate(numbers):
        if number is not None and (values[n] is None or (fine and number % 1000)):
            values[n] = _as_text(pa, array[n], number)
    return values


def _as_python(pa: Any, value: Any) -> Any:
    try:
        return value.as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        return None


def _as_text(pa: Any, value: Any, number: int) -> str | int:
    """Return a time as text, in UTC where it has a zone (a local time of 1823 is off by seconds); or as its number."""
    kind = value.type
    zoned = pa.scalar(number, pa.timestamp(kind.unit, "UTC")) if getattr(kind, "tz", None) else value
    try:
        text = str(zoned.cast(pa.string()).as_py()).replace(" ", "T")
        return text if number_of(pa, text, kind) == number else number
    except (ValueError, pa.ArrowException):  # Arrow has no text for a duration, and reads no year past 9999
        return number


def number_of(pa: Any, text: str, kind: Any) -> int:
    """Return the number that Arrow has for a time that is written as text. Raises what pyarrow raises, `ValueError`."""
    if pa.types.is_time64(kind):  # for which Arrow has no cast
        hours, minutes, seconds = text.split(":")
        whole, _, rest = seconds.partition(".")
        return (int(hours) * 3600 + int(minutes) * 60 + int(whole)) * 10**9 + int(rest.ljust(9, "0"))
    return int(pa.scalar(text).cast(kind).value)


def needs_care(pa: Any, kind: Any) -> bool:
    """Tell whether this holds what Python has no equal of, or what pyarrow does not make of Python's values."""
    types = pa.types
    if types.is_dictionary(kind):
        return needs_care(pa, kind.value_type)
    if isinstance(kind, pa.BaseExtensionType) or types.is_run_end_encoded(kind):
        return True
    if kind.num_fields:
        return any(needs_care(pa, kind.field(n).type) for n in range(kind.num_fields))
    return bool(types.is_temporal(kind))


def _in_microseconds(pa: Any, kind: Any) -> Any:
    types = pa.types
    if types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if types.is_duration(kind) and kind.unit == "ns":
        return pa.duration("us")
    if types.is_time64(kind) and kind.unit == "ns":
        return pa.time64("us")
    return kind
