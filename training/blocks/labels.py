"""Which blocks of a page are in its gold text: the words of both are aligned, in order."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# Single characters in scripts without spaces, runs of letters and digits elsewhere.
_DENSE = re.compile("([\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])")
_TOKEN = re.compile(r"[^\W_]+")

_ANCHOR_TOKENS = 4
_ANCHOR_PLACES = 4
# Beyond this product of lengths only the beginnings of a gap are compared.
_MOST_COMPARED = 40_000_000

Anchor = tuple[int, int, int]  # block, place in the gold, tokens


def tokens(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return _TOKEN.findall(_DENSE.sub(r" \1 ", text.casefold()))


def coverage(blocks: list[list[str]], gold: list[str]) -> NDArray[np.float64]:
    """Return the share of each block's tokens that the gold has, in the order of the page.

    Blocks that stand in the gold word for word are anchors, of which the heaviest chain in rising order counts; what
    lies between two anchors is aligned with the gold between them.
    """
    share = np.zeros(len(blocks))
    anchors = _chain(_candidates(blocks, gold))
    for block, _, _ in anchors:
        share[block] = 1
    fences = [(-1, 0, 0), *anchors, (len(blocks), len(gold), 0)]
    for (before, start, size), (after, end, _) in pairwise(fences):
        _align(share, blocks, range(before + 1, after), gold[start + size : end])
    return np.minimum(share, 1)


def _candidates(blocks: list[list[str]], gold: list[str]) -> list[Anchor]:
    joined = " " + " ".join(gold) + " "
    place_of, at = {}, 1
    for place, token in enumerate(gold):
        place_of[at] = place
        at += len(token) + 1
    found = []
    for number, block in enumerate(blocks):
        if len(block) < _ANCHOR_TOKENS:
            continue
        wanted = " " + " ".join(block) + " "
        start = joined.find(wanted)
        for _ in range(_ANCHOR_PLACES):
            if start < 0:
                break
            found.append((number, place_of[start + 1], len(block)))
            start = joined.find(wanted, start + 1)
    return sorted(found)


def _chain(anchors: list[Anchor]) -> list[Anchor]:
    """Return the heaviest chain of anchors that rises in the page and in the gold."""
    if not anchors:
        return []
    table = np.array(anchors)
    weight, back = np.zeros(len(table)), np.full(len(table), -1)
    for i, (block, start, size) in enumerate(anchors):
        fits = (table[:i, 0] < block) & (table[:i, 1] + table[:i, 2] <= start)
        weight[i] = size**1.2
        if fits.any():
            back[i] = int(np.argmax(np.where(fits, weight[:i], -1)))
            weight[i] += weight[back[i]]
    chain, i = [], int(np.argmax(weight))
    while i >= 0:
        chain.append(anchors[i])
        i = int(back[i])
    return chain[::-1]


def _align(share: NDArray[np.float64], blocks: list[list[str]], gap: range, gold: list[str]) -> None:
    ours = [token for block in gap for token in blocks[block]]
    owner = [block for block in gap for _ in blocks[block]]
    if not ours or not gold:
        return
    if len(ours) * len(gold) > _MOST_COMPARED:
        ours, gold = ours[:20_000], gold[:2_000]
    for start, _, size in SequenceMatcher(None, ours, gold, autojunk=False).get_matching_blocks():
        for place in range(start, start + size):
            share[owner[place]] += 1 / len(blocks[owner[place]])
