"""The ledger on disk: a line a document, with what was changed, where and why; enough to undo it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import xxhash

from cleaner import ledger
from cleaner.corpus.compression import open_read
from cleaner.corpus.record import id_text
from cleaner.corpus.text_places import json_opened, steps_to, value_at, with_texts
from cleaner.document import BETWEEN_PARTS, Drop, Edit, Note, Step, Tag, joined
from cleaner.errors import CleanerError
from cleaner.pipeline import MARKDOWN_STEP, Result


class EditLine(msgspec.Struct, array_like=True):
    """An edit as it stands in the file: `[start, old, new, message]`."""

    start: int
    old: str
    new: str
    message: str


class NoteLine(msgspec.Struct, array_like=True):
    """A note as it stands in the file: `[start, text, message]`."""

    start: int
    text: str
    message: str


class DropLine(msgspec.Struct, omit_defaults=True):
    """Why a document is excluded, as it stands in the file; of a duplicate with the kept document that it is like."""

    message: str
    duplicate_of: str | None = None
    similarity: float | None = None


class StepLine(msgspec.Struct, omit_defaults=True):
    """A step as it stands in the file."""

    code: str
    edits: list[EditLine] = []
    tags: dict[str, Any] = {}
    notes: list[NoteLine] = []
    drop: DropLine | None = None


class LedgerLine(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A document's line: its id, the digest of its cleaned text, and its steps; the last step may say that it goes.

    Of a record with several texts `fields` has their places, each with how many characters the text had that came in;
    digest and steps are then those of all of them as one text.
    """

    id: str
    digest: str
    fields: dict[str, int] = {}
    steps: list[StepLine]

    @property
    def excluded(self) -> bool:
        """Whether the document is not in the corpus."""
        return any(step.drop is not None for step in self.steps)

    @property
    def plain(self) -> str | None:
        """The text before it was written as Markdown, None where it was not."""
        last = self.steps[-1] if self.steps else None
        return last.edits[0].old if last is not None and last.code == MARKDOWN_STEP else None

    def plus(self, steps: Sequence[Step], text: str) -> LedgerLine:
        """Return the line with further steps, which lead to this text."""
        return LedgerLine(
            id=self.id, digest=digest(text), fields=self.fields, steps=[*self.steps, *map(_step_line, steps)]
        )

    def encoded(self) -> bytes:
        """Return the line as JSON, without the line end."""
        return msgspec.json.encode(self)

    def as_steps(self) -> list[Step]:
        """Return the steps, with their edits alone."""
        return [
            Step(step.code, tuple(Edit(e.start, e.old, e.new, e.message) for e in step.edits))
            for step in self.steps
            if step.edits
        ]


class UndoError(CleanerError, ValueError):
    """A cleaned text is not the one that the ledger speaks of."""


def digest(text: str) -> str:
    """Return 16 hexadecimal digits that tell a text from another (XXH3, 64 bit)."""
    return xxhash.xxh3_64_hexdigest(text.encode("utf-8", "surrogatepass"))


def ledger_line(result: Result) -> bytes:
    """Return the line of a result, as JSON without the line end."""
    steps = [*map(_step_line, result.steps)]
    fields = {place: len(text) for place, text in result.source_parts.items()}
    return msgspec.json.encode(LedgerLine(id=result.id, digest=digest(result.text), fields=fields, steps=steps))


def _step_line(step: Step) -> StepLine:
    line = StepLine(step.code, [], {}, [])
    for finding in step.findings:
        match finding:
            case Edit(start, old, new, message):
                line.edits.append(EditLine(start, old, new, message))
            case Note(start, text, message):
                line.notes.append(NoteLine(start, text, message))
            case Tag(key, value):
                line.tags[key] = round(value, 4) if isinstance(value, float) else value
            case Drop():
                line.drop = _drop_line(finding)
    return line


def with_drop(line: bytes, drop: Drop) -> bytes:
    """Return the line of a document with one more step: that it goes.

    >>> with_drop(b'{"id":"a","digest":"0","steps":[]}', Drop("the same text as b", "b", 1.0, code="ND101"))[31:75]
    b'[{"code":"ND101","drop":{"message":"the same'
    """
    step = msgspec.json.encode(StepLine(drop.code, drop=_drop_line(drop)))
    steps = line.removesuffix(b"]}")
    return steps + (b"" if steps.endswith(b"[") else b",") + step + b"]}"


def _drop_line(drop: Drop) -> DropLine:
    return DropLine(drop.message, drop.duplicate_of, drop.rounded_similarity)


def read_ledger(path: str | Path) -> Iterator[LedgerLine]:
    """Read the lines of a ledger. Raises `UndoError` for a line that is none."""
    decoder = msgspec.json.Decoder(LedgerLine)
    with open_read(path) as file:
        for number, line in enumerate(file, 1):
            try:
                yield decoder.decode(line)
            except (ValueError, RecursionError) as error:
                raise UndoError(f"{path}:{number}: this is no line of a ledger: {error}") from error


class Undoer:
    """Takes the steps of a ledger back, record by record.

    Looks documents up by id and digest, so records may stand in another order or be a part; of those that are equal in
    both, the first in the corpus is the first in the ledger. Lines of excluded documents
    are passed over. Memory: the ledger's lines of what was kept.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = path
        self._lines: dict[tuple[str, str], list[LedgerLine]] = {}
        # Where the texts of the records of an id are: mostly in one way, which all share.
        self._places: dict[str, set[tuple[str, ...]]] = {}
        ways: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for line in read_ledger(path):
            if line.excluded:
                continue
            self._lines.setdefault((line.id, line.digest), []).append(line)
            places = tuple(line.fields)
            if places not in self._places.setdefault(line.id, ways.setdefault(places, {places})):
                self._places[line.id] = self._places[line.id] | {places}

    def __call__(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the record with its text as it came in. Raises `UndoError` where the ledger does not know the text."""
        id_ = id_text(record.get("id"))
        for places in sorted(self._places.get(id_, {()})):
            text = _text_of(record, places)
            if text is None and places:
                record = json_opened(record, [steps_to(place) for place in places])
                text = _text_of(record, places)
            if text is None and not places:
                raise UndoError(f"record {id_!r} has no text")
            lines = None if text is None else self._lines.get((id_, digest(text)))
            if text is not None and lines is not None:
                line = lines.pop(0) if len(lines) > 1 else lines[0]
                return _with_source(record, line, ledger.undo(text, line.as_steps()))
        why = "its text was changed after the run" if id_ in self._places else "the ledger does not know it"
        raise UndoError(f"record {id_!r} cannot be undone: {why} ({self._path})")


def _text_of(record: Mapping[str, Any], places: Sequence[str]) -> str | None:
    """Return the text of a record, or those at the places as one; None where one of them is none."""
    if not places:
        text = record.get("text")
        text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return text if isinstance(text, str) else None
    texts = {place: value_at(record, place) for place in places}
    return None if None in texts.values() else joined({place: text or "" for place, text in texts.items()})


def _with_source(record: Mapping[str, Any], line: LedgerLine, source: str) -> dict[str, Any]:
    """Return the record with the text that came in; of several each in its place."""
    if not line.fields:
        return {**record, "text": source}
    texts: dict[str, str] = {}
    start = 0
    for place, length in line.fields.items():
        texts[place] = source[start : start + length]
        start += length + len(BETWEEN_PARTS)
    return with_texts(record, texts)
