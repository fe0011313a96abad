"""What lies at an address: one file, all below a folder, or what a glob names; each with size and stamp."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cleaner.errors import InputError
from cleaner.remote.address import SERVERS, Address, scheme_of, shown
from cleaner.remote.store import answer, attempt, store_of

_MAGIC = re.compile(r"[*?\[]")

# By what the stores tell that a file has changed: first by its content. Of times, lists and looks may differ.
_OF_CONTENT = ("ETag", "etag", "md5Hash", "blob_id", "Content-MD5")
_STAMPS = (*_OF_CONTENT, "LastModified", "last_modified", "Last-Modified", "updated", "mtime", "created")
_QUOTE = '"'


class Found(NamedTuple):
    """The files at an address, in the order in which a walk through folders comes by them.

    `named` says that the address is that of a file; `below` is what their addresses have before the path below it.
    """

    files: list[Address]
    named: bool
    below: str


def found_at(address: str) -> Found:
    """List what lies at an address, once. Raises `InputError` where nothing does, `UnreachableError` where it is down.

    A server is asked for what was named and nothing else: it has no folders and no globs.
    """
    system, path = store_of(address)
    scheme = scheme_of(address)
    try:
        if scheme in SERVERS:
            return Found([_address(address, answer(address, system, "info", path))], True, "")
        return attempt(address, lambda: _listed(system, scheme, path, address))
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{shown(address)}: {error.strerror or error}") from None


def _listed(system: Any, scheme: str, path: str, address: str) -> Found:
    system.invalidate_cache()
    try:
        info = answer(address, system, "info", path)
    except FileNotFoundError:
        if not _MAGIC.search(path):
            raise
        found = system.glob(path, detail=True)
        if not found:
            raise
        return Found(_files(scheme, found), False, f"{scheme}://")
    if info["type"] == "file":
        return Found([_address(address, info)], True, "")
    below = f"{scheme}://{path.strip('/')}/"
    return Found(_files(scheme, system.find(path, detail=True)), False, below)


def _files(scheme: str, found: Mapping[str, Mapping[str, Any]]) -> list[Address]:
    files = [
        _address(f"{scheme}://{name.lstrip('/')}", info)
        for name, info in found.items()
        if info["type"] == "file" and not name.endswith("/")
    ]
    return sorted(files, key=walked)


def walked(address: str) -> list[tuple[bool, str]]:
    """Return what sorts addresses as a walk goes: of each folder first its files, then its folders.

    >>> sorted(["s3://b/a/x", "s3://b/c", "s3://b/a/a/y"], key=walked)
    ['s3://b/c', 's3://b/a/x', 's3://b/a/a/y']
    """
    *folders, name = address.split("/")
    return [*((True, folder) for folder in folders), (False, name)]


def _address(address: str, info: Mapping[str, Any]) -> Address:
    size = info.get("size")
    told = next((f"{key} {str(info[key]).strip(_QUOTE)}" for key in _STAMPS if info.get(key)), f"{size} bytes")
    return Address(address, size if isinstance(size, int) else None, told)


def is_changed(address: Address) -> bool:
    """Tell whether a file has changed since it was listed: by a stamp of its content, else by the size."""
    system, path = store_of(address)

    def look() -> Address:
        if scheme_of(address) not in SERVERS:
            for listed in (system._parent(path), path):  # there may be files below a name that is a file's
                system.invalidate_cache(listed)
        return _address(address, system.info(path))

    now = attempt(address, look)
    kind = address.stamp.partition(" ")[0]
    if kind in _OF_CONTENT and now.stamp.partition(" ")[0] == kind:
        return now.stamp != address.stamp
    return now.size != address.size


def is_empty(address: str) -> bool:
    """Tell whether there is nothing below an address. Raises `OSError` where one may not look."""
    system, path = store_of(address)

    system.invalidate_cache()
    try:
        answer(address, system, "info", path)
    except FileNotFoundError:
        return True
    return attempt(address, lambda: not system.find(path, maxdepth=1, withdirs=True))
