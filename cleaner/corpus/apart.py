"""Rows that are decoded in a process of its own, because what they unpack to may fill the memory."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any

from cleaner.corpus.record import Chunk, FailureChunk, FieldNames, Unreadable
from cleaner.corpus.rows import DECODED_BYTES, NotReadError, RowsChunk
from cleaner.document import Drop
from cleaner.stored import Store
from cleaner.values import MEGABYTE, ONE_THREAD

# Up to here the process that reads a table decodes it by itself: to start another takes a third of a second.
HERE_BYTES = 128 * MEGABYTE

# The memory of the process: a cell of 1 GB takes 2.1 GB while its page is decoded, and Arrow asks for twice that.
MEMORY_BYTES = 5 * DECODED_BYTES

_LENGTH_BYTES = 8
_STORE = Store(RowsChunk, FailureChunk, Unreadable, Drop, FieldNames)


def chunks_apart(read: Callable[..., Iterator[Chunk]], *arguments: Any) -> Iterator[Chunk]:
    """Yield what a function of a module yields for these arguments, called in another process.

    Raises `NotReadError` where it raises an error, has not memory enough, or dies.
    """
    # By -P nothing is imported from the current folder.
    program = (
        f"import sys; sys.path[:] = {sys.path!r}; from {read.__module__} import {read.__name__} as read; "
        f"from {serve.__module__} import {serve.__name__}; {serve.__name__}(read)"
    )
    command = [sys.executable, "-P", "-c", program]
    pipe = subprocess.PIPE
    alone = {**os.environ, **ONE_THREAD}
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=alone) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
                _STORE.dump(arguments, stdin)
            while (found := _received(process.stdout)) is not None:
                if isinstance(found, str):
                    raise NotReadError(found)
                yield found
        finally:
            process.kill()


def serve(read: Callable[..., Iterator[Chunk]]) -> None:
    """Read the arguments from standard input; write what the function yields for them, and at the end None."""
    with contextlib.suppress(ValueError):  # where this is no main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run to decide on
    _limit_memory()
    arguments = _STORE.load(io.BytesIO(sys.stdin.buffer.read()))
    with contextlib.suppress(BrokenPipeError):
        try:
            for chunk in read(*arguments):
                _send(chunk)
            _send(None)
        except MemoryError:
            _send(f"decoded, they need more than {MEMORY_BYTES / MEGABYTE:,.0f} MB of memory")
        except Exception as error:  # whatever it is, it is told where the rows are asked for
            _send(" ".join(str(error).split()))


def _send(value: Chunk | str | None) -> None:
    data = io.BytesIO()
    _STORE.dump(value, data)
    sys.stdout.buffer.write(data.tell().to_bytes(_LENGTH_BYTES, "little") + data.getvalue())
    sys.stdout.buffer.flush()


def _received(stream: IO[bytes]) -> Chunk | str | None:
    length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
    data = stream.read(length)
    if not data or len(data) < length:
        raise NotReadError("the process that decodes them died (out of memory?)")
    found: Chunk | str | None = _STORE.load(io.BytesIO(data))
    return found


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))
