"""A run's files read back, and a text that every rule leaves as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.account.summary import Summary

ARTICLE = (
    "The harbour of Saltmere was quiet on Monday, and the ferries stayed at their piers until noon.\n\n"
    "The harbour master said that the wind had been stronger than forecast, and that nobody had been hurt.\n\n"
    "By the evening the first boats went out again, with fewer passengers than on an ordinary Monday."
)


@dataclass
class Done:
    """The files and the account of a run."""

    kept: list[dict[str, Any]]
    excluded: list[dict[str, Any]]
    ledger: list[dict[str, Any]]
    summary: Summary
    folder: Path

    @property
    def reasons(self) -> dict[str, str]:
        return {record["id"].rsplit("/", 1)[-1]: record["excluded"]["code"] for record in self.excluded}

    @property
    def texts(self) -> dict[str, str]:
        return {str(record["id"]).rsplit("/", 1)[-1]: record["text"] for record in self.kept}


def is_excluded(line: dict[str, Any]) -> bool:
    """Tell whether a line of a ledger is that of a record that is not in the corpus."""
    return any("drop" in step for step in line["steps"])


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
