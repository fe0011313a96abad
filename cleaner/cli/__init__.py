"""The command line: each command reads its options, calls one function of the library and prints."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from cleaner.cli.check import check
from cleaner.cli.clean import clean
from cleaner.cli.demo import demo
from cleaner.cli.explain import explain
from cleaner.cli.index import index
from cleaner.cli.learn import learn
from cleaner.cli.pack import pack
from cleaner.cli.rule import rule
from cleaner.cli.undo import undo
from cleaner.errors import CleanerError
from cleaner.version import __version__

INTERRUPTED = 130
WRONG_USE = 2


class Group(click.Group):
    """A group that ends with a clear sentence where something that a user can mend went wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CleanerError as error:
            click.echo(f"cleaner: {error}", err=True)
            ctx.exit(WRONG_USE)
        except BrokenPipeError:
            # Whoever read our output has enough. Python would complain once more when it closes the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except KeyboardInterrupt as interrupt:
            click.echo(f"cleaner: interrupted{interrupt}", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cleaner")
def main() -> None:
    """Turn scraped web pages and text dumps into a clean, deduplicated, explained corpus.

    \b
    cleaner demo                                 see it work, on samples of its own
    cleaner clean pages/ -o corpus.jsonl         clean a folder of pages
    cleaner explain pages/a.html                 see what goes out of one page, and why
    cleaner rule BP101                           read about one rule
    """


for command in (clean, check, explain, undo, rule, pack, learn, index, demo):
    main.add_command(command)
