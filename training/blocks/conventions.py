"""Where sets of labelled pages disagree: headlines, captions, bylines. One convention is learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.extract.learned.layout import TAGS
from cleaner.extract.learned.names import GROUPS
from training.blocks.pages import LabelledPage

_CAPTION_GROUP = next(number for number, group in enumerate(GROUPS) if group.startswith("caption|"))
_BYLINE_GROUP = next(number for number, group in enumerate(GROUPS) if group.startswith("author|"))
# What a doubtful label counts.
_DOUBTFUL = 0.2


def settle(
    pages: Sequence[LabelledPage], rows: Mapping[str, Any], page_of: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Return the labels and weights of all blocks.

    On pages of today's markup the headline is the title's and no text. Captions and bylines that a set kept count
    little.
    """
    kept = np.concatenate([page.kept for page in pages])
    headline = (rows["title_same"] >= 2) & (rows["size"] > 12) & (rows["from_headline"] <= 3)
    headline |= (rows["tag0"] == TAGS["h1"]) & (rows["from_headline"] == 0)
    kept = kept & ~(headline & (rows["page_recent"] > 0))
    caption = (rows["kind"] == 4) | (rows["tag0"] == TAGS["figcaption"])
    caption |= (rows[f"near_name{_CAPTION_GROUP}"] > 0) & (rows["share1"] < 200) & (rows["size"] < 400)
    byline = (rows[f"near_name{_BYLINE_GROUP}"] > 0) & (rows["size"] < 60) & (np.abs(rows["from_headline"]) < 8)
    doubtful = (caption | byline) & kept
    return kept.astype(np.int8), np.where(doubtful, _DOUBTFUL * weight, weight)
