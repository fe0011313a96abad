"""What stands beside a corpus that a run has written, as its manifest says."""

from __future__ import annotations

import os

import msgspec


class _Manifest(msgspec.Struct):
    """What the manifest of a run says of its outputs: the corpus first."""

    cleaner: str
    outputs: list[str]


def written_beside(manifest: bytes) -> set[str]:
    """Name the files that a run wrote in the folder of its corpus: ledgers, excluded records, reports.

    Nothing where this is no manifest.
    """
    corpus, *others = outputs_of(manifest) or [""]
    place = os.path.dirname(corpus.rstrip("/"))
    return {os.path.basename(other) for other in others if os.path.dirname(other) == place}


def outputs_of(manifest: bytes) -> list[str]:
    """Return what a run wrote, the corpus first, as it was named; nothing where this is no manifest."""
    try:
        return msgspec.json.decode(manifest, type=_Manifest).outputs
    except (ValueError, RecursionError):
        return []
