"""Find the part of a page that holds its prose, and take away what stands around it."""

from __future__ import annotations

import re
from typing import NamedTuple

from cleaner.extract.page import Element
from cleaner.folding import letters

# The numbers below were chosen by measurement on 960 labelled pages of eight collections; see
# "Extraction" in benchmarks/NOTES.md. They have a wide optimum.
_RUN_CHARS = 100  # text between two block elements that is shorter is no prose: captions, links, buttons
_LINK_SHARE = 1 / 3  # nor is a run of which a third or more is links
_FRAME_SHARE = 0.75  # the frame holds that share of the page's prose
_PAGE_CHARS = 300  # on a page with less prose there is no frame to find
_LIKELY_SHARE = 0.3  # where the likely parts hold less of the prose than this, names are misleading

_LABELLED_ROWS = 3  # the least rows of a label and its text that make a table of data
_LABEL_CHARS = 40

_SKIPPED = frozenset(
    {
        "script",
        "style",
        "noscript",
        "nav",
        "footer",
        "aside",
        "form",
        "select",
        "button",
        "iframe",
        "template",
        "textarea",
        "option",
        "svg",
        "dialog",
        "menu",
        "head",
        "figure",
        "figcaption",
    }
)
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    }
)
# Never descend into one of these: a single paragraph or list is no frame.
_TEXTUAL = frozenset({"p", "pre", "blockquote", "ul", "ol", "li", "dl", "dd", "dt", "h1", "h2", "h3"})
_TABLE_PARTS = ("thead", "tbody", "tfoot", "tr", "td", "th")

# Class and id vocabulary of templates. A name that speaks for the text outweighs one that speaks against.
_UNLIKELY = re.compile(
    "comment|respond|disqus|sidebar|side-bar|related|footer|recommend|outbrain|taboola|newsletter|subscri|promo|widget"
    "|teaser|popular|trending|latest|archive|advert|sponsor|cookie|consent|modal|popup|share|social|author-?bio"
    "|about-?author|login|signup|breadcrumb|menu|navi|pagin",
    re.IGNORECASE,
)
_LIKELY = re.compile("article|content|main|body|post|entry|story|text|page|has-|no-", re.IGNORECASE)


class Frame(NamedTuple):
    """The element that holds most of a page's prose, None where there is none; and the prose in it, in code points."""

    element: Element | None
    prose: int


def narrow(tree: Element) -> Frame:
    """Take away what stands around the frame of the page's prose; give the frame.

    The frame is the innermost element that holds three quarters of the page's prose. What stands before it
    stays where it is prose, and so does a headline; everything else around it goes. Layout tables
    become plain blocks. A page whose prose stands in many places, or that has none, stays whole.
    """
    body = tree.find("body")
    if body is None:
        return Frame(None, 0)
    prose = _likely_prose(body)
    path = _path_to_frame(body, prose)
    title = tree.find("head/title")
    title_key = letters(title.text_content()) if title is not None else ""
    for element in path:
        _clear_around(element, prose, title_key)
        if element.tag in ("table", *_TABLE_PARTS):
            element.tag = "div"
    _unwrap_layout_tables(tree)
    return Frame(path[-1], prose[path[-1]]) if path else Frame(None, prose[body])


def _likely_prose(body: Element) -> dict[Element, int]:
    """Return the prose in each block element, in code points; elements whose names speak against them hold none."""
    blocks = [body]
    for element in blocks:  # grows as it goes: parents before children, without recursion
        blocks.extend(child for child in element if _is_block(child))
    unlikely = {element for element in blocks[1:] if _is_unlikely(element)}
    likely = _prose(blocks, unlikely)
    if unlikely:
        everything = _prose(blocks, set())
        if likely[body] < _LIKELY_SHARE * everything[body]:
            return everything
    return likely


def _prose(blocks: list[Element], skipped: set[Element]) -> dict[Element, int]:
    prose: dict[Element, int] = {}
    for element in reversed(blocks):
        prose[element] = 0 if element in skipped else _own_prose(element, prose)
    return prose


def _own_prose(element: Element, prose: dict[Element, int]) -> int:
    total = linked = 0
    run = _length(element.text)
    for child in element:
        tag = child.tag
        if tag in _INLINE:
            if len(child) or child.text:
                length = _length("".join(child.itertext()))
                run += length
                linked += length if tag == "a" else sum(_length("".join(a.itertext())) for a in child.iter("a"))
        elif _is_block(child):
            if run >= _RUN_CHARS and linked < run * _LINK_SHARE:
                total += run - linked
            total += prose[child]
            run = linked = 0
        run += _length(child.tail)
    if run >= _RUN_CHARS and linked < run * _LINK_SHARE:
        total += run - linked
    return total


def _path_to_frame(body: Element, prose: dict[Element, int]) -> list[Element]:
    """Return the elements from below the body down to the frame; none where the body is the frame."""
    path: list[Element] = []
    frame = body
    while prose[body] >= _PAGE_CHARS:
        children = [child for child in frame if child in prose]
        best = max(children, key=prose.__getitem__, default=None)
        if best is None or best.tag in _TEXTUAL or prose[best] < _FRAME_SHARE * prose[body]:
            break
        path.append(best)
        frame = best
    return path


def _clear_around(element: Element, prose: dict[Element, int], title_key: str) -> None:
    """Remove the siblings of an element on the way to the frame, but prose and headlines before it."""
    before = True
    for sibling in list(element.getparent()):
        if sibling is element:
            before = False
        elif isinstance(sibling.tag, str) and not (before and prose.get(sibling, 0)):
            headlines = _headlines(sibling, title_key) if before else []
            for headline in headlines:
                if headline is not sibling:
                    sibling.addprevious(headline)
            if headlines != [sibling]:
                sibling.drop_tree()


def _headlines(element: Element, title_key: str) -> list[Element]:
    """Return the <h1> in an element, or else the headings that stand in the page's title."""
    if element.tag in _SKIPPED:
        return []
    if headlines := list(element.iter("h1")):
        return headlines
    keys = ((heading, letters(heading.text_content())) for heading in element.iter("h2", "h3"))
    return [heading for heading, key in keys if len(key) > 8 and key in title_key]


def _unwrap_layout_tables(tree: Element) -> None:
    """Make plain blocks of tables that hold no data."""
    layout = {table for table in tree.iter("table") if not _holds_data(table)}
    for part in list(tree.iter(*_TABLE_PARTS)) if layout else []:
        if next(part.iterancestors("table"), None) in layout:
            part.tag = "div"
    for table in layout:
        table.tag = "div"


def _holds_data(table: Element) -> bool:
    """Tell a table of data from one for layout.

    Source: Mozilla's Readability.js, `_markDataTables`, which follows Firefox's accessibility code.
    """
    if table.get("role") in ("presentation", "none") or table.get("datatable") == "0":
        return False
    if table.get("summary"):
        return True
    if table.find(".//table") is not None:
        return False
    caption = table.find("caption")
    if caption is not None and caption.text_content().strip():
        return True
    if next(table.iter("th", "thead", "tfoot", "col", "colgroup"), None) is not None:
        return True
    rows = table.findall(".//tr")
    columns = max(map(len, rows), default=0)
    if len(rows) == 1 or columns == 1:
        return False
    if len(rows) >= _LABELLED_ROWS and all(_is_labelled(row) for row in rows):
        return True
    return len(rows) >= 10 or columns > 4 or len(rows) * columns > 10


def _is_labelled(row: Element) -> bool:
    """Tell whether a row is a label and what it stands for."""
    return len(row) == 2 and 0 < _length(row[0].text_content()) <= _LABEL_CHARS


def _is_block(element: Element) -> bool:
    tag = element.tag
    return isinstance(tag, str) and tag not in _INLINE and tag not in _SKIPPED


def _is_unlikely(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and _UNLIKELY.search(names) is not None and _LIKELY.search(names) is None


def _length(text: str | None) -> int:
    return len(text.strip()) if text else 0
