"""Fit the two halves of the model of lines: the weights of wording, and the trees over facts."""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from cleaner.rules.boilerplate.line_model.forest import Forest
from cleaner.rules.boilerplate.line_model.wording import BUCKETS, MAX_TOKENS, ROOTS, Wording, buckets

# The inverse strength of the weights' penalty, and what a weight is in the file at most.
STRENGTH, MOST = 1.0, 127
# Steps to the weights, the same for all data: a fit that ends where a step brings little ends by chance, after 9 steps
# or after 19, with weights a third as large, and the trees know the scores of one size alone (benchmarks/NOTES.md).
STEPS = 60
# A leaf of the trees in 1/1000 of the logarithm of odds.
LEAF = 1000
ROUNDS = 100
# By site seeds differ by some .004; with this one the samples come out as before (benchmarks/NOTES.md).
TREES: dict[str, Any] = {
    "objective": "binary", "learning_rate": 0.08, "num_leaves": 15, "min_data_in_leaf": 60,
    "min_sum_hessian_in_leaf": 3.0, "feature_fraction": 0.3, "bagging_fraction": 0.7, "bagging_freq": 1,
    "lambda_l2": 10.0, "max_bin": 127, "seed": 1, "num_threads": 1, "deterministic": True, "force_row_wise": True,
    "verbosity": -1,
}  # fmt: skip


def token_matrix(lines: Sequence[str]) -> sparse.csr_matrix:
    """Return which buckets each line has tokens in."""
    indices: list[int] = []
    ends = [0]
    for line in lines:
        indices += sorted(buckets(line))
        ends.append(len(indices))
    return sparse.csr_matrix(
        (np.ones(len(indices), np.int32), np.array(indices), np.array(ends)), (len(lines), BUCKETS)
    )


def scores(matrix: sparse.csr_matrix, wording: Wording) -> np.ndarray:
    """Return what `Wording.score` gives for each line of a matrix."""
    counts = np.minimum(np.diff(matrix.indptr), MAX_TOKENS)
    totals = (matrix @ np.array(wording.weights, np.int64)).astype(np.int64)
    return wording.bias + (totals * np.array(ROOTS, np.int64)[counts] * wording.scale >> 24)


def fit_in_steps(
    model: LogisticRegression, matrix: sparse.csr_matrix, goes: np.ndarray, weight: np.ndarray
) -> LogisticRegression:
    """Return the model fitted in all of its steps; that more would bring a little is known and not said."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(matrix, goes, sample_weight=weight)


def fit_wording(matrix: sparse.csr_matrix, goes: np.ndarray, weight: np.ndarray, kinds: bytes = b"") -> Wording:
    """Return weights by logistic regression over a line's tokens, in whole numbers."""
    counts = np.maximum(1, np.diff(matrix.indptr))
    scaled = sparse.diags(1 / np.sqrt(counts)) @ matrix
    fitted = fit_in_steps(LogisticRegression(C=STRENGTH, max_iter=STEPS, tol=1e-7), scaled, goes, weight)
    found = fitted.coef_[0]
    unit = np.quantile(np.abs(found[found != 0]), 0.9995) / MOST
    weights = np.clip(np.round(found / unit), -MOST, MOST).astype(np.int8)
    return Wording(
        array("b", weights.tobytes()),
        kinds or bytes(BUCKETS),
        round(unit * 100 * 4096),
        round(fitted.intercept_[0] * 100),
    )


def fit_kinds(matrix: sparse.csr_matrix, codes: Sequence[str], known: Sequence[str]) -> bytes:
    """Return for each bucket the class, as its place in `known`, that its token speaks for most, and how purely.

    Frequent classes are held down by the root of their lines: on sites not seen .64 of the lines with a known class
    come out right so, .40 with their number.
    """
    place = {code: number for number, code in enumerate(known)}
    rows = np.array([place[code] for code in codes])
    shares = np.zeros((len(known), BUCKETS))
    for number in range(1, len(known)):
        of = rows == number
        if of.any():
            shares[number] = np.asarray(matrix[of].sum(0)).ravel() / np.sqrt(of.sum())
    best = shares.argmax(0)
    purity = shares.max(0) / np.maximum(shares.sum(0), 1e-9)
    return (best + 32 * np.round(7 * purity).astype(int)).astype(np.uint8).tobytes()


def fit_trees(facts: np.ndarray, goes: np.ndarray, weight: np.ndarray) -> lightgbm.Booster:
    """Return boosted trees over whole numbers."""
    return lightgbm.train(TREES, lightgbm.Dataset(facts, goes.astype(int), weight=weight), ROUNDS)


def arrays_of(booster: lightgbm.Booster) -> dict[str, array[int]]:
    """Return the trees as whole numbers, in the arrays of a model's file."""
    nodes: list[list[int]] = []
    leaves: list[int] = []

    def add(node: dict[str, Any]) -> int:
        if "leaf_value" in node and "split_feature" not in node:
            leaves.append(round(node["leaf_value"] * LEAF))
            return -len(leaves)
        me = len(nodes)
        nodes.append([node["split_feature"], int(np.floor(node["threshold"])), 0, 0])
        nodes[me][2] = add(node["left_child"])
        nodes[me][3] = add(node["right_child"])
        return me

    roots = [add(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    columns = [array("i", column) for column in zip(*nodes, strict=True)]
    names = ("facts", "thresholds", "lefts", "rights")
    return {"roots": array("i", roots), **dict(zip(names, columns, strict=True)), "leaves": array("i", leaves)}


def sums(arrays: dict[str, array[int]], facts: np.ndarray) -> list[int]:
    """Return what the trees add up to for each row of facts."""
    forest = Forest(*(arrays[name] for name in ("roots", "facts", "thresholds", "lefts", "rights", "leaves")))
    return [forest(row) for row in facts.tolist()]
