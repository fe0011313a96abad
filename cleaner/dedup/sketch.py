"""Make of a text what the near-duplicate stage compares: in any process, many texts at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.anchors import MIN_CONTAINED, window
from cleaner.dedup.bands import Bands, band_keys, bands
from cleaner.dedup.large import LARGE_CHARS, large_shingles
from cleaner.dedup.shingles import Shingles, shingles
from cleaner.dedup.signature import signatures

SHINGLES_VERSION = 2
"""Goes up with every change that gives some text another sketch."""

# Texts are sketched in blocks of about this many characters, so that the arrays stay in a core's second cache.
_BLOCK_CHARS = 262_144
BITMAP_LANES = 128
"""64-bit words in a bitmap."""


class Sketch(NamedTuple):
    """What is compared of a text. Little-endian bytes, cheap to send between processes and to store."""

    exact: bytes
    """16 bytes; equal for equal sequences of words."""
    shingles: bytes
    """The set of shingles: sorted 64-bit integers."""
    bands: bytes
    """One 64-bit key a band, in order; texts that share one are compared."""
    bitmap: bytes
    """8,192 bits, of which each shingle sets one: what two sets have in common at most is seen from these."""
    words: int
    """The length of the text in words."""
    anchors: bytes = b""
    """64-bit keys, of which a text shares one with a text that it contains. Of a short text none, and unless asked."""

    @property
    def size(self) -> int:
        """How many shingles the set has."""
        return len(self.shingles) // 8


@dataclass(frozen=True, slots=True)
class Sketcher:
    """Make sketches for one threshold of Jaccard similarity and one length of shingle, in words or characters.

    `contained` is the share of a text's shingles from which it counts as contained in a longer one; 0 asks for nothing
    of that kind. Raises `ValueError` where the threshold is not in [0.1, 1], `ngram` is under 1, or `contained` not
    in [0.5, 1].
    """

    threshold: float = 0.7
    ngram: int = 5
    contained: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        bands(self.threshold)
        if self.ngram < 1:
            raise ValueError(f"a shingle has at least one word, not {self.ngram}")
        if self.contained and not MIN_CONTAINED <= self.contained <= 1:
            raise ValueError(f"a share of a contained text lies between {MIN_CONTAINED} and 1, not at {self.contained}")

    @property
    def layout(self) -> Bands:
        """The bands that the threshold asks for."""
        return bands(self.threshold)

    def batch(self, texts: Sequence[str]) -> list[Sketch]:
        """Sketch the texts, in order. The result does not depend on how texts are put into batches."""
        found: list[Sketch] = []
        for block in _blocks(texts):
            found += self._sketch(block)
        return found

    def _sketch(self, block: Sequence[str]) -> Iterator[Sketch]:
        layout = self.layout
        span = window(self.contained, self.ngram) if self.contained else 0
        if len(block) == 1 and len(block[0]) >= LARGE_CHARS:
            found = large_shingles(block[0], self.ngram, span)
        else:
            found = shingles(block, self.ngram, span)
        keys = band_keys(signatures(found.hashes, found.bounds, *layout.values), layout)
        bands = keys.astype("<u8", copy=False).tobytes()
        bitmaps = _bitmaps(found).tobytes()
        hashes = found.hashes.astype("<u8", copy=False).tobytes()
        size, width = 8 * BITMAP_LANES, 8 * layout.count
        places = (found.bounds * 8).tolist()
        for index, (exact, words) in enumerate(zip(found.exact, found.words, strict=True)):
            yield Sketch(
                exact,
                shingles=hashes[places[index] : places[index + 1]],
                bands=bands[index * width : (index + 1) * width],
                bitmap=bitmaps[index * size : (index + 1) * size],
                words=words,
                anchors=found.anchors[index],
            )


def _bitmaps(found: Shingles) -> NDArray[np.uint8]:
    bits = np.zeros((len(found.words), 64 * BITMAP_LANES), bool)
    if len(bits) == 1:  # may be a long text
        for start in range(0, len(found.hashes), _BLOCK_CHARS):
            bits[0, found.hashes[start : start + _BLOCK_CHARS] & np.uint64(bits.shape[1] - 1)] = True
    else:
        rows = np.repeat(np.arange(len(bits)) * bits.shape[1], np.diff(found.bounds))
        bits.reshape(-1)[rows + (found.hashes & np.uint64(bits.shape[1] - 1)).astype(np.int64)] = True
    return np.packbits(bits, axis=1, bitorder="little")


def _blocks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts in blocks; a long one is a block of its own."""
    start = size = 0
    for index, text in enumerate(texts):
        if len(text) >= LARGE_CHARS and start < index:
            yield texts[start:index]
            start, size = index, 0
        size += len(text)
        if size >= _BLOCK_CHARS:
            yield texts[start : index + 1]
            start, size = index + 1, 0
    if start < len(texts):
        yield texts[start:]
