"""What a page says of itself in JSON-LD, however well the JSON is written, in time linear in its length."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

# The longest block on 2,180 labelled pages has 0.3 million code points; what is longer describes no page.
_MOST_CHARS = 1_000_000
_MOST_NODES = 10_000
# What may stand before the JSON and between two values of it: <!--, //<![CDATA[, a comment's ends, semicolons.
_BETWEEN = re.compile(r"(?:[\s;/*]|<!--|-->|<!\[CDATA\[|\]\]>)*")
# A string (one that never ends goes to the end), or a comma after which nothing comes.
_LOOSE_COMMA = re.compile(r'("[^"\\]*(?:\\(?:.|\Z)[^"\\]*)*(?:"|\Z))|,(?=\s*[}\]])', re.DOTALL)
# A backslash with what JSON knows after it, or alone.
_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
# A member and its value where that is a string: up to a quote that a value can end with, at most 500 code points.
_MEMBER = re.compile(
    r'"(@type|headline|name|author|publisher|datePublished)"\s*:\s*'
    r'(?:"((?:[^"\\\n]|\\.|"(?!\s*[,}\]\n])){0,500})")?'
)

Node = dict[str, Any]


def nodes(text: str) -> Iterator[Node]:
    """Yield the nodes of a block that name their type, in order; of broken JSON one node with what can be read.

    Lists, `@graph` and what a page is mainly of (`mainEntity`) are opened. What else is nested belongs to something
    that the page shows or names.
    """
    waiting = [read(text)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            waiting += [value.get("mainEntity"), value.get("@graph")]
            if value.get("@type"):
                yield value


def read(text: str) -> Any:
    """Return what a block holds: strictly read, else mended, else a node of the members that can be told in it."""
    if len(text) > _MOST_CHARS:
        return None
    try:
        return _values(text)
    except (ValueError, RecursionError):
        pass
    mended = _mended(text)
    try:
        return _values(mended)
    except (ValueError, RecursionError):
        return _members(mended)


def _values(text: str) -> list[Any]:
    """Return the values that stand in a text one after another. Raises ValueError where the first cannot be read."""
    decoder = json.JSONDecoder(strict=False)  # not strict: line breaks inside a string are common
    values: list[Any] = []
    place = _end(text, 0)
    while place < len(text):
        try:
            value, place = decoder.raw_decode(text, place)
        except ValueError:
            if values:
                break
            raise
        values.append(value)
        place = _end(text, place)
    return values


def _end(text: str, place: int) -> int:
    match = _BETWEEN.match(text, place)
    return match.end() if match else place


def _mended(text: str) -> str:
    """Return a text without the faults that are made most: entities for quotes, a comma too many, unknown escapes."""
    if '"' not in text:
        text = unescape(text)
    text = _LOOSE_COMMA.sub(lambda match: match[1] or "", text)
    return _ESCAPE.sub(lambda match: match[0] if match[1] else "", text)


def _members(text: str) -> Node | None:
    """Return a node of the first headline and date, all authors and the publisher that can be told in broken JSON."""
    node: Node = {}
    authors: list[str] = []
    owner = ""
    for match in _MEMBER.finditer(text):
        key, value = match.groups()
        if key in ("author", "publisher"):
            owner = key
        if not value:
            continue
        if key == "name" and owner == "publisher":
            node.setdefault("publisher", {"name": _unescaped(value)})
        elif (key == "name" and owner) or key == "author":
            authors.append(_unescaped(value))
        elif key not in ("name", "@type", "publisher") or (key == "@type" and not owner):
            node.setdefault(key, _unescaped(value))
    return {**node, "author": authors} if node else None


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value
