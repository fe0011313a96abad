"""Markdown as markdown-it reads it, and blocks as they should be read: both as the same plain values."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt

from cleaner.extract.block import CODE, HEADING, ROW, Page
from cleaner.extract.markdown import Shown, _frames, _Markdown, shown
from cleaner.extract.runs import Run

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_INLINE = {"strong": "strong", "em": "emphasis", "s": "deleted"}
# A unit: what it is, the frames around it (and which of them it opens), its texts as (character, markup) pairs.
Unit = tuple[str, tuple[Any, ...], tuple[Any, ...]]


def read(markdown: str) -> list[Unit]:
    units: list[Unit] = []
    frames: list[list[Any]] = []
    lists: list[int | None] = []
    cells: list[Any] = []
    kind = "paragraph"
    table_rows = 0

    def place() -> tuple[Any, ...]:
        found = tuple((what, new) for what, new in frames)
        for frame in frames:
            frame[1] = False
        return found

    for token in _READER.parse(markdown):
        if token.type == "blockquote_open":
            frames.append(["quotation", True])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrs.get("start", 1)) if token.type[0] == "o" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            frames.append([lists[-1], True])
            if lists[-1] is not None:
                lists[-1] += 1
        elif token.type in ("blockquote_close", "list_item_close"):
            frames.pop()
        elif token.type == "heading_open":
            kind = token.tag
        elif token.type == "paragraph_open":
            kind = "paragraph"
        elif token.type == "table_open":
            table_rows = 0
        elif token.type == "tr_open":
            cells, kind = [], "cell"
        elif token.type == "tr_close":
            table_rows += 1
            if any(cells):
                units.append(("header" if table_rows == 1 else "row", place(), tuple(cells)))
            kind = "paragraph"
        elif token.type == "inline":
            lines = _inline(token.children)
            if kind == "cell":
                assert len(lines) == 1
                cells.append(lines[0])
            else:
                where = place()
                units += [(kind, where if number == 0 else (), (text,)) for number, text in enumerate(lines)]
        elif token.type == "fence":
            units.append((f"code {token.info}".strip(), place(), (token.content.removesuffix("\n"),)))
        elif token.type == "hr":
            units.append(("rule", (), ()))
        else:
            assert token.type.endswith(("_open", "_close")), token.type
    return units


def _inline(children: Any) -> list[Any]:
    lines: list[list[Any]] = [[]]
    markup: dict[str, Any] = {}
    for child in children:
        name = child.type.removesuffix("_open").removesuffix("_close")
        if child.type == "hardbreak":
            lines.append([])
        elif child.type == "link_open":
            markup["link"] = unquote(child.attrs["href"])
        elif child.type == "link_close":
            del markup["link"]
        elif name in _INLINE:
            if child.nesting > 0:
                markup[_INLINE[name]] = True
            else:
                del markup[_INLINE[name]]
        else:
            assert child.type in ("text", "code_inline", "text_special"), child.type
            here = {**markup, "code": True} if child.type == "code_inline" else markup
            lines[-1] += _characters(child.content, here)
    return [tuple(text) for text in lines]


def _characters(text: str, markup: dict[str, Any]) -> list[Any]:
    said = tuple(sorted(markup.items()))
    return [(char, () if char.isspace() else said) for char in text]


def _said(text: list[Run]) -> Any:
    return tuple(
        pair
        for run in text
        for pair in _characters(
            run.text,
            {
                key: unquote(_READER.normalizeLink(str(value))) if key == "link" else value
                for key, value in run._asdict().items()
                if key != "text" and value
            },
        )
    )


def wanted(page: Page) -> list[Unit]:
    """The units that the Markdown of a page should be read as."""
    writer = _Markdown(page, None, False)
    frames = _frames(page)
    units: list[Unit] = []
    begun: set[int] = set()
    blocks = [shown(block) for block in page.blocks]
    at = 0
    while at < len(blocks):
        until = writer._until(blocks, at)
        first = blocks[at].block
        if first.ruled and units:
            units.append(("rule", (), ()))
        place = []
        for frame in frames[first.node]:
            what = "quotation" if frame.list_node == -2 else frame.number
            place.append((what, frame.node not in begun))
            begun.add(frame.node)
        units += _units(writer, blocks[at:until], tuple(place))
        at = until
    return units


def _units(writer: _Markdown, blocks: list[Shown], place: tuple[Any, ...]) -> list[Unit]:
    kind = blocks[0].block.kind
    if kind == CODE:
        return [(f"code {blocks[0].block.language}".strip(), place, (blocks[0].text,))]
    if kind == ROW:
        width = max(sum(cell.span for cell in block.block.cells) for block in blocks)
        units = []
        for number, block in enumerate(blocks):
            cells: list[Any] = []
            for cell, (text, marks) in zip(block.block.cells, block.cells, strict=True):
                cells += [_said(writer._runs(text, marks)) if text else (), *[()] * (cell.span - 1)]
            cells += [()] * (width - len(cells))
            header = number == 0 and block.block.header
            open_ = tuple((what, new and number == 0) for what, new in place)
            units.append(("header" if header else "row", open_, tuple(cells)))
        return units
    lines = [_said(writer._runs(block.text, block.marks)) for block in blocks]
    if kind == HEADING:
        joined = tuple(pair for text in lines for pair in ((" ", ()), *text))[1:]
        return [(f"h{blocks[0].block.level}", place, (joined,))]
    return [("paragraph", place if number == 0 else (), (text,)) for number, text in enumerate(lines)]


def plainer(units: list[Unit]) -> list[Unit]:
    """The units without emphasis, which Markdown cannot set in the middle of some words."""

    def less(text: Any) -> Any:
        if isinstance(text, str):
            return text
        return tuple((char, tuple(one for one in said if one[0] in ("link", "code"))) for char, said in text)

    return [(kind, place, tuple(map(less, texts))) for kind, place, texts in units]
