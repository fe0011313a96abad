"""What the frequent words of a language say for it, beside the n-grams that are in them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from cleaner.language.table import Table, unpacked

FOLDER = Path(__file__).parent / "words"
# Scripts whose languages have lists of words.
SCRIPTS = ("Arabic", "Cyrillic", "Latin")
_CACHED_WORDS = 32_768


def evidence_of(words: Iterable[str], script: str, count: int) -> tuple[int, ...]:
    """Return what words say for each of the `count` languages of a script, in thousandths of the natural logarithm."""
    if script not in SCRIPTS:
        return (0,) * count
    return unpacked(sum(map(_known(script).__getitem__, words)), count)


class _Known(dict[str, int]):
    """The evidence of words that were asked for, side by side as in a `Table`."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, word: str) -> int:
        if len(self) >= _CACHED_WORDS:
            self.clear()
        value = self[word] = self._table.own(word.lower())
        return value


@cache
def _known(script: str) -> _Known:
    return _Known(Table((FOLDER / script).read_bytes()))
