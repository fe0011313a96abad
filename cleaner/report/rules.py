"""`cleaner rule`: what a rule finds, why that is not the text, when it is wrong, how to turn it off."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from cleaner.config import nearest
from cleaner.errors import ConfigError
from cleaner.rules import catalog


def print_rules(console: Console) -> None:
    """List all rules, a line each."""
    table = Table(box=None, pad_edge=False)
    for heading in ("code", "name", "what it does"):
        table.add_column(heading, overflow="fold")
    for info in catalog():
        off = "" if info.default_on else " [dim](off unless selected)[/]"
        table.add_row(f"[cyan]{info.code}[/]", info.name, escape(info.summary) + off)
    console.print(table)


def print_rule(console: Console, wanted: str) -> None:
    """Print the page of one rule, by code or name. Raises `ConfigError` for one that does not exist."""
    info = next((i for i in catalog() if wanted.upper() == i.code or wanted.lower() == i.name), None)
    if info is None:
        names = [name for i in catalog() for name in (i.code, i.name)]
        raise ConfigError(f"no rule is called {wanted!r}{nearest(wanted, names)}; `cleaner rule` lists them")
    console.print(f"[bold cyan]{info.code}[/] [bold]{info.name}[/]")
    console.print(escape(info.summary))
    for heading, text in (("Why", info.why), ("Wrong when", info.wrong_when)):
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
            console.print(Padding(escape(text), (0, 0, 0, 4)), style=style or None)
    state = "" if info.default_on else f"It is off; --select ALL,{info.code} turns it on.\n"
    if not info.code.startswith("RD"):
        console.print(
            f'\n[bold]Turn it off[/]  {state}--ignore {info.code}, or in cleaner.toml: ignore = ["{info.name}"]'
        )
