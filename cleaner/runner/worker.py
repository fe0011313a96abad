"""The inside of a worker process: chunks in, outcomes out, and at any moment a note of which record is at work."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import itertools
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from typing import IO, Any, NamedTuple, Protocol, TypeVar

from cleaner.document import Drop
from cleaner.runner import crash

# Outcomes go to the parent at least so often, so that little is done again when a worker dies.
SEND_EVERY_S = 0.2

# Objects made since the last look for reference cycles, from which on the collector looks again. A document makes
# thousands of objects and hardly a cycle; with Python's 700, three per cent of the time go there.
GARBAGE = 20_000

# Where the system cannot end a worker whose parent has died, the worker ends itself when a record has taken this much
# more than the time limit; so long, because it cannot tell a pause of the machine from a hang.
GRACE_S = 3600.0

# prctl(2): the signal that this process gets when its parent is gone.
_PR_SET_PDEATHSIG = 1

# Up to this size a record may take the time and memory of every other. A megabyte of prose takes half a second.
USUAL_BYTES = 8 << 20

# For a larger text, beside what every worker may have, so many bytes of memory for each of its bytes. 60 MB of prose
# took 975 MB in all, 5 million lines 1,039 MB. A page gets no more: its size says little of what it would take.
MEMORY_PER_BYTE = 16

# What a worker holds that has imported cleaner alone: 17 MB on Linux. More comes of the script that starts the workers,
# since each imports it, with its libraries and tables; that is not the records' fault.
OWN_BYTES = 64 << 20

# With this status a worker ends that was refused memory where its first record alone is not at fault: what it had done
# before may have left too little, or it was sending, or finishing a batch.
OUT_OF_MEMORY = 113

# How far the record at work is.
READING, CLEANING, BATCH = 0, 1, 2


Out = TypeVar("Out")
"""What comes out for a record: its outcome in a run, what was found in it in a check."""


class Chunk(Protocol):
    """Some records, small enough for one task. Can be sent to a worker."""

    @property
    def size(self) -> int:
        """How many bytes it stands for."""
        ...

    def items(self) -> Iterator[Any]:
        """Yield what the task's `read` takes, one a record; each has a `place` that names it."""
        ...

    def halves(self) -> tuple[Any, ...]:
        """Return the same records as two smaller chunks; nothing where there is one alone."""
        ...


class Task(Protocol[Out]):
    """The work on a chunk, record by record. Can be sent to a worker; gives the same whichever does it."""

    def __call__(self, chunk: Any, /) -> list[Out]:
        """Do a chunk in this process."""
        ...

    def warm_up(self) -> None:
        """Load what the first record would have to wait for."""
        ...

    def read(self, item: Any) -> Any:
        """Read one record."""
        ...

    def is_text(self, record: Any) -> bool:
        """Tell whether a record that was read is text, and no page."""
        ...

    def clean(self, record: Any) -> Out:
        """Work on one record that was read."""
        ...

    def finished(self, record: Any) -> Out:
        """Work on one record, and do what `sketched` does for it alone."""
        ...

    def refuse(self, record: Any, place: str, why: Drop) -> Out:
        """Return what comes out for a record that is not to be worked on; None for one that cannot even be read."""
        ...

    def sketched(self, outcomes: list[Out]) -> list[Out]:
        """Add what is made for many at once."""
        ...


class Job(NamedTuple):
    """A chunk, the number of its first record that is still to do, and the records that are refused, by number.

    Those in `unread` are not even to be read. `alone`: send each outcome as soon as it is there, so that a death is
    that of its record, and costs no other.
    """

    chunk: Chunk
    start: int
    bad: Mapping[int, Drop]
    unread: frozenset[int]
    alone: bool


class Memory(NamedTuple):
    """The bytes that a worker may have, and the most that it may have for a large text; None: no limit to that."""

    usual: int
    most: int | None

    def beside(self, held: int) -> Memory:
        """Return the same beside what the process holds already, where it is more than cleaner's own modules."""
        more = max(0, held - OWN_BYTES)
        return Memory(self.usual + more, None if self.most is None else self.most + more)

    def for_text(self, size: int) -> int:
        """Return the bytes that it may have for a text of this many bytes."""
        wanted = self.usual + MEMORY_PER_BYTE * size
        return wanted if self.most is None else max(self.usual, min(wanted, self.most))


class Part(NamedTuple):
    """Outcomes of the next records of a job; `last` says that these were all."""

    outcomes: list[Any]
    last: bool


def serve(connection: Connection, task: Task[Any], note: Any, timeout_s: float, memory: Memory) -> None:
    """Work on jobs until the parent closes the connection.

    `note` is shared with the parent: `note[0]` is the number of the record at work, -1 for none, `note[1]` is when it
    was begun, by `time.monotonic()`, and `note[2]` is how far it is: `READING`, `CLEANING`, or that a `BATCH` of
    records before it, too, is being finished. While a job is received no record is at work.
    """
    # Ctrl-C reaches the whole group; the parent alone decides what then happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # kept back while it was forked
    memory = memory.beside(_held_bytes())
    _limit_memory(memory.usual)
    dies_with_parent = _die_with_parent()
    new = True
    gc.set_threshold(GARBAGE)  # at once: of the tables that are made now nothing goes again
    task.warm_up()
    gc.freeze()
    with open(os.devnull, "w") as nowhere, contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            try:
                job: Job = connection.recv()
                longest_s = allowed_s(timeout_s, job.chunk) + GRACE_S
                watch = _Watch(longest_s, nowhere, needed=not dies_with_parent)
                _work(connection, task, job, note, watch, memory.for_text(job.chunk.size), new=new)
                new = False
                # A cycle may hold a text of megabytes, and is few objects: by their number it would stay for long. What
                # stays, as models do that were loaded for the chunk, is not looked at again: 1 ms a chunk, and not 20.
                gc.collect()
                gc.freeze()
                _limit_memory(memory.usual)
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            faulthandler.cancel_dump_traceback_later()


def _work(
    connection: Connection, task: Task[Any], job: Job, note: Any, watch: _Watch, for_text: int, *, new: bool
) -> None:
    done: list[Any] = []
    sent = time.monotonic()
    for number, item in enumerate(_items(job, note)):
        if number < job.start:
            continue
        note[0], note[1], note[2] = number, time.monotonic(), READING
        watch.begin(note[1])
        outcome = _outcome(task, job, number, item, note, for_text, first=new and number == job.start)
        done += outcome
        if not outcome:
            connection.send(Part(task.sketched(done), last=False))
            raise MemoryError
        if job.alone:
            connection.send(Part(done, last=False))
            done = []
        elif time.monotonic() - sent > SEND_EVERY_S:
            note[2] = BATCH
            connection.send(Part(task.sketched(done), last=False))
            done, sent = [], time.monotonic()
    note[2] = BATCH
    connection.send(Part(task.sketched(done), last=True))
    note[0] = -1


def _outcome(
    task: Task[Any], job: Job, number: int, item: Any, note: Any, for_text: int, *, first: bool
) -> tuple[Any, ...]:
    """Return the outcome of one record; nothing where memory is short and it is not the first record of this process.

    What came before it may then be at fault, and a new process have enough.
    """
    why = job.bad.get(number)
    if why is not None and number in job.unread:
        return (task.refuse(None, item.place, why),)
    record = None
    try:
        record = task.read(item)
        note[2] = CLEANING
        if job.chunk.size > USUAL_BYTES and task.is_text(record):
            _limit_memory(for_text)
        if why is not None:
            return (task.refuse(record, item.place, why),)
        return (task.finished(record) if job.alone else task.clean(record),)
    except MemoryError:
        pass
    # Not within the block above: what the error holds, all that was in memory as it came, is free only now.
    return (task.refuse(record, item.place, crash.OUT_OF_MEMORY),) if first else ()


def _items(job: Job, note: Any) -> Iterator[Any]:
    """Yield the items; the note says of each that it is at work before it is made."""
    items = job.chunk.items()
    for number in itertools.count():
        if number >= job.start:
            note[1], note[2], note[0] = time.monotonic(), READING, number
        item = next(items, None)
        if item is None:
            note[0] = number - 1
            return
        yield item


class _Watch:
    """Ends this process when a record takes far too long, even where no Python runs any more and the parent is gone."""

    def __init__(self, limit_s: float, nowhere: IO[str], *, needed: bool) -> None:
        self._needed = needed
        self._limit_s = limit_s
        self._nowhere = nowhere
        self._set = -limit_s

    def begin(self, now: float) -> None:
        """A record begins. The alarm is set anew once a second at most, because setting it costs a thread."""
        if self._needed and now - self._set > 1:
            self._set = now
            faulthandler.dump_traceback_later(self._limit_s + 1, exit=True, file=self._nowhere)


def _die_with_parent() -> bool:
    """Have the system end this process when its parent dies, even where no Python runs any more; say whether it can."""
    if sys.platform != "linux":
        return False
    import ctypes

    parent = multiprocessing.parent_process()
    can: bool = ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) == 0
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)  # it died before that
    return can


def allowed_s(timeout_s: float, chunk: Chunk) -> float:
    """Return how long a record of a chunk may take: the time limit, and in proportion more for a very large record."""
    return timeout_s * max(1.0, chunk.size / USUAL_BYTES)


def _held_bytes() -> int:
    """Return what of the limit on memory is taken, before any record; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", "rb") as file:
            return next((int(line.split()[1]) << 10 for line in file if line.startswith(b"VmData:")), 0)
    except OSError:
        return 0


def _limit_memory(memory_bytes: int) -> None:
    """Bound this process' own memory, where the system can: what goes over gets a MemoryError."""
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(ValueError, OSError):
        most = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, most))
