"""A formula in a line of text: as its author typed it, or else its letters and signs."""

from __future__ import annotations

import re
from typing import Final

from cleaner.extract.page import Element

_BRACES: Final = re.compile(r"\{\\(?:display|text)style\s*(.*)\}", re.DOTALL)
_NOTES: Final = frozenset({"annotation", "annotation-xml"})
_MOST_ELEMENTS: Final = 1_000  # of a formula whose parts are put together one into another
# What stands between the first two parts of an element.
_BETWEEN: Final = {"mfrac": "/", "msup": "^", "msub": "_", "mroot": "^1/"}
_ONE: Final = re.compile(r"[\w√]*(?:\([^()]*\))?")


def formula(math: Element) -> str:
    """Return a formula as its author wrote it (TeX), or else its letters and signs; fractions and powers stay such."""
    text = math.get("alttext") or ""
    if not text:
        notes = (note for note in math.iter("annotation") if "tex" in (note.get("encoding") or "").lower())
        text = next(("".join(note.itertext()) for note in notes), "")
    return tex(text) if text else _signs(math)


def _signs(math: Element) -> str:
    elements = [element for element in math.iter("*") if element.tag not in _NOTES]
    if len(elements) > _MOST_ELEMENTS:
        parts = (part for leaf in elements for part in (leaf.text, leaf.tail if leaf is not math else None))
        return "".join("".join(part.split()) for part in parts if part)
    written: dict[Element, str] = {}
    for element in reversed(elements):  # what is in an element before it
        children = list(element)
        own = [_packed(element.text)]
        between = _BETWEEN.get(element.tag)
        if between and len(children) > 1:
            first, second = (_grouped(written.get(child, "")) for child in children[:2])
            own.append(first + between + second if second else first)
            children = children[2:]
        for child in children:
            own += [written.get(child, ""), _packed(child.tail)]
        text = "".join(own)
        written[element] = f"√({text})" if element.tag == "msqrt" else text
    return written[math]


def _packed(text: str | None) -> str:
    return "".join((text or "").split())


def _grouped(text: str) -> str:
    return text if _ONE.fullmatch(text) else f"({text})"


def tex(text: str) -> str:
    """Return a formula without the frame that MediaWiki puts around it."""
    braces = _BRACES.fullmatch(text.strip())
    return " ".join((braces.group(1) if braces else text).split())
