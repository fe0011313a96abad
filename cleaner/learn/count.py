"""Count on how many pages of its site a line stands, with little memory for any number of lines."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import xxhash

from cleaner.folding import line_key
from cleaner.rules.headlines import is_prose, weight
from cleaner.rules.site_lines import LABEL_LETTERS, Site, SiteLines

# Chosen on 1,300 texts of sites with at least five pages; benchmarks/NOTES.md, "Learned site lines", has the others.
MIN_SITE_PAGES = 5
MIN_LINE_PAGES = 4
LABEL_SHARE = 0.2
LONG_SHARE = 0.4  # a line that may be prose, or a headline in a list of links
OWN_SHARE = 0.3

# Longer lines are paragraphs. In code points.
MAX_CHARS = 2000

# Hashes that are counted at once; sorting them takes some 30 bytes each.
COUNTED_AT_ONCE = 4_000_000
BLOCK = 1 << 20

_Hashes = npt.NDArray[np.uint64]


class LineCounter:
    """Takes pages one by one and keeps them in a folder on disk; then gives the lines that their sites repeat.

    A line counts once a page, by a 64-bit hash. A page counts only where at least `OWN_SHARE` of its prose
    stands on fewer than `MIN_LINE_PAGES` pages of the site (of its lines, where it has no prose): the
    copies of one article would teach its sentences otherwise. Memory: `COUNTED_AT_ONCE` hashes, and
    16 bytes for each line that stands on `MIN_LINE_PAGES` pages.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hashes = (folder / "hashes").open("wb")
        self._texts = (folder / "pages").open("wb")
        self._lines = 0
        self.pages: Counter[str] = Counter()

    def add(self, site: str, text: str) -> None:
        """Count a page of a site."""
        lines = list({line_key(line): " ".join(line.split()) for line in text.split("\n") if _counts(line)}.values())
        self.pages[site] += 1
        self._hashes.write(_hashes(site, lines).tobytes())
        packed = zlib.compress(msgspec.json.encode((site, lines)), 1)
        self._texts.write(len(packed).to_bytes(4, "little") + packed)
        self._lines += len(lines)

    def learned(self) -> SiteLines:
        """Return what was learned of all pages; the counter takes no more."""
        self._hashes.close()
        self._texts.close()
        often = self._often()
        votes = np.zeros(len(often), dtype=np.int64)
        for _, lines, places in self._placed(often):
            if _has_own(lines, places):
                votes[places[places >= 0]] += 1
        found: dict[str, dict[str, tuple[str, int]]] = {}
        for site, lines, places in self._placed(often):
            if self.pages[site] < MIN_SITE_PAGES:
                continue
            for line, place in zip(lines, places, strict=True):
                if place >= 0 and self._repeats(site, line, int(votes[place])):
                    found.setdefault(site, {}).setdefault(line_key(line), (line, int(votes[place])))
        return SiteLines({site: Site(self.pages[site], dict(lines.values())) for site, lines in found.items()})

    def _repeats(self, site: str, line: str, votes: int) -> bool:
        share = LABEL_SHARE if weight(line) < LABEL_LETTERS else LONG_SHARE
        return votes >= MIN_LINE_PAGES and votes >= share * self.pages[site]

    def _often(self) -> _Hashes:
        """Return the hashes that stand on `MIN_LINE_PAGES` pages, sorted. One range of hashes after the other."""
        parts = 1 + self._lines // COUNTED_AT_ONCE
        often = [np.empty(0, dtype=np.uint64)]
        for part in range(parts):
            # In a part: the product's high bits, without a product that would not fit.
            wanted = [
                block[(block >> np.uint64(32)) * np.uint64(parts) >> np.uint64(32) == part] for block in self._blocks()
            ]
            values, counts = np.unique(np.concatenate([*wanted, often[0]]), return_counts=True)
            often.append(values[counts >= MIN_LINE_PAGES])
        return np.concatenate(often)

    def _blocks(self) -> Iterator[_Hashes]:
        with (self._folder / "hashes").open("rb") as file:
            while block := file.read(8 * BLOCK):
                yield np.frombuffer(block, dtype=np.uint64)

    def _placed(self, often: _Hashes) -> Iterator[tuple[str, list[str], npt.NDArray[np.int64]]]:
        """Yield each page: its site, its lines, and where each stands in `often`, -1 for not at all."""
        with (self._folder / "pages").open("rb") as file:
            while size := file.read(4):
                site, lines = msgspec.json.decode(zlib.decompress(file.read(int.from_bytes(size, "little"))))
                yield site, lines, _places(_hashes(site, lines), often)


def _counts(line: str) -> bool:
    return len(line) <= MAX_CHARS and not line.isspace() and bool(line)


def _hashes(site: str, lines: list[str]) -> _Hashes:
    return np.array([xxhash.xxh3_64_intdigest(f"{site}\n{line_key(line)}".encode()) for line in lines], dtype=np.uint64)


def _places(hashes: _Hashes, often: _Hashes) -> npt.NDArray[np.int64]:
    if not len(often):
        return np.full(len(hashes), -1, dtype=np.int64)
    places: npt.NDArray[Any] = np.searchsorted(often, hashes)
    places[places == len(often)] = 0
    return np.where(often[places] == hashes, places, -1)


def _has_own(lines: list[str], places: npt.NDArray[np.int64]) -> bool:
    """Say whether enough of a page is its own."""
    prose = [(line, place) for line, place in zip(lines, places, strict=True) if is_prose(line)]
    counted = prose or list(zip(lines, places, strict=True))
    own = sum(len(line) for line, place in counted if place < 0)
    return own >= OWN_SHARE * sum(len(line) for line, _ in counted)
