"""The forms in which texts are compared: what of their spelling does not count."""

from __future__ import annotations

import re
import unicodedata

_COMBINING = re.compile("[\u0300-\u036f]")
# A hyphen, or a soft one, at the end of a line in the middle of a word, with the line end. It begins at the hyphen:
# letters are many.
_BROKEN_WORD = re.compile(r"[-\u2010\xad]\n(?<=[^\W\d_]..)[ \t]*(?=[^\W\d_])", re.DOTALL)
_POINTS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
_HARAKAT = "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
SEEN_THROUGH = f"\xad\u0640{_POINTS}{_HARAKAT}"
_SEEN_THROUGH = re.compile(f"[{SEEN_THROUGH}]+")
_LETTERS = re.compile(r"[^\W_]+")
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


def caseless(text: str) -> str:
    """Return a text in one case and with compatible characters as one (NFKC).

    >>> caseless("ＦＵＬＬ ﬁne ǅ")
    'full fine dž'
    """
    if text.isascii():
        return text.lower()
    if "\n" in text:
        # Nothing joins a line end. One "½" in a text, and NFKC takes twenty times as long for all that it looks at.
        return "\n".join(map(caseless, text.split("\n")))
    return unicodedata.normalize("NFKC", text).casefold()


def comparable(text: str) -> str:
    r"""Return a text without case, and without what is seen through when texts are compared.

    That is what print and careful spelling add to the same words: hyphens at the end of a line, soft hyphens, the
    lengthened strokes and vowel signs of Arabic, the points of Hebrew.

    >>> comparable("har-\nbour, Mon\xadday, قَـهْوَة")
    'harbour, monday, قهوة'
    """
    return _SEEN_THROUGH.sub("", caseless(_BROKEN_WORD.sub("", text)))


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
