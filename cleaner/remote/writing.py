"""Finished files, uploaded whole and then named: nobody meets half a file by its name."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import xxhash

from cleaner.errors import InputError, OutputError
from cleaner.remote.address import refuse_server, scheme_of, shown
from cleaner.remote.store import answer, attempt, store_of

# Where each upload is one commit: there a name that is to go again would stay in the history.
_AT_ONCE = ("hf",)


class Upload(NamedTuple):
    """A file of this machine, and the address that it is to have."""

    path: Path
    address: str


def check_writable(address: str) -> None:
    """Raise `OutputError` where nothing can be written at an address: it is tried, with an empty file that goes again.

    Raises `InputError` for an unknown scheme, or a missing package.
    """
    refuse_server(address)
    system, path = store_of(address)
    probe = _unnamed(path, "probe")

    if scheme_of(address) in _AT_ONCE:
        return
    try:
        answer(address, system, "pipe_file", probe, b"")
        attempt(address, lambda: system.rm_file(probe))
    except InputError:
        raise
    except OSError as error:
        raise OutputError(f"{shown(address)}: cannot be written: {error.strerror or error}") from None


def publish(uploads: Iterable[Upload]) -> None:
    """Upload all, and then give each its name, in this order; a folder goes file by file.

    Done again after an interruption, it does all again, and what was uploaded without a name is replaced.
    """
    todo = [each for upload in uploads for each in _files(upload)]
    try:
        for path, address in todo:
            system, place = store_of(address)
            target = place if scheme_of(address) in _AT_ONCE else _unnamed(place, str(path))
            attempt(address, lambda: system.put_file(str(path), target))  # noqa: B023  # done before the next one
        for path, address in todo:
            if scheme_of(address) not in _AT_ONCE:
                _name(path, address)
    except InputError:
        raise
    except OSError as error:
        raise OutputError(
            f"{shown(address)}: cannot be written: {error.strerror or error}; all that was made is on this machine, "
            "and the same command uploads it"
        ) from None


def _name(path: Path, address: str) -> None:
    system, place = store_of(address)
    attempt(address, lambda: system.cp_file(_unnamed(place, str(path)), place))
    attempt(address, lambda: system.rm_file(_unnamed(place, str(path))))
    system.invalidate_cache()


def _files(upload: Upload) -> Iterator[Upload]:
    if not upload.path.is_dir():
        yield upload
        return
    for parent, folders, names in os.walk(upload.path):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            yield Upload(path, f"{upload.address.rstrip('/')}/{path.relative_to(upload.path).as_posix()}")


def _unnamed(place: str, whose: str) -> str:
    """Return where a file waits for its name: always the same for a run on this machine, and another for others."""
    folder, slash, name = place.rpartition("/")
    owner = f"{socket.gethostname()} {os.path.abspath(whose)}".encode("utf-8", "surrogateescape")
    return f"{folder}{slash}.{name}.{xxhash.xxh3_64_hexdigest(owner)}.new"
