"""When a command of ours may fork its first worker: it has at once what the command has loaded.

A fork is safe where nothing else runs in the process: another thread may hold a lock that the fork would wait for
without end. So no host program is forked, nor a command that draws a bar or has asked another machine for files, both
of which have threads. All other workers, and those that are started in place of one that died, are started afresh: a
command with little to do needs one alone, and later there are threads.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cleaner.values import ONE_THREAD

# A process that holds more is not forked: of what it changes later, both would have their own. A new run holds 70 MB,
# one that goes on with the sketches of a million texts more than this.
MOST_BYTES = 256 << 20

_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM})

_commands = 0


@contextmanager
def in_command() -> Iterator[None]:
    """Let a pool that is begun in the block fork this process, which is a command of ours and nobody else's.

    Its numpy gets no threads, where nobody has asked for any: it does no work that they would share.
    """
    global _commands
    added = {name: value for name, value in ONE_THREAD.items() if name not in os.environ}
    os.environ.update(added)
    _commands += 1
    try:
        yield
    finally:
        _commands -= 1
        for name in added:
            os.environ.pop(name, None)


def is_safe() -> bool:
    """Tell whether a fork of this process is safe, and worth it."""
    if not _commands or sys.platform != "linux":
        return False
    try:
        with open("/proc/self/status", "rb") as file:
            told = dict(line.split(b":", 1) for line in file if b":" in line)
        return int(told[b"Threads"]) == 1 and int(told[b"VmData"].split()[0]) << 10 <= MOST_BYTES
    except (OSError, KeyError, ValueError):
        return False


@contextmanager
def without_signals() -> Iterator[None]:
    """Keep the signals back that end a command: what it does then is not for a worker that only begins.

    A worker lets SIGTERM in, and ignores SIGINT (see `serve`).
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
