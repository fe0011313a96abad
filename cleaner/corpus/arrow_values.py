"""Values of Arrow as Python has them, without a loss, and back.

Python's times end at microseconds and its years at 9999: what is finer or farther is given as text, which Arrow reads.
"""

from __future__ import annotations

import os
from typing import Any

from cleaner.corpus.compression import open_as_it_is
from cleaner.errors import InputError
from cleaner.remote.address import is_address

Types = dict[str, Any]
"""Arrow types by the name of the column."""


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


def rows_of(pa: Any, batch: Any) -> list[dict[str, Any]]:
    """Return the rows of a record batch; of columns of one name the last counts."""
    columns = [values_of(pa, column) for column in batch.columns]
    names = batch.schema.names
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] or [{}] * batch.num_rows


def values_of(pa: Any, array: Any) -> list[Any]:
    """Return the values of an array."""
    kind, types = array.type, pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return values_of(pa, array.storage)
    if not _holds_times(pa, kind):
        return list(array.to_pylist())
    if types.is_dictionary(kind):
        return values_of(pa, array.dictionary_decode())
    if types.is_struct(kind):
        return _structs(pa, array)
    if types.is_map(kind):
        return _maps(pa, array)
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _lists(pa, array)
    return _times(pa, array)


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
        plain = array.cast(_in_microseconds(pa, kind), safe=False) if fine else array
        values = list(plain.to_pylist())
    except (ValueError, OverflowError, pa.ArrowException):  # a year that Python has not
        values = [None] * len(array)
        fine = True
    if not fine:
        return values
    numbers = array.cast(pa.int64()).to_pylist()
    lost = [n for n, number in enumerate(numbers) if number is not None and (values[n] is None or number % 1000)]
    if lost:
        texts = numbers if pa.types.is_duration(kind) else _in_utc(pa, array).cast(pa.string()).to_pylist()
        for n in lost:
            # Arrow's own texts end somewhere, too: "<value out of range: …>".
            readable = isinstance(texts[n], str) and "<" not in texts[n]
            values[n] = texts[n].replace(" ", "T") if readable else numbers[n]
    return values


def _in_utc(pa: Any, array: Any) -> Any:
    """Return times with a zone in UTC: a local time of 1823 is off by seconds, which its text does not say."""
    zone = getattr(array.type, "tz", None)
    return array.cast(pa.timestamp(array.type.unit, "UTC")) if zone else array


def _holds_times(pa: Any, kind: Any) -> bool:
    """Tell whether values of this type may be finer or farther than Python's, or are of an extension inside others."""
    types = pa.types
    if types.is_dictionary(kind):
        return _holds_times(pa, kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        return True
    if kind.num_fields:
        return any(_holds_times(pa, kind.field(n).type) for n in range(kind.num_fields))
    return bool(types.is_temporal(kind) and not types.is_interval(kind))


def _in_microseconds(pa: Any, kind: Any) -> Any:
    types = pa.types
    if types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if types.is_duration(kind) and kind.unit == "ns":
        return pa.duration("us")
    if types.is_time64(kind) and kind.unit == "ns":
        return pa.time64("us")
    return kind


def as_array(pa: Any, values: list[Any], kind: Any) -> Any:
    """Return values as an array of this type. Raises what pyarrow raises where they are of another."""
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, as_array(pa, values, kind.storage_type))
    if _holds_times(pa, kind):
        values = [_as_number(pa, value, kind) for value in values]
    if pa.types.is_dictionary(kind):
        return as_array(pa, values, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(values, type=kind)


def _as_number(pa: Any, value: Any, kind: Any) -> Any:
    """Return a time that is written as text as the number that Arrow has for it; all else as it is."""
    types = pa.types
    if value is None:
        return None
    if types.is_dictionary(kind):
        return _as_number(pa, value, kind.value_type)
    if types.is_struct(kind) and isinstance(value, dict):
        return {field.name: _as_number(pa, value.get(field.name), field.type) for field in kind}
    if types.is_map(kind):
        return [(_as_number(pa, k, kind.key_type), _as_number(pa, v, kind.item_type)) for k, v in value]
    if kind.num_fields and isinstance(value, list):
        return [_as_number(pa, item, kind.value_type) for item in value]
    if not isinstance(value, str) or not types.is_temporal(kind):
        return value
    if types.is_time64(kind):  # for which Arrow has no cast
        hours, minutes, seconds = value.split(":")
        whole, _, rest = seconds.partition(".")
        return (int(hours) * 3600 + int(minutes) * 60 + int(whole)) * 10**9 + int(rest.ljust(9, "0"))
    return pa.scalar(value).cast(kind).value
