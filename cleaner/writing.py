"""Writing systems that put no spaces between words, as ranges of code points, first and last included."""

from __future__ import annotations

from collections.abc import Iterable

Range = tuple[int, int]

THAI_AND_LAO: Range = (0x0E00, 0x0EFF)
TIBETAN: Range = (0x0F00, 0x0FFF)
BURMESE: Range = (0x1000, 0x109F)
KHMER: Range = (0x1780, 0x17FF)
HANGUL: Range = (0xAC00, 0xD7AF)
# CJK from the radicals to the ideographs with kana between, compatibility ideographs, half-width kana, and the
# ideographs beyond the basic plane.
HAN_AND_KANA: tuple[Range, ...] = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x20000, 0x3FFFF))

# A letter of these counts as a word of its own. Shingles are made by them: a change makes each near-duplicate index
# void.
UNSPACED: tuple[Range, ...] = (*HAN_AND_KANA, THAI_AND_LAO, BURMESE, KHMER)

# Where a zero-width space says where a word ends. After Thai to Khmer: Tai Le to Khmer symbols, Tai Tham, Javanese and
# Burmese additions, Tai Viet.
SOUTHEAST_ASIAN: tuple[Range, ...] = (
    THAI_AND_LAO,
    TIBETAN,
    BURMESE,
    KHMER,
    (0x1950, 0x19FF),
    (0x1A20, 0x1AAF),
    (0xA980, 0xA9FF),
    (0xAA60, 0xAADF),
)


def character_class(ranges: Iterable[Range]) -> str:
    r"""Return what stands for the characters of these ranges between the brackets of a regular expression.

    >>> character_class((THAI_AND_LAO, KHMER)) == "\u0e00-\u0eff\u1780-\u17ff"
    True
    """
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def is_spaced(character: str) -> bool:
    """Whether a letter belongs to a script that puts spaces between words, told by four comparisons at most.

    Coarser than `UNSPACED`: from Thai on, only Georgian to Ethiopic, Latin and Greek with marks, and Hangul are spaced.
    """
    return (
        character < "\u0e00"
        or "\u10a0" <= character < "\u1780"
        or "\u1e00" <= character < "\u2e80"
        or "\uac00" <= character < "\ud7b0"
    )
