"""What a reader gives: a record with its document, or the reason why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

import msgspec

from cleaner.corpus.columns import as_text
from cleaner.corpus.sniff import looks_like_page
from cleaner.corpus.text_places import Step, is_plain, pages_at, texts_at
from cleaner.document import Document, Drop, joined
from cleaner.encoding import NotTextError, decode, text_of
from cleaner.kinds import PLAIN, Kinds, kind_of_records
from cleaner.values import MEGABYTE

# Where the field `text` of a record stays that has its text in another one, or had a page or a text like one there.
ORIGINAL = "text_original"

# The field for the parts of a text that are in several languages.
LANGUAGES = "languages"


@dataclass(frozen=True, slots=True)
class Record:
    """A document, and the whole input record that it came in."""

    document: Document
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An input record of which there is no document: what was wrong, and where.

    `fields` is what else is known of the record, such as the line of the file.
    """

    id: str
    dropped: Drop
    fields: Mapping[str, Any] = field(default_factory=dict)


def unreadable(id_: str, code: str, message: str, /, **fields: Any) -> Unreadable:
    """Return the record of which there is no document; `fields` is what is known of it."""
    return Unreadable(id_, Drop(message, code=code), fields)


class RawText(Protocol):
    """The text of a record inside the bytes that it was read from, as text: a string in JSON, a cell of CSV."""

    def in_raw(self, offset: int) -> int:
        """Return the place in the record of the character at `offset` of its text."""
        ...

    def in_row(self, changes: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Return changes of the text (from, to, new), in order, as changes of the record; all else of it stays."""
        ...


Places = Mapping[str, Sequence[Step]]
"""Places of texts in a record, by what they are called, each with its names and numbers."""


class Raw(NamedTuple):
    """A record as it stands in the data of its chunk: from which byte on, its bytes, and how its texts are found there.

    `texts` takes the record as text and the places of its texts. `line` is that of the file where it begins, 0 where
    the number in its place says that; `column` is the one in that line, from 1.
    """

    start: int
    data: bytes
    texts: Callable[[str, Places], Mapping[str, RawText]]
    line: int = 0
    column: int = 1


class Item(NamedTuple):
    """A record that is still to be read: the id that it has where it has none of its own, and how to read it.

    `raw` is where the chunk's bytes have it, None where they are not those of a text, or where nobody asked.
    """

    place: str
    read: Callable[[], Record | Unreadable]
    raw: Raw | None = None


class Chunk(Protocol):
    """Some records of one input, small enough for one task. Can be sent to a worker."""

    @property
    def size(self) -> int:
        """How many bytes of the input it stands for."""
        ...

    def items(self) -> Iterator[Item]:
        """Yield its records, in order; reading one gives an `Unreadable` where that cannot be done."""
        ...

    def halves(self) -> tuple[Chunk, ...]:
        """Return the same records as two smaller chunks; nothing where there is one alone."""
        ...


@dataclass(frozen=True, slots=True)
class FailureChunk:
    """An input, or a part of one, that could not be read at all."""

    failure: Unreadable
    size: int = 0

    def items(self) -> Iterator[Item]:
        """Yield the failure."""
        yield Item(self.failure.id, lambda: self.failure)

    def halves(self) -> tuple[Chunk, ...]:
        """Return nothing: it is one."""
        return ()


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Where a record of JSONL or Parquet has its text, page, address and id; and how large it may be, in bytes.

    `kinds` say of which kind the texts of files are, `records_at` under which name a JSON file has its array, empty
    for the top, `status` which answers of an archive are read, `2xx` or `any`; `format` in which format all inputs
    are, None for what each says. `passed` counts what readers come by that is no record, by its kind: it is the one
    thing here that changes. `folder` is where what is fetched from elsewhere lies for a time, None for the system's.
    `raw` asks for the bytes of each record and where they stand, a quarter of the time that reading a JSON array takes.
    """

    text: str = "text"
    html: str = "html"
    url: str = "url"
    id: str = "id"
    max_bytes: int = 64 * MEGABYTE
    kinds: Kinds = ()
    records_at: str = ""
    status: str = "2xx"
    format: str | None = None
    folder: str | None = None
    raw: bool = False
    passed: Counter[str] = field(default_factory=Counter, compare=False)

    @property
    def records_path(self) -> tuple[str, ...]:
        """The names that lead to the array of a JSON file, one in the other."""
        return tuple(self.records_at.split(".")) if self.records_at else ()


def from_fields(fields: Mapping[str, Any], place: str, names: FieldNames) -> Record | Unreadable:
    """Return the record that these fields make. `place` is its id where it has none of its own.

    The text field, a name or paths, goes before the page, a name or paths, too, unless it is empty and there is a page.
    A text that is a page itself is taken for one, as `cleaner.clean()` does, where it is that of a name, unless a
    former run wrote it: then what it was made of stands beside it (`mark_as_text`). A record that has neither, or
    something else than text there, is unreadable.
    """
    id_ = id_text(fields.get(names.id)) or place
    text, html = fields.get(names.text), fields.get(names.html)
    try:
        parts = texts_at(fields, names.text) if _leads_on(names.text, fields) else {}
        if isinstance(text, bytes):
            text = text_of(text)
    except NotTextError as error:
        return Unreadable(id_, Drop(f"{place}: {names.text!r}: {error}", code="RD103"), fields)
    if _leads_on(names.html, fields) and _is_blank(joined(parts) if parts else text):
        pages = pages_at(fields, names.html)
        if any(pages.values()) or (pages and text is None and not parts):
            return _with_pages(pages, id_, fields, place, names)
    if parts:
        return _with_parts(parts, id_, fields, place, names)
    if text is None and html is None:
        return _without_text(id_, fields, place, names)
    from_page = text is None or (_is_blank(text) and isinstance(html, str | bytes) and len(html) > 0)
    key, value = (names.html, html) if from_page else (names.text, text)
    if not isinstance(value, str) and not (from_page and isinstance(value, bytes)):
        hint = f"; {key}[] is each text in it" if isinstance(value, list) else ""
        return Unreadable(id_, Drop(f"{place}: {key!r} is {_kind(value)}, not text{hint}", code="RD106"), fields)
    if len(value) > names.max_bytes:
        return too_large(id_, place, len(value), names.max_bytes)
    is_page = from_page or (looks_like_page(value) and not (key == "text" and fields.get(ORIGINAL) is not None))
    if is_page or isinstance(value, bytes):
        return Record(_document(id_, fields, names, html=value), fields)
    return Record(_document(id_, fields, names, text=value, kind=_kind_of(place, names)), fields)


def _leads_on(field: str, fields: Mapping[str, Any]) -> bool:
    """Tell whether these are paths, which lead into fields; a field that is called so goes before them."""
    return field not in fields and not is_plain(field)


def _is_blank(text: Any) -> bool:
    return text is None or (isinstance(text, str) and not text.strip())


def _without_text(id_: str, fields: Mapping[str, Any], place: str, names: FieldNames) -> Unreadable:
    text = ("field " if is_plain(names.text) else "text at ") + repr(names.text)
    page = ("" if is_plain(names.html) else "page at ") + repr(names.html)
    present = ", ".join(map(repr, fields)) or "none"
    return Unreadable(id_, Drop(f"{place}: no {text} or {page}; the fields are {present}", code="RD105"), fields)


def _with_pages(
    pages: dict[str, str | bytes], id_: str, fields: Mapping[str, Any], place: str, names: FieldNames
) -> Record | Unreadable:
    size = sum(map(len, pages.values()))
    if size > names.max_bytes:
        return too_large(id_, place, size, names.max_bytes)
    parts, encodings = {}, []
    for where, page in pages.items():
        if isinstance(page, bytes):
            try:
                page, encoding = decode(page, html=True)
            except NotTextError as error:
                return Unreadable(id_, Drop(f"{place}: {where}: {error}", code="RD103"), fields)
            encodings.append(encoding)
        parts[where] = page
    document = _document(id_, fields, names, html=joined(parts), parts=parts)
    known = {"encoding": encodings[0]} if encodings else {}
    return Record(replace(document, metadata={**document.metadata, **known}), fields)


def mark_as_text(fields: dict[str, Any], source: str) -> None:
    """Have a record to be written say that its text is one, where it begins like a page: by a `text_original`.

    That is `source`, what the text was made of, unless something stands there.
    """
    if looks_like_page(fields["text"]) and fields.get(ORIGINAL) is None:
        fields[ORIGINAL] = source


def languages_field(languages: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return what a record of a text in several languages holds as `languages`; nothing for one.

    >>> languages_field({"fr": 0.66, "en": 0.34})
    [{'language': 'fr', 'share': 0.66}, {'language': 'en', 'share': 0.34}]
    """
    return [{"language": name, "share": part} for name, part in languages.items()] if len(languages) > 1 else []


def mark_languages(fields: dict[str, Any], languages: Mapping[str, float]) -> None:
    """Write the languages of a text in several; what a former run wrote goes, what is somebody else's stays."""
    before, told = fields.get(LANGUAGES), languages_field(languages)
    if before not in (None, "") and not _is_languages_field(before):
        return
    if told:
        fields[LANGUAGES] = told
    elif before:
        del fields[LANGUAGES]


def _is_languages_field(value: Any) -> bool:
    """Tell whether a run wrote this, which has it as JSON in CSV, and in a column where others are of another type."""
    if isinstance(value, str) and value.startswith("[{"):
        try:
            value = msgspec.json.decode(value)
        except msgspec.DecodeError:
            return False
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(part, Mapping) and part.keys() == {"language", "share"} for part in value)
    )


def _with_parts(
    parts: dict[str, str], id_: str, fields: Mapping[str, Any], place: str, names: FieldNames
) -> Record | Unreadable:
    size = sum(map(len, parts.values()))
    if size > names.max_bytes:
        return too_large(id_, place, size, names.max_bytes)
    kind = _kind_of(place, names)
    return Record(_document(id_, fields, names, text=joined(parts), parts=parts, kind=kind), fields)


def _kind_of(place: str, names: FieldNames) -> str:
    return kind_of_records(place.rpartition(":")[0], names.kinds) if names.kinds else PLAIN


def _document(id_: str, fields: Mapping[str, Any], names: FieldNames, **content: Any) -> Document:
    """Return the document of a record, with its text or page."""
    return Document(
        id=id_,
        title=_filled(fields.get("title")),
        url=_filled(fields.get(names.url)),
        metadata={key: value for key in ("author", "date") if (value := _filled(fields.get(key)))},
        **content,
    )


def id_text(value: Any) -> str:
    """Return the id of a record as the ledger has it: a text as it is, all else as JSON; empty where there is none.

    >>> id_text("a"), id_text(7), id_text(["b", 1]), id_text(None)
    ('a', '7', '["b",1]', '')
    """
    return "" if isinstance(value, float) and value != value else as_text(value) or ""


def _filled(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def too_large(id_: str, place: str, size: int, limit: int) -> Unreadable:
    """Return the record for something over the size limit, whose text is not kept.

    Where reading stopped at the limit, `size` is one byte more than the limit, and the true size is not known.
    """
    most = f"{limit / MEGABYTE:,g} MB"
    found = f"{size / MEGABYTE:,.1f} MB, the limit is {most}" if size > limit + 1 else f"more than {most}"
    message = f"{place}: the record has {found}; max_record_mb in cleaner.toml raises it"
    return unreadable(id_, "RD107", message, bytes=size)


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), f"a {type(value).__name__}")
