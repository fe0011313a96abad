"""What a page says, block by block, and where each block stood: the values that the walk yields.

A `Page` has its `blocks` in reading order, and the tree above them as parallel lists over *containers* (the elements
that stand in lines of their own, the body being number 0; each has a lower number than what it holds):

* `parents[c]`: the number of the container around it, -1 for the body;
* `tags[c]`, `names[c]`: the tag, and the class and id as they stand, joined by a blank ("" where there are none);
* `attributes[c]`: the attributes by which a template says what a container is, and those that number lists (see
  `cleaner.extract.elements.TELLING`), of those containers alone that have one.

So facts over the tree are sums over integers: walk the numbers downwards to add what children have to their parents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

PARAGRAPH, HEADING, ROW, CODE, CAPTION = "paragraph", "heading", "row", "code", "caption"


class Mark(NamedTuple):
    """Markup of a stretch of an inline content: the pieces from `start` to `end`.

    `kind` is link, strong, emphasis, code, deleted or image; `value` is a link's or an image's address, else "".
    """

    kind: str
    start: int
    end: int
    value: str


class Inline(NamedTuple):
    """Text as it stands in the source, in pieces between which markup begins and ends."""

    pieces: tuple[str, ...]
    marks: tuple[Mark, ...]


PLAIN = Inline((), ())


class Cell(NamedTuple):
    """A cell of a table of data: its text, its markup, how many columns it takes, and whether it heads others."""

    text: str
    inline: Inline
    span: int
    header: bool


@dataclass(slots=True, eq=False)
class Block:
    """A paragraph, a heading, a line of one, a row of a table of data, or a listing of code.

    `text` is the block as plain text shows it, without the marker of a list: one line, but for code. `level` is a
    heading's, else 0. `node` is the number of its container. `link_chars` and `bold_chars` count code points of
    `text` inside links and bold type, `links` and `images` count elements. `names` are the classes of the inline
    elements in it, in their order. `breaks` is the number of line breaks (<br>) between it and the line before in its
    container; `ruled` says that a rule (<hr>) stands above it, `hidden` that the page does not show it at first.
    `inline` is the text with its markup, without pieces where it has none; of a row `cells` have it. `header` says
    that a row heads a table, `language` names that of a listing where the page does.
    """

    kind: str
    text: str
    node: int
    level: int = 0
    link_chars: int = 0
    links: int = 0
    bold_chars: int = 0
    images: int = 0
    names: tuple[str, ...] = ()
    breaks: int = 0
    ruled: bool = False
    hidden: bool = False
    inline: Inline = PLAIN
    cells: tuple[Cell, ...] = ()
    header: bool = False
    language: str = ""


class Image(NamedTuple):
    """A picture: its address, what it shows, and the number of the block that it stands before."""

    source: str
    alt: str
    before: int


@dataclass(slots=True, eq=False)
class Page:
    """The blocks of a page, and its containers as parallel lists (see the module)."""

    blocks: list[Block]
    parents: list[int]
    tags: list[str]
    names: list[str]
    attributes: dict[int, dict[str, str]]
    images: list[Image]

    def ancestors(self, node: int) -> Iterator[int]:
        """Yield a container and those around it, from the inside out."""
        while node >= 0:
            yield node
            node = self.parents[node]
