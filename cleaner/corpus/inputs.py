"""What the user names on the command line, as a list of inputs and then as chunks of records."""

from __future__ import annotations

import glob
import io
import os
import sys
from codecs import BOM_UTF8
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat
from pathlib import Path
from typing import BinaryIO

from cleaner.corpus import compression, elsewhere, files
from cleaner.corpus.beside import outputs_at, written_beside
from cleaner.corpus.compression import BrokenArchiveError
from cleaner.corpus.formats import Format, format_at
from cleaner.corpus.holes import holes_told
from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, Record, Unreadable, unreadable
from cleaner.corpus.standard_input import STANDARD_INPUT, standard_input_chunks
from cleaner.corpus.unknown import SNIFF_BYTES, input_format, is_known, refuse_unknown, why_not_this
from cleaner.errors import InputError
from cleaner.globs import named_by
from cleaner.remote.address import Address, is_address, why_no_path


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files to read, in order, and how many others in the folders were passed over for their ending.

    `skipped` are left out because the user wants it. `links_out` are those of the files that are links out of the
    folder in which they were found.
    """

    paths: tuple[str, ...]
    passed_over: int = 0
    links_out: tuple[str, ...] = ()
    skipped: int = 0


def format_of(path: str | Path) -> str | None:
    """Return the name of the format by the ending, a compression's before it; None for an unknown one.

    >>> format_of("a/b.jsonl.gz"), format_of("photo.png")
    ('jsonl', None)
    """
    found = format_at(path)
    return None if found is None else found.name


def expand(
    arguments: Sequence[str],
    own: Collection[str] = (),
    *,
    follow_links: bool = True,
    forced: str | None = None,
    any_file: bool = False,
    skip: Collection[str] = (),
    records_at: str = "",
) -> Inputs:
    """Return the files that the arguments name: files, folders (all below, sorted), globs, `@list`, or `-`.

    `@list` is a file that names one input a line. Addresses (`s3://…`) are listed once, and come as `Address`.
    In a folder, files of unknown endings and hidden ones are passed
    over, and so are files and folders of `own`, real paths: what the run itself writes, and what a manifest says that
    an earlier run wrote beside its corpus. Without `follow_links`, links in folders are passed over, too; links to
    folders are in any case. What a glob of `skip` names is left out, however it was found. A file named by itself is
    read by its ending, by how it begins, or as `forced` says; JSON that is no array, where it has one under
    `records_at`. Raises `InputError` where there is no such file, or where it is not known what it is.
    """
    paths: dict[str, None] = {}
    passed_over = 0
    links_out: dict[str, None] = {}
    for argument in _named(arguments):
        if argument == STANDARD_INPUT:
            paths[argument] = None
        elif is_address(argument):
            found, others = _elsewhere(argument, own, unknown_too=any_file or forced is not None, skip=skip)
            paths.update(zip(found, repeat(None)))
            passed_over += others
        elif os.path.isdir(argument):
            found, others = _folder(argument, own, follow_links, records_at)
            paths.update(zip(found, repeat(None)))
            links_out.update(dict.fromkeys(_leading_out(found, argument)))
            passed_over += others
        elif os.path.lexists(argument):
            if forced is None and not any_file and not named_by(skip, argument):
                refuse_unknown(argument, records_at)
            paths[argument] = None
        else:
            found = sorted(glob.glob(argument, recursive=True))
            if not found:
                raise InputError(f"{argument}: {why_no_path(argument) or 'no such file or folder'}")
            known = [path for path in found if os.path.isdir(path) or is_known(path, records_at)]
            inner = expand(known, own, follow_links=follow_links, records_at=records_at)
            paths.update(dict.fromkeys(inner.paths))
            links_out.update(dict.fromkeys(inner.links_out))
            passed_over += inner.passed_over + len(found) - len(known)
    left = tuple(path for path in paths if path == STANDARD_INPUT or not named_by(skip, path))
    links = tuple(path for path in links_out if not named_by(skip, path))
    return Inputs(left, passed_over, links, len(paths) - len(left))


def _elsewhere(
    address: str, own: Collection[str], *, unknown_too: bool, skip: Collection[str]
) -> tuple[list[str], int]:
    """Return the addresses of the files at an address, and how many others there are below it."""
    from cleaner.remote.listing import found_at

    found = found_at(address)
    if not found.named:
        files, others = elsewhere.chosen(found, own)
        return list(files), others
    if not unknown_too and not named_by(skip, address):
        refuse_unknown(found.files[0])
    return list(found.files), 0


def _leading_out(paths: Iterable[str], folder: str) -> Iterator[str]:
    """Yield those of the paths that are links to what is not below the folder."""
    top = os.path.join(os.path.realpath(folder), "")
    for path in paths:
        if os.path.islink(path) and not os.path.realpath(path).startswith(top):
            yield path


def folders(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the folders that files of the arguments lie in, as far as they are on this machine; no file is opened."""
    for argument in arguments:
        if is_address(argument):
            continue
        if os.path.isdir(argument):
            for parent, below, names in os.walk(argument):
                below[:] = sorted(name for name in below if not name.startswith("."))
                if any(format_of(name) for name in names):
                    yield parent
        elif os.path.lexists(argument):
            yield os.path.dirname(argument)
        elif argument != STANDARD_INPUT and not argument.startswith("@"):
            yield from {os.path.dirname(path): None for path in sorted(glob.glob(argument, recursive=True))}


def reads_standard_input(arguments: Sequence[str], *, as_list: bool = False) -> bool:
    """Tell whether standard input is read, or, if `as_list` is set, whether a pipe of whatever kind gives a list."""
    if as_list and any(name.startswith("@") and _is_pipe(name[1:]) for name in arguments):
        return True
    return STANDARD_INPUT in _named(arguments, pipes=False)


def _is_pipe(path: str) -> bool:
    return path == STANDARD_INPUT or (os.path.exists(path) and not os.path.isfile(path))


def total_bytes(paths: Sequence[str]) -> int | None:
    """Return the size of the inputs as they are parsed; None where one is compressed, a pipe or not to be read."""
    total = 0
    for path in paths:
        format = format_at(path)
        if path == STANDARD_INPUT or compression.compression_of(path) or (format is not None and not format.sized):
            return None
        try:
            size = path.size if isinstance(path, Address) else 0 if holes_told(path) else os.path.getsize(path)
        except OSError:
            return None
        if size is None:
            return None
        total += size
    return total


def chunks(inputs: Iterable[str], names: FieldNames) -> Iterator[Chunk]:
    """Yield the inputs as chunks, in order. What cannot be opened becomes an unreadable record."""
    for _, chunk in chunks_by_file(inputs, names):
        yield chunk


def chunks_by_file(inputs: Iterable[str], names: FieldNames) -> Iterator[tuple[str | None, Chunk]]:
    """Yield the inputs as `chunks` does, each with the file that its records stand in; None where each is a file."""
    for single, group in groupby(_told_apart(inputs, names), lambda file: file[1] is not None):
        if single:
            yield from zip(repeat(None), _documents(((path, bool(page)) for path, page in group), names))
            continue
        for path, _ in group:
            found = standard_input_chunks(names) if path == STANDARD_INPUT else file_in_chunks(path, names)
            yield from zip(repeat(files.id_of(path)), found)


def _told_apart(inputs: Iterable[str], names: FieldNames) -> Iterator[tuple[str, bool | None]]:
    """Yield each input with whether it is a page; None where it is no document, but a file of records."""
    for path in inputs:
        format = None if path == STANDARD_INPUT else input_format(path, names.format)
        if path == STANDARD_INPUT or (format is not None and format.read is not None) or why_not_read(path) is not None:
            yield path, None
        else:
            yield path, format is not None and format.page


def _documents(paths: Iterable[tuple[str, bool]], names: FieldNames) -> Iterator[Chunk]:
    """Yield files that are documents, each with whether it is a page, as chunks, in order."""
    for there, group in groupby(paths, lambda file: isinstance(file[0], Address)):
        if there:
            yield from elsewhere.fetched_in_chunks(
                [(path, page) for path, page in group if isinstance(path, Address)], names
            )
        else:
            yield from files.files_in_chunks(group, names)


def file_in_chunks(path: str, names: FieldNames) -> Iterator[Chunk]:
    """Yield the chunks of a file of records. Raises `InputError` where a library for its format is missing."""
    # Of a text no more is read than a record may have, of a file of records all.
    if (why := why_not_read(path) or holes_told(path)) is not None:
        yield _failure(path, "RD101", why)
        return
    format = input_format(path, names.format)
    assert format is not None
    assert format.read is not None
    try:
        if format.needs_file and is_address(path):
            from cleaner.remote.reading import copy_of

            with copy_of(path, names.folder) as copy:
                yield from _read_file(copy, format, names)
        elif format.needs_file:
            yield from _read_file(path, format, names)
        else:
            opened = compression.open_as_it_is if format.unpacks else compression.open_read
            with opened(path, names.folder) as stream:
                if (why := why_not_this(_peeked(stream), format)) is not None:
                    yield _failure(path, format.not_this, why)
                else:
                    yield from format.read(stream, files.id_of(path), names)
    except InputError:
        raise
    except BrokenArchiveError as error:  # before a reader has read a record
        yield _failure(path, "RD102", str(error))
    except OSError as error:
        yield _failure(path, "RD101", error.strerror or str(error))


def _read_file(path: str, format: Format, names: FieldNames) -> Iterator[Chunk]:
    assert format.read is not None
    with open(path, "rb") as file:
        why = why_not_this(file.read(SNIFF_BYTES), format)
    if why is not None:
        yield _failure(path, format.not_this, why)
    else:
        yield from format.read(io.BufferedReader(io.BytesIO()), path, names)


def _peeked(stream: BinaryIO) -> bytes:
    try:
        return stream.peek(SNIFF_BYTES)  # type: ignore[attr-defined,no-any-return]
    except BrokenArchiveError:
        return b""  # reading says so again


def finished_records(path: str) -> Iterator[Record | Unreadable]:
    """Yield the records of a corpus that a run has written, of whatever size; what has its texts at paths has none."""
    for chunk in file_in_chunks(path, FieldNames(max_bytes=sys.maxsize)):
        for item in chunk.items():
            yield item.read()


def _failure(path: str, code: str, why: str) -> FailureChunk:
    place = files.id_of(path)
    return FailureChunk(unreadable(place, code, f"{place}: {why}"))


def why_not_read(path: str) -> str | None:
    """Say why this is no file to be read: a folder that cannot be listed, or what a reader could wait for forever."""
    if os.path.isfile(path) or not os.path.exists(path):
        return None
    if not os.path.isdir(path):
        return "not a regular file (a pipe, a device or a socket)"
    try:
        os.scandir(path).close()
    except OSError as error:
        return f"a folder that cannot be listed: {error.strerror or error}"
    return "a folder"


def _folder(folder: str, own: Collection[str], follow_links: bool, records_at: str) -> tuple[list[str], int]:
    found: list[str] = []
    others = 0
    # A folder that cannot be listed is given like a file: it becomes an unreadable record.
    for parent, folders, names in os.walk(folder, onerror=lambda error: found.append(error.filename)):
        real = os.path.realpath(parent) if own else parent
        folders[:] = sorted(n for n in folders if not n.startswith(".") and os.path.join(real, n) not in own)
        written = _beside_a_corpus(parent, names)
        for name in sorted(names):
            if name.startswith(".") or os.path.join(real, name) in own:
                continue
            path = os.path.join(parent, name)
            if is_known(path, records_at) and name not in written and (follow_links or not os.path.islink(path)):
                found.append(path)
            else:
                others += 1
    return found, others


def _beside_a_corpus(folder: str, names: Iterable[str]) -> set[str]:
    """Name the files of a folder that earlier runs wrote beside their corpus: ledgers, excluded records, reports."""
    found: set[str] = set()
    for name in names:
        if name.endswith(".manifest.json"):
            found |= written_beside(outputs_at(os.path.join(folder, name)))
    return found


def _named(arguments: Iterable[str], within: tuple[str, ...] = (), *, pipes: bool = True) -> Iterator[str]:
    """Yield the arguments, and instead of a list what it names; without `pipes`, lists that can be read once are left.

    `within` are the lists that these stand in.
    """
    for argument in arguments:
        if not argument.startswith("@"):
            if argument == STANDARD_INPUT and STANDARD_INPUT in within:
                raise InputError("standard input is the list of the inputs, so it cannot be one of them")
            yield argument
            continue
        path = argument[1:]
        name = path if path == STANDARD_INPUT else os.path.realpath(path)
        if name in within:
            raise InputError(f"{argument}: the list names itself")
        if pipes or not _is_pipe(path):
            yield from _named(_listed(path), (*within, name), pipes=pipes)


def _listed(path: str) -> list[str]:
    try:
        data = sys.stdin.buffer.read() if path == STANDARD_INPUT else Path(path).read_bytes()
        text = os.fsdecode(data.removeprefix(BOM_UTF8))
    except OSError as error:
        raise InputError(f"@{path}: {error.strerror or error}") from error
    return [line.strip() for line in io.StringIO(text) if line.strip() and not line.startswith("#")]
