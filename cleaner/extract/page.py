"""Parse a page into a tree, whatever its markup is worth."""

from __future__ import annotations

import re
from typing import Any

from lxml.etree import ParserError  # type: ignore[import-untyped]
from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]

Element = Any
"""An lxml element; lxml has no types of its own."""

# What XML cannot hold and lxml refuses: control characters and two of the non-characters.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# What a broken server or a scraper puts before a page. A parser would begin the body with it and put the head there.
_STRAY = re.compile(r"(?!\s*<(?:[!?]|html))(?:(?!<!).)+?(?=<!doctype\s+html\b)", re.IGNORECASE | re.DOTALL)
_STRAY_CHARS = 2_000
# libxml2 compares each attribute of a tag with those before it: 110,000 take a minute. Pages have some dozens.
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}")
_TAG_NAME = re.compile(r"<[^\s/<>]+")
_ATTRIBUTE = re.compile(r"\s+[^\s=<>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>\"']*))?")
_MOST_ATTRIBUTES = 500
# What belongs into a head; the first other element begins the body, as in a browser.
_IN_HEAD = frozenset({"title", "meta", "link", "script", "style", "base", "noscript", "template"})
# Elements by which a page of today can be told from one of the years of layout tables.
_SECTIONS = ("article", "main", "section", "header")


def parse(html: str) -> Element | None:
    """Return the page's <html> element, or None where there is nothing to parse.

    A fragment gets an <html> and a <body> of its own. An encoding that the markup declares is
    of no account: `html` is text. Markup that is nested more than 2,048 deep is cut there, as libxml2 does.
    """
    html = _NOT_XML.sub("", html)
    if stray := _STRAY.match(html, 0, _STRAY_CHARS):
        html = html[stray.end() :]
    html = _LONG_TAG.sub(_with_fewer_attributes, html)
    tree = _document(html)
    # An element of the head that is never closed (<title>, <script>) has swallowed the body.
    if tree is not None and tree.find("body") is None and (start := html.lower().find("<body")) > 0:
        tree = _document(html[start:])
    if tree is not None and tree.find("body") is None:
        _give_body(tree)
    return tree


def _give_body(tree: Element) -> None:
    """Put what stands in the head and belongs to no head into a body: an <article> opens none in libxml2."""
    head = tree.find("head")
    if head is None:
        return
    first = next((at for at, child in enumerate(head) if child.tag not in _IN_HEAD), None)
    if first is not None:
        body = tree.makeelement("body", {})
        body.extend(list(head[first:]))
        tree.append(body)


def is_of_today(tree: Element) -> bool:
    """Say whether the page is built with HTML5's sections or for small screens.

    Such templates state the title apart from the text. On pages before about 2013 a title is
    guessed from what stands in the text.
    """
    if next(tree.iter(*_SECTIONS), None) is not None:
        return True
    return any(meta.get("name") == "viewport" for meta in tree.iter("meta"))


def _with_fewer_attributes(tag: re.Match[str]) -> str:
    """Return the beginning of a tag without the attributes above the number that a parser can take."""
    text = tag.group()
    if len(text.split(None, _MOST_ATTRIBUTES + 1)) <= _MOST_ATTRIBUTES and text.count("=") <= _MOST_ATTRIBUTES:
        return text
    name = _TAG_NAME.match(text)
    end = name.end() if name else 0
    for _ in range(_MOST_ATTRIBUTES):
        attribute = _ATTRIBUTE.match(text, end)
        if attribute is None:
            break
        end = attribute.end()
    return text[:end]


def _document(html: str) -> Element | None:
    if not html or html.isspace():
        return None
    # As bytes, so that lxml neither refuses text with an encoding declaration nor copies it to UTF-16 first;
    # lone surrogates have no UTF-8.
    parser = HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    try:
        return document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except ParserError:  # only comments, or nothing at all
        return None
