"""The work of the pool with where each chunk comes from."""

from __future__ import annotations

import itertools
import posixpath
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import TypeVar

from cleaner.account.outcome import Outcome
from cleaner.corpus.standard_input import STANDARD_INPUT
from cleaner.runner.pool import outcomes
from cleaner.runner.worker import Chunk, Out, Task

In = TypeVar("In", bound=Chunk)
T = TypeVar("T")


def by_source(
    task: Task[Out], chunks: Iterable[tuple[str | None, In]], workers: int, timeout_s: float
) -> Generator[tuple[str | None, In, list[Out]], None, None]:
    """Yield each chunk with its file and its outcomes, in the order of the chunks (see `outcomes`)."""
    files: deque[str | None] = deque()  # of the chunks on their way

    def noted() -> Iterator[In]:
        for file, chunk in chunks:
            files.append(file)
            yield chunk

    with closing(outcomes(task, noted(), workers, timeout_s)) as work:
        for chunk, found in work:
            yield files.popleft(), chunk, found


def source_of(file: str | None, outcome: Outcome) -> str:
    """Return where a record lies: the file of many, or the folder of one that is a file itself.

    >>> page = Outcome("pages/a.html", None, None, b"", b"")
    >>> source_of(None, page), source_of("a.jsonl", page)
    ('pages', 'a.jsonl')
    """
    if file is not None:
        return "standard input" if file == STANDARD_INPUT else file
    return posixpath.dirname(outcome.id) or "."


def batched(all_: Iterable[T], number: int) -> Iterator[list[T]]:
    """Yield the items in lists of at most this number."""
    items = iter(all_)
    while batch := list(itertools.islice(items, number)):
        yield batch
