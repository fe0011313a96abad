"""What ftfy's attempts at a line come to, known without them: it tries ten encodings, at half a millisecond a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

Steps = Sequence[tuple[str, str]]

_C1 = re.compile("[\x80-\x9f]")
# The C1 controls whose bytes are characters in each Windows encoding that ftfy knows: quotation marks, dashes, dots.
_WINDOWS_CONTROL = re.compile("[\x80\x82\x84-\x87\x89\x8b\x91-\x97\x99\x9b]")


def cannot_decode(line: str) -> bool:
    """Whether ftfy's look for a wrong encoding leaves the line as it is.

    It does where there is no C1 control, no stretch that is UTF-8 by itself, and no pair of characters that would be
    the first bytes of a character in UTF-8, even with its other bytes lost, in any encoding that ftfy tries.
    """
    from ftfy.chardata import UTF8_DETECTOR_RE

    return not (_C1.search(line) or UTF8_DETECTOR_RE.search(line) or _first_bytes().search(line))


def from_windows_1252(line: str) -> tuple[str, Steps] | None:
    """Return the line with its C1 controls read as Windows-1252, where that is what ftfy comes to in the end.

    It is the commonest of all, and ftfy first tries ten encodings: in vain where no pair of characters looks like
    UTF-8 and one control is a character in each of the Windows encodings, so that only Latin-1 and ISO-8859-2 can
    have been the wrong one: both give bytes that are no UTF-8.
    """
    if not _WINDOWS_CONTROL.search(line) or _like_utf8().search(line):
        return None
    try:
        decoded = line.encode("latin-1").decode("windows-1252")
    except UnicodeError:
        return None
    return decoded, (("encode", "latin-1"), ("decode", "windows-1252"))


@cache
def _like_utf8() -> re.Pattern[str]:
    """Return an expression that matches where Latin-1 text may be UTF-8, or hold some of it."""
    from ftfy.chardata import UTF8_CLUES as CLUES

    first = CLUES["utf8_first_of_2"] + CLUES["utf8_first_of_3"] + CLUES["utf8_first_of_4"]
    # A space may have been a no-break space.
    return re.compile(f"[\xc0-\xf4{first}][\x80-\xbf {CLUES['utf8_continuation']}]")


@cache
def _first_bytes() -> re.Pattern[str]:
    """Return an expression for a pair of characters whose bytes begin a character of UTF-8 in one of the encodings.

    A lone U+FFFD, which stands for a lost byte, is such a character, too.
    """
    from ftfy.chardata import CHARMAP_ENCODINGS

    firsts, pairs = set("\ufffd\x1a"), ["(?<=[\ufffd\x1a])"]
    for encoding in CHARMAP_ENCODINGS:
        first = bytes([0xC0, *range(0xC2, 0xF5)]).decode(encoding)
        # A byte may be lost, and a space may have been a no-break space.
        then = bytes(range(0x80, 0xC0)).decode(encoding) + " ?\ufffd\x1a"
        firsts.update(first)
        pairs.append(f"(?<=[{re.escape(first)}])[{re.escape(then)}]")
    return re.compile(f"[{re.escape(''.join(sorted(firsts)))}](?:{'|'.join(pairs)})")
