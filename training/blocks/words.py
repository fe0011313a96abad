"""What words speak for, counted by site: a site counts once for a word, however often its template has it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.extract.learned import lexicon

# The share of blocks that are text, before one knows a word; it counts as much as two sites.
_PRIOR = 0.2
_PRIOR_SITES = 2
# A word of one site alone says nothing of others.
_LEAST_SITES = 2


class SiteWords:
    """The words of labelled blocks, and on which sites they stood for text.

    `keys` are the word keys of all blocks, `block` says of which each is; `kept`, `site` and `family` have a value a
    block. Names of classes count once a family: those of made-up pages are the work of one hand.
    """

    def __init__(
        self,
        keys: NDArray[np.uint64],
        block: NDArray[np.int64],
        kept: Any,
        site: NDArray[np.int64],
        family: NDArray[np.int64],
    ) -> None:
        self.keys, self._place = np.unique(keys, return_inverse=True)
        self._channel = (keys & np.uint64(7)).astype(np.int64)
        self._block = block
        said = np.isin(self._channel, (lexicon.FIRST, lexicon.WHOLE, lexicon.ANY))
        source = np.where(said, site[block], family[block])
        pairs, where = np.unique(source * len(self.keys) + self._place, return_inverse=True)
        self._site, self._key = np.divmod(pairs, len(self.keys))
        self._share = np.bincount(where, kept[block]) / np.bincount(where)

    def weights(self, sites: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return for each of `keys` the hundredths of a logit by which these sites say that it speaks for text."""
        of_these = sites[self._site]
        many = np.bincount(self._key[of_these], minlength=len(self.keys))
        text = np.bincount(self._key[of_these], self._share[of_these], minlength=len(self.keys))
        odds = (text + _PRIOR_SITES * _PRIOR) / (many - text + _PRIOR_SITES * (1 - _PRIOR))
        weights = np.round(100 * (np.log(odds) - np.log(_PRIOR / (1 - _PRIOR)))).astype(np.int64)
        weights[many < _LEAST_SITES] = 0
        return weights

    def rows(self, weights: NDArray[np.int64], blocks: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return what `cleaner.extract.learned.lexicon.read` would, a column for each block that is chosen."""
        number = np.cumsum(blocks) - 1
        chosen = blocks[self._block]
        block, value, channel = number[self._block[chosen]], weights[self._place[chosen]], self._channel[chosen]
        out = np.zeros((len(lexicon.ROWS), int(blocks.sum())), np.int64)

        def spread(which: NDArray[np.bool_], first: int) -> None:
            np.add.at(out[first], block[which], value[which])
            np.minimum.at(out[first + 1], block[which], value[which])
            np.maximum.at(out[first + 2], block[which], value[which])

        inline = channel == lexicon.INLINE
        spread((channel == lexicon.OWN) | inline, 0)
        spread((channel <= lexicon.FURTHER) | inline, 3)
        for row, wanted in ((6, lexicon.FIRST), (7, lexicon.WHOLE)):
            out[row, block[channel == wanted]] = value[channel == wanted]
        spread(channel == lexicon.ANY, 8)
        return out
