"""Which files are checked, under which names, and what is not asked of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cleaner.check import git
from cleaner.corpus.compression import compression_of
from cleaner.corpus.formats import Format, format_named
from cleaner.corpus.inputs import expand, format_of
from cleaner.corpus.standard_input import STANDARD_INPUT
from cleaner.corpus.unknown import is_known
from cleaner.errors import InputError
from cleaner.globs import matches, named_by
from cleaner.remote.address import is_address, scheme_of
from cleaner.replacing import temporary_folder

COPY_BYTES = 1 << 20


class File(NamedTuple):
    """A file to check: where it is read, its format, and the file that the path leads to.

    `told_as` is what it is called in findings, where that is another path: standard input lies in a file that nobody
    knows. `leads_out` says that a link leads to it from outside of what is checked.
    """

    path: str
    format: str
    real: str
    told_as: str | None = None
    leads_out: bool = False

    @property
    def name(self) -> str:
        """The path by which the configuration and the findings know it."""
        return self.told_as or self.path

    @property
    def shown(self) -> str:
        """The name as findings have it."""
        return os.path.normpath(self.name).replace(os.sep, "/")

    @property
    def cannot_be_fixed(self) -> str | None:
        """Why it is never rewritten; None where it may be."""
        if compression_of(self.path):
            return "compressed files are never rewritten"
        if self.leads_out:
            return f"a link leads out of what is checked, to {self.real}; name that"
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


class ToCheck(NamedTuple):
    """The files to check, and of each argument that names none, a sentence that says why."""

    files: list[File]
    empty: list[str]


def files_to_check(
    arguments: Sequence[str], skip_of: Callable[[str], Collection[str]] = lambda path: (), records_at: str = ""
) -> ToCheck:
    """Return the files that the arguments name, each once, by its own name before those of links to it; in order.

    Of a folder inside a git repository, files that git ignores are passed over, and of any folder JSON that is not
    named: of a JSON array in it nobody knows that it is a corpus. So is what a glob names that `skip_of` has for the
    file. WARC is not checked. Raises
    `InputError` where there is no such file.
    """
    found: dict[str, File] = {}
    empty = []
    roots: set[str] = set()
    if STANDARD_INPUT in arguments:
        raise InputError("standard input has no place in a file: say which it is of with --stdin-filename")
    for argument in arguments:
        if is_address(argument):
            raise InputError(f"{scheme_of(argument)}://: check looks at files of this machine; clean reads addresses")
        found_here, ignored = _expanded(argument)
        paths = [path for path in found_here if not named_by(skip_of(path), path)]
        roots |= {os.path.realpath(argument)} if os.path.isdir(argument) else set(map(_root, paths))
        files = [file for file in (file_of(path, records_at) for path in paths) if file.checked]
        if not files:
            empty.append(_why_empty(argument, len(paths), ignored, len(found_here) - len(paths)))
        for file in files:
            known = found.get(file.real)
            if known is None or (os.path.islink(known.path) and not os.path.islink(file.path)):
                found[file.real] = file
    return ToCheck([file._replace(leads_out=_is_outside(file.real, roots)) for file in found.values()], empty)


def _root(path: str) -> str:
    """Return the real folder that a file belongs to that is named by itself: the current one, or else its own."""
    here = os.path.join(os.getcwd(), "")
    return _real_folder(here if os.path.abspath(path).startswith(here) else os.path.dirname(os.path.abspath(path)))


def _is_outside(path: str, roots: Collection[str]) -> bool:
    """Tell whether a real path lies in none of the real folders."""
    return not any(str(parent) in roots for parent in Path(path).parents)


def _why_empty(argument: str, others: int, ignored: int, skipped: int) -> str:
    """Say why an argument names no file to check.

    `others` are of formats that are not, `ignored` are git's, `skipped` are left out because the user wants it.
    """
    if skipped:
        what = "the one file" if skipped == 1 else f"the {skipped:,} files"
        why = f"`skip` leaves out {what} in it"
    elif ignored:
        what = "the one file" if ignored == 1 else f"the {ignored:,} files"
        why = f"git ignores {what} in it; name files themselves to have them checked"
    elif others:
        why = "WARC is not checked; `cleaner clean` reads it"
    else:
        why = "there is none in it whose ending is known"
    return f"{argument}: no file to check: {why}"


@contextmanager
def standard_input_as(name: str) -> Iterator[File]:
    """Yield what comes from standard input as a file of this name, which need not be there."""
    with temporary_folder() as folder:
        path = os.path.join(folder, f"stdin{''.join(Path(name).suffixes[-2:])}")
        with open(path, "wb") as copy:
            copy.writelines(_standard_input())
        yield file_of(path)._replace(told_as=name)


def file_of(path: str, records_at: str = "") -> File:
    """Return the file that a path names; JSON without records is a text."""
    ending = os.path.splitext(_without_compression(path))[1].lower()
    return File(
        path,
        _format_of_ending(ending) if ending != ".json" or is_known(path, records_at) else "text",
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


def _expanded(argument: str) -> tuple[Sequence[str], int]:
    """Return the files that an argument names, and how many more git ignores."""
    paths = expand([argument], any_file=True).paths
    if os.path.isdir(argument):
        paths = tuple(path for path in paths if format_of(path) != "json")
    if not os.path.isdir(argument) or (tracked := _not_ignored(argument)) is None:
        return paths, 0
    prefix = len(os.path.join(argument, ""))
    left = [p for p in paths if p[prefix:] in tracked or (os.path.isdir(p) and not _git_ignores(p))]
    return left, len(paths) - len(left)


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


def _standard_input() -> Iterator[bytes]:
    try:
        while block := sys.stdin.buffer.read(COPY_BYTES):
            yield block
    except OSError as error:
        raise InputError(f"standard input: cannot be read: {error.strerror or error}") from error


def ignored_codes(path: str, per_file: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the codes that the configuration turns off for a file."""
    codes = frozenset[str]()
    for glob, off in per_file.items():
        if matches(glob, path):
            codes |= off
    return codes
