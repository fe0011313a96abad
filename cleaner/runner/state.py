"""What a run has on disk while it lasts: its files so far, and the point from which it can go on."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from cleaner.account.collect import Collector
from cleaner.account.gather import Best, Histogram, Tally
from cleaner.account.sources import Sources
from cleaner.account.summary import IndexAccount, Summary
from cleaner.errors import InputError, OutputError
from cleaner.replacing import put
from cleaner.runner.lock import Lock
from cleaner.runner.outputs import KINDS
from cleaner.stored import NotStoredError, Store

PARTIAL = ".partial"
LOCK = "lock"
STATE = "state"

# All that a run has in its workplace; what else is there is somebody's own.
FILES = (
    *(kind.name for kind in KINDS if kind.grows),
    "partly_compared",
    "waiting",
    "drawn",
    "new-corpus",
    "new-ledger",
)
# Where finished files stand that are to go elsewhere.
UPLOAD = "upload"
OWN = frozenset({LOCK, STATE, UPLOAD, f"{STATE}.new", *FILES, *(f"{name}.packed" for name in FILES)})


@dataclass(slots=True)
class State:
    """A point between two chunks.

    `chunks` chunks with `records` records in them have been read. `sizes` has the bytes of each file that belong to
    them, `summary` is their account, and `collected` what a report has collected. `finished` says that only the files
    are still to be put in place. `made_of` is what the run is made of, by which it is told from another run.
    `index_texts` is the number of texts that an index had when the run began.
    """

    made_of: Mapping[str, Any]
    chunks: int = 0
    records: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    summary: Summary = field(default_factory=Summary)
    collected: Any = None
    index_texts: int | None = None
    finished: bool = False


# What a state may hold; nothing else comes back from a folder, whoever has written there.
_STORE = Store(State, Summary, Sources, IndexAccount, Collector, Best, Tally, Histogram)


class ChangedError(InputError):
    """A run that was interrupted cannot go on: its input or its configuration is another now."""


class Workplace:
    """The folder `OUT.partial` of a run: files that only grow, and the state, which is replaced as a whole.

    What was written after the last saved state is cut off when a run goes on; it is done again and comes out the same.
    A run has its workplace for itself until it closes it, or dies. Raises `OutputError` where another run has it, or
    where the folder is not a run's.
    """

    def __init__(self, folder: Path, made_of: Mapping[str, Any], *, restart: bool = False) -> None:
        self.folder = folder
        self._files: dict[str, IO[bytes]] = {}
        _refuse_strangers(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_others(folder)
        self._lock = Lock(folder / LOCK)
        if not self._lock.take():
            raise OutputError(f"another run is writing {str(folder).removesuffix(PARTIAL)}")
        try:
            saved = None if restart else self._saved(made_of)
            begun = self._begun(made_of) if restart else None
        except BaseException:
            self._lock.release()
            raise
        self.state = saved or State(made_of, index_texts=begun)
        self.resumed = saved is not None
        if not self.resumed:
            self._empty()

    def _empty(self) -> None:
        shutil.rmtree(self.folder / UPLOAD, ignore_errors=True)
        for name in OWN - {LOCK, UPLOAD}:
            (self.folder / name).unlink(missing_ok=True)

    def _saved(self, made_of: Mapping[str, Any]) -> State | None:
        try:
            with (self.folder / STATE).open("rb") as file:
                state = _STORE.load(file)
        except FileNotFoundError:
            return None
        except NotStoredError as error:
            raise ChangedError(
                f"{self.folder} is damaged, or was left by another version of cleaner; --restart begins anew"
            ) from error
        if not isinstance(state, State):
            raise ChangedError(f"{self.folder} is damaged; --restart begins anew")
        changed = differences(state.made_of, made_of)
        if changed:
            raise ChangedError(
                f"{self.folder} is left from a run that was interrupted, and this one is another: "
                f"{'; '.join(changed)}; --restart begins anew"
            )
        return state

    def _begun(self, made_of: Mapping[str, Any]) -> int | None:
        """Return how many texts an index had when the run began that is done anew; None where that is not known.

        Killed after it had added its texts, it would meet them otherwise, and take itself for a repetition.
        """
        try:
            with (self.folder / STATE).open("rb") as file:
                state = _STORE.load(file)
        except (OSError, NotStoredError):
            return None
        same = isinstance(state, State) and not state.finished and not differences(state.made_of, made_of)
        return state.index_texts if same else None

    def open(self, name: str) -> IO[bytes]:
        """Open one of the files to add to it, cut to the size that belongs to the state."""
        file = self._files.get(name)
        if file is None:
            path = self.folder / name
            path.touch()
            file = path.open("r+b")
            file.truncate(self.state.sizes.get(name, 0))
            file.seek(0, os.SEEK_END)
            self._files[name] = file
        return file

    def save(self) -> None:
        """Write the state down, after everything that it speaks of is on the disk."""
        for name, file in self._files.items():
            file.flush()
            os.fsync(file.fileno())
            self.state.sizes[name] = file.tell()
        new = self.folder / f"{STATE}.new"
        with new.open("wb") as file:
            _STORE.dump(self.state, file)
            file.flush()
            os.fsync(file.fileno())
        put(new, self.folder / STATE)

    def close_files(self) -> None:
        """Close the files; the folder is still the run's own."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def close(self) -> None:
        """Close the files and let go of the folder; it stays where there is a state to go on from."""
        if not (self.folder / STATE).exists():
            self.remove()
        self.close_files()
        self._lock.release()

    def remove(self) -> None:
        """Remove the folder, and let go of it."""
        self.close_files()
        self._empty()
        self._lock.remove()
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def _refuse_strangers(folder: Path) -> None:
    """Raise `OutputError` where the folder holds what no run has put there."""
    if not folder.is_dir():
        return
    names = set(os.listdir(folder))
    strangers = sorted(names - OWN)
    if strangers or (names and not names & {LOCK, STATE}):
        raise OutputError(
            f"{folder}: a run wants this folder for its unfinished work, and it holds something else "
            f"({(strangers or sorted(names))[0]}); move it away, or name another output"
        )


def _refuse_others(folder: Path) -> None:
    """Raise `OutputError` where the folder or the state in it is another user's, or others may write there."""
    if os.name != "posix":  # elsewhere a file says nothing of that in its mode
        return
    for path in (folder, folder / STATE):
        try:
            known = path.lstat()
        except FileNotFoundError:
            continue
        if known.st_uid != os.geteuid() or stat.S_ISLNK(known.st_mode) or known.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise OutputError(
                f"{path} belongs to somebody else, is a link, or can be written by others: what is in it may not be "
                "what a run of yours has left; remove the folder, or name another output"
            )


def differences(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Say what is not the same, a sentence each.

    >>> differences({"threshold": 0.7, "inputs": {"a": 1}}, {"threshold": 0.8, "inputs": {"a": 2, "b": 1}})
    ["inputs 'a' has changed", "inputs 'b' is new", 'threshold was 0.7 and is 0.8']
    """
    found = []
    for key in sorted({*old, *new}, key=str):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            found += differences(was, now, f"{key} ")
        elif prefix:
            how = "is new" if key not in old else "is gone" if key not in new else "has changed"
            found.append(f"{prefix}{key!r} {how}")
        else:
            found.append(f"{key} was {was!r} and is {now!r}")
    return found
