"""Figures of the model of notices, on kinds and languages of notices, and on sites, that it has not learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np

from cleaner.extract.learned.notice import LITTLE_TEXT, THRESHOLD, notice_score, sentences
from training.line_fit import token_matrix
from training.made_pages import made_pages
from training.made_pages.articles import made_articles
from training.made_pages.notices import made_notices
from training.made_pages.small import small_pages
from training.notices.fit import fitted
from training.notices.sentences import Sentence, made_up_notices

_FOLDS = 5


def report(found: Sequence[Sentence]) -> str:
    """Return how many made-up notices are missed and texts taken for one, by models that had learned neither.

    A notice is judged by a model without those of its kind in its language, a text by one without its words.
    """
    fold = np.array([_fold(each.source) for each in found])
    matrix = token_matrix([each.text for each in found])
    models = []
    for number in range(_FOLDS):
        learned = fold != number
        models.append(fitted([each for each, use in zip(found, learned.tolist(), strict=True) if use], matrix[learned]))
    home = {each.text: number for each, number in zip(found, fold.tolist(), strict=True)}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, lines in _judged():
        parts = sentences(lines)
        scores = [notice_score([part], models[home.get(part, 0)]) for part in parts]
        counts[name][0] += 1
        counts[name][1] += sum(scores) // len(scores) >= THRESHOLD
    return "\n".join(f"{name:<30}{pages:>6} pages {notices:>6} notices" for name, (pages, notices) in counts.items())


def _fold(source: str) -> int:
    return crc32(source.encode()) % _FOLDS


def _judged() -> Iterator[tuple[str, list[str]]]:
    """Yield what made-up pages with a short text say, and what notices say, each with a name."""
    yield from ((kind, lines) for kind, _, lines in made_up_notices())
    texts = [(page.kind, page.expected_text) for page in made_pages()]
    texts += [(article.form, article.expected_text) for article in made_articles()]
    texts += [(small.form, small.expected_text) for small in small_pages()]
    texts += [(notice.kind, notice.text) for notice in made_notices()]
    for name, text in texts:
        if 0 < len(text) < LITTLE_TEXT:
            yield f"text: {name}", text.split("\n")
