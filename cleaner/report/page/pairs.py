"""The section of the near-duplicates: how alike they are, and pairs side by side with the difference marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.account.collect import PAIR_CHARS
from cleaner.report.page.charts import Series, histogram
from cleaner.report.page.difference import Piece, side_by_side
from cleaner.report.page.elements import Child, Html, element, joined
from cleaner.report.page.group import picture
from cleaner.report.page.parts import Section, counted, floored, section, table

# Columns of the histogram of similarities, from 0 to 1.
BINS = 50


def duplicates(data: Mapping[str, Any]) -> Section | None:
    """Return the section; nothing where there was no duplicate."""
    known = data["duplicates"]
    if not known["exact"] and not known["near"] and not known["contained"]:
        return None
    lead = (
        f"{counted(known['exact'], 'text')} with the same words as a kept one,"
        f" {counted(known['near'], 'near-duplicate')}"
        + (f", {counted(known['contained'], 'text')} that a longer one contains" if known["contained"] else "")
        + ". Each was compared word by word with the text that is kept."
    )
    shown = {pair["id"] for pair in known["nearest"]}
    others = [pair for pair in known["farthest"] if pair["id"] not in shown]
    copied = [(item["id"], f"{item['copies']:,}") for item in known["copied"]]
    return section(
        "duplicates",
        "Duplicates",
        lead,
        _similarities(known["similarity"]) if known["similarity"] else None,
        _pairs("The nearest: most alike, but not the same", known["nearest"]),
        _pairs("The farthest: least alike of what went", others),
        joined(element("h3", "The most copied"), table(("kept text", "copies"), copied)) if copied else None,
        joined(element("h3", "The largest group"), picture(known["group"])) if known["group"] else None,
    )


def _similarities(counts: Sequence[tuple[float, int]]) -> Html:
    by_bin = {round(low * BINS): number for low, number in counts}
    first = min(by_bin) // 5 * 5
    heights = [by_bin.get(index, 0) for index in range(first, BINS)]
    ticks = [((index - first) / (BINS - first), f"{index * 100 // BINS}%") for index in range(first, BINS + 1, 5)]
    name = "Histogram of the similarity of near-duplicates to the text that is kept"
    return element(
        "figure",
        histogram([Series(heights, "duplicate")], ticks, "text", name),
        element("figcaption", "similarity of a near-duplicate to its kept twin"),
        class_="chart",
    )


def _pairs(title: str, pairs: Sequence[Mapping[str, Any]]) -> Html | None:
    if not pairs:
        return None
    made: list[Child] = [element("h3", title)]
    for number, pair in enumerate(pairs):
        summary = element(
            "summary",
            element("b", floored(pair["similarity"])),
            element("span", pair["id"], class_="id"),
            element("span", "like", class_="like"),
            element("span", pair["duplicate_of"], class_="id"),
        )
        made.append(element("details", summary, _pair(pair), class_="pair", open=number == 0))
    return joined(*made)


def _pair(pair: Mapping[str, Any]) -> Html:
    left, right = pair["duplicate_of_text"], pair["text"]
    if left is None:
        note = "The text of the kept twin is not at hand: it can be read back only from JSONL or Parquet."
        return joined(element("p", note, class_="note"), element("blockquote", right, dir="auto"))
    lines = [element("div", element("span", "kept"), element("span", "removed"), class_="sides head")]
    for row in side_by_side(left, right, PAIR_CHARS):
        if row.alike:
            lines.append(element("p", f"{counted(row.alike, 'character')} alike", class_="alike"))
            continue
        sides = [
            element("div", *_marked(pieces, tag), dir="auto") for pieces, tag in ((row.left, "del"), (row.right, "ins"))
        ]
        lines.append(element("div", *sides, class_="sides"))
    if max(len(left), len(right)) >= PAIR_CHARS:
        lines.append(element("p", f"Only the first {PAIR_CHARS:,} characters are compared here.", class_="note"))
    return element("div", *lines, class_="comparison")


def _marked(pieces: Sequence[Piece], tag: str) -> list[Child]:
    return [element(tag, words) if differs else words for differs, words in pieces]
