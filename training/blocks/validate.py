"""Figures by cross-validation: each page judged by a model that has seen no page of its site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.document import Document
from cleaner.extract.learned.wholes import chosen_together
from training.blocks.export import as_scores
from training.blocks.labels import tokens
from training.blocks.mixed import MIXED
from training.blocks.network import learned_network, logits_of
from training.blocks.pages import LabelledPage
from training.blocks.recipe import SECOND_TREES, Table, crossed_scores, fit, folds, second_facts, word_rows

_GRAM = 4


def cross_validated(data: Table) -> str:
    """Return F1 of 4-grams and the share of exact answers by set, before the rules of the chain and after them."""
    texts = crossed_texts(data)
    pipeline = Config().pipeline()
    lines = [f"{'set':20} {'pages':>6} {'F1':>7} {'exact':>7} {'chain F1':>9} {'exact':>7}"]
    for name in sorted({page.set for page in data.pages} - {MIXED}):
        chosen = [(page, text) for page, text in zip(data.pages, texts, strict=True) if page.set == name]
        if name == "made":
            false = Counter(page.family for page, text in chosen if text and not page.gold)
            lines.append(f"made up, without text: {sum(not page.gold for page, _ in chosen)}, false text {dict(false)}")
            continue
        before = _scores(chosen)
        after = _scores((page, pipeline(Document("", text)).text) for page, text in chosen)
        lines.append(f"{name:20} {len(chosen):6} {before[0]:7.4f} {before[1]:7.4f} {after[0]:9.4f} {after[1]:7.4f}")
    return "\n".join(lines)


def crossed_texts(data: Table) -> list[str]:
    """Return a text a page, by models that saw no page of its site."""
    first = crossed_scores(data, data.every)
    _, beside = second_facts(data, first)
    scores = np.zeros(len(data.page), np.int64)
    for judged in folds(data):
        others = data.every & ~judged
        words = word_rows(data, others)
        facts = np.hstack([data.facts, words, beside])
        blocks = judged[data.page]
        trees = fit(data, facts, others, SECOND_TREES).predict(facts[blocks], raw_score=True, num_threads=1)
        network = logits_of(learned_network(data, others), data, words, judged)
        scores[blocks] = as_scores((trees + network) / 2)
    ends = np.cumsum([len(page.texts) for page in data.pages])
    texts = []
    for page, end in zip(data.pages, ends, strict=True):
        own = slice(end - len(page.texts), end)
        texts.append(_text(page, first[own], scores[own]))
    return texts


def _text(page: LabelledPage, first: NDArray[np.int64], scores: NDArray[np.int64]) -> str:
    rows = dict(zip(page.names, page.rows.astype(np.int64), strict=True))
    kept = chosen_together(scores, page.layout, rows | {"score": first})
    return "\n".join(text for text, is_kept in zip(page.texts, kept.tolist(), strict=True) if is_kept)


def _scores(answers: Iterable[tuple[LabelledPage, str]]) -> tuple[float, float]:
    right = wrong = missing = 0.0
    exact = pages = 0
    for page, text in answers:
        got, gold = tokens(text), tokens(page.gold)
        ours, theirs = _grams(got), _grams(gold)
        both = sum((ours & theirs).values())
        total = (sum(ours.values()) + sum(theirs.values()) - both) or 1
        right += both / total
        wrong += (sum(ours.values()) - both) / total
        missing += (sum(theirs.values()) - both) / total
        exact += got == gold
        pages += 1
    return 2 * right / ((2 * right + wrong + missing) or 1), exact / pages


def _grams(words: list[str]) -> Counter[tuple[str, ...]]:
    size = min(_GRAM, len(words)) or 1
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
