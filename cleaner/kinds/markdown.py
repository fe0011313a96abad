"""What of a Markdown text is markup or code, and no rule may change."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleaner.document import Edit
from cleaner.kinds.spans import Span, Spans

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Quotes and lists inside one another are read this deep, each a level, a list's entry another one; what is deeper is
# left as it is. The time to read a text of nothing but such marks goes up with it.
MAX_NESTING = 40

_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t\r]*\n.*?^(?:\1|\.\.\.)[ \t\r]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LINE_END = re.compile(r"\r\n?|\n")  # as Markdown has it

# HTML whose content is shown, or run, as it stands; from <?php to ?>, a declaration, and CDATA, too.
_RAW_BLOCK = re.compile(r"\s*<(?:(?:pre|script|style|textarea)(?=[\s>]|\Z)|[?!](?!--))", re.IGNORECASE)
_RAW_TAG = re.compile(r"<(pre|script|style|textarea)(?=[\s>])", re.IGNORECASE)
_RAW_END = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("pre", "script", "style", "textarea")}

# Where a link leads, and a tag with its attributes: to mend a letter there is to break it.
_TARGET = re.compile(
    r"""
    \]\( (?: [^()\n\\]++ | \\. | \( (?: [^()\n\\]++ | \\. )*+ \) )*+ \)  # behind the words of a link
    | </?[a-zA-Z] (?: [^<>\n]++ | \n(?![ \t]*+\n) )*+ >                 # a tag, or an address in angle brackets
    | \b(?:https?|ftp)://[^\s<>()\[\]"'`]++                             # an address by itself
    """,
    re.VERBOSE,
)
_DEFINITION = re.compile(r"^[ \t>]*+\[[^\]\n]++\]:[^\n]*", re.MULTILINE)
_HARD_BREAK = re.compile(r"(?<=\S) {2,}+$", re.MULTILINE)
_INLINE = re.compile(r"\\[\\`<]|`+|<!--")
_BACKTICKS = re.compile("`+")
_COMMENT_END = "-->"


@dataclass(frozen=True, slots=True)
class Markup:
    """What of one text is to stay: code, front matter, tables, comments, underlines of headings are `fixed`.

    `targets` are where links lead, and tags: none may be changed, but each may go with all that is around it; so may
    `breaks`, the spaces that break a line, go with their line and not by themselves.
    `headings` are the starts of lines that may be mended and not taken out: what stands below would be something else.
    """

    text: str
    fixed: Spans
    targets: Spans
    breaks: Spans
    headings: tuple[int, ...]
    comments: tuple[Span, ...]
    """The HTML comments that do not stand in code, in order."""

    def forbids(self, edit: Edit) -> bool:
        """Tell whether an edit would change what is to stay as it is."""
        start, end = edit.start, edit.start + len(edit.old)
        if self.fixed.touched(start, end):
            return True
        if "\n" in edit.old and bisect_left(self.headings, start) < bisect_left(self.headings, end):
            return True
        if any(edit.new or a < start or end < b for a, b in self.targets.touched(start, end)):
            return True
        if any(a <= start and end <= b for a, b in self.breaks.touched(start, end)):
            return True
        return _cuts_markup(self.text, edit)


def _cuts_markup(text: str, edit: Edit) -> bool:
    """Tell whether the end of a line would go and leave half of a link, of emphasis or of code behind."""
    if edit.new or "\n" in edit.old or (edit.start == 0 or text[edit.start - 1] == "\n"):
        return False
    old = edit.old
    return old.count("[") != old.count("]") or old.count("**") % 2 == 1 or old.count("`") % 2 == 1


def read_markdown(text: str) -> Markup:
    """Find what is to stay. Linear in the length of the text; where it is in doubt, more is kept."""
    blocks = _Blocks(text)
    in_code = Spans(blocks.code).around
    comments: list[Span] = list(blocks.comments)
    code: list[Span] = []
    for start, end in blocks.prose:
        for span, is_comment in _inline_spans(text, start, end):
            (comments if is_comment else code).append(span)
    outside = Spans([*blocks.code, *code, *comments])
    fixed = [*outside.spans, *_raw_html(text, outside), *blocks.lines_of_markup]
    fixed += [match.span() for match in _DEFINITION.finditer(text) if not in_code(match.start())]
    targets = Spans(match.span() for match in _TARGET.finditer(text))
    breaks = Spans(match.span() for match in _HARD_BREAK.finditer(text))
    return Markup(text, Spans(fixed), targets, breaks, tuple(sorted(blocks.headings)), tuple(sorted(comments)))


@dataclass(slots=True)
class _Blocks:
    """What the lines of a text are, as markdown-it-py reads them."""

    text: str
    code: list[Span] = field(default_factory=list)
    """Front matter, fenced and indented code, tables, and what HTML shows as it stands."""
    lines_of_markup: list[Span] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    prose: list[Span] = field(default_factory=list)
    """Paragraphs and headings, of which no two share a line."""
    comments: list[Span] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        front = _FRONT_MATTER.match(self.text)
        begin = front.end() if front else 0
        if front:
            self.code.append(front.span())
        self._starts = [begin, *(match.end() for match in _LINE_END.finditer(self.text, begin)), len(self.text) + 1]
        for token in _parser().parse(self.text[begin:]):
            if token.map is not None:
                self._take(token, *token.map)

    def _take(self, token: Token, first: int, last: int) -> None:
        match token.type:
            case "fence" | "code_block" | "table_open":
                self.code.append(self._lines(first, last))
            case "html_block" if _RAW_BLOCK.match(token.content):
                self.code.append(self._lines(first, last))
            case "html_block":
                self.comments += _comments(self.text, *self._lines(first, last))
            case "inline" if not (self.code and self._starts[first] < self.code[-1][1]):  # else a cell of a table
                self.prose.append(self._lines(first, last))
            case "heading_open" if token.markup in ("=", "-"):
                self.lines_of_markup.append(self._lines(last - 1, last))
                self._keep(last - 2)
            case "hr" if token.markup.startswith("-"):
                self._keep(first - 1)
            case "blockquote_open" | "list_item_open" if token.level + 1 >= MAX_NESTING:
                self.code.append(self._lines(first, last))

    def _lines(self, first: int, last: int) -> Span:
        """Return the stretch from one line to another, that one and the last line end left out."""
        return self._starts[first], max(self._starts[first], min(self._starts[last], len(self.text) + 1) - 1)

    def _keep(self, line: int) -> None:
        if line >= 0 and self.text[slice(*self._lines(line, line + 1))].strip():
            self.headings.append(self._starts[line])


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    # Link definitions are lines of their own here; and what is inside a paragraph is read below.
    parser.disable(["reference"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _comments(text: str, start: int, end: int) -> Iterator[Span]:
    while (place := text.find("<!--", start, end)) >= 0:
        stop = text.find(_COMMENT_END, place + 4, end)
        start = stop + len(_COMMENT_END) if stop >= 0 else end
        yield place, start


def _inline_spans(text: str, start: int, end: int) -> Iterator[tuple[Span, bool]]:
    """Yield the code and the comments in a paragraph, each with whether it is a comment; what begins first counts."""
    if "`" not in text[start:end] and "<!--" not in text[start:end]:
        return
    runs: dict[int, list[int]] = {}
    for run in _BACKTICKS.finditer(text, start, end):
        runs.setdefault(len(run.group()), []).append(run.start())
    last_comment = text.rfind(_COMMENT_END, start, end)
    while (mark := _INLINE.search(text, start, end)) is not None:
        start = mark.end()
        if mark.group() == "<!--" and start <= last_comment:
            start = text.find(_COMMENT_END, start, end) + len(_COMMENT_END)
            yield (mark.start(), start), True
        elif mark.group()[0] == "`":
            same = runs.get(len(mark.group()), [])
            later = bisect_right(same, mark.start())
            if later < len(same):
                start = same[later] + len(mark.group())
                yield (mark.start(), start), False


def _raw_html(text: str, code: Spans) -> Iterator[Span]:
    """Yield what stands between <pre> and </pre> and the like, over blank lines, too, inside of other HTML."""
    place = 0
    unended: set[str] = set()
    while (tag := _RAW_TAG.search(text, place)) is not None:
        place = tag.end()
        name = tag[1].lower()
        if name in unended:
            continue
        if around := code.around(tag.start()):
            place = max(place, around[1])
        elif end := _RAW_END[name].search(text, place):
            place = end.end()
            yield tag.start(), place
        else:
            unended.add(name)
