"""The section of a run's page that says which folders, files and hosts lost most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.report.page.elements import Child, element, joined
from cleaner.report.page.parts import Section, percent, section, table

# Sources of each sort that the page shows; the data has more.
SHOWN = 25

SORTS = (("places", "Folders and files"), ("hosts", "Hosts"))


def sources(data: Mapping[str, Any]) -> Section | None:
    """Return the sources by what they lost; None where there is one alone, which the account is of."""
    found = [(title, data["sources"][sort]) for sort, title in SORTS if data["sources"][sort]["number"] > 1]
    if not found:
        return None
    lead = "Those first that lost most records, and then most characters to the rules."
    if not all(known["exact"] for _, known in found):
        lead += " There were too many to count every one: figures may be low."
    return section("sources", "Where it comes from", lead, *(_table(title, known) for title, known in found))


def _table(title: str, known: Mapping[str, Any]) -> Child:
    lines = [
        (
            element("b", one["source"]),
            f"{one['read']:,}",
            f"{one['kept']:,}",
            f"{one['excluded']:,}",
            f"{one['unreadable']:,}",
            percent(one["read"] - one["kept"], one["read"]),
            f"{one['characters_taken_out']:,}",
        )
        for one in known["top"][:SHOWN]
    ]
    headings = ("source", "in", "kept", "excluded", "unreadable", "lost", "characters taken out")
    return joined(element("h3", f"{title}, of {known['number']:,}"), table(headings, lines))
