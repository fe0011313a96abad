"""Files of which next to nothing is written: they claim a size, and have holes where the bytes would be.

Such a file takes no room on a disk, and would be read, as zeros, for an hour.
"""

from __future__ import annotations

import errno
import os

# A smaller file is read in a second, whatever is in it.
LARGE_BYTES = 1 << 30

# No file system packs text to the thousandth part; a larger share than that counts as a file like any other.
MOST_PACKED = 1000

# So many written stretches, of a block of the disk each at least, are looked at; a file of more is one like any other.
MOST_STRETCHES = 10_000


def holes_told(path: str) -> str | None:
    """Return what is to be said of a file that is holes all but a thousandth part; None of any other."""
    try:
        size = os.path.getsize(path)
        if size < LARGE_BYTES or not hasattr(os, "SEEK_DATA"):  # Windows
            return None
        written = _written(path, size)
    except OSError:  # reading it will say what is wrong
        return None
    if written * MOST_PACKED >= size:
        return None
    return f"a file of {size:,} bytes of which {written:,} are written: the others are holes"


def _written(path: str, size: int) -> int:
    """Return how many bytes of a file are written, or more than the share that counts. Raises `OSError`."""
    written = place = 0
    with open(path, "rb") as file:
        for _ in range(MOST_STRETCHES):
            try:
                start = os.lseek(file.fileno(), place, os.SEEK_DATA)
            except OSError as error:
                if error.errno != errno.ENXIO:  # a file system that does not tell
                    raise
                return written  # behind that place is nothing any more
            place = os.lseek(file.fileno(), start, os.SEEK_HOLE)
            written += place - start
            if written * MOST_PACKED >= size:
                break
    return size
