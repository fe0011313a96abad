"""Standard output for data: as it is into a pipe or a file; on a terminal, nothing in it commands that."""

from __future__ import annotations

import codecs
import io
import sys
from typing import IO, Any

from cleaner.inert import inert_json
from cleaner.replacing import naming


def standard_output() -> Any:
    """Return what JSON lines are written to."""
    return (_Terminal if sys.stdout.isatty() else _Named)(sys.stdout.buffer)


class _Named(io.BufferedIOBase):
    """Says of what goes wrong that it was here, and not with a file of ours on a full disk."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, data: Any) -> int:
        """Write some bytes."""
        with naming("standard output"):
            return self._stream.write(data)

    def flush(self) -> None:
        """Write out what waits."""
        with naming("standard output"):
            self._stream.flush()


class _Terminal(_Named):
    """Writes JSON that says the same, with what would command a terminal as escapes."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, data: Any) -> int:
        """Write some bytes; a character may go on in the next."""
        super().write(inert_json(self._decoder.decode(bytes(data)), screen=True).encode())
        return len(data)
