"""Weigh the n-grams of a text by langdetect's profiles.

The model is langdetect's: a language has a probability for each n-gram of one to three characters,
an n-gram that a profile has not got has a small one, and the probabilities of a text's n-grams
are multiplied. Where langdetect draws n-grams at random until one language wins, all of the text's
n-grams are counted here, once, so the answer is always the same.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from importlib.util import find_spec
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cleaner.language.close import partner, told_apart
from cleaner.language.frequent import evidence_of, unpacked
from cleaner.language.scripts import LATIN, SHARED, candidates

if TYPE_CHECKING:
    from cleaner.language.table import Evidence, Table

# Eight pieces of 60 code points tell 662 whole web pages in 18 languages without an error; so do pieces of 40 and 125.
SAMPLE_CHARS = 480
_PIECES = 8

# The profiles leave out what is rarer than a bound, and eight of them have a bound ten times lower: those would win
# wherever little fits.
RAREST = 8e-5
# Evidence is counted in thousandths of the natural logarithm, in whole numbers: a sum of them
# does not depend on the order or on the machine.
_UNIT = 1000
# Before anything is read: of the web's pages in Latin letters most are in English, of those in Cyrillic in Russian.
_BEFOREHAND = {"en": 2 * _UNIT, "ru": 2 * _UNIT}
# And less in a language of our own profiles than in one of langdetect's: with 12, lines and titles of the web are told
# as without them, and of two words in the new languages one in twenty less than with 0.
_RARER = -12 * _UNIT

# n-grams overlap, so they are not independent witnesses: their sum counts for less than a fifth. With that, of the
# short texts (two words to 200 characters) that get a score of 0.6, 0.8 or 0.94, that many are right, on each of four
# sets.
_TEMPER = 0.18
# So far behind the best, a language takes less from its probability than a float can tell.
_HOPELESS = 40 / _TEMPER * _UNIT
# Where the second is so far behind, all together take less than the least that counts (`_LEAST_OTHERS`).
_FAR = 10 / _TEMPER * _UNIT
# A language that is so much a letter ahead of the second needs no words beside its n-grams (on pages of the web 1750).
_CLEAR = 1000
# What the score is made of: how probable the language is among these (as log odds, up to a bound); how far below the
# usual a text's evidence is, in natural logarithms a letter (21 in any language, less where the text is in none of the
# profiles'); which part of it is neither letter nor space (a tenth of prose, a quarter of code); how far behind the
# second language is, a letter. Each counts less in a text of fewer letters. Logistic regression on 10,500 texts in 83
# languages, 3,500 in 80 without a profile (one in eight of the weight) and 2,000 that are code, tables, addresses and
# hexadecimal (one in twelve).
_CONSTANT, _AMONG, _USUAL, _SIGNS, _AHEAD = -0.22, 0.317, 0.724, -23.76, 1.519
_LEAST_OTHERS, _USUAL_EVIDENCE, _MOST_AHEAD, _MANY_LETTERS = math.exp(-5), 20.0, 2.0, 50
# In Latin letters, with more signs than this and a score below that, it is no language at all.
_CODE_SIGNS, _CODE_SCORE = 0.3, 0.25

_NO_TEXT = re.compile(r"https?://[-_.?&~;+=/#0-9A-Za-z]{1,2076}|[-_.0-9A-Za-z]{1,64}@[-_.0-9A-Za-z]{1,255}")
# A word, to langdetect: no ASCII but letters, no no-break space, guillemets or degree sign, no general punctuation.
_WORD = re.compile("[A-Za-z\x80-\x9f\xa1-\xaa\xac-\xaf\xb1-\xba\xbc-\u1fff\u2070-\U0010ffff]+")
# The same for ASCII alone, by which `str.translate` is five times as fast.
_NO_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha()}
_VIETNAMESE = re.compile("[\u1ea0-\u1eff]")


def sample(text: str) -> str:
    """Return the text, or pieces from all over it where it is long; addresses are left out."""
    if len(text) > SAMPLE_CHARS:
        size = SAMPLE_CHARS // _PIECES
        last = len(text) - size
        starts = [last * piece // (_PIECES - 1) for piece in range(_PIECES)]
        text = "\n".join([_whole_words(text[start : start + size]) for start in starts])
    if "://" in text or "@" in text:
        text = _NO_TEXT.sub(" ", text)
    return text


def _whole_words(piece: str) -> str:
    """Leave out the words at both ends, which may be cut in two: what is left of them is no word."""
    first, last = piece.find(" "), piece.rfind(" ")
    return piece[first + 1 : last] if first < last else piece


class Counted(NamedTuple):
    """What a text's n-grams say for the languages of a script: the words, and the evidence of each part of them.

    The evidence has a row for each part and a column for each language; a part has `size` words, the last one those
    that are left.
    """

    languages: tuple[str, ...]
    words: list[str]
    parts: Evidence
    size: int


def counted(text: str, languages: tuple[str, ...], parts: int = 1) -> Counted:
    """Count the n-grams of a text, in at most a number of parts."""
    words = words_of(text)
    size = -(-len(words) // parts) or 1
    return Counted(languages, words, table_of(languages).evidence(words, range(0, len(words), size)), size)


def most_likely(text: str, told: Counted) -> tuple[str, float]:
    """Return the language that the n-grams of the text, which were counted, speak for, and how probable it is.

    `und` where no n-gram is in any profile, and where the text is code or a table.
    """
    languages, words = told.languages, told.words
    counted_here = told.parts.sum(axis=0).tolist()
    if not any(counted_here):
        return "und", 0.0
    letters = len("".join(words))
    before, places = _known(languages)
    evidence = [*map(add, counted_here, before)]
    best = max(evidence)
    first = evidence.index(best)
    if best - max(evidence[:first] + evidence[first + 1 :]) < _CLEAR * letters:  # words can change something
        evidence = [*map(add, evidence, unpacked(evidence_of(words, SHARED[languages]), len(languages)))]
        best = max(evidence)
    chosen = evidence.index(best)
    name, certain = told_apart(languages[chosen], words)
    for other in {languages[chosen], name, partner(name)}:  # between these the words have decided
        if other in places:
            evidence[places[other]] = 0
    behind = best - max(evidence)
    others = 0.0
    if behind < _FAR:
        others = sum([math.exp((one - best) * _TEMPER / _UNIT) for one in evidence if best - one < _HOPELESS])
    signs = 1 - (letters + text.count(" ") + text.count("\n")) / len(text)
    many = min(1.0, letters / _MANY_LETTERS)
    log_odds = _CONSTANT + _AMONG * -math.log(max(others, _LEAST_OTHERS))
    log_odds += _USUAL * many * min(0.0, counted_here[chosen] / _UNIT / letters - _USUAL_EVIDENCE)
    log_odds += _SIGNS * many * signs
    log_odds += _AHEAD * many * max(0.0, min(_MOST_AHEAD, behind / _UNIT / letters))
    score = certain / (1 + math.exp(-log_odds))
    if score < _CODE_SCORE and signs > _CODE_SIGNS and languages is LATIN:
        return "und", 0.0
    return name.split("-")[0], score


def _fields(text: str, languages: tuple[str, ...]) -> tuple[list[int], list[str]]:
    """Return the evidence for each language, and the words that give it."""
    told = counted(text, languages)
    return told.parts[0].tolist(), told.words


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are counted, in what langdetect made its profiles from and here."""
    if text.isascii():
        return text.translate(_NO_LETTERS).split()
    text = text.replace("\u0219", "\u015f").replace("\u021b", "\u0163").replace("\u06cc", "\u064a")
    return _WORD.findall(_VIETNAMESE.sub("\u1ec3", text))


def total_evidence(text: str) -> float:
    """Return the evidence for the language that a text fits best, in natural logarithms."""
    return best_evidence(sample(text)) / _UNIT


def best_evidence(text: str) -> int:
    """Return how much evidence there is for the language, of those in its script, that most speaks for.

    In thousandths of the natural logarithm.
    """
    languages, _ = candidates(text)
    return max(_fields(text, languages)[0]) if len(languages) > 1 else 0


def evidence_by_language(text: str) -> tuple[dict[str, float], int]:
    """Return the evidence for each language in Latin letters, in natural logarithms, and how many letters give it."""
    fields, words = _fields(text, LATIN)
    return {name: field / _UNIT for name, field in zip(LATIN, fields, strict=True)}, sum(map(len, words))


def fit(text: str) -> tuple[str, float]:
    """Return the language that fits a text best, and the evidence for it a letter, in natural logarithms.

    `und` and 0.0 where there are no letters; 0.0 where only one language is written in the script.
    """
    languages, _ = candidates(text)
    if len(languages) < 2:
        return (*languages, "und")[0], 0.0
    fields, words = _fields(sample(text), languages)
    best = max(fields)
    return languages[fields.index(best)].split("-")[0], best / _UNIT / max(1, sum(map(len, words)))


# A letter that makes up less of a language's text is one of borrowed words and names.
_USUAL_LETTER = 1e-4


@cache
def usual_letters(language: str) -> frozenset[str]:
    """Return the letters that texts in a language are usually written in; none where its profile is not known."""
    return frozenset(ngram for ngram, share in _shares(language).items() if len(ngram) == 1 and share >= _USUAL_LETTER)


@cache
def one_letter_words(language: str) -> frozenset[str]:
    """Return the letters that are a word by themselves in a language."""
    return frozenset(ngram[1] for ngram in _shares(language) if len(ngram) == 3 and ngram[::2] == "  ")


def _own_profile(name: str) -> Path:
    return Path(__file__).parent / "profiles" / name


def _shares(name: str) -> dict[str, float]:
    """Return the share of each n-gram among those of its size, as a profile has it."""
    own = _own_profile(name)
    try:
        profile = json.loads((own if own.exists() else _langdetect_profiles() / name).read_bytes())
    except OSError:
        return {}
    totals = profile["n_words"]
    return {ngram: count / totals[len(ngram) - 1] for ngram, count in profile["freq"].items()}


@cache
def _known(languages: tuple[str, ...]) -> tuple[list[int], dict[str, int]]:
    """Return what is known of languages before anything is read, and their places."""
    known = [_BEFOREHAND.get(name, _RARER if _own_profile(name).exists() else 0) for name in languages]
    return known, {name: place for place, name in enumerate(languages)}


@cache
def table_of(languages: tuple[str, ...]) -> Table:
    """Return the n-grams of the languages of a script."""
    # Not above, for numpy: a check of texts that raise no doubt starts without it.
    from cleaner.language.table import FOLDER, Table

    return Table((FOLDER / SHARED[languages]).read_bytes())


@cache
def _langdetect_profiles() -> Path:
    # Not `import langdetect`: it loads and sets up what is not needed here.
    spec = find_spec("langdetect")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("langdetect is not installed", name="langdetect")
    return Path(spec.origin).parent / "profiles"
