"""TOML that somebody else wrote: read in bounded time and memory."""

from __future__ import annotations

import re
import tomllib
from typing import Any

# Parts of a key with dots. Python's reader takes time and memory by their square: 40 kB of them are 1.6 GB.
MOST_PARTS = 100

_KEY = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY = re.compile(rf"(?<![\w-])(?:{_KEY}){{{MOST_PARTS}}}")


def read_toml(text: str) -> dict[str, Any]:
    """Return the table that a text is. Raises `ValueError` where it is none, or is nested too deeply.

    >>> read_toml("a.b = 1")
    {'a': {'b': 1}}
    """
    # A key stands in one line; to count dots takes a tenth of looking for keys.
    if any(line.count(".") >= MOST_PARTS and _LONG_KEY.search(line) for line in text.split("\n")):
        raise ValueError(f"a key has more than {MOST_PARTS} parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
