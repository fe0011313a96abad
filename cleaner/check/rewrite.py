"""Put a new file in the place of an old one, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from types import TracebackType
from typing import NamedTuple, Self

from cleaner.replacing import discard, fresh, put


class State(NamedTuple):
    """What changes when a file is written to; the size is in bytes."""

    inode: int
    size: int
    mtime_ns: int


class Changed(OSError):
    """The file was changed by somebody else while it was being checked."""


class Replacing:
    """A new file that takes the place of `path` with `commit()`, and of which nothing stays else. A context manager.

    It has the old one's permissions and, where that may be, its owner. `path` is the file's real one: should it have
    become a link since, the link is replaced, and where it leads nothing is written. `before` is the file's `state()`
    when it was read.
    """

    def __init__(self, path: str, before: State) -> None:
        self._path = path
        self._before = before
        self._new = fresh(self._path)
        self._file = open(self._new, "wb")  # noqa: SIM115

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._file.write(data)

    def commit(self) -> None:
        """Let the new file be the file. Raises `Changed` where the old one is not what it was."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if hasattr(os, "chown"):  # root in a container mends the files of somebody else
            old = os.stat(self._path)
            with contextlib.suppress(OSError):
                os.chown(self._new, old.st_uid, old.st_gid)
        shutil.copymode(self._path, self._new)
        if state(self._path) != self._before:
            raise Changed(f"{self._path} was changed in the meantime")
        put(self._new, self._path)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was not put in place."""
        self._file.close()
        discard(self._new)


def state(path: str) -> State:
    """Return the state of a file as it is now."""
    found = os.stat(path)
    return State(found.st_ino, found.st_size, found.st_mtime_ns)
