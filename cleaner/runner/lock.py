"""A lock on a file, which the system gives back when the process dies, however it dies."""

from __future__ import annotations

import contextlib
import os
import sys
from multiprocessing.util import register_after_fork
from pathlib import Path


class Lock:
    """A lock on a file that is there for that alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Take the lock; False where another process, or another run in this one, has it."""
        while True:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                _lock(file)
            except (BlockingIOError, PermissionError):
                os.close(file)
                return False
            except OSError:
                pass  # a file system that knows no locks; the run is not refused for that
            if self._is(file):
                self._file = file
                # A forked worker has the file open, too, and would keep the lock for as long as it outlives its parent.
                register_after_fork(self, Lock.release)
                return True
            os.close(file)  # whoever had it has removed the file since

    def _is(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), os.stat(self._path))
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Return the lock back; the file stays."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def remove(self) -> None:
        """Remove the file and give the lock back."""
        if sys.platform == "win32":  # there, an open file cannot be removed
            self.release()
        with contextlib.suppress(OSError):
            self._path.unlink()
        self.release()


def _lock(file: int) -> None:
    """Lock a file or raise `OSError`."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
