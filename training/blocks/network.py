"""How the network is learned from labelled pages, and turned into whole numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.extract.learned import lexicon
from cleaner.extract.learned.layout import TAGS
from cleaner.extract.learned.network import (
    DISTANCES,
    LOGIT_BITS,
    MOST,
    MOST_LEVEL,
    UNIT_BITS,
    Affine,
    Layer,
    Network,
    groups,
    kind_places,
    level,
    total,
)
from training.blocks.recipe import Mask, Table, word_rows

_SEED = 4
_WIDTH = 48
_ROUNDS = 6
_RATE, _DECAY = 0.003, 0.001
# The share of facts, and of what a layer finds, that is left out at random while learning.
_DROPPED_FACTS, _DROPPED = 0.3, 0.5
# The share of a label that is given away: a network that is sure of what it learned is as sure on sources that it never
# saw, and outvotes the trees there.
_SMOOTHING = 0.05
# Blocks and pages of a step; a page over the end of a step is cut.
_BLOCKS, _PAGES = 4096, 160
# Facts that are numbers of kinds, with how many kinds there are.
_KINDS: Final = (
    *((f"tag{at}", len(TAGS) + 1) for at in range(3)),
    ("first", 10),
    ("last", 10),
    ("kind", 5),
    ("page_kind", 3),
)
# What is known of neighbours the network sees for itself; numbers of kinds say less; and what the trees know of the
# container that a block shares with the headline makes it worse.
_LEFT_OUT = (
    *("tag3", "tag4", "heading_tag", *(name for name, _ in _KINDS)),
    *("to_shared", "headline_to_shared", "headline_branch"),
)
# A fact that is the same for nearly all blocks is left out.
_LEAST_SPREAD = 0.02

Weights = dict[str, Any]


class Facts(NamedTuple):
    """What the network is given: the levels of facts, spread evenly, and numbers of kinds as places; groups by layer.

    A level goes in as (level - `middle`) / `spread`.
    """

    levels: tuple[str, ...]
    middle: NDArray[np.float32]
    spread: NDArray[np.float32]
    values: NDArray[np.float32]
    kinds: NDArray[np.int32]
    groups: NDArray[np.int32]


def network_facts(data: Table, words: NDArray[np.float32]) -> Facts:
    """Return what the network is given of all blocks; `words` are their rows of words."""
    names = [*data.names, *lexicon.ROWS]
    rows = dict(zip(names, np.hstack([data.facts, words]).T.astype(np.int64), strict=True))
    values = np.array([level(rows[name]) for name in names if not _is_left_out(name)], np.float32).T
    levels = [name for name in names if not _is_left_out(name)]
    middle, spread = values.mean(0), values.std(0)
    kept = spread > _LEAST_SPREAD
    values = (values[:, kept] - middle[kept]) / spread[kept]
    return Facts(
        tuple(name for name, is_kept in zip(levels, kept.tolist(), strict=True) if is_kept),
        middle[kept],
        spread[kept],
        values,
        np.array(kind_places(_KINDS, rows), np.int32).T,
        np.array([np.concatenate(ids) for ids in zip(*(groups(page.layout) for page in data.pages), strict=True)]).T,
    )


def learned_network(data: Table, training: Mask) -> Network:
    """Return the network learned from the training pages."""
    facts = network_facts(data, word_rows(data, training))
    return as_network(facts, learned_weights(data, facts, training))


def logits_of(network: Network, data: Table, words: NDArray[np.float32], judged: Mask) -> NDArray[Any]:
    """Return what the network says of the blocks of the judged pages, in logits, as it says it where it is used."""
    totals = []
    starts = np.searchsorted(data.page, np.arange(len(data.pages) + 1))
    for page in np.flatnonzero(judged).tolist():
        blocks = slice(starts[page], starts[page + 1])
        values = np.hstack([data.facts[blocks], words[blocks]]).T.astype(np.int64)
        rows = dict(zip((*data.names, *lexicon.ROWS), values, strict=True))
        totals.append(total(network, rows, data.pages[page].layout))
    return np.concatenate(totals) / 2**LOGIT_BITS


def _is_left_out(name: str) -> bool:
    return name in _LEFT_OUT or name[-2:-1] in "+-"


def learned_weights(data: Table, facts: Facts, training: Mask) -> Weights:
    """Return the weights learned from the training pages, in floats."""
    # One thread, whatever processors there are: the same sums in the same order, each time.
    os.environ["NPROC"] = "1"
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    import jax
    import jax.numpy as jnp

    draw, key = np.random.default_rng(_SEED), jax.random.key(_SEED)
    weights = _first_weights(draw, len(facts.levels))
    moments = (jax.tree.map(jnp.zeros_like, weights),) * 2
    step = jax.jit(_step)
    training = data.with_mixed(training)
    pages = np.flatnonzero(training)
    starts = np.searchsorted(data.page, np.arange(len(data.pages) + 1))
    steps = _ROUNDS * (int(training[data.page].sum()) // _BLOCKS + 2)
    done = 0
    for _ in range(_ROUNDS):
        draw.shuffle(pages)
        for chosen in _batches(pages, starts):
            done += 1
            key, own_key = jax.random.split(key)
            rate = _RATE * min(1, done / 100) * max(0.02, (1 + np.cos(np.pi * min(1, done / steps))) / 2)
            weights, moments = step(weights, moments, _batch(data, facts, chosen), own_key, rate, done)
    return {name: np.asarray(weight, np.float64) for name, weight in weights.items()}


def _first_weights(draw: np.random.Generator, levels: int) -> Weights:
    of_kinds = sum(many for _, many in _KINDS)

    def matrix(inputs: int, outputs: int, scale: float) -> Any:
        return (draw.normal(size=(inputs, outputs)) * scale * (2 / inputs) ** 0.5).astype(np.float32)

    weights = {"first": matrix(levels, _WIDTH, 1), "kinds": matrix(of_kinds, _WIDTH, 1)}
    weights |= {"last": matrix(_WIDTH, 1, 0.1), "last_bias": np.zeros(1, np.float32)}
    weights["first_bias"] = np.zeros(_WIDTH, np.float32)
    for at in range(len(DISTANCES)):
        weights |= {f"near{at}": matrix(3 * _WIDTH, _WIDTH, 0.6), f"page{at}": matrix(_WIDTH, _WIDTH, 0.35)}
        weights |= {f"group{at}": matrix(_WIDTH, _WIDTH, 0.35), f"back{at}": matrix(_WIDTH, _WIDTH, 0.3)}
        weights |= {f"near{at}_bias": np.zeros(_WIDTH, np.float32), f"back{at}_bias": np.zeros(_WIDTH, np.float32)}
    return weights


def _batches(pages: NDArray[np.int64], starts: NDArray[np.int64]) -> Iterator[list[tuple[int, int]]]:
    """Yield pages, as where their blocks begin and end, of `_BLOCKS` blocks at most."""
    chosen: list[tuple[int, int]] = []
    blocks = 0
    for page in pages:
        for start in range(starts[page], starts[page + 1], _BLOCKS):
            end = min(start + _BLOCKS, starts[page + 1])
            if blocks + end - start > _BLOCKS or len(chosen) == _PAGES - 1:
                yield chosen
                chosen, blocks = [], 0
            chosen.append((start, end))
            blocks += end - start
    yield chosen


def _batch(data: Table, facts: Facts, chosen: list[tuple[int, int]]) -> dict[str, Any]:
    """Return the blocks of some pages as arrays of one size; blocks of no page fill them up and weigh nothing."""
    blocks = np.concatenate([np.arange(start, end) for start, end in chosen])
    page = np.repeat(np.arange(len(chosen)), [end - start for start, end in chosen])
    # A group of a page is the same number as no other's: its numbers are set apart by those of the pages before.
    beside = [np.unique(page * (1 << 20) + row, return_inverse=True)[1] for row in facts.groups[blocks].T]
    n = len(blocks)

    def filled(values: Any, rest: float = 0) -> Any:
        out = np.full((_BLOCKS, *values.shape[1:]), rest, values.dtype)
        out[:n] = values
        return out

    return {
        "values": filled(facts.values[blocks]),
        "kinds": filled(facts.kinds[blocks]),
        "page": filled(page.astype(np.int32), _PAGES - 1),
        "groups": [filled(ids.astype(np.int32), _BLOCKS - 1) for ids in beside],
        "kept": filled(data.kept[blocks].astype(np.float32)),
        "weight": filled((data.weight * data.learned)[blocks].astype(np.float32)),
    }


def _step(weights: Weights, moments: Any, batch: Mapping[str, Any], key: Any, rate: float, done: int) -> Any:
    """Return the weights and moments after a step of Adam with decay (Loshchilov and Hutter 2019)."""
    import jax
    import jax.numpy as jnp

    slope = jax.grad(_loss)(weights, batch, key)
    mean = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, moments[0], slope)
    square = jax.tree.map(lambda old, new: 0.99 * old + 0.01 * new * new, moments[1], slope)
    first, second = 1 - 0.9**done, 1 - 0.99**done
    changed = jax.tree.map(
        lambda weight, m, s: weight - rate * (m / first / (jnp.sqrt(s / second) + 1e-8) + _DECAY * weight),
        weights,
        mean,
        square,
    )
    return changed, (mean, square)


def _loss(weights: Weights, batch: Mapping[str, Any], key: Any) -> Any:
    import jax.numpy as jnp

    logits = _logits(weights, batch, key)
    kept = batch["kept"] * (1 - _SMOOTHING) + _SMOOTHING / 2
    return jnp.sum(batch["weight"] * (jnp.logaddexp(0, logits) - kept * logits)) / jnp.sum(batch["weight"])


def _logits(weights: Weights, batch: Mapping[str, Any], key: Any) -> Any:
    """Return what `cleaner.extract.learned.network.total` returns, in floats and with parts left out at random."""
    import jax
    import jax.numpy as jnp

    keys = jax.random.split(key, len(DISTANCES) + 1)

    def dropped(values: Any, key: Any, share: float) -> Any:
        return values * jax.random.bernoulli(key, 1 - share, values.shape) / (1 - share)

    def mean(values: Any, ids: Any, many: int) -> Any:
        count = jax.ops.segment_sum(jnp.ones(len(values)), ids, many)
        return (jax.ops.segment_sum(values, ids, many) / jnp.maximum(count, 1)[:, None])[ids]

    page = batch["page"]
    of_kinds = weights["kinds"][batch["kinds"]].sum(1)
    values = dropped(batch["values"], keys[0], _DROPPED_FACTS)
    hidden = jax.nn.relu(values @ weights["first"] + of_kinds + weights["first_bias"])
    for at, distance in enumerate(DISTANCES):
        before, after = (
            jnp.roll(hidden, by, 0) * (jnp.roll(page, by) == page)[:, None] for by in (distance, -distance)
        )
        found = jnp.concatenate([before, hidden, after], 1) @ weights[f"near{at}"] + weights[f"near{at}_bias"]
        found += mean(hidden, page, _PAGES) @ weights[f"page{at}"]
        found += mean(hidden, batch["groups"][at], _BLOCKS) @ weights[f"group{at}"]
        found = dropped(jax.nn.relu(found), keys[at + 1], _DROPPED)
        hidden += found @ weights[f"back{at}"] + weights[f"back{at}_bias"]
    return (jax.nn.relu(hidden) @ weights["last"] + weights["last_bias"])[:, 0]


def as_network(facts: Facts, weights: Weights) -> Network:
    """Return the network in whole numbers, with the middles and spreads of its facts worked in."""
    first = weights["first"] / facts.spread[:, None]
    bias = weights["first_bias"] - facts.middle @ first
    of_kinds = len(_KINDS) * np.abs(weights["kinds"]).max(0)
    bits = _bits(np.abs(bias) + of_kinds, 2**31 - 1, MOST_LEVEL, first)
    cut = bits - UNIT_BITS
    return Network(
        facts.levels,
        _KINDS,
        _whole(weights["kinds"], bits),
        Affine(_whole(first, bits), _rounding_bias(bias, bits, cut), cut),
        tuple(_whole_layer(weights, at) for at in range(len(DISTANCES))),
        _whole_affine(weights, "last", 2**15 - 1, LOGIT_BITS),
    )


def _whole_layer(weights: Weights, at: int) -> Layer:
    page, group = weights[f"page{at}"], weights[f"group{at}"]
    near = _whole_affine(weights, f"near{at}", 127, UNIT_BITS, page, group)
    # From numbers that count in 32nds to such: as many bits of a sum are cut off as its weights have binary places.
    page, group = _whole(page, near.bits), _whole(group, near.bits)
    return Layer(near, page, group, _whole_affine(weights, f"back{at}", 127, UNIT_BITS))


def _whole_affine(weights: Weights, name: str, largest: int, to_bits: int, *beside: Any) -> Affine:
    """Return weight, bias and how many bits of the sum are cut off, where it is to count in `to_bits` binary places.

    No weight is over `largest`; `beside` are matrices whose products are added to the same sums.
    """
    weight, bias = weights[name], weights[f"{name}_bias"]
    bits = _bits(bias * 2**UNIT_BITS, largest, MOST, weight, *beside)
    cut = bits + UNIT_BITS - to_bits
    return Affine(_whole(weight, bits), _rounding_bias(bias, bits + UNIT_BITS, cut), cut)


def _rounding_bias(bias: Any, bits: int, cut: int) -> Any:
    """Return the bias as whole numbers, with half of what is cut off, so that the cut rounds to the nearest."""
    return _whole(bias, bits) + np.floor(2.0 ** (cut - 1))


def _bits(bias: Any, largest: int, most: int, *weights: Any) -> int:
    """Return how many binary places weights can have so that none is over `largest`, and no sum over 2**24.

    `most` is the largest number that comes in, `bias` what is added where weights have no binary places.
    """
    together = np.concatenate(weights)
    sums = np.abs(together).sum(0) * most + np.abs(bias)
    rounding = (len(together) + 1) * most / 2
    return int(np.floor(np.log2(min(largest / np.abs(together).max(), (2**24 - rounding - 1) / sums.max()))))


def _whole(weights: Any, bits: int) -> Any:
    return np.round(weights * 2.0**bits)
