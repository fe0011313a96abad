"""Columns of Arrow whose rows share memory: dictionaries and views, of which a few rows hold what all rows have.

A row of such a column is counted by its own values, and leaves the table with these alone.
"""

from __future__ import annotations

from typing import Any

from cleaner.corpus.arrow_arrays import as_array
from cleaner.corpus.arrow_values import is_list, values_of

_OFFSET_BYTES = 8


class Sharing:
    """The columns of a schema whose rows share memory."""

    def __init__(self, pa: Any, schema: Any) -> None:
        self._pa = pa
        self._own = pa.schema([field.with_type(_alone(pa, field.type)) for field in schema])
        self._shared = [
            n for n, (kind, own) in enumerate(zip(schema.types, self._own.types, strict=True)) if kind != own
        ]

    def size(self, batch: Any) -> int:
        """Return the bytes of a record batch where each row has its values for itself."""
        if not self._shared:
            return int(batch.nbytes)
        return sum(_size(self._pa, column) for column in batch.columns)

    def by_itself(self, batch: Any) -> Any:
        """Return a record batch whose columns hold the values of its rows and no others."""
        if not self._shared:
            return batch
        columns = batch.columns
        for n in self._shared:
            columns[n] = _copied(self._pa, columns[n], self._own.types[n])
        return self._pa.record_batch(columns, self._own)


def has_dictionary(pa: Any, kind: Any) -> bool:
    """Tell whether a type is a dictionary or has one inside."""
    inside = (kind.field(n).type for n in range(kind.num_fields))
    return bool(pa.types.is_dictionary(kind)) or any(has_dictionary(pa, one) for one in inside)


def _is_view(pa: Any, kind: Any) -> bool:
    return bool(pa.types.is_string_view(kind) or pa.types.is_binary_view(kind))


def _is_list_view(pa: Any, kind: Any) -> bool:
    return bool(pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind))


def _is_text(pa: Any, kind: Any) -> bool:
    types = pa.types
    plain = types.is_string(kind) or types.is_binary(kind) or types.is_large_string(kind) or types.is_large_binary(kind)
    return bool(plain) or _is_view(pa, kind)


def _alone(pa: Any, kind: Any) -> Any:
    """Return the type of the same values that share nothing."""
    types = pa.types
    if types.is_dictionary(kind):
        return _alone(pa, kind.value_type) if _counted(pa, kind.value_type) else kind
    if _is_view(pa, kind):
        return pa.string() if types.is_string_view(kind) else pa.binary()
    if types.is_struct(kind):
        return pa.struct([field.with_type(_alone(pa, field.type)) for field in kind])
    if types.is_map(kind):
        return pa.map_(_alone(pa, kind.key_type), _alone(pa, kind.item_type), kind.keys_sorted)
    if not is_list(pa, kind):
        return kind
    inside = kind.value_field.with_type(_alone(pa, kind.value_type))
    if types.is_fixed_size_list(kind):
        return pa.list_(inside, kind.list_size)
    large = types.is_large_list(kind) or types.is_large_list_view(kind)
    return pa.large_list(inside) if large else pa.list_(inside)


def _counted(pa: Any, kind: Any) -> bool:
    """Tell whether a value of a dictionary has a size that is known without a look at each."""
    return _is_text(pa, kind) or pa.types.is_null(kind) or (pa.types.is_primitive(kind) or pa.types.is_decimal(kind))


def _copied(pa: Any, array: Any, kind: Any) -> Any:
    if not _has_list_view(pa, array.type):  # pyarrow 26 makes lists of their views that are not valid
        try:
            return array.cast(kind)
        except pa.ArrowNotImplementedError:  # 16 has no casts of views of texts
            pass
        except pa.ArrowIndexError:  # 26 looks up values of a dictionary inside null structs, and one may have none
            pass
    return as_array(pa, values_of(pa, array), kind)


def _has_list_view(pa: Any, kind: Any) -> bool:
    inside = (kind.field(n).type for n in range(kind.num_fields))
    return _is_list_view(pa, kind) or any(_has_list_view(pa, one) for one in inside)


def _size(pa: Any, array: Any) -> int:
    kind, types = array.type, pa.types
    if kind == _alone(pa, kind):
        return int(array.nbytes)
    if types.is_dictionary(kind):
        return _size_of_dictionary(pa, array)
    if _is_view(pa, kind):
        return _total(pa, _lengths(pa, array)) + _OFFSET_BYTES * len(array)
    if types.is_struct(kind):
        return sum(_size(pa, child) for child in array.flatten())
    if types.is_map(kind):
        first, last = array.offsets[0].as_py(), array.offsets[-1].as_py()
        inside = [array.keys.slice(first, last - first), array.items.slice(first, last - first)]
        return sum(_size(pa, child) for child in inside) + _OFFSET_BYTES * len(array)
    return _size(pa, array.flatten()) + _OFFSET_BYTES * len(array)


def _size_of_dictionary(pa: Any, array: Any) -> int:
    values = array.type.value_type
    if not _is_text(pa, values):
        return int(array.indices.nbytes) if pa.types.is_null(values) else len(array) * (values.bit_width + 7) // 8
    return _total(pa, _lengths(pa, array.dictionary).take(array.indices)) + _OFFSET_BYTES * len(array)


def _lengths(pa: Any, texts: Any) -> Any:
    """Return the bytes of each text; pyarrow has no such function for views, which begin with their length."""
    if not _is_view(pa, texts.type):
        return pa.compute.binary_length(texts)
    views = texts.buffers()[1]
    if not len(texts):
        return pa.array([], pa.int32())
    numbers = pa.Array.from_buffers(pa.int32(), views.size // 4, [None, views])
    places = pa.array(range(4 * texts.offset, 4 * (texts.offset + len(texts)), 4), pa.int64())
    return pa.compute.if_else(texts.is_valid(), numbers.take(places), 0)


def _total(pa: Any, lengths: Any) -> int:
    return int(pa.compute.sum(lengths).as_py() or 0)
