"""The SQLite file of an index: made whole, opened, and refused where it is another's, empty or cut."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from os import PathLike, fspath
from pathlib import Path

from cleaner.dedup import known, slots
from cleaner.dedup.slots import checksum
from cleaner.errors import CleanerError

_BUSY_TIMEOUT_S = 60.0
_MAGIC = b"SQLite format 3\0"
_HEAD_BYTES = 18  # the magic, and the size of a page
# What is large stands last: SQLite then reads the other columns without it. Every row carries the checksum of what it
# holds, the shingles one of their own, since most rows that are looked at are told apart without them.
_SCHEMA = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE texts (
        number INTEGER PRIMARY KEY, -- keep order
        checksum INTEGER NOT NULL, -- of all but the shingles
        shingles_checksum INTEGER NOT NULL,
        id TEXT NOT NULL,
        exact BLOB NOT NULL,
        words INTEGER NOT NULL,
        size INTEGER NOT NULL, -- shingles
        bands BLOB NOT NULL,
        anchors BLOB NOT NULL,
        bitmap BLOB NOT NULL,
        shingles BLOB NOT NULL
    )""",
)


class IndexFileError(CleanerError, OSError):
    """A file cannot be used as a near-duplicate index."""


def opened(path: str | PathLike[str], settings: Mapping[str, str], *, read_only: bool) -> sqlite3.Connection:
    """Return a connection to the index, which is made with `settings` where there is none and it may be written.

    Raises `IndexFileError`, or what the file system and SQLite raise.
    """
    if not read_only and not os.path.lexists(path):
        _make(path, settings)
    if os.path.getsize(path) == 0:
        raise IndexFileError(f"{fspath(path)} is empty, and no near-duplicate index: remove it, or name another")
    with open(path, "rb") as file:  # SQLite takes a file of few bytes, whatever they are, for a new database
        head = file.read(_HEAD_BYTES)
    if head[: len(_MAGIC)] != _MAGIC:
        raise sqlite3.DatabaseError("file is not a database")
    if _is_cut(path, head):
        raise damaged(fspath(path), "its end")
    return _connected(path, "ro" if read_only else "rw")


def damaged(path: str, what: str) -> IndexFileError:
    """Return the error of a file that holds something else than was written."""
    return IndexFileError(f"{path} is damaged ({what} is not as it was written): build it anew from the texts")


def _connected(path: str | PathLike[str], mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{Path(path).absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _make(path: str | PathLike[str], settings: Mapping[str, str]) -> None:
    """Make an empty index, whole or not at all; where another process was faster, its index stays."""
    folder, name = os.path.split(os.path.abspath(path))
    new = os.path.join(folder, f".{name[:64]}.{secrets.token_hex(8)}")
    try:
        connection = _connected(new, "rwc")
        try:
            connection.execute("BEGIN")
            for statement in _SCHEMA:
                connection.execute(statement)
            rows = [(name, value, checksum(name, value)) for name, value in settings.items()]
            connection.executemany("INSERT INTO settings VALUES (?, ?, ?)", rows)
            slots.make(connection)
            known.make(connection)
            connection.execute("COMMIT")
        finally:
            connection.close()
        with suppress(FileExistsError):
            _put(new, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(new)


def _put(new: str, path: str | PathLike[str]) -> None:
    """Give a new file its name, unless something has it."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if not os.path.lexists(path):
            os.rename(new, path)


def _is_cut(path: str | PathLike[str], head: bytes) -> bool:
    """Tell whether the last page is not whole: SQLite, which counts it as a page, would read it as ending in zeros.

    Where a run was killed, what the file lacks stands in the journal beside it, and comes back from there.
    """
    if any(os.path.lexists(f"{fspath(path)}-{kind}") for kind in ("wal", "journal")):
        return False
    size = int.from_bytes(head[len(_MAGIC) :], "big")
    return os.path.getsize(path) % (65_536 if size == 1 else size or 1) != 0  # as its format has it: 1 is 65,536
