"""What stands beside a corpus that a run has written, as its manifest says."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from cleaner.corpus.json_members import members, members_at

_TOLD = ("cleaner", "outputs")


class _Manifest(msgspec.Struct):
    """What the manifest of a run says of its outputs: the corpus first."""

    cleaner: str
    outputs: list[str]


def written_beside(outputs: Sequence[str]) -> set[str]:
    """Name the files that a run wrote in the folder of its corpus: ledgers, excluded records, reports."""
    corpus, *others = outputs or [""]
    place = os.path.dirname(corpus.rstrip("/"))
    return {os.path.basename(other) for other in others if os.path.dirname(other) == place}


def outputs_at(path: str | Path) -> list[str]:
    """Return what a run wrote, the corpus first, as it was named; nothing where the file is no manifest of one."""
    try:
        return _outputs(members_at(path, _TOLD))
    except (OSError, ValueError, RecursionError):
        return []


def outputs_in(manifest: IO[bytes]) -> list[str]:
    """Return the same of a manifest that is open."""
    try:
        return _outputs(members(manifest, _TOLD))
    except (ValueError, RecursionError):
        return []


def _outputs(found: Mapping[str, Any]) -> list[str]:
    return msgspec.convert(found, _Manifest).outputs
