"""How much room on the disk a run needs, said before it begins."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.corpus.inputs import total_bytes
from cleaner.corpus.output import STANDARD_OUTPUT

# Of the bytes of the input, decompressed. Corpus, excluded records and ledger were 1.06 times 12,000 texts in many
# languages; the shingles for the search for duplicates are 8 bytes a word while the run lasts, 1.3 times English text.
OF_THE_INPUT = 2.5


class Room(NamedTuple):
    """The bytes that a run needs at most, where it writes, and the bytes that are free there."""

    needed: int
    folder: str
    free: int


def room_for(paths: Sequence[str], out: str) -> Room | None:
    """Return the room for a run over these files; None where the input's size is not known, or nothing is written."""
    total = total_bytes(paths)
    if total is None or out == STANDARD_OUTPUT:
        return None
    folder = os.path.abspath(os.path.dirname(out) or ".")
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return Room(int(total * OF_THE_INPUT), folder, shutil.disk_usage(folder).free)
