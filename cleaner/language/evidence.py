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
import struct
from functools import cache
from importlib.util import find_spec
from pathlib import Path

SAMPLE_CHARS = 1000
_CHUNKS = 8

# The probability of an n-gram that a profile has not got.
_UNSEEN = 1e-5
# Evidence is counted in thousandths of the natural logarithm, in whole numbers: a sum of them
# does not depend on the order or on the machine.
_UNIT = 1000
# A field holds the evidence of a sample: at most 3 n-grams a character, each worth ln(1 / _UNSEEN).
_FIELD_BITS = 32
# n-grams overlap, so they are not independent witnesses: the sum counts this much.
_TEMPER = 0.3

_NAMES = {"zh": "zh-cn"}

_NO_TEXT = re.compile(r"https?://[-_.?&~;+=/#0-9A-Za-z]{1,2076}|[-_.0-9A-Za-z]{1,64}@[-_.0-9A-Za-z]{1,255}")
# A word, to langdetect: no ASCII but letters, no no-break space, guillemets or degree sign, no general punctuation.
_WORD = re.compile("[A-Za-z\x80-\x9f\xa1-\xaa\xac-\xaf\xb1-\xba\xbc-\u1fff\u2070-\U0010ffff]+")
_VIETNAMESE = re.compile("[\u1ea0-\u1eff]")


def sample(text: str) -> str:
    """Give the text, or pieces from all over it where it is long; addresses are left out."""
    if len(text) > SAMPLE_CHARS:
        size = SAMPLE_CHARS // _CHUNKS
        step = (len(text) - size) / (_CHUNKS - 1)
        text = "\n".join(text[start : start + size] for start in (int(step * i) for i in range(_CHUNKS)))
    if "://" in text or "@" in text:
        text = _NO_TEXT.sub(" ", text)
    return text


def most_likely(text: str, languages: tuple[str, ...]) -> tuple[str, float]:
    """Give the language that the n-grams of the text speak for, and its probability among these."""
    table = _table(languages)
    words = [word.title() if word.isupper() and len(word) > 1 else word for word in _WORD.findall(text)]
    spaced = f"  {' '.join(words)} "
    if not spaced.isascii():
        # As langdetect did when it made the profiles.
        spaced = spaced.replace("\u0219", "\u015f").replace("\u021b", "\u0163").replace("\u06cc", "\u064a")
        spaced = _VIETNAMESE.sub("\u1ec3", spaced)
    get = table.get
    total = 0
    for trigram in [spaced[i : i + 3] for i in range(len(spaced) - 2)]:
        # langdetect takes no n-gram across a space: those are in no profile, so the bigram or the letter counts.
        total += get(trigram) or get(trigram[1:]) or get(trigram[2], 0)
    fields = struct.unpack(f"<{len(languages)}I", total.to_bytes(4 * len(languages), "little"))
    best = max(fields)
    weight = sum(math.exp((field - best) * _TEMPER / _UNIT) for field in fields)
    return languages[fields.index(best)], round(1 / weight, 4)


@cache
def _table(languages: tuple[str, ...]) -> dict[str, int]:
    """Map an n-gram to the evidence that it and its endings give for each language.

    The evidences of all languages stand side by side in one integer, a field of `_FIELD_BITS` each: one
    addition adds them all. The entry of `abc` holds that of `bc` and of `c` as well.
    """
    single: dict[str, int] = {}
    for place, language in enumerate(languages):
        shift = place * _FIELD_BITS
        for ngram, evidence in _profile(language).items():
            single[ngram] = single.get(ngram, 0) + (evidence << shift)
    joined = {ngram: value for ngram, value in single.items() if len(ngram) == 1 and ngram != " "}
    for size in (2, 3):
        for ngram, value in single.items():
            if len(ngram) == size:
                ending = ngram[1:]
                joined[ngram] = value + (joined.get(ending) or joined.get(ending[1:], 0))
    return joined


def _profile(language: str) -> dict[str, int]:
    path = _profiles_directory() / _NAMES.get(language, language)
    profile = json.loads(path.read_text(encoding="utf-8"))
    totals = profile["n_words"]
    return {
        ngram: round(_UNIT * math.log1p(count / totals[len(ngram) - 1] / _UNSEEN))
        for ngram, count in profile["freq"].items()
    }


def _profiles_directory() -> Path:
    # Not `import langdetect`: it loads and sets up what is not needed here.
    spec = find_spec("langdetect")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("langdetect is not installed", name="langdetect")
    return Path(spec.origin).parent / "profiles"
