"""CSV and TSV: a record a row, its fields named by the header; read in chunks of whole rows with flat memory.

A cell that begins with a quotation mark ends with one, may hold line breaks, and has the marks in it doubled. Elsewhere
a mark is a character like others. Rows are found in bytes, of which delimiter, mark and line feed mean the same in
UTF-8 and the encodings that texts come in; each row is decoded as a text is.
"""

from __future__ import annotations

import codecs
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, Any, BinaryIO

import msgspec

from cleaner.corpus import csv_marks
from cleaner.corpus.arrow_values import Types
from cleaner.corpus.columns import as_text
from cleaner.corpus.compression import BrokenArchiveError, compression_of, open_write
from cleaner.corpus.csv_rows import CellText, RowEnds, cells_of, written
from cleaner.corpus.parts import PartFiles, Parts
from cleaner.corpus.record import (
    Chunk,
    FailureChunk,
    FieldNames,
    Item,
    Places,
    Raw,
    Record,
    Unreadable,
    from_fields,
    too_large,
    unreadable,
)
from cleaner.corpus.text_places import is_plain
from cleaner.corpus.wide import wide_encoding
from cleaner.encoding import NotTextError, decode, text_of
from cleaner.errors import what_it_says

# Half of what goes to a worker at once of JSONL: with a megabyte, reading takes a tenth more (buffers from the system).
BLOCK_BYTES = 1 << 19

_LINE_FEED = b"\n"

# No table has a longer header.
HEADER_BYTES = 1 << 20

# What else separates cells in files that are called CSV or TSV.
DELIMITERS = (",", ";", "\t", "|")


CellTexts = Callable[[str, Places], dict[str, CellText]]


def cell_texts(row: str, places: Places, *, header: tuple[str, ...], delimiter: str) -> dict[str, CellText]:
    """Return the texts of a row's cells, in the columns that the places name."""
    cells = cells_of(row, delimiter)
    return {place: CellText(row, cells[header.index(str(column))], delimiter) for place, (column, *_) in places.items()}


@dataclass(frozen=True, slots=True)
class CsvChunk:
    """Whole rows of a file behind the first `skip` bytes, which are the header; `data` begins in line `first`, from 1.

    `recoded` says that the bytes are not those of the file, which was UTF-16 or UTF-32. `marks` is where the quotation
    marks stand, as `csv_marks` has it, where all are in order.
    """

    path: str
    first: int
    data: bytes
    skip: int
    header: tuple[str, ...]
    delimiter: str
    names: FieldNames
    recoded: bool
    marks: bytes | None = None

    @property
    def size(self) -> int:
        """How many bytes the rows have."""
        return len(self.data)

    def items(self) -> Iterator[Item]:
        """Yield the rows; blank lines are no records."""
        start, line = self.skip, self.first + self.data.count(b"\n", 0, self.skip)
        if (together := self._taken_together(line)) is not None:
            for number, cells in together:
                place = f"{self.path}:{number}"
                yield Item(place, partial(from_fields, dict(zip(self.header, cells, strict=False)), place, self.names))
            return
        rows = RowEnds(self.delimiter, start)
        texts = partial(cell_texts, header=self.header, delimiter=self.delimiter)
        for end in rows.within(self.data):
            yield from self._item(start, end, line, texts)
            start, line = end, line + self.data.count(b"\n", start, end)
        if start < len(self.data):
            yield from self._item(start, len(self.data), line, texts, closed=rows.closed(self.data))

    def _taken_together(self, line: int) -> list[tuple[int, list[str]]] | None:
        """Return the cells of all rows, with their lines; None where each row has to be looked at for itself."""
        if self.marks is None or self.names.raw or len(self.data) > self.names.max_bytes:
            return None
        try:
            rows = csv_marks.rows_of(self.data, self.skip, line, self.delimiter, self.marks)
        except UnicodeDecodeError:
            return None
        return None if any(len(cells) > len(self.header) for _, cells in rows) else rows

    def halves(self) -> tuple[CsvChunk, ...]:
        """Return the same rows as two chunks; nothing where there is one row."""
        ends = [end for end in RowEnds(self.delimiter, self.skip).within(self.data) if end < len(self.data)]
        if not ends:
            return ()
        cut = ends[len(ends) // 2]
        second = self.first + self.data.count(b"\n", 0, cut)
        return (
            replace(self, data=self.data[:cut], marks=None),
            replace(self, first=second, data=self.data[cut:], skip=0, marks=None),
        )

    def _item(self, start: int, end: int, line: int, texts: CellTexts, *, closed: bool = True) -> Iterator[Item]:
        data = self.data[start:end]
        if data.lstrip(b"\r\n"):
            place = f"{self.path}:{line}"
            raw = Raw(start, data, texts) if self.names.raw and not self.recoded else None
            yield Item(place, partial(self._read, data, place, closed), raw)

    def _read(self, data: bytes, place: str, closed: bool) -> Record | Unreadable:
        if len(data) > self.names.max_bytes:
            return too_large(place, place, len(data), self.names.max_bytes)
        try:
            text = text_of(data)
        except NotTextError as error:
            return unreadable(place, "RD103", f"{place}: {error}", bytes=len(data))
        if not closed:
            return unreadable(place, "RD115", f"{place}: a quotation mark opens a cell and none closes it", line=text)
        values = [cell.value(text) for cell in cells_of(text, self.delimiter)]
        if len(values) > len(self.header):
            message = f"{place}: the row has {len(values):,} cells, the header {len(self.header):,}"
            return unreadable(place, "RD115", message, line=text)
        return from_fields(dict(zip(self.header, values, strict=False)), place, self.names)


class NoTableError(ValueError):
    """The first row is no header of the kind that is read."""


def header_of(text: str, delimiter: str) -> tuple[str, ...]:
    """Return the names of the columns. Raises `NoTableError`, which says what was seen.

    Where several columns have no name, as spreadsheets leave them, they are called by their numbers.

    >>> header_of("id,text", ","), header_of("id,text,,", ",")
    (('id', 'text'), ('id', 'text', 'column_3', 'column_4'))
    """
    cells = cells_of(text, delimiter)
    names = tuple(cell.value(text) for cell in cells)
    others = [other for other in DELIMITERS if other != delimiter and other in text]
    if len(names) == 1 and others and not cells[0].quoted:
        raise NoTableError(
            f"its cells are separated by {others[0]!r}, and what ends so is read with {delimiter!r} between cells; the "
            f"first row is {text.strip()[:80]!r}"
        )
    if "\r" in text.removesuffix("\n").removesuffix("\r"):
        raise NoTableError("its lines end in carriage returns alone; they are read with line feeds")
    if names.count("") > 1:
        names = tuple(name or f"column_{number}" for number, name in enumerate(names, 1))
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise NoTableError(
            f"its first row, the header, names {twice!r} twice; with another name for one of them it is read"
        )
    return names


def read_csv(stream: BinaryIO, path: str, names: FieldNames, *, delimiter: str = ",") -> Iterator[Chunk]:
    """Cut a stream into chunks of whole rows. Memory: one block, and at most one row of the allowed size.

    Where the stream breaks off, the whole rows before are records, and the rest is one unreadable record.
    """
    cutter = _Cutter(path, names, delimiter)
    try:
        for block in cutter.blocks(stream):
            yield from cutter.take(block)
        yield from cutter.rest()
    except NoTableError as error:
        yield FailureChunk(unreadable(path, "RD115", f"{path}: {error}"))
    except (BrokenArchiveError, OSError) as error:
        yield from cutter.take(b"", whole=True)
        yield cutter.failure(error)


class _Cutter:
    """Cuts blocks behind the last row that ends in them. The first row is the header."""

    def __init__(self, path: str, names: FieldNames, delimiter: str) -> None:
        self._path, self._names, self._delimiter = path, names, delimiter
        self._rows = RowEnds(delimiter)
        self._data = b""
        self._first = 1
        self._skip = 0
        self._header: tuple[str, ...] | None = None
        self._recoded = False
        self._more = False  # whether there was anything behind the header
        self._dropped = self._lines_dropped = 0  # bytes of a row that is too long, of which nothing is kept

    def blocks(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield what is read; wide characters as UTF-8."""
        block = stream.read(len(codecs.BOM_UTF32_LE))
        encoding = wide_encoding(block)
        decoder = None if encoding is None else codecs.getincrementaldecoder(encoding)("replace")
        self._recoded = decoder is not None
        if block.startswith(codecs.BOM_UTF8):
            self._rows.place = len(codecs.BOM_UTF8)
        while block:
            yield block if decoder is None else decoder.decode(block).encode("utf-8", "replace")
            block = stream.read1(BLOCK_BYTES)  # type: ignore[attr-defined]  # one read: nothing is lost when the next fails

    def take(self, block: bytes, *, whole: bool = False) -> Iterator[Chunk]:
        """Yield a chunk where there is enough for one, or anything at all where this is the whole of it."""
        self._data += block
        if len(self._data) < BLOCK_BYTES and not whole:
            return
        if self._header is None and (end := next(self._rows.within(self._data), None)) is not None:
            self._take_header(end)
        if self._header is None and len(self._data) > HEADER_BYTES:
            raise NoTableError(f"its first row, the header, has more than {HEADER_BYTES:,} bytes")
        if self._header is not None and not self._dropped and self._rows.begins_at(self._skip):
            end, marks = csv_marks.last_end(self._data, self._skip, self._delimiter)
            if end:
                yield self._chunk(end, marks)
                if not whole:
                    return
        ends = list(self._rows.within(self._data))
        if self._dropped and ends:
            yield self._too_large(self._dropped + ends[0])
            ends = [end - ends[0] for end in ends]
        if ends and ends[-1] > self._skip:
            yield self._chunk(ends[-1])
        if len(self._data) > self._names.max_bytes or self._dropped:
            self._first += self._data.count(b"\n", 0, self._skip)
            self._lines_dropped += self._data.count(b"\n", self._skip, self._rows.place)
            self._dropped += self._rows.place - self._skip
            self._forget(self._rows.place)

    def rest(self) -> Iterator[Chunk]:
        """Yield what there is at the end."""
        yield from self.take(b"", whole=True)
        if self._header is None and self._data:
            self._take_header(len(self._data))
        if self._header is not None and not self._more and not self._data[self._skip :].strip(b"\r\n"):
            yield from self._without_rows(self._header)
        if self._dropped:
            yield self._too_large(self._dropped + len(self._data))
        elif self._data:
            yield self._chunk(len(self._data))

    def _without_rows(self, header: tuple[str, ...]) -> Iterator[Chunk]:
        """Tell of a header alone in which no text can be: that may be all of a text."""
        fields = (self._names.text, self._names.html)
        if all(is_plain(field) and field not in header for field in fields):
            columns = ", ".join(map(repr, header))
            why = f"no row, and no column {fields[0]!r} or {fields[1]!r}; the columns are {columns}"
            yield FailureChunk(unreadable(self._path, "RD105", f"{self._path}: {why}"))

    def failure(self, error: Exception) -> Chunk:
        """Return what is told of a stream that breaks off."""
        place = f"{self._path}:{self._first + self._data.count(_LINE_FEED, 0, self._skip)}"
        code = "RD102" if isinstance(error, BrokenArchiveError) else "RD101"
        message = f"{place}: {what_it_says(error)}; the rows before it were read"
        return FailureChunk(unreadable(place, code, message, line=self._data[self._skip :].decode("utf-8", "replace")))

    def _take_header(self, end: int) -> None:
        self._skip = end
        try:
            text = self._data[:end].decode("utf-8-sig")
        except UnicodeDecodeError:
            text = self._other_text(end)
        if not self._rows.closed(self._data[:end]):
            raise NoTableError("a quotation mark opens a cell of its first row, and none closes it")
        self._header = header_of(text, self._delimiter)

    def _other_text(self, end: int) -> str:
        try:
            decode(self._data)  # an image, say, has its first line feed before it is known for one
            return decode(self._data[:end]).text
        except NotTextError as error:
            raise NoTableError(str(error)) from error

    def _chunk(self, end: int, marks: bytes | None = None) -> CsvChunk:
        """Return what is there up to the end of a row as a chunk; the next row is looked at anew."""
        assert self._header is not None
        data, skip = self._data[:end], self._skip
        first = self._first
        self._first += csv_marks.lines_in(data)
        self._forget(end)
        self._rows = RowEnds(self._delimiter)
        return CsvChunk(self._path, first, data, skip, self._header, self._delimiter, self._names, self._recoded, marks)

    def _too_large(self, size: int) -> FailureChunk:
        place = f"{self._path}:{self._first}"
        gone = size - self._dropped
        self._first += self._lines_dropped + self._data.count(b"\n", 0, gone)
        self._dropped = self._lines_dropped = 0
        self._forget(gone)
        return FailureChunk(too_large(place, place, size, self._names.max_bytes), size)

    def _forget(self, size: int) -> None:
        self._more = self._more or bool(self._data[self._skip : size].strip(b"\r\n"))
        self._data = self._data[size:]
        self._rows.place -= size
        self._skip = max(0, self._skip - size)


class CsvWriter:
    """Writes records as rows, in UTF-8; a column that only some of them have is empty in the others.

    Rows wait in a temporary file beside the output, because only the last record shows which columns there are. Values
    that are no text are written as JSON.
    """

    def __init__(self, path: str, out: str, _types: Types, parts: Parts | None = None, *, delimiter: str = ",") -> None:
        self.remarks: tuple[str, ...] = ()
        self._delimiter = delimiter
        self._files = PartFiles(path, parts, lambda place: self._opened(place, out or place))
        self._columns: dict[str, None] = {}
        folder = path if parts is not None else os.path.dirname(os.path.abspath(path))
        self._waiting: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115

    def write(self, record: Mapping[str, Any]) -> None:
        """Add a record."""
        self._columns.update(dict.fromkeys(record))
        self._waiting.write(msgspec.json.encode({name: as_text(value) or "" for name, value in record.items()}) + b"\n")

    def close(self) -> None:
        """Write the file."""
        with self._waiting:
            self._waiting.seek(0)
            for line in self._waiting:
                record = msgspec.json.decode(line, type=dict[str, str])
                row = self._row(record.get(name, "") for name in self._columns)
                self._files.of(len(row)).write(row)
        self._files.finish()

    def discard(self) -> None:
        """Give up."""
        self._files.close()
        self._waiting.close()

    def _opened(self, path: str, named: str) -> IO[bytes]:
        file = open_write(path, compression_of(named))
        file.write(self._row(self._columns))
        return file

    def _row(self, cells: Any) -> bytes:
        row = self._delimiter.join(written(cell, self._delimiter) for cell in cells)
        # A single empty cell would be a blank line, which is no row.
        return ((row or '""') + "\n").encode("utf-8")
