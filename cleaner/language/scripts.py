"""Say which languages the script of a text leaves possible."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import cache
from typing import NamedTuple

# Code points at which a run of letters of one script begins; None is a run without letters that
# tell anything. Source: the block ranges of the Unicode standard.
_RUNS: tuple[tuple[int, str | None], ...] = (
    (0x0000, None),
    (0x0041, "Latin"),
    (0x005B, None),
    (0x0061, "Latin"),
    (0x007B, None),
    (0x00AA, "Latin"),
    (0x00AB, None),
    (0x00B5, None),
    (0x00BA, "Latin"),
    (0x00BB, None),
    (0x00C0, "Latin"),
    (0x00D7, None),
    (0x00D8, "Latin"),
    (0x00F7, None),
    (0x00F8, "Latin"),
    (0x0250, None),
    (0x0370, "Greek"),
    (0x0400, "Cyrillic"),
    (0x0530, "Armenian"),
    (0x0590, "Hebrew"),
    (0x0600, None),
    (0x0620, "Arabic"),
    (0x0660, None),
    (0x066E, "Arabic"),
    (0x06D4, None),
    (0x06D5, "Arabic"),
    (0x06F0, None),
    (0x06FA, "Arabic"),
    (0x0700, None),
    (0x0750, "Arabic"),
    (0x0780, "Thaana"),
    (0x07C0, None),
    (0x08A0, "Arabic"),
    (0x0900, "Devanagari"),
    (0x0964, None),
    (0x0971, "Devanagari"),
    (0x0980, "Bengali"),
    (0x0A00, "Gurmukhi"),
    (0x0A80, "Gujarati"),
    (0x0B00, "Oriya"),
    (0x0B80, "Tamil"),
    (0x0C00, "Telugu"),
    (0x0C80, "Kannada"),
    (0x0D00, "Malayalam"),
    (0x0D80, "Sinhala"),
    (0x0E00, "Thai"),
    (0x0E80, "Lao"),
    (0x0F00, "Tibetan"),
    (0x1000, "Burmese"),
    (0x10A0, "Georgian"),
    (0x1100, "Hangul"),
    (0x1200, "Ethiopic"),
    (0x13A0, None),
    (0x1780, "Khmer"),
    (0x1800, None),
    (0x1C90, "Georgian"),
    (0x1CC0, None),
    (0x1E00, "Latin"),
    (0x1F00, "Greek"),
    (0x2000, None),
    (0x2D00, "Georgian"),
    (0x2D30, None),
    (0x3041, "kana"),
    (0x3097, None),
    (0x309D, "kana"),
    (0x30A0, None),
    (0x30A1, "kana"),
    (0x30FB, None),
    (0x30FC, "kana"),
    (0x3100, None),
    (0x3131, "Hangul"),
    (0x3190, None),
    (0x3400, "Han"),
    (0x4DC0, None),
    (0x4E00, "Han"),
    (0xA000, None),
    (0xAC00, "Hangul"),
    (0xD7B0, None),
    (0xF900, "Han"),
    (0xFB00, "Latin"),
    (0xFB07, None),
    (0xFB1D, "Hebrew"),
    (0xFB50, "Arabic"),
    (0xFE00, None),
    (0xFE70, "Arabic"),
    (0xFEFF, None),
    (0xFF21, "Latin"),
    (0xFF3B, None),
    (0xFF41, "Latin"),
    (0xFF5B, None),
    (0xFF66, "kana"),
    (0xFFA0, None),
    (0x20000, "Han"),
    (0x32000, None),
)
_STARTS = [start for start, _ in _RUNS]

# Anything but Latin letters and signs that every script shares.
_NOT_LATIN = re.compile(
    "[\u0370-\u1dff\u1f00-\u1fff\u2d00-\u2dff\u3040-\ufaff\ufb07-\ufeff\uff66-\uffdc\U00020000-\U00031fff]"
)

# Characters that Japan simplified in its own way, or made: neither Chinese script has them.
_JAPANESE_HAN = re.compile(
    "[県気経済駅広対図売読発鉄黒価実総戦験検権観関変辺込働畑枠円応営圏帰恵掲継剣険効拡楽歳雑姉児仏塩沢滝桜様団挙続"
    "単悪両稲薬訳転軽霊択毎渋焼覚査歩]"
)

LATIN = (
    *("af", "ca", "cs", "cy", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt"),
    *("lv", "nl", "no", "pl", "pt", "ro", "sk", "sl", "so", "sq", "sv", "sw", "tl", "tr", "vi"),
    # From here on the profiles are our own.
    *("az", "br", "ceb", "co", "eo", "eu", "fo", "fy", "ga", "gd", "gl", "ht", "is", "jv", "ku", "la", "lb"),
    *("lg", "mg", "mi", "ms", "mt", "oc", "om", "sn", "sr-Latn", "st", "su", "tn", "ts", "uz", "xh", "yo", "zu"),
)

# The languages of langdetect's profiles that a script is used for, and where it has no profile
# for a script, the one language that most text in it is in.
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "Latin": LATIN,
    "Cyrillic": ("bg", "mk", "ru", "uk", "be", "kk", "ky", "mn", "sr", "tg", "tt"),
    "Arabic": ("ar", "fa", "ur", "ku-Arab", "ps", "sd", "ug"),
    "Devanagari": ("hi", "mr", "ne"),
    "Greek": ("el",),
    "Armenian": ("hy",),
    "Hebrew": ("he", "yi"),
    "Thaana": ("dv",),
    "Bengali": ("bn", "as"),
    "Gurmukhi": ("pa",),
    "Gujarati": ("gu",),
    "Oriya": ("or",),
    "Tamil": ("ta",),
    "Telugu": ("te",),
    "Kannada": ("kn",),
    "Malayalam": ("ml",),
    "Sinhala": ("si",),
    "Thai": ("th",),
    "Lao": ("lo",),
    "Tibetan": ("bo",),
    "Burmese": ("my",),
    "Georgian": ("ka",),
    "Hangul": ("ko",),
    "Ethiopic": ("am", "ti"),
    "Khmer": ("km",),
    "Han": ("zh",),
    "kana": ("ja",),
}
# The script of languages that only n-grams tell apart.
SHARED = {languages: script for script, languages in _LANGUAGES.items() if len(languages) > 1}
LANGUAGES = frozenset(language.split("-")[0] for languages in _LANGUAGES.values() for language in languages)

# Letters of a script that the one language told by it is not written in, but others: Mon, Karen, Shan and Pa'O in
# Burmese letters, Ancient Greek, Mingrelian and Svan in Georgian ones. Source: the names of Unicode's characters.
_OTHERS_LETTERS = re.compile(
    "[\u1022\u1028\u1033-\u1035\u105a-\u109d\ua9e0-\ua9fe\uaa60-\uaa7f\u1f00-\u1fff\u10f1-\u10fa]"
)
# Where more than one letter in so many is such a one, the script proves half as much: of messages of MediaWiki with ten
# letters and more .99 to 1.00 in Shan, Pa'O and S'gaw Karen, .96 in Ancient Greek, .86 in Mon, .42 in Mingrelian, 4 of
# 4,548 in Greek, none of 5,678 in Burmese and Georgian.
_FEW_OTHERS, _LESS = 50, 0.5


_MANY_CHARS = 300


class Candidates(NamedTuple):
    """The languages that a script leaves possible, and how sure it is that one of them is the text's, in [0, 1]."""

    languages: tuple[str, ...]
    score: float


def candidates(text: str) -> Candidates:
    """Return the languages that the script of most of the text leaves possible; none where there are no letters."""
    if text.isascii() or not _NOT_LATIN.search(text):
        return Candidates(LATIN, 1.0) if any(map(str.isalpha, text)) else Candidates((), 0.0)
    # Of a long text every third character says as much as all of them.
    text = text[::3] if len(text) > _MANY_CHARS else text
    counts = _counts(text)
    latin = counts.pop("Latin", 0)
    others = counts.total()
    # Names and terms in Latin letters stand in texts of every script, the reverse is rare; and
    # a Chinese character says as much as a few letters.
    if latin > 2 * others + 3 * counts["Han"]:
        return Candidates(LATIN, 1.0)
    if not others:
        return Candidates((), 0.0)
    han, kana, hangul = counts["Han"], counts["kana"], counts["Hangul"]
    if 2 * (han + kana + hangul) <= others:
        script = max(sorted(filter(None, counts)), key=counts.__getitem__)
    elif 3 * hangul > han + kana:  # Korean has Chinese characters among its own, the reverse is rare
        script = "Hangul"
    else:
        # Japanese prose is half kana, its headlines a tenth, its lists of places have none; Chinese has a の in a name.
        japanese = len(_JAPANESE_HAN.findall(text))
        script = "kana" if 20 * (kana + japanese) > han else "Han"
    # One letter proves less than ten, and letters in a crowd of Latin ones less than letters alone.
    proven = others / (others + 0.5) * min(1.0, others / max(1, latin))
    others_letters = len(_OTHERS_LETTERS.findall(text))
    return Candidates(_LANGUAGES[script], proven * _LESS if others_letters * _FEW_OTHERS > others else proven)


# So many letters of a script are more than a name.
_FEWEST_OF_A_SCRIPT = 20


def is_several_scripts(text: str) -> bool:
    """Whether a text has more than names in two scripts; those of Japanese are one."""
    if not _NOT_LATIN.search(text):
        return False
    counts = _counts(text)
    counts["Han"] += counts.pop("kana", 0)
    return sum(count >= _FEWEST_OF_A_SCRIPT for count in counts.values()) > 1


def _counts(text: str) -> Counter[str]:
    """Count the letters of each script.

    All of one script are taken out at once, by runs of them: a text is in few scripts, and of many different letters.
    """
    counts: Counter[str] = Counter()
    while found := _NOT_LATIN.search(text):
        script = _RUNS[bisect_right(_STARTS, ord(found.group())) - 1][1]
        rest = _letters(script).sub("", text)
        if script:
            counts[script] = len(text) - len(rest)
        text = rest
    if latin := len(text) - len(_letters("Latin").sub("", text)):
        counts["Latin"] = latin
    return counts


@cache
def _letters(script: str | None) -> re.Pattern[str]:
    """Return the pattern of a run of a script's characters."""
    ends = (*_STARTS[1:], 0x110000)
    ranges = [rf"\U{start:08x}-\U{end - 1:08x}" for (start, of), end in zip(_RUNS, ends, strict=True) if of == script]
    return re.compile(f"[{''.join(ranges)}]+")
