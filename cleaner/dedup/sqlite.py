"""Kept sketches in one SQLite file, which survives the end of its process at any moment, and is read while written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from os import PathLike, fspath
from typing import Any

import numpy as np
import xxhash

from cleaner.dedup.hashing import Hashes
from cleaner.dedup.index_file import IndexFileError, damaged, opened
from cleaner.dedup.known import PassageTable
from cleaner.dedup.sketch import BITMAP_LANES, Sketch
from cleaner.dedup.slots import Counts, DamagedError, Slots, checksum
from cleaner.dedup.store import BUCKET_CAP, Integers, Member, keys

_CACHE_KIB = 65_536
_HEAD = "id, exact, words, size, bands, anchors, bitmap"

# Entries under one band: those that are compared, and one more that tells that there are others.
_MOST_IN_A_BUCKET = BUCKET_CAP + 1
_NO_LIMIT = 1 << 62

_READ, _WRITE = "BEGIN", "BEGIN IMMEDIATE"


class SqliteStore:
    """A store in the SQLite file `path`.

    Every change is in the file when the call returns, or when its transaction ends. Any number of processes may
    read; those that write wait for each other. The file must lie on a local disk. All that is read is held against
    its checksum: a damaged file is refused and gives no wrong answer.

    `settings` are written to a new file; those of an old one are in `settings` after opening. Raises `IndexFileError`
    for a file that is no index, or is damaged, and for one that is not there and may not be made (`read_only`).
    """

    def __init__(self, path: str | PathLike[str], settings: Mapping[str, str], *, read_only: bool = False) -> None:
        self.path = fspath(path)
        self._capped: set[int] = set()
        self.short_looks = 0
        try:
            # Callers in several threads take turns (see NearDuplicateIndex).
            self._connection = opened(path, settings, read_only=read_only)
            self._slots = Slots(self._connection)
            self.passages: PassageTable | None = PassageTable(self._connection, self._slots, self._as_it_stands)
        except IndexFileError:
            raise
        except OSError as error:
            raise IndexFileError(f"{self.path} cannot be used as a near-duplicate index: {error.strerror}") from error
        except sqlite3.Error as error:
            raise IndexFileError(f"{self.path} cannot be used as a near-duplicate index: {error}") from error
        try:
            self._prepare(read_only)
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, read_only: bool) -> None:
        try:
            self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            master = self._connection.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
            if {"settings", "slots"} & {name for name, _, _ in master} == {"settings"}:
                what = "is no near-duplicate index of this version of cleaner: move it away, and build it anew from the"
                raise IndexFileError(f"{self.path} {what} texts: cleaner index build CORPUS -o {self.path}")
            # A view or a trigger, which a stranger may have put there, could go on for ever.
            if strange := [n for n, kind, sql in master if kind != "table" or not sql.startswith("CREATE TABLE ")]:
                raise IndexFileError(f"{self.path} is no near-duplicate index: none has such a thing as {strange[0]!r}")
            rows = self._connection.execute("SELECT name, value, checksum FROM settings ORDER BY name").fetchall()
            if not read_only:  # only now: a database of somebody else's stays as it is
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            raise IndexFileError(f"{self.path} cannot be used as a near-duplicate index: {error}") from error
        if any(checksum(name, value) != found for name, value, found in rows):
            raise damaged(self.path, "a setting")
        self.settings: dict[str, str] = {name: value for name, value, _ in rows}

    @property
    def capped(self) -> int:
        """How many buckets were met that have more members than are compared."""
        return len(self._capped)

    def exact(self, digest: bytes) -> int | None:
        """Return the number of the text with this sequence of words."""
        with self._reading():
            self._fresh()
            key = _key(b"exact", digest)
            (numbers,) = self._slots.numbers([key])
            return next((number for number in numbers if self._head(number)[1] == digest), None)

    def candidates(self, bands: bytes) -> Integers:
        """Return all texts that share a band with the sketch."""
        wanted = keys(bands)
        numbers: set[int] = set()
        with self._reading():
            self._fresh()
            for key, members in zip(wanted, self._slots.numbers(wanted), strict=True):
                if len(members) > BUCKET_CAP:
                    self._capped.add(key)
                numbers.update(members[:BUCKET_CAP])
        self.short_looks += not self._capped.isdisjoint(wanted)
        return np.array(sorted(numbers), np.int64)

    def holders(self, anchors: bytes) -> Integers:
        """Return all texts that share an anchor with the sketch."""
        return self.candidates(anchors)

    def sizes(self, numbers: Integers) -> Integers:
        """Return the number of shingles of each text."""
        with self._reading():
            return np.array([self._head(number)[3] for number in numbers.tolist()], np.int64)

    def bitmaps(self, numbers: Integers) -> Hashes:
        """Return the bitmap of each text, one row a text."""
        with self._reading():
            rows = b"".join([self._head(number)[6] for number in numbers.tolist()])
        bitmaps: Hashes = np.frombuffer(rows, "<u8").reshape(len(numbers), BITMAP_LANES)
        return bitmaps

    def shingles(self, numbers: Integers) -> Iterator[Hashes]:
        """Yield the set of shingles of each text."""
        for number in numbers.tolist():
            with self._reading():
                data = self._shingles(number)
            yield np.frombuffer(data, "<u8")

    def member(self, number: int) -> Member:
        """Return a text's id and length."""
        with self._reading():
            head = self._head(number)
            return Member(_text(head[0]), head[2])

    def add(self, id: str, sketch: Sketch) -> None:
        """Enter a kept text, in a transaction of the caller's or as one of its own."""
        if not self._connection.in_transaction:
            with self.transaction():
                self.add(id, sketch)
            return
        with self._reading():
            number = self._slots.counts.next
            size = sketch.size
            head = (_storable(id), sketch.exact, sketch.words, size, sketch.bands, sketch.anchors, sketch.bitmap)
            sums = (checksum(number, *_parts(head)), checksum(number, sketch.shingles))
            self._connection.execute(
                f"INSERT INTO texts (number, checksum, shingles_checksum, {_HEAD}, shingles) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (number, *sums, *head, sketch.shingles),
            )
            entered = dict.fromkeys(keys(sketch.bands + sketch.anchors), _MOST_IN_A_BUCKET)
            entered |= dict.fromkeys(_own_keys(id, sketch.exact), _NO_LIMIT)
            self._slots.enter(entered, number)
            self._slots.count_text(1, number + 1)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do what stands in the block as a whole, or not at all, and let nobody write in between.

        Waits for another writer, a minute at most; then, and where the disk is full, raises `IndexFileError`.
        """
        with self._block(_WRITE):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See what stands now throughout the block, whatever others write."""
        with self._block(_READ):
            yield

    @contextmanager
    def _as_it_stands(self) -> Iterator[None]:
        """See what stands now throughout the block: a snapshot, or what the transaction of the caller sees."""
        with self._reading() if self._connection.in_transaction else self.snapshot():
            yield

    @contextmanager
    def _block(self, begin: str) -> Iterator[None]:
        with self._reading():
            self._connection.execute(begin)
            self._slots.forget()
            try:
                yield
                if begin != _READ:
                    self._slots.flush()
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._slots.forget()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turn what SQLite finds wrong, and a checksum that does not fit, into an error that names the file."""
        try:
            yield
        except DamagedError as error:
            raise damaged(self.path, str(error)) from error
        except sqlite3.Error as error:
            raise IndexFileError(f"{self.path}: {error}") from error

    def remove(self, id: str) -> int:
        """Take out the texts with this id; return how many there were."""
        with self._reading():
            removed = 0
            for number in self._slots.numbers([_key(b"id", _id_bytes(id))])[0]:
                stored, exact, _, _, bands, anchors, _ = self._head(number)
                if _text(stored) == id:
                    self._slots.leave({*keys(bands + anchors), *_own_keys(id, exact)}, number)
                    self._slots.count_text(-1, self._slots.counts.next)
                    self._connection.execute("DELETE FROM texts WHERE number = ?", (number,))
                    removed += 1
            return removed

    def sketches(self) -> Iterator[tuple[str, Sketch]]:
        """Yield what was added and not removed, in order."""
        with self._reading():
            texts, given = self._slots.counts.texts, 0
            for (number,) in self._connection.execute("SELECT number FROM texts ORDER BY number"):
                id, exact, words, _, bands, anchors, bitmap = self._head(number)
                given += 1
                yield _text(id), Sketch(exact, self._shingles(number), bands, bitmap, words, anchors)
            if given != texts:
                raise DamagedError("the list of texts")

    def last(self) -> int:
        """Return the number that the next text gets."""
        with self._reading():
            return self._fresh().next

    def begun(self, run: str) -> int | None:
        """Return the number at which a run that was noted began."""
        with self._reading():
            self._fresh()
            (begun,) = self._slots.numbers([_key(b"run", run.encode())])
            return begun[0] if begun else None

    def note(self, run: str, begun: int) -> None:
        """Note where a run began, unless it is noted; in a transaction of the caller's."""
        with self._reading():
            self._slots.enter({_key(b"run", run.encode()): 1}, begun)

    def disk_bytes(self) -> int:
        """Return the size of the file."""
        return os.path.getsize(self.path)

    def close(self) -> None:
        """Close the file, and leave nothing beside it where nobody else has it open."""
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout = 0")
            # A file in WAL mode cannot be read in a folder that cannot be written.
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def __len__(self) -> int:
        """Return the number of texts."""
        with self._reading():
            return self._fresh().texts

    def _fresh(self) -> Counts:
        """Return the counts as they are now, also where other processes write."""
        if not self._connection.in_transaction:
            self._slots.forget()
        return self._slots.counts

    def _head(self, number: int) -> tuple[Any, ...]:
        """Return the row of a text as it was written, but for the shingles."""
        row = self._connection.execute(f"SELECT checksum, {_HEAD} FROM texts WHERE number = ?", (number,)).fetchone()
        if row is None or checksum(number, *_parts(row[1:])) != row[0]:
            raise DamagedError(f"text {number}")
        return tuple(row[1:])

    def _shingles(self, number: int) -> bytes:
        row = self._connection.execute(
            "SELECT shingles_checksum, shingles FROM texts WHERE number = ?", (number,)
        ).fetchone()
        if row is None or not isinstance(row[1], bytes) or checksum(number, row[1]) != row[0]:
            raise DamagedError(f"text {number}")
        return row[1]


def _parts(head: tuple[Any, ...]) -> tuple[bytes | int | str, ...]:
    """Return the columns of a row as they go into its checksum, each with its type."""
    return tuple(part for value in head for part in (type(value).__name__, value if value is not None else ""))


def _own_keys(id: str, exact: bytes) -> tuple[int, int]:
    """Return the keys under which a text is found by its id and by its sequence of words."""
    return _key(b"id", _id_bytes(id)), _key(b"exact", exact)


def _key(kind: bytes, value: bytes) -> int:
    return xxhash.xxh3_64_intdigest(kind + b"\0" + value)


def _id_bytes(id: str) -> bytes:
    return id.encode("utf-8", "surrogatepass")


def _storable(id: str) -> str | bytes:
    """Return the id as SQLite takes it: half a surrogate pair, which JSON may hold, has no UTF-8."""
    try:
        id.encode()
    except UnicodeEncodeError:
        return id.encode("utf-8", "surrogatepass")
    return id


def _text(stored: str | bytes) -> str:
    return stored if isinstance(stored, str) else stored.decode("utf-8", "surrogatepass")
