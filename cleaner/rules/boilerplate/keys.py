"""Fold a line to the key that phrases are compared with."""

from __future__ import annotations

import re
import unicodedata

from cleaner.folding import caseless

# Bullets, arrows, separators, brackets and the symbols that themes put before a link. Quotation marks and
# the question mark stay: a line in quotation marks is a quotation.
_DECORATION = (
    " \t.:!|»›>-–—_#~=/\\·•●○◦▪▫■□◆◇★☆▶▷►▸▹◀◄◂‹«<→←↑↓↗↘↩↪⇒➔➜➡⟶✓✔✗✘×✕✖✚⋮⋯…,;()[]{}【】〈〉《》「」（）［］：！｜。、，；"
    "📷📸🎥📹▲▼△▽⏩⏪⏯⏵🔗🔍🔔📧✉📩📢👉👇👆⬇⬆➤➥➢❯❮⭐💬🗨📌📍📝📰🔥❤👍🖨🔴\u200e\u200f\ufe0f\u2060"
)
# Curly quotes and dashes as on a typewriter; what has no width, and soft hyphens, out; ё and ı as their plain sisters.
_PLAIN: dict[str, str | None] = (
    dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f")
    | dict.fromkeys("’‘‛ʼ´`", "'")
    | dict.fromkeys("“”„‟″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"ё": "е", "ı": "i"}
)
# Combining marks after Latin and Greek letters: PUBLICITE is Publicité. Cyrillic й, kana and Devanagari keep theirs.
_LATIN_OR_GREEK_MARKS = re.compile("([a-z\u0100-\u024f\u0370-\u03ff])[\u0300-\u036f]+")
_MARK = re.compile("[\u0300-\u036f]")
# A text of more code points than this is looked through for them as bytes.
SHORT = 500


def _unmarked(text: str) -> str:
    text = _LATIN_OR_GREEK_MARKS.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text)


# The same for letters that are one character with their mark, those that NFKC leaves as they are.
_RANGES = (*range(0xC0, 0x250), *range(0x370, 0x400), *range(0x1E00, 0x2000))
_LETTERS = [letter for letter in map(chr, _RANGES) if unicodedata.is_normalized("NFKC", letter)]
_UNMARKED = {letter: plain for letter in _LETTERS if (plain := _unmarked(letter)) != letter}
_FOLDED = {letter: plain or "" for letter, plain in (_UNMARKED | _PLAIN).items()}
_TO_FOLD = re.compile(f"[{''.join(map(re.escape, _FOLDED))}]")
# One number with its thousands, decimals and k or m; and what before it goes along: spaces, colons and brackets.
_NUMBER = re.compile(r"\d+(?:[.,\s]\d{3}(?!\d))*(?:[.,]\d+)?(?:[km](?![^\W\d]))?[)\]]?", re.ASCII)
_BEFORE_NUMBER = " \t\n\r\f\v:(["
_DIGIT = re.compile(r"[0-9]")
_OTHER_DIGITS = re.compile(r"[^\W\D]")


def fold(text: str) -> str:
    """Fold letters and punctuation; lines stay where they are.

    NFKC, case-folded, curly quotes and dashes made plain, invisible characters taken out, marks
    taken off Latin and Greek letters.

    >>> fold("PUBLICITÉ – À l’étranger")
    "publicite - a l'etranger"
    """
    if text.isascii():
        return text.lower()
    text = caseless(text)
    # To replace those that are there takes a quarter of the time of `str.translate`.
    for letter in dict.fromkeys(_TO_FOLD.findall(text)):
        text = text.replace(letter, _FOLDED[letter])
    if len(text) > SHORT:
        # In UTF-8 marks begin with one of two bytes, which are sought in a fifth of the time.
        data = text.encode("utf-8", "surrogatepass")
        if b"\xcc" not in data and b"\xcd" not in data:
            return text
    return _unmarked(text) if _MARK.search(text) else text


def key(line: str) -> str:
    """Fold a line and take decoration off its ends; runs of white space become one space.

    >>> key("  • LIRE AUSSI :")
    'lire aussi'
    """
    return trim(fold(line))


def trim(folded: str) -> str:
    """Take decoration off the ends of a folded line; runs of white space become one space."""
    folded = folded.strip(_DECORATION).lstrip("*+" + _DECORATION)
    if "  " in folded or not folded.isprintable():  # no white space but the plain space is printable
        folded = " ".join(folded.split())
    return folded


def numbered(folded: str) -> str:
    """Put `#` in the place of each number of a key.

    >>> numbered("comments (1,204)")
    'comments #'
    """
    if not _DIGIT.search(folded):
        return folded.strip()
    # An expression that begins at what stands before a number is tried at each space.
    *before, last = _NUMBER.split(folded)
    return " #".join([*[part.rstrip(_BEFORE_NUMBER) for part in before], last]).strip()
