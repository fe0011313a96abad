"""Small things inside a text that are no words of it: note marks, permalinks, edit links, line numbers, formulas."""

from __future__ import annotations

import functools
import re
from itertools import islice
from typing import Final

from cleaner.extract.page import Element

LEFT_OUT: Final = "left out"
NUMBERS: Final = "numbers"
LINE: Final = "line"
NOTE: Final = "note"
EMOJI: Final = "emoji"
FORMULA: Final = "formula"
_ROLES: Final = (
    # MediaWiki's [edit]; permalinks that documentation tools put behind headings; the drawn half of a formula
    (LEFT_OUT, r"mw-editsection|editsection|headerlink|anchorjs-link|katex-html|MathJax\w*|mjx-\w+"),
    (NUMBERS, r"[\w-]*line-?n(?:o|os|um|umbers?)|[\w-]*lineno|linenos|[\w-]*gutter|blob-num|ln|lnt|lnum|hljs-ln-n\w*"),
    (LINE, r"line|code-?line|hljs-ln-line|view-line"),
    (NOTE, r"reference|footnote\w*|footnote-\w+|fn-?ref|noteref|note-?link|cite_ref\w*|noprint|sup-ref|endnote\w*"),
    (EMOJI, r"emoji|emoticon|wp-smiley|smiley|twemoji"),
    # pictures of formulas, whose alternative text is what was typed
    (FORMULA, r"latex|tex|mwe-math-fallback-image-\w+|wp-latex|math-tex"),
)
_ROLE: Final = [(role, re.compile(rf"(?:^|\s)(?:{names})(?:\s|$)")) for role, names in _ROLES]
_ANY_ROLE: Final = re.compile(rf"(?:^|\s)(?:{'|'.join(names for _, names in _ROLES)})(?:\s|$)")

_MOST_INSIDE: Final = 12  # elements in a note mark; so that a nest of them costs no time
_MOST_MARK: Final = 40
_NUMBERS: Final = "0123456789 \t\r\n"
_MOST_NUMBERS: Final = 5_000
_NOTE_TEXT: Final = re.compile(
    r"[\[(]?(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§¶]{1,3}|note\s\d{1,3})[\])]?(?:\s*,)?", re.IGNORECASE
)
_BRACKETED: Final = re.compile(r"\[[^\[\]]{1,30}\]")
_RAISED: Final = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_EXPONENT: Final = re.compile(r"[+−-]?[0-9]{1,4}")
_ENDS_A_CLAUSE: Final = tuple(".,;:!?…\"'”’»」。，；：！？")
_FIRST_DENSE: Final = "\u2e80"  # from there on are the scripts of East Asia
# No page has this character: the parser leaves it out.
_LINKED: Final = "\0"
_BLANKS_AND_LINKS: Final = " \t\r\n\xa0\0"
_LINKS_IN_BRACKETS: Final = re.compile(r"\[[\0\s|/·,]+\]\s*$")
# Signs that stand for "a link to here" and "back to the text".
_SIGNS: Final = frozenset("¶#§🔗⚓∞¤↩↵↑⤴^⏎\ufe0e\ufe0f")


@functools.lru_cache(maxsize=20_000)
def role_of(names: str) -> str:
    """Return what an element with these classes is in a text; "" where the classes do not say."""
    if not _ANY_ROLE.search(names):
        return ""
    return next(role for role, pattern in _ROLE if pattern.search(names))


def small_text(element: Element) -> str:
    """Return the text of an element, without white space at its ends; "" where it is more than a dozen elements."""
    if len(list(islice(element.iter(), _MOST_INSIDE + 1))) > _MOST_INSIDE:
        return ""
    return "".join(element.itertext()).strip()


def is_note_mark(element: Element, role: str, before: str) -> bool:
    """Tell whether a raised text is the mark of a note, and no exponent or ordinal; `before` is what it follows.

    It is one where it stands in brackets, leads to another place of the page, or follows the end of a clause.
    """
    text = small_text(element)
    if not text or len(text) > _MOST_MARK:
        return False
    if role == NOTE or _BRACKETED.fullmatch(text):
        return True
    if not _NOTE_TEXT.fullmatch(text):
        return False
    return any(_is_local(link) for link in element.iter("a")) or before.endswith(_ENDS_A_CLAUSE)


def is_note_link(link: Element) -> bool:
    """Tell whether a link whose class or role names notes is the mark of one, and no words of the sentence.

    Documentation tools have the class `reference` on all links.
    """
    return bool(_NOTE_TEXT.fullmatch(small_text(link))) and "#" in (link.get("href") or "")


def _is_local(link: Element) -> bool:
    """Tell whether a link leads to another place of the same page."""
    return (link.get("href") or "").startswith("#")


def raised(element: Element) -> str:
    """Return an exponent in raised digits ("10²" is not 102); "" where the text is none."""
    text = small_text(element)
    return text.translate(_RAISED) if _EXPONENT.fullmatch(text) else ""


def is_sign(link: Element) -> bool:
    """Tell whether a link to a place of the page shows nothing but a sign: a heading's permalink, a note's way back."""
    if "#" not in (link.get("href") or "#"):
        return False
    text = small_text(link)
    return 0 < len(text) < 8 and _SIGNS.issuperset(text)


def is_permalink(link: Element, heading: Element) -> bool:
    """Tell whether a link at the end of a heading leads to the heading itself, or up to the top of the page."""
    target = link.get("href") or ""
    if not target.startswith("#") or (link.tail and not link.tail.isspace()):
        return False
    around = heading.getparent()
    return target[1:] in ("", "top", heading.get("id"), link.get("id"), None if around is None else around.get("id"))


def is_beside(button: Element, before: list[str]) -> bool:
    """Tell whether a button ends a heading and says less than it: to copy a link, to fold the section.

    In scripts without spaces a heading may be shorter than the label, but it is a word; a question stands in a button.
    """
    label, heading = small_text(button), "".join(before).strip()
    if button.tail and not button.tail.isspace():
        return False
    dense = heading[:1] >= _FIRST_DENSE and heading[-1].isalpha()
    return len(label) < len(heading) or (dense and label[-1:] not in ("?", "？"))


def links_in_brackets(pieces: list[str], linked: list[int]) -> tuple[int, int]:
    """Return where the links in brackets begin that end a heading: "History [edit | edit source]".

    That is a piece and a place in it, the end of the pieces where there are no such links. `linked` is true for the
    pieces in links. A heading that is nothing else has none.
    """
    texts = [_LINKED if link else piece for piece, link in zip(pieces, linked, strict=True)]
    text = "".join(texts)
    found = _LINKS_IN_BRACKETS.search(text)
    if found and _LINKED in found.group() and text[: found.start()].strip(_BLANKS_AND_LINKS):
        place = found.start()
        for number, piece in enumerate(texts):
            if place < len(piece):
                return number, place
            place -= len(piece)
    return len(pieces), 0


def is_numbers(element: Element) -> bool:
    """Tell whether an element holds nothing but numbers: those of the lines beside it."""
    texts = islice(element.itertext(), _MOST_NUMBERS + 1)
    return not any(text.strip(_NUMBERS) for text in texts)


def counts_lines(text: str) -> bool:
    """Tell whether a listing is only the numbers of another's lines: each the next, three or more."""
    lines = text.split()
    return len(lines) > 2 and lines[0].isdecimal() and lines == [str(int(lines[0]) + n) for n in range(len(lines))]
