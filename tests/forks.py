"""Commands of cleaner that begin at once: a process that has loaded it forks for each, so that many can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

SMALL_STEPS = """
import cleaner.corpus.jsonl, cleaner.runner.opened
cleaner.corpus.jsonl.BLOCK_BYTES = 100_000
cleaner.runner.opened.SAVE_EVERY_S = 0.02"""
"""Chunks are small, and the state of a run is saved after nearly each of them."""
IN_SMALL_STEPS = [sys.executable, "-c", f"{SMALL_STEPS}; import sys, cleaner.cli; cleaner.cli.main(sys.argv[1:])"]
"""The same in a process of its own: what is to go on after kills has to have the same chunks."""

SERVER = """
import json, os, sys
import numpy, cleaner.cli, cleaner.corpus.inputs, cleaner.runner.run, cleaner.check
{prepare}
for line in sys.stdin:
    folder, arguments = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nothing, number)
        cleaner.cli.main(arguments)
    os.setpgid(pid, pid)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Forks:
    """A process that forks for each command, in a group of processes of its own."""

    def __init__(self, prepare: str = SMALL_STEPS) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-c", SERVER.format(prepare=prepare)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def close(self) -> None:
        self._server.communicate()

    def killed(
        self, folder: Path, arguments: Sequence[str], has_begun: Callable[[], bool] = lambda: True, after_s: float = 0.0
    ) -> bool:
        """Run a command and kill it with its workers so long after it has begun; tell whether it was still running."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        print(json.dumps([str(folder), list(arguments)]), file=self._server.stdin, flush=True)
        pid = int(self._server.stdout.readline())
        deadline = time.monotonic() + 60
        while not has_begun() and _runs(pid) and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(after_s)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        return int(self._server.stdout.readline()) == -signal.SIGKILL


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def is_saved_again(state: Path) -> Callable[[], bool]:
    """Return a function that tells whether the state of a run is another than now."""

    def stamp() -> int:
        return state.stat().st_mtime_ns if state.exists() else 0

    before = stamp()
    return lambda: stamp() != before
