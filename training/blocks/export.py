"""LightGBM's trees, the network and the words' weights as the file that ships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp
from typing import Any

import msgspec
import numpy as np

from cleaner.extract.learned.model import FORMAT, VALUE_BITS, ModelFile, NetworkData, PassData
from cleaner.extract.learned.neighbours import CERTAIN
from cleaner.extract.learned.network import Network

LEAVES = 16
_NODES = LEAVES - 1
_STEPS = 1024
_STEPS_A_LOGIT = 64
_NEVER = 2**31 - 1


def model_file(
    name: str,
    passes: Sequence[tuple[tuple[str, ...], Any]],
    network: Network,
    weights: Mapping[int, int],
) -> bytes:
    """Return the file. A pass is the names of its rows and a LightGBM model learned from them."""
    words = sorted(key for key, weight in weights.items() if weight)
    return msgspec.msgpack.encode(
        ModelFile(
            format=FORMAT,
            name=name,
            passes=tuple(_pass(rows, booster) for rows, booster in passes),
            network=_network(network),
            scores=scores().astype("<i2").tobytes(),
            words=np.array(words, "<u8").tobytes(),
            weights=np.array([weights[key] for key in words]).clip(-32_000, 32_000).astype("<i2").tobytes(),
        )
    )


def scores() -> Any:
    """Return the table from steps of a logit to thousandths."""
    logits = [(step - _STEPS // 2 + 0.5) / _STEPS_A_LOGIT for step in range(_STEPS)]
    return np.array([round(CERTAIN / (1 + exp(-logit))) for logit in logits])


def _pass(rows: tuple[str, ...], booster: Any) -> PassData:
    trees = [info["tree_structure"] for info in booster.dump_model()["tree_info"]]
    row, bound = np.zeros((_NODES, len(trees))), np.full((_NODES, len(trees)), _NEVER)
    mask, value = np.full((_NODES, len(trees)), 0xFFFF), np.zeros((len(trees), LEAVES))
    for number, tree in enumerate(trees):
        values: list[float] = []
        for place, (feature, threshold, left) in enumerate(_nodes(tree, values)):
            row[place, number], bound[place, number] = feature, int(np.floor(threshold))
            mask[place, number] = 0xFFFF & ~left
        value[number, : len(values)] = np.round(np.array(values) * 2**VALUE_BITS)
    used = sorted(set(row.astype(int).ravel().tolist()))
    renumbered = np.searchsorted(used, row)
    return PassData(
        rows=tuple(rows[number] for number in used),
        trees=len(trees),
        row=renumbered.astype("<i2").tobytes(),
        bound=bound.astype("<i4").tobytes(),
        mask=mask.astype("<u2").tobytes(),
        value=value.astype("<i4").tobytes(),
    )


def _nodes(tree: Mapping[str, Any], values: list[float]) -> Iterator[tuple[int, float, int]]:
    """Yield each inner node's row, bound and the bits of the leaves to its left; add the leaves' values, left to right.

    Leaves are numbered as they are met, so that the first that is not ruled out is the one to end in.
    """
    if "split_feature" not in tree:
        values.append(float(tree["leaf_value"]))
        return
    assert tree["decision_type"] == "<="
    first = len(values)
    yield from _nodes(tree["left_child"], values)
    left = sum(1 << leaf for leaf in range(first, len(values)))
    yield from _nodes(tree["right_child"], values)
    yield tree["split_feature"], float(tree["threshold"]), left


def _network(network: Network) -> NetworkData:
    affines = [network.first, *(affine for layer in network.layers for affine in (layer.near, layer.back))]
    affines.append(network.last)
    layers = [
        part for layer in network.layers for part in (layer.near.weight, layer.page, layer.group, layer.back.weight)
    ]
    return NetworkData(
        levels=network.levels,
        kinds=network.kinds,
        width=len(network.first.bias),
        bits=tuple(affine.bits for affine in affines),
        biases=np.concatenate([affine.bias for affine in affines]).astype("<i8").tobytes(),
        first=np.concatenate([network.first.weight, network.of_kind]).astype("<i4").tobytes(),
        layers=np.concatenate(layers).astype("i1").tobytes(),
        last=network.last.weight.astype("<i2").tobytes(),
    )


def as_scores(logits: Any) -> Any:
    """Return the scores that LightGBM's raw predictions stand for, as `Model.score` does."""
    steps = np.floor(np.asarray(logits) * _STEPS_A_LOGIT).astype(np.int64) + _STEPS // 2
    return scores()[steps.clip(0, _STEPS - 1)]
