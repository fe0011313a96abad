"""The rows of a text by their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def runs(rows: Iterable[int]) -> Iterator[list[int]]:
    """Yield the rows, which are in order, in lists of those that follow one another.

    >>> list(runs([1, 2, 5]))
    [[1, 2], [5]]
    """
    run: list[int] = []
    for row in rows:
        if run and row != run[-1] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run
