"""Which files are checked, and the work on them in pieces: some whole files, some lines of JSONL, some rows."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cleaner.check.globs import pattern
from cleaner.corpus.compression import compression_of
from cleaner.corpus.inputs import expand, format_of
from cleaner.corpus.jsonl import FailureChunk, read_jsonl
from cleaner.corpus.record import Chunk, FieldNames, Unreadable

# One piece of work: so many bytes or so many files, whichever comes first.
PIECE_BYTES = 1 << 20
PIECE_FILES = 64

MARKDOWN = (".md", ".markdown")
NEVER_WRITTEN = {"page": "HTML", "parquet": "Parquet"}


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
        kind = NEVER_WRITTEN.get(self.format)
        return f"{kind} is never rewritten" if kind else None


@dataclass(frozen=True, slots=True)
class WholeFiles:
    """Some text, Markdown or HTML files."""

    files: tuple[File, ...]


Piece = WholeFiles | Chunk


def files_to_check(arguments: Sequence[str]) -> list[File]:
    """Give the files that the arguments name, each once, whatever links lead to it; in order.

    Of a folder inside a git repository, files that git ignores are passed over. WARC is not checked. Raises
    `InputError` where there is no such file.
    """
    found: dict[str, File] = {}
    for path in _expanded(arguments):
        ending = os.path.splitext(_without_compression(path))[1].lower()
        kind = "markdown" if ending in MARKDOWN else _format_of_ending(ending)
        if kind != "warc":
            real = os.path.realpath(path) if os.path.islink(path) else os.path.join(*_real_parts(path))
            found.setdefault(real, File(path, kind, real))
    return list(found.values())


@lru_cache
def _format_of_ending(ending: str) -> str:
    return format_of(f"a{ending}") or "text"


def _real_parts(path: str) -> tuple[str, str]:
    folder, name = os.path.split(path)
    return _real_folder(folder), name


@lru_cache(1024)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


def _expanded(arguments: Sequence[str]) -> Iterator[str]:
    for argument in arguments:
        paths = expand([argument]).paths
        if os.path.isdir(argument) and (tracked := _not_ignored(argument)) is not None:
            prefix = len(os.path.join(argument, ""))
            paths = tuple(path for path in paths if path[prefix:] in tracked)
        yield from paths


def _not_ignored(folder: str) -> set[str] | None:
    """Give the files below a folder that git knows or would add; None where git has no say."""
    command = ["git", "-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return {os.fsdecode(name) for name in done.stdout.split(b"\0") if name}


def _without_compression(path: str) -> str:
    return os.path.splitext(path)[0] if compression_of(path) else path


def pieces(files: Sequence[File], names: FieldNames) -> Iterator[tuple[File | None, Piece]]:
    """Give the work in pieces, in order; a piece of a larger file comes with that file."""
    group: list[File] = []
    size = 0
    for file in files:
        if file.format in ("jsonl", "parquet") or _special(file.path):
            if group:
                yield None, WholeFiles(tuple(group))
                group, size = [], 0
            for chunk in _chunks(file, names):
                yield file, chunk
            continue
        size += _size(file.path)
        group.append(file)
        if size >= PIECE_BYTES or len(group) >= PIECE_FILES:
            yield None, WholeFiles(tuple(group))
            group, size = [], 0
    if group:
        yield None, WholeFiles(tuple(group))


def _chunks(file: File, names: FieldNames) -> Iterator[Chunk]:
    if _special(file.path):
        yield _failure(file, "not a regular file (a pipe, a device or a socket)")
        return
    try:
        if file.format == "parquet":
            from cleaner.corpus.parquet import read_parquet

            yield from read_parquet(file.path, names)
        else:
            from cleaner.corpus.compression import open_read

            with open_read(file.path) as stream:
                yield from read_jsonl(stream, file.path, names)
    except OSError as error:
        if type(error).__module__.startswith("cleaner"):
            raise
        yield _failure(file, error.strerror or str(error))


def _failure(file: File, why: str) -> FailureChunk:
    return FailureChunk(Unreadable(file.path, "RD101", why))


def _special(path: str) -> bool:
    """Tell whether reading this could wait for ever: a FIFO, a device, a socket."""
    return os.path.exists(path) and not os.path.isfile(path)


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def ignored_codes(path: str, per_file: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Give the codes that the configuration turns off for a file."""
    codes = frozenset[str]()
    for glob, off in per_file.items():
        name = os.path.abspath(path).replace(os.sep, "/") if "/" in glob else os.path.basename(path)
        if pattern(os.path.abspath(glob) if "/" in glob else glob).fullmatch(name):
            codes |= off
    return codes
