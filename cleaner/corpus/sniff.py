"""Tell a page from a text by how it begins, where no name, header or field says which it is."""

from __future__ import annotations

import re

# What a comment, a declaration or a list of scripts before the page may take up, in bytes or code points.
_HEAD = 64_000
_TAIL = 200

# Elements of which only a whole page is made: one at the beginning is enough.
_OF_A_PAGE = re.compile("html|head|body|frameset|title|meta|link|base")
# Elements that a page cut out of its frame begins with, and a Markdown text, too: it is a page if it ends in a tag.
_OF_A_PART = re.compile(
    "div|section|article|main|header|footer|nav|aside|center|form|table|t(?:body|head|r|d|h)|[uod]l|p|h[1-6]|hr|br"
    "|a|b|i|font|span|img|input|iframe|blockquote|pre"
)
# Elements that show nothing, which a text may begin with as well: a page has markup behind them, or ends in a tag.
_UNSEEN = re.compile("style|script|noscript")
_HIDDEN = (("<!--", "-->"), ("<?", ">"), ("<![", ">"))  # comments, declarations, conditions for browsers
_OPENING = re.compile(r"[\ufeff\s]*<")
_BLANK = re.compile(r"[\ufeff\s]*")
_TAG = re.compile(r"</?([a-z][a-z0-9]*)(?=[\s/>])", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!doctype\s+html\b", re.IGNORECASE)
_CODE = re.compile("```|~~~|<!--")
# What a broken server or a scraper puts before a page is short, and has no code in it as Markdown does.
_STRAY = 2_000
_PAGE_BELOW = re.compile(r"<!doctype\s+html\b[^<>]*>|(?:^|\n|>)[ \t\r]*<html(?=[\s>])[^<>]*>", re.IGNORECASE)


def looks_like_page(source: str | bytes) -> bool:
    """Tell whether this begins as an HTML page does, after white space and comments.

    A page cut out of its frame, which begins with a `<div>` say, has to end with a tag as well:
    Markdown may begin with one. A page may have something stray before it: a word, an element that HTML has not.

    >>> looks_like_page("<!-- made by hand --> <!DOCTYPE html><title>A</title>"), looks_like_page("<3 is a heart")
    (True, False)
    >>> looks_like_page("<div>A</div>"), looks_like_page("<div></div>\\n\\n# A README")
    (True, False)
    """
    start = _text(source[:_HEAD])
    if _OPENING.match(start):
        first = _without_comments(start)
        if _DOCTYPE.match(first):
            return True
        tag = _TAG.match(first)
        name = tag[1].lower() if tag else ""
        if _UNSEEN.fullmatch(name):
            return _goes_on_in_markup(first, name) or _ends_in_a_tag(source)
        if _OF_A_PAGE.fullmatch(name):
            return True
        if _OF_A_PART.fullmatch(name):
            return _ends_in_a_tag(source)
    # Nearly every text is told here, by two looks that cost a fiftieth of the search behind them.
    if start.find("<", 0, _STRAY) < 0 or not _ends_in_a_tag(source):
        return False
    below = _PAGE_BELOW.search(start, 0, _STRAY)
    return below is not None and not _CODE.search(start, 0, below.start())


def _ends_in_a_tag(source: str | bytes) -> bool:
    return _text(source[-_TAIL:]).rstrip().endswith(">")


def _goes_on_in_markup(start: str, name: str) -> bool:
    """Tell whether a tag comes behind the element that a text begins with, or its end was not reached."""
    end = start.lower().find(f"</{name}")
    close = start.find(">", end)
    return end < 0 or close < 0 or _OPENING.match(start, close + 1) is not None


def _text(source: str | bytes) -> str:
    """Return what is ASCII in bytes of any usual encoding, UTF-16 with its NULs included."""
    if isinstance(source, bytes):
        source = source.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\x00", b"").decode("latin-1")
    return source


def _without_comments(start: str) -> str:
    """Return a text from where its first element or word stands; a comment that is never closed hides the rest."""
    place = _BLANK.match(start).end()  # type: ignore[union-attr]
    while closing := next((end for opening, end in _HIDDEN if start.startswith(opening, place)), None):
        end = start.find(closing, place + 2)
        if end < 0:
            return ""
        place = _BLANK.match(start, end + len(closing)).end()  # type: ignore[union-attr]
    return start[place:]
