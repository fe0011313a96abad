"""The lines of a recipe that a page states for search engines: its ingredients and its steps (schema.org's Recipe).

A recipe stands in a box of its own, often behind a story of several screens: lists of short lines, buttons to print
and to rate. Which of its lines are text need not be guessed where the page says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any, Final

import numpy as np

from cleaner.extract.block import Page
from cleaner.extract.learned.characters import Ints
from cleaner.extract.learned.key import key
from cleaner.extract.metadata import jsonld
from cleaner.extract.page import Element

_INGREDIENTS: Final = ("recipeIngredient", "ingredients")
_STEPS: Final = "recipeInstructions"
_PROPERTIES: Final = frozenset({*_INGREDIENTS, _STEPS})
_MARKUP: Final = re.compile(r"<[^<>]{0,300}>")
_MOST_LINES: Final = 400
_MOST_DEPTH: Final = 5
# The shortest line that is known again by itself: "salt" stands in menus, too.
_LEAST_KEY: Final = 8
# The longest one, and the longest block that is looked at: a step.
_MOST_KEY: Final = 5_000
# All of them together, for each block of the page is sought in them.
_MOST_STATED: Final = 50_000
# A block that says more than one stated line, such as "Step 1: …", has to have this share of its letters from them.
_SHARE: Final = 0.7
# An ingredient may be linked, its amount is not; what is nothing but a link leads to another recipe.
_LINKED: Final = 950  # of a thousand code points


def stated_lines(tree: Element) -> tuple[str, ...]:
    """Return the keys of the lines of a recipe that a page states in JSON-LD; none where it states no recipe."""
    found: dict[str, None] = {}
    left = _MOST_STATED
    for line in islice(_lines(tree), _MOST_LINES):
        told = key(_MARKUP.sub(" ", unescape(line[:left])))
        left = max(0, left - len(told))
        if _LEAST_KEY <= len(told) <= _MOST_KEY:
            found[told] = None
    return tuple(found)


def _lines(tree: Element) -> Iterator[str]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            text = script.text or ""
            if any(name in text for name in _PROPERTIES):
                for node in jsonld.nodes(text):
                    for name in (*_INGREDIENTS, _STEPS):
                        yield from _strings(node.get(name), 0)


def _strings(value: Any, depth: int) -> Iterator[str]:
    """Yield the lines of a property: a string, or a list of strings, of steps, or of sections with steps."""
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, list) and depth < _MOST_DEPTH:
        for one in value:
            yield from _strings(one, depth + 1)
    elif isinstance(value, dict):
        yield from _strings(value.get("itemListElement") or value.get("text"), depth + 1)


def recipe_lines(page: Page, stated: tuple[str, ...], links: Ints) -> Ints:
    """Return 1 for each block that is a line of the recipe that a page states; `links` is how much of it links."""
    result = np.zeros(len(page.blocks), np.int64)
    named = frozenset(node for node, telling in page.attributes.items() if telling.get("itemprop") in _PROPERTIES)
    if not stated and not named:
        return result
    whole = "\n".join(f" {line} " for line in stated)
    glued = frozenset(line.replace(" ", "") for line in stated)  # "6db" in columns of their own is "6 db"
    for number, block in enumerate(page.blocks):
        if links[number] < _LINKED and len(block.text) <= _MOST_KEY:
            told = key(block.text)
            result[number] = (named and not named.isdisjoint(page.ancestors(block.node))) or (
                len(told) >= _LEAST_KEY
                and (f" {told} " in whole or told.replace(" ", "") in glued or _says(told, stated))
            )
    return result


def _says(told: str, stated: tuple[str, ...]) -> bool:
    """Tell whether most of a block is lines that are stated."""
    padded = f" {told} "
    return sum(len(line) for line in stated if f" {line} " in padded) >= _SHARE * len(told)
