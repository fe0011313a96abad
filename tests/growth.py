"""How time grows with what is given, measured so that a busy machine says nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable

# Another process may take the processor's caches for seconds, and then makes one of two sizes slower than the other.
ROUNDS_OF_A_BUSY_MACHINE = 12


def grows_less(times: float, seconds: Callable[[int], float], small: int, large: int, spare: float = 0.0) -> bool:
    """Say whether the large size takes less than `times` the seconds of the small one and `spare` seconds.

    `seconds` measures a size once. The least of each size counts: of three rounds of the small one, which are short,
    and of one round of the large one; where that says no, of more rounds in turn.
    """
    for_small, for_large = min(seconds(small) for _ in range(3)), math.inf
    for _ in range(ROUNDS_OF_A_BUSY_MACHINE):
        for_large = min(for_large, seconds(large))
        if for_large < times * for_small + spare:
            return True
        for_small = min(for_small, seconds(small))
    return False
