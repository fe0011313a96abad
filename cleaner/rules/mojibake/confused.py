"""Text whose bytes were read in another encoding of one byte a letter, or as if East Asian text were Western.

ftfy knows UTF-8 that was read wrongly; here it is the other encodings: `Âå÷åðíèé` is Вечерний in Windows-1251, read as
Windows-1252. A line is read anew only where what it says now fits no language and what comes out fits one far better.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from cleaner.language.evidence import fit, total_evidence

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
# Of Latin letters read as other Latin ones one in ten is wrong: what each that changes has to gain, and all together,
# in natural logarithms.
_GOOD_LATIN, _LATIN_GAIN, _LEAST_LATIN_GAIN = 15.5, 8.0, 24.0
_SIGN_IN_WORD = re.compile(r"[^\W\d_][^\w\s'’‘.·&/@()-][^\W\d_]")

# What bytes were read as, and what those from 0x80 to 0x9F became where it leaves them out: the control characters.
_WINDOWS_1252 = {bytes([b]).decode("cp1252"): b for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
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
_HIGH = re.compile("[\x80-\xff" + re.escape("".join(_WINDOWS_1252)) + "]")
# Letters beyond ASCII one after the other, as no Western word has them; the first bytes of Japanese kana.
_HIGH_RUN = re.compile("[\xa1-\xff]{3}|[‚ƒ][\xa0-\xff][‚ƒ]")
# Small letters with capitals behind (KOI8-R and Windows-1251 have them the other way round), lines for drawing boxes,
# letters with a sign behind.
_ODD_CYRILLIC = re.compile(
    "[А-Я](?<=[а-я].)|[\u2500-\u259f](?:(?<=[а-яА-Я].)|[а-яА-Я])|[¤¦©¬®Ґґ](?<=[\u0400-\u045f].)|[А-Я]{2} [А-Я]{2}"
)
# Signs inside and at the end of words; letters that are Icelandic's and hardly anybody else's; pairs that no language
# has.
_ODD_LATIN = re.compile(
    "[¹³º¿¾¶±¼£¯](?:(?<=[A-Za-z].)[A-Za-zà-ÿ]|(?<=[a-z].)\\b|[a-z]{2})|[ðþ](?:(?<=[a-zà-ÿ].)|[a-zà-ÿ])"
    "|^(?=[^ø]*ø)[^ìèù]*[ìèù]|^(?=[^õû]*[õû])[^öü]*[öü]"
)
# What the three have that is no ASCII: a look at that alone comes before one at the text.
_SIGNS_BEHIND = frozenset("¹³º¿¾¶±¼£¯")
_HIGH_REST = re.compile("[\x80-\xff\u0152-\u0192\u2013-\u2122]{9}")
_CYRILLIC_REST = re.compile("[\u0400-\u045f\u2500-\u259f]")
_ODD_REST = re.compile("[\u0400-\u045f\u2500-\u259f¹³º¿¾¶±¼£¯ðþ]")
_PAIRS = (("ø", "ìèù"), ("õ", "öü"), ("û", "öü"))


class Reading(NamedTuple):
    """A line read anew, and what its bytes were, and what they were read as."""

    text: str
    encoding: str
    read_as: str


def confusions(text: str, rest: str) -> Iterator[tuple[int, str, Reading]]:
    """Yield the lines that are to be read anew: where each begins, the line, and the reading.

    `rest` is what of the text is no ASCII. Where half of a text is read anew in one way, the lines of it that are too
    short to tell by themselves are, too.
    """
    elsewhere = _ODD_REST.search(rest) or _has_pair(rest)
    if not elsewhere and not _HIGH_REST.search(rest):
        return
    lines = text.split("\n")
    readings = [
        confused(line, beyond) if elsewhere or len(beyond) > _FOREIGN_SHARE * len(line) else None
        for line, beyond in zip(lines, rest.split("\n"), strict=True)
    ]
    if not any(readings):
        return
    letters: Counter[tuple[str, str]] = Counter()
    for line, reading in zip(lines, readings, strict=True):
        if reading is not None:
            letters[reading.encoding, reading.read_as] += len(line)
    way, told = max(letters.items(), key=lambda item: (item[1], item[0]), default=(("", ""), 0))
    everywhere = 2 * told > sum(len(line) for line in lines if not line.isascii())
    start = 0
    for line, reading in zip(lines, readings, strict=True):
        if reading is None and everywhere and not line.isascii():
            reading = _read(line, *way)
        if reading is not None:
            yield start, line, reading
        start += len(line) + 1


def confused(line: str, beyond: str) -> Reading | None:
    """Return the line as it was meant; None where it is right, or where nothing tells.

    `beyond` is what of it is no ASCII.
    """
    found = None
    if len(beyond) > _FOREIGN_SHARE * len(line) and _HIGH_REST.search(beyond) and _HIGH_RUN.search(line):
        found = _foreign(line)
    if found is not None or not (_ODD_REST.search(beyond) or _has_pair(beyond)):
        return found
    if _CYRILLIC_REST.search(beyond):
        return _cyrillic(line) if _ODD_CYRILLIC.search(line) else None
    return _latin(line) if _ODD_LATIN.search(line) else None


def _has_pair(rest: str) -> bool:
    """Whether there are two letters that no language has both."""
    return any(one in rest and any(other in rest for other in others) for one, others in _PAIRS)


def _read(line: str, encoding: str, read_as: str) -> Reading | None:
    """Read a line in the way that the rest of its text is to be read; None where that gives no words."""
    data = _western_bytes(line) if read_as == "cp1252" else _encoded(line, read_as)
    text = _decoded(data, encoding) if data is not None else None
    if text is None or not text.isprintable() or re.search("[\u2500-\u259f]", text):
        return None
    return Reading(text, encoding, read_as)


def _foreign(line: str) -> Reading | None:
    """Read a line of Western letters that are hardly ever ASCII in the encodings of other scripts."""
    high = len(_HIGH.findall(line))
    ascii_letters = len(re.findall("[A-Za-z]", line))
    if high < _FEWEST_FOREIGN // 2 or high < _WESTERN * (high + ascii_letters):
        return None
    data = _western_bytes(line)
    if data is None or _decoded(data, "utf-8") is not None or fit(line)[1] > _GOOD:
        return None
    readings = [(_worth(text, encoding), text, encoding) for encoding, text in _readings(data, _FOREIGN)]
    best = max(readings, default=(0.0, "", ""))
    return Reading(best[1], best[2], "cp1252") if best[0] > 0 else None


def _cyrillic(line: str) -> Reading | None:
    """Read a Cyrillic line in the other encodings of Cyrillic."""
    now = fit(line)[1]
    best = Reading("", "", "")
    most = max(_GOOD, now + _FAR_BETTER)
    for read_as in ("cp1251", "koi8-r", "cp866"):
        data = _encoded(line, read_as)
        if data is None:
            continue
        for encoding, text in _readings(data, ("cp1251", "koi8-r", "cp866", "utf-8")):
            if encoding != read_as and _letters(text) >= _FEWEST_FOREIGN and fit(text)[1] > most:
                best, most = Reading(text, encoding, read_as), fit(text)[1]
    return best if best.text else None


def _latin(line: str) -> Reading | None:
    """Read a line of Latin letters in the encodings of Central Europe, Turkey and the Baltic."""
    data = _western_bytes(line)
    if data is None or _letters(line) < _FEWEST_LETTERS or _decoded(data, "utf-8") is not None:
        return None
    odd = _ODD_LATIN.findall(line)
    if len(odd) == 1 and odd[0] in _SIGNS_BEHIND:  # one sign behind a word may be right
        return None
    now = total_evidence(line)
    best, most = Reading("", "", ""), 0.0
    for encoding, text in _readings(data, tuple(_LATIN)):
        changed = sum(one != other for one, other in zip(line, text, strict=True))
        language, fits = fit(text)
        gain = (total_evidence(text) - now) / max(1, changed)
        if (
            language in _LATIN[encoding]
            and fits > _GOOD_LATIN
            and gain > max(most, _LATIN_GAIN)
            and gain * changed > _LEAST_LATIN_GAIN
            and not _SIGN_IN_WORD.search(text)
        ):
            best, most = Reading(text, encoding, "cp1252"), gain
    return best if best.text else None


_LATIN = {
    "cp1250": ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "sr", "sq"),
    "iso8859-2": ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "sr"),
    "iso8859-16": ("ro", "pl", "hr", "hu"),
    "cp1254": ("tr", "az"),
    "cp1257": ("lt", "lv", "et"),
}


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


def _readings(data: bytes, encodings: Iterable[str]) -> Iterator[tuple[str, str]]:
    for encoding in encodings:
        text = _decoded(data, encoding)
        if text is not None:
            yield encoding, text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


@cache
def _western_table() -> dict[int, int]:
    return {ord(char): byte for char, byte in _WINDOWS_1252.items()}


def _western_bytes(line: str) -> bytes | None:
    """Return the bytes of a line that was read as Windows-1252 or Latin-1; None where it cannot have been."""
    return _encoded(line.translate(_western_table()), "latin-1")


def _encoded(line: str, encoding: str) -> bytes | None:
    try:
        return line.encode(encoding)
    except UnicodeEncodeError:
        return None
