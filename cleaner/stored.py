"""Values on disk as data: what is read back can be a value of a known class, and never code.

A value is MessagePack (msgspec), in a frame with its length and a checksum. Beside numbers, texts, bytes, lists and
dictionaries it may hold tuples, sets, dates, times, decimals, and values of the classes that a `Store` is made with.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import msgspec
import xxhash

# A frame: length of the payload and its XXH3, eight bytes each, then the payload.
_WORD = 8
HEAD_BYTES = 2 * _WORD

# Extension types of MessagePack, by the number that stands on disk.
_TUPLE, _TEXT, _INTEGER, _SCALAR, _COUNTER, _SET, _CLASS, _PAIRS = range(1, 9)
_LARGEST = 1 << 63

_SCALARS: tuple[tuple[type, Callable[[Any], str], Callable[[str], Any]], ...] = (
    (datetime.datetime, lambda value: value.isoformat(), datetime.datetime.fromisoformat),
    (datetime.date, lambda value: value.isoformat(), datetime.date.fromisoformat),
    (datetime.time, lambda value: value.isoformat(), datetime.time.fromisoformat),
    (
        datetime.timedelta,
        lambda value: f"{value.days} {value.seconds} {value.microseconds}",
        lambda text: datetime.timedelta(*map(int, text.split())),
    ),
    (decimal.Decimal, str, decimal.Decimal),
    (uuid.UUID, str, uuid.UUID),
)


class NotStoredError(ValueError):
    """Bytes that are no stored value: cut short, changed, or of another version."""


class Store:
    """Writes and reads values; `classes` are those whose values may come back, told by their names.

    Of a class the fields of a dataclass, the items of a named tuple or the attributes are written. A subclass of a
    number, a text or a dictionary comes back as that.
    """

    def __init__(self, *classes: type) -> None:
        self._classes = {cls.__name__: cls for cls in classes}

    def dump(self, value: Any, file: IO[bytes]) -> None:
        """Write a value where the file stands. Raises `TypeError` for one of an unknown class."""
        data = msgspec.msgpack.encode(self._plain(value))
        file.write(len(data).to_bytes(_WORD, "little") + xxhash.xxh3_64_digest(data) + data)

    def load(self, file: IO[bytes]) -> Any:
        """Read the value that stands there. Raises `NotStoredError` where there is none."""
        head = file.read(HEAD_BYTES)
        length = int.from_bytes(head[:_WORD], "little")
        if len(head) < HEAD_BYTES or length > _left(file):
            raise NotStoredError("it ends too early")
        data = file.read(length)
        if xxhash.xxh3_64_digest(data) != head[_WORD:]:
            raise NotStoredError("its checksum is another")
        try:
            return msgspec.msgpack.decode(data, ext_hook=self._value)
        except NotStoredError:
            raise
        except (ValueError, TypeError, ArithmeticError, RecursionError, msgspec.MsgspecError) as error:
            raise NotStoredError(str(error)) from error

    def load_all(self, file: IO[bytes]) -> Iterator[Any]:
        """Yield the values from where the file stands to its end."""
        while _left(file):
            yield self.load(file)

    def _plain(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind is bool or kind is float or kind is bytes:
            return value
        if kind is str:
            return value if _is_utf8(value) else msgspec.msgpack.Ext(_TEXT, value.encode("utf-8", "surrogatepass"))
        if kind is int:
            return value if -_LARGEST <= value < _LARGEST else msgspec.msgpack.Ext(_INTEGER, str(value).encode())
        if kind is list:
            return [self._plain(item) for item in value]
        if kind is dict:
            return self._dictionary(value)
        return self._extension(value)

    def _dictionary(self, value: Mapping[Any, Any]) -> Any:
        if all(type(key) is str and _is_utf8(key) for key in value):
            return {key: self._plain(item) for key, item in value.items()}
        return self._packed(_PAIRS, [[key, item] for key, item in value.items()])

    def _extension(self, value: Any) -> Any:
        name = type(value).__name__
        if self._classes.get(name) is type(value):
            return self._packed(_CLASS, [name, _state(value)])
        for number, (cls, write, _) in enumerate(_SCALARS):
            if type(value) is cls:
                return self._packed(_SCALAR, [number, write(value)])
        if isinstance(value, Counter):
            return self._packed(_COUNTER, [[key, item] for key, item in value.items()])
        if isinstance(value, tuple):
            return self._packed(_TUPLE, list(value))
        if isinstance(value, frozenset | set):
            return self._packed(_SET, sorted(value))
        if isinstance(value, Mapping):
            return self._dictionary(value)
        bases: tuple[Callable[[Any], Any], ...] = (int, float, str, bytes, list)
        for base in bases:
            if isinstance(value, base):  # type: ignore[arg-type]
                return self._plain(base(value))
        raise TypeError(f"a value of {type(value).__module__}.{name} cannot be stored")

    def _packed(self, kind: int, value: Any) -> Any:
        return msgspec.msgpack.Ext(kind, msgspec.msgpack.encode(self._plain(value)))

    def _value(self, kind: int, data: memoryview) -> Any:
        if kind == _TEXT:
            return bytes(data).decode("utf-8", "surrogatepass")
        if kind == _INTEGER:
            return int(bytes(data))
        inside = msgspec.msgpack.decode(data, ext_hook=self._value)
        if kind == _SCALAR:
            return _SCALARS[inside[0]][2](inside[1])
        if kind == _CLASS:
            return self._made(*inside)
        plain: dict[int, Callable[[Any], Any]] = {_TUPLE: tuple, _COUNTER: _counter, _SET: frozenset, _PAIRS: dict}
        if kind not in plain:
            raise NotStoredError(f"extension {kind} is unknown")
        return plain[kind](inside)

    def _made(self, name: str, state: Any) -> Any:
        cls = self._classes.get(name)
        if cls is None:
            raise NotStoredError(f"a {name} is not expected here")
        if issubclass(cls, tuple):
            return cls(*state)
        known = _field_names(cls)
        if known is not None and set(state) != known:
            raise NotStoredError(f"a {name} has other fields")
        made = object.__new__(cls)
        for key, value in state.items():
            object.__setattr__(made, key, value)
        return made


def _counter(pairs: Any) -> Counter[Any]:
    return Counter(dict(pairs))


def _state(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    names = _field_names(type(value))
    return dict(vars(value)) if names is None else {name: getattr(value, name) for name in sorted(names)}


def _field_names(cls: type) -> set[str] | None:
    """Return the fields of a dataclass; None for another class, whose attributes are its own matter."""
    return {field.name for field in dataclasses.fields(cls)} if dataclasses.is_dataclass(cls) else None


def _is_utf8(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _left(file: IO[bytes]) -> int:
    place = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(place)
    return end - place
