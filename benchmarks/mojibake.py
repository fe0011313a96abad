"""Compare the repair of broken characters with ftfy's own, line by line: what comes out, and how fast.

usage: python benchmarks/mojibake.py CORPUS [--documents 2000]

CORPUS is JSONL with a field "text", also as .gz or .zst. Measures the corpus as it is, then its clean lines with one
broken line (UTF-8 read as Windows-1252) in a hundred. Prints the processor time of the rule alone and of
`cleaner.clean()` with this family, the least of two rounds (the first also loads tables and compiles expressions), and
how many texts come out otherwise than from ftfy: those with a letter that is right before a mark, or may be.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import ftfy
from corpora import read_texts

import cleaner
from cleaner import ledger
from cleaner.document import Document
from cleaner.rules.mojibake import Mojibake

_CONFIG = ftfy.TextFixerConfig(
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    fix_line_breaks=False,
    normalization=None,
)
_LINES_A_TEXT = 100


def by_ftfy(text: str) -> str:
    """Return what ftfy makes of each line."""
    return "\n".join(ftfy.fix_text(line, _CONFIG) for line in text.split("\n"))


def by_rule(text: str) -> str:
    """Return what the rule makes of a text, in one pass."""
    edits = list(Mojibake()(Document("", text)))
    return ledger.apply(text, edits)


def by_clean(text: str) -> str:
    """Return what the chain with this family alone makes of a text."""
    return cleaner.clean(text, html=False, config=_ONLY).text


_ONLY = cleaner.Config(select=("MJ",))


def one_line_broken(texts: list[str]) -> Iterator[str]:
    """Yield texts of a hundred clean lines each, of which one is broken."""
    lines = [line for text in texts for line in text.split("\n") if line and by_ftfy(line) == line]
    breakable = [line.encode().decode("windows-1252", "replace") for line in lines if not line.isascii()]
    starts = range(0, len(lines) - _LINES_A_TEXT, _LINES_A_TEXT)
    for start, broken in zip(starts, breakable, strict=False):
        yield "\n".join([*lines[start : start + _LINES_A_TEXT - 1], broken])


def measure(name: str, texts: list[str]) -> None:
    """Print the time that each takes, in nanoseconds a character, and how often ours goes into ftfy's."""
    for text in texts[:3]:
        by_ftfy(text), by_rule(text), by_clean(text)
    size = sum(map(len, texts))
    wanted, theirs = _timed(by_ftfy, texts)
    print(f"{name}: {len(texts)} texts, {size / 1e6:.1f} M characters; ftfy {theirs / size * 1e9:.1f} ns a character")
    for way in (by_rule, by_clean):
        got, ours = _timed(way, texts)
        print(f"  {way.__name__}: {ours / size * 1e9:.1f} ns a character, {theirs / ours:.1f} times ftfy's speed")
        if got != wanted:
            print(f"  {sum(a != b for a, b in zip(got, wanted, strict=True))} texts differ")


def _timed(way: Callable[[str], str], texts: list[str]) -> tuple[list[str], float]:
    rounds = []
    for _ in range(2):
        start = time.process_time()
        results = [way(text) for text in texts]
        rounds.append(time.process_time() - start)
    return results, min(rounds)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=2000)
    args = parser.parse_args()
    texts = list(islice(read_texts(args.corpus), args.documents))
    measure("as it is", texts)
    measure("one line in a hundred broken", list(one_line_broken(texts)))


if __name__ == "__main__":
    main()
