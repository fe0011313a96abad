"""Values of Python as an Arrow array of a type that is given: what `arrow_values` makes of an array, back again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from itertools import accumulate, chain
from typing import Any

from cleaner.corpus.arrow_values import is_list, needs_care, number_of


def as_array(pa: Any, values: list[Any], kind: Any) -> Any:
    """Return values as an array of this type. Raises what pyarrow raises, and `TypeError`, where they are of another.

    What pyarrow cannot make itself is put together from its parts.
    """
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, as_array(pa, values, kind.storage_type))
    if types.is_dictionary(kind):
        return as_array(pa, values, kind.value_type).dictionary_encode().cast(kind)
    if not needs_care(pa, kind):
        return pa.array(values, type=kind)
    if types.is_run_end_encoded(kind):
        return pa.compute.run_end_encode(as_array(pa, values, kind.value_type), run_end_type=kind.run_end_type)
    if types.is_struct(kind):
        return _structs(pa, values, kind)
    if types.is_map(kind):
        return _maps(pa, values, kind)
    if is_list(pa, kind):
        return _lists(pa, values, kind)
    if types.is_interval(kind):
        return pa.array([value if value is None else tuple(value) for value in values], type=kind)
    return pa.array([number_of(pa, value, kind) if isinstance(value, str) else value for value in values], type=kind)


def are_same(found: Any, given: Any) -> bool:
    """Tell whether what an array has is what was given for it; a time may have come as its text or number.

    >>> are_same([1, {"a": None}], [1.0, {}]), are_same(1, 1.5), are_same({"a": None}, {"b": 1}), are_same(["a"], "a")
    (True, False, False, False)
    """
    if found == given:
        return True
    if isinstance(found, list | tuple) and isinstance(given, list | tuple):
        return len(found) == len(given) and all(map(are_same, found, given))
    if isinstance(found, Mapping) and isinstance(given, Mapping):
        return given.keys() <= found.keys() and all(are_same(value, given.get(name)) for name, value in found.items())
    if isinstance(found, float) and isinstance(given, float):
        return found != found and given != given
    if isinstance(found, bytes) and isinstance(given, str):
        return found == given.encode()
    return isinstance(found, date | time | timedelta) and isinstance(given, str | int)


def _structs(pa: Any, values: list[Any], kind: Any) -> Any:
    _all_are(values, Mapping)
    children = [
        as_array(pa, [None if value is None else value.get(field.name) for value in values], field.type)
        for field in kind
    ]
    missing = pa.array([value is None for value in values], pa.bool_())
    return pa.StructArray.from_arrays(children, fields=list(kind), mask=missing)


def _maps(pa: Any, values: list[Any], kind: Any) -> Any:
    _all_are(values, list)
    pairs = list(chain.from_iterable(value or () for value in values))
    keys = as_array(pa, [key for key, _ in pairs], kind.key_type)
    items = as_array(pa, [item for _, item in pairs], kind.item_type)
    return pa.MapArray.from_arrays(_offsets(pa, values, pa.int32()), keys, items, type=kind)


def _lists(pa: Any, values: list[Any], kind: Any) -> Any:
    _all_are(values, list)
    types = pa.types
    if types.is_fixed_size_list(kind):
        filled = [[None] * kind.list_size if value is None else value for value in values]
        inside = as_array(pa, list(chain.from_iterable(filled)), kind.value_type)
        missing = pa.array([value is None for value in values], pa.bool_())
        return pa.FixedSizeListArray.from_arrays(inside, type=kind, mask=missing)
    inside = as_array(pa, list(chain.from_iterable(value or () for value in values)), kind.value_type)
    if types.is_list(kind):
        return pa.ListArray.from_arrays(_offsets(pa, values, pa.int32()), inside, type=kind)
    if types.is_large_list(kind):
        return pa.LargeListArray.from_arrays(_offsets(pa, values, pa.int64()), inside, type=kind)
    large = types.is_large_list_view(kind)
    offsets = _offsets(pa, values, pa.int64() if large else pa.int32())
    sizes = pa.array([len(value or ()) for value in values], offsets.type)
    view = pa.LargeListViewArray if large else pa.ListViewArray
    return view.from_arrays(offsets[:-1], sizes, inside, type=kind)


def _offsets(pa: Any, values: list[Any], kind: Any) -> Any:
    """Return where each list begins among the elements of all, null for none, and where the last one ends."""
    ends = list(accumulate((len(value or ()) for value in values), initial=0))
    begins = [None if value is None else begin for value, begin in zip(values, ends, strict=False)]
    return pa.array([*begins, ends[-1]], kind)


def _all_are(values: list[Any], cls: type) -> None:
    """Raise `TypeError` where there is something else than such values and None."""
    other = next((value for value in values if value is not None and not isinstance(value, cls)), None)
    if other is not None:
        raise TypeError(f"{type(other).__name__} is no {cls.__name__}")
