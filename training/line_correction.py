"""Make a correction of the model of lines out of some labelled lines: words that weigh more, or less, than in ours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

import cleaner
from cleaner.config import Config
from cleaner.rules.boilerplate.line_model.correction import FORMAT, MOST, entry
from cleaner.rules.boilerplate.line_model.model import builtin
from cleaner.rules.boilerplate.line_model.wording import Wording, tokens
from training import line_data
from training.line_data import FOLDS, LEFT_OUT, Document

# Of fewer different lines of either kind nothing is learned.
FEWEST = 50
# How far beyond the border a line is to be, in the logarithm of odds; the inverse strength of the penalty of changes.
MARGIN, STRENGTH = 2.0, 1.0
# What the lines of the negatives count, beside a labelled one. Smaller changes than LEAST are left out, in the unit of
# the model's weights, and of the others the MOST_ENTRIES largest stay.
NEGATIVE, LEAST, MOST_ENTRIES = 0.3, 5, 400


class TooFewError(ValueError):
    """There are not enough labelled lines."""


class Counts(NamedTuple):
    """Of labelled lines: how many went that should, of how many; and how many that should stay, of how many."""

    removed: int
    goes: int
    lost: int
    stays: int

    def __str__(self) -> str:
        """Return them in words."""
        return f"{self.removed} of {self.goes} lines go that should, {self.lost} of {self.stays} that should stay"


def different(documents: Iterable[Document]) -> dict[str, bool]:
    """Return each labelled line once, and whether it goes; those that are labelled both ways are left out."""
    labels: dict[str, set[int]] = {}
    for document in documents:
        for line, goes, tag in zip(document.lines, document.goes, document.tags, strict=True):
            if goes >= 0 and tag != LEFT_OUT:
                labels.setdefault(line, set()).add(goes)
    return {line: 1 in both for line, both in labels.items() if len(both) == 1}


def correction(documents: Sequence[Document], negatives: Sequence[str]) -> str:
    """Return the correction that some labelled texts ask for, as TOML. Raises `TooFewError`."""
    labelled = different(documents)
    goes = sum(labelled.values())
    if min(goes, len(labelled) - goes) < FEWEST:
        raise TooFewError(
            f"{goes} different lines go and {len(labelled) - goes} stay: at least {FEWEST} of each are needed"
        )
    lines = [*labelled, *(line for line in negatives if line not in labelled)]
    sides = np.array([*(1.0 if side else -1.0 for side in labelled.values()), *[-1.0] * (len(lines) - len(labelled))])
    weight = np.array([1.0] * len(labelled) + [NEGATIVE] * (len(lines) - len(labelled)))
    weight[sides > 0] *= weight[sides < 0].sum() / weight[sides > 0].sum() / 2
    return _told(_changes(lines, sides, weight, builtin().wording), goes, len(labelled) - goes)


def _changes(
    lines: Sequence[str], sides: np.ndarray, weight: np.ndarray, wording: Wording
) -> dict[tuple[str, str], int]:
    """Return what is to be added to the weights of tokens, so that lines come to their side of the border."""
    places: dict[tuple[str, str], int] = {}
    rows, columns, values = [], [], []
    for row, line in enumerate(lines):
        said = dict.fromkeys(tokens(line))
        for known in filter(None, map(entry, said)):
            if known[0] == "words" or line_is_dense(said):
                rows.append(row)
                columns.append(places.setdefault(known, len(places)))
                values.append(len(said) ** -0.5)
    matrix = sparse.csr_matrix((values, (rows, columns)), (len(lines), len(places)))
    scores = np.array([wording.score(line) for line in lines]) / 100

    def loss(changes: np.ndarray) -> tuple[float, np.ndarray]:
        short_of = MARGIN - sides * (scores + matrix @ changes)
        slope = -weight * sides / (1 + np.exp(-short_of))
        total = (weight * np.logaddexp(0, short_of)).sum() + changes @ changes / (2 * STRENGTH)
        return total, matrix.T @ slope + changes / STRENGTH

    found = minimize(loss, np.zeros(len(places)), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    unit = wording.scale / 4096 / 100
    changes = {known: round(found[place] / unit) for known, place in places.items()}
    largest = sorted(changes.items(), key=lambda change: (-abs(change[1]), change[0]))[:MOST_ENTRIES]
    return {known: max(-MOST, min(MOST, change)) for known, change in largest if abs(change) >= LEAST}


def line_is_dense(said: Iterable[str]) -> bool:
    """Tell by its tokens whether a line is told by its characters alone, in a script without spaces."""
    return not any(token[0] == "b" for token in said)


def _told(changes: dict[tuple[str, str], int], goes: int, stays: int) -> str:
    """Return a correction as TOML, the largest changes first."""
    out = [
        "# What some words weigh more for boilerplate (or less) than in cleaner's own model of lines.",
        f"# Learned from {goes} different lines that go and {stays} that stay. Two words stand for such a pair, in a",
        "# row; ^ and $ for the ends of a line. A change may be mended or taken out by hand.",
        f"format = {json.dumps(FORMAT)}",
        f"corrects = {json.dumps(builtin().version)}",
    ]
    for name in ("words", "characters"):
        of_table = {told: change for (table, told), change in changes.items() if table == name}
        if of_table:
            out += ["", f"[{name}]"]
            ordered = sorted(of_table.items(), key=lambda item: (-abs(item[1]), item[0]))
            out += [f"{json.dumps(told, ensure_ascii=False)} = {change}" for told, change in ordered]
    return "\n".join(out) + "\n"


def counted(documents: Iterable[Document], line_model: str) -> Counts:
    """Return what the whole chain does with labelled lines; a line counts as kept where it stands in the text."""
    config = Config(line_model=line_model)
    totals = [0, 0, 0, 0]
    for document in documents:
        left = {
            line.strip()
            for line in cleaner.clean("\n".join(document.lines), html=False, config=config).text.split("\n")
        }
        for line, goes, tag in zip(document.lines, document.goes, document.tags, strict=True):
            if goes >= 0 and tag != LEFT_OUT:
                at = 0 if goes else 2
                totals[at] += line not in left
                totals[at + 1] += 1
    return Counts(*totals)


def add(labelled: Path, negatives: Path, output: Path) -> list[str]:
    """Write a correction and return what is to be said of it. Raises `TooFewError`."""
    documents = [*line_data.documents([labelled])]
    ordinary = [phrase.line for phrase in line_data.looks_like(negatives)[0]]
    text = correction(documents, ordinary)
    output.write_text(text, encoding="utf-8")
    said = [f"{output}: {len(text.encode()):,} bytes", f"before: {counted(documents, 'usual')}"]
    said.append(f"after: {counted(documents, str(output.absolute()))}")
    without = _left_out(documents, ordinary, output)
    return [*said, f"after, of sites that were left out of the learning: {without}" if without else NOT_MEASURED]


NOT_MEASURED = "too few lines to leave a fifth of the sites out: what it does to other sites is not measured"


def _left_out(documents: Sequence[Document], ordinary: Sequence[str], output: Path) -> Counts | None:
    """Return what corrections do that were learned without the site of a text; None where lines are too few."""
    totals = [0, 0, 0, 0]
    beside = output.with_name(output.name + ".fold")
    try:
        for fold in range(FOLDS):
            others = [document for document in documents if document.fold != fold]
            beside.write_text(correction(others, ordinary), encoding="utf-8")
            held = counted([document for document in documents if document.fold == fold], str(beside.absolute()))
            totals = [total + more for total, more in zip(totals, held, strict=True)]
    except TooFewError:
        return None
    finally:
        beside.unlink(missing_ok=True)
    return Counts(*totals)
