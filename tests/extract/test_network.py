"""The network of the learned extractor: whole numbers, as by hand, and what the training library finds."""

from __future__ import annotations

import random
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from extract.test_learned import PAGE
from real_parts import needs

from cleaner.extract.learned.features import read
from cleaner.extract.learned.layout import Layout
from cleaner.extract.learned.model import read_model, shipped_model
from cleaner.extract.learned.network import DISTANCES, MOST, MOST_LEVEL, Affine, Layer, Network, groups, level, total
from cleaner.extract.learned.page_facts import read_page
from cleaner.extract.page import parse

KINDS = (("tag0", 51), ("first", 10))
LEVELS = ("size", "link", "share1")
WIDTH = 4


def test_level_counts_quarters_of_an_octave() -> None:
    assert level(np.array([0, 1, 2, 3, 4, 5, 8, -2, 10**6])).tolist() == [0, 4, 8, 10, 12, 13, 16, -8, 83]


@pytest.mark.parametrize("repeats", [1, 40])
def test_sums_are_those_of_whole_numbers_by_hand(repeats: int) -> None:
    layout, rows = _read(PAGE.replace("<aside", "<p>One more line of the article.</p>" * repeats + "<aside"))
    network = drawn_network(random.Random(4))
    assert total(network, rows, layout).tolist() == _by_hand(network, rows, layout)


def test_a_page_of_one_block_is_judged() -> None:
    layout, rows = _read("<html><body><p>The only block there is.</p></body></html>")
    network = drawn_network(random.Random(5))
    assert total(network, rows, layout).tolist() == _by_hand(network, rows, layout)


def test_file_gives_the_network_back() -> None:
    needs(find_spec("lightgbm"), "LightGBM (the extra [train])")
    import lightgbm

    from training.blocks.export import LEAVES, model_file

    facts = np.random.default_rng(1).integers(0, 9, (300, 2)).astype(float)
    settings = {"objective": "binary", "num_leaves": LEAVES, "verbose": -1}
    booster = lightgbm.train(settings, lightgbm.Dataset(facts, facts[:, 0] > 4), 2)
    network = drawn_network(random.Random(6))
    passes = [(("a", "b"), booster), (("a", "b"), booster)]
    found = read_model(model_file("a test", passes, network, {})).network
    layout, rows = _read(PAGE)
    assert total(found, rows, layout).tolist() == total(network, rows, layout).tolist()
    assert found.rows == ("size", "link", "share1", "tag0", "first")


def test_whole_numbers_say_what_the_training_library_says(monkeypatch: pytest.MonkeyPatch) -> None:
    needs(find_spec("jax"), "JAX (the extra [train])")
    needs(find_spec("lightgbm"), "LightGBM (the extra [train])")
    import jax

    from training.blocks import network
    from training.blocks.pages import made_up_pages
    from training.blocks.recipe import table, word_rows

    monkeypatch.setattr(network, "_DROPPED", 0.0)
    monkeypatch.setattr(network, "_DROPPED_FACTS", 0.0)
    pages = [page for number, page in enumerate(made_up_pages()) if number % 40 == 0][:20]
    data = table(pages)
    every = np.ones(len(pages), bool)
    words = word_rows(data, every)
    facts = network.network_facts(data, words)
    weights = network._first_weights(np.random.default_rng(2), len(facts.levels))
    weights["last"] *= 20
    ours = network.logits_of(network.as_network(facts, weights), data, words, every)
    for page in range(len(pages)):
        blocks = np.flatnonzero(data.page == page)
        batch = network._batch(data, facts, [(int(blocks[0]), int(blocks[-1]) + 1)])
        theirs = np.asarray(network._logits(weights, batch, jax.random.key(0)))[: len(blocks)]
        differences = np.abs(ours[blocks] - theirs)
        assert differences.max() < 0.25  # of logits from -9 to 9
        assert differences.mean() < 0.08


def test_no_sum_leaves_the_numbers_that_floats_have_exactly() -> None:
    network = shipped_model().network
    of_kinds = len(network.kinds) * np.abs(network.of_kind).max(0)
    first = np.abs(network.first.weight).sum(0) * MOST_LEVEL + of_kinds + np.abs(network.first.bias)
    assert first.max() <= 2**24
    assert np.abs(level(np.array([-(2**31), 2**31 - 1, 0]))).max() <= MOST_LEVEL
    for layer in network.layers:
        near = np.concatenate([layer.near.weight, layer.page, layer.group])
        assert (np.abs(near).sum(0) * MOST + np.abs(layer.near.bias)).max() <= 2**24
        assert (np.abs(layer.back.weight).sum(0) * MOST + np.abs(layer.back.bias)).max() <= 2**24
    assert (np.abs(network.last.weight).sum(0) * MOST + np.abs(network.last.bias)).max() <= 2**24


def _read(html: str) -> tuple[Layout, Any]:
    tree = parse(html)
    return read(*read_page(tree))


def drawn_network(draw: random.Random) -> Network:
    """Return a network of four numbers a layer."""

    def matrix(rows: int, columns: int = WIDTH) -> Any:
        return np.array([[draw.randint(-120, 120) for _ in range(columns)] for _ in range(rows)], np.float32)

    def affine(rows: int, bits: int) -> Affine:
        return Affine(matrix(rows), matrix(1)[0] * 100, bits)

    layers = tuple(Layer(affine(3 * WIDTH, 9), matrix(WIDTH), matrix(WIDTH), affine(WIDTH, 8)) for _ in DISTANCES)
    kinds = matrix(sum(many for _, many in KINDS))
    last = Affine(matrix(WIDTH, 1), matrix(1, 1)[0] * 100, -2)
    return Network(LEVELS, KINDS, kinds, affine(len(LEVELS), 3), layers, last)


def _by_hand(network: Network, rows: Any, layout: Layout) -> list[int]:
    """Return what `total` returns of it, block by block in Python's whole numbers."""
    blocks = range(len(layout.size))

    def times(values: list[int], weight: Any) -> list[int]:
        return [sum(v * int(w) for v, w in zip(values, column, strict=True)) for column in weight.T.tolist()]

    def plus(*parts: list[int]) -> list[int]:
        return [sum(column) for column in zip(*parts, strict=True)]

    def cut(values: list[int], affine: Affine) -> list[int]:
        bits = affine.bits
        sums = [v + int(b) for v, b in zip(values, affine.bias.tolist(), strict=True)]
        return [v >> bits if bits >= 0 else v << -bits for v in sums]

    def mean(chosen: list[int]) -> list[int]:
        return [(2 * column + len(chosen)) // (2 * len(chosen)) for column in plus(*(hidden[b] for b in chosen))]

    hidden = []
    for b in blocks:
        values = [int(level(np.array([rows[name][b]]))[0]) for name in network.levels]
        sums = times(values, network.first.weight)
        start = 0
        for name, many in network.kinds:
            sums = plus(sums, network.of_kind[start + int(rows[name][b])].astype(int).tolist())
            start += many
        hidden.append([min(max(v, 0), MOST) for v in cut(sums, network.first)])
    for layer, distance, ids in zip(network.layers, DISTANCES, groups(layout), strict=True):
        after = []
        for b in blocks:
            before, own, behind = (
                hidden[at] if 0 <= at < len(hidden) else [0] * WIDTH for at in (b - distance, b, b + distance)
            )
            page, group = mean(list(blocks)), mean([at for at in blocks if ids[at] == ids[b]])
            sums = plus(
                times([*before, *own, *behind], layer.near.weight), times(page, layer.page), times(group, layer.group)
            )
            found = [min(max(v, 0), MOST) for v in cut(sums, layer.near)]
            after.append(plus(hidden[b], cut(times(found, layer.back.weight), layer.back)))
        hidden = [[min(max(v, -MOST), MOST) for v in block] for block in after]
    return [cut(times([max(v, 0) for v in block], network.last.weight), network.last)[0] for block in hidden]
