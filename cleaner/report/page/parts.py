"""What the sections of a page are made of: headings, rows that open, tables, quoted texts, numbers as words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cleaner.account.facts import GONE, NEW, OTHER, SAME
from cleaner.report.page.elements import Child, Html, element, joined

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACES = {" ": "·", "\n": "↵", "\t": "→", "\r": "␍", "\u00a0": "⍽"}


class Section(NamedTuple):
    """A part of the page: the name that links lead to, its heading, the sentence that says what is to be seen."""

    id: str
    title: str
    lead: str
    children: tuple[Child, ...]

    def html(self) -> Html:
        """Return the element."""
        return element(
            "section", element("h2", self.title), element("p", self.lead, class_="lead"), *self.children, id=self.id
        )


def section(id_: str, title: str, lead: str, *children: Child) -> Section:
    """Return a section."""
    return Section(id_, title, lead, children)


def rows(
    kind: str, headings: Sequence[str], lines: Iterable[tuple[Sequence[Child], Child]], *, open_first: bool = False
) -> Html:
    """Return a list in columns; a line with something inside opens. The first column is words, the others numbers."""
    made = [element("div", *(element("span", heading) for heading in headings), class_="row head")]
    for number, (cells, inside) in enumerate(lines):
        line = joined(*(element("span", cell) for cell in cells))
        if inside is None:
            made.append(element("div", line, class_="row"))
        else:
            summary = element("summary", line, class_="row")
            inside = element("div", inside, class_="inside")
            made.append(element("details", summary, inside, open=open_first and number == 0))
    return element("div", *made, class_=f"rows {kind}")


def table(headings: Sequence[str], lines: Iterable[Sequence[Child]]) -> Html:
    """Return a table whose first column is words, and the others numbers."""
    head = element("tr", *(element("th", heading, scope="col") for heading in headings))
    body = [element("tr", *(element("td", cell) for cell in cells)) for cells in lines]
    return element("div", element("table", element("thead", head), element("tbody", *body)), class_="scroll")


def code_and_name(code: str, name: str) -> Html:
    """Return a rule as it is called."""
    return joined(element("b", name), " ", element("code", code))


def quote(parts: Iterable[Sequence[str]]) -> Html:
    """Return a stretch of somebody's text, with what went and what came marked."""
    shown = [(kind, words) for kind, words in parts]
    if shown and shown[0][0] == SAME:
        shown[0] = SAME, shown[0][1].lstrip()
    if shown and shown[-1][0] == SAME:
        shown[-1] = SAME, shown[-1][1].rstrip()
    return element("blockquote", *(_part(kind, words) for kind, words in shown), dir="auto")


def _part(kind: str, words: str) -> Child:
    if kind in (GONE, NEW):
        tag = "del" if kind == GONE else "ins"
        return element(tag, visible(words), class_="space" if unseen(words) else None)
    return element("del", words, class_="other") if kind == OTHER else words


def unseen(words: str) -> bool:
    """Tell whether a text is there and yet cannot be seen."""
    return bool(words) and not _INVISIBLE.sub("", words).strip()


def visible(words: str) -> str:
    """Return a text with what cannot be seen made visible: all of it where it is only spaces, else invisible letters.

    >>> visible("  \\n"), visible("a\\u200bb")
    ('··↵', 'a[U+200B]b')
    """
    if unseen(words):
        words = "".join(_SPACES.get(letter, letter) for letter in words)
    return _INVISIBLE.sub(lambda found: f"[U+{ord(found.group()):04X}]", words)


def examples(items: Sequence[Mapping[str, Any]], note: Child = None) -> Html:
    """Return examples: of a rule, marked parts of a text; of a reason, its message and the text's beginning."""
    figures = []
    for item in items:
        if "parts" in item:
            body = quote(item["parts"])
        else:
            body = joined(
                element("p", item["message"], class_="why"),
                element("blockquote", item["excerpt"], dir="auto") if item["excerpt"] else None,
            )
        figures.append(element("figure", body, element("figcaption", item["id"], dir="auto")))
    return joined(element("p", note, class_="note") if note else None, element("div", *figures, class_="examples"))


def percent(part: float, whole: float) -> str:
    """Return a share in words, with as many digits as it needs, rounded down: 100% is all of it.

    >>> percent(1, 3), percent(1, 30), percent(1, 5000), percent(1, 10**6), percent(0, 5)
    ('33%', '3.3%', '0.02%', '< 0.01%', '0%')
    >>> percent(9999, 10000), percent(5, 5)
    ('99.9%', '100%')
    """
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 0.01:
        return "< 0.01%"
    digits = 1 if 99 < share < 100 else 0 if share == 0 or share >= 10 else 1 if share >= 0.1 else 2
    return f"{math.floor(share * 10**digits + 1e-9) / 10**digits:.{digits}f}%"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> counted(1, "document"), counted(2000, "document")
    ('1 document', '2,000 documents')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def floored(share: float) -> str:
    """Return a share in per cent, never rounded up: what is not quite the same must not read 100.

    >>> floored(0.99996), floored(1.0)
    ('99.9%', '100.0%')
    """
    return f"{math.floor(share * 1000) / 10:.1f}%"


def duration(seconds: float) -> str:
    """Return a time in the unit that fits.

    >>> duration(0.0042), duration(3.21), duration(4000)
    ('4.2 ms', '3.2 s', '1 h 07 min')
    """
    if seconds < 1:
        return f"{seconds * 1000:.1f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def size(number: int) -> str:
    """Return bytes in the unit that fits.

    >>> size(2_340_000), size(820), size(5_100_000_000)
    ('2.3 MB', '820 bytes', '5.1 GB')
    """
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if number >= unit:
            return f"{number / unit:,.1f} {name}"
    return counted(number, "byte")
