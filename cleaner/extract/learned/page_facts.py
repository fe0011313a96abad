"""What a page says of itself before one reads its text: titles, description, type, the article's text in JSON-LD."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from cleaner.extract.block import Page
from cleaner.extract.learned.key import key
from cleaner.extract.learned.page_kind import page_kind
from cleaner.extract.learned.recipe import stated_lines
from cleaner.extract.page import Element
from cleaner.extract.walk import read_blocks

_DESCRIPTIONS: Final = ("description", "og:description", "twitter:description")
_TITLES: Final = ("og:title", "twitter:title")
_BODY: Final = re.compile(r'"(?:articleBody|text|description|reviewBody)"\s*:\s*"((?:[^"\\]|\\.){80,200000})"')
_ESCAPED: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_MARKUP: Final = re.compile(r"<[^<>]{0,300}>|&nbsp;")
_MOST_SCRIPT: Final = 300_000


class PageFacts(NamedTuple):
    """Keys (see `cleaner.extract.learned.key`) of titles and description.

    `kind` is 2 for an og:type of articles, 1 for another, 0 for none. `body` is the key of what JSON-LD states as
    text. `recent` says that the page is built with HTML5's sections, or for small screens. `what` says what kind of
    page it is (see `cleaner.extract.learned.page_kind`). `recipe` has the keys of the lines of a recipe that it states.
    """

    titles: tuple[str, ...]
    description: str
    kind: int
    body: str
    recent: bool
    what: dict[str, int]
    recipe: tuple[str, ...] = ()


def read_page(tree: Element) -> tuple[Page, PageFacts]:
    """Return the blocks of a page and what it says of itself: all that judging them needs of its tree."""
    page = read_blocks(tree)
    return page, page_facts(tree, page.tags)


def page_facts(tree: Element, tags: list[str]) -> PageFacts:
    """Return what the head of a page states."""
    titles: list[str] = []
    description, kind, recent = "", 0, not _SECTIONS.isdisjoint(tags)
    title = next(tree.iter("title"), None)
    if title is not None:
        titles.append(key("".join(title.itertext())[:1000]))
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        content = meta.get("content") or ""
        if name in _TITLES:
            titles.append(key(content[:1000]))
        elif name == "og:type":
            kind = 2 if content.strip().lower() in ("article", "news", "blog", "post") else 1
        elif name in _DESCRIPTIONS:
            description = max(description, key(content[:2000]), key=len)
        elif name == "viewport":
            recent = True
    return PageFacts(
        tuple(dict.fromkeys(filter(None, titles))),
        description,
        kind,
        _stated_body(tree),
        recent,
        page_kind(tree),
        stated_lines(tree),
    )


_SECTIONS: Final = frozenset({"article", "main", "section", "header"})


def _stated_body(tree: Element) -> str:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            found = _BODY.search((script.text or "")[:_MOST_SCRIPT])
            if found:
                text = _ESCAPED.sub(_unescaped, found.group(1))
                return key(_MARKUP.sub(" ", text))
    return ""


def _unescaped(found: re.Match[str]) -> str:
    if found.group(1):
        return chr(int(found.group(1), 16))
    return {"n": "\n", "t": "\t", "r": "\n"}.get(found.group(2), found.group(2))
