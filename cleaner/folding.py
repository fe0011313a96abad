"""The forms in which texts are compared: what of their spelling does not count."""

from __future__ import annotations

import re
import unicodedata

_COMBINING = re.compile("[\u0300-\u036f]")
_LETTERS = re.compile(r"[^\W_]+")
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


def caseless(text: str) -> str:
    """Return a text in one case and with compatible characters as one (NFKC).

    >>> caseless("ＦＵＬＬ ﬁne ǅ")
    'full fine dž'
    """
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def line_key(line: str) -> str:
    """Return what is compared of a line: case and the width of spaces do not count."""
    return " ".join(line.split()).casefold()


def letters(text: str) -> str:
    """Return the letters and digits of a text, in one case.

    >>> letters("The-Daily Bean")
    'thedailybean'
    """
    if text.isascii():
        return text.lower().encode("ascii").translate(None, _ASCII_SIGNS).decode("ascii")
    return "".join(_LETTERS.findall(text.casefold()))


def unmarked_letters(text: str) -> str:
    """Return the letters and digits of a text, in one case and without accents.

    >>> unmarked_letters("Café «à l’étranger»")
    'cafealetranger'
    """
    if text.isascii():
        return letters(text)
    plain = _COMBINING.sub("", unicodedata.normalize("NFKD", text))
    return letters(unicodedata.normalize("NFC", plain))
