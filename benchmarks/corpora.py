"""Read the texts of a corpus that the user of a benchmark names."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def read_texts(path: Path) -> Iterator[str]:
    """Yield the field "text" of each record of a JSONL file, also .gz or .zst."""
    with _open(path) as lines:
        for line in lines:
            yield json.loads(line)["text"]


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    if path.suffix == ".zst":
        import zstandard

        return zstandard.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")
