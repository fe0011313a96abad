"""Kept sketches in one SQLite file, which survives the end of its process at any moment, and is read while written."""

from __future__ import annotations

import functools
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.dedup.hashing import Hashes
from cleaner.dedup.sketch import BITMAP_LANES, Sketch
from cleaner.dedup.store import BUCKET_CAP, Integers, Member
from cleaner.errors import CleanerError

_BUSY_TIMEOUT_S = 60.0
_CACHE_KIB = 65_536
# What is large stands last: SQLite then reads the other columns without it.
_SCHEMA = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE texts (
        number INTEGER PRIMARY KEY AUTOINCREMENT, -- keep order; never given twice
        id TEXT NOT NULL,
        exact BLOB NOT NULL,
        words INTEGER NOT NULL,
        size INTEGER NOT NULL, -- shingles
        bands BLOB NOT NULL,
        bitmap BLOB NOT NULL,
        shingles BLOB NOT NULL
    )""",
    "CREATE INDEX texts_by_id ON texts (id)",
    "CREATE INDEX texts_by_exact ON texts (exact)",
    "CREATE TABLE bands (key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number)) WITHOUT ROWID",
    "CREATE TABLE runs (run TEXT PRIMARY KEY, begun INTEGER NOT NULL) WITHOUT ROWID",
)


class IndexFileError(CleanerError, OSError):
    """A file cannot be used as a near-duplicate index."""


class SqliteStore:
    """A store in the SQLite file `path`.

    Every change is in the file when the call returns, or when its transaction ends. Any number of processes may
    read; those that write wait for each other. The file must lie on a local disk.

    `settings` are written to a new file; those of an old one are in `settings` after opening. Raises `IndexFileError`
    for a file that is no index, and for one that is not there and may not be made (`read_only`).
    """

    def __init__(self, path: str | PathLike[str], settings: Mapping[str, str], *, read_only: bool = False) -> None:
        self.path = fspath(path)
        self._capped: set[int] = set()
        mode = "ro" if read_only else "rwc"
        try:
            # Callers in several threads take turns (see NearDuplicateIndex).
            self._connection = sqlite3.connect(
                f"{Path(path).absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=_BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                self._prepare(settings, read_only)
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.Error as error:
            raise IndexFileError(f"{self.path} cannot be used as a near-duplicate index: {error}") from error

    def _prepare(self, settings: Mapping[str, str], read_only: bool) -> None:
        execute = self._connection.execute
        execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if not read_only:
            execute("PRAGMA journal_mode = WAL")
            execute("PRAGMA synchronous = FULL")
            with self.transaction():
                tables = {name for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                if not tables:
                    for statement in _SCHEMA:
                        execute(statement)
                    self._connection.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())
        self.settings: dict[str, str] = dict(execute("SELECT name, value FROM settings ORDER BY name"))

    @property
    def capped(self) -> int:
        """How many buckets were met that have more members than are compared."""
        return len(self._capped)

    def exact(self, digest: bytes) -> int | None:
        """Give the number of the text with this sequence of words."""
        row = self._connection.execute("SELECT min(number) FROM texts WHERE exact = ?", (digest,)).fetchone()
        number: int | None = row[0]
        return number

    def candidates(self, bands: bytes) -> Integers:
        """Give all texts that share a band with the sketch."""
        wanted = _signed(bands)
        rows = self._connection.execute(_buckets_query(len(wanted)), wanted).fetchall()
        if len(rows) > BUCKET_CAP:
            return self._capped_candidates(rows)
        return np.array(sorted({number for _, number in rows}), np.int64)

    def _capped_candidates(self, rows: list[tuple[int, int]]) -> Integers:
        members = Counter(key for key, _ in rows)
        full = {key for key, count in members.items() if count > BUCKET_CAP}
        self._capped |= full
        last = {key: max(number for other, number in rows if other == key) for key in full}
        return np.array(sorted({number for key, number in rows if number != last.get(key)}), np.int64)

    def sizes(self, numbers: Integers) -> Integers:
        """Give the number of shingles of each text."""
        return np.array([self._value("size", number) for number in numbers.tolist()], np.int64)

    def bitmaps(self, numbers: Integers) -> Hashes:
        """Give the bitmap of each text, one row a text."""
        rows = b"".join([self._value("bitmap", number) for number in numbers.tolist()])
        bitmaps: Hashes = np.frombuffer(rows, "<u8").reshape(len(numbers), BITMAP_LANES)
        return bitmaps

    def shingles(self, numbers: Integers) -> Iterator[Hashes]:
        """Give the set of shingles of each text."""
        for number in numbers.tolist():
            yield np.frombuffer(self._value("shingles", number), "<u8")

    def member(self, number: int) -> Member:
        """Give a text's id and length."""
        return Member(_text(self._value("id", number)), self._value("words", number))

    def add(self, id: str, sketch: Sketch) -> None:
        """Enter a kept text, in a transaction of the caller's or as one of its own."""
        if not self._connection.in_transaction:
            with self.transaction():
                self.add(id, sketch)
            return
        size = len(sketch.shingles) // 8
        cursor = self._connection.execute(
            "INSERT INTO texts (id, exact, words, size, bands, bitmap, shingles) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (_storable(id), sketch.exact, sketch.words, size, sketch.bands, sketch.bitmap, sketch.shingles),
        )
        rows = [(key, cursor.lastrowid) for key in _signed(sketch.bands)]
        self._connection.executemany("INSERT INTO bands VALUES (?, ?)", rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do what stands in the block as a whole, or not at all, and let nobody write in between.

        Waits for another writer, a minute at most; then, and where the disk is full, raises `IndexFileError`.
        """
        with self._block("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See what stands now throughout the block, whatever others write."""
        with self._block("BEGIN"):
            yield

    @contextmanager
    def _block(self, begin: str) -> Iterator[None]:
        try:
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise IndexFileError(f"{self.path}: {error}") from error

    def remove(self, id: str) -> int:
        """Take out the texts with this id; give how many there were."""
        rows = self._connection.execute("SELECT number, bands FROM texts WHERE id = ?", (_storable(id),)).fetchall()
        for number, bands in rows:
            self._connection.executemany(
                "DELETE FROM bands WHERE key = ? AND number = ?", [(key, number) for key in _signed(bands)]
            )
            self._connection.execute("DELETE FROM texts WHERE number = ?", (number,))
        return len(rows)

    def sketches(self) -> Iterator[tuple[str, Sketch]]:
        """Give what was added and not removed, in order."""
        fields = "id, exact, shingles, bands, bitmap, words"
        for id, *sketch in self._connection.execute(f"SELECT {fields} FROM texts ORDER BY number"):
            yield _text(id), Sketch(*sketch)

    def last(self) -> int:
        """Give the number that the next text gets, at least."""
        highest: int = self._connection.execute("SELECT ifnull(max(number), 0) FROM texts").fetchone()[0]
        return highest + 1

    def begun(self, run: str) -> int | None:
        """Give the number at which a run that was noted began."""
        rows: list[tuple[int]] = self._connection.execute("SELECT begun FROM runs WHERE run = ?", (run,)).fetchall()
        return rows[0][0] if rows else None

    def note(self, run: str, begun: int) -> None:
        """Note where a run began, unless it is noted."""
        self._connection.execute("INSERT OR IGNORE INTO runs VALUES (?, ?)", (run, begun))

    def disk_bytes(self) -> int:
        """Give the size of the file."""
        return Path(self.path).stat().st_size

    def close(self) -> None:
        """Close the file, and leave nothing beside it where nobody else has it open."""
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout = 0")
            # A file in WAL mode cannot be read in a folder that cannot be written.
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def __len__(self) -> int:
        """Give the number of texts. Looks through the index."""
        count: int = self._connection.execute("SELECT count(*) FROM texts").fetchone()[0]
        return count

    def _value(self, column: str, number: int) -> Any:
        return self._connection.execute(f"SELECT {column} FROM texts WHERE number = ?", (number,)).fetchone()[0]


@functools.cache
def _buckets_query(bands: int) -> str:
    one = f"SELECT * FROM (SELECT key, number FROM bands WHERE key = ? ORDER BY number LIMIT {BUCKET_CAP + 1})"
    return " UNION ALL ".join([one] * bands)


def _storable(id: str) -> str | bytes:
    """Give the id as SQLite takes it: half a surrogate pair, which JSON may hold, has no UTF-8."""
    try:
        id.encode()
    except UnicodeEncodeError:
        return id.encode("utf-8", "surrogatepass")
    return id


def _text(stored: str | bytes) -> str:
    return stored if isinstance(stored, str) else stored.decode("utf-8", "surrogatepass")


def _signed(bands: bytes) -> list[int]:
    """Give the keys as SQLite knows integers: with a sign."""
    keys: list[int] = np.frombuffer(bands, "<i8").tolist()
    return keys
