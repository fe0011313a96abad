"""Make the profiles of languages that langdetect has none for, in langdetect's form.

usage: python training/languages.py --words DIR --catalogs DIR [--out cleaner/language/profiles]

    pip download --no-deps langidentify-full-model && unzip -d words langidentify_full_model-*.whl
    apt-get download mediawiki && dpkg -x mediawiki_*.deb catalogs

A profile has the frequent n-grams of one to three characters, as JSON: `freq`, how often each occurs, and `n_words`,
how many there are of each size. What they are counted from:

* `--words`: how often each word occurs in the Wikipedia of a language, as the package langidentify-full-model has it
  (Apache License 2.0);
* `--catalogs`: the translations of MediaWiki's messages (GNU General Public License 2 or later; of the texts nothing
  but the counts of n-grams goes into a profile), together with
* the lists of frequent words of Wikipedias that jusText comes with (BSD License), the most frequent first.

None of these texts belongs to what detection is measured with.

The frequent words of the languages in a script that has many, and the words that tell close languages apart, go into
`cleaner/language/words/`, by their hashes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from cleaner.language import frequent, scripts
from cleaner.language.close import PAIRS
from cleaner.language.evidence import RAREST, words_of

# Languages by the words of their Wikipedia.
FROM_WORDS = (
    *("am", "az", "be", "eo", "eu", "ga", "is", "la", "lb", "lg", "mi", "mn", "ms", "om", "ps", "sn", "sr", "st"),
    *("ti", "tn", "ts", "xh", "yo", "zu"),
)
# Languages by MediaWiki's code, with jusText's list.
FROM_CATALOGS = {
    "as": ("as", None),
    "br": ("br", "Breton"),
    "ceb": ("ceb", "Cebuano"),
    "co": ("co", None),
    "fo": ("fo", None),
    "fy": ("fy", "West_Frisian"),
    "gd": ("gd", None),
    "gl": ("gl", "Galician"),
    "ht": ("ht", "Haitian"),
    "jv": ("jv", "Javanese"),
    "kk": ("kk-cyrl", "Kazakh"),
    "ku": ("ku-latn", "Kurdish"),
    "ku-Arab": ("ckb", None),
    "ky": ("ky", "Kyrgyz"),
    "mg": ("mg", None),
    "mt": ("mt", "Maltese"),
    "oc": ("oc", "Occitan"),
    "sd": ("sd", None),
    "su": ("su", "Sundanese"),
    "tg": ("tg-cyrl", None),
    "tt": ("tt-cyrl", None),
    "ug": ("ug-arab", None),
    "uz": ("uz", "Uzbek"),
    "yi": ("yi", None),
}
# Bosnian counts as Croatian, which it cannot be told from.
WORDS_OF = {"hr": ("hr", "bs"), "no": ("no", "nn"), "sr-Latn": ("sr",)}
# A word that is rarer in both tells nothing; how much one can tell, in natural logarithms; how many there are.
_RARE_WORD, _MOST_TOLD, _CLOSE_WORDS = 1e-5, 3.0, 5000
# Yoruba is written without its marks, too: so much of the weight.
_WITHOUT_MARKS = 0.4
# Frequent words: how many of a language, the share that one has where it is not known, and what they count beside
# n-grams. With 5,000 one two-word text in a hundred more is told, with shares of 1e-4 or a weight of 1 fewer are.
_FREQUENT, _UNSEEN_WORD, _WORD_WEIGHT = 1_500, 1e-5, 1.5
# Of a thousand words of running text so many begin with a capital; the words of `--words` are all small.
_CAPITALS = 0.12
# A longer word that makes up more than this of a Wikipedia is one of its templates.
_LONG_WORD, _MOST = 7, 1e-3
# Half of the weight is the messages', half the list's, of which the word at place n is written 1 / n times as often as
# the first.
_LIST_WEIGHT = 0.5
# The frequent words alone are read.
_WORDS = 25_000
# Counts are shares of a million.
_SCALE = 1_000_000

_MARKUP = re.compile(
    r"\{\{[^{}]*\}\}|\[\[(?:[^\[\]|]*\|)?|\[(?:https?:)?//\S*|</?[^<>]*>|https?://\S+|\$\d|&\w+;|%\w|\b\w+:\w+|[A-Za-z]+[_.]\w+"
)
_SERBIAN = {
    **dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)),
    **{"љ": "lj", "њ": "nj", "џ": "dž"},
}

Weights = Counter[str]


def main() -> None:
    """Write the profiles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--catalogs", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("cleaner/language/profiles"))
    args = parser.parse_args()
    args.out.mkdir(exist_ok=True)
    known: dict[str, Weights] = {language: wikipedia_words(args.words, language) for language in FROM_WORDS}
    known["sr-Latn"] = in_latin(known["sr"])
    known["yo"] = mixed(share(known["yo"]), share(without_marks(known["yo"])), _WITHOUT_MARKS)
    messages = read_messages(args.catalogs, [code for code, _ in FROM_CATALOGS.values()])
    for language, (code, list_) in FROM_CATALOGS.items():
        known[language] = share(message_words(messages[code]))
        if list_:
            known[language] = mixed(known[language], share(listed_words(list_)), _LIST_WEIGHT)
    for language, words in known.items():
        write(args.out, language, profile(words))
    write_frequent(args.words, known)
    for one, other in PAIRS:
        told = close_words(args.words, one, other).items()
        packed = frequent.pack({word: {int(value < 0): abs(value)} for word, value in told})
        (frequent.FOLDER / f"{one}+{other}").write_bytes(packed)


def write_frequent(directory: Path, known: dict[str, Weights]) -> None:
    """Write the frequent words of each language, with what each says for it."""
    frequent.FOLDER.mkdir(exist_ok=True)
    for languages, script in scripts.SHARED.items():
        if script not in frequent.SCRIPTS:
            continue
        told: dict[str, dict[int, int]] = {}
        for place, language in enumerate(languages):
            words = small(known[language]) if language in known else _small(directory, language)
            for word in sorted(words, key=lambda word: (-words[word], word))[:_FREQUENT]:
                told.setdefault(word, {})[place] = round(1000 * _WORD_WEIGHT * math.log1p(words[word] / _UNSEEN_WORD))
        (frequent.FOLDER / script).write_bytes(frequent.pack(told))


def write(out: Path, language: str, made: dict[str, Any]) -> None:
    """Write a profile."""
    text = json.dumps({**made, "name": language}, ensure_ascii=False, separators=(",", ":"))
    (out / language).write_text(text + "\n", encoding="utf-8")


def profile(words: Weights) -> dict[str, Any]:
    """Count the n-grams of weighted words, as langdetect does: each word between spaces, no space by itself."""
    counts: tuple[Weights, Weights, Weights] = (Counter(), Counter(), Counter())
    for word, weight in words.items():
        spaced = f" {word} "
        for size, counted in enumerate(counts, 1):
            for start in range(len(spaced) - size + 1):
                ngram = spaced[start : start + size]
                if ngram.strip():
                    counted[ngram] += weight
    freq = {}
    for counted in counts:
        total = math.fsum(counted.values())
        shares = {ngram: round(_SCALE * count / total) for ngram, count in counted.items()}
        freq.update({ngram: shares[ngram] for ngram in sorted(shares) if shares[ngram] >= RAREST * _SCALE})
    return {"freq": freq, "n_words": [_SCALE] * len(counts)}


def wikipedia_words(directory: Path, language: str) -> Weights:
    """Read the words of a language with their shares; the file has their natural logarithms."""
    english = _logarithms(directory, "en")
    words: Weights = Counter()
    for word, logarithm in _logarithms(directory, language).items():
        # The lists of some languages have words of one letter and those of others have not; what is more frequent in
        # English comes from quotations and templates.
        if len(word) == 1 or english.get(word, logarithm - 1) > logarithm:
            continue
        weight = math.exp(logarithm)
        if len(word) >= _LONG_WORD:
            weight = min(weight, _MOST)
        for part in words_of(word):
            words[part] += weight * (1 - _CAPITALS)
            words[part.title()] += weight * _CAPITALS
    return words


@cache
def _logarithms(directory: Path, language: str) -> dict[str, float]:
    (path,) = directory.rglob(f"topwords-{language}.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = (line.split() for line in lines if line[0] != "#")
        return {word: float(logarithm) for word, logarithm in islice(rows, _WORDS)}


def close_words(directory: Path, one: str, other: str) -> dict[str, int]:
    """Return the words that best tell two languages apart, with what each says for the first, or against it.

    In thousandths of the natural logarithm; the words are small.
    """
    first, second = _small(directory, one), _small(directory, other)
    told = {}
    for word in first.keys() | second.keys():
        shares = first.get(word, 0.0), second.get(word, 0.0)
        if max(shares) >= _RARE_WORD:
            logarithm = math.log((shares[0] + _RARE_WORD / 10) / (shares[1] + _RARE_WORD / 10))
            told[word] = max(-_MOST_TOLD, min(_MOST_TOLD, logarithm)), sum(shares)
    best = sorted(told, key=lambda word: (-abs(told[word][0]) * told[word][1], word))[:_CLOSE_WORDS]
    return {word: round(1000 * told[word][0]) for word in sorted(best)}


def _small(directory: Path, name: str) -> Weights:
    """Return the words of a profile's languages, all of them small, each language with the same weight."""
    words: Weights = Counter()
    for language in WORDS_OF.get(name, (name,)):
        for word, weight in small(wikipedia_words(directory, language)).items():
            words[word] += weight / len(WORDS_OF.get(name, (name,)))
    return in_latin(words) if name == "sr-Latn" else words


def small(words: Weights) -> Weights:
    """Return the words in small letters with their shares."""
    lowered: Weights = Counter()
    for word, weight in share(words).items():
        lowered[word.lower()] += weight
    return lowered


def without_marks(words: Weights) -> Weights:
    """Return the words without the marks on their letters."""
    bare: Weights = Counter()
    for word, weight in words.items():
        bare["".join(filter(str.isalpha, unicodedata.normalize("NFD", word)))] += weight
    return bare


def in_latin(words: Weights) -> Weights:
    """Return Serbian words in Latin letters."""
    table = str.maketrans({**_SERBIAN, **{k.upper(): v.title() for k, v in _SERBIAN.items()}})
    latin: Weights = Counter()
    for word, weight in words.items():
        latin[word.translate(table)] += weight
    return latin


def read_messages(directory: Path, codes: Iterable[str]) -> dict[str, list[str]]:
    """Read the messages of MediaWiki and its extensions by code, without their markup."""
    messages: dict[str, list[str]] = {code: [] for code in codes}
    for path in sorted(directory.rglob("i18n/**/*.json")):
        if path.stem in messages:
            fields = json.loads(path.read_bytes())
            messages[path.stem] += [_MARKUP.sub(" ", m) for k, m in fields.items() if k != "@metadata" and " " in m]
    return messages


def message_words(messages: Iterable[str]) -> Weights:
    """Count the words of messages."""
    words: Weights = Counter()
    for message in messages:
        words.update(word for word in words_of(message) if len(word) == 1 or not word.isupper())
    return words


def listed_words(name: str) -> Weights:
    """Read a list of jusText's, with weights by place."""
    spec = find_spec("justext")
    assert spec is not None
    assert spec.origin is not None
    lines = (Path(spec.origin).parent / "stoplists" / f"{name}.txt").read_text(encoding="utf-8").split()
    words: Weights = Counter()
    for place, line in enumerate(lines, 1):
        for word in words_of(line):
            words[word] += 1 / place
    return words


def share(words: Weights) -> Weights:
    """Return the words with their shares of all."""
    total = math.fsum(words.values())
    return Counter({word: weight / total for word, weight in words.items()})


def mixed(words: Weights, others: Weights, part: float) -> Weights:
    """Return two weighings in one, of which the second has this part."""
    both: Weights = Counter()
    for weighing, weight in ((words, 1 - part), (others, part)):
        for word, share_ in weighing.items():
            both[word] += weight * share_
    return both


if __name__ == "__main__":
    main()
