"""What a program may have in its hand, as a document: a text, a page, a file's path, a tree, a response."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from cleaner.corpus.files import read_file
from cleaner.corpus.formats import format_at
from cleaner.corpus.record import FieldNames, Unreadable
from cleaner.corpus.sniff import looks_like_page
from cleaner.corpus.warc import PAGE_TYPES
from cleaner.document import Document, Drop
from cleaner.encoding import NotTextError, decode
from cleaner.kinds import MARKDOWN, PLAIN, Kind

_TEXT_TYPES: dict[str, Kind] = {"text/plain": PLAIN, "text/markdown": MARKDOWN}
# What of the many things that are no source people give, and what they meant.
_MEANT = {
    "DataFrame": "its rows are for clean_corpus(frame)",
    "LazyFrame": "its rows are for clean_corpus(frame.collect())",
    "Dataset": "its rows are for clean_corpus(dataset)",
    "DatasetDict": "the rows of one of its splits are for clean_corpus(dataset['train'])",
    "Table": "its rows are for clean_corpus(table)",
    "dict": "a record is for clean_corpus([record])",
    "list": "several texts are for clean_corpus(texts)",
    "tuple": "several texts are for clean_corpus(texts)",
    "BeautifulSoup": "give clean() str(soup)",
    "NoneType": "there is nothing to clean",
}


class Response(Protocol):
    """What a HTTP client gives: requests, httpx and Scrapy have the body in `content` or `body`."""

    url: Any
    headers: Any


class Tree(Protocol):
    """A page that lxml has parsed, or an element of one."""

    def iter(self, *tags: Any) -> Any:
        """Return the elements."""
        ...


class Source(NamedTuple):
    """A document; or, where the source is no text, what is known of it and why it is none."""

    document: Document
    refused: Drop | None = None


def read_source(source: object, *, url: str | None, html: bool | None, kind: Kind) -> Source:
    """Return the document that a source is. Raises `TypeError`, with what was meant, for what is none."""
    if isinstance(source, bytearray | memoryview):
        source = bytes(source)
    if isinstance(source, str | bytes):
        return _given(source, url, html, kind)
    if isinstance(source, os.PathLike):
        return _file(source, url, html, kind)
    if (page := _tree_as_page(source)) is not None:
        return _given(page, url, True, PLAIN)
    if (body := body_of(source)) is not None:
        return from_response(source, body, url=url, html=html)  # type: ignore[arg-type]
    name = type(source).__name__
    meant = "of a response that is still to be read, give the body" if hasattr(source, "url") else _MEANT.get(name)
    told = f"{name}: {meant}" if meant else name
    raise TypeError(f"clean() takes a page or a text (str, bytes, a Path, an lxml tree, a response), not {told}")


def _given(source: str | bytes, url: str | None, html: bool | None, kind: Kind) -> Source:
    page = looks_like_page(source) if html is None and kind == PLAIN else html
    if page:
        return Source(Document("", html=source, url=url))
    if isinstance(source, str):
        return Source(Document("", source, url=url, kind=kind))
    return _decoded(source, url, kind)


def _decoded(source: bytes, url: str | None, kind: Kind, content_type: str | None = None) -> Source:
    try:
        text, encoding = decode(source, content_type=content_type)
    except NotTextError as error:
        return Source(Document("", url=url), Drop(str(error), code="RD103"))
    return Source(Document("", text, url=url, metadata={"encoding": encoding}, kind=kind))


def _file(path: os.PathLike[Any], url: str | None, html: bool | None, kind: Kind) -> Source:
    name = os.fsdecode(path)
    os.stat(name)  # where there is no such file, say so as Python does
    format_ = format_at(name)
    if format_ is not None and format_.read is not None:
        raise ValueError(f"{name} holds records, not one text: `cleaner clean {name} -o corpus.jsonl` reads them")
    page = html if html is not None else kind == PLAIN and format_ is not None and format_.page
    found = read_file(name, html=page, names=FieldNames())
    if isinstance(found, Unreadable):
        return Source(Document(found.id, url=url), found.dropped)
    own = found.document
    return Source(replace(own, url=url or own.url, kind=own.kind if kind == PLAIN else kind))


def _tree_as_page(source: object) -> str | None:
    """Return an lxml tree, or an element of one, as the markup of a page."""
    if not type(source).__module__.startswith("lxml.") or not hasattr(source, "iter"):
        return None
    from lxml import html  # type: ignore[import-untyped]

    return str(html.tostring(source, encoding="unicode", with_tail=False))


def body_of(source: object) -> bytes | None:
    """Return the body of a response of requests, httpx or Scrapy; None of anything else."""
    if not (hasattr(source, "url") and hasattr(source, "headers")):
        return None
    body = getattr(source, "content", None) if hasattr(source, "content") else getattr(source, "body", None)
    return body if isinstance(body, bytes) else None


def from_response(response: Response, body: bytes, *, url: str | None, html: bool | None = None) -> Source:
    """Return the document of a response, by what its header says that the body is: a page, a text, or neither."""
    header = response.headers.get("Content-Type") or ""
    content_type = header.decode("latin-1") if isinstance(header, bytes) else str(header)
    media = content_type.split(";")[0].strip().lower()
    url = url or str(response.url)
    if html or (html is None and (media in PAGE_TYPES or looks_like_page(body))):
        return Source(Document("", html=body, url=url, content_type=content_type or None))
    if media and media not in _TEXT_TYPES:
        return Source(Document("", url=url), Drop(f"a response of {media} is no page and no text", code="RD103"))
    return _decoded(body, url, _TEXT_TYPES.get(media, PLAIN), content_type or None)
