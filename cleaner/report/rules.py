"""`cleaner rule`: what a rule finds, why that is not the text, when it is wrong, how to turn it off.

The same for all rules at once, for the reference and for other programs.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from cleaner.errors import ConfigError
from cleaner.rules import catalog, families
from cleaner.rules.catalog import INPUT, RuleInfo
from cleaner.values import nearest


def print_rules(console: Console, infos: Sequence[RuleInfo]) -> None:
    """List rules, a line each."""
    table = Table(box=None, pad_edge=False)
    for heading in ("code", "name", "what it does"):
        table.add_column(heading, overflow="fold")
    for info in infos:
        off = "" if info.default_on else " [dim](off unless selected)[/]"
        table.add_row(f"[cyan]{info.code}[/]", info.name, escape(info.summary) + off)
    console.print(table)


def print_named(console: Console, wanted: str, every: Sequence[RuleInfo]) -> None:
    """Print the page of one rule, by code or name, or list those whose codes begin so (`BP`).

    Raises `ConfigError` where there is no such rule among `every`.
    """
    one = next((i for i in every if wanted.upper() == i.code or wanted.lower() == i.name), None)
    family = [i for i in every if i.code.startswith(wanted.upper())]
    if one is not None:
        _print_rule(console, one)
    elif family:
        print_rules(console, family)
    else:
        names = [name for i in every for name in (i.code, i.name)]
        raise ConfigError(f"no rule is called {wanted!r}{nearest(wanted, names)}; `cleaner rule` lists them")


def _print_rule(console: Console, info: RuleInfo) -> None:
    console.print(f"[bold cyan]{info.code}[/] [bold]{info.name}[/]")
    console.print(escape(info.summary))
    why = info.why if info.why != info.summary else ""
    for heading, text in (("Why", why), ("Found by", info.found_by), ("Wrong when", info.wrong_when)):
        if text:
            console.print(f"\n[bold]{heading}[/]  {escape(text)}")
    for heading, text, style in (
        ("Before", info.before, ""),
        ("After", info.after, ""),
        ("Goes", "\n".join(info.removed), "red"),
        ("Stays", "\n".join(info.kept), "green"),
    ):
        if text:
            console.print(f"\n[bold]{heading}[/]")
            console.print(Padding(escape(text), (0, 0, 0, 4), expand=False), style=style or None)
    state = "" if info.default_on else f"It is off; --select ALL,{info.code} turns it on.\n"
    if info.family is not INPUT:
        console.print(
            f'\n[bold]Turn it off[/]  {state}--ignore {info.code}, or in cleaner.toml: ignore = ["{info.name}"]'
        )


def rules_as_json() -> str:
    """Return all that is known of every rule, for other programs."""
    rows = [_fields(info) for info in catalog()]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def rules_as_markdown() -> str:
    """Return the rule reference: what there is to know of every rule, by family."""
    parts = [
        "# Rules\n",
        "Made by `cleaner rule --all --output-format markdown`; change the rules, not this file.\n",
        "A rule is named by its code or its name; a prefix (`BP`) names a family. "
        "*Safe* fixes are made by `cleaner check --fix`, others by `--fix --unsafe-fixes`.\n",
    ]
    for family in families():
        infos = [info for info in catalog() if info.family is family]
        parts.append(f"## {family.title} (`{family.prefix}`)\n")
        parts.append("| code | name | what it does | fix |\n|---|---|---|---|")
        parts += [f"| [`{i.code}`](#{_anchor(i)}) | {i.name} | {_cell(i.summary)} | {i.fix} |" for i in infos]
        parts.append("")
        parts += [_page(info) for info in infos]
    return "\n".join(parts)


def _page(info: RuleInfo) -> str:
    parts = [f"### `{info.code}` {info.name}\n", f"{info.summary}\n"]
    if not info.default_on:
        parts.append(f"Off unless selected: `--select ALL,{info.code}`.\n")
    if info.why and info.why != info.summary:
        parts.append(f"**Why.** {_sentence(info.why)}\n")
    if info.found_by:
        parts.append(f"**Found by:** {info.found_by}\n")
    if info.wrong_when:
        parts.append(f"**Wrong when:** {info.wrong_when}\n")
    for heading, lines in (
        ("Before", info.before),
        ("After", info.after),
        ("Goes", "\n".join(info.removed)),
        ("Stays", "\n".join(info.kept)),
    ):
        if lines:
            parts.append(f"{heading}:\n\n```text\n{lines}\n```\n")
    return "\n".join(parts)


def _fields(info: RuleInfo) -> dict[str, Any]:
    known = {field.name: getattr(info, field.name) for field in dataclasses.fields(info)}
    return known | {"family": info.family.title}


def _anchor(info: RuleInfo) -> str:
    return f"{info.code.lower()}-{info.name}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
