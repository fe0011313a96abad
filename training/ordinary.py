"""Ordinary lines: what no model may take for boilerplate, in as many languages as can be had."""

from __future__ import annotations

import gzip
import json
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

# A longer text is no line that anybody would ask a model about, in code points.
MAX_CHARS = 200


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a file of JSON lines, also a compressed one."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def by_name(paths: Iterable[Path]) -> list[Path]:
    """Return files in the order of their names, then of their folders: a model depends on the order that it reads."""
    return sorted(paths, key=lambda path: (path.name, path.as_posix()))


def ordinary_lines(paths: Iterable[Path], labelled: Container[str] = ()) -> list[str]:
    """Return the lines of files of {line}, or of {text}, each once, in their order; the files in that of their names.

    Texts of more than a line, and longer ones, are left out; so are lines that stand among the `labelled` ones: they
    have their site there, and a model that is measured on a site must not know its lines.
    """
    found: dict[str, None] = {}
    for path in by_name(paths):
        for record in records(path):
            line = str(record["line"] if "line" in record else record["text"]).strip()
            if 0 < len(line) <= MAX_CHARS and "\n" not in line and line not in labelled:
                found[line] = None
    return list(found)
