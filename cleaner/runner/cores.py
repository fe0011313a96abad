"""What this process may use of its machine or container: cores, memory, and the number of workers that fits both."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import NamedTuple

from cleaner.values import MEGABYTE

_CGROUP = Path("/sys/fs/cgroup")

# A worker's own memory, but for large texts (`runner/worker.py`). Measured: the rules, models and libraries need 60 MB,
# a page of 10 MB some 300 MB. Two of them at their limit, with the parent, stay under 1.5 GB.
WORKER_BYTES = 512 << 20

# Where a container has less than one such worker needs, its worker gets what is left, but no less than this.
LEAST_WORKER_BYTES = 192 << 20

# What the parent takes: libraries, chunks on their way, the search for duplicates.
PARENT_BYTES = 256 << 20

# Version 1 of cgroups writes "no limit" as a number of this size.
_NO_LIMIT = 1 << 60


class Means(NamedTuple):
    """The cores that this process may use, the bytes of memory (None: no limit), the workers, the bytes of each.

    `most_memory` is what a worker may have for a large text, None where there is no limit.
    """

    cores: int
    memory: int | None
    workers: int
    worker_memory: int
    most_memory: int | None

    def told(self) -> dict[str, int | float | None]:
        """Return them as a log has them, sizes in MB."""
        return {
            "workers": self.workers,
            "cores": self.cores,
            "memory_mb": None if self.memory is None else self.memory // MEGABYTE,
            "worker_memory_mb": self.worker_memory // MEGABYTE,
        }


def means(workers: int | None = None, cgroup: Path = _CGROUP) -> Means:
    """Return what there is to work with; `workers` is the number that was asked for, None for as many as fit.

    As many fit as there are cores, or as the memory of the container has room for at `WORKER_BYTES` each: what a
    document may take does not depend on the machine, but where not one such worker fits.
    """
    most, memory = cores(cgroup), memory_limit(cgroup)
    if memory is None:
        return Means(most, None, workers or most, WORKER_BYTES, None)
    left = max(memory - PARENT_BYTES, 0)
    number = workers or max(1, min(most, left // WORKER_BYTES))
    each = min(WORKER_BYTES, max(LEAST_WORKER_BYTES, left // number))
    return Means(most, memory, number, each, max(each, left - (number - 1) * each))


def memory_limit(cgroup: Path = _CGROUP) -> int | None:
    """Return the bytes of memory that the container may use, None where it has no limit (cgroup v2, then v1)."""
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        try:
            limit = int((cgroup / name).read_text())
        except (OSError, ValueError):  # "max"
            continue
        return limit if limit < _NO_LIMIT else None
    return None


def cores(cgroup: Path = _CGROUP) -> int:
    """Return the number of cores that this process may use: those of the machine, its affinity, its container's quota.

    A part of a core counts as one.
    """
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota(cgroup)
    return own if quota is None else max(1, min(own, math.ceil(quota)))


def _quota(cgroup: Path) -> float | None:
    """Return the cores that the container may use in all, None where it has no limit (cgroup v2, then v1)."""
    try:
        if (cgroup / "cpu.max").exists():
            most, period = (cgroup / "cpu.max").read_text().split()
        else:
            most, period = ((cgroup / "cpu" / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
        return int(most) / int(period) if int(most) > 0 else None
    except (OSError, ValueError, ZeroDivisionError):
        return None
