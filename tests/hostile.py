"""A task that does what the worst documents do to their worker."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from cleaner.corpus.record import Item, Record, Unreadable
from cleaner.pipeline import Result
from cleaner.runner.task import Outcome, Task


@dataclass(frozen=True, slots=True)
class HostileTask(Task):
    """Hangs, crashes, is killed or runs out of memory on documents whose ids say so."""

    def read(self, item: Item) -> Record | Unreadable:
        record = Task.read(self, item)
        if isinstance(record, Record) and record.document.id.startswith("hang-reading"):
            time.sleep(3600)
        return record

    def clean(self, record: Record | Unreadable) -> Outcome:
        id_ = record.document.id if isinstance(record, Record) else ""
        if id_.startswith("hang-cleaning"):
            while True:
                pass
        if id_.startswith("segfault"):
            os.kill(os.getpid(), signal.SIGSEGV)
        if id_.startswith("killed"):
            os.kill(os.getpid(), signal.SIGKILL)
        if id_.startswith("memory"):
            raise MemoryError
        if id_.startswith("slow"):
            time.sleep(0.1)
        return Task.clean(self, record)

    def _outcome(self, record: Record, result: Result) -> Outcome:
        if record.document.id.startswith("mistake"):
            raise KeyError("a mistake of ours")
        return Task._outcome(self, record, result)
