"""Which files are checked, under which names, and what is not asked of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaner.check import git
from cleaner.check.globs import pattern
from cleaner.corpus.compression import compression_of
from cleaner.corpus.formats import Format, format_named
from cleaner.corpus.inputs import STANDARD_INPUT, expand, format_of
from cleaner.errors import InputError


class File(NamedTuple):
    """A file to check: its name, its format, and the file that the name leads to."""

    path: str
    format: str
    real: str

    @property
    def shown(self) -> str:
        """The name, as a text that can be printed."""
        path = os.path.normpath(self.path).replace(os.sep, "/")
        return os.fsencode(path).decode("utf-8", "replace")

    @property
    def cannot_be_fixed(self) -> str | None:
        """Why it is never rewritten; None where it may be."""
        if compression_of(self.path):
            return "compressed files are never rewritten"
        return None if self._format.mended else f"{self._format.called} is never rewritten"

    @property
    def has_records(self) -> bool:
        """Whether it holds records and not one text."""
        return self._format.read is not None

    @property
    def checked(self) -> bool:
        """Whether files of its format are checked at all."""
        return self._format.checked

    @property
    def _format(self) -> Format:
        return format_named(self.format)


def files_to_check(arguments: Sequence[str]) -> list[File]:
    """Return the files that the arguments name, each once, by its own name before those of links to it; in order.

    Of a folder inside a git repository, files that git ignores are passed over. WARC is not checked. Raises
    `InputError` where there is no such file.
    """
    found: dict[str, File] = {}
    if STANDARD_INPUT in arguments:
        raise InputError("standard input cannot be checked: findings have a place in a file; name one")
    for path in _expanded(arguments):
        file = file_of(path)
        known = found.get(file.real)
        if file.checked and (known is None or (os.path.islink(known.path) and not os.path.islink(path))):
            found[file.real] = file
    return list(found.values())


def file_of(path: str) -> File:
    """Return the file that a path names."""
    ending = os.path.splitext(_without_compression(path))[1].lower()
    return File(
        path,
        _format_of_ending(ending),
        os.path.realpath(path) if os.path.islink(path) else os.path.join(*_real_parts(path)),
    )


@lru_cache
def _format_of_ending(ending: str) -> str:
    return format_of(f"a{ending}") or "text"


def _real_parts(path: str) -> tuple[str, str]:
    folder, name = os.path.split(path)
    return _real_folder(os.path.abspath(folder)), name


@lru_cache(1024)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


def _expanded(arguments: Sequence[str]) -> Iterator[str]:
    for argument in arguments:
        paths = expand([argument]).paths
        if os.path.isdir(argument) and (tracked := _not_ignored(argument)) is not None:
            prefix = len(os.path.join(argument, ""))
            paths = tuple(p for p in paths if p[prefix:] in tracked or (os.path.isdir(p) and not _git_ignores(p)))
        yield from paths


def _not_ignored(folder: str) -> set[str] | None:
    """Return the files below a folder that git knows or would add; None where git has no say."""
    listed = git.asked(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return None if listed is None else {os.fsdecode(name) for name in listed.split(b"\0") if name}


def _git_ignores(folder: str) -> bool:
    """Tell whether git passes over a folder; what is in it may not even be listed."""
    where, name = os.path.split(os.path.abspath(folder))
    return git.asked(where, "check-ignore", "-q", name) is not None


def _without_compression(path: str) -> str:
    return os.path.splitext(path)[0] if compression_of(path) else path


def ignored_codes(path: str, per_file: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the codes that the configuration turns off for a file."""
    codes = frozenset[str]()
    for glob, off in per_file.items():
        name = os.path.abspath(path).replace(os.sep, "/") if "/" in glob else os.path.basename(path)
        if pattern(os.path.abspath(glob) if "/" in glob else glob).fullmatch(name):
            codes |= off
    return codes
