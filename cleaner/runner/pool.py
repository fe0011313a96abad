"""Chunks to workers and their outcomes back, in order, with a bounded number on the way."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice

from cleaner.corpus.record import Chunk
from cleaner.runner.task import Outcome, Task

# Chunks that wait for each worker: enough that none is idle while the parent writes.
AHEAD = 3

_task: Task | None = None


def outcomes(task: Task, chunks: Iterable[Chunk], workers: int) -> Generator[tuple[Chunk, list[Outcome]], None, None]:
    """Give each chunk with its outcomes, in the order of the chunks.

    With one worker, or where there is one chunk only, the work is done here. Workers are
    started afresh (spawn), the same way on every system. At most `workers * AHEAD` chunks
    are on the way, so memory does not grow with the input.
    """
    iterator = iter(chunks)
    start = list(islice(iterator, 2))
    chunks = chain(start, iterator)
    if workers <= 1 or len(start) < 2:
        for chunk in chunks:
            yield chunk, task(chunk)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(task,)) as pool:
        waiting: deque[tuple[Chunk, Future[list[Outcome]]]] = deque()
        try:
            for chunk in chunks:
                waiting.append((chunk, pool.submit(_work, chunk)))
                if len(waiting) >= workers * AHEAD:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _begin(task: Task) -> None:
    global _task
    _task = task


def _work(chunk: Chunk) -> list[Outcome]:
    assert _task is not None
    return _task(chunk)
