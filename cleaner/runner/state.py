"""What a run has on disk while it lasts: its files so far, and the point from which it can go on."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import xxhash

from cleaner.account.collect import Collector
from cleaner.account.gather import Best, Histogram, Tally
from cleaner.account.sources import Sources
from cleaner.account.summary import IndexAccount, Summary
from cleaner.errors import InputError, OutputError
from cleaner.replacing import put
from cleaner.runner.lock import Lock
from cleaner.runner.outputs import KINDS
from cleaner.stored import NotStoredError, Store
from cleaner.values import MEGABYTE

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
# Of a sample, which is drawn anew; the others only grow.
REWRITTEN = ("drawn",)
# What it reads, a line of JSON for each file: its name, and by what a change of it is seen.
INPUTS = "inputs"
# Inputs that are named in a message because they have changed.
NAMED_CHANGES = 5
# Where finished files stand that are to go elsewhere.
UPLOAD = "upload"
# Where what is fetched whole lies while it is read.
FETCHED = "fetched"
OWN = frozenset({LOCK, STATE, INPUTS, UPLOAD, FETCHED, f"{STATE}.new", *FILES, *(f"{name}.packed" for name in FILES)})


@dataclass(slots=True)
class State:
    """A point between two chunks.

    `chunks` chunks with `records` records in them have been read. `sizes` has the bytes of each file that belong to
    them, `digests` the XXH3 of these, `summary` is their account, and `collected` what a report has collected.
    `finished` says that only the files are still to be put in place. `made_of` is what the run is made of, by which it
    is told from another run. `index_texts` is the number of texts that an index had when the run began.
    """

    made_of: Mapping[str, Any]
    chunks: int = 0
    records: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
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

    def __init__(
        self,
        folder: Path,
        made_of: Mapping[str, Any],
        stamps: Callable[[], Iterable[tuple[str, str]]] = tuple,
        *,
        restart: bool = False,
    ) -> None:
        self.folder = folder
        self._stamps = stamps
        self._files: dict[str, IO[bytes]] = {}
        self._digests: dict[str, xxhash.xxh3_128] = {}
        _refuse_strangers(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_others(folder)
        self._lock = Lock(folder / LOCK)
        if not self._lock.take():
            raise OutputError(f"another run is writing {str(folder).removesuffix(PARTIAL)}")
        shutil.rmtree(folder / FETCHED, ignore_errors=True)
        try:
            saved = None if restart else self._saved(made_of)
            begun = self._begun(made_of) if restart else None
            if saved is None:
                self._empty()
                self._note_inputs()
        except BaseException:
            self._lock.release()
            raise
        self.state = saved or State(made_of, index_texts=begun)
        self.resumed = saved is not None

    def _empty(self) -> None:
        for name in (UPLOAD, FETCHED):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for name in OWN - {LOCK, UPLOAD, FETCHED}:
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
        changed = differences(_without_inputs(state.made_of), _without_inputs(made_of))
        if state.made_of.get("inputs") != made_of.get("inputs"):
            changed = [*self._changed_inputs(), *changed]
        if changed:
            raise ChangedError(
                f"{self.folder} is left from a run that was interrupted, and this one is another: "
                f"{'; '.join(changed)}; --restart begins anew"
            )
        return state

    def _note_inputs(self) -> None:
        """Write the inputs down, so that it can be said which is another when the run is to go on."""
        with (self.folder / INPUTS).open("wb") as file:
            file.writelines(json.dumps(pair).encode() + b"\n" for pair in self._stamps())

    def _changed_inputs(self) -> list[str]:
        try:
            with (self.folder / INPUTS).open("rb") as file:
                was = dict(map(json.loads, file))
        except (OSError, ValueError, TypeError):
            return ["the inputs have changed"]
        found = differences({"inputs": was}, {"inputs": dict(self._stamps())})
        more = [f"and {len(found) - NAMED_CHANGES:,} more"] if len(found) > NAMED_CHANGES else []
        return [*found[:NAMED_CHANGES], *more] or ["the inputs come in another order"]

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

    @property
    def fetched(self) -> str:
        """A folder for what is fetched whole, which is gone when the run is, or goes on."""
        (self.folder / FETCHED).mkdir(exist_ok=True)
        return str(self.folder / FETCHED)

    def open(self, name: str) -> IO[bytes]:
        """Open one of the files to add to it, cut to the size that belongs to the state."""
        file = self._files.get(name)
        if file is None:
            path = self.folder / name
            path.touch()
            self._refuse_damage(path)
            file = path.open("r+b")
            file.truncate(self.state.sizes.get(name, 0))
            file.seek(0, os.SEEK_END)
            self._files[name] = file
        return file

    def _refuse_damage(self, path: Path) -> None:
        """Raise `ChangedError` where a file does not begin with what the state speaks of."""
        self._add_to_digest(path.name, 0)
        if self.state.digests.get(path.name) not in (None, self._digests[path.name].hexdigest()):
            raise ChangedError(
                f"{self.folder} is damaged: {path.name} is not as the run has left it; --restart begins anew"
            )

    def _add_to_digest(self, name: str, start: int) -> None:
        """Add to the digest of a file what the state speaks of, from a byte on."""
        digest = self._digests.setdefault(name, xxhash.xxh3_128())
        left = self.state.sizes.get(name, 0) - start
        with (self.folder / name).open("rb") as file:
            file.seek(start)
            while left > 0 and (block := file.read(min(left, MEGABYTE))):
                digest.update(block)
                left -= len(block)

    def save(self) -> None:
        """Write the state down, after everything that it speaks of is on the disk."""
        for name, file in self._files.items():
            file.flush()
            os.fsync(file.fileno())
            old, self.state.sizes[name] = self.state.sizes.get(name, 0), file.tell()
            if name not in REWRITTEN:
                self._add_to_digest(name, old)
                self.state.digests[name] = self._digests[name].hexdigest()
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
    """Raise `OutputError` where the folder or what is in it is another user's, or others may write there.

    Nor does a run leave a link, also a hard one, or a pipe: to write there would be to write elsewhere, or to wait.
    """
    if os.name != "posix":  # elsewhere a file says nothing of that in its mode
        return
    for path in (folder, *(folder / name for name in sorted(OWN))):
        try:
            known = path.lstat()
        except FileNotFoundError:
            continue
        is_open = path.name in (folder.name, STATE) and known.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if path.name in (folder.name, UPLOAD, FETCHED):
            is_own = stat.S_ISDIR(known.st_mode)
        else:
            is_own = stat.S_ISREG(known.st_mode) and known.st_nlink == 1
        if known.st_uid != os.geteuid() or is_open or not is_own:
            raise OutputError(
                f"{path} belongs to somebody else, is a link or no file, or can be written by others: what is in it "
                "may not be what a run of yours has left; remove the folder, or name another output"
            )


def _without_inputs(made_of: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in made_of.items() if key != "inputs"}


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
