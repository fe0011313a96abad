"""A hook of mkdocs: the reference of the commands, as click prints their help, put into docs/reference/commands.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

PAGE = "reference/commands.md"
# As wide as the column of the text at 1280 pixels.
WIDTH = 78


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Return the text of a page; that of the commands with the help of each."""
    return markdown + reference() if page.file.src_uri == PAGE else markdown


def reference() -> str:
    """Return the help of every command, as Markdown."""
    from cleaner.cli import main

    return "".join(f"\n## `{path}`\n\n```text\n{text}\n```\n" for path, text in _helps("cleaner", main))


def _helps(path: str, command: click.Command) -> Iterator[tuple[str, str]]:
    settings: dict[str, Any] = {
        "help_option_names": ["-h", "--help"],
        "terminal_width": WIDTH,
        "max_content_width": WIDTH,
    }
    with click.Context(command, info_name=path, **settings) as context:
        yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name, below in sorted(command.commands.items()):
            yield from _helps(f"{path} {name}", below)
