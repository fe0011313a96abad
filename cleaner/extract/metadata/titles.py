"""The headline of a page: the heading that its <title> agrees with, or the <title> without the site's name."""

from __future__ import annotations

import re
from itertools import islice

from lxml.etree import XPath, iterwalk  # type: ignore[import-untyped]

from cleaner.extract import apparatus
from cleaner.extract.metadata import dates
from cleaner.extract.page import Element
from cleaner.folding import letters
from cleaner.hosts import names_of_site

# What stands between the headline and the site's name in <title>: "Headline | Site".
_SEPARATOR = re.compile(r"\s+(?:[-–—|•·»«:~/⁄*⋆‹›<>]|::|\|\|)\s+|\s*[|»]\s*")
_EAST_ASIAN = "\u3040-\u9fff\uac00-\ud7af"
# What may part a site's name from the headline where the name is known; in scripts without spaces a dash without any.
_BESIDE_NAME = re.compile(rf"{_SEPARATOR.pattern}|\s*[｜‖_⋅]\s*|(?<=[{_EAST_ASIAN}])[-–—]|[-–—](?=[{_EAST_ASIAN}])")
# What parts it, in scripts without spaces, without any around it: "標題_網站", "标题-频道-网站"; not the dash "——".
_UNSPACED = re.compile(
    rf"\s*[｜‖ㅣ]\s*|(?<=[{_EAST_ASIAN}！？”》）】」』])_+|_+(?=[{_EAST_ASIAN}])"
    rf"|(?<=[{_EAST_ASIAN}！？”》）】」』])-{{1,2}}(?=[{_EAST_ASIAN}])"
)
_ANY_SEPARATOR = re.compile(f"{_SEPARATOR.pattern}|{_UNSPACED.pattern}")
_BAR = re.compile(r"\s*(?:\||::|\|\||[｜‖ㅣ]|_+)\s*")
_MOST_CHARS = 200
_HEADINGS = ("h1", "h2", "h3")
_MOST_HEADINGS = 300
_SITE_WORDS = 5  # the most words of a site's name after a bar
_SITE_SHARE = 4  # after a dash, a name is the site's where it is this number of times shorter than the rest
_UNSPACED_SHARE = 2  # the same for a dash without spaces, which scripts without spaces have before names alone
_SPACED_PARTS, _UNSPACED_PARTS = 2, 2  # the most parts that go: first any, then only such as "headline_section_site"
# The shortest heading that the <title> may agree with, in letters and digits: shorter ones are names of sections.
_AGREED_LETTERS = 6
_PROSE_CHARS = 100
_MOST_PARTS = 8

_NAMED = (
    re.compile("(?:post-|entry-|article-|post__)title|headline"),
    re.compile("title"),
)
_NO_HEADLINE = re.compile("logo|brand|widget|sidebar|footer|masthead|site-?(?:title|name)|cookie|consent|modal", re.I)
_OUTSIDE = frozenset({"nav", "footer", "aside", "dialog", "noscript"})
# Elements whose borders are none of words.
_WITHIN_WORDS = frozenset({"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "q", "s", "small",
                           "strong", "sub", "sup", "u", "var", "wbr"})  # fmt: skip
_MOST_TEXT, _MOST_EVENTS = 1_000, 200
_PROSE = XPath(f"/descendant::p[string-length(normalize-space(.)) >= {_PROSE_CHARS}]")


def shown(tree: Element, title: str, names: set[str]) -> str:
    """Return the headline that the page shows, "" where none can be told; `names` are keys of the site's names.

    First comes a heading that stands in the <title>. Then the only <h1>, if it is no logo, stands in no sidebar and
    not below the text; then a heading that is named for titles; then the <title>.
    """
    headings = [(heading, heading_text(heading)) for heading in islice(tree.iter(*_HEADINGS), _MOST_HEADINGS)]
    headings = [
        (heading, text)
        for heading, text in headings
        if letters(text) not in {"", *names} and not dates.parse(text[:40])
    ]
    outside = [text for heading, text in headings if next(heading.iterancestors("nav"), None) is None]
    if agreed := _agreed(outside, title):
        return agreed
    below = _below_text(tree)
    sole = len([heading for heading, _ in headings if heading.tag == "h1"]) == 1
    likely = [(heading, text) for heading, text in headings if heading not in below and _may_be_headline(heading)]
    first = next((text for heading, text in likely if heading.tag == "h1"), "")
    return (first if sole else "") or _named(likely) or title or first or next((text for _, text in likely), "")


def _named(headings: list[tuple[Element, str]]) -> str:
    """Return the first heading that is named for headlines, or else for titles."""
    for pattern in _NAMED:
        for heading, text in headings:
            name = f"{heading.get('class') or ''} {heading.get('id') or ''} {heading.get('itemprop') or ''}"
            if 2 < len(text) < _MOST_CHARS and pattern.search(name):
                return text
    return ""


def _agreed(texts: list[str], title: str) -> str:
    """Return the longest heading that stands in the title and is at least half of its longest part."""
    whole = letters(title)
    least = max(len(letters(part)) for part in parts(title))
    keys = [(letters(text), text) for text in texts]
    inside = [text for key, text in keys if len(key) >= _AGREED_LETTERS and 2 * len(key) >= least and key in whole]
    return max(inside, key=len, default="")


def as_headed(title: str, tree: Element) -> str:
    """Return a title without the parts that an <h1> of the page has not, where the heading is the longest part."""
    cuts = [cut for cut in _SEPARATOR.finditer(title) if "«" not in title or cut.group().strip() != "»"]
    if not 0 < len(cuts) <= _MOST_PARTS:
        return title
    headings = {letters(heading_text(heading)) for heading in islice(tree.iter("h1"), _MOST_PARTS)}
    starts, ends = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(title)]
    longest = max(len(letters(title[start:end])) for start, end in zip(starts, ends, strict=True))
    pieces = (title[start:end] for start in starts for end in ends if start < end and (start, end) != (0, len(title)))
    able = [piece for piece in pieces if len(letters(piece)) >= longest and letters(piece) in headings]
    return max(able, key=len, default=title).strip()


def _may_be_headline(heading: Element) -> bool:
    """Say whether a heading is named for no logo or widget and stands in no part that is beside the text."""
    named = [heading, *islice(heading.iterancestors(), 2)]
    if any(_NO_HEADLINE.search(f"{element.get('class') or ''} {element.get('id') or ''}") for element in named):
        return False
    return next(heading.iterancestors(*_OUTSIDE), None) is None


def _below_text(tree: Element) -> set[Element]:
    """Return the headings after which no paragraph of prose stands, where any stands before them."""
    prose = _PROSE(tree)
    found: set[Element] = set()
    if prose:
        below = False
        for element in tree.iter("p", *_HEADINGS):
            if element is prose[-1]:
                below = True
            elif below and element.tag != "p":
                found.add(element)
    return found


def heading_text(heading: Element) -> str:
    """Return what a heading says, without its permalink and [edit]; emphasis, links and the like part no words."""
    if not len(heading):
        return " ".join((heading.text or "")[:_MOST_TEXT].split())
    pieces = [(heading.text or "")[:_MOST_TEXT]]
    walk = iterwalk(heading, events=("start", "end"))
    for event, element in islice(walk, 1, _MOST_EVENTS):
        if element is heading:
            break
        pieces.append("" if element.tag in _WITHIN_WORDS else " ")
        if event == "end":
            pieces.append((element.tail or "")[:_MOST_TEXT])
        elif _is_mark(element):
            walk.skip_subtree()
        else:
            pieces.append((element.text or "")[:_MOST_TEXT])
    return " ".join("".join(pieces).split())


def _is_mark(element: Element) -> bool:
    """Tell whether an element in a heading is no word of it: a permalink, a link to edit the section, a comment."""
    if not isinstance(element.tag, str):
        return True
    if apparatus.role_of(element.get("class") or "") == apparatus.LEFT_OUT:
        return True
    return element.tag == "a" and apparatus.is_sign(element)


def headline(title: str | None, *, sitename: str | None = None, url: str | None = None) -> str:
    """Return a page's title without the site's name before or after it.

    >>> headline("Café opens in SoHo | The Daily Bean", sitename="The Daily Bean")
    'Café opens in SoHo'
    >>> headline("Tea - a history", sitename="The Daily Bean")
    'Tea - a history'
    >>> headline("Café opens in SoHo | Bean Sports", sitename="Bean")
    'Café opens in SoHo'
    """
    title = " ".join((title or "").split())
    names = {letters(name) for name in names_of_site(sitename, url)} - {""}
    for _ in range(2):
        cuts = list(_BESIDE_NAME.finditer(title))
        if not cuts:
            break
        last = title[cuts[-1].end() :]
        if letters(last) in names or (_BAR.fullmatch(cuts[-1].group()) and _is_section(last, sitename)):
            title = title[: cuts[-1].start()].rstrip()
        elif letters(title[: cuts[0].start()]) in names:
            title = title[cuts[0].end() :].lstrip()
        else:
            break
    return title


def _is_section(part: str, sitename: str | None) -> bool:
    """Tell whether a part of a title names a section of the site: "Bean Sports" of "Bean"."""
    words, site = part.casefold().split(), (sitename or "").casefold().split()
    return bool(site) and len(site) < len(words) <= len(site) + 2 and words[: len(site)] == site


def without_site(title: str, edges: str, *, named: bool = False) -> str:
    """Return a <title> without what is no headline in it, on a page that does not state its site's name.

    Where that is known, and taken off (`named`), only parts between signs without spaces are left to go.
    A last part goes that is a date, that is short and stands after a bar or is much shorter than the rest, or that
    the page's headers and footers name (`edges`, a key); so does a first part that is named there.

    >>> without_site("Café opens in SoHo | The Daily Bean", "")
    'Café opens in SoHo'
    >>> without_site("Tarn Shipping – Trade disclosure", "")
    'Tarn Shipping – Trade disclosure'
    >>> without_site("渡船四月起每日两班_社会_码头新闻网", "")
    '渡船四月起每日两班'
    """
    for number in range(_SPACED_PARTS + _UNSPACED_PARTS):
        separator = _UNSPACED if named or number >= _SPACED_PARTS else _ANY_SEPARATOR
        cuts = list(separator.finditer(title))
        if not cuts:
            break
        first, rest = title[: cuts[0].start()].strip(), title[cuts[0].end() :].strip()
        before, last = title[: cuts[-1].start()].strip(), title[cuts[-1].end() :].strip()
        if before and _is_no_headline(last, before, edges, cuts[-1].group()):
            title = before
        elif rest and letters(first) in edges and letters(rest) not in edges and len(first.split()) <= _SITE_WORDS:
            title = rest
        else:
            break
    return title


def _is_no_headline(part: str, rest: str, edges: str, separator: str) -> bool:
    if dates.parse(part):
        return True
    if len(part.split()) > _SITE_WORDS or len(part) >= len(rest):
        return False
    share = _UNSPACED_SHARE if separator in ("-", "--") else _SITE_SHARE
    return bool(_BAR.fullmatch(separator)) or letters(part) in edges or share * len(part) <= len(rest)


def parts(title: str) -> list[str]:
    """Return the parts of a <title> between its separators."""
    return [part.strip() for part in _SEPARATOR.split(title)]
