"""What a page states of itself for machines: the elements of its head and its JSON-LD, gathered in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from cleaner.extract.metadata import dates, jsonld, vocabulary
from cleaner.extract.metadata.microdata import is_of_review
from cleaner.extract.metadata.names import is_host, names
from cleaner.extract.page import Element

_TAG = re.compile(r"<[^<>]*>")
_MOST_CHARS = 10_000

# What a template that was never filled in, or a program without a value, leaves in the place of one.
_NO_VALUE = re.compile(
    r"undefined|null|n/a|\[object Object\]|\{\{.*\}\}|\{%.*%\}|<%.*%>|\$\{.*\}|%[\w -]+%", re.IGNORECASE | re.DOTALL
)
# Scholars' pages name one author at a time, many of them "Renlund, Ida".
_FAMILY_FIRST = re.compile(r"\A([^,;]+), ([^,;]+)\Z")
_NO_LANGUAGE = frozenset({"und", "mul", "zxx"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*\Z")

_EAST_ASIAN = re.compile("[\u4e00-\u9fff]{2,4}|[\uac00-\ud7a3]{2,4}")
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
    json_changed: str = ""
    changed: str = ""
    image_date: str = ""
    og_url: str = ""
    canonical: str = ""
    other_url: str = ""
    language: str = ""

    def say(self, key: str, value: str | None) -> None:
        """Keep a statement where there is none of its kind yet."""
        if value and not getattr(self, key) and not _NO_VALUE.fullmatch(value):
            setattr(self, key, value)

    def say_authors(self, byline: str) -> None:
        """Add the authors that a byline names."""
        if not _NO_VALUE.fullmatch(byline):
            self.authors = names(self.authors, byline)

    def say_language(self, tag: str) -> None:
        """Keep a language tag where there is none yet, and where it names a language."""
        tag = tag.strip()
        if _LANGUAGE.match(tag) and tag.lower() not in _NO_LANGUAGE:
            self.say("language", tag)


def statements_of(tree: Element) -> Statements:
    """Return what the page's <meta>, <link>, <title> and JSON-LD elements state."""
    stated = Statements()
    stated.say_language(tree.get("lang") or tree.get("xml:lang") or "")
    blocks: list[str] = []
    for element in tree.iter("meta", "link", "title", "script"):
        if element.tag == "meta":
            _read_meta(stated, element)
        elif element.tag == "script":
            if (element.get("type") or "").lower().partition(";")[0].strip() in _JSON and element.text:
                blocks.append(element.text)
        elif element.tag == "title":
            if element.getparent().tag != "svg":
                stated.say("headline", tidy("".join(element.itertext())))
        else:
            _read_link(stated, element)
    if not any(" " in name or _EAST_ASIAN.fullmatch(name) or is_host(name) for name in stated.authors):
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
        if itemprop in vocabulary.PUBLISHED_PROPERTIES and not is_of_review(element):
            stated.say("date", dates.stated(element.get("datetime") or content))
        elif element.getparent().tag == "head":
            if itemprop == "author":
                stated.say_authors(content)
            elif itemprop == "headline":
                stated.say("title", tidy(content))
    elif (kind := (element.get("http-equiv") or "").lower()) in ("date", "last-modified", "content-language"):
        if kind == "content-language":
            stated.say_language(tidy(content))
        else:
            stated.say("date" if kind == "date" else "changed", dates.stated(content))


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
        stated.say_language(content)
    elif key in vocabulary.TITLES:
        stated.say("title", content)
    elif key in vocabulary.AUTHORS:
        stated.say_authors(_FAMILY_FIRST.sub(r"\2 \1", content) if key == "citation_author" else content)
    elif key in vocabulary.DATES:
        stated.say("date", dates.stated(content))
    elif key in vocabulary.CHANGES:
        stated.say("changed", dates.stated(content))
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
    kinds = [re.split("[/#:]", kind)[-1].lower() for kind in _list(node["@type"]) if isinstance(kind, str)]
    kind = next(
        (kind for kind in kinds if kind == "person" or kind in vocabulary.ARTICLES or kind in vocabulary.PUBLISHERS), ""
    )
    if isinstance(publisher := node.get("publisher"), dict):
        _say_publisher(stated, publisher.get("name"))
    if kind == "person":
        stated.say_authors(_text(node.get("name")))
    elif kind in vocabulary.ARTICLES:
        for author in _list(node.get("author")):
            stated.say_authors(_author(author))
        stated.say("json_title", tidy(_text(node.get("headline")) or _text(node.get("name"))))
    elif kind in vocabulary.PUBLISHERS and (kind != "webpage" or not (stated.og_site or stated.site)):
        _say_publisher(stated, node.get("name") or node.get("legalName") or node.get("alternateName"))
    if kind != "website":  # its date is when the site began
        stated.say("json_date", dates.stated(_time(node.get("datePublished"))))
        stated.say("json_changed", dates.stated(_time(node.get("dateModified"))))
    stated.say_language(_text(node.get("inLanguage")))


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
    if isinstance(value, dict):
        value = value.get("@value")
    return value if isinstance(value, str) else ""


def _time(value: Any) -> str:
    """Return a date as it is stated, which may be a number of seconds."""
    if isinstance(value, dict):
        value = value.get("@value")
    return str(value) if type(value) is int else _text(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def tidy(text: str) -> str:
    """Return a text on one line, without tags and entities."""
    return " ".join(unescape(_TAG.sub("", text[:_MOST_CHARS])).split()).strip("\u200b\u200e\u200f\ufeff")
