"""`cleaner check` as a user runs it, and files to run it on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from cleaner.check.diagnostics import Diagnostic
from cleaner.check.linter import Outcome
from cleaner.check.linter import check as run_check
from cleaner.cli import main
from cleaner.config import Config

MOJIBAKE = "Caf\u00c3\u00a9"  # what becomes of "Café"

STORY = (
    "A lighthouse keeper on the northern cape has counted the birds of every autumn since he was a boy.\n\n"
    "His notebooks, forty of them, were given to the museum, where two students now copy the figures by hand.\n"
)


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str
    raw: bytes = b""

    @property
    def found(self) -> list[str]:
        """The findings, each as `path:line:column: CODE`."""
        return [" ".join(line.split(" ")[:2]) for line in self.out.splitlines()]


def said(*arguments: str | Path) -> Said:
    """Run `cleaner check` in this process."""
    result = CliRunner().invoke(main, ["check", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout_bytes.decode("utf-8", "replace"), result.stderr, result.stdout_bytes)


def said_by_process(*arguments: str | Path, cwd: Path) -> Said:
    """Run `cleaner check` in a process of its own."""
    command = [sys.executable, "-m", "cleaner", "check", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False)
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def outcome(*paths: Path, **options: object) -> Outcome:
    """Check files with the defaults of the library: no cache, this process alone."""
    config = options.pop("config", None) or Config(ignore=("ND",))
    return run_check([str(path) for path in paths], config, **options)  # type: ignore[arg-type]


def found(*paths: Path, **options: object) -> list[Diagnostic]:
    """Give the findings."""
    return outcome(*paths, **options).diagnostics


def places(diagnostics: list[Diagnostic]) -> list[str]:
    """Give findings as `line:column CODE`."""
    return [f"{d.line}:{d.column} {d.code}" for d in diagnostics]
