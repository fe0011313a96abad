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
# Elements by which a page of today can be told from one of the years of layout tables.
_SECTIONS = ("article", "main", "section", "header")


def parse(html: str) -> Element | None:
    """Give the page's <html> element, or None where there is nothing to parse.

    A fragment gets an <html> and a <body> of its own. An encoding that the markup declares is
    of no account: `html` is text. Markup that is nested more than 2,048 deep is cut there, as libxml2 does.
    """
    html = _NOT_XML.sub("", html)
    tree = _document(html)
    # An element of the head that is never closed (<title>, <script>) has swallowed the body.
    if tree is not None and tree.find("body") is None and (start := html.lower().find("<body")) > 0:
        tree = _document(html[start:])
    return tree


def is_of_today(tree: Element) -> bool:
    """Say whether the page is built with HTML5's sections or for small screens.

    Such templates state the title apart from the text. On pages before about 2013 a title is
    guessed from what stands in the text.
    """
    if next(tree.iter(*_SECTIONS), None) is not None:
        return True
    return any(meta.get("name") == "viewport" for meta in tree.iter("meta"))


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
