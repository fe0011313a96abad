"""A file whose ending says no format: what it looks like, and whether that is enough to read it."""

from __future__ import annotations

import io
import os
from pathlib import Path

import msgspec

from cleaner.corpus import compression
from cleaner.corpus.compression import BrokenArchiveError
from cleaner.corpus.formats import FORMATS, JSONL, Format, format_at, format_named
from cleaner.encoding import MAGIC, NotTextError, decode
from cleaner.errors import InputError

SNIFF_BYTES = 4096

ARC_BEGINS = b"filedesc://"


def input_format(path: str | Path, forced: str | None = None) -> Format | None:
    """Return the format of an input: as asked for, by its ending, or by how it begins; None for an unknown one."""
    if forced is not None:
        return format_named(forced)
    return format_at(path) or _by_content(_start(path))


def refuse_unknown(path: str) -> None:
    """Raise `InputError` for a file of which neither the ending nor the beginning says what it is."""
    if format_at(path) is not None or not os.path.isfile(path):
        return
    start = _start(path)
    if start and _by_content(start) is None:
        what, instead = _looks_like(start)
        raise InputError(f"{path}: its ending says no format, and it looks like {what}; {instead}")


def _start(path: str | Path) -> bytes:
    try:
        with compression.open_read(path) as stream:
            start = stream.read(SNIFF_BYTES)
    except (OSError, BrokenArchiveError):
        return b""
    if start.startswith(compression.GZIP_MAGIC):
        try:
            return compression.decompressed(io.BytesIO(start), "gzip").read1(SNIFF_BYTES) or start  # type: ignore[attr-defined]
        except BrokenArchiveError:
            return start
    return start


def _by_content(start: bytes) -> Format | None:
    if start.startswith(ARC_BEGINS):
        return format_named("warc")
    line, end, _ = start.partition(b"\n")
    if line.startswith(b"{") and _is_object(line) and (end or len(start) < SNIFF_BYTES):
        return format_named(JSONL)
    return next((format for format in FORMATS if format.begins is not None and start.startswith(format.begins)), None)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _looks_like(start: bytes) -> tuple[str, str]:
    forces = "--input-format {} reads it as that"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return "a JSON array", "`jq -c '.[]'` makes JSON lines of it"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "JSON", f"if it has an object a line, {forces.format(JSONL)}"
    for magic, kind in MAGIC:
        if start.startswith(magic):
            return kind, "text is to be taken out of it first"
    try:
        decode(start)
    except NotTextError:
        return "binary data", "text is to be taken out of it first"
    return "text", f"{forces.format('text')}, or rename it"
