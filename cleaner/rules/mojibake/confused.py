"""Text whose bytes were read in another encoding of one byte a letter, or as if East Asian text were Western.

ftfy knows UTF-8 that was read wrongly; here it is the other encodings: `Âå÷åðíèé` is Вечерний in Windows-1251, read as
Windows-1252. A line is read anew only where what it says now fits no language and what comes out fits one far better.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import lt
from typing import NamedTuple

from cleaner.language.evidence import fit
from cleaner.rules.mojibake import central
from cleaner.rules.mojibake.guard import line_numbers
from cleaner.rules.mojibake.western import HIGH, decoded, encoded, is_text, readings, western_bytes

# A line of fewer letters tells too little, by itself.
_FEWEST_LETTERS = 12
_FEWEST_FOREIGN = 8
# Evidence a letter, in natural logarithms: what is broken has 3 to 11, Cyrillic 4 to 17, a text in its language 18 to
# 25.
_GOOD, _PROOF, _FAR_BETTER = 15.0, 17.5, 4.0
# Of a text in another alphabet this part of what is no ASCII is letters of it.
_MOST = 0.9
# In so many letters of a Western text not one in two stands beside others that are no ASCII.
_WESTERN = 0.6
# Of a line this part is no ASCII where its letters are of another script.
_FOREIGN_SHARE = 0.3
# So many letters each of which stands behind the one before in the code are an alphabet, as programs have it.
_ALPHABET = 8
NAMES = {
    **{"cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1252": "Windows-1252", "cp1253": "Windows-1253"},
    **{"cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256", "cp1257": "Windows-1257"},
    **{"koi8-r": "KOI8-R", "cp866": "the DOS code page 866", "iso8859-2": "ISO-8859-2", "iso8859-16": "ISO-8859-16"},
    **{
        "gbk": "GBK",
        "big5": "Big5",
        "shift_jis": "Shift-JIS",
        "euc_kr": "EUC-KR",
        "euc_jp": "EUC-JP",
        "utf-8": "UTF-8",
    },
}
# Letters beyond ASCII one after the other, as no Western word has them; the first bytes of Japanese kana.
_HIGH_RUN = re.compile("[\xa1-\xff]{3}|[‚ƒ\x82\x83][\x80-\xff][‚ƒ\x82\x83]")
# Small letters with capitals behind (KOI8-R and Windows-1251 have them the other way round), lines for drawing boxes
# and signs at letters, letters with a sign behind.
_ODD_CYRILLIC = re.compile(
    "[А-Я](?<=[а-я].)|[\u2500-\u259f√∙■№°](?:(?<=[\u0400-\u045f].)|[\u0400-\u045f])|"
    "[¤¦©¬®Ґґ](?<=[\u0400-\u045f].)|[А-Я]{2} [А-Я]{2}"
)
# What these have that is no ASCII: a look at that alone comes before one at the text.
# Nine characters that bytes were read as, not all of them quotation marks, dashes and no-break spaces.
_MARKS = "\xa0\u2013-\u2026\u2122"
_HIGH_REST = re.compile(
    f"(?=[\x80-\xff\u0152-\u0192\u2013-\u2122]{{9}})[{_MARKS}]{{0,8}}[\x80-\x9f\xa1-\xff\u0152-\u0192\u2030-\u20ac]"
)
_CYRILLIC_REST = re.compile("[\u0400-\u045f\u2500-\u259f]")


class Reading(NamedTuple):
    """A line read anew, and what its bytes were, and what they were read as."""

    text: str
    encoding: str
    read_as: str


def confusions(text: str, rest: str) -> Iterable[tuple[int, str, Reading]]:
    """Return the lines that are to be read anew: where each begins, the line, and the reading.

    `rest` is what of the text is no ASCII. Where half of a text is read anew in one way, the lines of it that are too
    short to tell by themselves are, too.
    """
    if not _may_be_confused().search(rest):
        return ()
    cyrillic, odd = _CYRILLIC_REST.search(rest), central.odd_letters(text, rest)
    asked = set() if cyrillic or odd else line_numbers(_HIGH_REST, rest)
    if not (cyrillic or odd or asked):
        return ()
    lines, beyond = text.split("\n"), rest.split("\n")
    if odd and (encoding := central.likely(text, odd)):
        anew = {number: _read(line, encoding, "cp1252") for number, line in enumerate(lines) if not line.isascii()}
    else:
        anew = {number: _confused(lines[number], beyond[number], odd) for number in asked or range(len(lines))}
    readings = {number: reading for number, reading in anew.items() if reading is not None}
    return _throughout(lines, readings) if readings else ()


@cache
def _may_be_confused() -> re.Pattern[str]:
    """Return an expression for what no text without is looked at: one glance, that most texts end with."""
    return re.compile("|".join((_CYRILLIC_REST.pattern, central.changed().pattern, _HIGH_REST.pattern)))


def _throughout(lines: list[str], anew: dict[int, Reading]) -> Iterator[tuple[int, str, Reading]]:
    """Yield the lines read anew; where more than half of all that it would change was read in one way, all in that."""
    letters: Counter[tuple[str, str]] = Counter()
    for number, reading in anew.items():
        letters[reading.encoding, reading.read_as] += len(lines[number])
    way, told = max(letters.items(), key=lambda item: (item[1], item[0]))
    same_way = {
        number: other
        for number, line in enumerate(lines)
        if not line.isascii() and (other := _read(line, *way)) and other.text != line
    }
    if 2 * told > sum(len(lines[number]) for number in {**anew, **same_way}):
        anew = {**anew, **same_way}
    start = 0
    for number, line in enumerate(lines):
        if number in anew:
            yield start, line, anew[number]
        start += len(line) + 1


def _confused(line: str, beyond: str, odd: str) -> Reading | None:
    """Return the line as it was meant; None where it is right, or where nothing tells.

    `beyond` is what of it is no ASCII, `odd` the letters that may be Central European ones.
    """
    if len(beyond) > _FOREIGN_SHARE * len(line) and _HIGH_REST.search(beyond) and _HIGH_RUN.search(line):
        found = _foreign(line)
        if found is not None:
            return found
    if _CYRILLIC_REST.search(beyond):
        return _cyrillic(line) if _ODD_CYRILLIC.search(line) else None
    if any(letter in beyond for letter in odd) and (own := central.odd_letters(line, beyond)):
        encoding = central.likely(line, own)
        return _read(line, encoding, "cp1252") if encoding else None
    return None


def _read(line: str, encoding: str, read_as: str) -> Reading | None:
    """Read a line in the way that the rest of its text is to be read; None where that gives no words."""
    data = western_bytes(line) if read_as == "cp1252" else encoded(line, read_as)
    text = decoded(data, encoding) if data is not None else None
    if text is None or not is_text(text) or re.search("[\u2500-\u259f]", text):
        return None
    return Reading(text, encoding, read_as)


def _foreign(line: str) -> Reading | None:
    """Read a line of Western letters that are hardly ever ASCII in the encodings of other scripts."""
    letters_beyond = HIGH.findall(line)
    high = len(letters_beyond)
    if all(map(lt, letters_beyond[:_ALPHABET], letters_beyond[1:_ALPHABET])):
        return None
    ascii_letters = len(re.findall("[A-Za-z]", line))
    if high < _FEWEST_FOREIGN // 2 or high < _WESTERN * (high + ascii_letters):
        return None
    data = western_bytes(line)
    if data is None or decoded(data, "utf-8") is not None or fit(line)[1] > _GOOD:
        return None
    worth = [(_worth(text, encoding), text, encoding) for encoding, text in readings(data, _FOREIGN)]
    best = max(worth, default=(0.0, "", ""))
    return Reading(best[1], best[2], "cp1252") if best[0] > 0 else None


def _cyrillic(line: str) -> Reading | None:
    """Read a Cyrillic line in the other encodings of Cyrillic."""
    now = fit(line)[1]
    if now > _PROOF:
        return None
    best = Reading("", "", "")
    most = max(_GOOD, now + _FAR_BETTER)
    for read_as in ("cp1251", "koi8-r", "cp866"):
        data = encoded(line, read_as)
        if data is None:
            continue
        # UTF-8 read as Windows-1251 is ftfy's.
        for encoding, text in readings(data, ("cp1251", "koi8-r", "cp866", *(("utf-8",) * (read_as != "cp1251")))):
            if encoding != "utf-8" and _letters(text) < _MOST * _letters(line):
                continue
            if encoding != read_as and _letters(text) >= _FEWEST_FOREIGN and fit(text)[1] > most:
                best, most = Reading(text, encoding, read_as), fit(text)[1]
    return best if best.text else None


def _worth(text: str, encoding: str) -> float:
    """Return how well a text fits what the encoding is made for; 0 where it does not."""
    script, is_likely = _FOREIGN[encoding]
    beyond = [char for char in text if char > "\x7f"]
    letters = sum(map(script, beyond))
    if letters < _MOST * len(beyond) or (letters < _FEWEST_FOREIGN and not is_likely):
        return 0.0
    if is_likely is None:
        fits = fit(text)[1]
        # In other scripts one language alone is likely where its words look like words.
        return fits if fits > _PROOF else fits / 25 if fits > _GOOD else 0.0
    return is_likely(text)


def _cyrillic_letter(char: str) -> bool:
    return "\u0400" <= char < "\u0530"


def _greek(char: str) -> bool:
    return "\u0370" <= char < "\u0400"


def _hebrew(char: str) -> bool:
    return "\u05d0" <= char < "\u05f0"


def _arabic(char: str) -> bool:
    return "\u0600" <= char < "\u0700"


def _east_asian(char: str) -> bool:
    return "\u3000" <= char < "\ua000" or "\uac00" <= char < "\ud7b0" or "\uff00" <= char < "\uffe8"


def _words_of(pattern: str, weight: float = 1.0) -> Callable[[str], float]:
    """Return a function that says how many words of a text are written as the expression asks."""
    word, all_words = re.compile(pattern), re.compile(r"\w+")

    def share(text: str) -> float:
        words = [found for found in all_words.findall(text) if not found.isascii()]
        good = sum(bool(word.fullmatch(found)) for found in words)
        return (
            weight * good / len(words)
            if good >= _MOST * len(words) and sum(map(len, words)) >= _FEWEST_LETTERS
            else 0.0
        )

    return share


def _common(encoding: str, first: int, last: int, weight: float = 1.0) -> Callable[[str], float]:
    """Return a function that says which part of a text is in the rows of a code that have its frequent characters."""

    def share(text: str) -> float:
        leads = [lead[0] for char in text if _east_asian(char) and len(lead := char.encode(encoding, "ignore")) > 1]
        frequent = sum(first <= lead <= last for lead in leads)
        # The rows before the ideographs have signs and, in Japanese and Korean, more.
        # Chinese read as Korean has Chinese characters among the Hangul, Korean read as Chinese looks like Chinese.
        return (frequent / len(leads)) ** 2 * weight if len(leads) >= 3 and frequent >= 0.75 * len(leads) else 0.0

    return share


def _kana(text: str) -> float:
    """Return which part of a text is kana, where that is as much as Japanese has."""
    letters = sum(map(_east_asian, text))
    kana = sum("\u3041" <= char < "\u3100" for char in text)
    return 2 + kana / letters if letters >= 4 and kana >= 0.25 * letters else 0.0


_FOREIGN: dict[str, tuple[Callable[[str], bool], Callable[[str], float] | None]] = {
    "cp1251": (_cyrillic_letter, None),
    "koi8-r": (_cyrillic_letter, None),
    "cp866": (_cyrillic_letter, None),
    "cp1253": (_greek, _words_of("[Ͱ-Ͽ]?[ά-ώϊϋΐΰ]+|[Ά-Ϋ]+")),
    # Five letters stand at the end of a word alone: what Russian would be in Hebrew has them everywhere.
    "cp1255": (_hebrew, _words_of("[אבגדהוזחטיכלמנסעפצקרשת]*[א-ת]", 25.0)),
    "cp1256": (_arabic, None),
    "gbk": (_east_asian, _common("gb2312", 0xB0, 0xD7)),
    "big5": (_east_asian, _common("big5", 0xA4, 0xC6)),
    "euc_kr": (_east_asian, _common("euc_kr", 0xB0, 0xC8, 1.4)),
    "shift_jis": (_east_asian, _kana),
    "euc_jp": (_east_asian, _kana),
}


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
