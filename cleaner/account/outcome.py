"""What became of one record: kept, or why not, with what the files and the summary need of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cleaner.corpus.record import UNREADABLE

if TYPE_CHECKING:
    from cleaner.account.facts import Facts
    from cleaner.dedup.sketch import Sketch


class Reason(NamedTuple):
    """Why a record is not kept: code, its name, and a sentence. A duplicate names its twin and the similarity."""

    code: str
    message: str
    duplicate_of: str | None = None
    similarity: float | None = None
    details: Mapping[str, Any] = {}  # never changed

    def as_field(self) -> dict[str, Any]:
        """Give what an excluded record holds as `excluded`."""
        from cleaner.rules import name_of

        return {
            "code": self.code,
            "name": UNREADABLE.get(self.code) or name_of(self.code),
            "message": self.message,
            "duplicate_of": self.duplicate_of,
            "similarity": self.similarity,
            **self.details,
        }


class Outcome(NamedTuple):
    """What became of one input record.

    `kept` is the output record, as JSON where the output is JSONL; `record` the input record as
    JSON, for the excluded file; `ledger` its line of the ledger. `edits` counts edits by
    code, `chars` are the characters that came in and that are left, `rank` is what the keep policy compares. `text` is
    the cleaned text until its sketch is made. `facts` are what a report wants to know, None where there is none.
    """

    id: str
    reason: Reason | None
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


def excluded_line(record: bytes, reason: Reason) -> bytes:
    """Give the line of an excluded record: the input record, as JSON, and why it is not kept.

    >>> excluded_line(b'{"id":"a"}', Reason("TX101", "no text is left"))[:36]
    b'{"id":"a","excluded":{"code":"TX101"'
    """
    comma = b"," if len(record) > 2 else b""
    return record[:-1] + comma + b'"excluded":' + msgspec.json.encode(reason.as_field()) + b"}"
