"""Make the tables of evidence by which languages are told, from langdetect's profiles and our own.

usage: python training/language_tables.py [--out cleaner/language/tables]

One file for each script that several languages are written in (`cleaner/language/table.py` says what is in it), in two
seconds. To be run after `languages.py`; a test says when it was not.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from cleaner.language import evidence, scripts, table

# The probability of an n-gram that a profile has not got. From 3e-7 to 1e-3, this is right most often on short texts.
UNSEEN = 1e-5
# The n-grams at the start and the end of a word, and the words of one letter, tell more than those inside.
AT_EDGE = 1.6


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=table.FOLDER)
    args = parser.parse_args()
    args.out.mkdir(exist_ok=True)
    for languages, script in scripts.SHARED.items():
        (args.out / script).write_bytes(made(languages))


def made(languages: tuple[str, ...]) -> bytes:
    """Return the file for the languages of a script."""
    known: dict[str, dict[int, int]] = {}
    for place, language in enumerate(languages):
        for ngram, value in profile(language).items():
            known.setdefault(ngram, {})[place] = value
    return table.pack(known, len(languages))


def profile(language: str) -> dict[str, int]:
    """Return the evidence of each n-gram for a language, in thousandths of the natural logarithm."""
    return {
        ngram: round(evidence._UNIT * (AT_EDGE if " " in ngram else 1) * math.log1p(share / UNSEEN))
        for ngram, share in evidence._shares(language).items()
        if share >= evidence.RAREST and ngram != " "
    }


if __name__ == "__main__":
    main()
