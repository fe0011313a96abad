"""What a page states of itself for machines: the elements of its head and its JSON-LD, gathered in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from cleaner.extract.metadata import dates, jsonld, vocabulary
from cleaner.extract.metadata.names import names
from cleaner.extract.page import Element

_TAG = re.compile(r"<[^<>]*>")
_MOST_CHARS = 10_000

_JSON = ("application/ld+json", "application/settings+json")


@dataclass(slots=True)
class Statements:
    """What a page states; an empty text where it states nothing. The first statement of a kind counts.

    `changed` is the date of a change and `image_date` the one in the address of the page's picture, for pages that
    state no other. `canonical` and `og_url` are addresses as they are written, perhaps relative. `headline` is the
    <title>.
    """

    title: str = ""
    og_title: str = ""
    json_title: str = ""
    headline: str = ""
    authors: list[str] = field(default_factory=list)
    site: str = ""
    og_site: str = ""
    application: str = ""
    date: str = ""
    json_date: str = ""
    changed: str = ""
    image_date: str = ""
    og_url: str = ""
    canonical: str = ""
    other_url: str = ""
    language: str = ""

    def say(self, key: str, value: str | None) -> None:
        """Keep a statement where there is none of its kind yet."""
        if value and not getattr(self, key):
            setattr(self, key, value)


def statements_of(tree: Element) -> Statements:
    """Return what the page's <meta>, <link>, <title> and JSON-LD elements state."""
    stated = Statements(language=(tree.get("lang") or tree.get("xml:lang") or "").strip())
    blocks: list[str] = []
    for element in tree.iter("meta", "link", "title", "script"):
        if element.tag == "meta":
            _read_meta(stated, element)
        elif element.tag == "script":
            if (element.get("type") or "").lower() in _JSON and element.text:
                blocks.append(element.text)
        elif element.tag == "title":
            if element.getparent().tag != "svg":
                stated.say("headline", tidy("".join(element.itertext())))
        else:
            _read_link(stated, element)
    if not any(" " in name for name in stated.authors):
        stated.authors = []  # one word is more often an account than a name
    for block in blocks:
        for node in jsonld.nodes(block):
            _read_node(stated, node)
    return stated


def _read_meta(stated: Statements, element: Element) -> None:
    content = element.get("content") or element.get("datetime")
    if not content or content.isspace():
        return
    key = (element.get("property") or element.get("name") or "").lower().strip()
    if key:
        _read_named(stated, key, tidy(content))
    elif itemprop := (element.get("itemprop") or "").lower():
        if itemprop in vocabulary.PUBLISHED_PROPERTIES:
            stated.say("date", dates.parse(element.get("datetime") or content))
        elif element.getparent().tag == "head":
            if itemprop == "author":
                stated.authors = names(stated.authors, content)
            elif itemprop == "headline":
                stated.say("title", tidy(content))
    elif (kind := (element.get("http-equiv") or "").lower()) in ("date", "last-modified", "content-language"):
        if kind == "content-language":
            stated.say("language", tidy(content))
        else:
            stated.say("date" if kind == "date" else "changed", dates.parse(content))


def _read_named(stated: Statements, key: str, content: str) -> None:
    if key == "og:title":
        stated.say("og_title", content)
    elif key == "og:site_name":
        stated.say("og_site", content)
    elif key in ("og:url", "twitter:url"):
        stated.say("og_url" if key == "og:url" else "other_url", content)
    elif key == "og:image":
        stated.say("image_date", dates.in_address(content))
    elif key == "og:locale":
        stated.say("language", content)
    elif key in vocabulary.TITLES:
        stated.say("title", content)
    elif key in vocabulary.AUTHORS:
        stated.authors = names(stated.authors, content)
    elif key in vocabulary.DATES:
        stated.say("date", dates.parse(content))
    elif key in vocabulary.CHANGES:
        stated.say("changed", dates.parse(content))
    elif key == "application-name" or key.startswith("twitter:app:name"):
        stated.say("application", content)
    if key in vocabulary.SITES:
        stated.say("site", content)


def _read_link(stated: Statements, element: Element) -> None:
    href = (element.get("href") or "").strip()
    relations = (element.get("rel") or "").lower().split()
    if "canonical" in relations:
        stated.say("canonical", href)


def _read_node(stated: Statements, node: jsonld.Node) -> None:
    kinds = (kind.lower() for kind in _list(node["@type"]) if isinstance(kind, str))
    kind = next(
        (kind for kind in kinds if kind == "person" or kind in vocabulary.ARTICLES or kind in vocabulary.PUBLISHERS), ""
    )
    if isinstance(publisher := node.get("publisher"), dict):
        _say_publisher(stated, publisher.get("name"))
    if kind == "person":
        stated.authors = names(stated.authors, _text(node.get("name")))
    elif kind in vocabulary.ARTICLES:
        for author in _list(node.get("author")):
            stated.authors = names(stated.authors, _author(author))
        stated.say("json_title", tidy(_text(node.get("headline")) or _text(node.get("name"))))
    elif kind in vocabulary.PUBLISHERS and (kind != "webpage" or not (stated.og_site or stated.site)):
        _say_publisher(stated, node.get("name") or node.get("legalName") or node.get("alternateName"))
    stated.say("json_date", dates.parse(_text(node.get("datePublished"))))
    stated.say("language", _text(node.get("inLanguage")))


def _say_publisher(stated: Statements, name: Any) -> None:
    """Take a publisher's name where there is none yet, or where it is the longer form of that."""
    if not isinstance(name, str) or not (name := tidy(name)):
        return
    known = stated.og_site or stated.site
    if len(known) < len(name) or known.startswith("http"):
        stated.og_site = name


def _author(author: Any) -> str:
    if not isinstance(author, dict):
        return _text(author)
    if "@type" in author and "Person" not in _list(author["@type"]):
        return ""
    if "name" in author:
        name = author["name"]
        return _text(name.get("name") if isinstance(name, dict) else name)
    return " ".join(_text(author.get(part)) for part in ("givenName", "additionalName", "familyName")).strip()


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def tidy(text: str) -> str:
    """Return a text on one line, without tags and entities."""
    return " ".join(unescape(_TAG.sub("", text[:_MOST_CHARS])).split())
