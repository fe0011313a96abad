"""A task that does what the worst documents do to their worker."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from cleaner.account.outcome import Outcome
from cleaner.corpus.record import Item, Record, Unreadable
from cleaner.document import Drop
from cleaner.runner.cores import WORKER_BYTES
from cleaner.runner.task import Task

BEGUN = "HOSTILE_BEGUN"
"""The variable of the environment that names a folder, where the file of each worker has a byte a record it began."""
_KEPT: list[bytearray] = []


@dataclass(frozen=True, slots=True)
class HostileTask(Task):
    """Hangs, is slow, crashes, is killed, keeps memory for good or runs out of it on documents whose ids say so."""

    def read(self, item: Item) -> Record | Unreadable:
        record = Task.read(self, item)
        if isinstance(record, Record) and record.document.id.startswith("hang-reading"):
            time.sleep(3600)
        if isinstance(record, Record) and record.document.id.startswith("memory-reading"):
            bytearray(WORKER_BYTES + 1)
        return record

    def _cleaned(self, record: Record) -> Outcome:
        id_ = record.document.id
        if BEGUN in os.environ:
            with open(os.path.join(os.environ[BEGUN], str(os.getpid())), "ab") as begun:
                begun.write(b".")
        if id_.startswith("hang-cleaning"):
            while True:
                pass
        if id_.startswith("segfault"):
            os.kill(os.getpid(), signal.SIGSEGV)
        if id_.startswith("killed"):
            os.kill(os.getpid(), signal.SIGKILL)
        if id_.startswith("slow"):
            time.sleep(0.1)
        if id_.startswith("works"):
            until = time.process_time() + 1
            while time.process_time() < until:
                pass
        if id_.startswith("sleeps"):
            time.sleep(3.7)
        if id_.startswith("mistake"):
            raise KeyError("a mistake of ours")
        if id_.startswith("memory"):
            bytearray(WORKER_BYTES + 1)
        if id_.startswith("keeps"):
            _KEPT.append(bytearray(WORKER_BYTES // 5))
        if id_.startswith("large"):
            bytearray(WORKER_BYTES // 2)
        if id_.startswith("dies-where-memory-is-short"):
            try:
                bytearray(WORKER_BYTES // 2)
            except MemoryError:
                os.abort()
        return Task._cleaned(self, record)

    def sketched(self, outcomes: list[Outcome]) -> list[Outcome]:
        for outcome in outcomes:
            if outcome.id.startswith("sketch-segfault"):
                os.kill(os.getpid(), signal.SIGSEGV)
            if outcome.id.startswith("sketch-memory"):
                bytearray(WORKER_BYTES + 1)
        return Task.sketched(self, outcomes)

    def refuse(self, record: Record | Unreadable | None, place: str, why: Drop) -> Outcome:
        if isinstance(record, Record) and record.document.id.startswith("segfault-refused"):
            os.kill(os.getpid(), signal.SIGSEGV)
        return Task.refuse(self, record, place, why)
