"""How long a record has been at work in another process: its processor time, and the time that it slept.

A clock on the wall would blame a record for Ctrl-Z, a laptop that slept, a frozen container or a busy machine.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable
from typing import NamedTuple

# The state of a Linux process that sleeps of its own. One that runs, or wants to, counts by the processor time that it
# gets, and so does one that was stopped (T, t), is frozen, or waits for a disk (D): such a wait is not its record's.
_SLEEPING = b"S"


class Reading(NamedTuple):
    """The processor time of a process so far, in seconds, and whether it sleeps, of its own."""

    cpu_s: float
    sleeps: bool


def read_process(pid: int) -> Reading | None:
    """Return the reading of a process; None where the system does not tell (it is Linux that does)."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b") ")[2].split()
        return Reading((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), fields[0] == _SLEEPING)
    except (OSError, ValueError, IndexError, AttributeError):
        return None


class RecordClock:
    """Adds up what the record at work in a process has taken, look by look.

    Between two looks count the processor time of the process, or, where it slept, the time on the wall, but never more
    than `longest_s`: more has only passed where whoever looks was stopped itself. Where the system does not tell,
    the time on the wall counts.
    """

    def __init__(
        self,
        pid: int,
        longest_s: float,
        *,
        read: Callable[[int], Reading | None] = read_process,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pid = pid
        self._longest_s = longest_s
        self._read = read
        self._now = now
        self._record: Hashable = None
        self._looked = 0.0
        self._cpu_s = 0.0
        self._spent_s = 0.0

    def look(self, record: Hashable) -> float:
        """Return the seconds that this record has taken since it was first seen at work."""
        now, reading = self._now(), self._read(self._pid)
        if record != self._record:
            self._record, self._spent_s = record, 0.0
        else:
            passed = min(now - self._looked, self._longest_s)
            worked = 0.0 if reading is None else reading.cpu_s - self._cpu_s
            self._spent_s += max(worked, passed) if reading is None or reading.sleeps else worked
        self._looked = now
        if reading is not None:
            self._cpu_s = reading.cpu_s
        return self._spent_s
