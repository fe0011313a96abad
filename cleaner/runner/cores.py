"""How many processes this one may keep busy."""

from __future__ import annotations

import math
import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")


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
