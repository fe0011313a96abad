"""What came of each source: the folder or the file that records lie in, and the host of their address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cleaner.account.gather import Tally
from cleaner.account.outcome import Outcome
from cleaner.document import Drop
from cleaner.rules.catalog import UNREADABLE

# Sources that are counted exactly; beyond twice as many, those that lost least are forgotten.
TALLIED = 1_000

# The most that a manifest and a report have of each sort.
TOLD = 100


def _tally() -> Tally:
    return Tally(TALLIED)


@dataclass(slots=True)
class Sources:
    """Counts by folder or file, and by host, in bounded memory.

    A text or page that is a file counts for its folder, a record of a file for the file. What has no address counts
    for no host.
    """

    places: Tally = field(default_factory=_tally)
    hosts: Tally = field(default_factory=_tally)

    def add(self, outcome: Outcome, dropped: Drop | None) -> None:
        """Count one record, and why it is not kept; None where it is."""
        unreadable = dropped is not None and dropped.code in UNREADABLE
        cut = outcome.chars[0] - outcome.chars[1] if dropped is None else 0
        amounts = (int(dropped is not None), max(0, cut), 1, int(unreadable))
        if outcome.source:
            self.places.add(outcome.source, *amounts)
        if outcome.host:
            self.hosts.add(outcome.host, *amounts)

    def told(self) -> dict[str, Any]:
        """Return them as values of JSON, of each sort those first that lost most records, then most characters.

        The characters are those that rules took out of kept texts.
        """
        return {"places": _told(self.places), "hosts": _told(self.hosts)}


def _told(tally: Tally) -> dict[str, Any]:
    return {
        "number": len(tally),
        "exact": not tally.forgot,
        "top": [
            {
                "source": source,
                "read": read,
                "kept": read - lost,
                "excluded": lost - unreadable,
                "unreadable": unreadable,
                "characters_taken_out": cut,
            }
            for source, (lost, cut, read, unreadable) in tally.top(TOLD)
        ],
    }
