"""Whether a text's letters beyond ASCII would be those of one Central European, Turkish or Baltic language.

A glance before any word is looked at: `èìø` are čěř in Windows-1250, all of them Czech; `àèêç` are ŕčęç, which no
language has.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from cleaner.rules.mojibake.western import decoded, western_bytes

LANGUAGES = {
    "cp1250": ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "sr-Latn", "sq"),
    "iso8859-2": ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "sr-Latn"),
    "cp1254": ("tr", "az"),
    "cp1257": ("lt", "lv", "et"),
    "iso8859-16": ("ro", "pl", "hr", "hu"),
}
"""The languages that are written in an encoding. Of two that explain the same, the first is taken."""
ALPHABETS = {
    "az": "çəğıi̇öşü",
    "cs": "áčďéěíňóřšťúůýž",
    "et": "äõöüšž",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "pl": "ąćęłńóśźż",
    "ro": "ăâîşţșț",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "sq": "çë",
    "sr-Latn": "čćđšž",
    "tr": "çğıi̇öşüâîû",
}
"""The letters of each beyond ASCII."""
_PAIRS = tuple((encoding, language) for encoding, languages in LANGUAGES.items() for language in languages)
# The rest of a text's letters are those of foreign names.
_SHARE = 0.85
# So many of them are enough.
_MOST_CHARS = 20_000
# Each pair has a field of this width in one number, so that one addition adds to all.
_FIELD_BITS = 16


def is_one_language(rest: str) -> bool:
    """Whether the letters, read in some encoding, are nearly all of one language. `rest` is what is no ASCII."""
    letters = Counter(filter(str.isalpha, rest[:_MOST_CHARS]))
    told = sum(count * _pairs(letter) for letter, count in letters.items())
    field = (1 << _FIELD_BITS) - 1
    most = max(told >> _FIELD_BITS * place & field for place in range(len(_PAIRS)))
    return most >= _SHARE * letters.total()


@lru_cache(1024)
def _pairs(letter: str) -> int:
    """Return the pairs, a field each, in which a letter is one of the language's: as it is, or read anew."""
    data = western_bytes(letter)
    told = 0
    for place, (encoding, language) in enumerate(_PAIRS):
        meant = letter if data is None else decoded(data, encoding)
        if meant is not None and meant.lower() in ALPHABETS[language]:
            told += 1 << _FIELD_BITS * place
    return told
