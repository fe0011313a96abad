"""Values out of a configuration file: checked against the type that a field wants, and misspelt names recognised."""

from __future__ import annotations

import difflib
import math
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any

MEGABYTE = 1_000_000

# The environment of a process that is one of several. Otherwise numpy's OpenBLAS has a thread for each core, and takes
# 42 MB for it when it is imported: with 12 cores a worker had nothing left of the memory that it may have.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def coerced(value: Any, hint: Any) -> Any:
    """Return a TOML value as the type that a field wants. Raises `TypeError` saying what was wanted."""
    plain = typing.get_origin(hint) or hint
    if plain in (typing.Union, types.UnionType):
        if value is None:
            return value
        hint = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        plain = typing.get_origin(hint) or hint
    if plain is typing.Literal:
        if value not in typing.get_args(hint):
            raise TypeError(f"one of {', '.join(map(repr, typing.get_args(hint)))}, not {value!r}")
        return value
    if plain in (tuple, frozenset):
        if not isinstance(value, list | tuple | frozenset) or not all(isinstance(item, str) for item in value):
            raise TypeError(f"a list of strings, not {value!r}")
        return plain(value)
    if plain is Mapping or plain is dict:
        return _table(value, hint)
    return _scalar(value, plain)


def _table(value: Any, hint: Any) -> Any:
    if hint == Mapping[str, tuple[str, ...]]:
        if not isinstance(value, Mapping):
            raise TypeError(f"a table of lists of strings, not {value!r}")
        return {name: coerced(item, tuple[str, ...]) for name, item in value.items()}
    if hint == Mapping[str, str]:
        if not isinstance(value, Mapping) or not all(isinstance(item, str) for item in value.values()):
            raise TypeError(f"a table of strings, not {value!r}")
        return value
    if not isinstance(value, Mapping) or not all(isinstance(item, Mapping) for item in value.values()):
        raise TypeError(f"a table of tables, one a rule, not {value!r}")
    return value


def _scalar(value: Any, wanted: type) -> Any:
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise TypeError(f"a number, not one of {value.bit_length():,} bits") from None
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        names = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}
        raise TypeError(f"{names.get(wanted, wanted.__name__)}, not {value!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise TypeError(f"a finite number, not {value!r}")
    return value


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'that'?` where a known word is near."""
    found = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return f"; did you mean {found[0]!r}?" if found else ""


def is_path(value: str) -> bool:
    """Tell whether a setting that is a name or a path is a path: it has a separator or a dot.

    >>> [is_path(value) for value in ("usual", "./house", "house.model")]
    [False, True, True]
    """
    return "/" in value or "\\" in value or "." in value
