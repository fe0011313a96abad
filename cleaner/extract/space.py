"""White space as a browser shows it: one blank for a run of it."""

from __future__ import annotations

import re
from typing import Final

_SPACE: Final = re.compile(r"[ \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


def words(text: str) -> list[str]:
    """Return what stands between white space."""
    if "\x85" in text:  # white space to str.split(), but part of broken letters ("â\x85\x93" was ⅓)
        return [word for word in _SPACE.split(text) if word]
    return text.split()


def collapse(text: str) -> str:
    r"""Return the text with one blank for each run of white space, and none at its ends.

    >>> collapse("  Café\n opens ")
    'Café opens'
    """
    return " ".join(words(text))
