"""A run's files read back, and a text that every rule leaves as it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.account.summary import Summary

ARTICLE = (
    "The harbour of Saltmere was quiet on Monday, and the ferries stayed at their piers until noon.\n\n"
    "The harbour master said that the wind had been stronger than forecast, and that nobody had been hurt.\n\n"
    "By the evening the first boats went out again, with fewer passengers than on an ordinary Monday."
)

TWO = (
    "Le café du vieux pont ouvre ses portes lundi matin, et les voisins attendent déjà devant la vitrine.\n"
    "La patronne a choisi des chaises bleues et un comptoir en bois clair qui vient d'une ancienne gare.\n"
    "The ferry left the harbour at nine in the morning, and nobody on the quay knew when it would come back."
)
"""Of three lines two are in French, one in English."""
SHARES = [{"language": "fr", "share": 0.66}, {"language": "en", "share": 0.34}]


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


def cleaned_with_kills(folder: Path, name: str, hash_seed: str, waits: Sequence[float], *options: str) -> int:
    """Clean in.jsonl of a folder into NAME.jsonl, killed after each of these seconds; return how often it was."""
    command = [sys.executable, "-m", "cleaner", "clean", str(folder / "in.jsonl"), "-o", f"{name}.jsonl"]
    command += [*options, "--progress", "never"]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    kills = 0
    for wait in waits:
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder, env=environment) as process:
            try:
                process.wait(wait)
            except subprocess.TimeoutExpired:
                process.kill()
                kills += 1
    subprocess.run(command, check=True, env=environment, capture_output=True, cwd=folder)
    return kills


def written(folder: Path, name: str) -> list[bytes]:
    """Return the corpus, the excluded records and the ledger of a run."""
    return [(folder / f"{name}{rest}.jsonl").read_bytes() for rest in ("", ".excluded", ".ledger")]
