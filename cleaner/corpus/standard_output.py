"""Standard output for data: as it is into a pipe or a file; on a terminal, nothing in it commands that."""

from __future__ import annotations

import codecs
import io
import sys
from typing import IO, Any

from cleaner.inert import inert_json


def standard_output() -> Any:
    """Return what JSON lines are written to."""
    return _Terminal(sys.stdout.buffer) if sys.stdout.isatty() else sys.stdout.buffer


class _Terminal(io.BufferedIOBase):
    """Writes JSON that says the same, with what would command a terminal as escapes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, data: Any) -> int:
        """Write some bytes; a character may go on in the next."""
        self._stream.write(inert_json(self._decoder.decode(bytes(data)), screen=True).encode())
        return len(data)

    def flush(self) -> None:
        """Write out what waits."""
        self._stream.flush()
