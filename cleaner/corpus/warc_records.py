"""The records of WARC and ARC files, each with its headers; a broken one costs itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cleaner.corpus.archive_stream import Source

# The kind of an ARC file's first record, which describes the file.
ARC_HEAD = "filedesc"

# No record has longer headers.
HEAD_BYTES = 1 << 16

_BEGIN, _NEXT = b"WARC/", b"\nWARC/1."
_HEAD_END = re.compile(rb"\r?\n\r?\n")
# The last number is the length; what stands before it, if anything, is the type.
_ARC_LINE = re.compile(rb"(\S+) (\S+) (\d{8,14}) (.*?) ?(?<!\d)(\d+)\r?\n")


class ArchiveRecord(NamedTuple):
    """A record: its kind, its headers by their names in small letters, its first bytes, and how many it has in all."""

    kind: str
    headers: Mapping[str, str]
    body: bytes
    length: int


class Broken(NamedTuple):
    """Stands for a record that is not whole, and says why."""

    why: str


class _BrokenError(ValueError):
    """A record is not whole."""


def read_records(source: Source, most: int) -> Iterator[ArchiveRecord | Broken]:
    """Yield the records, in order; of a body `most` bytes and one more at the most."""
    while _begins(source):
        try:
            yield _arc_record(source, most) if _is_arc(source) else _warc_record(source, most)
        except _BrokenError as error:
            yield Broken(str(error))
            if not source.go_to(_NEXT):
                return


def _begins(source: Source) -> bool:
    """Skip blank lines; tell whether anything comes."""
    while source.have(1):
        while source.place < len(source.data) and source.data[source.place] in b"\r\n":
            source.place += 1
        if source.place < len(source.data):
            return True
    return source.damage is not None


def _is_arc(source: Source) -> bool:
    source.have(len(_BEGIN))
    if source.data.startswith(_BEGIN, source.place):
        return False
    while source.data.find(b"\n", source.place) < 0 and len(source.data) - source.place < HEAD_BYTES:
        if not source.more():
            return False
    return _ARC_LINE.match(source.data, source.place) is not None


def _warc_record(source: Source, most: int) -> ArchiveRecord:
    if source.have(len(_BEGIN)) and not source.data.startswith(_BEGIN, source.place):
        raise _BrokenError("no record begins here")  # the next one may begin in the next line
    headers = headers_of(_head(source))
    try:
        length = int(headers["content-length"])
    except (KeyError, ValueError):
        raise _BrokenError("a record does not say its length") from None
    body, taken = source.take(length, most + 1)
    _check_end(source, body, taken, length)
    return ArchiveRecord(headers.get("warc-type", "").lower(), headers, body, length)


def _head(source: Source) -> bytes:
    while (end := _HEAD_END.search(source.data, source.place, source.place + HEAD_BYTES)) is None:
        if len(source.data) - source.place > HEAD_BYTES:
            raise _BrokenError("the headers of a record have no end")
        if not source.more():
            raise _BrokenError(_why_cut(source))
    head = source.data[source.place : end.start()]
    source.place = end.end()
    return head


def _check_end(source: Source, body: bytes, taken: int, length: int) -> None:
    """Raise where the record is cut or damaged, or where another begins inside it or none behind it."""
    source.have(len(b"\r\n\r\n") + len(_BEGIN))  # behind the end of its member, of which the checksum is then known
    behind = source.data[source.place : source.place + 9].lstrip(b"\r\n")[:5]
    own = source.damage is not None and source.damage.inside and not behind
    if taken == length and behind in (_BEGIN, b"") and not own:
        return
    if source.damage is not None:
        raise _BrokenError(source.damage.why)
    if (inside := body.find(_NEXT)) >= 0:
        source.put_back(body[inside:])
        raise _BrokenError("a record is shorter than it says: another begins inside it")
    if taken == len(body):
        end = body[1 - len(_NEXT) :]  # the next may begin in the last bytes of this one
        if (across := (end + source.data[source.place : source.place + len(_NEXT) - 1]).find(_NEXT)) >= 0:
            source.put_back(end[across:])
    if taken < length:
        raise _BrokenError("the file is cut: it ends inside a record")
    raise _BrokenError("a record is longer than it says: none begins where it should end")


def _arc_record(source: Source, most: int) -> ArchiveRecord:
    line = _ARC_LINE.match(source.data, source.place)
    assert line is not None
    source.place = line.end()
    if line[1].startswith(b"filedesc:") and source.have(size := min(int(line[5]), HEAD_BYTES)):
        # It ends in a blank line; its length is not always right.
        end = source.data.find(b"\n\n", source.place, source.place + size)
        source.place = end + 2 if end >= 0 else source.place + size
        return ArchiveRecord(ARC_HEAD, {}, b"", 0)
    url, _address, date, kind, length = (part.decode("latin-1") for part in line.groups())
    body, taken = source.take(int(length), most + 1)
    if taken < int(length):
        raise _BrokenError(_why_cut(source))
    first = date.ljust(14, "0")
    when = f"{first[:4]}-{first[4:6]}-{first[6:8]}T{first[8:10]}:{first[10:12]}:{first[12:14]}Z"
    headers = {"warc-target-uri": url, "warc-date": when, "arc-content-type": kind.split(" ")[0]}
    return ArchiveRecord("response", headers, body, int(length))


def _why_cut(source: Source) -> str:
    return "the file is cut: it ends inside a record" if source.damage is None else source.damage.why


def headers_of(head: bytes) -> dict[str, str]:
    """Return headers by their names in small letters, the last of each; folded lines belong to the one before.

    >>> headers_of(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n ; charset=utf-8")
    {'content-type': 'text/html ; charset=utf-8'}
    """
    found: dict[str, str] = {}
    name = ""
    for line in head.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")[1:]:
        if line[:1] in (" ", "\t") and name:
            found[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            found[name] = value.strip()
    return found
