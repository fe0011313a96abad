"""How the two passes are learned from labelled pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.extract.learned import lexicon, neighbours
from training.blocks.conventions import settle
from training.blocks.export import LEAVES, as_scores
from training.blocks.mixed import MIXED, Mixed
from training.blocks.pages import MADE_UP, PLATFORMS, LabelledPage
from training.blocks.words import SiteWords

FOLDS = 5
FIRST_TREES, SECOND_TREES = 240, 200
_SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": LEAVES,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.5,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "max_bin": 63,
    "bin_construct_sample_cnt": 40_000,
    "force_col_wise": True,
    "deterministic": True,
    "num_threads": 1,
    "seed": 1,
    "verbose": -1,
}
# Of blocks that are plain links every fourth is learned from, with four times the weight.
_THINNED = 4
# What a page in the markup of well-known software counts: its words say nothing, and there are few kinds of them.
_PLATFORM_WEIGHT = 0.25
# What a made-up page without text counts: of the labelled pages nearly all have one.
_EMPTY_WEIGHT = 2
# What a small page with a text counts, so that notices do not outweigh it.
_SMALL_WEIGHT = 2
# What a page in two columns counts: few labelled ones have prose beside their text that is none of it.
_BESIDE_WEIGHT = 1
# What a page counts that is mixed of two.
_MIXED_WEIGHT = 0.5

Mask = NDArray[np.bool_]


class Table(NamedTuple):
    """The blocks of all pages, one below the other: facts, labels, weights, and the page of each.

    Mixed pages come last. A choice of pages to learn from is one of the others: the network learns from those that are
    mixed of two of them, too.
    """

    pages: Sequence[LabelledPage]
    names: tuple[str, ...]
    facts: NDArray[np.float32]
    kept: NDArray[np.int8]
    weight: NDArray[np.float64]
    page: NDArray[np.int64]
    learned: Mask
    words: SiteWords
    site: NDArray[np.int64]  # of each page, as its family
    family: NDArray[np.int64]
    fold: NDArray[np.int64]  # of each page; those of one family have the same
    sources: NDArray[np.int64]  # the two pages that each is mixed of; one that is not has itself twice

    @property
    def every(self) -> Mask:
        """All pages but those that are mixed."""
        return self.sources[:, 0] == self.sources[:, 1]

    def with_mixed(self, training: Mask) -> Mask:
        """Return the pages with those that are mixed of two of them."""
        chosen: Mask = training[self.sources].all(axis=1)
        return chosen


class Learned(NamedTuple):
    """Two passes with the names of their rows, and the weights of words."""

    passes: list[tuple[tuple[str, ...], Any]]
    weights: dict[int, int]


def folds_of(pages: Sequence[LabelledPage]) -> NDArray[np.int64]:
    """Return the fold of each page; those of one family have the same."""
    number = _numbers(pages)
    order = np.random.default_rng(0).permutation(len({page.site for page in pages if page.set not in MADE_UP}))
    order = np.concatenate([order, np.arange(len(number) - len(order))])
    return order[[number[page.family] for page in pages]] % FOLDS


def table(pages: Sequence[LabelledPage], mixed: Sequence[Mixed] = ()) -> Table:
    """Return the pages as a table to learn from, and below them those that are `mixed` of them."""
    number, fold = _numbers(pages), folds_of(pages)
    sources = np.array([*((place, place) for place in range(len(pages))), *(page.of for page in mixed)])
    fold = fold[sources[:, 0]]
    pages = [*pages, *(page.page for page in mixed)]
    number[MIXED] = len(number)
    names = pages[0].names
    facts = np.concatenate([page.rows for page in pages], axis=1).T.astype(np.float32)
    page_of = np.repeat(np.arange(len(pages)), [len(page.texts) for page in pages])
    weight = np.concatenate([np.sqrt(page.sizes + 2.0) / np.sqrt(page.sizes.sum() + 50.0) for page in pages])
    kept, weight = settle(pages, dict(zip(names, facts.T, strict=True)), page_of, weight)
    weight *= np.array([_page_weight(page) for page in pages])[page_of]
    site = np.array([number[page.site] for page in pages])
    family = np.array([number[page.family] for page in pages])
    starts = np.cumsum([0] + [len(page.texts) for page in pages])
    keys = np.concatenate([page.keys for page in pages])
    block = np.concatenate(
        [at + np.repeat(np.arange(len(p.texts)), np.diff(p.starts)) for p, at in zip(pages, starts, strict=False)]
    )
    words = SiteWords(keys, block, kept, site[page_of], family[page_of])
    links = (facts[:, names.index("link")] > 900) & (facts[:, names.index("size")] < 80)
    links &= facts[:, names.index("prose1")] < 300
    learned = ~links | (np.arange(len(kept)) % _THINNED == 0)
    weight = np.where(links, _THINNED * weight, weight)
    return Table(pages, tuple(names), facts, kept, weight, page_of, learned, words, site, family, fold, sources)


def _page_weight(page: LabelledPage) -> float:
    if page.set == PLATFORMS:
        return _PLATFORM_WEIGHT
    if page.set == MIXED:
        return _MIXED_WEIGHT
    if page.set in MADE_UP and not page.gold:
        return _EMPTY_WEIGHT
    if page.family.startswith("made/beside-"):
        return _BESIDE_WEIGHT
    return _SMALL_WEIGHT if page.family.startswith("made/small-") else 1.0


def _numbers(pages: Sequence[LabelledPage]) -> dict[str, int]:
    """Return a number for each site and family, those of real pages first: their folds stay when others come or go."""
    real = sorted({page.site for page in pages if page.set not in MADE_UP})
    families = sorted({page.family for page in pages if page.set in MADE_UP})
    others = sorted({page.site for page in pages if page.set in MADE_UP} - set(families))
    return {name: place for place, name in enumerate([*real, *families, *others])}


def _sources(data: Table) -> int:
    return int(max(data.site.max(), data.family.max())) + 1


def word_rows(data: Table, training: Mask) -> NDArray[np.float32]:
    """Return the rows of words for all blocks, judged by training pages of other sites alone.

    Of a mixed page the others are those of other folds. What is on it says nothing that its two pages do not say.
    """
    out = np.zeros((len(data.page), len(lexicon.ROWS)), np.float32)
    sites, fold_of_site = np.zeros(_sources(data), bool), np.zeros(_sources(data), np.int64)
    for source in (data.site, data.family):
        sites[source[training]] = True
        fold_of_site[source[data.every]] = data.fold[data.every]
    learned = data.with_mixed(training)
    others = ~learned[data.page]
    if others.any():
        out[others] = data.words.rows(data.words.weights(sites), others).T
    for fold in range(FOLDS):
        blocks = learned[data.page] & (data.fold[data.page] == fold)
        if blocks.any():
            out[blocks] = data.words.rows(data.words.weights(sites & (fold_of_site != fold)), blocks).T
    return out


def first_pass(data: Table, training: Mask) -> tuple[NDArray[np.float32], Any]:
    """Return the facts of all blocks, and the model learned from those of the training pages."""
    facts = np.hstack([data.facts, word_rows(data, training)])
    return facts, fit(data, facts, training, FIRST_TREES)


def crossed_scores(data: Table, training: Mask) -> NDArray[np.int64]:
    """Return the first pass's scores of the training pages' blocks, by models that saw no page of the site."""
    scores = np.zeros(len(data.page), np.int64)
    for fold in range(FOLDS):
        judged = training & (data.fold == fold)
        if judged.any():
            facts, model = first_pass(data, training & ~judged)
            blocks = judged[data.page]
            scores[blocks] = as_scores(model.predict(facts[blocks], raw_score=True, num_threads=1))
    return scores


def second_facts(data: Table, scores: NDArray[np.int64]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return the rows of the second pass and their names."""
    parts, names, start = [], (), 0
    for page in data.pages:
        end = start + len(page.texts)
        rows = neighbours.read(page.layout, scores[start:end])
        names, start = tuple(rows), end
        parts.append(np.array(list(rows.values())).T.astype(np.float32))
    return names, np.vstack(parts)


def fit(data: Table, facts: NDArray[np.float32], training: Mask, trees: int) -> Any:
    """Return a LightGBM model learned from the training pages' blocks."""
    import lightgbm

    chosen = training[data.page] & data.learned
    known = lightgbm.Dataset(facts[chosen], data.kept[chosen], weight=data.weight[chosen])
    return lightgbm.train(_SETTINGS, known, trees)


def learn(data: Table, scores: NDArray[np.int64]) -> Learned:
    """Return the model learned from all pages; `scores` are their `crossed_scores`."""
    facts, first = first_pass(data, data.every)
    names, beside = second_facts(data, scores)
    second = fit(data, np.hstack([facts, beside]), data.every, SECOND_TREES)
    rows = (*data.names, *lexicon.ROWS)
    sites = np.zeros(_sources(data), bool)
    for source in (data.site, data.family):
        sites[source[data.every]] = True
    weights = dict(zip(data.words.keys.tolist(), data.words.weights(sites).tolist(), strict=True))
    return Learned([(rows, first), ((*rows, *names), second)], weights)


def folds(data: Table) -> Iterator[Mask]:
    """Yield the pages of each fold."""
    for fold in range(FOLDS):
        yield data.every & (data.fold == fold)
