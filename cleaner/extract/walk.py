"""One walk over a parsed page: its blocks of text as a reader sees them, and where each stood.

    from cleaner.extract.page import parse
    from cleaner.extract.walk import read_blocks
    page = read_blocks(parse(html))     # a Page: see cleaner/extract/block.py

No recursion: the time is linear in the page, however deep it is nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleaner.extract import apparatus
from cleaner.extract.block import (
    CAPTION,
    CODE,
    HEADING,
    ROW,
    Cell,
    Page,
)
from cleaner.extract.elements import (
    BLOCK,
    HEADINGS,
    INLINE,
    LISTING,
    SKIPPED,
    TELLING,
    UNSEEN,
)
from cleaner.extract.line import Leave, Line, is_hidden, named_and_styled
from cleaner.extract.page import Element
from cleaner.extract.space import collapse
from cleaner.extract.tables import holds_data, listing

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


class _Walk(Line):
    """Goes through the elements of a page, and makes the containers and blocks."""

    def run(self) -> None:
        """Go through the tree once, in reading order."""
        enter, add = self._enter, self._add
        self._note(self.body, self.body.keys())
        add(self.body.text)
        stack: list[tuple[Iterator[Element], Element, Leave]] = []
        children = iter(self.body)
        while True:
            for child in children:
                leave = enter(child)
                if leave is not None:
                    if text := child.text:
                        add(text)
                    if len(child):
                        stack.append((children, child, leave))
                        children = iter(child)
                        break
                    leave(child)
                if tail := child.tail:
                    add(tail)
            else:
                if not stack:
                    break
                children, element, leave = stack.pop()
                leave(element)
                if tail := element.tail:
                    add(tail)
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
        return Page(blocks, self.parents, self.tags, self.names, self.attributes, images)

    # Elements

    def _enter(self, element: Element) -> Leave | None:
        """Begin an element; return what ends it, None where the walk does not go into it."""
        tag = element.tag
        if tag in BLOCK:
            return self._enter_block(element, tag)
        if type(tag) is not str or tag in SKIPPED:
            if tag == "script" and (element.get("type") or "").startswith("math/tex"):
                self._formula(collapse(element.text or ""))
            return None
        if tag not in INLINE and self._stands_apart(element):
            return self._enter_block(element, tag)
        return self._enter_inline(element, tag)

    def _stands_apart(self, element: Element) -> bool:
        """Tell of a button, a label or an unknown element whether there is no text beside it in its line."""
        if self.in_cell or self.in_listing or (element.tail and not element.tail.isspace()):
            return False
        return not self.pieces  # what is white space alone never begins a line

    # Containers

    def _enter_block(self, element: Element, tag: str) -> Leave | None:
        keys = element.keys()
        names, style = named_and_styled(element, keys)
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
        if self.pieces:
            self._flush()
        else:
            self.breaks = 0
        if tag == "hr":
            self.ruled = True
            return None
        hidden = is_hidden(element, keys, names, style) or tag in UNSEEN
        self._open_container(element, tag, keys, names, hidden)
        if tag in LISTING:
            self.in_listing = True
            return self._leave_listing
        if tag == "table" and self.table < 0:
            if (lines := listing(element)) is not None:
                self._end_listing(element, lines)
                return None
            if holds_data(element):
                self.table = self.node
                return self._leave_table
        if tag == "tr" and self.table >= 0:
            return self._leave_row
        return self._leave_block

    def _open_container(self, element: Element, tag: str, keys: list[str], names: str | None, hidden: bool) -> None:
        parent, number = self.node, element.get("id") if "id" in keys else None
        kind, level = self.kinds[parent], self.levels[parent]
        if tag in HEADINGS:
            kind, level = HEADING, HEADINGS[tag]
        elif tag == "figcaption" or tag == "caption":
            kind, level = CAPTION, 0
        self.node = len(self.parents)
        self.parents.append(parent)
        self.tags.append(tag)
        self.names.append(f"{names} {number}" if names and number else names or number or "")
        self._note(element, keys)
        self.kinds.append(kind)
        self.levels.append(level)
        self.hides.append(hidden or self.hides[parent])

    def _note(self, element: Element, keys: list[str]) -> None:
        """Keep the element of the container that begins while the walk goes on, and what it says for longer."""
        self.elements.append(element)
        if not TELLING.isdisjoint(keys):
            self.attributes[self.node] = {key: value for key, value in element.items() if key in TELLING}

    def _leave_block(self, element: Element) -> None:
        if self.pieces:
            self._flush()
        else:
            self.breaks = 0
        self.node = self.parents[self.node]

    # Listings of code

    def _end_listing_line(self) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")

    def _leave_listing_line(self, element: Element) -> None:
        self._end_listing_line()

    def _enter_code(self, element: Element) -> Leave:
        """Begin a line where each line is a <code> of its own."""
        before = element.getprevious()
        if before is not None and before.tag == "code" and not (before.tail or ""):
            self._end_listing_line()
        return self._leave_plain

    def _leave_listing(self, element: Element) -> None:
        self.in_listing = False
        lines = "".join(self.pieces).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._end_listing(element, lines)

    def _end_listing(self, element: Element, lines: list[str]) -> None:
        lines = [line.replace("\xa0", " ").rstrip() for line in lines]
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

    def _enter_cell(self) -> Leave:
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
