"""Make of a text what the near-duplicate stage compares: in any process, many texts at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.dedup.bands import Bands, band_keys, bands
from cleaner.dedup.shingles import Shingles, shingles
from cleaner.dedup.signature import signatures

SHINGLES_VERSION = 1
"""Goes up with every change that gives some text another sketch."""

# Texts are sketched in blocks of about this many characters, so that the arrays stay in a core's second cache.
_BLOCK_CHARS = 131_072


class Sketch(NamedTuple):
    """What is compared of a text. Little-endian bytes, cheap to send between processes and to store."""

    exact: bytes
    """16 bytes; equal for equal sequences of words."""
    shingles: bytes
    """The set of shingles: sorted 64-bit integers."""
    bands: bytes
    """One 64-bit key a band, in order; texts that share one are compared."""
    words: int
    """The length of the text in words."""


@dataclass(frozen=True, slots=True)
class Sketcher:
    """Make sketches for one threshold of Jaccard similarity and one length of shingle, in words or characters.

    Raises `ValueError` where the threshold is not in [0.1, 1] or `ngram` is under 1.
    """

    threshold: float = 0.7
    ngram: int = 5

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        bands(self.threshold)
        if self.ngram < 1:
            raise ValueError(f"a shingle has at least one word, not {self.ngram}")

    @property
    def layout(self) -> Bands:
        """The bands that the threshold asks for."""
        return bands(self.threshold)

    def batch(self, texts: Sequence[str]) -> list[Sketch]:
        """Sketch the texts, in order. The result does not depend on how texts are put into batches."""
        found: list[Sketch] = []
        for block in _blocks(texts):
            found += self._sketch(list(shingles(block, self.ngram)))
        return found

    def _sketch(self, block: list[Shingles]) -> list[Sketch]:
        layout = self.layout
        rows = signatures([entry.hashes for entry in block], layout.count * layout.rows)
        keys = band_keys(rows, layout)
        return [
            Sketch(
                entry.exact,
                entry.hashes.astype("<u8", copy=False).tobytes(),
                keys[index].astype("<u8", copy=False).tobytes(),
                entry.words,
            )
            for index, entry in enumerate(block)
        ]


def _blocks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start = size = 0
    for index, text in enumerate(texts):
        size += len(text)
        if size >= _BLOCK_CHARS:
            yield texts[start : index + 1]
            start, size = index + 1, 0
    if start < len(texts):
        yield texts[start:]
