"""What kind of page it is, as its head, its forms and its address say: an article, a thread, a search, a wall."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from cleaner.extract.page import Element

_TYPE: Final = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"([^"]{1,40})"')
_MOST_SCRIPT: Final = 100_000
# Kinds of things that JSON-LD says a page is, and words in the classes and ids of <html> and <body>.
_TYPES: Final = (
    ("article", re.compile("article|posting|report|review|recipe|howto|podcast|opinion")),
    ("product", re.compile("product|offer|vehicle|apartment|event|localbusiness|hotel|course")),
    ("thread", re.compile("discussion|qapage|question|faq")),
    ("list", re.compile("collection|itemlist|searchresult|profilepage|gallery")),
)
_BODY_NAMES: Final = tuple(
    re.compile(words)
    for words in (
        "error|404|notfound|not-found",
        "search",
        "archive|categor|tag|home|front|listing|index",
        "single|article|post|story|detail|news",
        "forum|thread|topic|question",
        "product|shop|store|item",
    )
)
_MOST_NAMES: Final = 600
_TYPED: Final = frozenset({"text", "email", "tel", "search", "url"})
_TICKED: Final = frozenset({"checkbox", "radio"})
_PRESSED: Final = frozenset({"submit", "button"})
_MOST: Final = 30


def page_kind(tree: Element) -> dict[str, int]:
    """Return what kind of page it is, a number a fact."""
    counts: Counter[str] = Counter()
    stated = address = ""
    noindex = False
    for element in tree.iter("meta", "link", "input", "button", "script"):
        tag = element.tag
        if tag == "input":
            counts[_field(element)] += 1
        elif tag == "button":
            counts["buttons"] += 1
        elif tag == "script":
            if "ld+json" in (element.get("type") or ""):
                stated += " ".join(_TYPE.findall((element.text or "")[:_MOST_SCRIPT])) + " "
        elif tag == "link":
            if (element.get("rel") or "").lower() == "canonical":
                address = address or element.get("href") or ""
        elif (element.get("property") or "").lower() == "og:url":
            address = element.get("content") or address
        elif (element.get("name") or "").lower() == "robots":
            noindex = "noindex" in (element.get("content") or "").lower()
    depth, words = _path(address)
    kinds, names = stated.lower(), _names(tree)
    facts = {"page_depth": depth, "page_path": words, "page_noindex": int(noindex)}
    facts |= {f"page_{name}": min(counts[name], _MOST) for name in ("fields", "secrets", "ticks", "buttons")}
    facts |= {f"page_of_{name}": int(pattern.search(kinds) is not None) for name, pattern in _TYPES}
    facts |= {f"page_name{n}": int(pattern.search(names) is not None) for n, pattern in enumerate(_BODY_NAMES)}
    return facts


def _field(element: Element) -> str:
    kind = (element.get("type") or "text").lower()
    if kind in _TYPED:
        return "fields"
    if kind in _TICKED:
        return "ticks"
    if kind in _PRESSED:
        return "buttons"
    return "secrets" if kind == "password" else ""


def _path(address: str) -> tuple[int, int]:
    """Return how many parts the path of an address has, and how many hyphens its last; -1 where there is none."""
    if not address:
        return -1, -1
    parts = [part for part in re.sub(r"^(?:https?:)?//[^/]*", "", address).split("?")[0].split("/") if part]
    last = parts[-1] if parts else ""
    return min(len(parts), _MOST), min(max(last.count("-"), last.count("_")), _MOST)


def _names(tree: Element) -> str:
    body = tree.find("body")
    elements = [tree] if body is None else [tree, body]
    names = " ".join(f"{element.get('class') or ''} {element.get('id') or ''}" for element in elements)
    return names[:_MOST_NAMES].lower()
