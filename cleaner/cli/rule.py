"""The command `cleaner rule`. Nothing heavy is imported before it runs."""

from __future__ import annotations

import click

from cleaner.cli.options import configured
from cleaner.report.screen import console, give, give_json


@click.command()
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Tell all there is to know of every rule.")
@click.option(
    "--output-format",
    "format_",
    type=click.Choice(["json", "markdown"]),
    help="How --all tells it (markdown).",
)
@click.option(
    "--config",
    "config_file",
    type=click.Path(exists=True, dir_okay=False),
    help="cleaner.toml or pyproject.toml, for its packs; the nearest one is found by itself.",
)
def rule(code: str | None, every: bool, format_: str | None, config_file: str | None) -> None:
    """Tell what a rule finds, why, when it is wrong, and how to turn it off.

    CODE is a rule's code or name, or the beginning of codes, such as BP, which lists the family. Without it, all are
    listed.
    """
    from cleaner.report.rules import print_named, print_rules, rules_as_json, rules_as_markdown

    if format_ and not every:
        raise click.UsageError("--output-format goes with --all")

    if every:
        if code:
            raise click.UsageError(f"--all tells of every rule: leave {code} away")
        if format_ == "json":
            give_json(rules_as_json())
        else:
            give(rules_as_markdown())
        return
    screen = console(stderr=False)
    every_rule = configured((), config_file).catalog()
    if code:
        print_named(screen, code, every_rule)
    else:
        print_rules(screen, every_rule)
