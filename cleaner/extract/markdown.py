"""Blocks as Markdown (CommonMark, with tables and deleted text), which is read as the same blocks again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from cleaner.extract.block import CODE, HEADING, ROW, Block, Mark, Page
from cleaner.extract.lists import Lists
from cleaner.extract.markdown_line import address, fence, heading_line, line, paragraph_line
from cleaner.extract.runs import Run, marks_in_text, runs

# Readers of Markdown give up on deep nests: markdown-it after 20 levels, of which a list takes two.
_MOST_LEVELS: Final = 7
_MOST_NUMBER: Final = 999_999_999


class Shown(NamedTuple):
    """A block as it is to be shown: its text, or its cells' texts, with their marks."""

    block: Block
    text: str
    marks: Sequence[Mark]
    cells: Sequence[tuple[str, Sequence[Mark]]] = ()


def shown(block: Block) -> Shown:
    """Return a block with its text as the page has it."""
    cells = [(cell.text, marks_in_text(cell.inline, cell.text)) for cell in block.cells]
    return Shown(block, block.text, marks_in_text(block.inline, block.text), cells)


def markdown(page: Page, blocks: Iterable[Block] | None = None, *, url: str | None = None, images: bool = False) -> str:
    """Return these blocks as Markdown, all of the page's where none are named.

    `url` is the page's address, which completes those of its links. Pictures between the blocks are
    shown with `images`.
    """
    return render(page, [shown(block) for block in (page.blocks if blocks is None else blocks)], url=url, images=images)


def render(page: Page, blocks: Sequence[Shown], *, url: str | None = None, images: bool = False) -> str:
    """Return blocks as Markdown; see `markdown`."""
    return _Markdown(page, url, images).text(blocks)


class _Frame(NamedTuple):
    """A quotation or an item of a list around a block: its container, that of its list, and its number.

    A quotation has the list -2; the number is None in lists without an order.
    """

    node: int
    list_node: int
    number: int | None


_QUOTATION: Final = -2


class _Markdown:
    """Writes blocks one below the other; remembers what is open around the last one."""

    def __init__(self, page: Page, url: str | None, images: bool) -> None:
        self._page = page
        self._url = url
        self._frames = _frames(page)
        self._images = _images(page, url) if images else {}
        self._lines: list[str] = []
        self._open: tuple[_Frame, ...] = ()
        self._indents: tuple[str, ...] = ()  # what lines inside of each open frame begin with
        self._second: dict[int, bool] = {}  # of each list, whether its items have the second of two signs
        self._numbers: dict[int, int] = {}  # the last number of each list
        self._line_above = False  # the last thing written was a line of text in an item

    def text(self, blocks: Sequence[Shown]) -> str:
        at = 0
        while at < len(blocks):
            until = self._until(blocks, at)
            self._group(blocks[at:until])
            at = until
        return "\n".join(self._lines) + "\n" if self._lines else ""

    def _until(self, blocks: Sequence[Shown], at: int) -> int:
        """Return where the blocks end that are one paragraph, heading or table with the one at `at`."""
        first = blocks[at].block
        until = at + 1
        while first.kind != CODE and until < len(blocks) and self._is_one(first, blocks[until].block):
            until += 1
        return until

    def _is_one(self, first: Block, block: Block) -> bool:
        if block.kind != first.kind or block.ruled:
            return False
        if block.kind == ROW:
            return _table(self._page, block) == _table(self._page, first)
        return block.node == first.node and (block.breaks == 1 or (block.breaks > 1 and block.kind == HEADING))

    def _group(self, blocks: Sequence[Shown]) -> None:
        block = blocks[0].block
        frames = self._frames[block.node]
        common = 0
        while common < min(len(frames), len(self._open)) and frames[common] == self._open[common]:
            common += 1
        for inserted in self._before(block):
            self._empty_line(common)
            self._close(common)
            self._put([inserted], [])
            self._line_above = False
        markers = [self._marker(frame, common if depth == 0 else -1) for depth, frame in enumerate(frames[common:])]
        if not self._may_follow(frames, common, markers):
            self._empty_line(common)
        self._close(common)
        self._put(self._content(blocks), markers)
        self._open = frames
        self._line_above = len(frames) > common and block.kind not in (CODE, ROW)

    def _before(self, block: Block) -> list[str]:
        """Return the pictures and the rule that stand above a block."""
        lines = [f"![{line([Run(alt)]) if alt else ''}]({source})" for source, alt in self._images.pop(id(block), ())]
        return lines + ["---"] * (block.ruled and bool(self._lines or lines))

    def _marker(self, frame: _Frame, at: int) -> str:
        """Return what a frame begins with; `at` is its depth where another may have ended just there, else -1."""
        if frame.list_node == _QUOTATION:
            return "> "
        beside = self._open[at] if 0 <= at < len(self._open) else None
        if beside is not None and beside.list_node != _QUOTATION:
            ordered = (beside.number is not None, frame.number is not None)
            if beside.list_node != frame.list_node:
                self._second[frame.list_node] = ordered[0] == ordered[1] and not self._second.get(
                    beside.list_node, False
                )
            elif ordered[0] != ordered[1] or (
                frame.number is not None and frame.number != self._numbers.get(frame.list_node, 0) + 1
            ):
                self._second[frame.list_node] = not self._second.get(frame.list_node, False)
        second = self._second.get(frame.list_node, False)
        if frame.number is None:
            return "* " if second else "- "
        self._numbers[frame.list_node] = frame.number
        return f"{frame.number}{')' if second else '.'} "

    def _may_follow(self, frames: tuple[_Frame, ...], common: int, markers: list[str]) -> bool:
        """Tell whether a block stands right below the last line: an item below a line of one."""
        if not markers or not self._line_above or frames[common].list_node == _QUOTATION:
            return False
        if common == len(self._open):  # a list in the item: not every number may begin one below a line
            return frames[common].number in (None, 1)
        return frames[common].list_node == self._open[common].list_node

    def _empty_line(self, common: int) -> None:
        if self._lines:
            self._lines.append("".join(self._indents[:common]).rstrip())

    def _close(self, common: int) -> None:
        self._open, self._indents = self._open[:common], self._indents[:common]

    def _put(self, lines: list[str], markers: list[str]) -> None:
        """Write lines, the first of them after the markers of the frames that begin."""
        before = "".join(self._indents)
        self._indents += tuple(marker if marker == "> " else " " * len(marker) for marker in markers)
        indent = "".join(self._indents)
        self._lines.append(before + "".join(markers) + lines[0])
        self._lines += [(indent + text).rstrip() if not text else indent + text for text in lines[1:]]

    def _content(self, blocks: Sequence[Shown]) -> list[str]:
        first = blocks[0]
        if first.block.kind == CODE:
            frame = fence(first.text)
            return [frame + first.block.language, *first.text.split("\n"), frame]
        if first.block.kind == ROW:
            return self._rows(blocks)
        lines = [self._runs(block.text, block.marks) for block in blocks]
        if first.block.kind == HEADING:
            joined = [run for text in lines for run in (Run(" "), *text)][1:]
            return ["#" * first.block.level + " " + heading_line(joined)]
        written = [paragraph_line(text) for text in lines]
        return [text + "\\" for text in written[:-1]] + written[-1:]

    def _runs(self, text: str, marks: Sequence[Mark]) -> list[Run]:
        linked = (
            mark._replace(value=address(mark.value, self._url)) if mark.kind == "link" else mark for mark in marks
        )
        return runs(text, list(linked))

    def _rows(self, blocks: Sequence[Shown]) -> list[str]:
        rows = [self._cells(block) for block in blocks]
        columns = max(map(len, rows))
        rows = [row + [""] * (columns - len(row)) for row in rows]
        if not blocks[0].block.header:
            rows.insert(0, [""] * columns)
        rows.insert(1, ["---"] * columns)
        return ["| " + " | ".join(row) + " |" for row in rows]

    def _cells(self, row: Shown) -> list[str]:
        texts = []
        for cell, (text, marks) in zip(row.block.cells, row.cells, strict=True):
            texts.append(line(self._runs(text, marks), in_table=True) if text else "")
            texts += [""] * (cell.span - 1)
        return texts


def _frames(page: Page) -> list[tuple[_Frame, ...]]:
    """Return for each container what is around it, from the outside in; nests too deep to be read end early."""
    lists = Lists(page)
    frames: list[tuple[_Frame, ...]] = [()] * len(page.tags)
    for node, tag in enumerate(page.tags):
        around = frames[page.parents[node]] if node else ()
        if len(around) < _MOST_LEVELS:
            if tag == "li":
                number = lists.numbers.get(node, -1)
                around = (*around, _Frame(node, lists.lists[node], number if 0 <= number <= _MOST_NUMBER else None))
            elif tag == "blockquote":
                around = (*around, _Frame(node, _QUOTATION, None))
        frames[node] = around
    return frames


def _images(page: Page, url: str | None) -> dict[int, list[tuple[str, str]]]:
    """Return the pictures to be shown above each block, by its id."""
    found: dict[int, list[tuple[str, str]]] = {}
    for image in page.images:
        source = address(image.source, url)
        if source and image.before < len(page.blocks):
            found.setdefault(id(page.blocks[image.before]), []).append((source, image.alt))
    return found


def _table(page: Page, row: Block) -> int:
    return next((node for node in page.ancestors(row.node) if page.tags[node] == "table"), -1)
