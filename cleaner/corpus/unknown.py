"""A file whose ending says no format: what it looks like, and whether that is enough to read it."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from cleaner.corpus import compression
from cleaner.corpus.archive_stream import ZSTD_MAGIC
from cleaner.corpus.compression import BrokenArchiveError
from cleaner.corpus.formats import FORMATS, JSONL, Format, format_at, format_named
from cleaner.corpus.json_array import holds_records
from cleaner.corpus.jsonl import holds_lines
from cleaner.encoding import NotTextError, binary_kind, decode
from cleaner.errors import InputError
from cleaner.remote.address import is_address, shown

SNIFF_BYTES = 4096

# The longest first line that is looked at to tell JSON lines from other JSON.
LINE_BYTES = 1 << 24

_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"

# What has files in it, or one.
_PACKED = re.compile(r"\b(archive|data)\b")

ARC_BEGINS = b"filedesc://"
_WARC_BEGINS = re.compile(rb"WARC/\d\.\d+\r?\n[\w-]+:")
_BEGINS_BYTES = 64


def input_format(path: str | Path, forced: str | None = None) -> Format | None:
    """Return the format of an input: as asked for, by its ending, or by how it begins; None for an unknown one.

    An archive on this machine is one whatever its ending: a text does not begin so.
    """
    if forced is not None:
        return format_named(forced)
    format = format_at(path)
    if format is None:
        return format_by_content(_start(path))
    return format if format.unpacks or not _holds_archive(path) else format_named("warc")


def is_known(path: str, records_at: str = "") -> bool:
    """Tell whether a file that was found, and not named, is read: its ending says so, and of JSON its beginning."""
    format = format_at(path)
    if format is None or format.holds is None:
        return format is not None
    start = _start(path)
    return format.holds(start, records_at) or _is_archive(start)


def refuse_unknown(path: str, records_at: str = "") -> None:
    """Raise `InputError` for a file of which neither the ending nor the beginning says what it is."""
    format = format_at(path)
    if (format is not None and format.holds is None) or not (is_address(path) or os.path.isfile(path)):
        return
    start = _start(path)
    holds = None if format is None else format.holds
    known = format_by_content(start) if holds is None or _is_archive(start) else holds(start, records_at)
    if start and not known:
        what, instead = _looks_like(start)
        raise InputError(f"{shown(path)}: its ending says no format, and it looks like {what}; {instead}")


def why_not_this(start: bytes, format: Format) -> str | None:
    """Return what a file is that begins so and is called by this format's ending; None where it may be that."""
    own = format.begins is not None and start.startswith(format.begins)
    archive = format.unpacks and start.startswith((compression.GZIP_MAGIC, ZSTD_MAGIC, ARC_BEGINS))
    kind = None if own or archive else binary_kind(start)
    return None if kind is None else f"this is {kind}, not {format.called}"


def _is_archive(start: bytes) -> bool:
    return start.startswith(ARC_BEGINS) or _WARC_BEGINS.match(start) is not None


def _holds_archive(path: str | Path) -> bool:
    """Tell whether a file on this machine begins as an archive does; of what is elsewhere nothing is fetched for it."""
    if is_address(path) or not os.path.isfile(path):
        return False
    if compression.compression_of(path) is not None:
        return _is_archive(_start(path))
    try:
        with open(path, "rb", buffering=0) as file:
            return _is_archive(file.read(_BEGINS_BYTES))
    except OSError:
        return False  # reading it will say what is wrong


def _start(path: str | Path) -> bytes:
    """Return how a file begins, decompressed; nothing of a pipe or a device, which one may wait for without end."""
    if not is_address(path) and not os.path.isfile(path):
        return b""
    try:
        with compression.open_read(path) as stream:
            start = stream.read(SNIFF_BYTES)
            if start.startswith(b"{") and b"\n" not in start:
                start += stream.readline(LINE_BYTES) + stream.read(SNIFF_BYTES)
    except (OSError, BrokenArchiveError):
        return b""
    if start.startswith(compression.GZIP_MAGIC):
        try:
            return compression.decompressed(io.BytesIO(start), "gzip").read1(SNIFF_BYTES) or start  # type: ignore[attr-defined]
        except BrokenArchiveError:
            return start
    return start


def format_by_content(start: bytes) -> Format | None:
    """Return the format that begins so; None where that does not tell."""
    if start.startswith(ARC_BEGINS):
        return format_named("warc")
    if holds_lines(start):
        return format_named(JSONL)
    if start.lstrip(_BEFORE_JSON).startswith(b"[") and holds_records(start, ""):
        return format_named("json")
    return next((format for format in FORMATS if format.begins is not None and start.startswith(format.begins)), None)


def _looks_like(start: bytes) -> tuple[str, str]:
    forces = "--input-format {} reads it as that"
    if (kind := binary_kind(start)) is not None:
        return kind, "unpack it first" if _PACKED.search(kind) else "text is to be taken out of it first"
    if start.lstrip(_BEFORE_JSON).startswith(b"["):
        return "a JSON array that has no objects in it", "a record is a JSON object"
    if start.lstrip(_BEFORE_JSON).startswith(b"{"):
        at = "--records-at NAME reads the array that a JSON object has under that name"
        return "JSON", f"{at}; if it has an object a line, {forces.format(JSONL)}"
    try:
        decode(start)
    except NotTextError:
        return "binary data", "text is to be taken out of it first"
    return "text", f"{forces.format('text')}, or rename it"
