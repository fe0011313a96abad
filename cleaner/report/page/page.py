"""The data of a run as one self-contained HTML page: no script, no network, every text escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from cleaner.report.page.elements import Html, document, element
from cleaner.report.page.pairs import duplicates
from cleaner.report.page.parts import counted
from cleaner.report.page.sections import account, cut, hosts, in_short, languages, lengths, rules, timing
from cleaner.report.page.sources import sources


def write_page(data: Mapping[str, Any], path: str | Path) -> None:
    """Write the page of a run. `data` is what `Collector.data` gave, also when read back from JSON."""
    Path(path).write_text(run_page(data), encoding="utf-8", newline="")


def write_data(data: Mapping[str, Any], path: str | Path) -> None:
    """Write the same as JSON. It is ASCII, so that any text in it survives."""
    Path(path).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8", newline="")


def run_page(data: Mapping[str, Any]) -> Html:
    """Return the page of a run."""
    records = data["records"]
    title = f"{counted(records['read'], 'document')} in, {records['kept']:,} kept"
    about = [item for key, value in data["about"].items() for item in (element("dt", key), element("dd", value))]
    header = element(
        "header",
        element("p", "cleaner ", data["version"], class_="brand"),
        element(
            "h1",
            element("span", f"{records['read']:,}"),
            " in, ",
            element("span", f"{records['kept']:,}", class_="kept"),
            " kept",
        ),
        element("p", in_short(data), class_="lead") if records["read"] else None,
        element("dl", *about) if about else None,
    )
    made = (make(data) for make in (account, sources, rules, cut, duplicates, lengths, languages, hosts, timing))
    sections = [section for section in made if section is not None]
    contents = element("nav", *(element("a", section.title, href=f"#{section.id}") for section in sections))
    footer = element(
        "footer",
        "Counts are exact; examples are a random sample of the run (seed ",
        data["seed"],
        "). ",
        element("code", "cleaner rule CODE"),
        " tells what a rule finds and when it is wrong, ",
        element("code", "cleaner explain FILE --id ID"),
        " shows one document.",
    )
    return document(
        title, style(), element("main", header, contents, *(section.html() for section in sections), footer)
    )


def style() -> str:
    """Return the style sheet of all pages."""
    return resources.files(__package__).joinpath("style.css").read_text(encoding="utf-8")
