"""What this process may use of its machine or container: cores, memory, and the number of workers that fits both."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cleaner.values import MEGABYTE

_CGROUP = Path("/sys/fs/cgroup")

# Each line has the path of a cgroup: that of version 2, or that of some controllers of version 1.
_OWN = Path("/proc/self/cgroup")

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


def memory_limit(cgroup: Path = _CGROUP, own: Path = _OWN) -> int | None:
    """Return the bytes of memory that this process may use with others, None where it has no limit.

    The smallest limit counts of the cgroups that it is in, one in the other, of version 2 or 1.
    """
    limits = []
    for folder in _groups("memory", cgroup, own):
        for name in ("memory.max", "memory.limit_in_bytes"):
            with contextlib.suppress(OSError, ValueError):  # "max"
                limits.append(int((folder / name).read_text()))
    limit = min(limits, default=_NO_LIMIT)
    return limit if limit < _NO_LIMIT else None


def cores(cgroup: Path = _CGROUP, own: Path = _OWN) -> int:
    """Return the number of cores that this process may use: those of the machine, its affinity, its cgroups' quotas.

    A part of a core counts as one.
    """
    most = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [quota for folder in _groups("cpu", cgroup, own) if (quota := _quota(folder)) is not None]
    return max(1, math.ceil(min([most, *quotas])))


def _quota(folder: Path) -> float | None:
    """Return the cores that a cgroup may use in all, None where it has no limit (version 2, then 1)."""
    try:
        if (folder / "cpu.max").exists():
            most, period = (folder / "cpu.max").read_text().split()
        else:
            most, period = ((folder / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
        return int(most) / int(period) if int(most) > 0 else None
    except (OSError, ValueError, ZeroDivisionError):
        return None


def _groups(controller: str, cgroup: Path, own: Path) -> Iterator[Path]:
    """Yield the folders of the cgroups that this process is in, as far as they may bound it, from the inner ones out.

    A container most often sees its own at the top, whatever `own` calls it; a service or a job of a cluster does not.
    """
    try:
        lines = own.read_text().splitlines()
    except OSError:  # no Linux
        lines = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers or controller in controllers.split(","):
            top = cgroup / controller if controllers else cgroup
            inner = Path(path.lstrip("/"))
            yield from (top / group for group in (inner, *inner.parents) if group.parts and ".." not in group.parts)
    yield from (cgroup, cgroup / controller)
