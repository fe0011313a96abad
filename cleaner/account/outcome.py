"""What became of one record: kept, or why not, with what the files and the summary need of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cleaner.document import Drop

if TYPE_CHECKING:
    from cleaner.account.facts import Facts
    from cleaner.dedup.sketch import Sketch


class Outcome(NamedTuple):
    """What became of one input record.

    `dropped` says why a rule or a reader excludes it. `kept` is the output record, as JSON where the output is JSONL;
    `record` the input record as JSON, for the excluded file; `ledger` its line of the ledger, empty where it could not
    be read. `edits` counts edits by code, `chars` are the characters that came in and that are left, `rank` is what the
    keep policy compares. `text` is the cleaned text until its sketch is made. `facts` are what a report wants to know,
    None where there is none. `host` is that of its address, `source` the folder or file that the record lies in; empty
    where it is not known.
    """

    id: str
    dropped: Drop | None
    kept: bytes | Mapping[str, Any] | None
    record: bytes
    ledger: bytes
    sketch: Sketch | None = None
    language: str = ""
    edits: Mapping[str, int] = {}
    chars: tuple[int, int] = (0, 0)
    rank: float | str | None = None
    text: str = ""
    facts: Facts | None = None
    host: str = ""
    source: str = ""


def excluded_field(dropped: Drop) -> dict[str, Any]:
    """Return what an excluded record holds as `excluded`."""
    from cleaner.rules import name_of

    return {
        "code": dropped.code,
        "name": name_of(dropped.code),
        "message": dropped.message,
        "duplicate_of": dropped.duplicate_of,
        "similarity": dropped.rounded_similarity,
        **dropped.details,
    }


def excluded_line(record: bytes, dropped: Drop) -> bytes:
    """Return the line of an excluded record: the input record, as JSON, and why it is not kept.

    >>> excluded_line(b'{"id":"a"}', Drop("no text is left", code="TX101"))[:36]
    b'{"id":"a","excluded":{"code":"TX101"'
    """
    comma = b"," if len(record) > 2 else b""
    return record[:-1] + comma + b'"excluded":' + msgspec.json.encode(excluded_field(dropped)) + b"}"
