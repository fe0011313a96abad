"""Read a file that a configuration names: a stranger may have written that, and what it names may have no end."""

from __future__ import annotations

import codecs
import errno
import os
import stat
from pathlib import Path

# Lines of sites and baselines may be large, what a person writes is not; a reader of TOML takes a second for 3 MB.
MOST_BYTES, TOML_BYTES = 1 << 28, 1 << 24


def read_named(path: str | Path, most: int = MOST_BYTES, *, pipe: bool = False) -> bytes:
    """Return what is in a file. A `pipe` is read to its end; else one is refused, as a device is, which may have none.

    A byte order mark, which editors on Windows write before UTF-8, is left out. Raises `OSError`, also where it has
    more than `most` bytes.
    """
    if not pipe and not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    with open(path, "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes")
    return data.removeprefix(codecs.BOM_UTF8)
