"""One walk over a parsed page: its blocks of text as a reader sees them, and where each stood.

    from cleaner.extract.page import parse
    from cleaner.extract.walk import read_blocks
    page = read_blocks(parse(html))     # a Page: see cleaner/extract/block.py

No recursion: the time is linear in the page, however deep it is nested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from cleaner.extract import apparatus
from cleaner.extract.block import (
    CAPTION,
    CODE,
    HEADING,
    PARAGRAPH,
    PLAIN,
    ROW,
    Block,
    Cell,
    Image,
    Inline,
    Mark,
    Page,
)
from cleaner.extract.elements import (
    BLOCK,
    FOR_SCREEN_READERS,
    HEADINGS,
    HIDING,
    INLINE,
    LISTING,
    MARKS,
    OF_COLUMNS,
    SKIPPED,
    UNSEEN,
)
from cleaner.extract.page import Element
from cleaner.extract.space import collapse
from cleaner.extract.tables import holds_data

_Leave = Callable[[Element], None]

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_LANGUAGE: Final = re.compile(
    r"(?:^|\s)(?:language|lang|highlight-source|highlight|brush:)[-\s]*([\w+#-]{1,20})(?:\s|;|$)"
)
_NO_LANGUAGE: Final = frozenset({"none", "text", "plain", "plaintext", "default", "nohighlight", "wrapper", "code"})
_STACKED: Final = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_MOST_SPAN: Final = 100
_QUOTES: Final = tuple("\"'“”„«»‘’‚「『")


def read_blocks(tree: Element) -> Page:
    """Return the blocks of a page, given its <html> element.

    What the page hides at first (a menu that unfolds, a consent panel) is left out, but where it is more than
    what it shows: then scripts were to show it, and all blocks are returned, with `hidden` true on those.
    """
    body = tree.find("body")
    walk = _Walk(tree if body is None else body)
    walk.run()
    return walk.page()


class _Walk:
    """The state of a walk: the line that is being read, and the containers around it."""

    def __init__(self, body: Element) -> None:
        self.body = body
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.parents, self.tags, self.names, self.elements = [-1], ["body"], [""], [body]
        self.kinds, self.levels, self.hides = [PARAGRAPH], [0], [False]
        self.node = 0
        self.table = -1  # the container of the table of data that the walk is in
        self.cells: list[Cell] = []
        self.in_cell = self.in_listing = False
        self.links_open = self.bold_open = self.inline_open = 0
        self.open: list[list[Any]] = []  # marks that have begun: kind, first piece, value
        self.ruled = False
        self.breaks = 0
        self.pieces: list[str] = []
        self._clear()

    def _clear(self) -> None:
        self.pieces.clear()
        self.marks: list[Mark] = []
        self.inline_names: list[str] = []
        self.link_chars = self.links = self.bold_chars = self.shown = 0
        self.link_end = self.formula_end = self.span_end = -1
        self.span_names = ""

    def run(self) -> None:
        """Go through the tree once, in reading order."""
        self._add(self.body.text)
        stack: list[tuple[Iterator[Element], Element, _Leave]] = []
        children = iter(self.body)
        while True:
            for child in children:
                leave = self._enter(child)
                if leave is not None:
                    stack.append((children, child, leave))
                    self._add(child.text)
                    children = iter(child)
                    break
                self._add(child.tail)
            else:
                if not stack:
                    break
                children, element, leave = stack.pop()
                leave(element)
                self._add(element.tail)
        self._end_row()
        self._flush()

    def page(self) -> Page:
        """Return what was read."""
        blocks, images = self.blocks, self.images
        hidden = sum(len(block.text) for block in blocks if block.hidden)
        if hidden and 2 * hidden <= sum(len(block.text) for block in blocks):
            kept_before = [0]
            for block in blocks:
                kept_before.append(kept_before[-1] + (not block.hidden))
            images = [image._replace(before=kept_before[image.before]) for image in images]
            blocks = [block for block in blocks if not block.hidden]
        return Page(blocks, self.parents, self.tags, self.names, self.elements, images)

    # Text

    def _add(self, text: str | None) -> None:
        if text and (self.pieces or self.in_listing or not text.isspace()):
            self.pieces.append(text)
            if self.links_open or self.bold_open:
                chars = len(collapse(text))
                if self.links_open:
                    self.link_chars += chars
                if self.bold_open:
                    self.bold_chars += chars

    def _flush(self) -> None:
        """End the line: make a block of it where it has text."""
        if self.pieces:
            text = collapse("".join(self.pieces))
            if text and (len(text) > 9 or text.translate(_INVISIBLE)):
                self._emit(self.kinds[self.node], text, inline=self._inline())
            self._restart()
        self.breaks = 0

    def _emit(self, kind: str, text: str, **more: Any) -> None:
        size = len(text)
        self.blocks.append(
            Block(
                kind,
                text,
                self.node,
                self.levels[self.node] if kind is HEADING else 0,
                min(self.link_chars, size),
                self.links,
                min(self.bold_chars, size),
                self.shown,
                tuple(self.inline_names),
                self.breaks,
                self.ruled,
                self.hides[self.node],
                **more,
            )
        )
        self.ruled = False

    def _inline(self) -> Inline:
        for kind, start, value in reversed(self.open):
            self.marks.append(Mark(kind, start, len(self.pieces), value))
        return Inline(tuple(self.pieces), tuple(self.marks)) if self.marks else PLAIN

    def _restart(self) -> None:
        for mark in self.open:
            mark[1] = 0
        self._clear()

    def _space(self) -> None:
        """Put a blank between what touches in the source and not on the page."""
        if self.pieces:
            self.pieces.append(" ")

    def _formula(self, text: str) -> None:
        if text and self.formula_end != len(self.pieces):
            self._add(text)
            self.formula_end = len(self.pieces)

    # Elements

    def _enter(self, element: Element) -> _Leave | None:
        """Begin an element; return what ends it, None where the walk does not go into it."""
        tag = element.tag
        if type(tag) is not str or tag in SKIPPED:
            if tag == "script" and (element.get("type") or "").startswith("math/tex"):
                self._formula(collapse(element.text or ""))
            return None
        if tag in INLINE:
            return self._enter_inline(element, tag)
        if tag in BLOCK or self._stands_apart(element):
            return self._enter_block(element, tag)
        return self._enter_inline(element, tag)

    def _stands_apart(self, element: Element) -> bool:
        """Tell of a button, a label or an unknown element whether there is no text beside it in its line."""
        if self.in_cell or self.in_listing or (element.tail and not element.tail.isspace()):
            return False
        return not self.pieces  # what is white space alone never begins a line

    def _is_hidden(self, element: Element, names: str | None, style: str | None) -> bool:
        hidden = element.get("hidden")
        if (hidden is not None and hidden != "until-found") or element.get("aria-hidden") == "true":
            return True
        if style and HIDING.search(style):
            return True
        return names is not None and FOR_SCREEN_READERS.search(names) is not None

    # Inline elements

    def _enter_inline(self, element: Element, tag: str) -> _Leave | None:
        if tag == "br":
            self._break()
            return None
        if tag == "math":
            self._formula(apparatus.formula(element))
            return None
        names, style = element.get("class"), element.get("style")
        role = apparatus.role_of(names) if names else ""
        if tag == "img":
            self._image(element, role)
            return None
        if self._is_left_out(element, tag, names, style, role):
            return None
        if style and _STACKED.search(style) and tag != "a":
            return self._enter_block(element, tag)
        if names:
            self.inline_names.append(names)
            if self.in_listing and role == apparatus.LINE:
                self._end_listing_line()
        if tag == "a":
            return self._enter_link(element)
        if tag == "q":
            return self._enter_quotation(element)
        if tag == "code" and self.in_listing:
            return self._enter_code(element)
        kind = MARKS.get(tag)
        if kind is not None:
            self.open.append([kind, len(self.pieces), ""])
            if kind == "strong":
                self.bold_open += 1
                return self._leave_strong
            return self._leave_mark
        if tag == "span":
            return self._enter_span(names or "")
        return self._leave_plain

    def _is_left_out(self, element: Element, tag: str, names: str | None, style: str | None, role: str) -> bool:
        """Tell whether a part of a line is no text of it; write a formula, an exponent in its place."""
        if role == apparatus.LEFT_OUT or self._is_hidden(element, names, style):
            math = element.find(".//math")
            if math is not None:
                self._formula(apparatus.formula(math))
            return True
        if role == apparatus.NUMBERS and apparatus.is_numbers(element):
            return True
        if tag == "sup":
            if apparatus.is_note_mark(element, role, self.pieces[-1].rstrip() if self.pieces else ""):
                return True
            if text := apparatus.raised(element):
                self._add(text)
                return True
        elif tag == "a":
            if apparatus.is_sign(element) or element.get("role") == "doc-backlink":
                return True
            if (
                role == apparatus.NOTE
                or element.get("role") == "doc-noteref"
                or (len(element) and element[0].tag == "sup")
            ):
                return apparatus.is_note_mark(element, role, "")
        return False

    def _enter_link(self, element: Element) -> _Leave:
        if self.link_end == len(self.pieces):  # two links that touch in the source do not on the page
            self._space()
        self.links += 1
        self.links_open += 1
        self.open.append(["link", len(self.pieces), element.get("href") or ""])
        return self._leave_link

    def _leave_link(self, element: Element) -> None:
        self.links_open -= 1
        self._leave_mark(element)
        self.link_end = len(self.pieces)

    def _enter_quotation(self, element: Element) -> _Leave:
        if (element.text or "").lstrip().startswith(_QUOTES):
            return self._leave_plain
        self._add("“")
        return self._leave_quotation

    def _leave_quotation(self, element: Element) -> None:
        self._add("”")

    def _enter_span(self, names: str) -> _Leave:
        """Put a blank before a span that touches one of another class where they are columns, not parts of a word."""
        touches = self.span_end == len(self.pieces) and self.span_names and names and names != self.span_names
        if touches and not self.open and not self.in_listing and self.tags[self.node] in OF_COLUMNS:
            self._space()
        return self._leave_span

    def _leave_span(self, element: Element) -> None:
        self.span_end = len(self.pieces)
        self.span_names = element.get("class") or ""

    def _leave_strong(self, element: Element) -> None:
        self.bold_open -= 1
        self._leave_mark(element)

    def _leave_mark(self, element: Element) -> None:
        kind, start, value = self.open.pop()
        if start < len(self.pieces):
            self.marks.append(Mark(kind, start, len(self.pieces), value))

    def _leave_plain(self, element: Element) -> None:
        """End an element that means nothing to us."""

    def _break(self) -> None:
        if self.in_listing:
            self.pieces.append("\n")
        elif self.in_cell:
            self._space()
        else:
            breaks = 1 if self.pieces else self.breaks + 1
            self._flush()
            self.breaks = breaks

    def _image(self, element: Element, role: str) -> None:
        alt = collapse(element.get("alt") or "")
        if role == apparatus.EMOJI:
            self._add(alt)
            return
        self.shown += 1
        source = element.get("src") or ""
        if source and not source.startswith("data:"):
            self.images.append(Image(source, alt, len(self.blocks) + bool(self.pieces)))

    # Containers

    def _enter_block(self, element: Element, tag: str) -> _Leave | None:
        names, style = element.get("class"), element.get("style")
        role = apparatus.role_of(names) if names else ""
        if role == apparatus.LEFT_OUT or (role == apparatus.NUMBERS and apparatus.is_numbers(element)):
            return None
        if self.in_listing:
            self._end_listing_line()
            return self._leave_listing_line
        if (tag == "td" or tag == "th") and self.table >= 0 and not self.in_cell:
            return self._enter_cell()
        if self.in_cell:
            self._space()
            return self._leave_block_in_cell
        self._flush()
        if tag == "hr":
            self.ruled = True
            return None
        self._open_container(element, tag, names, self._is_hidden(element, names, style) or tag in UNSEEN)
        if tag in LISTING:
            self.in_listing = True
            return self._leave_listing
        if tag == "table" and self.table < 0 and holds_data(element):
            self.table = self.node
            return self._leave_table
        if tag == "tr" and self.table >= 0:
            return self._leave_row
        return self._leave_block

    def _open_container(self, element: Element, tag: str, names: str | None, hidden: bool) -> None:
        parent, number = self.node, element.get("id")
        kind, level = self.kinds[parent], self.levels[parent]
        if tag in HEADINGS:
            kind, level = HEADING, HEADINGS[tag]
        elif tag == "figcaption" or tag == "caption":
            kind, level = CAPTION, 0
        self.node = len(self.parents)
        self.parents.append(parent)
        self.tags.append(tag)
        self.names.append(f"{names} {number}" if names and number else names or number or "")
        self.elements.append(element)
        self.kinds.append(kind)
        self.levels.append(level)
        self.hides.append(hidden or self.hides[parent])

    def _leave_block(self, element: Element) -> None:
        self._flush()
        self.node = self.parents[self.node]

    # Listings of code

    def _end_listing_line(self) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")

    def _leave_listing_line(self, element: Element) -> None:
        self._end_listing_line()

    def _enter_code(self, element: Element) -> _Leave:
        """Begin a line where each line is a <code> of its own."""
        before = element.getprevious()
        if before is not None and before.tag == "code" and not (before.tail or ""):
            self._end_listing_line()
        return self._leave_plain

    def _leave_listing(self, element: Element) -> None:
        self.in_listing = False
        lines = "".join(self.pieces).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines = [line.rstrip() for line in lines]
        while lines and not lines[0]:
            del lines[0]
        while lines and not lines[-1]:
            lines.pop()
        text = "\n".join(lines)
        if text and not apparatus.counts_lines(text):
            self._emit(CODE, text, language=_language(element))
        self._restart()
        self.breaks = 0
        self.node = self.parents[self.node]

    # Tables of data

    def _enter_cell(self) -> _Leave:
        self._flush()
        self.in_cell = True
        return self._leave_cell

    def _leave_block_in_cell(self, element: Element) -> None:
        self._space()

    def _leave_cell(self, element: Element) -> None:
        self.in_cell = False
        span = element.get("colspan") or ""
        columns = min(int(span), _MOST_SPAN) if span.isdecimal() and len(span) < 5 else 1
        self.cells.append(Cell(collapse("".join(self.pieces)), self._inline(), max(1, columns), element.tag == "th"))
        self.pieces.clear()
        self.marks = []
        for mark in self.open:
            mark[1] = 0

    def _end_row(self) -> None:
        """Make a block of the cells that were read; a row with one text is that text, without bars."""
        if not self.cells:
            return
        cells, self.cells = tuple(self.cells), []
        texts = [cell.text for cell in cells]
        filled = [text for text in texts if text]
        if filled:
            text = (
                filled[0] if len(filled) == 1 else "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"
            )
            header = len(filled) > 1 and all(cell.header for cell in cells if cell.text)
            self._emit(ROW, text, cells=cells, header=header)
        self._clear()

    def _leave_row(self, element: Element) -> None:
        self._flush()
        self._end_row()
        self.node = self.parents[self.node]

    def _leave_table(self, element: Element) -> None:
        self._flush()
        self._end_row()
        self.table = -1
        self.node = self.parents[self.node]


def _language(listing: Element) -> str:
    """Return the language of a listing's code, as its class or that of the element in or around it names it."""
    near = [listing, *listing[:1], *list(listing.iterancestors())[:2]]
    for element in near:
        named = _LANGUAGE.search(element.get("class") or "") if isinstance(element.tag, str) else None
        if named and named.group(1) not in _NO_LANGUAGE:
            return named.group(1)
    return ""
