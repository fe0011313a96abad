"""WARC, WET and ARC: the pages among a crawl's records, with their address; bodies are decoded in the worker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, BinaryIO

from cleaner.corpus.archive_stream import Source
from cleaner.corpus.files import halved
from cleaner.corpus.http_body import BodyError, decoded, decoded_bytes, encodings_of
from cleaner.corpus.record import Chunk, FieldNames, Item, Record, Unreadable, too_large, unreadable
from cleaner.corpus.sniff import looks_like_page
from cleaner.corpus.warc_records import ARC_HEAD, HEAD_BYTES, ArchiveRecord, Broken, headers_of, read_records
from cleaner.document import Document, Drop
from cleaner.encoding import NotTextError, binary_kind, decode

CHUNK_BYTES = 1 << 20
CHUNK_RECORDS = 1_000
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
TEXT_TYPES = frozenset({"text/plain"})

# Asks for answers of every status.
ANY_STATUS = "any"

# What servers say that do not know what they send.
UNKNOWN_TYPES = frozenset(
    {"", "unknown", "unknown/unknown", "application/unknown", "application/octet-stream", "no-type"}
)

# Bytes of a body by which it is told whether it is a page.
SNIFF_BYTES = 65_536

# Where a status stands in the first line of an answer, and where its headers end.
_STATUS = re.compile(rb"(?i:HTTP)/\S+[ \t]+(\d{3})")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Response:
    """One archived answer of a server: `body` in the `encodings` that it came in; `status` where that is to be told."""

    id: str
    url: str
    date: str
    content_type: str
    body: bytes
    encodings: tuple[str, ...] = ()
    status: int | None = None


@dataclass(frozen=True, slots=True)
class ResponsesChunk:
    """Some responses of one WARC file, and what is excluded among them."""

    responses: tuple[Response | Unreadable, ...]
    size: int
    names: FieldNames

    def items(self) -> Iterator[Item]:
        """Yield the responses."""
        for response in self.responses:
            yield Item(response.id, partial(_record, response, self.names.max_bytes))

    def halves(self) -> tuple[ResponsesChunk, ...]:
        """Return the same responses as two chunks; nothing where there is one."""
        return tuple(replace(self, responses=half, size=self.size // 2) for half in halved(self.responses))


def _record(response: Response | Unreadable, max_bytes: int) -> Record | Unreadable:
    if isinstance(response, Unreadable):
        return response
    html = _named(response.content_type) in PAGE_TYPES
    fields: dict[str, Any] = {"id": response.id, "url": response.url, "crawled": response.date}
    if response.status is not None:
        fields["status"] = response.status
    try:
        body = decoded(response.body, response.encodings, max_bytes)
        if len(body) > max_bytes:
            return too_large(response.id, response.url, len(body), max_bytes)
        text, encoding = decode(body, content_type=response.content_type, html=html)
    except BodyError as error:
        return Unreadable(response.id, Drop(f"{response.url}: {error}", code="RD109"), fields)
    except NotTextError as error:
        return Unreadable(response.id, Drop(f"{response.url}: {error}", code="RD103"), fields)
    document = Document(
        response.id,
        "" if html else text,
        html=text if html else None,
        url=response.url or None,
        metadata={"encoding": encoding},
    )
    return Record(document, fields | {"html" if html else "text": text})


def read_warc(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Chunk]:
    """Cut an archive into chunks of pages and plain texts; `names.passed` counts by kind what is neither.

    `stream` may be compressed. A record that is not whole is an unreadable record, and reading goes on at the next one;
    an answer of another status than 2xx is excluded, unless `names` asks for any.
    """
    group: list[Response | Unreadable] = []
    size = 0
    for answer in _answers(stream, path, names):
        group.append(answer)
        if isinstance(answer, Response):
            size += min(decoded_bytes(answer.body, answer.encodings), names.max_bytes)
        if size >= CHUNK_BYTES or len(group) >= CHUNK_RECORDS:
            yield ResponsesChunk(tuple(group), size, names)
            group, size = [], 0
    if group:
        yield ResponsesChunk(tuple(group), size, names)


def _answers(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Response | Unreadable]:
    for number, record in enumerate(read_records(Source(stream), names.max_bytes + HEAD_BYTES), 1):
        if isinstance(record, Broken):
            yield unreadable(f"{path}:{number}", "RD109", f"{path}:{number}: {record.why}")
            continue
        found = _answer(record, f"{path}:{number}", names)
        if isinstance(found, str):
            names.passed[found] += 1
        else:
            yield found


def _answer(record: ArchiveRecord, place: str, names: FieldNames) -> Response | Unreadable | str:
    """Return the page or text of a record, why it is none, or of what kind it is where it is something else."""
    if record.kind not in ("response", "resource", "conversion"):
        return f"{'ARC' if record.kind == ARC_HEAD else 'WARC'} {record.kind or 'unknown'}"
    headers = record.headers
    id_ = headers.get("warc-record-id", place).strip("<>").removeprefix("urn:uuid:")
    url = headers.get("warc-target-uri", "").strip("<>")
    http: Mapping[str, str] = {}
    body = record.body
    status = None
    if record.kind == "response" and (line := _STATUS.match(body)) is not None:
        end = _HEAD_END.search(body)
        http, body = headers_of(body[: end.start() if end else None]), body[end.end() if end else len(body) :]
        status = int(line[1])
        if names.status != ANY_STATUS and not 200 <= status < 300:
            why = Drop(f"{url or place}: the server answered {status}", code="RD116")
            return Unreadable(id_, why, {"url": url, "status": status})
        content_type = http.get("content-type", "")
    else:
        content_type = headers.get("arc-content-type") or headers.get("content-type", "")
    kind = _kind(content_type, headers.get("warc-identified-payload-type", ""), body, encodings_of(http))
    if kind not in PAGE_TYPES | TEXT_TYPES:
        return kind
    if len(body) > names.max_bytes:
        return too_large(id_, url or place, record.length, names.max_bytes)
    if _named(content_type) != kind:
        content_type = kind
    told = status if names.status == ANY_STATUS else None
    return Response(id_, url, headers.get("warc-date", ""), content_type, body, encodings_of(http), told)


def _kind(content_type: str, identified: str, body: bytes, encodings: tuple[str, ...]) -> str:
    """Return the media type of a body: as the server says, else as the crawler found, else as its first bytes look."""
    said = _named(content_type)
    if said in PAGE_TYPES | TEXT_TYPES or (said not in UNKNOWN_TYPES and "/" in said):
        return said
    if found := _named(identified):
        return found
    try:
        start = decoded(body, encodings, SNIFF_BYTES)
    except BodyError:
        return "unknown"
    if looks_like_page(start):
        return "text/html"
    magic = binary_kind(start)
    return magic.removeprefix("a ").removeprefix("an ") if magic else "unknown"


def _named(content_type: str) -> str:
    """Return the media type that a header names; the last, as browsers do, where proxies have joined several.

    >>> _named("text/html; charset=utf-8"), _named("text/html, Text/HTML")
    ('text/html', 'text/html')
    """
    types = [part.partition(";")[0].strip().lower() for part in content_type.split(",")]
    return next((name for name in reversed(types) if "/" in name), types[0])
