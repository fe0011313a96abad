"""The trees, the network and the words by which blocks are judged, as they lie in the package."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any, Final

import msgspec
import numpy as np

from cleaner.extract.learned.lexicon import Weights
from cleaner.extract.learned.network import DISTANCES, LOGIT_BITS, Affine, Layer, Network
from cleaner.extract.learned.trees import Trees

FORMAT: Final = 4
# A leaf's value counts in 65,536ths of a logit; the table of scores has 64 steps a logit, from -8 to 8.
VALUE_BITS: Final = LOGIT_BITS
_STEP_BITS: Final = 10
_STEPS: Final = 1024


class PassData(msgspec.Struct, frozen=True):
    """One of the two passes, as it lies in the file."""

    rows: tuple[str, ...]
    trees: int
    row: bytes  # int16, inner nodes of a tree by trees
    bound: bytes  # int32
    mask: bytes  # uint16
    value: bytes  # int32, 16 a tree


class NetworkData(msgspec.Struct, frozen=True):
    """The network, as it lies in the file; in `bits` and `biases` are first, near and back of each layer, last."""

    levels: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]
    width: int
    bits: tuple[int, ...]
    biases: bytes  # int64, `width` numbers each, one for the last
    first: bytes  # int32, `width` to a level, then to a kind
    layers: bytes  # int8, of each layer: `width` to a row, near (three rows a number), page, group, back
    last: bytes  # int16


class ModelFile(msgspec.Struct, frozen=True):
    """What the file holds, as MessagePack; numbers are little-endian."""

    format: int
    name: str
    passes: tuple[PassData, ...]
    network: NetworkData
    scores: bytes  # int16: thousandths by steps of a logit
    words: bytes  # uint64, rising
    weights: bytes  # int16


class Pass(msgspec.Struct, frozen=True):
    """One of the two passes: the rows that it looks at, and its trees."""

    rows: tuple[str, ...]
    trees: Trees


class Model(msgspec.Struct, frozen=True):
    """A model, ready for use. `name` is what a manifest calls it; `wanted` are the facts that it looks at."""

    name: str
    first: Pass
    second: Pass
    network: Network
    scores: Any
    weights: Weights
    wanted: frozenset[str]

    def score(self, total: Any) -> Any:
        """Return the probability, in thousandths, that sums of leaves stand for."""
        return self.scores[np.clip((total >> _STEP_BITS) + _STEPS // 2, 0, _STEPS - 1)]


@functools.cache
def shipped_model() -> Model:
    """Return the model inside the package."""
    return read_model(files("cleaner.extract.learned").joinpath("blocks.model").read_bytes())


def read_model(data: bytes) -> Model:
    """Return the model that a file holds.

    Raises `ValueError` where it is none, or one of another format.
    """
    found = msgspec.msgpack.decode(data, type=ModelFile)
    if found.format != FORMAT:
        raise ValueError(f"a model of format {found.format}, wanted is {FORMAT}")
    first, second = map(_read_pass, found.passes)
    weights = Weights.of(np.frombuffer(found.words, "<u8"), np.frombuffer(found.weights, "<i2"))
    scores = np.frombuffer(found.scores, "<i2").astype(np.int64)
    network = _read_network(found.network)
    wanted = frozenset((*first.rows, *second.rows, *network.rows))
    return Model(found.name, first, second, network, scores, weights, wanted)


def _read_pass(data: PassData) -> Pass:
    def table(field: bytes, kind: str) -> Any:
        return np.frombuffer(field, kind).reshape(-1, data.trees)

    trees = Trees.of(
        row=table(data.row, "<i2").astype(np.intp),
        bound=table(data.bound, "<i4"),
        mask=table(data.mask, "<u2"),
        value=np.frombuffer(data.value, "<i4"),
    )
    return Pass(data.rows, trees)


def _read_network(data: NetworkData) -> Network:
    width = data.width

    def table(field: bytes, kind: str, columns: int = width) -> Any:
        return np.frombuffer(field, kind).reshape(-1, columns).astype(np.float32)

    biases = np.frombuffer(data.biases, "<i8").astype(np.float32)
    first = table(data.first, "<i4")
    affines = zip(biases[width:-1].reshape(-1, width), data.bits[1:-1], strict=True)
    layers = []
    for weight in np.split(table(data.layers, "i1"), len(DISTANCES)):
        near, page, group, back = np.split(weight, [3 * width, 4 * width, 5 * width])
        layers.append(Layer(Affine(near, *next(affines)), page, group, Affine(back, *next(affines))))
    return Network(
        data.levels,
        data.kinds,
        first[len(data.levels) :],
        Affine(first[: len(data.levels)], biases[:width], data.bits[0]),
        tuple(layers),
        Affine(table(data.last, "<i2", 1), biases[-1:], data.bits[-1]),
    )
