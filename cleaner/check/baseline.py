"""A file of findings that are known: they are quiet, new ones are told."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import xxhash

from cleaner.check.diagnostics import Diagnostic
from cleaner.errors import InputError, OutputError

VERSION = 1
DEFAULT_NAME = "cleaner-baseline.json"
# Enough of the line that a reader of the file knows it again, in code points.
LINE_CHARS = 80


class Key(NamedTuple):
    """What a finding is known by: the file, as seen from the baseline, the rule, and a digest of the line."""

    path: str
    code: str
    content: str


@dataclass(frozen=True, slots=True)
class Known:
    """The findings of a baseline, and how often each is known. `folder` is where it lies."""

    counts: Mapping[Key, int] = field(default_factory=dict)
    folder: str = ""

    def has(self, diagnostic: Diagnostic) -> bool:
        """Tell whether this is a known one."""
        return bool(self.counts) and key(diagnostic, self.folder) in self.counts

    def new(self, diagnostics: Iterable[Diagnostic], checked: Iterable[str]) -> tuple[list[Diagnostic], list[Key]]:
        """Give the findings that are not known, and the entries of the files that were checked that are found no more.

        Where the same stands in a file more often than it is known, the later ones are new.
        """
        left = Counter(dict(self.counts))
        told = []
        for diagnostic in diagnostics:
            its = key(diagnostic, self.folder)
            if left[its] > 0:
                left[its] -= 1
            else:
                told.append(diagnostic)
        paths = {_relative(path, self.folder) for path in checked}
        stale = [
            its
            for its, number in sorted(left.items())
            if number > 0 and (its.path in paths or not os.path.exists(os.path.join(self.folder, its.path)))
        ]
        return told, stale


def key(diagnostic: Diagnostic, folder: str) -> Key:
    """Give what a finding is known by in a baseline of this folder."""
    digest = xxhash.xxh3_64_hexdigest(diagnostic.content.encode("utf-8", "surrogatepass"))
    return Key(_relative(diagnostic.path, folder), diagnostic.code, digest)


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder or ".").replace(os.sep, "/")


def read_baseline(path: str) -> Known:
    """Read a baseline. Raises `InputError` where it is none."""
    try:
        table = json.loads(Path(path).read_text(encoding="utf-8"))
        if table["version"] != VERSION:
            raise InputError(f"{path}: version {table['version']!r} of a baseline, known is {VERSION}")
        counts = {Key(f["path"], f["code"], f["content"]): int(f["count"]) for f in table["findings"]}
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such baseline; --write-baseline makes it") from None
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: this is no baseline of cleaner: {error}") from error
    return Known(counts, os.path.dirname(os.path.abspath(path)))


def write_baseline(path: str, diagnostics: Iterable[Diagnostic]) -> int:
    """Write down the findings as known; give how many there are. The same findings give the same bytes."""
    folder = os.path.dirname(os.path.abspath(path))
    counts: Counter[Key] = Counter()
    lines: dict[Key, str] = {}
    for diagnostic in diagnostics:
        its = key(diagnostic, folder)
        counts[its] += 1
        lines[its] = diagnostic.content[:LINE_CHARS]
    findings = [{**its._asdict(), "count": counts[its], "line": lines[its]} for its in sorted(counts)]
    text = json.dumps({"version": VERSION, "findings": findings}, ensure_ascii=False, indent=1) + "\n"
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    return counts.total()
