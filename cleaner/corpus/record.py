"""What a reader gives: a record with its document, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from cleaner.document import Document
from cleaner.values import MEGABYTE

# Names of the codes for what cannot be read; `cleaner rule RD104` tells more.
UNREADABLE = {
    "RD101": "unreadable-file",
    "RD102": "broken-archive",
    "RD103": "not-text",
    "RD104": "bad-json",
    "RD105": "missing-field",
    "RD106": "wrong-type",
    "RD107": "too-large",
    "RD108": "bad-parquet",
    "RD109": "bad-warc",
    "RD110": "parser-failed",
    "RD111": "timed-out",
    "RD112": "worker-died",
    "RD113": "out-of-memory",
    "RD114": "failed",
}


@dataclass(frozen=True, slots=True)
class Record:
    """A document, and the whole input record that it came in."""

    document: Document
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An input record that cannot be read: its code, what was wrong, and where.

    `fields` is what is known of the record: at least its `id`, its file and, where there is one, its line.
    """

    id: str
    code: str
    message: str
    fields: Mapping[str, Any] = field(default_factory=dict)


class Item(NamedTuple):
    """A record that is still to be read: the id that it has where it has none of its own, and how to read it."""

    place: str
    read: Callable[[], Record | Unreadable]


class Chunk(Protocol):
    """Some records of one input, small enough for one task. Can be sent to a worker."""

    @property
    def size(self) -> int:
        """How many bytes of the input it stands for."""
        ...

    def items(self) -> Iterator[Item]:
        """Give its records, in order; reading one gives an `Unreadable` where that cannot be done."""
        ...


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Where a record of JSONL or Parquet has its text, page, address and id; and how large it may be, in bytes."""

    text: str = "text"
    html: str = "html"
    url: str = "url"
    id: str = "id"
    max_bytes: int = 64 * MEGABYTE


def from_fields(fields: Mapping[str, Any], place: str, names: FieldNames) -> Record | Unreadable:
    """Give the record that these fields make. `place` is its id where it has none of its own.

    The text field goes before the page, unless it is empty and there is a page; a record that has neither, or something
    else than text there, is unreadable.
    """
    own = fields.get(names.id)
    id_ = str(own) if isinstance(own, str | int) and not isinstance(own, bool) and own != "" else place
    text, html = fields.get(names.text), fields.get(names.html)
    if text is None and html is None:
        present = ", ".join(map(repr, fields)) or "none"
        return Unreadable(
            id_, "RD105", f"{place}: no field {names.text!r} or {names.html!r}; the fields are {present}", fields
        )
    nothing = isinstance(text, str) and not text.strip()
    from_page = text is None or (nothing and isinstance(html, str | bytes) and len(html) > 0)
    key, value = (names.html, html) if from_page else (names.text, text)
    if not isinstance(value, str) and not (from_page and isinstance(value, bytes)):
        return Unreadable(id_, "RD106", f"{place}: {key!r} is {_kind(value)}, not text", fields)
    if len(value) > names.max_bytes:
        return too_large(id_, place, len(value), names.max_bytes)
    url, title = fields.get(names.url), fields.get("title")
    document = Document(
        id=id_,
        text=value if not from_page and isinstance(value, str) else "",
        html=value if from_page else None,
        title=title if isinstance(title, str) and title.strip() else None,
        url=url if isinstance(url, str) and url else None,
        metadata={key: fields[key] for key in ("author", "date") if isinstance(fields.get(key), str) and fields[key]},
    )
    return Record(document, fields)


def too_large(id_: str, place: str, size: int, limit: int) -> Unreadable:
    """Give the record for something over the size limit, whose text is not kept.

    Of what was read up to the limit, `size` is one byte more than that: how large it is nobody knows.
    """
    most = f"{limit / MEGABYTE:,g} MB"
    found = f"{size / MEGABYTE:,.1f} MB, the limit is {most}" if size > limit + 1 else f"more than {most}"
    message = f"{place}: the record has {found}; max_record_mb in cleaner.toml raises it"
    return Unreadable(id_, "RD107", message, {"id": id_, "bytes": size})


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), f"a {type(value).__name__}")
