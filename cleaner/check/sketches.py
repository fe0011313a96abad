"""What is compared of a text: made once for each content, and kept in a cache beside the files."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import stat
import struct
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import xxhash

from cleaner.check.rewrite import State
from cleaner.errors import InputError
from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.config import Config
    from cleaner.dedup.sketch import Sketch, Sketcher

FOLDER = ".cleaner_cache"
# Goes up when the tables or what is in them change.
LAYOUT = 5
FILE = f"duplicates-{LAYOUT}.sqlite"
# A file that was written to so shortly ago may be written to again without its time changing.
FRESH_S = 2.0
# Unused sketches are deleted when there are more than SLACK times those in use, and SLACK_TEXTS more.
SLACK, SLACK_TEXTS = 4, 10_000

_TABLES = """
CREATE TABLE IF NOT EXISTS heads (key BLOB PRIMARY KEY, exact BLOB NOT NULL, keys BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sketches (key BLOB PRIMARY KEY, sketch BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    path BLOB, settings BLOB, state TEXT NOT NULL, texts BLOB NOT NULL, PRIMARY KEY (path, settings)
) WITHOUT ROWID;
"""
_SCHEMA = {statement.strip() for statement in _TABLES.replace("IF NOT EXISTS ", "").split(";") if statement.strip()}
_LENGTHS = struct.Struct("<16sQIII")
_TEXT = struct.Struct("<IB16s")
_CHECKSUM_BYTES = 8
_QUIET_BITS = {"ND101": 1, "ND102": 2, "ND103": 4}


class Seen(NamedTuple):
    """One text of the files that were checked.

    `line` is the record's, 0 for a whole file. `key` is a digest of its content and of all that its sketch depends on.
    `quiet` are the codes of duplicates that a comment in the file asks not to tell. `sketch` is None where the cache
    has it.
    """

    line: int
    key: bytes
    quiet: frozenset[str] = frozenset()
    text: str = ""
    sketch: Sketch | None = None


class Head(NamedTuple):
    """What of a sketch says whether two texts may be alike."""

    exact: bytes
    keys: bytes
    """Those of the bands, then the anchors."""


@dataclass(frozen=True, slots=True)
class Sketches:
    """Makes sketches of those texts that the cache does not know. Can be sent to a worker."""

    sketcher: Sketcher
    settings: bytes
    cache: str | None

    def seen(
        self,
        line: int,
        content: bytes,
        text: str,
        off: frozenset[str] = frozenset(),
        quiet: frozenset[str] = frozenset(),
    ) -> Iterator[Seen]:
        """Yield the text, cleaned without the rules in `off`, unless there is nothing in it to compare."""
        if text.strip():
            yield Seen(line, xxhash.xxh3_128_digest(self.settings + repr(sorted(off)).encode() + content), quiet, text)

    def filled(self, texts: Sequence[Seen]) -> tuple[Seen, ...]:
        """Return the texts with sketches, where the cache has none, in place of the texts themselves."""
        known = _known_keys(self.cache, [seen.key for seen in texts]) if self.cache else set[bytes]()
        unknown = [seen for seen in texts if seen.key not in known]
        made = dict(zip([s.key for s in unknown], self.sketcher.batch([s.text for s in unknown]), strict=True))
        return tuple(seen._replace(text="", sketch=made.get(seen.key)) for seen in texts)


def settings_of(config: Config, codes: Iterable[str], sketcher: Sketcher) -> bytes:
    """Return a digest of all that a text's sketch depends on beside its content."""
    from cleaner.dedup.sketch import SHINGLES_VERSION

    parts = [
        __version__,
        LAYOUT,
        SHINGLES_VERSION,
        sketcher.threshold,
        sketcher.ngram,
        sketcher.contained,
        sorted(codes),
    ]
    parts += [
        sorted(config.kinds.items()),
        config.text_field,
        config.html_field,
        config.records_at,
        sorted(config.rules.items()),
        config.languages,
        config.min_share,
        config.line_model,
        config.read_line_model,
    ]
    parts += [pack.digest for pack in config.read_packs]
    return xxhash.xxh3_128_digest(repr(parts).encode("utf-8", "surrogatepass"))


def _known_keys(cache: str, keys: Sequence[bytes]) -> set[bytes]:
    address = f"{Path(cache).absolute().as_uri()}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=30)) as reader:
            return {key for key in keys if reader.execute("SELECT 1 FROM heads WHERE key = ?", (key,)).fetchone()}
    except sqlite3.Error:
        return set()


class Cache:
    """The cache, for the process that decides. Without a place to write, it knows nothing and keeps nothing.

    It may have come with a stranger's repository: one that leads elsewhere is not used, and `remark` says so; each row
    has a checksum, and one that is damaged is told and the cache removed. Reading raises `InputError` then.
    """

    def __init__(self, folder: Path | None) -> None:
        self._base: sqlite3.Connection | None = None
        self.path: str | None = None
        self.remark = ""
        if folder is not None:
            with contextlib.suppress(OSError, sqlite3.Error):
                self._open(folder / FOLDER)

    def _open(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        path = folder / FILE
        if strange := _not_own(folder, path):
            self.remark = (
                f"{strange} belongs to somebody else, is a link or no file, or can be written by all: nothing is read "
                "from it or kept there; remove it, and it is made anew"
            )
            return
        with contextlib.suppress(FileExistsError), open(folder / ".gitignore", "x") as ignore:  # follows no link
            ignore.write("*\n")
        try:
            self._base = self._connected(path)
        except sqlite3.DatabaseError:  # not a database, or damaged: it can be made anew
            path.unlink()
            self._base = self._connected(path)
        self.path = str(path)

    def _connected(self, path: Path) -> sqlite3.Connection:
        base = sqlite3.connect(path, timeout=30)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = OFF")  # what is lost is made again
        base.executescript(_TABLES)
        # A view or a trigger could go on for ever.
        found = {sql for (sql,) in base.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        if found != _SCHEMA:
            base.close()
            raise sqlite3.DatabaseError("other tables")
        return base

    def _row(self, query: str, *arguments: bytes | str) -> tuple[bytes, ...] | None:
        """Return the row of a query, whose last column ends with the checksum of them all."""
        if self._base is None:
            return None
        try:
            row = self._base.execute(query, arguments).fetchone()
            return None if row is None else _unsealed(row)
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            if not isinstance(error, sqlite3.OperationalError):
                self.close()
                with contextlib.suppress(OSError):
                    os.unlink(str(self.path))
            message = f"{self.path}: this cache is damaged ({error}): the same command again makes it anew"
            raise InputError(message) from error

    def texts_of(self, path: str, state: State, settings: bytes) -> list[Seen] | None:
        """Return the texts of a file that has not been written to since; None where that is not known."""
        query = "SELECT path, settings, texts FROM files WHERE path = ? AND settings = ? AND state = ?"
        row = self._row(query, os.fsencode(path), settings, repr(state))
        return None if row is None else [_seen(*fields) for fields in _TEXT.iter_unpack(row[-1])]

    def keep(self, files: Mapping[str, tuple[State, bytes, Sequence[Seen]]], texts: Iterable[Seen]) -> None:
        """Write down new sketches, and the texts of files as they are now."""
        if self._base is None:
            return
        fresh = time.time() - FRESH_S
        rows = [
            (path, settings, repr(state), _sealed(path, settings, b"".join(map(_bytes_of, texts_))))
            for path, (state, settings, texts_) in ((os.fsencode(path), row) for path, row in files.items())
            if state.mtime_ns / 1e9 < fresh
        ]
        new = [(seen.key, seen.sketch) for seen in texts if seen.sketch is not None]
        heads = [(key, sketch.exact, _sealed(key, sketch.exact, sketch.bands + sketch.anchors)) for key, sketch in new]
        sketches = [(key, _sealed(key, _packed(sketch))) for key, sketch in new]
        with contextlib.suppress(sqlite3.Error), self._base:
            self._base.executemany("INSERT OR REPLACE INTO heads VALUES (?, ?, ?)", heads)
            self._base.executemany("INSERT OR REPLACE INTO sketches VALUES (?, ?)", sketches)
            self._base.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", rows)

    def forget(self, used: set[bytes]) -> None:
        """Forget what this run did not need, where that is by far the most."""
        if self._base is None:
            return
        with contextlib.suppress(sqlite3.Error), self._base:
            (number,) = self._base.execute("SELECT count(*) FROM heads").fetchone()
            if number > SLACK * len(used) + SLACK_TEXTS:
                rows = self._base.execute("SELECT key FROM heads").fetchall()
                unused = [row for row in rows if row[0] not in used]
                self._base.executemany("DELETE FROM heads WHERE key = ?", unused)
                self._base.executemany("DELETE FROM sketches WHERE key = ?", unused)
                self._base.execute("DELETE FROM files")

    def heads(self, texts: Sequence[Seen]) -> list[Head | None]:
        """Return the heads of the texts' sketches; None for one that another process has forgotten since."""
        return [
            Head(t.sketch.exact, t.sketch.bands + t.sketch.anchors) if t.sketch else self._head(t.key) for t in texts
        ]

    def _head(self, key: bytes) -> Head | None:
        row = self._row("SELECT key, exact, keys FROM heads WHERE key = ?", key)
        return None if row is None else Head(*row[1:])

    def sketch(self, key: bytes) -> Sketch | None:
        """Return a sketch; None where there is none."""
        row = self._row("SELECT key, sketch FROM sketches WHERE key = ?", key)
        return None if row is None else _unpacked(row[-1])

    def close(self) -> None:
        """Let go of the file."""
        if self._base is not None:
            self._base.close()


def _not_own(folder: Path, file: Path) -> Path | None:
    """Return which of the folder and the files of the database may be what somebody else has put there."""
    for path in (folder, *(file.with_name(file.name + more) for more in ("", "-wal", "-shm", "-journal"))):
        try:
            known = path.lstat()
        except FileNotFoundError:
            continue
        is_own = stat.S_ISDIR(known.st_mode) if path == folder else stat.S_ISREG(known.st_mode) and known.st_nlink == 1
        if os.name == "posix":
            is_own &= known.st_uid == os.geteuid() and not known.st_mode & stat.S_IWOTH
        if not is_own:
            return path
    return None


def _sealed(*parts: bytes) -> bytes:
    """Return the last of the parts with the checksum of all of them."""
    return parts[-1] + xxhash.xxh3_64_digest(b"".join(parts))


def _unsealed(row: tuple[bytes, ...]) -> tuple[bytes, ...]:
    *before, last = row
    last, checksum = last[:-_CHECKSUM_BYTES], last[-_CHECKSUM_BYTES:]
    if xxhash.xxh3_64_digest(b"".join((*before, last))) != checksum:
        raise ValueError("a checksum is another")
    return (*before, last)


def _bytes_of(seen: Seen) -> bytes:
    return _TEXT.pack(seen.line, sum(bit for code, bit in _QUIET_BITS.items() if code in seen.quiet), seen.key)


def _seen(line: int, quiet: int, key: bytes) -> Seen:
    return Seen(line, key, frozenset(code for code, bit in _QUIET_BITS.items() if quiet & bit))


def _packed(sketch: Sketch) -> bytes:
    lengths = map(len, (sketch.shingles, sketch.bands, sketch.anchors))
    head = _LENGTHS.pack(sketch.exact, sketch.words, *lengths)
    return head + sketch.shingles + sketch.bands + sketch.anchors + sketch.bitmap


def _unpacked(data: bytes) -> Sketch:
    from cleaner.dedup.sketch import Sketch

    exact, words, *lengths = _LENGTHS.unpack_from(data)
    ends = list(itertools.accumulate(lengths, initial=_LENGTHS.size))
    shingles, bands, anchors = (data[start:end] for start, end in itertools.pairwise(ends))
    return Sketch(exact, shingles, bands, data[ends[-1] :], words, anchors)
