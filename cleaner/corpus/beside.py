"""What stands beside a corpus that a run has written, as its manifest says."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from cleaner.corpus.output import beside, real_place
from cleaner.errors import OutputError


class _Manifest(msgspec.Struct):
    """What the manifest of a run says of its outputs: the corpus first."""

    cleaner: str
    outputs: list[str]


def written_beside(manifest: bytes) -> set[str]:
    """Name the files that a run wrote in the folder of its corpus: ledgers, excluded records, reports.

    Nothing where this is no manifest.
    """
    try:
        read = msgspec.json.decode(manifest, type=_Manifest)
    except (ValueError, RecursionError):
        return set()
    corpus, *others = read.outputs or [""]
    place = os.path.dirname(corpus.rstrip("/"))
    return {os.path.basename(other) for other in others if os.path.dirname(other) == place}


def refuse_others_manifest(out: str) -> None:
    """Raise `OutputError` where what stands beside an output belongs to another corpus that is there.

    `corpus.jsonl` and `corpus.parquet` have the same names for it: the ledger of the first would be lost.
    """
    place = real_place(out)
    other = _corpus_of(beside(place, "manifest.json"))
    there = os.path.join(os.path.dirname(place), other or "")
    if not other or other == os.path.basename(place) or not os.path.exists(there):
        return
    if not (os.path.exists(place) and os.path.samefile(there, place)):
        raise OutputError(
            f"{out}: the ledger, the excluded records and the manifest beside it are those of {there}, which could not "
            "be undone any more; name another output, or remove that corpus"
        )


def _corpus_of(manifest: str) -> str:
    """Return the name of the corpus that a manifest belongs to; nothing where it does not say."""
    try:
        read = msgspec.json.decode(Path(manifest).read_bytes(), type=_Manifest)
    except (OSError, ValueError, RecursionError):
        return ""
    return os.path.basename(read.outputs[0].rstrip("/")) if read.outputs else ""
