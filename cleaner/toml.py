"""TOML that somebody else wrote: read in bounded time and memory."""

from __future__ import annotations

import codecs
import re
import tomllib
from typing import Any

# Parts of a key with dots. Python's reader takes time and memory by their square: 40 kB of them are 1.6 GB.
MOST_PARTS = 100

_KEY = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY = re.compile(rf"(?<![\w-])(?:{_KEY}){{{MOST_PARTS}}}")


def settings_text(data: bytes) -> str:
    """Return the text of a file of settings, which is UTF-8. Raises `ValueError` that says what it is otherwise."""
    if is_utf16(data):
        raise ValueError("it is in UTF-16, and has to be UTF-8: save it so, in PowerShell with `-Encoding utf8`")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"it has to be UTF-8, and the byte {data[error.start]:#04x} in line {line} is not") from None


def is_utf16(data: bytes) -> bool:
    """Tell whether bytes begin as settings in UTF-16 do, with a byte order mark or without."""
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:2]


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
