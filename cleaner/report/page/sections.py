"""The sections of a run's page: what went in and out, what the rules took, lengths, languages, hosts, time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.account.gather import rebinned
from cleaner.report.page.charts import Branch, Series, bar, flow, histogram, stacked
from cleaner.report.page.elements import Child, Html, element, joined
from cleaner.report.page.languages import NAMES
from cleaner.report.page.parts import (
    Section,
    code_and_name,
    counted,
    duration,
    examples,
    percent,
    rows,
    section,
    size,
    table,
)
from cleaner.rules import info_of
from cleaner.rules.catalog import Family

# Codes of packs of the user's own.
OTHER = Family("", "Others")

Data = Mapping[str, Any]

# Branches that the flow has room for; what is over goes in one.
MAX_BRANCHES = 5

# Languages that have a bar of their own.
LANGUAGES = 24

# Columns for each doubling of a length.
COLUMNS_PER_OCTAVE = 2

# Reasons that the sentence at the top names.
NAMED_REASONS = 3


def in_short(data: Data) -> str:
    """Say what became of the documents, in some sentences."""
    records, characters, reasons = data["records"], data["characters"], data["reasons"]
    sentences = [f"{percent(records['kept'], records['read'])} of the records are in the corpus."]
    if reasons:
        named = [f"{reason['documents']:,} {reason['name']}" for reason in reasons[:NAMED_REASONS]]
        rest = sum(reason["documents"] for reason in reasons[NAMED_REASONS:])
        named += [f"{rest:,} for other reasons"] if rest else []
        sentences.append(f"Not kept: {', '.join(named)}.")
    if records["kept"]:
        taken = percent(characters["before"] - characters["after"], characters["before"])
        sentences.append(f"Rules took {taken} of the characters out of the texts that are kept.")
    return " ".join(sentences)


def account(data: Data) -> Section:
    """Return the flow from input to corpus, and the reasons why documents left it."""
    records = data["records"]
    branches = _branches(data["reasons"])
    lead = (
        f"{counted(records['read'], 'record')} = {records['kept']:,} kept + {records['excluded']:,} excluded"
        f" + {records['unreadable']:,} unreadable. Open a line for examples, drawn at random."
    )
    return section(
        "account",
        "From input to corpus",
        lead,
        flow(records["read"], records["kept"], branches),
        _reasons(data["reasons"], records["read"]) if data["reasons"] else None,
    )


def _branches(reasons: Sequence[Data]) -> list[Branch]:
    """Sort the reasons along the chain: unreadable, excluded by rules, duplicates."""
    unreadable = sum(reason["documents"] for reason in reasons if reason["unreadable"])
    branches = [Branch(unreadable, "unreadable", "unreadable")] if unreadable else []
    others = [reason for reason in reasons if not reason["unreadable"]]
    rules = [reason for reason in others if not reason["code"].startswith("ND")]
    twins = sorted((reason for reason in others if reason["code"].startswith("ND")), key=lambda reason: reason["code"])
    room = MAX_BRANCHES - len(branches) - len(twins)
    shown, rest = (rules, []) if len(rules) <= room else (rules[: room - 1], rules[room - 1 :])
    branches += [Branch(reason["documents"], reason["name"], "excluded") for reason in shown]
    if rest:
        branches.append(Branch(sum(reason["documents"] for reason in rest), "for other reasons", "excluded"))
    return branches + [Branch(reason["documents"], reason["name"], "duplicate") for reason in twins]


def kind_of(code: str, *, unreadable: bool) -> str:
    """Return the class of a reason's colour."""
    return "unreadable" if unreadable else "duplicate" if code.startswith("ND") else "excluded"


def _reasons(reasons: Sequence[Data], read: int) -> Html:
    most = max(reason["documents"] for reason in reasons)
    lines = []
    for reason in reasons:
        kind = kind_of(reason["code"], unreadable=reason["unreadable"])
        cells = (
            code_and_name(reason["code"], reason["name"]),
            bar(reason["documents"] / most, kind),
            f"{reason['documents']:,}",
            percent(reason["documents"], read),
        )
        lines.append((cells, examples(reason["examples"]) if reason["examples"] else None))
    return rows("reasons", ("Why not kept", "", "records", "of all"), lines)


def rules(data: Data) -> Section:
    """Return what each rule took out of the kept texts, with examples."""
    before, after = data["characters"]["before"], data["characters"]["after"]
    found = data["rules"]
    if not found:
        return section("rules", "What the rules took out", "No rule found anything in the kept texts.")
    lead = (
        f"Of {counted(before, 'character')} in the kept texts, {before - after:,} went:"
        f" {percent(before - after, before)}."
    )
    most = max(max(rule["characters"] for rule in found), 1)
    lines = []
    for rule in found:
        cells = (
            code_and_name(rule["code"], rule["name"]),
            bar(rule["characters"] / most, family(rule["code"])[1]),
            f"{rule['characters']:,}",
            f"{rule['edits']:,}",
            f"{rule['documents']:,}",
        )
        lines.append((cells, examples(rule["examples"], rule["summary"]) if rule["examples"] else None))
    return section(
        "rules",
        "What the rules took out",
        lead,
        _families(found),
        rows("took", ("Rule", "", "characters", "edits", "texts"), lines, open_first=True),
    )


def family(code: str) -> tuple[str, str]:
    """Return what a reader calls the finds of a rule's family, and the class of their colour."""
    info = info_of(code)
    known = OTHER if info is None else info.family
    return known.label, known.colour


def _families(found: Sequence[Data]) -> Html | None:
    sums: dict[tuple[str, str], int] = {}
    for rule in found:
        key = family(rule["code"])
        sums[key] = sums.get(key, 0) + max(rule["characters"], 0)
    total = sum(sums.values())
    if not total:
        return None
    ranked = sorted(((key, number) for key, number in sums.items() if number), key=lambda item: -item[1])
    legend = [
        element("li", element("i", class_=kind), f"{name} ", element("span", percent(number, total)))
        for (name, kind), number in ranked
    ]
    return joined(
        stacked([(number / total, kind) for (_, kind), number in ranked]), element("ul", *legend, class_="legend")
    )


def cut(data: Data) -> Section | None:
    """Return how much of a text went, and the texts that lost most."""
    shares, unchanged = data["cut"]["shares"], data["cut"]["unchanged"]
    kept = data["records"]["kept"]
    if not kept:
        return None
    bins = [("nothing", unchanged)]
    low = "0"
    for end, number in shares:
        bins.append((f"{low} to {end * 100:.0f}%" if low != "0" else f"up to {end * 100:.0f}%", number))
        low = f"{end * 100:.0f}"
    most = max(number for _, number in bins) or 1
    lines = [((name, bar(number / most), f"{number:,}", percent(number, kept)), None) for name, number in bins]
    losers = [
        (
            joined(item["id"], element("small", _by(item["edits"]))),
            f"{item['before']:,}",
            f"{item['after']:,}",
            percent(item["before"] - item["after"], item["before"]),
        )
        for item in data["cut"]["most"]
    ]
    return section(
        "cut",
        "How much of a text went",
        f"{percent(unchanged, kept)} of the kept texts came through unchanged.",
        rows("shares", ("taken out of a text", "", "texts", "of all"), lines),
        joined(
            element("h3", "The texts that lost most"),
            element("p", "If a rule is wrong, it shows here first.", class_="note"),
            table(("text", "before", "after", "lost"), losers),
        )
        if losers
        else None,
    )


def _by(edits: Mapping[str, int]) -> str:
    return ", ".join(f"{code} ×{number}" if number > 1 else code for code, number in sorted(edits.items()))


def lengths(data: Data) -> Section | None:
    """Return the lengths of the texts that came in and of those that are kept."""
    before, after = data["lengths"]["before"], data["lengths"]["after"]
    wide = [rebinned(one["bins"], COLUMNS_PER_OCTAVE) for one in (before, after)]
    places = [index for bins in wide for index in bins]
    if not places:
        return None
    low, high = min(places), max(places) + 1
    heights = [[bins.get(index, 0) for index in range(low, high)] for bins in wide]
    ticks = []
    for power in range(0, 13):
        place = (math.log2(10**power) * COLUMNS_PER_OCTAVE - low) / (high - low)
        if 0 <= place <= 1:
            ticks.append((place, f"{10**power:,}"))
    lead = f"The median is {before['median']:,.0f} characters as read, {after['median']:,.0f} as kept."
    legend = element(
        "ul",
        element("li", element("i", class_="kept"), "kept, after cleaning"),
        element("li", element("i", class_="outline"), "all that was read, before"),
        class_="legend",
    )
    series = (Series(heights[1], "after"), Series(heights[0], "before", outline=True))
    name = "Histogram of text lengths in characters, before and after cleaning"
    return section("lengths", "Lengths in characters", lead, histogram(series, ticks, "text", name), legend)


def languages(data: Data) -> Section | None:
    """Return the languages of the kept texts."""
    found = data["languages"]
    if not found:
        return None
    total = sum(language["documents"] for language in found)
    most = found[0]["documents"]
    lines: list[tuple[tuple[Child, ...], None]] = []
    for language in found[:LANGUAGES]:
        code, number = language["code"], language["documents"]
        cells = (joined(element("b", NAMES.get(code, code)), " ", element("code", code)), bar(number / most, "kept"))
        lines.append(((*cells, f"{number:,}", percent(number, total)), None))
    rest = sum(language["documents"] for language in found[LANGUAGES:])
    if rest:
        name = counted(len(found) - LANGUAGES, "other language")
        lines.append(((name, bar(rest / most, "kept"), f"{rest:,}", percent(rest, total)), None))
    lead = f"{counted(len(found), 'language')} in {counted(total, 'kept text')}."
    return section("languages", "Languages", lead, rows("languages", ("language", "", "texts", "of all"), lines))


def hosts(data: Data) -> Section | None:
    """Return the hosts whose texts the rules took most out of."""
    top = [host for host in data["hosts"]["top"] if host["cut"] > 0]
    if not top:
        return None
    most = max(host["cut"] / max(host["characters"], 1) for host in top)
    lines = []
    for host in top:
        share = host["cut"] / max(host["characters"], 1)
        cells = (
            element("b", host["host"]),
            bar(share / most, "boilerplate"),
            percent(host["cut"], host["characters"]),
            f"{host['cut']:,}",
            f"{host['kept']:,}",
        )
        lines.append((cells, None))
    lead = "Sorted by the characters that the rules took out of the kept texts; the bar is their share of the text."
    if not data["hosts"]["exact"]:
        lead += " There were too many hosts to count every one: the figures may be low."
    return section(
        "hosts", "Hosts with the most cruft", lead, rows("hosts", ("host", "", "share", "characters", "texts"), lines)
    )


def timing(data: Data) -> Section | None:
    """Return the time that the documents took, and the slowest."""
    known = data["timing"]
    if not known["slowest"]:
        return None
    records = data["records"]
    seconds = max(known["seconds"], 1e-9)
    lead = (
        f"{duration(known['seconds'])} for {size(records['bytes'])}: {records['read'] / seconds:,.0f} records a second."
        f" Half of the documents took less than {duration(known['median'])},"
        f" 99 of 100 less than {duration(known['p99'])}."
    )
    slow = [(item["id"], f"{item['characters']:,}", duration(item["seconds"])) for item in known["slowest"]]
    return section("time", "Slowest documents", lead, table(("document", "characters", "time"), slow))
