"""Fit the weights of notices' wording, and write them as the file that ships."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from cleaner.extract.learned.notice import FORMAT, NoticeFile, NoticeModel
from cleaner.rules.boilerplate.line_model.wording import BUCKETS, Wording
from training.line_fit import fit_kinds, token_matrix
from training.notices.sentences import KINDS, TEXT, Sentence

# The inverse strength of the weights' penalty; what a weight is in the file at most.
_STRENGTH, _MOST = 50.0, 127
_ROUNDS = 300
# In each language texts count as much as notices, so that no language reads like a notice by itself; but none counts
# more than this often. Sentences of no known language count this much.
_MOST_OFTEN, _UNKNOWN = 20.0, 0.3
NAMES = (TEXT, *dict.fromkeys(KINDS.values()))


def fitted(found: Sequence[Sentence], matrix: sparse.csr_matrix | None = None) -> NoticeModel:
    """Return the model learned from sentences by logistic regression, in whole numbers."""
    matrix = token_matrix([each.text for each in found]) if matrix is None else matrix
    notice = np.array([each.kind != TEXT for each in found])
    counts = np.maximum(1, np.diff(matrix.indptr))
    scaled = sparse.diags(1 / np.sqrt(counts)) @ matrix
    model = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS).fit(scaled, notice, sample_weight=_weights(found, notice))
    learned = model.coef_[0]
    unit = np.quantile(np.abs(learned[learned != 0]), 0.9999) / _MOST
    weights = np.clip(np.round(learned / unit), -_MOST, _MOST).astype(np.int8)
    kinds = fit_kinds(matrix[notice], [each.kind for each in found if each.kind], NAMES)
    scale, bias = round(unit * 100 * 4096), round(model.intercept_[0] * 100)
    return NoticeModel(Wording(array("b", weights.tobytes()), kinds, scale, bias), NAMES)


def _weights(found: Sequence[Sentence], notice: NDArray[np.bool_]) -> NDArray[np.float64]:
    weight = np.array([each.weight for each in found])
    languages = np.array([each.language for each in found])
    for language in sorted(set(languages.tolist())):
        own = languages == language
        texts, notices = own & ~notice, weight[own & notice].sum()
        if not texts.any():
            continue
        known = language and notices
        weight[texts] *= min(_MOST_OFTEN, notices / weight[texts].sum()) if known else _UNKNOWN
    return weight


def model_file(model: NoticeModel) -> bytes:
    """Return the file of a model; buckets without weight have no kind."""
    weights = np.frombuffer(model.wording.weights.tobytes(), np.int8)
    kinds = np.where(weights > 0, np.frombuffer(model.wording.kinds, np.uint8), 0).astype(np.uint8)
    assert len(weights) == len(kinds) == BUCKETS
    return msgspec.msgpack.encode(
        NoticeFile(
            format=FORMAT,
            names=model.names,
            weights=zlib.compress(weights.tobytes(), 9),
            kinds=zlib.compress(kinds.tobytes(), 9),
            scale=model.wording.scale,
            bias=model.wording.bias,
        )
    )
