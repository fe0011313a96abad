"""Runs as a line of Markdown, escaped so that it is read as the same runs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin

from cleaner.extract.runs import Run

# What means something in the middle of a line.
_SIGNS_IN_TEXT: Final = r"""
    [\\`*]                          # escapes, code, emphasis
    | (?<![^\W_])_ | _(?![^\W_])    # emphasis; inside a word it is none
    | ~(?=~|$) | (?<=~)~ | ^~       # deleted text
    | \](?=[(\[:]|$)                # the end of a link's text, or of the name of an address
    | <(?=[\w/!?.])                 # an element, an address
    | &(?=\#?\w{1,32};)             # a character by its name
    | !$                            # before a link: a picture
    """
_SPECIAL: Final = re.compile(_SIGNS_IN_TEXT, re.VERBOSE)
_SPECIAL_IN_LINK: Final = re.compile(rf"[\[\]] | {_SIGNS_IN_TEXT}", re.VERBOSE)
# What means something where a line begins.
_BEGINS: Final = re.compile(
    r"(?P<before>\d{1,9}(?=[.)](?:\s|$)))?(?:(?<=\d)|\#{1,6}(?=\s|$)|>|[+-](?=\s|$)|=+\s*$|[-:|](?=[-:|\s]*$))"
)
_DEFINES: Final = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:")
_HASHES: Final = re.compile(r"(?<![^\s])(#+)$")
_IN_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f-\xa0<>()\[\]\\`|\"*\u2028\u2029]")
_ENTITY: Final = re.compile(r"&(?=#?\w{1,32};)")
_SCHEME: Final = re.compile(r"\s*[a-zA-Z][a-zA-Z0-9+.-]*:")
_SHOWN_SCHEME: Final = re.compile(r"(?:https?|ftp|mailto|tel):", re.IGNORECASE)

_SIGNS: Final = {"strong": "**", "emphasis": "*", "deleted": "~~"}


def address(href: str, base: str | None = None) -> str:
    """Return where a link leads, completed by the page's own address; "" where it leads nowhere or runs a script."""
    href = href.strip()
    if base:
        try:
            href = urljoin(base, href)
        except ValueError:
            return ""
    if _SCHEME.match(href) and not _SHOWN_SCHEME.match(href):
        return ""
    return _IN_ADDRESS.sub(lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), href)


def line(runs: Sequence[Run], *, in_table: bool = False) -> str:
    """Return the runs as Markdown, to stand after the beginning of a line."""
    written = _Line(runs).text()
    return written.replace("|", "\\|") if in_table else written


def paragraph_line(runs: Sequence[Run]) -> str:
    """Return the runs as a line of a paragraph: with what would begin a heading, a list, a table escaped."""
    text = line(runs)
    if _DEFINES.match(text):
        return _no_definition(runs, text)
    begins = _BEGINS.match(text)
    if begins is None:
        return text
    at = len(begins.group("before") or "")
    return f"{text[:at]}\\{text[at:]}"


def _no_definition(runs: Sequence[Run], text: str) -> str:
    """Return a line that would be read as where a link leads ("[a]: b"), since no sign can be escaped in code.

    Code that is a link becomes its text.
    """
    if not runs[0].link:
        return f"\\{text}"
    return line([run._replace(code=run.code and "]:" not in run.text) for run in runs])


def heading_line(runs: Sequence[Run]) -> str:
    """Return the runs as the text of a heading: signs at its end would be taken for its frame."""
    return _HASHES.sub(r"\\\1", line(runs))


def fence(text: str, sign: str = "`", least: int = 3) -> str:
    """Return a row of signs that is longer than any in the text."""
    longest = max((len(row) for row in re.findall(f"{sign}+", text)), default=0)
    return sign * max(least, longest + 1)


class _Line:
    """Writes runs; remembers how the line ends, since signs beside signs are read as others."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs
        self._parts: list[str] = []
        self._closed = False  # the line ends with a sign that closes
        self._code = ""  # the text of the code span that it ends with

    def text(self) -> str:
        self._write(0, len(self._runs), frozenset(), " ")
        return "".join(self._parts)

    def _write(self, start: int, end: int, within: frozenset[str], after: str) -> None:
        """Write some runs; `within` are the kinds of markup around them, `after` is the sign that follows."""
        at = start
        while at < end:
            kind, until = self._widest(at, end, within)
            follows = after if until == end else self._first_after(until, within)
            if kind == "":
                self._text(self._runs[at], "link" in within)
            elif kind == "link":
                self._link(at, until, within)
            else:
                self._signs(kind, at, until, within, follows)
            at = until

    def _widest(self, at: int, end: int, within: frozenset[str]) -> tuple[str, int]:
        """Return the kind of markup that begins here and reaches furthest, and how far; "" where none begins."""
        best, reach = "", at + 1
        for kind in ("link", "strong", "emphasis", "deleted"):
            value = getattr(self._runs[at], kind)
            if not value or kind in within:
                continue
            until = at + 1
            while until < end and getattr(self._runs[until], kind) == value:
                until += 1
            if not best or until > reach:
                best, reach = kind, until
        return best, reach

    def _text(self, run: Run, in_link: bool) -> None:
        if run.code:
            self._code_span(run.text)
        else:
            self._put((_SPECIAL_IN_LINK if in_link else _SPECIAL).sub(r"\\\g<0>", run.text))

    def _code_span(self, text: str) -> None:
        if self._code:  # two spans that touch would be read as one with other signs
            text = self._code + text
            self._parts.pop()
        sign = fence(text, least=1)
        pad = " " if "`" in (text[0], text[-1]) or (text[0] == " " == text[-1] and not text.isspace()) else ""
        self._put(f"{sign}{pad}{text}{pad}{sign}")
        self._code = text

    def _link(self, start: int, end: int, within: frozenset[str]) -> None:
        self._put("[")
        self._write(start, end, within | {"link"}, "]")
        self._put(f"]({_ENTITY.sub('%26', self._runs[start].link)})")

    def _signs(self, kind: str, start: int, end: int, within: frozenset[str], after: str) -> None:
        """Write runs between signs, where they would be read as such; without them elsewhere."""
        within |= {kind}
        sign = self._sign_for(kind, start, end, within, after)
        if not sign:
            self._write(start, end, within, after)
            return
        self._put(sign)
        self._write(start, end, within, sign[0])
        self._put(sign)
        self._closed = True

    def _sign_for(self, kind: str, start: int, end: int, within: frozenset[str], after: str) -> str:
        """Return the sign that opens and closes around these runs; "" where none does (CommonMark's flanking rules)."""
        first, last = self._sign_at(start, 0, within), self._sign_at(end - 1, -1, within)
        before = self._parts[-1][-1] if self._parts else " "
        if self._closed or first.isspace() or last.isspace():
            return ""
        if _is_sign(first) and not (before.isspace() or _is_sign(before)):
            return ""
        if _is_sign(last) and not (after.isspace() or _is_sign(after)):
            return ""
        sign = _SIGNS[kind]
        if sign[0] != "*" or not self._opens() or after == "*":
            return sign
        # three signs in a row that do not end together would be read otherwise
        return sign.replace("*", "_") if after.isspace() or _is_sign(after) else ""

    def _opens(self) -> bool:
        """Tell whether the line ends with signs that open emphasis."""
        return bool(self._parts) and not self._closed and self._parts[-1] in ("*", "**")

    def _sign_at(self, at: int, side: int, within: frozenset[str]) -> str:
        """Return the character with which a run begins, or ends, as it is written inside of other markup."""
        run = self._runs[at]
        signs = run.code or (run.link and "link" not in within) or (run.deleted and "deleted" not in within)
        if "deleted" in within:
            signs = signs or (run.strong and "strong" not in within) or (run.emphasis and "emphasis" not in within)
        return "`" if signs else run.text[side]

    def _first_after(self, at: int, within: frozenset[str]) -> str:
        """Return the character with which a run begins right behind signs that close: no others are set there."""
        run = self._runs[at]
        return "`" if run.code or (run.link and "link" not in within) else run.text[0]

    def _put(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._closed = False
            self._code = ""


def _is_sign(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
