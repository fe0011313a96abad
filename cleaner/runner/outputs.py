"""The files that a run writes: what each is for, and where it goes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cleaner.corpus.output import STANDARD_OUTPUT, beside
from cleaner.remote.address import is_address


class Kind(NamedTuple):
    """One of the files of a run: what it is called where two would be one place, and what a person is told of it.

    `beside` is the end of its name beside the corpus, None for one that is written only where it is asked for. One that
    `grows` gets a line for a record, in the workplace, while the run lasts.
    """

    name: str
    called: str
    told: str
    beside: str | None = None
    grows: bool = True


KINDS = (
    Kind("corpus", "the corpus", "the corpus"),
    Kind("excluded", "the excluded records", "what was not kept, and why", "excluded.jsonl"),
    Kind("ledger", "the ledger", "every edit", "ledger.jsonl"),
    Kind("duplicates", "the duplicates", "the pairs that decided"),
    Kind("groups", "the groups", "each kept text with those that went for it"),
    Kind("report", "the report", "the page that shows the run", grows=False),
    Kind("manifest", "the manifest", "what the run was made of", "manifest.json", grows=False),
)


def staged_place(place: str, folder: Path) -> str:
    """Return where a file is made: in a folder under its own name where it goes elsewhere."""
    if not is_address(place):
        return place
    return str(folder / place.rstrip("/").rpartition("/")[2]) + ("/" if place.endswith("/") else "")


class Outputs(NamedTuple):
    """Where the files of a run go, by the name of their kind; None for one that is not written."""

    corpus: str
    excluded: str | None
    ledger: str | None
    duplicates: str | None
    groups: str | None
    report: str | None
    manifest: str | None

    @classmethod
    def of(cls, corpus: str, **given: str | None) -> Outputs:
        """Name them: as they were given, or beside the corpus; the null device means none."""
        places: dict[str, str | None] = {}
        for kind in KINDS[1:]:
            place = given.get(kind.name)
            if place is None and kind.beside is not None and corpus != STANDARD_OUTPUT:
                place = beside(corpus, kind.beside)
            places[kind.name] = None if place == os.devnull else place
        return cls(corpus, **places)

    def staged(self, folder: Path) -> Outputs:
        """Name them as they are made on this machine: what goes elsewhere grows in a folder first."""
        return Outputs(*(place and staged_place(place, folder) for place in self))  # type: ignore[arg-type]

    def places(self) -> Iterator[tuple[Kind, str]]:
        """Yield those that are written, the corpus first."""
        for kind, place in zip(KINDS, self, strict=True):
            if place is not None:
                yield kind, place
