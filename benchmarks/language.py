"""Compare language detection with langdetect: how often it is right, how fast, and what its score is worth.

usage: python benchmarks/language.py FILE... [--sample 2000]

A FILE is JSONL with fields "text" and "lang" (ISO 639-1), also as .gz or .zst. Prints for each file the accuracy and
the processor time of both, and how many of the texts with a score in a range are right. Texts in languages without a
profile in langdetect are left out, but for the last line of a file, which says what they do to the score.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import langdetect

from cleaner.language import Language, detect_language, evidence

_SAME = {"zh-cn": "zh", "zh-tw": "zh", "nb": "no", "nn": "no"}
_RANGES = (0.0, 0.5, 0.7, 0.9, 0.97, 1.01)
_KNOWN = {path.name.split("-")[0] for path in evidence._langdetect_profiles().iterdir()}


class Sample(NamedTuple):
    """A text and the language that it is in."""

    text: str
    language: str


def read(path: Path, size: int) -> list[Sample]:
    """Draw texts from a file, the same ones each time."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        samples = [Sample(row["text"], _SAME.get(row["lang"], row["lang"])) for row in map(json.loads, lines)]
    random.Random(1).shuffle(samples)
    return samples[:size]


def by_langdetect(text: str) -> Language:
    """Return langdetect's first answer."""
    try:
        first = langdetect.detect_langs(text)[0]
    except langdetect.LangDetectException:
        return Language("und", 0.0)
    return Language(_SAME.get(first.lang, first.lang), first.prob)


def report(path: Path, size: int) -> None:
    """Print what there is to know of a file."""
    samples = read(path, size)
    known = [sample for sample in samples if sample.language in _KNOWN]
    ours, ours_s = _timed(detect_language, known)
    theirs, theirs_s = _timed(by_langdetect, known)
    print(
        f"{path.name}: {len(known)} texts; right {_right(known, ours):.4f}, langdetect {_right(known, theirs):.4f}; "
        f"{ours_s / len(known) * 1e6:.0f} µs a text, {theirs_s / ours_s:.1f} times langdetect's speed"
    )
    for name, answers in (("ours", ours), ("langdetect", theirs)):
        print(f"  score of {name}: {_ranges(known, answers)}")
    others = [sample for sample in samples if sample.language not in _KNOWN]
    if others:
        answers = [*ours, *_timed(detect_language, others)[0]]
        print(f"  with {len(others)} texts in other languages: {_ranges(known + others, answers)}")


def _timed(detect: Callable[[str], Language], samples: Sequence[Sample]) -> tuple[list[Language], float]:
    start = time.process_time()
    answers = [detect(sample.text) for sample in samples]
    return answers, time.process_time() - start


def _right(samples: Sequence[Sample], answers: Sequence[Language]) -> float:
    return sum(sample.language == answer.language for sample, answer in zip(samples, answers, strict=True)) / len(
        samples
    )


def _ranges(samples: Sequence[Sample], answers: Sequence[Language]) -> str:
    told = []
    for low, high in pairwise(_RANGES):
        inside = [(s, a) for s, a in zip(samples, answers, strict=True) if low <= a.score < high]
        if inside:
            mean = sum(answer.score for _, answer in inside) / len(inside)
            told.append(f"{mean:.2f}: {_right(*zip(*inside, strict=True)):.2f} of {len(inside)}")
    return ", ".join(told)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, default=2000)
    args = parser.parse_args()
    for text in ("warm up the profiles, please", "прогреть профили"):
        detect_language(text), by_langdetect(text)
    for path in args.files:
        report(path, args.sample)


if __name__ == "__main__":
    main()
