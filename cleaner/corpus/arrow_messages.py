"""How much memory the messages of an Arrow file or stream take when they are decompressed, read from their heads alone.

A message is a flatbuffer and its body. The flatbuffer of a record batch says where in the body each buffer is, and
whether they are compressed; one that is begins with its size.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from cleaner.corpus.arrow_values import pyarrow

FILE_MAGIC = b"ARROW1"

# At the end of a file: the length of the footer, and the magic.
_TAIL_BYTES = 4 + len(FILE_MAGIC)

# Fields of the tables Message, DictionaryBatch and RecordBatch in Arrow's format (Message.fbs).
_HEADER, _DATA, _LENGTH, _BUFFERS, _COMPRESSION = 2, 1, 0, 2, 3
# And of Footer (File.fbs): where the messages are, a block for each.
_DICTIONARIES, _BATCHES, _BLOCK_BYTES = 2, 3, 24

# Where a buffer begins in the body, and its length.
_BUFFER_BYTES = 16

# A buffer of so many bytes says for its size that it is not compressed.
_PLAIN = -1


class MessageSize(NamedTuple):
    """The bytes that a message takes when it is decompressed, 0 where it is not compressed, and the rows it has."""

    size: int
    rows: int
    is_batch: bool


def is_file(source: Any) -> bool:
    """Tell a file from a stream, by its first bytes; `source` is then at its start."""
    start = source.read(len(FILE_MAGIC))
    source.seek(0)
    return bool(start == FILE_MAGIC)


def message_sizes(path: str) -> Iterator[MessageSize]:
    """Yield the sizes of dictionaries and record batches, in order; of a file all its dictionaries first.

    Raises what pyarrow raises, and `ValueError`.
    """
    pa = pyarrow()
    with pa.memory_map(os.fsencode(path)) as source:
        try:
            for message in _in_file(pa, source) if is_file(source) else pa.ipc.MessageReader.open_stream(source):
                if message.type in ("record batch", "dictionary"):
                    yield _message_size(message)
        except (struct.error, IndexError) as error:
            raise ValueError(f"a message is damaged: {error}") from error
        except EOFError:  # a stream need not say that it ends
            return


def _in_file(pa: Any, source: Any) -> Iterator[Any]:
    """Yield the messages that the footer of a file names: what stands between them may be anything."""
    source.seek(source.size() - _TAIL_BYTES)
    (length,) = struct.unpack("<i", source.read(_TAIL_BYTES)[:4])
    source.seek(source.size() - _TAIL_BYTES - length)
    footer = _Table.root(memoryview(source.read(length)))
    for field in (_DICTIONARIES, _BATCHES):
        for (place,) in footer.structs(field, "<q", _BLOCK_BYTES):
            source.seek(place)
            yield pa.ipc.read_message(source)


def _message_size(message: Any) -> MessageSize:
    table = _Table.root(memoryview(message.metadata)).table(_HEADER)
    is_batch = message.type == "record batch"
    batch = table if is_batch else table.table(_DATA)
    rows = batch.number(_LENGTH)
    if not batch.has(_COMPRESSION):
        return MessageSize(0, rows, is_batch)
    body = memoryview(message.body or b"")
    sizes = (_decompressed(body, start, length) for start, length in batch.structs(_BUFFERS, "<qq", _BUFFER_BYTES))
    return MessageSize(sum(sizes), rows, is_batch)


def _decompressed(body: memoryview, start: int, length: int) -> int:
    if length < 8:
        return length
    (size,) = struct.unpack_from("<q", body, start)
    return length if size == _PLAIN else max(int(size), 0)


class _Table:
    """A table of a flatbuffer. Raises `struct.error` where it points to what is not there."""

    def __init__(self, data: memoryview, place: int) -> None:
        self._data = data
        self._place = place
        self._fields = place - self._read("<i", place)

    @classmethod
    def root(cls, data: memoryview) -> _Table:
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def _read(self, form: str, place: int) -> int:
        return int(struct.unpack_from(form, self._data, place)[0])

    def _place_of(self, field: int) -> int:
        """Return where a field is; 0 where the table has none."""
        entry = 4 + 2 * field
        shift = self._read("<H", self._fields + entry) if entry < self._read("<H", self._fields) else 0
        return self._place + shift if shift else 0

    def has(self, field: int) -> bool:
        return self._place_of(field) > 0

    def number(self, field: int) -> int:
        place = self._place_of(field)
        return self._read("<q", place) if place else 0

    def table(self, field: int) -> _Table:
        place = self._place_of(field)
        return _Table(self._data, place + self._read("<I", place))

    def structs(self, field: int, form: str, size: int) -> Iterator[tuple[int, ...]]:
        """Yield the first numbers of the structs in a vector, each of `size` bytes; nothing where there is none."""
        if not self.has(field):
            return
        place = self._place_of(field)
        vector = place + self._read("<I", place)
        for number in range(self._read("<I", vector)):
            yield struct.unpack_from(form, self._data, vector + 4 + size * number)
