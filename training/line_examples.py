"""The rows that the model of lines would be asked about, with their facts, as `take_learned` sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np

from cleaner.rules.boilerplate import rule
from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.detectors import DETECTORS
from cleaner.rules.boilerplate.line_model.facts import Facts
from cleaner.rules.boilerplate.line_model.take import doubtful, take_learned
from cleaner.rules.boilerplate.page import read_page
from training.line_data import Document


class Row(NamedTuple):
    """A line of a document, by its number, with its facts. `state` is 0 in the text as it is, else in a thinned one."""

    document: int
    line: int
    state: int
    facts: list[int]


def judged(lines: Sequence[str], score: Callable[[str], int]) -> tuple[list[tuple[int, list[int]]], set[int]]:
    """Return the doubtful lines of a text with their facts, and the lines that other detectors take."""
    text = "\n".join(lines)
    index, codes = rule._index(()), rule.Boilerplate()._codes()
    page = read_page(text, index, {})
    case = Case(page, codes, index, rule._Language(text))
    for detect in DETECTORS:
        if detect is take_learned:
            break
        detect(case)
    facts = Facts(page.texts, page.prose, score, case.hits)
    return [(page.numbers[row], facts(row)) for row in doubtful(facts)], {page.numbers[row] for row in case.taken}


def states(document: Document) -> list[list[int]]:
    """Return the lines of a document as it is, without what goes, and without half of that: rounds see such texts."""
    every = range(len(document.lines))
    kept = [line for line in every if document.goes[line] != 1]
    half = [line for line in every if document.goes[line] != 1 or crc32(document.lines[line].encode()) & 16]
    found = [list(every)]
    for lines in (kept, half):
        if lines and len(lines) < len(found[0]):
            found.append(lines)
    return found


def rows(
    documents: Sequence[Document], score_of: Callable[[Document], Callable[[str], int]], *, thinned: bool
) -> tuple[list[Row], list[set[int]]]:
    """Return the doubtful rows of some documents, and for each the lines that the other detectors take."""
    found = []
    taken = []
    for number, document in enumerate(documents):
        score = score_of(document)
        for state, lines in enumerate(states(document) if thinned else [list(range(len(document.lines)))]):
            doubted, gone = judged([document.lines[line] for line in lines], score)
            found += [Row(number, lines[line], state, facts) for line, facts in doubted]
            if state == 0:
                taken.append(gone)
    return found, taken


def matrix(found: Sequence[Row]) -> np.ndarray:
    """Return the facts of rows as one array."""
    return np.array([row.facts for row in found], np.int32)
