"""The bytes of text that was read as Windows-1252 or Latin-1, and what they are in other encodings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# What the bytes from 0x80 to 0x9F became; where Windows-1252 leaves one out, the control character of its number.
_WINDOWS_1252 = {bytes([b]).decode("cp1252"): b for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_TABLE = {ord(char): byte for char, byte in _WINDOWS_1252.items()}
HIGH = re.compile("[\x80-\xff" + re.escape("".join(_WINDOWS_1252)) + "]")
"""What the bytes from 0x80 on became."""


def western_bytes(text: str) -> bytes | None:
    """Return the bytes of a text that was read as Windows-1252 or Latin-1; None where it cannot have been."""
    return encoded(text.translate(_TABLE), "latin-1")


def readings(data: bytes, encodings: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the encodings in which the bytes are text, each with the text."""
    for encoding in encodings:
        text = decoded(data, encoding)
        if text is not None:
            yield encoding, text


def decoded(data: bytes, encoding: str) -> str | None:
    """Return the text of the bytes; None where they are none in this encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def encoded(text: str, encoding: str) -> bytes | None:
    """Return the bytes of a text; None where the encoding has none for it."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


def is_text(text: str) -> bool:
    """Whether a text has no control character but those that stand in texts."""
    return text.isprintable() or all(char.isprintable() or char in "\t\n\r\f\xa0\xad\u3000" for char in set(text))
