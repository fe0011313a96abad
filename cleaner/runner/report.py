"""The report of a run: the page or the data that shows it, out of what was collected while it went by."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.config import Config
from cleaner.corpus.output import NEW, is_stream, real_place
from cleaner.errors import OutputError
from cleaner.runner.manifest import changed
from cleaner.runner.summary import Summary

if TYPE_CHECKING:
    from cleaner.report.page.collect import Collector

ENDINGS = (".html", ".json")

# Inputs that the page names one by one.
NAMED_INPUTS = 5


def check_report(path: str) -> None:
    """Raise `OutputError` for a name whose ending does not say what kind of report it is."""
    if not path.lower().endswith(ENDINGS):
        raise OutputError(f"{path}: a report is a page (.html) or data (.json); its ending says which")
    if is_stream(path):
        raise OutputError(f"{path}: a report cannot go into a pipe or a device")


def write_report(path: str, collector: Collector, summary: Summary, corpus: str | None, about: dict[str, str]) -> None:
    """Write the report in its place. `corpus` is the finished file in which the texts that are shown can be read."""
    from cleaner.report.page.page import write_data, write_page
    from cleaner.report.page.texts import fetch_texts

    wanted = collector.wanted()
    texts = fetch_texts([corpus], wanted) if corpus and wanted else {}
    data = collector.data(summary, texts=texts, about=about)
    place = real_place(path)
    new = Path(place + NEW)
    write = write_page if path.lower().endswith(".html") else write_data
    write(data, new)
    os.replace(new, place)


def about(inputs: Sequence[str], out: str, config: Config) -> dict[str, str]:
    """Say what a run was made of, as the page tells it."""
    named = ", ".join(inputs[:NAMED_INPUTS])
    if len(inputs) > NAMED_INPUTS:
        named += f" and {len(inputs) - NAMED_INPUTS:,} more"
    settings = (f"{key} = {_shown(value)}" for key, value in changed(config).items())
    return {"input": named, "output": out, "settings": "; ".join(settings) or "as they come"}


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
