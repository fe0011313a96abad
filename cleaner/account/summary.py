"""The account of a run: what came in, what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cleaner.account.outcome import Outcome
from cleaner.account.sources import Sources
from cleaner.document import Drop
from cleaner.rules.catalog import UNREADABLE


@dataclass(slots=True)
class IndexAccount:
    """What came of holding a run against the index `path`.

    `duplicates` were excluded for a text of the index, `own` of these for one with the same id; `added` were kept and
    added. `repeated` says that the same run had added its texts before.
    """

    path: str
    duplicates: int = 0
    own: int = 0
    added: int = 0
    repeated: bool = False


@dataclass(slots=True)
class Summary:
    """Counts of a run so far. `read == kept + excluded + unreadable`, always.

    `bytes_read` counts the input as it is parsed, decompressed; `bytes_total` is what it will be, None where only the
    end will tell. `reasons` and `examples` are by
    code; an example is the first record's id and its message. `capped_buckets` counts the groups of candidates in which
    some were not compared, and `partly_compared` the kept texts that were looked for in one. `whole` counts the texts
    that stay whole though they have passages of others, by the reason: over half, left out, like another.
    `index` is there where the run was held against one. `names` has the name of every code. `remarks` say what came out
    otherwise than it came in. `passed_records` counts what in archives is neither page nor text, by its kind.
    `skipped` counts the files that the user left out, `not_drawn` the records that were read and are not in the sample;
    they are in no other count. `sources` has the counts by folder or file, and by host.
    """

    read: int = 0
    kept: int = 0
    bytes_read: int = 0
    bytes_total: int | None = None
    chars_in: int = 0
    chars_kept: int = 0
    passed_over: int = 0
    skipped: int = 0
    not_drawn: int = 0
    seconds: float = 0.0
    capped_buckets: int = 0
    partly_compared: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, str]] = field(default_factory=dict)
    edits: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    index: IndexAccount | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    passed_records: Counter[str] = field(default_factory=Counter)
    sources: Sources = field(default_factory=Sources)

    @property
    def unreadable(self) -> int:
        """Records that could not be read."""
        return sum(number for code, number in self.reasons.items() if code in UNREADABLE)

    @property
    def excluded(self) -> int:
        """Records that were read and are not kept."""
        return sum(number for code, number in self.reasons.items() if code not in UNREADABLE)

    def add(self, outcome: Outcome, dropped: Drop | None) -> None:
        """Count one record, and why it is not kept; None where it is."""
        self.read += 1
        self.sources.add(outcome, dropped)
        if dropped is not None:
            self.reasons[dropped.code] += 1
            self.examples.setdefault(dropped.code, (outcome.id, dropped.message))
            if self.index is not None and "index" in dropped.details:
                self.index.duplicates += 1
                self.index.own += dropped.duplicate_of == outcome.id
            return
        self.kept += 1
        self.chars_in += outcome.chars[0]
        self.chars_kept += outcome.chars[1]
        self.edits.update(outcome.edits)
        if outcome.language:
            self.languages[outcome.language] += 1

    def take_out(self, chars: int, edits: Mapping[str, int]) -> None:
        """Count what a kept text loses after all were seen."""
        self.chars_kept -= chars
        self.edits.update(edits)

    def change_language(self, before: str, after: str) -> None:
        """Count a kept text, of which a part went after all were seen, for the language of what is left."""
        if after != before:
            self.languages[after] += 1
            self.languages[before] -= 1
            self.languages += Counter()  # without those of which no text is left
