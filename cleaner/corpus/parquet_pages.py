"""How much memory the pages of a Parquet file take when they are decompressed, read from their headers alone.

The statistics of a row group count a value of a dictionary once, however many rows have it; a page is decompressed as a
whole. A page header is a struct in Thrift's compact protocol, of which the first three fields are the kind of the page
and its size without and with compression.
"""

from __future__ import annotations

from typing import Any, BinaryIO, NamedTuple

# Most headers are of some dozen bytes; one with the statistics of its page, which writers cut short, is far smaller
# than the second.
_USUAL_BYTES, _HEADER_BYTES = 1 << 8, 1 << 16

_DICTIONARY_PAGE = 2

# Types of Thrift's compact protocol.
_STOP, _TRUE, _FALSE, _BYTE, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12

# No header of a page is nested deeper.
_DEPTH = 16


class PageSizes(NamedTuple):
    """The decompressed bytes of a column's dictionary, and of its largest page, in one row group."""

    dictionary: int
    largest: int


def page_sizes(file: BinaryIO, column: Any) -> PageSizes:
    """Return the sizes of the pages of a column chunk, of which `column` is what the file's footer says.

    Where a header is not of the form that is known, the column counts as one page and a dictionary at once.
    """
    place = min(start for start in (column.dictionary_page_offset, column.data_page_offset) if start)
    end = place + column.total_compressed_size
    dictionary = largest = 0
    while place < end:
        header = _header_at(file, place, _USUAL_BYTES) or _header_at(file, place, _HEADER_BYTES)
        if header is None:
            whole = int(column.total_uncompressed_size)
            return PageSizes(whole, max(whole, largest))
        largest = max(largest, header.size)
        if header.kind == _DICTIONARY_PAGE:
            dictionary = max(dictionary, header.size)
        place = header.end
    return PageSizes(dictionary, largest)


class _Page(NamedTuple):
    """A page: its kind, its decompressed bytes, and where it ends in the file."""

    kind: int
    size: int
    end: int


def _header_at(file: BinaryIO, place: int, most: int) -> _Page | None:
    """Return what the header at a place says; None where it is none, or of more than `most` bytes."""
    file.seek(place)
    header = _Header(file.read(most))
    try:
        kind, size, packed = header.read()
    except (IndexError, ValueError):
        return None
    return _Page(kind, size, place + header.place + packed)


class _Header:
    """Reads one header; `place` is then behind it. Raises `IndexError` or `ValueError` where it is none."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    def read(self) -> tuple[int, int, int]:
        """Return the kind of the page and its sizes in bytes, decompressed and as it stands in the file."""
        fields: dict[int, int] = {}
        number = 0
        while (kind := self._byte()) != _STOP:
            number = number + (kind >> 4) if kind >> 4 else self._signed()
            if _BYTE < kind & 15 <= _I64:
                fields[number] = self._signed()
            else:
                self._skip(kind & 15, _DEPTH)
        if not {1, 2, 3} <= fields.keys() or min(fields[2], fields[3]) < 0:
            raise ValueError("this is no page header")
        return fields[1], fields[2], fields[3]

    def _skip(self, kind: int, depth: int) -> None:
        if kind in (_TRUE, _FALSE):
            return
        if depth == 0:
            raise ValueError("a header is not so deep")
        if kind == _BYTE:
            self.place += 1
        elif _BYTE < kind <= _I64:
            self._varint()
        elif kind == _DOUBLE:
            self.place += 8
        elif kind == _BINARY:
            length = self._varint()
            self.place += length
        elif kind in (_LIST, _SET):
            self._skip_list(depth)
        elif kind == _STRUCT:
            while (inner := self._byte()) != _STOP:
                if not inner >> 4:
                    self._varint()
                self._skip(inner & 15, depth - 1)
        else:
            raise ValueError("a header has nothing of this type")

    def _skip_list(self, depth: int) -> None:
        head = self._byte()
        number = head >> 4 if head >> 4 < 15 else self._varint()
        if number > _HEADER_BYTES:
            raise ValueError("a header is not so long")
        for _ in range(number):
            self._skip(_BYTE if head & 15 in (_TRUE, _FALSE) else head & 15, depth - 1)

    def _byte(self) -> int:
        value = self._data[self.place]
        self.place += 1
        return value

    def _varint(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ValueError("a number is not so long")

    def _signed(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
