"""Measure how fast the rules read text that is clean already, and the boilerplate rule text with findings; one core.

usage: python benchmarks/rules.py CORPUS [--documents 3000] [--repeat 5] [--profile]

CORPUS is JSONL with a field "text", also as .gz or .zst. Its texts are cleaned first. What comes out goes through each
rule that edits, and through all of them together, `--repeat` times. Then those texts as they came in which the
boilerplate rule finds something go through that rule, once each. Prints the median of the processor time as megabytes
of UTF-8 a second. `--profile` prints where the boilerplate rule's time goes, on clean texts and on those with findings.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from corpora import read_texts

import cleaner
from cleaner.config import Config
from cleaner.document import Document, Rule
from cleaner.rules.boilerplate import Boilerplate


def megabytes_a_second(work: Callable[[Document], object], documents: Sequence[Document], repeat: int) -> float:
    size = sum(len(document.text.encode("utf-8", "surrogatepass")) for document in documents) / 1e6
    seconds = []
    for _ in range(repeat):
        started = time.process_time()
        for document in documents:
            work(document)
        seconds.append(time.process_time() - started)
    return size / statistics.median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=3000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    texts = list(islice(read_texts(arguments.corpus), arguments.documents))
    documents = [Document(str(number), cleaner.clean(text, html=False).text) for number, text in enumerate(texts)]
    rules: tuple[Rule, ...] = Config().pipeline().cleaning
    for rule in rules:
        speed = megabytes_a_second(lambda document, rule=rule: list(rule(document)), documents, arguments.repeat)
        print(f"{type(rule).__name__:20} {speed:8.1f} MB/s")
    together = megabytes_a_second(
        lambda document: [list(rule(document)) for rule in rules], documents, arguments.repeat
    )
    print(f"{'all of them':20} {together:8.1f} MB/s")
    boilerplate = next(rule for rule in rules if isinstance(rule, Boilerplate))
    with_findings = [found for found in map(Document, map(str, range(len(texts))), texts) if any(boilerplate(found))]
    speed = megabytes_a_second(lambda document: list(boilerplate(document)), with_findings, arguments.repeat)
    print(f"{'Boilerplate':20} {speed:8.1f} MB/s on the {len(with_findings)} texts in which it finds something")
    if arguments.profile:
        for profiled in (documents, with_findings):
            print_profile(boilerplate, profiled)


def print_profile(rule: Rule, documents: Sequence[Document]) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for document in documents:
        list(rule(document))
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
