"""Whether characters that look broken are what the text shows: tables of codes, lists of letters, advice on repair.

`é Ã© C3 A9` is right as it stands. What says so stands close by: the letter itself, its codes, or a list of letters of
which hardly one would change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.entities import codepoint2name
from itertools import pairwise
from unicodedata import category

from cleaner.document import Edit

# So far from a place, in its line, what says something of it may stand; and so far, where only signs stand between.
_NEAR, _BESIDE = 160, 16
# A list of letters: so many that follow each other in Unicode, or so many different ones around.
_IN_ORDER, _DIFFERENT, _AROUND = 6, 8, 40
_CONTROL = re.compile("[\x80-\x9f]")
_IN_QUOTES = re.compile("([`\"'])[^\x00-\x7f]\\1")


def without_shown(text: str, edits: Sequence[Edit], code: str) -> list[Edit]:
    """Return the edits without those of `code`, of broken characters, that are about what the text shows."""
    broken = [edit for edit in edits if edit.code == code]
    alone = [edit for edit in broken if _is_alone(text, edit.start, len(edit.old))]
    shown = {edit for edit in alone if _is_beside_its_repair(text, edit) or _has_its_codes(text, edit)}
    if len({edit.old for edit in shown}) > 1:  # a table; what stands alone like these belongs to it
        shown.update(edit for edit in alone if _is_marked_off(text, edit.start, len(edit.old)))
    shown.update(edit for edit in alone if _is_a_quoted_control(text, edit))
    rows = [edit for edit in broken if _is_in_a_row(text, edit)]
    if rows:
        places = {place for edit in broken for place in range(edit.start, edit.start + len(edit.old))}
        shown.update(edit for edit in rows if _is_listed(text, edit, places))
    return [edit for edit in edits if edit not in shown] if shown else list(edits)


def _is_alone(text: str, start: int, size: int) -> bool:
    """Whether neither a letter nor a figure stands at either side."""
    return not (text[start - 1 : start].isalnum() or text[start + size : start + size + 1].isalnum())


def _is_marked_off(text: str, start: int, size: int) -> bool:
    """Whether a sign stands at both sides: quotation marks, the lines of a table."""
    around = text[start - 1 : start] + text[start + size : start + size + 1]
    return len(around) == 2 and not any(char.isalnum() or char.isspace() for char in around)


def _near(text: str, edit: Edit) -> tuple[int, int]:
    """Return the beginning and end of what is near in the line."""
    start, end = max(0, edit.start - _NEAR), edit.start + len(edit.old)
    line_end = text.find("\n", end, end + _NEAR)
    return text.rfind("\n", start, edit.start) + 1 or start, line_end if line_end >= 0 else min(len(text), end + _NEAR)


def _is_beside_its_repair(text: str, edit: Edit) -> bool:
    """Whether what would come stands alone near by, with nothing but signs between, or both in marks of their own."""
    if not edit.new.strip() or edit.new.isascii():
        return False
    size, end = len(edit.new), edit.start + len(edit.old)
    near, last = _near(text, edit)
    is_marked_off = _is_marked_off(text, edit.start, len(edit.old))
    at = text.find(edit.new, near, last)
    while at >= 0:
        if _is_alone(text, at, size) and not edit.start <= at < end:
            between = text[at + size : edit.start] if at < edit.start else text[end:at]
            if len(between) <= _BESIDE and not any(map(str.isalnum, between)):
                return True
            if is_marked_off and _is_marked_off(text, at, size):
                return True
        at = text.find(edit.new, at + 1, last)
    return False


def _has_its_codes(text: str, edit: Edit) -> bool:
    r"""Whether the bytes or the number of what would come stand near by: `C3 A9`, `\xc3\xa9`, `U+00E9`, `&eacute;`."""
    if len(edit.new) != 1 or edit.new.isascii():
        return False
    start, end = _near(text, edit)
    number = ord(edit.new)
    octets = r"[\s,]*(?:0x|\\x|%|=)?".join(f"{byte:02x}" for byte in edit.new.encode("utf-8"))
    asked = [rf"(?:0x|\\x|%|=)?{octets}", rf"(?:u\+|\\u|&#x0*|0x){number:04x}", rf"(?:0x|\\x|&#x0*){number:x}"]
    asked += [f"&#{number};", f"&{codepoint2name.get(number, '#')};"]
    return re.search(rf"(?<![0-9a-z])(?:{'|'.join(asked)})(?![0-9a-z])", text[start:end], re.IGNORECASE) is not None


def _is_a_quoted_control(text: str, edit: Edit) -> bool:
    """Whether it is a control character that stands alone in quotes, as programs have it."""
    if not _CONTROL.fullmatch(edit.old) or not _IN_QUOTES.match(text, edit.start - 1 if edit.start else 0):
        return False
    return text[edit.start - 1] == "`" or len(_IN_QUOTES.findall(text, *_near(text, edit))) > 2


def _is_in_a_row(text: str, edit: Edit) -> bool:
    """Whether more beyond ASCII stands beside it, or it is a row by itself."""
    end, old = edit.start + len(edit.old), edit.old
    if (text[edit.start - 1 : edit.start] + text[end : end + 1]).isascii():
        return len(old) >= _IN_ORDER and ord(old[_IN_ORDER - 1]) - ord(old[0]) == _IN_ORDER - 1
    return True


def _is_listed(text: str, edit: Edit, places: set[int]) -> bool:
    """Whether it stands in a row in Unicode's order, or in one of many different letters or signs that stay."""
    first, last = edit.start, edit.start + len(edit.old)
    start, end = max(0, first - _AROUND), min(len(text), last + _AROUND)
    while first > start and _is_beyond_ascii(text[first - 1]):
        first -= 1
    while last < end and _is_beyond_ascii(text[last]):
        last += 1
    around = text[max(first, edit.start - _IN_ORDER) : min(last, edit.start + len(edit.old) + _IN_ORDER)]
    steps = [ord(other) - ord(one) == 1 for one, other in pairwise(around)]
    if any(all(steps[at : at + _IN_ORDER - 1]) for at in range(len(steps) - _IN_ORDER + 2)):
        return True
    stay = [text[place] for place in range(first, last) if place not in places]
    if len(stay) < _DIFFERENT or len({*stay}) < len(stay):
        return False
    changes_case = sum(one.islower() and other.isupper() for one, other in pairwise(stay)) > 1
    return changes_case or sum(category(char)[0] == "S" for char in stay) >= _DIFFERENT


def _is_beyond_ascii(char: str) -> bool:
    return char > "\x7f" and not char.isspace()
