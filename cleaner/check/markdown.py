"""What of a Markdown text is markup or code, and no rule may touch."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from cleaner.document import Edit

_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\n.*?^(?:\1|\.\.\.)[ \t]*(?=\n|\Z)", re.DOTALL | re.MULTILINE)
# Before a block there may be the marks of the quotes and lists that it stands in.
_CONTAINERS = r"(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*+"
_FENCE = re.compile(_CONTAINERS + r"(`{3,}|~{3,})([^\n]*)")
# HTML whose content is shown, or run, as it stands.
_RAW = re.compile(_CONTAINERS + r"<(pre|script|style|textarea)(?=[\s>]|\Z)", re.IGNORECASE)
# Where a link leads, and a tag with its attributes: to mend a letter there is to break it.
_TARGET = re.compile(r"\]\((?:[^()\n\\]|\\.|\([^()\n]*\))*+\)|</?[a-zA-Z][^<>]{0,300}+>")
_DEFINITION = re.compile(r"[ \t>]*\[[^\]\n]+\]:")
_DELIMITER_ROW = re.compile(r"[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-*+:?[ \t]*+)*+\Z")
_UNDERLINE = re.compile(r"[ \t>]*+(?:=++|-++)[ \t]*+\Z")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HARD_BREAK = re.compile(r"\S {2,}$", re.MULTILINE)
_BACKTICKS = re.compile("`+")


Spans = list[tuple[int, int]]


class Protected(NamedTuple):
    """Stretches that no edit may touch, sorted, and the starts of lines that may be mended and not taken out.

    Of `whole`, stretches too, none may be changed, but each may go with the line that it is in.
    """

    untouched: Spans
    whole: Spans
    kept_lines: frozenset[int]

    def forbids(self, edit: Edit) -> bool:
        """Tell whether an edit would change what is to stay as it is."""
        start, end = edit.start, edit.start + len(edit.old)
        if edit.start in self.kept_lines and "\n" in edit.old:
            return True
        if _touched(self.untouched, start, end):
            return True
        return any(edit.new or a < start or end < b for a, b in _touched(self.whole, start, end))


def protected(text: str) -> Protected:
    """Find front matter, code, tables, links, tags, HTML comments, hard line breaks and underlined headings.

    Where it is in doubt it protects: an indented paragraph of a list counts as code. Linear in the length of the text.
    """
    code = _blocks(text)
    kept: set[int] = set()
    spans = [*code, *_lines_of_markup(text, code, kept), *comments(text)]
    spans += [(m.start() + 1, m.end()) for m in _HARD_BREAK.finditer(text)]
    spans += _inline_code(text, code)
    return Protected(_merged(spans), [match.span() for match in _TARGET.finditer(text)], frozenset(kept))


def comments(text: str) -> Spans:
    """Find the HTML comments that stand outside of code."""
    if "<!--" not in text:
        return []
    blocks = _blocks(text)
    code = _merged([*blocks, *_inline_code(text, blocks)])
    return [match.span() for match in _COMMENT.finditer(text) if not _inside(match.span(), code)]


def _blocks(text: str) -> Spans:
    """Give front matter, fenced and indented code, and what HTML shows as it stands."""
    front = _FRONT_MATTER.match(text)
    place = front.end() if front else 0
    spans: Spans = [front.span()] if front else []
    fence, opened = "", 0
    raw = ""  # the tag that ends what stands as it is
    code: tuple[int, int] | None = None  # indented code that goes on, blank lines in it and all
    after_blank = True
    for line in text[place:].split("\n"):
        end = place + len(line)
        found = _FENCE.match(line)
        if not (fence or raw) and (tag := _RAW.match(line)):
            raw, opened = f"</{tag[1].lower()}>", place
        if raw:
            if raw in line.lower():
                spans.append((opened, end))
                raw = ""
        elif fence:
            if found and found[1].startswith(fence) and not found[2].strip(" \t"):
                spans.append((opened, end))
                fence = ""
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence, opened = found[1], place
        elif line.startswith(("    ", "\t")) and line.strip() and (after_blank or code):
            code = (code[0] if code else place, end)
        elif line.strip() and code:
            spans.append(code)
            code = None
        after_blank = not line.strip()
        place = end + 1
    spans += [(opened, len(text))] if fence or raw else []
    spans += [code] if code else []
    return _merged(spans)


def _lines_of_markup(text: str, code: Spans, kept: set[int]) -> Spans:
    spans: Spans = []
    place = 0
    before = (0, 0, "")
    in_table = False
    for line in text.split("\n"):
        end = place + len(line)
        if _inside((place, end), code):
            in_table = False
        elif in_table and line.strip(" \t>"):
            spans.append((place, end))
        elif "|" in before[2] and "-" in line and _DELIMITER_ROW.match(line):
            in_table = True
            spans += [before[:2], (place, end)]
        else:
            in_table = False
            if _DEFINITION.match(line):
                spans.append((place, end))
            elif before[2].strip() and _UNDERLINE.match(line):
                spans.append((place, end))
                kept.add(before[0])
        before = (place, end, line)
        place = end + 1
    return spans


def _inline_code(text: str, code: Spans) -> Spans:
    """Give the stretches between equal runs of backticks, not further apart than a paragraph is long."""
    spans: Spans = []
    place = 0
    for paragraph in re.split(r"(\n[ \t]*\n)", text):
        runs = list(_BACKTICKS.finditer(paragraph)) if "`" in paragraph else []
        waiting: dict[int, list[int]] = {}
        for index, run in enumerate(runs):
            waiting.setdefault(len(run.group()), []).append(index)
        index = 0
        while index < len(runs):
            same = waiting[len(runs[index].group())]
            later = bisect_right(same, index)
            if later < len(same):
                span = (place + runs[index].start(), place + runs[same[later]].end())
                if not _inside(span, code):
                    spans.append(span)
                index = same[later]
            index += 1
        place += len(paragraph)
    return spans


def _inside(span: tuple[int, int], spans: Spans) -> bool:
    """Tell whether a stretch begins inside one of the spans, which are sorted."""
    last = bisect_right(spans, (span[0], 1 << 62)) - 1
    return last >= 0 and span[0] < spans[last][1]


def _touched(spans: Spans, start: int, end: int) -> Spans:
    """Give the spans, of sorted ones, that a stretch has a character of, or is a place inside."""
    last = bisect_right(spans, (max(start, end - 1), 1 << 62))
    first = last
    while first > 0 and spans[first - 1][1] > start:
        first -= 1
    return spans[first:last]


def _merged(spans: Spans) -> Spans:
    merged: Spans = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged
