"""WARC: the pages among a crawl's responses, with their address; their bodies are decoded in the worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, BinaryIO

from cleaner.corpus.compression import BrokenArchiveError
from cleaner.corpus.files import halved
from cleaner.corpus.http_body import BodyError, decoded, decoded_bytes, encodings_of
from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, Item, Record, Unreadable, too_large, unreadable
from cleaner.document import Document, Drop
from cleaner.encoding import NotTextError, decode
from cleaner.errors import InputError

CHUNK_BYTES = 1 << 20
RECORD_END = b"\r\n\r\n"
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class Response:
    """One archived answer of a server: `body` in the `encodings` that it came in."""

    id: str
    url: str
    date: str
    content_type: str
    body: bytes
    encodings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponsesChunk:
    """Some responses of one WARC file."""

    responses: tuple[Response, ...]
    size: int
    names: FieldNames

    def items(self) -> Iterator[Item]:
        """Yield the responses."""
        for response in self.responses:
            yield Item(response.id, partial(_record, response, self.names.max_bytes))

    def halves(self) -> tuple[ResponsesChunk, ...]:
        """Return the same responses as two chunks; nothing where there is one."""
        return tuple(replace(self, responses=half, size=self.size // 2) for half in halved(self.responses))


def _record(response: Response, max_bytes: int) -> Record | Unreadable:
    html = response.content_type.split(";")[0].strip().lower() in PAGE_TYPES
    fields = {"id": response.id, "url": response.url, "crawled": response.date}
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
    """Cut a WARC file into chunks of responses with a page or a plain text; other records are no documents.

    `stream` is decompressed already. Raises `InputError` where fastwarc is not installed.
    """
    group: list[Response] = []
    size = 0
    for answer in _whole_responses(stream, path, names):
        if isinstance(answer, Response):
            group.append(answer)
            size += min(decoded_bytes(answer.body, answer.encodings), names.max_bytes)
        if group and (size >= CHUNK_BYTES or isinstance(answer, Unreadable)):
            yield ResponsesChunk(tuple(group), size, names)
            group, size = [], 0
        if isinstance(answer, Unreadable):
            yield FailureChunk(answer)
    if group:
        yield ResponsesChunk(tuple(group), size, names)


class _Watched:
    """A stream that says how it ended: fastwarc takes an end for the end, cut or not."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._place = 0
        self._last = b""
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """Read what there is, up to `size` bytes; an error is kept and looks like the end."""
        try:
            data: bytes = self._stream.read1(size)  # type: ignore[attr-defined]
        except (BrokenArchiveError, OSError) as error:
            self.error = error
            return b""
        self._place += len(data)
        self._last = (self._last + data)[-len(RECORD_END) :]
        return data

    def tell(self) -> int:
        """Return the place, in bytes."""
        return self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        """Stay: fastwarc asks for the place by a seek to nowhere."""
        return self._place

    def close(self) -> None:
        """Leave it open: whoever opened the stream closes it."""

    @property
    def cut(self) -> str | None:
        """Why the stream is not whole; None where it is."""
        if self.error is not None:
            return str(self.error)
        return "the file is cut: it ends inside a record" if self._last and self._last != RECORD_END else None


def _whole_responses(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Response | Unreadable]:
    """Yield the responses that are there in full; the last is held back until it is known that the file was not cut."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        raise InputError("WARC needs fastwarc: pip install 'webtext-cleaner[warc]'") from error
    watched = _Watched(stream)
    held: Response | Unreadable | None = None
    read = 0
    why = None
    kinds = WarcRecordType.response | WarcRecordType.resource
    try:
        # Where fastwarc decodes the bodies, a broken or a huge one ends the file.
        for record in ArchiveIterator(watched, record_types=kinds, parse_http=True, auto_decode="none"):
            answer = _response(record, path, read + 1, names)
            if held is not None:
                yield held
            read += 1
            held = answer
    except (OSError, EOFError, ValueError, RuntimeError) as error:
        why = str(error)
    cut = watched.cut
    if held is not None and cut is None:
        yield held
    elif held is not None:
        read -= 1
    if cut or why:
        place = f"{path}:{read + 1}"
        message = f"{place}: {cut or why}; the {read} responses before it were read"
        yield unreadable(place, "RD109", message)


def _response(record: Any, path: str, number: int, names: FieldNames) -> Response | Unreadable | None:
    """Return the response; None for one that is no text, such as an image or a redirection without a body."""
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
    encodings = encodings_of(http) if http is not None else ()
    return Response(id_, url, headers.get("WARC-Date") or "", content_type, body, encodings)
