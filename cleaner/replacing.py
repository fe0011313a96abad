"""Put a new file in the place of an old one, whole or not at all.

The new file grows under a name of its own in the folder of the old one: a name that nobody else has, so that neither a
file of somebody's nor a link that leads elsewhere is written to.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

# The most bytes of a file's name that stand in the name of the new one: file systems allow 255.
NAME_BYTES = 200


def fresh(path: str | Path) -> str:
    """Return the name of a new, empty file beside `path`. Raises `OSError` where none can be made."""
    return _made(path, lambda name: os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)))


def fresh_folder(path: str | Path) -> str:
    """Return the name of a new, empty folder beside `path`. Raises `OSError` where none can be made."""
    return _made(path, os.mkdir)


def fresh_name(name: str) -> str:
    """Return a name for the new file that is to take the place of one of this name, which hardly any file has."""
    return f"{_start(name)}{os.urandom(4).hex()}.new"


def _start(name: str) -> str:
    start = os.fsencode(name)[:NAME_BYTES].decode("utf-8", "ignore")
    return f".{os.fsdecode(start.encode())}."  # by the system's encoding, which in the locale C is ASCII


def remove_left(path: str | Path) -> None:
    """Remove the new files and folders beside `path` that somebody has left who was killed while writing it.

    Nobody else may be writing it. A link, and what belongs to another user, stays.
    """
    folder, name = os.path.split(os.path.abspath(path))
    left = re.compile(re.escape(_start(name)) + r"[0-9a-f]{8}\.new")
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in [entry for entry in entries if left.fullmatch(entry.name)]:
            if os.name == "posix" and entry.stat(follow_symlinks=False).st_uid != os.geteuid():
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            elif entry.is_file(follow_symlinks=False):
                discard(entry.path)


def _made(path: str | Path, make: Callable[[str], None]) -> str:
    folder, name = os.path.split(os.path.abspath(path))
    while True:
        new = os.path.join(folder, fresh_name(name))
        try:
            make(new)
        except FileExistsError:
            continue
        return new


def put(new: str | Path, path: str | Path, *, sync: bool = False) -> None:
    """Let a finished file take the place of `path`; with `sync` it is on the disk before."""
    if sync:
        with open(new, "rb+") as file:
            os.fsync(file.fileno())
    os.replace(new, path)


def move(source: str | Path, path: str | Path) -> None:
    """Let a finished file take the place of `path`, also from another file system."""
    try:
        os.replace(source, path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with replaced(path) as new:
            shutil.copyfile(source, new)
        os.unlink(source)


def discard(new: str | Path) -> None:
    """Remove a new file that is not wanted, if it is there."""
    with contextlib.suppress(OSError):
        os.unlink(new)


@contextmanager
def naming(place: str | Path) -> Iterator[None]:
    """Say of an error in the block that names no file, as that of a full disk, that it is at `place`."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = os.fspath(place)
        raise


@contextmanager
def temporary_folder(parent: str | None = None, prefix: str = "cleaner-") -> Iterator[Path]:
    """Yield a new folder in `parent`, else where the system has temporary files; it is gone when the block ends.

    Of an error in the block that names no file it is said that it is there.
    """
    with naming("TMPDIR"):
        place = parent or tempfile.gettempdir()
    with naming(place), tempfile.TemporaryDirectory(prefix=prefix, dir=place) as folder:
        yield Path(folder)


class Growing(Protocol):
    """What writes a new file, which is put in its place when it is closed, or given up."""

    def close(self) -> None:
        """Finish."""
        ...

    def discard(self) -> None:
        """Leave nothing behind."""
        ...


@contextmanager
def finishing(target: Growing, place: str) -> Iterator[None]:
    """Close what is written to `place` when the block ends; after an error, as where the disk is full, give it up."""
    try:
        with naming(place):
            yield
            target.close()
    except BaseException:
        target.discard()
        raise


@contextmanager
def replaced(path: str | Path) -> Iterator[str]:
    """Yield the name of a new file that takes the place of `path` when the block ends, and is gone after an error.

    A device or a pipe is not replaced: that raises `OSError`.
    """
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        raise OSError(errno.EINVAL, "it is a device or a pipe", os.fspath(path))
    new = fresh(path)
    try:
        with naming(path):
            yield new
            put(new, path)
    except BaseException:
        discard(new)
        raise
