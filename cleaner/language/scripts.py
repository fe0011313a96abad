"""Say which languages the script of a text leaves possible."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

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
_NOT_LATIN = re.compile("[\u0370-\u1dff\u2d00-\u2dff\u3040-\ufaff\ufb07-\ufeff\uff66-\uffdc\U00020000-\U00031fff]")

# The languages of langdetect's profiles that a script is used for, and where it has no profile
# for a script, the one language that most text in it is in.
_LANGUAGES: dict[str, tuple[str, ...]] = {
    # fmt: off
    "Latin": (
        "af", "ca", "cs", "cy", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt",
        "lv", "nl", "no", "pl", "pt", "ro", "sk", "sl", "so", "sq", "sv", "sw", "tl", "tr", "vi",
    ),
    # fmt: on
    "Cyrillic": ("bg", "mk", "ru", "uk"),
    "Arabic": ("ar", "fa", "ur"),
    "Devanagari": ("hi", "mr", "ne"),
    "Greek": ("el",),
    "Armenian": ("hy",),
    "Hebrew": ("he",),
    "Thaana": ("dv",),
    "Bengali": ("bn",),
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
    "Ethiopic": ("am",),
    "Khmer": ("km",),
    "Han": ("zh",),
    "kana": ("ja",),
}


def candidates(text: str) -> tuple[str, ...]:
    """Give the languages that the script of most of the text leaves possible; () where there are no letters."""
    if text.isascii() or not _NOT_LATIN.search(text):
        return _LANGUAGES["Latin"] if any(map(str.isalpha, text)) else ()
    counts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        script = _RUNS[bisect_right(_STARTS, ord(char)) - 1][1]
        if script is not None:
            counts[script] += count
    # Names and terms in Latin letters stand in texts of every script, the reverse is rare; and
    # a Chinese character says as much as three letters.
    latin = counts.pop("Latin", 0)
    others = sum(counts.values())
    if latin > 2 * others + counts["Han"]:
        return _LANGUAGES["Latin"]
    han, kana = counts["Han"], counts["kana"]
    if han and han + kana > others - han - kana:
        # Japanese prose is half kana, its headlines a tenth; Chinese has a の in a brand's name.
        return ("ja",) if 20 * kana > han else ("zh",)
    return _LANGUAGES[max(counts, key=lambda script: (counts[script], script))]
