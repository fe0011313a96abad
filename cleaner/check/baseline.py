"""A file of findings that are known: they are quiet, new ones are told."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cleaner.check.diagnostics import Diagnostic, digest
from cleaner.errors import InputError, OutputError
from cleaner.inert import as_utf8, inert_json
from cleaner.named_file import read_named
from cleaner.replacing import replaced

VERSION = 1
DEFAULT_NAME = "cleaner-baseline.json"
# Enough of the line that a reader of the file knows it again, in code points.
LINE_CHARS = 80


class Key(NamedTuple):
    """What a finding is known by: the file, as seen from the baseline, the rule, and a digest of the line."""

    path: str
    code: str
    content: str


class LookedAt(NamedTuple):
    """The files that were checked, and the rules that were run on them: of others nothing can be said."""

    paths: Collection[str] = ()
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """The findings of a baseline: how often each is known, and its line for readers. `folder` is where it lies."""

    counts: Mapping[Key, int] = field(default_factory=dict)
    lines: Mapping[Key, str] = field(default_factory=dict)
    folder: str = ""

    def has(self, diagnostic: Diagnostic) -> bool:
        """Tell whether this is a known one."""
        return bool(self.counts) and key(diagnostic, self.folder) in self.counts

    def new(self, diagnostics: Iterable[Diagnostic], looked_at: LookedAt) -> tuple[list[Diagnostic], list[Key]]:
        """Return the findings that are not known, and the entries that were looked for and are found no more.

        Where the same stands in a file more often than it is known, the later ones are new.
        """
        if not self.counts:
            return list(diagnostics), []
        left = Counter(dict(self.counts))
        told = []
        for diagnostic in diagnostics:
            its = key(diagnostic, self.folder)
            if left[its] > 0:
                left[its] -= 1
            else:
                told.append(diagnostic)
        unseen = self.unseen(looked_at)
        return told, [its for its, number in sorted(left.items()) if number > 0 and its not in unseen]

    def unseen(self, looked_at: LookedAt) -> set[Key]:
        """Return the entries of files that were not checked and are still there, and of rules that were not run."""
        paths = {_relative(path, self.folder) for path in looked_at.paths}
        return {
            its
            for its in self.counts
            if its.code not in looked_at.codes
            or (its.path not in paths and os.path.exists(os.path.join(self.folder, its.path)))
        }


def key(diagnostic: Diagnostic, folder: str) -> Key:
    """Return what a finding is known by in a baseline of this folder."""
    return Key(_relative(diagnostic.path, folder), diagnostic.code, digest(diagnostic.content))


def _relative(path: str, folder: str) -> str:
    return as_utf8(os.path.relpath(path, folder or ".").replace(os.sep, "/"))


def read_baseline(path: str) -> Known:
    """Read a baseline. Raises `InputError` where it is none."""
    try:
        table = json.loads(read_named(path))
        if table["version"] != VERSION:
            raise InputError(f"{path}: version {table['version']!r} of a baseline, known is {VERSION}")
        keys = [(Key(f["path"], f["code"], f["content"]), f) for f in table["findings"]]
        counts = {its: int(entry["count"]) for its, entry in keys}
        lines = {its: str(entry["line"]) for its, entry in keys}
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such baseline; --write-baseline makes it") from None
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path}: this is no baseline of cleaner: {error}") from error
    return Known(counts, lines, os.path.dirname(os.path.abspath(path)))


def write_baseline(path: str, diagnostics: Iterable[Diagnostic], looked_at: LookedAt) -> int:
    """Write down the findings as known; give how many there are. The same findings give the same bytes.

    Of a baseline that is there already, what was not looked at stays. Raises `InputError` where another file is there.
    """
    before = read_baseline(path) if os.path.exists(path) else Known()
    folder = os.path.dirname(os.path.abspath(path))
    unseen = before.unseen(looked_at)
    counts: Counter[Key] = Counter({its: before.counts[its] for its in unseen})
    lines = {its: before.lines[its] for its in unseen}
    number = 0
    for diagnostic in diagnostics:
        its = key(diagnostic, folder)
        counts[its] += 1
        lines[its] = diagnostic.content[:LINE_CHARS]
        number += 1
    findings = [{**its._asdict(), "count": counts[its], "line": lines[its]} for its in sorted(counts)]
    table = {"version": VERSION, "findings": findings}
    text = inert_json(json.dumps(table, ensure_ascii=False, indent=1), screen=False) + "\n"
    # Whole or not at all: half a baseline would be no baseline, and what it knew were lost.
    real = Path(os.path.realpath(path))
    try:
        with replaced(real) as new:
            Path(new).write_text(text, encoding="utf-8", newline="\n")
            if real.exists():
                shutil.copymode(real, new)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    return number
