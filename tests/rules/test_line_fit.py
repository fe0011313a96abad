"""How words are weighed when the models of lines and of whole pages are learned."""

from __future__ import annotations

import warnings
from importlib.util import find_spec

import numpy as np
from real_parts import needs


def test_a_fit_takes_all_of_its_steps_whatever_the_data_bring() -> None:
    needs(find_spec("sklearn"), "scikit-learn (the extra [train])")
    needs(find_spec("lightgbm"), "LightGBM (the extra [train])")
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    from training.line_fit import fit_in_steps

    steps = set()
    for seed in range(3):
        draw = np.random.default_rng(seed)
        matrix = sparse.random(2000 + 500 * seed, 800, 0.01, "csr", random_state=seed)
        goes = draw.random(matrix.shape[0]) < 0.3
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            model = LogisticRegression(C=1.0, max_iter=12, tol=1e-7)
            steps.add(int(fit_in_steps(model, matrix, goes, np.ones(len(goes))).n_iter_[0]))
    assert steps == {12}
