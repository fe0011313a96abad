"""Parse a page into a tree, whatever its markup is worth."""

from __future__ import annotations

import re
from typing import Any

from lxml.etree import HTMLParser, fromstring  # type: ignore[import-untyped]

from cleaner.extract.depth import flattened

Element = Any
"""An lxml element; lxml has no types of its own."""

# What XML cannot hold and lxml refuses: control characters and two of the non-characters.
_NOT_XML = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20)])
_NO_CHARACTERS = ("\ufffe", "\uffff")
# What a broken server or a scraper puts before a page. A parser would begin the body with it and put the head there.
_STRAY = re.compile(rb"(?!\s*<(?:[!?]|html))(?:(?!<!).)+?(?=<!doctype\s+html\b)", re.IGNORECASE | re.DOTALL)
_STRAY_BYTES = 2_000
# libxml2 compares each attribute of a tag with those before it: 110,000 take a minute. Pages have some dozens.
_LONG_TAG_BYTES = 4_000
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{%d,}" % _LONG_TAG_BYTES)
_TAG_NAME = re.compile(rb"<[^\s/<>]+")
_ATTRIBUTE = re.compile(rb"\s+[^\s=<>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>\"']*))?")
_MOST_ATTRIBUTES = 500
# libxml2 ends a page at 2,048 open elements.
_DEEP = 2_000
# What belongs into a head; the first other element begins the body, as in a browser.
_IN_HEAD = frozenset({"title", "meta", "link", "script", "style", "base", "noscript", "template"})
# Elements by which a page of today can be told from one of the years of layout tables.
_SECTIONS = ("article", "main", "section", "header")


def parse(html: str, *, with_methods: bool = False) -> Element | None:
    """Return the page's <html> element, or None where there is nothing to parse.

    A fragment gets an <html> and a <body> of its own. An encoding that the markup declares is
    of no account: `html` is text. What is nested so deep that libxml2 gives up loses its inner tags, and no text.
    `with_methods` asks for elements with the methods of `lxml.html`, whose classes take a sixth of the time.
    """
    if not html or html.isspace():
        return None
    # As bytes, so that lxml neither refuses text with an encoding declaration nor copies it to UTF-16 first;
    # lone surrogates have no UTF-8.
    data = html.encode("utf-8", "replace").translate(None, _NOT_XML)
    for character in _NO_CHARACTERS:
        if character in html:  # which is told in a hundredth of the time that it takes to look at bytes
            data = data.replace(character.encode(), b"")
    if stray := _STRAY.match(data, 0, _STRAY_BYTES):
        data = data[stray.end() :]
    if _has_long_tag(data):
        data = _LONG_TAG.sub(_with_fewer_attributes, data)
    tree = _document(data, with_methods)
    if tree is not None and _is_cut(tree):
        data = flattened(data)
        tree = _document(data, with_methods)
    # An element of the head that is never closed (<title>, <script>) has swallowed the body.
    if tree is not None and tree.find("body") is None and (start := data.lower().find(b"<body")) > 0:
        tree = _document(data[start:], with_methods)
    if tree is not None and tree.find("body") is None:
        _give_body(tree)
    return tree


def _is_cut(tree: Element) -> bool:
    """Tell whether the parser gave up on how deep the page is nested: then its last element stands there."""
    depth = 0
    element = tree
    while element is not None and depth < _DEEP:
        element = next(element.iterchildren(reversed=True), None)
        depth += 1
    return depth == _DEEP


def _has_long_tag(data: bytes) -> bool:
    """Tell whether a page has a long tag, which is sought where no ">" stands for as many bytes."""
    at = 0
    while len(data) - at > _LONG_TAG_BYTES:
        last = data.rfind(b">", at, at + _LONG_TAG_BYTES)
        if last < 0:
            last = data.find(b">", at)
            last = len(data) if last < 0 else last
            if _LONG_TAG.search(data, at, last):
                return True
        at = last + 1
    return False


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
    return any(element.tag != "meta" or element.get("name") == "viewport" for element in tree.iter("meta", *_SECTIONS))


def _with_fewer_attributes(tag: re.Match[bytes]) -> bytes:
    """Return the beginning of a tag without the attributes above the number that a parser can take."""
    text = tag.group()
    if len(text.split(None, _MOST_ATTRIBUTES + 1)) <= _MOST_ATTRIBUTES and text.count(b"=") <= _MOST_ATTRIBUTES:
        return text
    name = _TAG_NAME.match(text)
    end = name.end() if name else 0
    for _ in range(_MOST_ATTRIBUTES):
        attribute = _ATTRIBUTE.match(text, end)
        if attribute is None:
            break
        end = attribute.end()
    return text[:end]


def _document(data: bytes, with_methods: bool) -> Element | None:
    parser = _parser(with_methods)(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    return fromstring(data, parser=parser)


def _parser(with_methods: bool) -> Any:
    if not with_methods:
        return HTMLParser
    import lxml.html  # type: ignore[import-untyped]

    return lxml.html.HTMLParser
