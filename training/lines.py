"""Make the model of lines: what reads like boilerplate, and where it stands.

usage: python training/lines.py -o MODEL LINES.jsonl[.gz]... [--noisy FILE...] [--pages FILE...] [--noisy-pages FILE...]
           [--kept TEXT...] [--folds FOLDER] --lexicon LEXICON.toml --ordinary FILE... [--negatives FOLDER]
           [--interface FILE] [--written FOLDER]
       python training/lines.py --add LABELLED.jsonl[.gz] -o house.model

LINES are JSONL of {id, url, lines: [{text, label, tag?}]} with label keep, drop or unsure: what extractors leave of
pages. The noisy ones count less; thresholds are chosen without them. Of whole pages (--pages) only the wording is
learned. The ordinary files are JSONL of {line} or {text}: lines that are none. In a TEXT every line stays. The
interface file is JSONL of {text, code, language}: what templates of sites print, and what is none; the written files
are texts of no site, with lines that sites print, in 29 languages (see training/written). --folds also
writes the five models that know four fifths of the sites each, to measure the whole chain with. The same input gives
the same bytes, in whatever order the files are named.

--add makes a small correction of the model that comes with cleaner, out of labelled lines of your own in the form of
LINES: a text file of words and what they weigh more or less. `line_model = "house.model"` takes it.
"""

from __future__ import annotations

import argparse
import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from scipy import sparse

from cleaner.rules.boilerplate.line_model.facts import NAMES
from cleaner.rules.boilerplate.line_model.model import PROSE, pack
from cleaner.rules.boilerplate.line_model.take import needs_more
from cleaner.rules.boilerplate.line_model.wording import Wording
from training import line_correction, line_data, line_examples, line_fit
from training.line_data import DOUBTFUL, FOLDS, LEFT_OUT, Document, Phrase
from training.ordinary import by_name, ordinary_lines

# The share of good lines that a level may lose, and of their characters: mean over the files, on sites not seen.
# Further rounds lose a quarter more than the first, which this is counted in.
LEVELS = {"careful": (0.0005, 0.00015), "usual": (0.001, 0.00025), "eager": (0.0025, 0.0006)}
# Prose has a threshold of its own, the same at each level: it is seldom cruft, and half of the characters lost.
PROSE_LIMITS = (0.0001, 0.0001)
PROSE_AT = NAMES.index("prose")
# What counts less: lines of whole pages, and among them menus and lists of links; lines of an unknown kind; noisy ones.
PAGES, OTHER, NOISY_WORDING, NOISY_FACTS, THINNED = 0.3, 0.3, 0.7, 0.25, 0.2
# Texts that were written to learn from count little where lines stand, as nobody knows where such lines would stand.
WRITTEN_WORDING, WRITTEN_FACTS = 0.35, 0.06
# An ordinary line, and a phrase of the lexicon and of the packs, without its text.
ORDINARY, LEXICON, PACKS = 0.7, 0.03, 0.1
# A line of an interface, in a language of which there are labelled lines, and in others.
INTERFACE = (0.05, 0.25)
PAGE_TAGS = {"nav": 0.5, "other": 0.2, "related": 0.5}
# What looks like cruft and is none counts as this many median lines: in neutral articles, and in documents made for it.
ARTICLE, WHOLE = 3.0, 30.0
# A file counts by the root of its lines, and at least as if it had this many.
FEWEST = 20
# Shares of the lines and of their characters.
Shares = tuple[float, float]


class Lines(NamedTuple):
    """Different lines, a site each: their tokens, whether they go, what they count, and the fold of the site."""

    tokens: sparse.csr_matrix
    goes: np.ndarray
    weight: np.ndarray
    fold: np.ndarray
    tags: np.ndarray
    texts: list[str]


def different_lines(documents: Sequence[Document], tag_weights: dict[str, float]) -> Lines:
    """Return each line of a site once, however often it stands there; those that nobody knows are left out."""
    seen: dict[tuple[str, str, int], tuple[str, Document]] = {}
    for document in documents:
        for line, goes, tag in zip(document.lines, document.goes, document.tags, strict=True):
            if goes >= 0 and not (goes and tag == LEFT_OUT):
                seen.setdefault((line, document.site, goes), (tag, document))
    texts = [line for line, _, _ in seen]
    goes = np.array([goes == 1 for _, _, goes in seen])
    of_site = [f"{site}{goes}" for _, site, goes in seen]
    _, inverse, count = np.unique(of_site, return_inverse=True, return_counts=True)
    weight = 1 / np.sqrt(count[inverse])
    weight *= [tag_weights.get(tag, 1.0) if goes[at] else 1.0 for at, (tag, _) in enumerate(seen.values())]
    weight *= [trust(document, NOISY_WORDING, WRITTEN_WORDING) for _, document in seen.values()]
    fold = np.array([document.fold for _, document in seen.values()])
    tags = np.array([tag for tag, _ in seen.values()])
    return Lines(line_fit.token_matrix(texts), goes, weight, fold, tags, texts)


def trust(document: Document, noisy: float, written: float) -> float:
    """Return what a line of a document counts beside one that is well labelled."""
    if document.source == line_data.WRITTEN:
        return written
    return noisy if document.noisy else 1.0


def balanced(weight: np.ndarray, goes: np.ndarray, total: float) -> np.ndarray:
    """Return weights of which those that go and those that stay add up to half of the total each."""
    weight = weight.copy()
    for side in (goes, ~goes):
        weight[side] *= total / 2 / weight[side].sum()
    return weight


class Wordings:
    """Fits the wording of all sites but those of a fold."""

    def __init__(self, lines: Lines, pages: Lines, phrases: Sequence[Phrase], known: Sequence[str]) -> None:
        self.lines, self.pages = lines, pages
        self.tokens = line_fit.token_matrix([phrase.line for phrase in phrases])
        self.goes = np.array([phrase.code != "" for phrase in phrases])
        self.weight = np.array([phrase.weight for phrase in phrases])
        coded = [self.tokens[self.goes]]
        codes = [phrase.code for phrase in phrases if phrase.code]
        for some in (lines, pages):
            of = [line_data.code_of(tag) if goes else None for tag, goes in zip(some.tags, some.goes, strict=True)]
            coded.append(some.tokens[[code is not None for code in of]])
            codes += [code for code in of if code is not None]
        self.kinds = line_fit.fit_kinds(sparse.vstack(coded).tocsr(), codes, known)

    def without(self, fold: int, phrases: np.ndarray) -> Wording:
        """Return the wording learned from the other folds and from some of the phrases."""
        matrices, goes, weights = [], [], []
        rows = int((self.lines.fold != fold).sum())
        for some, total in ((self.lines, rows), (self.pages, PAGES * rows)):
            of = some.fold != fold
            matrices.append(some.tokens[of])
            goes.append(some.goes[of])
            weights.append(balanced(some.weight[of], some.goes[of], total))
        matrices.append(self.tokens[phrases])
        goes.append(self.goes[phrases])
        weights.append(self.weight[phrases])
        return line_fit.fit_wording(
            sparse.vstack(matrices).tocsr(), np.concatenate(goes), np.concatenate(weights), self.kinds
        )


class Examples(NamedTuple):
    """Doubtful rows to learn from: their facts, whether they go, what they count, the fold; and where they stand."""

    facts: np.ndarray
    goes: np.ndarray
    weight: np.ndarray
    fold: np.ndarray
    rows: list[line_examples.Row]


def labelled(documents: Sequence[Document], found: list[line_examples.Row]) -> Examples:
    """Return the rows whose label is known; a file counts by the root of its lines, whatever its size."""
    kept, gone, other = counts(documents)
    found = [
        row
        for row in found
        if documents[row.document].goes[row.line] >= 0
        and not (documents[row.document].goes[row.line] and documents[row.document].tags[row.line] == LEFT_OUT)
    ]
    weight = []
    for row in found:
        document = documents[row.document]
        source = document.source
        value = max(FEWEST, (gone if document.goes[row.line] else kept)[source]) ** -0.5
        if document.goes[row.line] and document.tags[row.line] == DOUBTFUL:
            value *= OTHER * min(1.0, gone[source] / max(1, other[source]))
        weight.append(value * (THINNED if row.state else 1.0) * trust(document, NOISY_FACTS, WRITTEN_FACTS))
    goes = np.array([documents[row.document].goes[row.line] == 1 for row in found])
    fold = np.array([documents[row.document].fold for row in found])
    return Examples(line_examples.matrix(found), goes, balanced(np.array(weight), goes, len(found)), fold, found)


def counts(documents: Sequence[Document]) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Return for each file how many lines stay, how many go whose kind is known, and how many others go."""
    kept, gone, other = ({document.source: 0 for document in documents} for _ in range(3))
    for document in documents:
        for goes, tag in zip(document.goes, document.tags, strict=True):
            if goes == 0:
                kept[document.source] += 1
            elif goes == 1 and tag != LEFT_OUT:
                (other if tag == DOUBTFUL else gone)[document.source] += 1
    return kept, gone, other


def negatives(found: Sequence[Sequence[line_examples.Row]], values: Sequence[float], median: float) -> Examples:
    """Return the rows of texts in which every line stays."""
    rows = [row for some in found for row in some]
    weight = np.concatenate([np.full(len(some), value * median) for some, value in zip(found, values, strict=True)])
    stays = np.zeros(len(rows), bool)
    return Examples(line_examples.matrix(rows), stays, weight, np.full(len(rows), FOLDS), rows)


def fit(examples: Sequence[Examples], fold: int) -> dict[str, array[int]]:
    """Return the trees learned from the other folds, as whole numbers."""
    of = [some.fold != fold for some in examples]
    facts, goes, weight = (
        np.concatenate([getattr(some, name)[rows] for some, rows in zip(examples, of, strict=True)])
        for name in ("facts", "goes", "weight")
    )
    return line_fit.arrays_of(line_fit.fit_trees(facts, goes, weight))


def thresholds(
    documents: Sequence[Document], taken: Sequence[set[int]], examples: Examples, sums: Sequence[int]
) -> dict[str, int]:
    """Return the lowest threshold of each level, and of prose, at which it loses no more than it may.

    What is lost without the model counts for the levels. Rows that are asked for more do not count: they go at the
    careful level alone, whatever is chosen.
    """
    asked = {
        (row.document, row.line): (value, bool(row.facts[PROSE_AT]))
        for row, value in zip(examples.rows, sums, strict=True)
        if row.state == 0 and not needs_more(row.facts)
    }
    lines: dict[str, int] = defaultdict(int)
    chars: dict[str, int] = defaultdict(int)
    stays = [
        (number, document.source, line, len(document.lines[line]))
        for number, document in enumerate(documents)
        for line, goes in enumerate(document.goes)
        if goes == 0
    ]
    for _, source, _, length in stays:
        lines[source] += 1
        chars[source] += length
    lost: Shares = (0.0, 0.0)
    losses: dict[bool, list[tuple[int, Shares]]] = {False: [], True: []}
    for number, source, line, length in stays:
        shares = 1 / lines[source] / len(lines), length / chars[source] / len(lines)
        if line in taken[number]:
            lost = lost[0] + shares[0], lost[1] + shares[1]
        elif (number, line) in asked:
            value, is_prose = asked[number, line]
            losses[is_prose].append((value, shares))
    found = {level: lowest(losses[False], lost, limits) for level, limits in LEVELS.items()}
    return found | {PROSE: lowest(losses[True], (0.0, 0.0), PROSE_LIMITS)}


def lowest(losses: Sequence[tuple[int, Shares]], lost: Shares, limits: Shares) -> int:
    """Return the lowest threshold that loses no more than the limits, of lines and of characters."""
    threshold = max(value for value, _ in losses)
    for value, shares in sorted(losses, reverse=True):
        lost = lost[0] + shares[0], lost[1] + shares[1]
        if lost[0] > limits[0] or lost[1] > limits[1]:
            break
        threshold = value - 1
    return threshold


def learn(arguments: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Fit everything and write the files."""
    trusted = [*line_data.documents(by_name(arguments.lines))]
    documents = [*trusted, *line_data.documents(by_name(arguments.noisy), noisy=True)]
    documents += line_data.written(arguments.written)
    pages = [
        *line_data.documents(by_name(arguments.pages)),
        *line_data.documents(by_name(arguments.noisy_pages), noisy=True),
    ]
    own, articles, whole = line_data.looks_like(arguments.negatives)
    packs = line_data.pack_phrases(PACKS)
    phrases = [*line_data.lexicon_phrases(arguments.lexicon, LEXICON), *own]
    phrases += line_data.interface_phrases(arguments.interface, INTERFACE)
    said = {line for document in (*documents, *pages) for line in document.lines}
    phrases += [Phrase(line, "", ORDINARY) for line in ordinary_lines(arguments.ordinary, said)]
    known = ("", *sorted({phrase.code for phrase in (*packs, *phrases)} - {""} | set(line_data.CODES.values())))
    say(f"{len(documents)} texts, {len(pages)} pages, {len(phrases)} phrases and ordinary lines, {len(packs)} of packs")
    lines = different_lines(documents, {DOUBTFUL: OTHER})
    fitter = Wordings(lines, different_lines(pages, PAGE_TAGS), [*phrases, *packs], known)
    # The packs know the sites of the labelled lines: the models that are measured do not learn from them.
    unfitted = np.arange(len(phrases) + len(packs)) < len(phrases)
    wordings = [fitter.without(fold, unfitted) for fold in range(FOLDS)]
    wordings.append(fitter.without(-1, np.ones(len(unfitted), bool)))
    say("wording done")
    found, taken = line_examples.rows(documents, lambda document: wordings[document.fold].score, thinned=True)
    examples = labelled(documents, found)
    median = float(np.median(examples.weight[~examples.goes]))
    of_own = [
        line_examples.rows(some, lambda document: wordings[document.fold].score, thinned=False)[0]
        for some in (articles, [*whole, *line_data.kept(by_name(arguments.kept)), *line_data.pack_examples()])
    ]
    negative = negatives(of_own, (ARTICLE, WHOLE), median)
    say(f"{len(examples.rows)} doubtful rows, {len(negative.rows)} of what looks like cruft")
    trees = [fit((examples, negative), fold) for fold in (*range(FOLDS), -1)]
    sums = np.zeros(len(examples.rows), int)
    for fold in range(FOLDS):
        of = np.flatnonzero(examples.fold == fold)
        sums[of] = line_fit.sums(trees[fold], examples.facts[of])
    levels = thresholds(trusted, taken, examples, sums.tolist())
    ordinary = [
        row for row, row_goes in zip(examples.rows, examples.goes, strict=True) if not row_goes and not row.state
    ]
    usual = np.median(line_examples.matrix(ordinary), axis=0).astype(int).tolist()
    for number, (wording, arrays) in enumerate(zip(wordings, trees, strict=True)):
        header = {
            "scale": wording.scale,
            "bias": wording.bias,
            "kinds": list(known),
            "thresholds": levels,
            "usual": usual,
        }
        data = pack(header, {**arrays, "weights": wording.weights, "kinds": array("B", wording.kinds)})
        if number == FOLDS:
            arguments.output.write_bytes(data)
            say(f"{arguments.output}: {len(data):,} bytes, thresholds {levels}")
        elif arguments.folds:
            (arguments.folds / f"fold{number}.model").write_bytes(data)


def main() -> None:
    """Read the arguments and learn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", nargs="*", type=Path)
    parser.add_argument("--add", type=Path, metavar="LABELLED", help="make a correction out of these lines instead")
    parser.add_argument("-o", "--output", type=Path, required=True)
    for name in ("--noisy", "--pages", "--noisy-pages", "--kept", "--ordinary"):
        parser.add_argument(name, nargs="*", type=Path, default=[])
    parser.add_argument("--lexicon", type=Path)
    parser.add_argument("--interface", type=Path, default=Path(__file__).parent / "interface" / "strings.jsonl.gz")
    parser.add_argument("--written", type=Path, default=Path(__file__).parent / "written")
    parser.add_argument("--negatives", type=Path, default=Path(__file__).parent.parent / "tests" / "negatives")
    parser.add_argument("--folds", type=Path, help="a folder for the models of the folds")
    arguments = parser.parse_args()
    if arguments.add is None:
        if not (arguments.lines and arguments.lexicon and arguments.ordinary):
            parser.error("say LINES, --lexicon and --ordinary; or --add LABELLED")
        learn(arguments, print)
        return
    try:
        print("\n".join(line_correction.add(arguments.add, arguments.negatives, arguments.output)))
    except line_correction.TooFewError as error:
        sys.exit(f"{arguments.add}: {error}; nothing is written")


if __name__ == "__main__":
    main()
