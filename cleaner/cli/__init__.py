"""The command line: each command reads its options, calls one function of the library and prints."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from cleaner.cli.check import check
from cleaner.cli.clean import clean
from cleaner.cli.demo import demo
from cleaner.cli.explain import explain
from cleaner.cli.index import index
from cleaner.cli.learn import learn
from cleaner.cli.pack import pack
from cleaner.cli.rule import rule
from cleaner.cli.streams import make_ready
from cleaner.cli.undo import undo
from cleaner.errors import CleanerError
from cleaner.inert import inert
from cleaner.report.screen import say
from cleaner.runner.forked import in_command
from cleaner.version import __version__

INTERRUPTED = 130
WRONG_USE = 2
# What a shell says of a program that SIGPIPE has ended: 128 and the signal's number.
PIPE_CLOSED = 141


class Group(click.Group):
    """A group that ends with a clear sentence where something that a user can mend went wrong."""

    def make_context(self, *given: Any, **more: Any) -> click.Context:
        """Read the arguments."""
        make_ready()
        with _ended_well():
            return super().make_context(*given, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _ended_well(), in_command():
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result


@contextmanager
def _ended_well() -> Iterator[None]:
    """Turn what goes wrong in the block into a sentence and an exit code."""
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = inert(error.message)
        raise
    except BrokenPipeError:
        # Whoever read our output has enough; that not all of it was written can be seen from the exit code.
        _let_go()
        raise SystemExit(PIPE_CLOSED) from None
    except CleanerError as error:
        _end(f"cleaner: {error}", WRONG_USE)
    except OSError as error:
        _let_go()
        where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else "standard output"
        _end(f"cleaner: {where}: {error.strerror or error}", WRONG_USE)
    except KeyboardInterrupt as interrupt:
        _end(f"cleaner: interrupted{interrupt}", INTERRUPTED)


def _end(why: str, code: int) -> NoReturn:
    with contextlib.suppress(OSError):  # where nobody can be told, the code tells
        say(why)
    try:
        sys.stdout.flush()
    except OSError:
        _let_go()
    raise SystemExit(code)


def _let_go() -> None:
    """Let what still waits to be written to standard output go nowhere: Python would try once more at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
