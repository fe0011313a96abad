"""What several tests use: a run of `cleaner clean` in this process."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running import Done, is_excluded, lines

from cleaner.config import Config
from cleaner.runner.run import Run

# Spark's jobs of some hundred rows are over before a JVM has compiled them well: with these, and no check of the
# bytecode of Spark itself, a JVM takes two thirds of the processor time.
os.environ.setdefault(
    "JDK_JAVA_OPTIONS",
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote",
)

# Commands are started by the hundred: without bytecode each compiles its modules anew, a tenth to a
# fifth of the processor time of the tests that do.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Done]:
    """Give a function that cleans inputs and gives what came out."""

    def clean(*inputs: Path, workers: int = 1, limit: int | None = None, **config: Any) -> Done:
        folder = tmp_path / "out"
        folder.mkdir(exist_ok=True)
        out = folder / "corpus.jsonl"
        job = Run(tuple(map(str, inputs)), str(out), Config(**config), workers=workers, limit=limit)
        summary = job()
        done = Done(
            lines(out),
            lines(folder / "corpus.excluded.jsonl"),
            lines(folder / "corpus.ledger.jsonl"),
            summary,
            folder,
        )
        assert summary.read == summary.kept + summary.excluded + summary.unreadable
        assert (len(done.kept), len(done.excluded)) == (summary.kept, summary.excluded + summary.unreadable)
        assert len(done.ledger) == summary.kept + summary.excluded
        assert sum(not is_excluded(line) for line in done.ledger) == summary.kept
        return done

    return clean
