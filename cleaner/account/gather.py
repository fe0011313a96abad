"""What is kept of a stream of any length: the best few, sums by name, and histograms, each of a bounded size."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any

# Bins of a histogram over lengths and times: eight for each doubling, so a median is right to 5 %.
BINS_PER_OCTAVE = 8

# Values outside are counted at the edge: a thousandth of a second up to 10^12 characters.
LOWEST, HIGHEST = 1e-4, 1e12


class Best:
    """Keep the `size` items of the lowest key, of equal keys the earlier, and at most one of a group.

    With a hash for a key it is a random sample, the same for the same input. Few items: insertion is linear.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._keys: list[tuple[float, int]] = []
        self._items: list[tuple[str, Any]] = []
        self._seen = 0

    def wants(self, key: float) -> bool:
        """Tell whether an item of this key may be kept, so that others need not be made."""
        return len(self._keys) < self._size or key < self._keys[-1][0]

    def add(self, key: float, group: str, item: Any) -> None:
        """Offer an item."""
        self._seen += 1
        if not self.wants(key):
            return
        for index, (name, _) in enumerate(self._items):
            if name == group:
                if self._keys[index][0] <= key:
                    return
                del self._keys[index], self._items[index]
                break
        index = bisect_right(self._keys, (key, self._seen))
        self._keys.insert(index, (key, self._seen))
        self._items.insert(index, (group, item))
        del self._keys[self._size :], self._items[self._size :]

    @property
    def items(self) -> list[Any]:
        """The items, the lowest key first."""
        return [item for _, item in self._items]


class Tally:
    """Sums by name, of which the first decides who stays when there are too many names.

    Exact up to twice `names`. Beyond that the half with the smallest first sums is forgotten, as often as it takes, so
    what is large is found, and a sum can only be too low; `forgot` says that this has happened.
    """

    def __init__(self, names: int) -> None:
        self._names = names
        self._sums: dict[str, list[int]] = {}
        self.forgot = False

    def add(self, name: str, *amounts: int) -> None:
        """Add to the sums of a name."""
        sums = self._sums.get(name)
        if sums is None:
            if len(self._sums) >= 2 * self._names:
                self._sums = dict(self.top(self._names))
                self.forgot = True
            self._sums[name] = list(amounts)
            return
        for index, amount in enumerate(amounts):
            sums[index] += amount

    def top(self, number: int) -> list[tuple[str, list[int]]]:
        """Return the names of the largest sums, largest first, equal ones by name."""
        ranked = sorted(self._sums.items(), key=lambda item: ([-amount for amount in item[1]], item[0]))
        return ranked[:number]

    def __len__(self) -> int:
        """Count the names that are remembered."""
        return len(self._sums)


class Histogram:
    """Counts by size, in bins of equal ratio; zero has a bin of its own."""

    def __init__(self) -> None:
        self.zeros = 0
        self._bins: Counter[int] = Counter()

    def add(self, value: float) -> None:
        """Count a value, zero or more."""
        if value <= 0:
            self.zeros += 1
        else:
            self._bins[math.floor(math.log2(min(max(value, LOWEST), HIGHEST)) * BINS_PER_OCTAVE)] += 1

    @property
    def bins(self) -> list[tuple[int, int]]:
        """Pairs of a bin and its count, in order; bin `i` begins at `2 ** (i / BINS_PER_OCTAVE)`."""
        return sorted(self._bins.items())

    def quantile(self, share: float) -> float:
        """Return the value below which this share of all lie, to the middle of its bin; 0 where there is none."""
        total = self.zeros + sum(self._bins.values())
        seen = self.zeros
        if not total or seen >= share * total:
            return 0.0
        for index, number in self.bins:
            seen += number
            if seen >= share * total:
                return float(2 ** ((index + 0.5) / BINS_PER_OCTAVE))
        return 0.0


def rebinned(bins: Sequence[tuple[int, int]], per_octave: int) -> dict[int, int]:
    """Return the counts in fewer bins, `per_octave` for each doubling.

    >>> rebinned([(0, 1), (7, 2), (8, 4)], 1)
    {0: 3, 1: 4}
    """
    wide: dict[int, int] = {}
    for index, number in bins:
        key = index * per_octave // BINS_PER_OCTAVE
        wide[key] = wide.get(key, 0) + number
    return wide
