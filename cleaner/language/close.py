"""Tell languages apart that have the same n-grams, by the words that one of them uses and the other hardly."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cleaner.language.frequent import known, unpacked

# Pairs of profiles that n-grams cannot tell apart: the first is the one of a text in which no word tells. Each has a
# file of words with what they say for the first, or for the second.
PAIRS = (("hr", "sr-Latn"), ("id", "ms"), ("tn", "st"), ("zu", "xh"), ("mk", "sr"))
_PAIR_OF = {name: pair for pair in PAIRS for name in pair}
# Words are not independent witnesses: their sum, in natural logarithms, counts for so much.
_TEMPER = 0.5
_UNIT = 1000
# What the n-grams, which took the text for the first or for the second, count beside the words; of Croatian and
# Indonesian, which are the commoner ones, they say next to nothing.
_FIRST, _SECOND = 1.5, -0.5
_LEANINGS = {"hr": (0.5, 0.3), "id": (0.75, 0.75)}


def told_apart(name: str, words: Sequence[str]) -> tuple[str, float]:
    """Return the profile, or the one that it is mistaken for, and how probable it is of the two, in [0, 1].

    >>> told_apart("hr", "Vreme je bilo lepo".split())[0]
    'sr-Latn'
    """
    if name not in _PAIR_OF:
        return name, 1.0
    one, other = _PAIR_OF[name]
    leaning = _LEANINGS.get(one, (_FIRST, _SECOND))[name != one]
    for_one, for_other = unpacked(known(f"{one}+{other}").evidence(words), 2)
    sure = (for_one - for_other) * _TEMPER / _UNIT + leaning
    chance = 1 / (1 + math.exp(-max(-50.0, min(50.0, sure))))
    return (one, chance) if sure >= 0 else (other, 1 - chance)


def partner(name: str) -> str:
    """Return the profile that one is mistaken for; itself where there is none."""
    one, other = _PAIR_OF.get(name, (name, name))
    return other if name == one else one
