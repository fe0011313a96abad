"""Derive the guard of the mojibake rule from ftfy's tables; run it to write cleaner/rules/mojibake/signs.py."""

from __future__ import annotations

import re
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parse  # type: ignore[attr-defined]
from typing import Any

import ftfy
from ftfy.badness import BADNESS_RE
from ftfy.chardata import CONTROL_CHARS

Group = tuple[str, str, str]

_HEADER = '''"""The characters that ftfy may act on, each with the neighbours that it takes to make it suspicious.

Generated from ftfy {version}'s own tables by tests/rules/mojibake_signs.py; a test compares the two. Every
branch of `ftfy.badness.BADNESS_RE` holds one of these characters beside one of these neighbours, so
where none stands, `ftfy.badness.is_bad` is false.
"""

from __future__ import annotations

# Removed or replaced wherever they stand: control characters, surrogates.
CONTROLS = {controls}

# (characters, the one before is one of these, the one after is one of these); "" asks nothing of that side.
SIGNS: tuple[tuple[str, str, str], ...] = (
{groups})
'''


def controls() -> str:
    """Give the inside of a character class: what ftfy's control, C1 and surrogate fixers act on."""
    points = sorted({*CONTROL_CHARS, *range(0x80, 0xA0), *range(0xD800, 0xE000)})
    return ranges({chr(point) for point in points})


def signs() -> list[Group]:
    """Give for each branch of ftfy's expression a character and a neighbour that it cannot match without."""
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for branch in sre_parse.parse(BADNESS_RE.pattern, BADNESS_RE.flags)[0][1][1]:
        elements = [_members(*element) for element in branch]
        place = min(range(len(elements)), key=lambda i: _commonness(elements[i]))
        sign = elements[place]
        assert sign is not None, branch
        if sign <= {chr(point) for point in range(0x80, 0xA0)}:
            continue  # among the controls
        beside: list[tuple[int, set[str], dict[str, set[str]]]] = []
        if place + 1 < len(elements) and (following := elements[place + 1]) is not None:
            beside.append((len(following), following, after))
        if place > 0 and (preceding := elements[place - 1]) is not None:
            beside.append((len(preceding), preceding, before))
        assert beside, branch
        _, neighbours, side = min(beside, key=lambda candidate: candidate[0])
        for char in sign:
            side.setdefault(char, set()).update(neighbours)
    groups: list[Group] = []
    for side, at in ((before, 1), (after, 2)):
        by_neighbours: dict[str, set[str]] = {}
        for char, neighbours in side.items():
            by_neighbours.setdefault(ranges(neighbours), set()).add(char)
        for neighbours_class, chars in by_neighbours.items():
            groups.append((ranges(chars), *((neighbours_class, "") if at == 1 else ("", neighbours_class))))
    return sorted(groups)


def ranges(chars: set[str]) -> str:
    """Write a set of characters as the inside of a character class, in ASCII."""
    points = sorted(map(ord, chars))
    runs: list[list[int]] = []
    for point in points:
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "".join(_escaped(a) if a == b else f"{_escaped(a)}-{_escaped(b)}" for a, b in runs)


def _escaped(point: int) -> str:
    if chr(point).isascii() and chr(point).isalnum():
        return chr(point)
    if point > 0xFFFF:
        return f"\\U{point:08x}"
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"


def _members(kind: Any, value: Any) -> set[str] | None:
    """Give the characters that an element of a branch matches; None where it may match nothing or has a class."""
    if kind is sre.LITERAL:
        return {chr(value)}
    if kind is not sre.IN:
        return None
    chars: set[str] = set()
    negated = False
    for item, argument in value:
        if item is sre.NEGATE:
            negated = True
        elif item is sre.LITERAL:
            chars.add(chr(argument))
        elif item is sre.RANGE:
            chars.update(map(chr, range(argument[0], argument[1] + 1)))
        else:
            return None
    return {chr(point) for point in range(0x110000)} - chars if negated else chars


def _commonness(chars: set[str] | None) -> int:
    """Say how often such a character stands in clean text, roughly: the guard is fastest on the rarest."""
    if chars is None:
        return 1 << 60
    total = 0
    for char in chars:
        if char.isascii():
            total += 1_000_000_000
        elif "\u0391" <= char <= "\u03c9" or "\u0410" <= char <= "\u044f":
            total += 1_000
        elif char.islower():
            total += 100
        elif char in "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\xa0":
            total += 60
        else:
            total += 20 if char.isalpha() else 1
    return total


def source() -> str:
    """Give the generated module."""
    groups = "".join(
        "    (\n" + "".join(f"        {_literal(part, 8)},\n" for part in group) + "    ),\n" for group in signs()
    )
    filled = {"{version}": ftfy.__version__, "{controls}": _literal(controls(), 0), "{groups}": groups}
    return re.sub("|".join(filled), lambda match: filled[match.group()], _HEADER)


def _literal(text: str, indent: int) -> str:
    pieces = re.findall(r"(?:\\U.{8}|\\u....|\\x..|.){1,15}", text) or [""]
    if len(pieces) == 1:
        return f'r"{pieces[0]}"'
    inner = " " * (indent + 4)
    return "(\n" + "".join(f'{inner}r"{piece}"\n' for piece in pieces) + " " * indent + ")"


if __name__ == "__main__":
    target = Path(__file__).parents[2] / "cleaner" / "rules" / "mojibake" / "signs.py"
    target.write_text(source(), encoding="utf-8")
