"""Start a worker: nothing from the current folder is imported in it, and no run begins in it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cleaner.values import ONE_THREAD

# What processes that are started here inherit.
_OF_A_WORKER = {
    # Multiprocessing runs `python -c`, which looks for each module in the current folder first: a `socket.py` there, in
    # a folder of a stranger's, would run. A worker takes the search path of this process anyhow, when it is up.
    "PYTHONSAFEPATH": "1",
    **ONE_THREAD,
}

_ENVIRONMENT = threading.Lock()

# The name of a worker as a process of multiprocessing.
WORKER = "cleaner worker"

# With this status a worker ends that is to begin a run itself while it imports the script that has started it.
UNGUARDED = 114

GUARD = (
    "each worker imports the script that starts it, and this one begins a run when it is imported; "
    'put what it does under `if __name__ == "__main__":`, or use workers=0'
)


def end_unguarded() -> None:
    """End this process where it is a worker that still imports the script of its parent, which is told by the status.

    A run in it would write to the same place, or, with other names, start workers in which all that happens again. Not
    an exception: the script may catch it and go on.
    """
    process = multiprocessing.current_process()
    if process.name == WORKER and getattr(process, "_inheriting", False):  # so multiprocessing itself looks for it
        os._exit(UNGUARDED)


def start(process: Any) -> None:
    """Start a process of multiprocessing with the environment of a worker."""
    with _ENVIRONMENT, _changed():
        process.start()


@contextmanager
def _changed() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _OF_A_WORKER}
    os.environ.update(_OF_A_WORKER)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
