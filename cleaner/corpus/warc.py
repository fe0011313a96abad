"""WARC: the pages among a crawl's responses, with their address; gzip and brotli bodies are decoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cleaner.corpus.jsonl import FailureChunk
from cleaner.corpus.record import Chunk, FieldNames, Record, Unreadable, too_large
from cleaner.document import Document
from cleaner.encoding import NotTextError, decode
from cleaner.errors import InputError

CHUNK_BYTES = 1 << 20
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class Response:
    """One archived answer of a server: `body` without its transfer and content encoding."""

    id: str
    url: str
    date: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class ResponsesChunk:
    """Some responses of one WARC file."""

    responses: tuple[Response, ...]
    size: int

    def records(self) -> Iterator[Record | Unreadable]:
        """Decode the responses."""
        for response in self.responses:
            yield _record(response)


def _record(response: Response) -> Record | Unreadable:
    html = response.content_type.split(";")[0].strip().lower() in PAGE_TYPES
    fields = {"id": response.id, "url": response.url, "crawled": response.date}
    try:
        text, encoding = decode(response.body, content_type=response.content_type, html=html)
    except NotTextError as error:
        return Unreadable(response.id, "RD103", f"{response.url}: {error}", fields)
    document = Document(
        response.id,
        "" if html else text,
        html=text if html else None,
        url=response.url or None,
        metadata={"encoding": encoding},
    )
    return Record(document, fields | {"html" if html else "text": text})


def read_warc(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Chunk]:
    """Cut a WARC file into chunks of responses with a page or a plain text; other records are no documents.

    `stream` is the file as it is, compressed or not.
    """
    try:
        from fastwarc.stream_io import StreamError
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        raise InputError("WARC needs fastwarc: pip install 'webtext-cleaner[warc]'") from error
    group: list[Response] = []
    size = 0
    read = 0
    try:
        kinds = WarcRecordType.response | WarcRecordType.resource
        # auto_decode: without it a gzip body stays gzip
        for record in ArchiveIterator(stream, record_types=kinds, parse_http=True, auto_decode="all"):
            read += 1
            answer = _response(record, path, read, names)
            if isinstance(answer, Response):
                group.append(answer)
                size += len(answer.body)
            elif answer is not None:
                if group:
                    yield ResponsesChunk(tuple(group), size)
                    group, size = [], 0
                yield FailureChunk(answer)
            if size >= CHUNK_BYTES:
                yield ResponsesChunk(tuple(group), size)
                group, size = [], 0
    except (StreamError, OSError, EOFError, ValueError, RuntimeError) as error:
        if group:
            yield ResponsesChunk(tuple(group), size)
        yield FailureChunk(_cut(path, read, str(error)))
        return
    if group:
        yield ResponsesChunk(tuple(group), size)


def _cut(path: str, read: int, why: str) -> Unreadable:
    place = f"{path}:{read + 1}"
    return Unreadable(place, "RD109", f"{place}: {why}; the {read} responses before it were read", {"id": place})


def _response(record: Any, path: str, number: int, names: FieldNames) -> Response | Unreadable | None:
    """Give the response; None for one that is no text, such as an image or a redirection without a body."""
    headers = record.headers
    id_ = (headers.get("WARC-Record-ID") or f"{path}:{number}").strip("<>").removeprefix("urn:uuid:")
    url = headers.get("WARC-Target-URI") or ""
    http = record.http_headers
    content_type = (http.get("Content-Type") if http is not None else headers.get("Content-Type")) or ""
    kind = content_type.split(";")[0].strip().lower()
    if kind not in PAGE_TYPES and kind != "text/plain":
        return None
    body = record.reader.read(names.max_bytes + 1)
    if len(body) > names.max_bytes:
        return too_large(id_, url or f"{path}:{number}", record.content_length, names.max_bytes)
    return Response(id_, url, headers.get("WARC-Date") or "", content_type, body)
