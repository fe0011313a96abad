"""The score from which on rows go: what a model may lose of the good ones, on sites that it has not seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def level(scores: NDArray[np.float64], sources: NDArray[np.int64], lost: float) -> float:
    """Return the score over which this share of good rows lies, or less, in the mean over their sources."""
    share = 1 / np.bincount(sources)[sources] / len(np.unique(sources))
    order = np.argsort(-scores, kind="stable")
    return float(scores[order][np.searchsorted(np.cumsum(share[order]), lost)])
