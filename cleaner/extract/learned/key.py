"""The words of a text, by which it is known again where its signs and its letters' case differ."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
# The same for texts of ASCII, in a third of the time: small letters and digits, and blanks for what is neither.
_ASCII_WORDS: Final = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 0x20 for code in range(128)).ljust(256)
_ASCII_WORDS_APART: Final = b"\0" + _ASCII_WORDS[1:]


def key(text: str) -> str:
    """Return the words of a text, folded, with a blank between them."""
    if text.isascii():
        return " ".join(text.encode().translate(_ASCII_WORDS).decode().split())
    return " ".join(_WORD.findall(text.casefold()))


def keys(texts: list[str]) -> list[str]:
    """Return the key of each text; no text may have a NUL. Those of ASCII are folded as one."""
    plain = [text for text in texts if text.isascii()]
    folded = iter("\0".join(plain).encode().translate(_ASCII_WORDS_APART).decode().split("\0"))
    return [" ".join(next(folded).split()) if text.isascii() else key(text) for text in texts]
