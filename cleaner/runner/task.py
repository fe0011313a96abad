"""What a worker does: a chunk of records in, an outcome for each out."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from cleaner.account.outcome import Outcome
from cleaner.config import Config
from cleaner.corpus.columns import shallow
from cleaner.corpus.ledger_file import ledger_line, with_drop
from cleaner.corpus.record import ORIGINAL, Record, Unreadable, id_text, mark_as_text, mark_languages
from cleaner.corpus.text_places import with_texts
from cleaner.document import Document, Drop, Edit, Note
from cleaner.hosts import host_of
from cleaner.pipeline import Pipeline, Result
from cleaner.rules.catalog import UNREADABLE
from cleaner.runner.guarded import Guarded
from cleaner.runner.verdicts import rank_by

if TYPE_CHECKING:
    from cleaner.account.facts import Facts
    from cleaner.dedup.sketch import Sketcher

# Fields that a kept record gets from the page or the text, in this order, where it has none of its own.
METADATA_FIELDS = ("author", "date", "sitename", "section", "encoding")

# Where an id stays that is not the one by which the ledger knows the record, and a language that others found.
ID_ORIGINAL, LANGUAGE_ORIGINAL = "id_original", "language_original"

# The most that is kept of the name of a host.
HOST_CHARS = 100


@dataclass(frozen=True, slots=True)
class Task(Guarded[Record | Unreadable, Outcome]):
    """The work on a chunk. Can be sent to a worker; gives the same whichever does it.

    `report` says whether the facts of each document are taken, `whole_text` whether a record that has several texts
    gets all of them as `text`, too.
    """

    pipeline: Pipeline
    sketcher: Sketcher | None
    text_field: str
    html_field: str
    keep: str
    as_json: bool
    report: bool = False
    whole_text: bool = False

    @classmethod
    def of(cls, config: Config, *, as_json: bool, report: bool = False, whole_text: bool = False) -> Task:
        """Make the task that a configuration asks for."""
        return cls(
            config.pipeline(),
            config.sketcher(),
            config.text_field,
            config.html_field,
            config.keep,
            as_json,
            report,
            whole_text,
        )

    def warm_up(self) -> None:
        """Load what the first document would have to wait for."""
        self.pipeline(Document("", "The ferry left at nine, and nobody was on the pier.\n\nShare on Facebook"))
        if self.sketcher is not None:
            self.sketcher.batch(["The ferry left at nine."])

    def is_text(self, record: Record | Unreadable) -> bool:
        """Tell whether a record that was read is text, and no page."""
        return isinstance(record, Record) and record.document.html is None

    def work(self, record: Record | Unreadable) -> Outcome:
        """Clean one record."""
        return _unreadable(record) if isinstance(record, Unreadable) else self._cleaned(record)

    def not_read(self, place: str, why: Drop) -> Unreadable:
        """Return what stands for a record that could not even be read."""
        return Unreadable(place, why)

    def _cleaned(self, record: Record) -> Outcome:
        begun = time.perf_counter()
        result = self.pipeline(record.document)
        outcome = self._outcome(record, result)
        return outcome._replace(facts=self._facts(result, time.perf_counter() - begun)) if self.report else outcome

    def refuse(self, record: Record | Unreadable | None, place: str, why: Drop) -> Outcome:
        """Return the outcome of a record that is not to be cleaned; None for one that cannot even be read."""
        if isinstance(record, Record):
            id_, fields = record.document.id, record.fields
        else:
            id_, fields = (record.id, record.fields) if record else (place, {})
        return _unreadable(Unreadable(id_, why, fields))

    def sketched(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Add the sketches of the texts that may be kept."""
        if self.sketcher is None:
            return outcomes
        some = [number for number, outcome in enumerate(outcomes) if outcome.dropped is None]
        for number, sketch in zip(some, self.sketcher.batch([outcomes[n].text for n in some]), strict=True):
            outcomes[number] = outcomes[number]._replace(sketch=sketch, text="")
        return outcomes

    def _outcome(self, record: Record, result: Result) -> Outcome:
        dropped = result.dropped
        kept: bytes | dict[str, Any] | None = None
        if dropped is None:
            kept = self._kept(record, result)
            kept = msgspec.json.encode(kept) if self.as_json else {key: shallow(value) for key, value in kept.items()}
        return Outcome(
            record.document.id,
            dropped,
            kept,
            msgspec.json.encode({key: value for key, value in record.fields.items() if key != "excluded"}),
            b"" if dropped is not None and dropped.code in UNREADABLE else ledger_line(result),
            language=result.language if self._tags_language else "",
            edits=edits_by_code(result),
            chars=(len(result.source_text), len(result.plain_text)),
            rank=rank_by(self.keep, record.fields, result),
            host=host_of(result.document.url)[:HOST_CHARS],
            text=result.plain_text if dropped is None and self.sketcher is not None else "",
        )

    @staticmethod
    def _facts(result: Result, seconds: float) -> Facts:
        from cleaner.account.facts import facts

        return facts(result, seconds)

    @property
    def _tags_language(self) -> bool:
        return "LG101" in self.pipeline.codes

    def _kept(self, record: Record, result: Result) -> dict[str, Any]:
        """Return the record with its cleaned text as `text`, where its text or page stood.

        Several texts, or one by its path, stay each in its place. Otherwise, a `text` of the input that is neither, or
        is the page itself, stays as `text_original`; a text that begins like a page has there what it was made of. An
        `excluded` goes, as what a former run said.
        """
        page, parts = result.document.html, result.document.parts
        given = with_texts(record.fields, parts) if parts else record.fields
        source = self.text_field if page is None or page is record.fields.get(self.text_field) else self.html_field
        fields: dict[str, Any] = {}
        if id_text(record.fields.get("id")) != result.id:
            fields["id"] = result.id
        for key, value in given.items():
            if key == source and not parts:
                fields["text"] = result.text
                if key == self.text_field and page is not None:
                    fields[ORIGINAL] = value
            elif key == "text" != self.text_field and not parts:
                fields.setdefault(ORIGINAL, value)
            elif key == "id" and "id" in fields:
                fields.update({} if value in (None, "") else {ID_ORIGINAL: value})
            elif key != "excluded" and (parts or key != self.text_field):
                fields[key] = value
        if self.whole_text or not parts:
            fields["text"] = result.text
            mark_as_text(fields, result.source_text)
        found: dict[str, Any] = {"url": result.document.url, "title": result.title, **result.metadata}
        for key in ("url", "title", *METADATA_FIELDS):
            if found.get(key) and not fields.get(key):
                fields[key] = found[key]
        if self._tags_language:
            if fields.get("language") is not None and "language_score" not in record.fields:  # somebody else's
                fields.setdefault(LANGUAGE_ORIGINAL, fields["language"])
            fields["language"] = result.language
            fields["language_score"] = round(result.language_score, 4)
            mark_languages(fields, result.languages)
        return fields


def edits_by_code(result: Result) -> dict[str, int]:
    """Count the edits and notes of a result by rule code."""
    counts: Counter[str] = Counter()
    for step in result.steps:
        counts[step.code] += sum(isinstance(finding, Edit | Note) for finding in step.findings)
    return {code: number for code, number in counts.items() if number}


def _unreadable(record: Unreadable) -> Outcome:
    fields = {"id": record.id, **{k: v for k, v in record.fields.items() if k != "excluded"}}
    try:
        line = msgspec.json.encode(fields)
    except (TypeError, ValueError, OverflowError):  # a value that JSON does not know, out of Parquet
        line = msgspec.json.encode({key: _as_json(value) for key, value in fields.items()})
    url = record.fields.get("url")
    host = host_of(url)[:HOST_CHARS] if isinstance(url, str) else ""
    if record.dropped.code in UNREADABLE:
        return Outcome(record.id, record.dropped, None, line, b"", host=host)
    empty = Result(Document(record.id), (), record.dropped, "")
    return Outcome(record.id, record.dropped, None, line, with_drop(ledger_line(empty), record.dropped), host=host)


def _as_json(value: Any) -> Any:
    try:
        msgspec.json.encode(value)
    except (TypeError, ValueError, OverflowError):
        return repr(value)
    return value
