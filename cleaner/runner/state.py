"""What a run has on disk while it lasts: its files so far, and the point from which it can go on."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from cleaner.errors import InputError
from cleaner.runner.summary import Summary

PARTIAL = ".partial"


@dataclass(slots=True)
class State:
    """A point between two chunks.

    `chunks` with so many `records` have been read, `sizes` are the bytes of each file that belong to them, `summary` is
    their account and `collected` what a report has collected. `finished` says that only the files are still to be put
    in place. `made_of` is what the run is made of, to be told from another run. `index_texts` says which texts an index
    had when the run began.
    """

    made_of: Mapping[str, Any]
    chunks: int = 0
    records: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    summary: Summary = field(default_factory=Summary)
    collected: Any = None
    index_texts: int | None = None
    finished: bool = False


class ChangedError(InputError):
    """A run that was interrupted cannot go on: its input or its configuration is another now."""


class Workplace:
    """The folder `OUT.partial` of a run: files that only grow, and the state, which is replaced as a whole.

    What was written after the last saved state is cut off when a run goes on; it is done again and comes out the same.
    """

    def __init__(self, folder: Path, made_of: Mapping[str, Any], *, restart: bool = False) -> None:
        self.folder = folder
        if restart:
            shutil.rmtree(folder, ignore_errors=True)
        saved = self._saved(made_of)
        self.state = saved or State(made_of)
        self.resumed = saved is not None
        if not self.resumed:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        self._files: dict[str, IO[bytes]] = {}

    def _saved(self, made_of: Mapping[str, Any]) -> State | None:
        try:
            state: State = pickle.loads((self.folder / "state").read_bytes())
        except FileNotFoundError:
            return None
        except (pickle.UnpicklingError, EOFError, AttributeError, ImportError) as error:
            raise ChangedError(
                f"{self.folder} was left by another version of cleaner; --restart begins anew"
            ) from error
        changed = differences(state.made_of, made_of)
        if changed:
            raise ChangedError(
                f"{self.folder} is left from a run that was interrupted, and this one is another: "
                f"{'; '.join(changed)}; --restart begins anew"
            )
        return state

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
        new = self.folder / "state.new"
        with new.open("wb") as file:
            pickle.dump(self.state, file, pickle.HIGHEST_PROTOCOL)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self.folder / "state")

    def close(self) -> None:
        """Close the files; the folder stays."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def remove(self) -> None:
        """Close the files and remove the folder."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)


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
