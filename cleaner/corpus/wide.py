"""Streams of UTF-16 and UTF-32 as UTF-8, so that lines and rows can be found in their bytes."""

from __future__ import annotations

import codecs
import io
import re
from typing import Any, BinaryIO, cast

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Without a mark: the first two characters, of JSON and of a header, are ASCII.
_UNMARKED = (
    (re.compile(rb"(?:[\t\n\r -~]\x00){2}"), "utf-16-le"),
    (re.compile(rb"(?:\x00[\t\n\r -~]){2}"), "utf-16-be"),
)


def wide_encoding(start: bytes) -> str | None:
    """Return the encoding of a stream that begins so, where its characters are wide; None for all others.

    >>> wide_encoding("{}".encode("utf-16")), wide_encoding("id".encode("utf-16-le")), wide_encoding(b"{}")
    ('utf-16', 'utf-16-le', None)
    """
    marked = (name for mark, name in _MARKS if start.startswith(mark))
    return next(marked, None) or next((name for first, name in _UNMARKED if first.match(start)), None)


def narrowed(stream: BinaryIO, encoding: str) -> BinaryIO:
    """Return a stream of UTF-8; what cannot be decoded is U+FFFD."""
    return cast(BinaryIO, io.BufferedReader(_Narrowed(stream, encoding), 1 << 18))


class _Narrowed(io.RawIOBase):
    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder: Any = codecs.getincrementaldecoder(encoding)("replace")
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            block = self._stream.read1(len(buffer))  # type: ignore[attr-defined]
            self._left = self._decoder.decode(block, final=not block).encode("utf-8", "replace")
            if not block:
                break
        data, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
