"""A corpus as a folder of parts: what is asked for, and how it is written."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Mapping
from typing import IO, Any

import msgspec

from cleaner.corpus.compression import compression_of, open_write
from cleaner.corpus.formats import JSONL, Format, format_at, writable
from cleaner.corpus.parts import PartFiles, Parts
from cleaner.errors import OutputError
from cleaner.replacing import fresh_folder, put

USUAL_SIZE, USUAL_ENDING = "500MB", "jsonl.zst"

_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(KB|MB|GB|)", re.IGNORECASE)


def parts_asked_for(size: str | None, ending: str | None) -> Parts | None:
    """Return what a person asked for, who named the size of a part, its ending, or both; None where neither.

    Raises `OutputError` for what is no size, or an ending in which no corpus is written.

    >>> parts_asked_for("1.5GB", "parquet")
    Parts(ending='parquet', size=1500000000)
    """
    if size is None and ending is None:
        return None
    size, ending = size or USUAL_SIZE, (ending or USUAL_ENDING).lstrip(".")
    found = _SIZE.fullmatch(size.strip())
    number = int(float(found[1]) * _UNITS[found[2].upper()]) if found else 0
    if number < 1:
        raise OutputError(f"the size of a part is a number of bytes, as 500MB or 2GB, not {size!r}")
    format = format_at(f"a.{ending}")
    if format not in writable() or (compression_of(f"a.{ending}") and not format.packs):
        raise OutputError(f"the format of a part is jsonl.zst, jsonl.gz, csv.zst, parquet or arrow, not {ending!r}")
    return Parts(ending, number)


def format_of_parts(parts: Parts) -> Format:
    """Return the format of the parts."""
    format = format_at(f"a.{parts.ending}")
    assert format is not None
    return format


def are_lines(parts: Parts) -> bool:
    """Tell whether the parts are JSON lines, as the corpus is while it grows."""
    return format_of_parts(parts).name == JSONL


class JsonlParts:
    """Writes JSON lines in parts, into a folder that is there."""

    def __init__(self, path: str, parts: Parts) -> None:
        self.remarks: tuple[str, ...] = ()
        self._files = PartFiles(path, parts, _opened)

    def write(self, record: Mapping[str, Any]) -> None:
        """Add a record."""
        self.write_line(msgspec.json.encode(record) + b"\n")

    def write_line(self, line: bytes) -> None:
        """Add a record that is a line already."""
        self._files.of(len(line)).write(line)

    def close(self) -> None:
        """Finish the last part."""
        self._files.finish()

    def discard(self) -> None:
        """Give up."""
        self._files.close()


def _opened(path: str) -> IO[bytes]:
    return open_write(path, compression_of(path))


class PartsWriter:
    """Writes records in parts into a new folder that becomes OUT when it is finished, in the place of an older one."""

    def __init__(self, out: str, parts: Parts, types: Mapping[str, Any]) -> None:
        self.remarks: tuple[str, ...] = ()
        self._out = out.rstrip("/")
        self._new = fresh_folder(self._out)
        write = format_of_parts(parts).write
        self._inner: Any = JsonlParts(self._new, parts) if write is None else write(self._new, "", dict(types), parts)

    def write(self, record: Mapping[str, Any]) -> None:
        """Add a record."""
        self._inner.write(record)

    def write_line(self, line: bytes) -> None:
        """Add a record that is a line of JSON already; where the parts are JSON lines."""
        self._inner.write_line(line)

    def close(self) -> None:
        """Put the folder in its place."""
        self._inner.close()
        self.remarks = self._inner.remarks
        if os.path.isdir(self._out):
            shutil.rmtree(self._out)
        put(self._new, self._out)

    def discard(self) -> None:
        """Remove what was written."""
        with contextlib.suppress(OSError):
            self._inner.discard()
        shutil.rmtree(self._new, ignore_errors=True)
