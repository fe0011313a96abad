"""The report of a run: the page or the data that shows it, out of what was collected while it went by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cleaner.account.collect import Collector
from cleaner.account.summary import Summary
from cleaner.corpus.output import is_stream, real_place
from cleaner.errors import OutputError
from cleaner.replacing import replaced
from cleaner.report.page.page import write_data, write_page
from cleaner.report.page.texts import fetch_texts

ENDINGS = (".html", ".json")


@dataclass(frozen=True, slots=True)
class RunReport:
    """Writes the report of a run to `path`: a page (.html), or the same as data (.json)."""

    path: str

    def check(self) -> None:
        """Raise `OutputError` for a name whose ending does not say what kind of report it is."""
        if not self.path.lower().endswith(ENDINGS):
            raise OutputError(f"{self.path}: a report is a page (.html) or data (.json); its ending says which")
        if is_stream(self.path):
            raise OutputError(f"{self.path}: a report cannot go into a pipe or a device")

    def write(
        self, collector: Collector, summary: Summary, corpus: str | None, about: Mapping[str, str], place: str
    ) -> None:
        """Write the report at a place. `corpus` is the finished file that has the texts; None where none has."""
        wanted = collector.wanted()
        texts = fetch_texts([corpus], wanted) if corpus and wanted else {}
        data = collector.data(summary, texts=texts, about=about)
        write = write_page if self.path.lower().endswith(".html") else write_data
        with replaced(real_place(place)) as new:
            write(data, Path(new))
