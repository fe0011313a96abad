"""Put a new file in the place of an old one, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from types import TracebackType
from typing import NamedTuple, Self

from cleaner.replacing import fresh_name

# A file that is not there yet, and no link.
_NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class State(NamedTuple):
    """What changes when a file is written to; the size is in bytes."""

    inode: int
    size: int
    mtime_ns: int


class Changed(OSError):
    """The file was changed by somebody else while it was being checked."""


class Replacing:
    """A new file that takes the place of `path` with `commit()`, and of which nothing stays else. A context manager.

    It has the old one's permissions and, where that may be, its owner. `path` is the file's real one: should it, or a
    folder above it, have become a link since, or become one now, nothing is written where that leads. `before` is the
    file's `state()` when it was read. Raises `OSError`.
    """

    def __init__(self, path: str, before: State) -> None:
        self._path = path
        self._before = before
        folder, name = os.path.split(path)
        self._folder = _held(folder)
        beside = folder if self._folder is None else ""
        self._name, self._new = os.path.join(beside, name), os.path.join(beside, fresh_name(name))
        try:
            new = os.open(self._new, _NEW_FILE, 0o666, dir_fd=self._folder)
        except BaseException:
            self._let_go()
            raise
        self._file = os.fdopen(new, "wb")

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._file.write(data)

    def commit(self) -> None:
        """Let the new file be the file. Raises `Changed` where the old one is not what it was."""
        self._file.flush()
        os.fsync(self._file.fileno())
        old = os.stat(self._name, dir_fd=self._folder, follow_symlinks=False)
        if hasattr(os, "fchown"):  # root in a container mends the files of somebody else
            with contextlib.suppress(OSError):
                os.fchown(self._file.fileno(), old.st_uid, old.st_gid)
            os.fchmod(self._file.fileno(), stat.S_IMODE(old.st_mode))
        self._file.close()
        if _state(old) != self._before:
            raise Changed(f"{self._path} was changed in the meantime")
        os.replace(self._new, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was not put in place."""
        with contextlib.suppress(OSError):  # on a full disk what waits finds no room here either
            self._file.close()
        with contextlib.suppress(OSError):
            os.unlink(self._new, dir_fd=self._folder)
        self._let_go()

    def _let_go(self) -> None:
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None


def _held(folder: str) -> int | None:
    """Open a folder, the path of which has no links, step by step; None where the system knows no such way.

    What is then done in it is done in this folder, whatever takes its name. Raises `OSError` where a part is a link.
    """
    if os.open not in os.supports_dir_fd:  # Windows
        return None
    access = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW
    held = os.open(os.sep, access)
    for part in filter(None, folder.split(os.sep)):
        try:
            below = os.open(part, access, dir_fd=held)
        finally:
            os.close(held)
        held = below
    return held


def state(path: str) -> State:
    """Return the state of a file as it is now."""
    return _state(os.stat(path))


def _state(found: os.stat_result) -> State:
    return State(found.st_ino, found.st_size, found.st_mtime_ns)
