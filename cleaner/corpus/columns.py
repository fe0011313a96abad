"""Which Arrow type a column gets that was seen value by value, and how values are made to fit it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

# Integers up to here are exact as a double.
_EXACT = 1 << 53

# Objects with more names than this are dictionaries of somebody's data, and no struct.
MOST_NAMES = 500

_DECIMAL_DIGITS = 76

# Lists and objects in each other. Parquet is read with 100 levels at most, of which a list takes two; what is nested
# 500 deep cannot even be sent from a worker.
MOST_LEVELS = 32

_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "booleans"),
    (int, "integers"),
    (float, "floats"),
    (str, "texts"),
    (bytes, "bytes"),
    (datetime.datetime, "times"),
    (datetime.date, "dates"),
    (datetime.time, "times of day"),
    (datetime.timedelta, "durations"),
    (Decimal, "decimals"),
    (list, "lists"),
    (tuple, "lists"),
    (Mapping, "objects"),
)
_BY_TYPE = dict(_KINDS)


def as_text(value: Any) -> str | None:
    """Return a value as text: a text as it is, all else as JSON; None stays.

    >>> as_text("a"), as_text({"a": [1]}), as_text(2**70)
    ('a', '{"a":[1]}', '1180591620717411303424')
    """
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half a pair of surrogates is no text
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, ValueError, OverflowError):  # a value that JSON does not know, out of Parquet
        return str(value)


def shallow(value: Any) -> Any:
    """Return a value as it is, or as JSON where it is nested more deeply than `MOST_LEVELS`, for which no table is.

    >>> shallow([[1]]), shallow({"a": 1})
    ([[1]], {'a': 1})
    """
    return as_text(value) if _deeper(value, MOST_LEVELS) else value


def _deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, Mapping | list | tuple):
        return False
    inside = value.values() if isinstance(value, Mapping) else value
    return levels == 0 or any(_deeper(item, levels - 1) for item in inside)


class Seen:
    """What kinds of values a column has had so far, and what those inside its lists and objects."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self._low = self._high = 0
        self._zones: set[bool] = set()
        self._whole = self._scale = 0
        self._items: Seen | None = None
        self._fields: dict[str, Seen] = {}
        self._empty = False  # whether there was an object with nothing in it

    def add(self, value: Any) -> None:
        """Take one more value."""
        if value is None:
            return
        kind = _BY_TYPE.get(type(value)) or next((name for cls, name in _KINDS if isinstance(value, cls)), "others")
        self.kinds.add(kind)
        if kind == "integers":
            self._low, self._high = min(self._low, value), max(self._high, value)
        elif kind in ("times", "times of day"):
            self._zones.add(value.tzinfo is not None)
        elif kind == "decimals":
            self._add_decimal(value)
        elif kind == "lists":
            self._items = self._items or Seen()
            for item in value:
                self._items.add(item)
        elif kind == "objects" and len(self._fields) <= MOST_NAMES:
            self._empty = self._empty or not value
            for name, item in value.items():
                self._fields.setdefault(str(name), Seen()).add(item)

    def _add_decimal(self, value: Decimal) -> None:
        _, digits, exponent = value.as_tuple()
        if not isinstance(exponent, int):  # NaN
            self.kinds.add("others")
            return
        self._scale = max(self._scale, -exponent)
        self._whole = max(self._whole, len(digits) + exponent)

    def type(self, pa: Any) -> tuple[Any, str | None]:
        """Return the type, and, where values of several kinds become text in it, what they are."""
        kinds = self.kinds
        if len(kinds) > 1:
            if kinds == {"integers", "floats"} and -_EXACT <= self._low <= self._high <= _EXACT:
                return pa.float64(), None
            return pa.string(), " and ".join(sorted(kinds))
        kind = next(iter(kinds), "texts")  # of a column that is only null nothing else is known
        plain = {"booleans": pa.bool_(), "floats": pa.float64(), "texts": pa.string(), "bytes": pa.binary()}
        plain |= {"dates": pa.date32(), "durations": pa.duration("us")}
        if kind in plain:
            return plain[kind], None
        special = {"integers": self._integers, "decimals": self._decimals, "lists": self._lists}
        special |= {"objects": self._objects, "times": self._times, "times of day": self._times_of_day}
        return special[kind](pa) if kind in special else (pa.string(), "values that Arrow has no type for")

    def _integers(self, pa: Any) -> tuple[Any, str | None]:
        if self._low >= -(1 << 63) and self._high < 1 << 63:
            return pa.int64(), None
        if self._low >= 0 and self._high < 1 << 64:
            return pa.uint64(), None
        return pa.string(), "integers of more than 64 bits"

    def _decimals(self, pa: Any) -> tuple[Any, str | None]:
        digits = max(1, self._whole + self._scale)
        if digits > _DECIMAL_DIGITS:
            return pa.string(), f"decimals of more than {_DECIMAL_DIGITS} digits"
        return (pa.decimal128 if digits <= 38 else pa.decimal256)(digits, self._scale), None

    def _times(self, pa: Any) -> tuple[Any, str | None]:
        if len(self._zones) > 1:
            return pa.string(), "times with and without a zone"
        return pa.timestamp("us", "UTC" if True in self._zones else None), None

    def _times_of_day(self, pa: Any) -> tuple[Any, str | None]:
        return (pa.string(), "times of day with a zone") if True in self._zones else (pa.time64("us"), None)

    def _lists(self, pa: Any) -> tuple[Any, str | None]:
        inside, why = (self._items or Seen()).type(pa)
        return pa.list_(inside), why and f"lists of {why}"

    def _objects(self, pa: Any) -> tuple[Any, str | None]:
        if not self._fields:
            return pa.string(), "objects with nothing in them"
        if len(self._fields) > MOST_NAMES:
            return pa.string(), f"objects with more than {MOST_NAMES} different names"
        fields, reasons = [], []
        for name, seen in self._fields.items():
            kind, why = seen.type(pa)
            fields.append((name, kind))
            reasons += [f"{name!r} with {why}"] if why else []
        return pa.struct(fields), ", ".join(reasons) or None


def fitted(pa: Any, value: Any, kind: Any) -> Any:
    """Return a value in which all is text that is to be text in this type."""
    types = pa.types
    if value is None:
        return None
    if types.is_string(kind) or types.is_large_string(kind):
        return as_text(value)
    if types.is_list(kind) and isinstance(value, list | tuple):
        return [fitted(pa, item, kind.value_type) for item in value]
    if types.is_struct(kind) and isinstance(value, Mapping):
        inside = {str(name): item for name, item in value.items()}
        return {field.name: fitted(pa, inside.get(field.name), field.type) for field in kind}
    return value


def extension_of(field: Any) -> dict[bytes, bytes]:
    """Return the name of the extension that a column is of, and what it says of itself, where pyarrow knows it not."""
    return {key: said for key, said in (field.metadata or {}).items() if key.startswith(b"ARROW:extension:")}
