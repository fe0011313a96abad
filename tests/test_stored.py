"""What is written to disk comes back as it was, and nothing else comes out of a file that somebody has changed."""

from __future__ import annotations

import datetime
import decimal
import io
import pickle
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.stored import HEAD_BYTES, NotStoredError, Store


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass(frozen=True)
class Point:
    x: Any
    names: dict[str, Any] = field(default_factory=dict)


class Sums:
    def __init__(self) -> None:
        self.by_name = Counter({"a": 2})
        self.pairs = [(1.5, "b")]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sums) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


STORE = Store(Pair, Point, Sums)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.text(st.characters(categories=("Cs", "Lu")), max_size=3)
    | st.binary()
    | st.datetimes(timezones=st.just(datetime.UTC) | st.none()).map(lambda value: value.replace(fold=0))
    | st.dates()
    | st.times().map(lambda value: value.replace(fold=0))
    | st.timedeltas()
    | st.decimals(allow_nan=False)
    | st.uuids()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
        | st.tuples(inner, inner)
        | st.builds(Pair, inner, inner)
        | st.builds(Point, inner)
    ),
    max_leaves=12,
)


def stored(value: Any) -> bytes:
    file = io.BytesIO()
    STORE.dump(value, file)
    return file.getvalue()


@given(VALUES)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    again = STORE.load(io.BytesIO(stored(value)))
    assert again == value
    assert repr(again) == repr(value)


def test_counters_and_attributes_come_back_with_their_classes() -> None:
    again = STORE.load(io.BytesIO(stored([Sums(), Counter({3: 1}), frozenset({2, 1})])))
    assert again == [Sums(), Counter({3: 1}), frozenset({1, 2})]
    assert isinstance(again[0].by_name, Counter)
    assert isinstance(again[0].pairs[0], tuple)


def test_several_stand_one_after_the_other() -> None:
    file = io.BytesIO(stored("a") + stored({"b": uuid.UUID(int=5)}) + stored(decimal.Decimal("1.50")))
    assert list(STORE.load_all(file)) == ["a", {"b": uuid.UUID(int=5)}, decimal.Decimal("1.50")]


def test_a_class_that_is_not_expected_neither_goes_in_nor_comes_out() -> None:
    with pytest.raises(NotStoredError, match="Pair is not expected"):
        Store().load(io.BytesIO(stored(Pair(1, 2))))
    with pytest.raises(TypeError, match="cannot be stored"):
        STORE.dump(object(), io.BytesIO())


def test_whatever_byte_is_changed_is_noticed() -> None:
    data = stored([Pair("a", {"b": (1, 2)}), Point(datetime.date(2026, 1, 2)), "c" * 40])
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(NotStoredError):
            STORE.load(io.BytesIO(changed))
    for length in range(len(data)):
        with pytest.raises(NotStoredError):
            STORE.load(io.BytesIO(data[:length]))


@given(st.binary())
def test_bytes_of_a_stranger_are_refused_or_are_a_value(payload: bytes) -> None:
    import xxhash

    frame = len(payload).to_bytes(8, "little") + xxhash.xxh3_64_digest(payload) + payload
    assert len(frame) == HEAD_BYTES + len(payload)
    try:
        STORE.load(io.BytesIO(frame))
    except NotStoredError:
        return


class Evil:
    """A pickle that runs a command when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_a_pickle_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(NotStoredError):
        STORE.load(io.BytesIO(pickle.dumps(Evil(tmp_path / "ran"))))
    assert not (tmp_path / "ran").exists()
