"""Where a corpus is written: a file in one of the formats, or a folder with a .txt a document."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec

from cleaner.corpus.arrow_values import Types, pyarrow
from cleaner.corpus.compression import ENDINGS, compression_of, open_write
from cleaner.corpus.formats import FORMATS, format_at, format_named, writable
from cleaner.corpus.json_members import members_at
from cleaner.corpus.standard_output import standard_output
from cleaner.errors import OutputError
from cleaner.remote.address import is_address, refuse_server, shown, why_no_path
from cleaner.replacing import discard, fresh, fresh_folder, put

STANDARD_OUTPUT = "-"

# What these lead to may be a file, which is somebody's log and not ours to replace.
STREAMS = ("/dev/std", "/dev/fd/", "/proc/")

# The longest file name of a document, in bytes, without its ending and a number: file systems allow 255 in all.
NAME_BYTES = 220

# How the files are called that runs write into folders.
_WRITTEN = re.compile(r".*\.(?:txt|md)|part-\d{5,}\.[a-z.]+", re.DOTALL)

# What Windows takes for a device, whatever ending follows.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin|conout|com[\d¹²³]|lpt[\d¹²³])(?=\.|$)", re.IGNORECASE)


class Writer(Protocol):
    """Takes kept records, in order; `remarks` says, once it is closed, what came out otherwise than it came in."""

    remarks: tuple[str, ...]

    def write(self, record: Mapping[str, Any]) -> None:
        """Add a record."""
        ...

    def close(self) -> None:
        """Finish; only now the output stands where the user wants it."""
        ...

    def discard(self) -> None:
        """Give up; what stood there before stays."""
        ...


def writer(out: str, types: Types | None = None, *, markdown: bool = False) -> Writer:
    """Return the writer for this output, by its ending; a folder gets .md files where the texts are Markdown.

    `types` are those of the input's columns, which a table keeps. Raises `OutputError` for an ending that is not known.
    """
    kind = format_of_output(out)
    try:
        if kind == "folder":
            return FolderWriter(real_place(out), markdown=markdown)
        if (write := format_named(kind).write) is not None:
            return Replacing(real_place(out), lambda path, out: write(path, out, types or {}))
        return JsonlWriter(out)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error


def check_output(out: str) -> None:
    """Raise `OutputError` for a place where a run could not put its corpus, or would destroy what is not a run's."""
    kind = format_of_output(out)
    folder = kind == "folder"
    if is_address(out):
        if not folder and format_named(kind).schema is not None:
            pyarrow()
        check_address(out, folder=folder)
        return
    if not folder and format_named(kind).write is not None and is_stream(out):
        raise OutputError(f"{out}: cannot be written: {format_named(kind).called} cannot go into a pipe or a device")
    if not folder and format_named(kind).schema is not None:
        pyarrow()
    if folder and os.path.isdir(out):
        _refuse_strangers(out)
    check_place(out.rstrip("/") if out != "/" else out, folder=folder)


def check_address(address: str, *, folder: bool = False) -> None:
    """Raise `OutputError` where nothing can be written at an address, or, of a folder, where files lie below it."""
    from cleaner.remote.listing import is_empty
    from cleaner.remote.writing import check_writable

    check_writable(address)
    if folder and not is_empty(address):
        raise OutputError(f"{shown(address)}: there are files below it; elsewhere, a run writes into a new folder")


def real_place(path: str) -> str:
    """Return where a link leads, so that what it leads to is replaced and not the link."""
    path = path.rstrip("/") or path
    return os.path.realpath(path) if os.path.islink(path) else path


def is_stream(path: str) -> bool:
    """Tell whether this is no file to be replaced, but something to write into: a pipe, a device, standard error."""
    return path.startswith(STREAMS) or (os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path))


def open_stream(path: str) -> IO[bytes]:
    """Open what `is_stream` says is one, to write into it; a file that it leads to keeps what it has."""
    compression = compression_of(path)
    return open_write(path, compression) if compression else open(path, "ab")


def check_apart(places: Mapping[str, str | None], read: Mapping[str, str]) -> None:
    """Raise `OutputError` where two outputs, or an output and what is read, are one place, or one lies in another.

    Both by what they are for: `{"--ledger": "a.jsonl"}`. One that is None is not written.
    """
    taken = {what: told_apart(place) for what, place in read.items()}
    for what, place in places.items():
        if place is None:
            continue
        own = told_apart(place)
        for other, their in taken.items():
            if own == their or own.startswith(os.path.join(their, "")) or their.startswith(os.path.join(own, "")):
                raise OutputError(f"{place}: {what} and {other} would be one place; name another")
        taken[what] = own


def told_apart(place: str) -> str:
    """Return what tells a place from others: a path without links, or an address as it is."""
    return place if place == STANDARD_OUTPUT or is_address(place) else os.path.realpath(place)


def check_place(path: str, *, folder: bool = False) -> None:
    """Raise `OutputError` for a place where no file, or no folder, can be put; make the folders above it."""
    if path == STANDARD_OUTPUT:
        return
    if is_address(path):
        check_address(path)
        return
    if (why := why_no_path(path)) is not None:
        raise OutputError(f"{path}: {why}")
    if is_stream(path):
        if folder or not os.access(path, os.W_OK):
            raise OutputError(f"{path}: cannot be written: it is {'a device or a pipe' if folder else 'not writable'}")
        return
    path = real_place(path)
    if os.path.isdir(path) != folder and os.path.exists(path):
        raise OutputError(f"{path}: cannot be written: it is a {'file' if folder else 'folder'}")
    parent = os.path.dirname(os.path.abspath(path))
    try:
        os.makedirs(parent, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    if not os.access(parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: no permission in {parent}")


def format_of_output(out: str) -> str:
    """Return the name of a format, or `folder`.

    >>> format_of_output("corpus.jsonl.zst"), format_of_output("texts/")
    ('jsonl', 'folder')
    """
    if out == STANDARD_OUTPUT:
        return "jsonl"
    name = Path(out)
    if (why := why_no_path(out)) is not None:
        raise OutputError(f"{out}: {why}")
    if is_address(out):
        refuse_server(out)
    if name.name in ("", ".."):
        raise OutputError(f"{out or repr(out)}: name the output: a file, or a new folder with a / at the end")
    if not out.endswith("/"):
        format = format_at(name)
        if format in writable() and (format.packs or not compression_of(name)):
            return format.name
        if name.suffix and (is_address(out) or not name.is_dir()):
            raise OutputError(
                f"{out}: unknown ending {name.suffix!r}; use .jsonl, .csv or .tsv, also with .gz or .zst, .parquet or "
                f".arrow, or a folder (with a / at the end) for text files"
            )
    return "folder"


def beside(out: str, what: str) -> str:
    """Name a file that belongs to an output.

    >>> beside("data/corpus.jsonl.gz", "ledger.jsonl")
    'data/corpus.ledger.jsonl'
    """
    format_of_output(out)  # which refuses what has no name
    if is_address(out):
        folder, slash, last = out.rstrip("/").rpartition("/")
        return f"{folder}{slash}{beside(last, what)}"
    name = Path(out.rstrip("/"))
    while name.suffix.lower() in {*ENDINGS, *(ending for format in writable() for ending in format.endings)}:
        name = name.with_suffix("")
    return str(name.with_name(f"{name.name}.{what}"))


class JsonlWriter:
    """Writes one JSON object a line, to a file or to standard output.

    A file is written beside its place and put there by `close`.
    """

    def __init__(self, out: str) -> None:
        self.remarks: tuple[str, ...] = ()
        self._new: str | None = None
        self._encode = msgspec.json.Encoder().encode
        self._shared = out == STANDARD_OUTPUT
        if self._shared:
            self._file: IO[bytes] = standard_output()
        elif is_stream(out):
            self._file = open_stream(out)
        else:
            self._out = real_place(out)
            os.makedirs(os.path.dirname(self._out) or ".", exist_ok=True)
            self._new = fresh(self._out)
            self._file = open_write(self._new, compression_of(out))

    def write(self, record: Mapping[str, Any]) -> None:
        """Add a record."""
        self.write_line(self._encode(record))

    def write_line(self, line: bytes) -> None:
        """Add a record that is JSON already."""
        self._file.write(line)
        self._file.write(b"\n")

    def close(self) -> None:
        """Finish the file and put it in its place."""
        if self._shared:
            self._file.flush()
            return
        self._file.close()
        if self._new is not None:
            put(self._new, self._out)

    def discard(self) -> None:
        """Remove what was written."""
        if not self._shared:
            with contextlib.suppress(OSError):  # what waits to be written finds no room here either
                self._file.close()
        if self._new is not None:
            discard(self._new)


class Replacing:
    """A writer of a new file that becomes OUT when it is finished; `write` makes it of that file's name and OUT's."""

    def __init__(self, out: str, write: Callable[[str, str], Writer]) -> None:
        self.remarks: tuple[str, ...] = ()
        self._out = out
        self._new = fresh(out)
        try:
            self._inner = write(self._new, out)
        except BaseException:
            discard(self._new)
            raise

    def write(self, record: Mapping[str, Any]) -> None:
        """Add a record."""
        self._inner.write(record)

    def close(self) -> None:
        """Finish the file and put it in its place."""
        self._inner.close()
        self.remarks = self._inner.remarks
        put(self._new, self._out)

    def discard(self) -> None:
        """Remove what was written."""
        with contextlib.suppress(OSError):
            self._inner.discard()
        discard(self._new)


class FolderWriter:
    """Writes each document as a .txt file, named after its id; as .md with front matter where it is Markdown.

    A title comes first where the text does not begin with it. The folder is written beside its place, and replaces
    an older one, whatever that holds: `check_output` is to be asked before.
    """

    def __init__(self, out: str, *, markdown: bool = False) -> None:
        self.remarks: tuple[str, ...] = ()
        self._markdown = markdown
        self._out = out.rstrip("/")
        self._new = fresh_folder(self._out)
        self._names: set[str] = set()
        self._numbers: dict[str, int] = {}  # the last one given for a name

    def write(self, record: Mapping[str, Any]) -> None:
        """Add a document."""
        name = self._free(file_name(str(record["id"])))
        text, title = str(record["text"]), record.get("title")
        if self._markdown:
            text = front_matter(record) + text
        elif isinstance(title, str) and title and not text.lstrip().startswith(title):
            text = f"{title}\n\n{text}"
        path = os.path.join(self._new, name + (".md" if self._markdown else ".txt"))
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text if text.endswith("\n") or not text else text + "\n")

    def _free(self, wanted: str) -> str:
        """Return a name that no file has yet, whether capitals and how accents are written count or not."""
        name, key = wanted, _told_by(wanted)
        while _told_by(name) in self._names:
            self._numbers[key] = self._numbers.get(key, 1) + 1
            name = f"{wanted}-{self._numbers[key]}"
        self._names.add(_told_by(name))
        return name

    def close(self) -> None:
        """Put the folder in its place."""
        if os.path.isdir(self._out):
            shutil.rmtree(self._out)
        put(self._new, self._out)

    def discard(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self._new, ignore_errors=True)


def front_matter(record: Mapping[str, Any]) -> str:
    """Return what is known of a document as YAML front matter; every value is quoted as JSON, which YAML reads.

    >>> print(front_matter({"title": "Café: open", "language": "en", "text": "…"}), end="")
    ---
    title: "Café: open"
    language: "en"
    ---
    <BLANKLINE>
    """
    known = [(key, record[key]) for key in ("title", "url", "date", "language") if record.get(key)]
    lines = [f"{key}: {json.dumps(str(value), ensure_ascii=False)}" for key, value in known]
    return "".join(f"{line}\n" for line in ("---", *lines, "---", ""))


def _refuse_strangers(folder: str) -> None:
    """Raise `OutputError` for a folder of which the manifest beside it does not say that a run wrote all that is in it.

    The run replaces the whole folder: whatever else is there would be lost.
    """
    with os.scandir(folder) as entries:
        found = [
            (entry.name, bool(_WRITTEN.fullmatch(entry.name)) and entry.is_file(follow_symlinks=False))
            for entry in entries
        ]
    if not found:
        return
    written = _written_documents(folder)
    strangers = sorted(name for name, text in found if not text) or ([] if written else sorted(n for n, _ in found))
    if strangers or len(found) > written:
        example = f" ({os.path.join(folder, strangers[0])})" if strangers else ""
        raise OutputError(
            f"{folder}: the folder holds what is not known to be written by cleaner{example}; "
            "a run replaces the whole folder, so name a new one"
        )


def _written_documents(folder: str) -> int:
    """Tell how many documents a run has written into a folder, as its manifest says; 0 where there is none."""
    try:
        manifest = members_at(beside(folder, "manifest.json"), ("outputs", "counts"))
        out, number = manifest["outputs"][0], manifest["counts"]["kept"]
        same = Path(out).name == Path(folder).name and format_of_output(out) == "folder"
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return 0
    return number if same and isinstance(number, int) else 0


def file_name(id_: str) -> str:
    """Return a file name for an id: its path without the ending, all but letters, digits, `.` and `-` as `_`.

    >>> file_name("pages/été 1.html")
    'pages_été_1'
    """
    stem = id_
    for ending in (*ENDINGS, *(ending for format in FORMATS if format.read is None for ending in format.endings)):
        stem = stem.removesuffix(ending)
    name = re.sub(r"[^\w.-]+", "_", stem).strip("._")
    name = name.encode()[-NAME_BYTES:].decode("utf-8", "ignore").lstrip("._-").rstrip("._")  # hidden, or an option
    return _DEVICE.sub(r"_\1", name, count=1) if _DEVICE.match(name) else name or "document"


def _told_by(name: str) -> str:
    """Return what file systems may tell a name by that know no capitals or one way to write an accent."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
