"""The line that a walk over a page is reading: its text, its marks, and the inline elements that it goes through."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate, compress
from typing import Any, Final

from cleaner.extract import apparatus
from cleaner.extract.block import (
    HEADING,
    PARAGRAPH,
    PLAIN,
    Block,
    Cell,
    Image,
    Inline,
    Mark,
)
from cleaner.extract.elements import (
    HIDING,
    MARKS,
    OF_COLUMNS,
    is_for_screen_readers,
)
from cleaner.extract.formula import formula, tex
from cleaner.extract.page import Element
from cleaner.extract.space import collapse

Leave = Callable[[Element], None]

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_LANGUAGE: Final = re.compile(
    r"(?:^|\s)(?:language|lang|highlight-source|highlight|brush:)[-\s]*([\w+#-]{1,20})(?:\s|;|$)"
)
_NO_LANGUAGE: Final = frozenset({"none", "text", "plain", "plaintext", "default", "nohighlight", "wrapper", "code"})
_STACKED: Final = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_MOST_SPAN: Final = 100
_QUOTES: Final = tuple("\"'“”„«»‘’‚「『")


def named_and_styled(element: Element, keys: list[str]) -> tuple[str | None, str | None]:
    """Return the classes and the style of an element with such attributes: to look there first takes half the time."""
    if not keys:
        return None, None
    return element.get("class") if "class" in keys else None, element.get("style") if "style" in keys else None


def is_hidden(element: Element, keys: list[str], names: str | None, style: str | None) -> bool:
    """Tell whether the page does not show an element with such attributes, classes and style at first."""
    if not keys:
        return False
    if "hidden" in keys and element.get("hidden") != "until-found":
        return True
    if "aria-hidden" in keys and element.get("aria-hidden") == "true":
        return True
    if style and HIDING.search(style):
        return True
    return names is not None and is_for_screen_readers(names)


class Line:
    """The state of a walk: the line that is being read, and the containers around it."""

    def __init__(self, body: Element) -> None:
        self.body = body
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.parents, self.tags, self.names = [-1], ["body"], [""]
        self.elements: list[Element] = []
        self.attributes: dict[int, dict[str, str]] = {}
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
            if self.links and self.kinds[self.node] is HEADING:
                self._end_heading()
            text = collapse("".join(self.pieces))
            if text and (len(text) > 9 or text.translate(_INVISIBLE)):
                self._emit(self.kinds[self.node], text, inline=self._inline())
            self._restart()
        self.breaks = 0

    def _end_heading(self) -> None:
        """Take away the links in brackets that end a heading, with which readers of a wiki edit its section."""
        begins_and_ends = [0] * (len(self.pieces) + 1)
        for kind, start, end, _ in self.marks:
            if kind == "link":
                begins_and_ends[start] += 1
                begins_and_ends[end] -= 1
        linked = list(accumulate(begins_and_ends[:-1]))
        last, place = apparatus.links_in_brackets(self.pieces, linked)
        if last == len(self.pieces):
            return
        self.links -= sum(mark.kind == "link" and mark.start >= last for mark in self.marks)
        self.link_chars -= sum(len(collapse(piece)) for piece in compress(self.pieces[last:], linked[last:]))
        self.pieces[last:] = [self.pieces[last][:place]]
        self.marks = [mark._replace(end=min(mark.end, last + 1)) for mark in self.marks if mark.start <= last]

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

    # Inline elements

    def _enter_inline(self, element: Element, tag: str) -> Leave | None:
        if tag == "br":
            self._break()
            return None
        if tag == "math":
            self._formula(formula(element))
            return None
        keys = element.keys()
        names, style = named_and_styled(element, keys)
        role = apparatus.role_of(names) if names else ""
        if tag == "img":
            self._image(element, role)
            return None
        if self._is_left_out(element, tag, keys, names, style, role):
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

    def _is_left_out(
        self, element: Element, tag: str, keys: list[str], names: str | None, style: str | None, role: str
    ) -> bool:
        """Tell whether a part of a line is no text of it; write a formula, an exponent in its place."""
        if role == apparatus.LEFT_OUT or is_hidden(element, keys, names, style):
            math = element.find(".//math")
            if math is not None:
                self._formula(formula(math))
            return True
        if role == apparatus.NUMBERS and apparatus.is_numbers(element):
            return True
        if tag == "sup":
            if apparatus.is_note_mark(element, role, self.pieces[-1].rstrip() if self.pieces else ""):
                return True
            if text := apparatus.raised(element):
                self._add(text)
                return True
        elif tag == "button":
            return self.kinds[self.node] is HEADING and apparatus.is_beside(element, self.pieces)
        elif tag == "a":
            stated = element.get("role") if "role" in keys else None
            if apparatus.is_sign(element) or stated == "doc-backlink":
                return True
            if (
                self.kinds[self.node] is HEADING
                and self.pieces
                and apparatus.is_permalink(element, self.elements[self.node])
            ):
                return True
            if len(element) and element[0].tag == "sup":
                return apparatus.is_note_mark(element, "", "")
            if role == apparatus.NOTE or stated == "doc-noteref":
                return apparatus.is_note_link(element)
        return False

    def _enter_link(self, element: Element) -> Leave:
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

    def _enter_quotation(self, element: Element) -> Leave:
        if (element.text or "").lstrip().startswith(_QUOTES):
            return self._leave_plain
        self._add("“")
        return self._leave_quotation

    def _leave_quotation(self, element: Element) -> None:
        self._add("”")

    def _enter_span(self, names: str) -> Leave:
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
        if role == apparatus.FORMULA:
            self._formula(tex(alt))
            return
        self.shown += 1
        source = element.get("src") or ""
        if source and not source.startswith("data:"):
            self.images.append(Image(source, alt, len(self.blocks) + bool(self.pieces)))

    # What a walk does with containers

    def _enter_block(self, element: Element, tag: str) -> Leave | None:
        raise NotImplementedError

    def _end_listing_line(self) -> None:
        raise NotImplementedError

    def _enter_code(self, element: Element) -> Leave:
        raise NotImplementedError
