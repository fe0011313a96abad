"""Start a worker in which nothing from the current folder is imported."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Python's word for it, from 3.11 on; processes that are started here inherit it.
_SAFE_PATH = "PYTHONSAFEPATH"

_ENVIRONMENT = threading.Lock()


def start(process: Any) -> None:
    """Start a process of multiprocessing.

    That runs `python -c`, which looks for each module in the current folder first: a `socket.py` there, in a folder of
    a stranger's, would run. A worker takes the search path of this process anyhow, when it is up.
    """
    with _ENVIRONMENT, _safe_path():
        process.start()


@contextmanager
def _safe_path() -> Iterator[None]:
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before
