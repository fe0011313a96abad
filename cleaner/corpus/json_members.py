"""Members of a JSON object in a file: those that are asked for, and of all others no more than a block in memory."""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

import msgspec

from cleaner.corpus.json_elements import ElementEnds
from cleaner.named_file import TOML_BYTES
from cleaner.values import MEGABYTE

_NAME = re.compile(rb'[ \t\r\n]*"((?:[^"\\]|\\.)*)"[ \t\r\n]*:', re.DOTALL)

# No name of a member that is asked for is longer, with what stands before it.
_NAME_BYTES = 1 << 12


def members_at(path: str | Path, names: Collection[str]) -> dict[str, Any]:
    """Return the members of these names that the JSON object in a file has.

    Raises `OSError` where the file cannot be read, or is a pipe or a device, which may have no end, and `ValueError`
    where it is no object, or these members have more than `TOML_BYTES`.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    with open(path, "rb") as file:
        return members(file, names)


def members(file: IO[bytes], names: Collection[str]) -> dict[str, Any]:
    """Return the members of these names that the JSON object in a stream has. Raises `ValueError` as `members_at`."""
    found: dict[str, Any] = {}
    reading = _Reading(frozenset(name.encode() for name in names))
    for member in reading.wanted(file):
        found |= msgspec.json.decode(b"{%b}" % member, type=dict[str, Any])
    return found


class _Reading:
    """Reads the members of one object, and keeps of those that nobody wants nothing."""

    def __init__(self, names: frozenset[bytes]) -> None:
        self._names = names
        self._ends = ElementEnds()
        self._data = b""
        self._passing = False  # what stands in `_data` goes on a member that nobody wants

    def wanted(self, file: IO[bytes]) -> Iterator[bytes]:
        """Yield the members that are wanted, as they stand there."""
        start = file.read(MEGABYTE).removeprefix(codecs.BOM_UTF8).lstrip()
        if not start.startswith(b"{"):
            raise ValueError("it is no JSON object")
        for block in chain((start[1:],), iter(lambda: file.read(MEGABYTE), b"")):
            self._data += block
            yield from self._ended()
        rest = self._data.rstrip()
        if not self._passing and self._is_wanted(rest):
            yield rest.removesuffix(b"}")

    def _ended(self) -> Iterator[bytes]:
        begin = 0
        for end in self._ends.within(self._data):
            if not self._passing and self._is_wanted(self._data[begin:end]):
                yield self._data[begin : end - 1]
            self._passing = False
            begin = end
        if not self._passing and len(self._data) - begin > _NAME_BYTES:
            self._passing = not self._is_wanted(self._data[begin:])
        if self._passing:
            begin = self._ends.place
        self._data = self._data[begin:]
        self._ends.place -= begin
        if len(self._data) > TOML_BYTES:
            raise ValueError(f"it has more than {TOML_BYTES:,} bytes")

    def _is_wanted(self, member: bytes) -> bool:
        name = _NAME.match(member, 0, _NAME_BYTES)
        return name is not None and name[1] in self._names
