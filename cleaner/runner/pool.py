"""Supervised workers: chunks out, outcomes back in order, and one bad document costs one document."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import RawArray
from typing import Any, Generic, Literal, TypeVar

from cleaner.document import Drop
from cleaner.errors import WorkerError
from cleaner.runner import crash, forked
from cleaner.runner.clock import RecordClock
from cleaner.runner.cores import means
from cleaner.runner.spawn import GUARD, UNGUARDED, WORKER, end_unguarded, start
from cleaner.runner.worker import BATCH, OUT_OF_MEMORY, READING, Chunk, Job, Memory, Out, Part, Task, allowed_s, serve

In = TypeVar("In", bound=Chunk)

# Chunks that may be on the way for each worker, and bytes of them: enough that none is
# idle while the parent writes, and a bound on memory whatever the input.
AHEAD = 4
AHEAD_BYTES = 8 << 20

# A worker may be killed from outside while it works on a good document, so that is tried again; a
# document that takes its worker with it so often is the cause. A crash of the interpreter comes from within. The last
# time it is the first of a new worker, so that no verdict depends on what was done before; a clock runs for each alone.
DEATHS_KILLED = 6
DEATHS_CRASHED = 2
DEATHS_SLOW = 1

# The number of workers in a row that may end before they come to a record. Beyond it none will do better: Python cannot
# be started, or a rule not be loaded. Where they are killed from outside it is larger, since a busy machine may be too
# slow to start one between two kills.
DEATHS_IDLE_KILLED = 60
DEATHS_IDLE = 6

# After a worker was killed from outside, the next one waits: something kills in a rhythm, or memory is short.
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 2.0

# A worker whose connection is gone has this long to die of its own, so that its exit code tells of what.
DYING_S = 5.0

# How often a worker's clock is looked at.
LOOK_EVERY_S = 0.1
# Where more time than this has passed between two looks, it was the keeper that stood still.
LONGEST_LOOK_S = 3 * LOOK_EVERY_S


def outcomes(
    task: Task[Out], chunks: Iterable[In], workers: int, timeout_s: float
) -> Generator[tuple[In, list[Out]], None, None]:
    """Yield each chunk with its outcomes, in the order of the chunks.

    A document that takes more than `timeout_s` of processor time, or sleeps that long, or that its worker dies of, is
    refused with the cause, and the others of its chunk come out as if nothing had been. Workers are started afresh
    (spawn), the same way on every system, but the first one of a command of ours where a fork is safe (`forked.py`).
    With 0 workers, the work is done in this process, without these guards.
    Raises `WorkerError` where workers cannot even be started.
    """
    end_unguarded()
    if workers == 0:
        for chunk in chunks:
            yield chunk, task(chunk)
        return
    supply: _Supply[In, Out] = _Supply(chunks, workers)
    found = means(workers)
    memory = Memory(found.worker_memory, found.most_memory)
    keepers: list[_Keeper[In, Out]] = []
    try:
        keepers += (_Keeper(supply, task, timeout_s, memory) for _ in range(workers))
        keepers[0].fork()
        for keeper in keepers:
            keeper.begin()
        yield from supply.results()
    finally:
        supply.stop()
        for keeper in keepers:
            keeper.end()


class _Supply(Generic[In, Out]):
    """The chunks, numbered, handed out to keepers and collected from them; bounded in number and bytes on the way."""

    def __init__(self, chunks: Iterable[In], workers: int) -> None:
        self._chunks: Iterator[In] = iter(chunks)
        self._most = workers * AHEAD
        self._most_bytes = workers * AHEAD_BYTES
        self._reading = threading.Lock()
        self._changed = threading.Condition()
        self._out: dict[int, In] = {}
        self._back: dict[int, list[Out]] = {}
        self._given = 0
        self._wanted = 0
        self._bytes = 0
        self._ended = False
        self._stopped = False
        self._error: BaseException | None = None

    def take(self) -> tuple[int, In] | None:
        """Return the next chunk and its number when there is room for it; None where there is no more."""
        with self._reading:
            with self._changed:
                self._changed.wait_for(self._room)
                if self._stopped or self._ended:
                    return None
            try:
                chunk = next(self._chunks, None)
            except BaseException as error:
                self.fail(error)
                return None
            with self._changed:
                if chunk is None:
                    self._ended = True
                    self._changed.notify_all()
                    return None
                number = self._given
                self._given += 1
                self._out[number] = chunk
                self._bytes += chunk.size
                return number, chunk

    def _room(self) -> bool:
        if self._stopped or self._ended:
            return True
        return self._given - self._wanted < self._most and (self._bytes < self._most_bytes or not self._out)

    def give(self, number: int, found: list[Out]) -> None:
        """Take back the outcomes of a chunk."""
        with self._changed:
            self._back[number] = found
            self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        """End everything with this error."""
        with self._changed:
            self._error = self._error or error
            self._changed.notify_all()

    def stop(self) -> None:
        """Tell the keepers to end."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    @property
    def stopped(self) -> bool:
        """Whether the keepers are to end."""
        return self._stopped

    def results(self) -> Iterator[tuple[In, list[Out]]]:
        """Yield the chunks with their outcomes, in order."""
        while True:
            with self._changed:
                self._changed.wait_for(self._next_or_end)
                if self._error is not None:
                    raise self._error
                if self._wanted not in self._back:
                    return
                found = self._back.pop(self._wanted)
                chunk = self._out.pop(self._wanted)
                self._wanted += 1
                self._bytes -= chunk.size
                self._changed.notify_all()
            yield chunk, found

    def _next_or_end(self) -> bool:
        ended = self._ended and self._wanted == self._given
        return self._error is not None or self._wanted in self._back or ended


class _Keeper(threading.Thread, Generic[In, Out]):
    """Keeps one worker process at work, watches its clock, and starts another when it dies."""

    def __init__(self, supply: _Supply[In, Out], task: Task[Out], timeout_s: float, memory: Memory) -> None:
        super().__init__(daemon=True)
        self._memory = memory
        self._supply = supply
        self._task = task
        self._timeout_s = self._allowed_s = timeout_s
        self._process: Any = None
        self._jobs = 0
        self._connection: Connection | None = None
        self._clock: RecordClock
        self._note: Any = RawArray("d", 3)

    def fork(self) -> None:
        """Start the first worker as a fork of this process, where that is safe."""
        if forked.is_safe():
            with forked.without_signals():
                self._begin("fork")

    def begin(self) -> None:
        """Start the thread."""
        try:
            self.start()
        except RuntimeError as error:  # no thread is left to it
            raise WorkerError(f"no worker can be started: {error}") from error

    def end(self) -> None:
        """Wait for the thread to end; where it never began, end the worker alone."""
        if self.ident is None:
            self._kill()
        else:
            self.join()

    def run(self) -> None:
        """Work until there are no more chunks."""
        # Ctrl-C reaches the whole group, also a worker that only begins to start: it is for the main thread alone. What
        # a thread blocks, the processes that it starts block as well.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            while (taken := self._supply.take()) is not None:
                number, chunk = taken
                found = self._outcomes(chunk)
                if found is None:
                    return
                self._supply.give(number, found)
        except BaseException as error:
            self._supply.fail(error)
        finally:
            self._kill()

    def _outcomes(self, chunk: In) -> list[Out] | None:
        """Have a chunk done, however often its worker dies; None where the run was stopped."""
        found: list[Out] = []
        bad: dict[int, Drop] = {}
        unread: set[int] = set()
        deaths: dict[int, int] = {}
        alone = False
        idle = 0
        while not self._supply.stopped:
            done = len(found)
            try:
                if self._attempt(Job(chunk, len(found), bad, frozenset(unread), alone), found):
                    return found
            except (EOFError, OSError):
                guilty, stage = int(self._note[0]), int(self._note[2])
                first = self._jobs == 1 and guilty == done
                why, most = self._death()
                if guilty < 0 and why == crash.OUT_OF_MEMORY and not found and self._jobs == 1:
                    return self._smaller(chunk)
                idle = idle + 1 if guilty < 0 and len(found) == done else 0
                if idle >= (DEATHS_IDLE_KILLED if most == DEATHS_KILLED else DEATHS_IDLE):
                    raise WorkerError(f"workers cannot begin to work: {why.message}") from None
                if guilty >= len(found) and (alone or stage != BATCH):
                    deaths[guilty] = deaths.get(guilty, 0) + 1
                    if deaths[guilty] >= most and (first or most == DEATHS_SLOW):
                        # What even dies of being refused is not read any more.
                        if stage == READING or guilty in bad:
                            unread.add(guilty)
                        bad[guilty] = why
                alone = True
                if most == DEATHS_KILLED:
                    self._wait(idle + deaths.get(guilty, 0))
        return None

    def _wait(self, times: int) -> None:
        """Wait before another worker is started: longer each time, so that not all of them meet whatever kills."""
        until = time.monotonic() + min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**times)
        while time.monotonic() < until and not self._supply.stopped:
            time.sleep(LOOK_EVERY_S)

    def _smaller(self, chunk: In) -> list[Out] | None:
        """Have a chunk done in halves that a worker had no memory to receive; one record alone is refused."""
        found: list[Out] = []
        halves = chunk.halves()
        if not halves:
            return [self._task.refuse(None, item.place, crash.OUT_OF_MEMORY) for item in chunk.items()]
        for half in halves:
            done = self._outcomes(half)
            if done is None:
                return None
            found += done
        return found

    def _attempt(self, job: Job, found: list[Out]) -> bool:
        """Let the worker do a job, adding to `found`; True when it is done, False when the run was stopped.

        Raises `EOFError` or `OSError` where the worker died, or was killed here for its slowness.
        """
        connection = self._worker()
        self._note[0] = -1
        self._allowed_s = allowed_s(self._timeout_s, job.chunk)
        self._jobs += 1
        connection.send(job)
        while True:
            while not connection.poll(LOOK_EVERY_S):
                if self._supply.stopped:
                    return False
                if self._note[0] >= 0 and self._clock.look((self._note[0], self._note[1])) > self._allowed_s:
                    self._process.kill()
                    self._slow = True
            part: Part = connection.recv()
            found += part.outcomes
            if part.last:
                return True

    def _worker(self) -> Connection:
        return self._begin("spawn") if self._connection is None else self._connection

    def _begin(self, method: Literal["spawn", "fork"]) -> Connection:
        context: Any = multiprocessing.get_context(method)
        self._slow = False
        try:
            ours, theirs = context.Pipe()
            arguments = (theirs, self._task, self._note, self._timeout_s, self._memory)
            self._process = context.Process(target=serve, name=WORKER, args=arguments, daemon=True)
            start(self._process)
        except OSError as error:  # no process, memory or open file is left to it
            raise WorkerError(f"no worker can be started: {error.strerror or error}") from error
        self._connection = ours
        self._jobs = 0
        self._clock = RecordClock(self._process.pid, LONGEST_LOOK_S)
        theirs.close()
        return self._connection

    def _death(self) -> tuple[Drop, int]:
        """Return what the worker died of, and how many such deaths make a document guilty; let go of the worker.

        Raises `WorkerError` where every other one would die of the same.
        """
        process, slow = self._process, self._slow
        process.join(DYING_S)
        self._kill()
        if slow:
            message = f"took longer than {self._allowed_s:g} s; --timeout-s allows more"
            return Drop(message, code="RD111"), DEATHS_SLOW
        code = process.exitcode or 0
        if code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
            killed = -code in (signal.SIGKILL, signal.SIGTERM)
            hint = " (out of memory?)" if -code == signal.SIGKILL else ""
            died = Drop(f"the worker died of {name}{hint}", code="RD112")
            return died, DEATHS_KILLED if killed else DEATHS_CRASHED
        if code == OUT_OF_MEMORY:
            return crash.OUT_OF_MEMORY, DEATHS_CRASHED
        if code == UNGUARDED:
            raise WorkerError(f"workers cannot begin to work: {GUARD}") from None
        return Drop(f"the worker ended with status {code}", code="RD112"), DEATHS_CRASHED

    def _kill(self) -> None:
        if self._connection is not None:
            self._process.kill()
            self._process.join()
            self._connection.close()
            self._connection = None
