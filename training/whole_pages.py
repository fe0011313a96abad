"""Make the model of whole pages: which rows of a page that was saved as text are its text.

usage: python -m training.whole_pages -o MODEL.npz PAGES.jsonl[.gz]... [--articles FILE...] [--phrases LEXICON.toml]
                                      [--ordinary FILE...] [--report] [--folds FOLDER]

PAGES and the articles are JSONL of {id, url, lines: [{text, label, tag?}]} with label keep, drop or unsure: whole
pages, and texts that are none (what extractors leave, documents, licences), so that the model learns to leave them
alone. In .txt and .md files given as articles every row stays. PHRASES are boilerplate by class and language, the
ordinary files are JSONL of {line} or {text}, lines that are none: they teach words in languages of which there are no
labelled pages. `--report` cross-validates by site and prints for some thresholds what would be removed and lost.
`--folds` also writes the five models that know four fifths of the sites each, and `sites.json`, the fold of each site,
to measure the whole chain with. The same input gives the same bytes, in whatever order the files are named.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Iterator, Sequence
from math import isqrt
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import lightgbm
import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from cleaner.rules.boilerplate import rule
from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.detectors import DETECTORS
from cleaner.rules.boilerplate.page import read_page
from cleaner.rules.boilerplate.whole_page import facts, model, take, wording
from training.levels import level
from training.line_fit import fit_in_steps
from training.ordinary import by_name, ordinary_lines
from training.ordinary import records as json_lines

# The facts that the trees may ask for: those with the most gain of all, by a run over all of them.
COLUMNS = (
    "main_distance", "evidence_to_main", "run_evidence", "run_wording", "boundary_to_main", "wording~4", "length~4",
    "told", "prose_chars_above", "wording", "evidence_rows", "told_words", "length~12", "boundary_above", "evidence",
    "prose_chars", "main_share", "repeated", "length", "run_length", "digits~4", "rows", "wording_below", "final_rows",
    "prose_below", "short_length", "wording~30", "prose_chars_below", "final~4", "prose~12", "same", "wording_above",
    "words", "from_end", "wording~12", "digits~30", "main", "from_start", "prose_beyond", "prose_above", "wording-1",
    "wording+1", "final", "digits",
)  # fmt: skip
FOLDS, TREES, RATE = 5, 300, 0.08
# A weight of 16 is one of log odds.
WORD_SCALE = 16
# The inverse strength of the words' penalty, and the steps to them: as for lines, the same for all data.
WORD_STRENGTH, WORD_STEPS = 0.3, 100
UNKNOWABLE = ("comment_body", "other")
# What an example counts: a phrase or line without its page; a row of an article, kept or dropped; `other` among drops.
PHRASE, ARTICLE_KEEP, ARTICLE_DROP, OTHER = 0.3, 0.3, 0.09, 0.3
# The share of a page's good rows, in the mean over the files of pages, that go at the score `take.GOES`.
LOST = 0.0048
FOREST: dict[str, Any] = {
    "objective": "binary", "max_depth": model.DEPTH, "num_leaves": 2**model.DEPTH, "learning_rate": RATE, "max_bin": 63,
    "min_data_in_leaf": 60, "min_sum_hessian_in_leaf": 3.0, "feature_fraction": 0.2, "bagging_fraction": 0.7,
    "bagging_freq": 1, "lambda_l2": 5.0, "seed": 1, "deterministic": True, "force_col_wise": True, "num_threads": 1,
    "verbosity": -1,
}  # fmt: skip


class Labelled(NamedTuple):
    """A page or article: its rows as the rules see them, and for each 1 (drop), 0 (keep) or -1, and if it is known."""

    source: str
    site: str
    rows: facts.Rows
    labels: list[int]
    known: list[bool]
    article: bool


def records(path: Path, *, article: bool) -> Iterator[Labelled]:
    """Yield the labelled texts of a file."""
    if path.suffix in (".txt", ".md"):
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        if lines:
            yield _labelled(path.name, path.name, lines, [0] * len(lines), [True] * len(lines), article=article)
        return
    for record in json_lines(path):
        lines = [line for line in record["lines"] if any(map(str.isalnum, line["text"]))]
        tags = [line.get("tag") or "other" for line in lines]
        labels = [{"keep": 0, "drop": 1}.get(line["label"], -1) for line in lines]
        labels = [-1 if tag == "comment_body" else label for label, tag in zip(labels, tags, strict=True)]
        known = [tag not in UNKNOWABLE for tag in tags]
        host = urlsplit(record.get("url") or "").hostname or record["id"]
        if lines:
            texts = [line["text"] for line in lines]
            yield _labelled(path.name, ".".join(host.split(".")[-2:]), texts, labels, known, article=article)


def _labelled(
    source: str, site: str, lines: Sequence[str], labels: list[int], known: list[bool], *, article: bool
) -> Labelled:
    """Return the rows with what the detectors before the one of whole pages say of each."""
    text = "\n".join(lines)
    index = rule._index(())
    case = Case(read_page(text, index), rule.Boilerplate()._codes(), index, rule._Language(text))
    for detect in DETECTORS[: DETECTORS.index(take.take_furniture)]:
        detect(case)
    rows = facts.Rows(case.page.texts, case.page.prose, *take.evidence(case))
    numbers = case.page.numbers
    return Labelled(source, site, rows, [labels[n] for n in numbers], [known[n] for n in numbers], article)


class Examples(NamedTuple):
    """All rows of all texts, as arrays; `tokens` is a matrix of words by row, `share` the file's weight of each."""

    tokens: scipy.sparse.csr_matrix
    labels: NDArray[np.int64]
    weights: NDArray[np.float64]
    fold: NDArray[np.int64]
    article: NDArray[np.bool_]
    source: NDArray[np.int64]
    known: NDArray[np.bool_]


def matrix(texts: Sequence[str]) -> scipy.sparse.csr_matrix:
    """Return the words of texts, one row a text, each worth the root of their number.

    They are sorted: sets of words have another order in each process, and sums other last bits.
    """
    hashes = [np.array(sorted(wording.tokens(text)), dtype=np.int32) for text in texts]
    sizes = np.array([len(each) for each in hashes])
    values = np.repeat(sizes**-0.5, sizes).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return scipy.sparse.csr_matrix((values, np.concatenate(hashes), starts), shape=(len(texts), 1 << wording.BITS))


def examples(texts: Sequence[Labelled]) -> Examples:
    """Return the rows of all texts."""
    sizes = [len(text.labels) for text in texts]
    labels = np.array([label for text in texts for label in text.labels])
    known = np.array([each for text in texts for each in text.known])
    article = np.repeat([text.article for text in texts], sizes)
    sources = sorted({text.source for text in texts})
    source = np.repeat([sources.index(text.source) for text in texts], sizes)
    fold = np.repeat(_folds([text.site for text in texts]), sizes)
    weights = _weights(labels, known, article, source)
    tokens = matrix([row for text in texts for row in text.rows.texts])
    return Examples(tokens, labels, weights, fold, article, source, known)


def _folds(sites: Sequence[str]) -> list[int]:
    """Return a fold for each text, by site, as equal in texts as can be."""
    count: dict[str, int] = {}
    for site in sites:
        count[site] = count.get(site, 0) + 1
    load, fold = [0] * FOLDS, {}
    for site in sorted(count, key=lambda site: (-count[site], site)):
        fold[site] = load.index(min(load))
        load[fold[site]] += count[site]
    return [fold[site] for site in sites]


def _weights(
    labels: NDArray[np.int64], known: NDArray[np.bool_], article: NDArray[np.bool_], source: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what each row counts: files by the root of their rows, both labels alike, articles less."""
    weights = np.zeros(len(labels))
    for number in np.unique(source[~article]):
        of = (source == number) & ~article
        for group, share in ((labels == 0, 1.0), ((labels == 1) & known, 1.0), ((labels == 1) & ~known, OTHER)):
            rows = of & group
            weights[rows] = share / max(20, rows.sum()) ** 0.5
    for label in (0, 1):
        rows = (labels == label) & ~article
        weights[rows] *= (~article).sum() / 2 / weights[rows].sum()
    weights[article & (labels == 0)], weights[article & (labels == 1)] = ARTICLE_KEEP, ARTICLE_DROP
    return weights


def fit_words(
    rows: Examples, mask: NDArray[np.bool_], phrases: scipy.sparse.csr_matrix, is_phrase: NDArray[np.int64]
) -> NDArray[np.int8]:
    """Return the weights of words, learned from the rows of pages and from phrases without a page."""
    chosen = np.flatnonzero(mask & ~rows.article & (rows.labels >= 0))
    labels = np.concatenate([rows.labels[chosen], is_phrase])
    weights = np.ones(len(chosen))
    for label in (0, 1):
        weights[rows.labels[chosen] == label] *= len(chosen) / 2 / (rows.labels[chosen] == label).sum()
    tokens = scipy.sparse.vstack([rows.tokens[chosen], phrases]).tocsr()
    weights = np.concatenate([weights, np.full(len(is_phrase), PHRASE)])
    fitted = fit_in_steps(LogisticRegression(C=WORD_STRENGTH, max_iter=WORD_STEPS, tol=1e-7), tokens, labels, weights)
    return np.clip(np.round(fitted.coef_[0] * WORD_SCALE), -127, 127).astype(np.int8)


def word_scores(rows: Examples, mask: NDArray[np.bool_], words: NDArray[np.int8]) -> list[int]:
    """Return the scores of some rows as `wording.score` gives them."""
    tokens = rows.tokens[mask].copy()
    tokens.data[:] = 1
    sums, sizes = tokens.astype(np.int64) @ words.astype(np.int64), np.diff(tokens.indptr)
    return [256 * int(total) // isqrt(256 * int(size)) for total, size in zip(sums, sizes, strict=True)]


def all_facts(texts: Sequence[Labelled], scores: Sequence[int]) -> NDArray[np.int32]:
    """Return the facts of all rows, those of COLUMNS."""
    columns = [facts.NAMES.index(name) for name in COLUMNS]
    start, found = 0, []
    for text in texts:
        end = start + len(text.labels)
        found.append(facts.facts(text.rows, scores[start:end])[:, columns])
        start = end
    return np.concatenate(found)


def fit_trees(rows: Examples, known: NDArray[np.int32], mask: NDArray[np.bool_]) -> lightgbm.Booster:
    """Return the trees. Learned from a third of the rows, drawn at random, they remove .02 less at .0055 lost."""
    chosen = np.flatnonzero(mask & (rows.labels >= 0))
    data = lightgbm.Dataset(known[chosen], rows.labels[chosen], weight=rows.weights[chosen])
    return lightgbm.train(FOREST, data, TREES)


def arrays(booster: lightgbm.Booster, base: int) -> dict[str, NDArray[Any]]:
    """Return the trees as complete ones of whole numbers, each leaf in 256ths of log odds."""
    inner, leaves = 2**model.DEPTH - 1, 2**model.DEPTH
    trees = booster.dump_model()["tree_info"]
    feature = np.zeros((len(trees), inner), dtype=np.uint8)
    bound = np.full((len(trees), inner), 2**31 - 1, dtype=np.int32)
    leaf = np.zeros((len(trees), leaves), dtype=np.int16)

    def place(node: dict[str, Any], tree: int, at: int) -> None:
        if "leaf_value" in node:
            first = last = at
            while last < inner:
                first, last = 2 * first + 1, 2 * last + 2
            leaf[tree, first - inner : last - inner + 1] = round(node["leaf_value"] * model.ONE)
            return
        feature[tree, at], bound[tree, at] = node["split_feature"], int(np.floor(node["threshold"]))
        place(node["left_child"], tree, 2 * at + 1)
        place(node["right_child"], tree, 2 * at + 2)

    for number, tree in enumerate(trees):
        place(tree["tree_structure"], number, 0)
    return {"feature": feature, "bound": bound, "leaf": leaf, "base": np.array(base)}


def unseen(rows: Examples, known: NDArray[np.int32], forests: Sequence[lightgbm.Booster]) -> NDArray[np.float64]:
    """Return for each row the log odds by the trees that have not seen its site."""
    scores = np.zeros(len(rows.labels))
    for fold, booster in enumerate(forests):
        scores[rows.fold == fold] = booster.predict(known[rows.fold == fold], raw_score=True, num_threads=1)
    return scores


def report(rows: Examples, scores: NDArray[np.float64]) -> None:
    """Print, for some thresholds, the means over the files of pages on sites that the trees have not seen."""
    for threshold in (1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0):
        gone = scores > threshold
        sources = np.unique(rows.source[~rows.article])
        removed = [gone[(rows.source == each) & (rows.labels == 1) & rows.known].mean() for each in sources]
        lost = [gone[(rows.source == each) & (rows.labels == 0)].mean() for each in sources]
        articles = gone[rows.article & (rows.labels == 0)].mean()
        print(f"{threshold}: removed {np.mean(removed):.4f}, lost {np.mean(lost):.5f}, of articles {articles:.5f}")


def phrases(lexicon: Path | None, ordinary: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return phrases and lines without a page, and 1 for each phrase of boilerplate."""
    boilerplate: list[str] = []
    for name, table in tomllib.loads(lexicon.read_text(encoding="utf-8")).items() if lexicon else ():
        if isinstance(table, dict) and name not in ("networks", "months", "weekdays"):
            for language in table.values():
                if isinstance(language, dict):
                    boilerplate += [*language.get("exact", ()), *language.get("starts", ())]
    boilerplate = [phrase.replace("#", "3") for phrase in boilerplate if phrase.strip()]
    return [*boilerplate, *ordinary], [1] * len(boilerplate) + [0] * len(ordinary)


def write(path: Path, words: NDArray[np.int8], booster: lightgbm.Booster, base: int) -> None:
    """Write a model."""
    np.savez_compressed(path, words=words, columns=np.array(COLUMNS), **arrays(booster, base))


def main() -> None:
    """Read the arguments and learn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    parser.add_argument("--articles", nargs="*", type=Path, default=[])
    parser.add_argument("--phrases", type=Path)
    parser.add_argument("--ordinary", nargs="*", type=Path, default=[])
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--folds", type=Path, help="a folder for the models of the folds")
    arguments = parser.parse_args()
    with threadpool_limits(1):  # sums of several processors would differ in their last bits
        learn(arguments)


def learn(arguments: argparse.Namespace) -> None:
    """Fit everything and write the files."""
    texts = [text for path in by_name(arguments.pages) for text in records(path, article=False)]
    texts += [text for path in by_name(arguments.articles) for text in records(path, article=True)]
    rows = examples(texts)
    labelled = {row for text in texts for row in text.rows.texts}
    said, is_phrase = phrases(arguments.phrases, ordinary_lines(arguments.ordinary, labelled))
    alone = matrix(said) if said else scipy.sparse.csr_matrix((0, 1 << wording.BITS), dtype=np.float32)
    marks = np.array(is_phrase, dtype=np.int64)
    # The trees see for each row the words' score of a model that never saw its site.
    scores = np.zeros(len(rows.labels), dtype=np.int64)
    words_without = [fit_words(rows, rows.fold != fold, alone, marks) for fold in range(FOLDS)]
    for fold, words in enumerate(words_without):
        mask = rows.fold == fold
        scores[mask] = word_scores(rows, mask, words)
    known = all_facts(texts, scores.tolist())
    forests = [fit_trees(rows, known, rows.fold != fold) for fold in range(FOLDS)]
    judged = unseen(rows, known, forests)
    # A row that would be lost with LOST of the good ones has the score GOES.
    good = (rows.labels == 0) & ~rows.article
    base = take.GOES - round(level(judged[good], rows.source[good], LOST) * model.ONE)
    if arguments.report:
        report(rows, judged)
    if arguments.folds:
        fold_of = {
            text.site: int(fold) for text, fold in zip(texts, _folds([text.site for text in texts]), strict=True)
        }
        (arguments.folds / "sites.json").write_text(json.dumps(fold_of, indent=0, sort_keys=True), encoding="utf-8")
        for fold in range(FOLDS):
            write(arguments.folds / f"fold{fold}.npz", words_without[fold], forests[fold], base)
    everything = np.ones(len(rows.labels), dtype=bool)
    booster = fit_trees(rows, known, everything)
    write(arguments.output, fit_words(rows, everything, alone, marks), booster, base)
    print(f"{arguments.output}: {len(texts)} texts, {len(rows.labels)} rows, {arguments.output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
