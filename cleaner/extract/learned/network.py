"""A small network over the blocks of a page in their order, evaluated in whole numbers.

What trees say of a block is said of it alone, with numbers about its neighbours; a network sees the neighbours
themselves. The two err on other blocks, so that their mean is better than either.

Each layer gives every block some numbers, made from its own, from those of the blocks some places before and after it,
and from the means over its page and over its group: the blocks of the same container, of the same one further up, or
of containers of the same kind. All numbers are whole, and no sum leaves those that its kind of float has exactly (up to
2**24 with 32 bits, 2**53 with 64), in whatever order a processor sums: the verdict is the same on every machine.

Sources: dilated convolutions after van den Oord and others 2016, "WaveNet"; means over groups after Zaheer and others
2017, "Deep sets".
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.layout import Layout, in_parts

DISTANCES: Final = (1, 2, 4, 8, 16)
"""How many places away the blocks are that each layer looks at."""

UNIT_BITS: Final = 5
"""The numbers between the layers count in 32nds."""

MOST: Final = 1 << 11
"""No number between the layers is larger, so that no sum of a layer is over 2**24."""

MOST_LEVEL: Final = 128
"""No whole number of 32 bits has a larger level."""

LOGIT_BITS: Final = 16

# Multiplications of numbers in one call: with more, OpenBLAS starts threads, while the workers of a run have all
# processors already (120 rows of 192 numbers by 64 columns: .06 ms of processor time, with threads 5 ms). A worker has
# one thread, and all at once takes it half the time. The sums are exact, and the same either way.
_AT_A_TIME: Final = 1 << (40 if os.environ.get("OPENBLAS_NUM_THREADS") == "1" else 18)


class Affine(NamedTuple):
    """A matrix and what is added after the product; the last `bits` bits of the sum are cut off.

    The columns' sums of sizes, times the largest number that comes in (`MOST`; `MOST_LEVEL` of facts), are under 2**24
    together with what is added.
    """

    weight: Any
    bias: Any
    bits: int

    @property
    def scale(self) -> Any:
        """Return what a sum is multiplied by to cut its bits off."""
        return self.weight.dtype.type(2.0**-self.bits)


class Layer(NamedTuple):
    """What a block, those before and after it (`near`), its page and its group add to it; `back` is the way back."""

    near: Affine
    page: Any
    group: Any
    back: Affine


class Network(NamedTuple):
    """The network, and the facts that it looks at.

    `levels` are facts of which the size counts, `kinds` those that are numbers of kinds, with how many kinds there
    are; `of_kind` has a row for each kind of each of them, one below the other.
    """

    levels: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]
    of_kind: Any
    first: Affine
    layers: tuple[Layer, ...]
    last: Affine

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the names of all facts that it looks at."""
        return (*self.levels, *(name for name, _ in self.kinds))


def total(network: Network, rows: Mapping[str, Ints], layout: Layout) -> Ints:
    """Return for each block how much speaks for its being text, in 65,536ths of a logit."""
    hidden = np.concatenate([_first(network, part) for part in in_parts(rows, network.rows)])
    for layer, distance, ids in zip(network.layers, DISTANCES, groups(layout), strict=True):
        sums = _product(beside(hidden, distance), layer.near.weight)
        sums += _whole_mean(hidden.sum(0, dtype=np.float64), len(ids)) @ layer.page
        sums += _of_group(hidden, ids, layer.group)
        found = _cut(sums, layer.near)
        found.clip(0, MOST, out=found)
        hidden += _cut(_product(found, layer.back.weight), layer.back)
        hidden.clip(-MOST, MOST, out=hidden)
    logits: Ints = _cut(_product(hidden.clip(0), network.last.weight), network.last)[:, 0].astype(np.int64)
    return logits


def _first(network: Network, rows: Mapping[str, Ints]) -> Any:
    """Return the numbers that the first layer makes of each block's facts."""
    facts = np.array([rows[name] for name in network.levels], np.int32)
    sums = _product(level(facts).T, network.first.weight)
    sums += network.of_kind.take(kind_places(network.kinds, rows), 0).sum(0)
    return _cut(sums, network.first).clip(0, MOST)


def level(values: Any) -> Any:
    """Return the size of whole numbers in quarters of an octave: 0 of 0, 4 of 1, 8 of 2, 12 of 4; -8 of -2.

    The bits of a float32 are its exponent and what follows, which no processor sees otherwise.
    """
    levels = np.abs(values.astype(np.float32)).view(np.int32)
    levels >>= 21
    levels -= 127 * 4 - 4
    levels *= np.sign(values)
    return levels.astype(np.float32)


def kind_places(kinds: tuple[tuple[str, int], ...], rows: Mapping[str, Ints]) -> Ints:
    """Return for each fact that is the number of a kind the rows that its blocks have in `Networks.of_kind`."""
    many = np.array([many for _, many in kinds])[:, None]
    places: Ints = np.array([rows[name] for name, _ in kinds]).clip(0, many - 1) + (many.cumsum()[:, None] - many)
    return places


def groups(layout: Layout) -> tuple[Ints, ...]:
    """Return the number of each block's group, for each layer."""
    return (*layout.up[:4], layout.kin)


def beside(hidden: Any, distance: int) -> Any:
    """Return what the blocks `distance` before, the blocks themselves, and those after have; 0 beyond the page."""
    many, width = hidden.shape
    out = np.zeros((many, 3 * width), hidden.dtype)
    out[distance:, :width] = hidden[:-distance]
    out[:, width:-width] = hidden
    out[:-distance, -width:] = hidden[distance:]
    return out


def _of_group(hidden: Any, ids: Ints, weight: Any) -> Any:
    """Return the product of each block's group's mean, rounded to whole numbers, and the weight."""
    order = np.argsort(ids, kind="stable")
    in_order = ids[order]
    begins = np.ones(len(ids), bool)
    np.not_equal(in_order[1:], in_order[:-1], out=begins[1:])
    of_block = np.empty_like(order)
    of_block[order] = begins.cumsum() - 1
    sums = np.add.reduceat(hidden.take(order, 0), begins.nonzero()[0], 0, dtype=np.float64)
    return _product(_whole_mean(sums, np.bincount(of_block)[:, None]), weight).take(of_block, 0)


def _whole_mean(sums: Any, many: Any) -> Any:
    """Return the means, rounded; the sums are changed in their place."""
    sums /= many
    sums += 0.5
    return np.floor(sums, out=sums).astype(np.float32)


def _product(left: Any, right: Any) -> Any:
    many, width = left.shape
    at_a_time = max(1, _AT_A_TIME // (width * right.shape[1]))
    if many <= at_a_time:
        return left @ right
    return np.concatenate([left[at : at + at_a_time] @ right for at in range(0, many, at_a_time)])


def _cut(sums: Any, affine: Affine) -> Any:
    """Return the sums, which are changed in their place, with what is added and without the bits that are cut off."""
    sums += affine.bias
    sums *= affine.scale
    return np.floor(sums, out=sums)
