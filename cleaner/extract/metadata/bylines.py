"""Who wrote a page and when, told from the elements whose names say author or date, where the page states neither."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import XPath, iterwalk, tostring  # type: ignore[import-untyped]

from cleaner.extract.metadata import dates, microdata, titles
from cleaner.extract.metadata.names import is_nobody, names
from cleaner.extract.page import Element
from cleaner.folding import letters

_MOST_ELEMENTS = 1_000  # a page with more of them is an archive, and no date of it is its own
_BYLINE_CHARS = 120

# On purpose wider than the expressions below: which element counts is told from the few that are left.
_CUE = re.compile(
    "uthor|yline|^byl$|^BBL$|username|screenname|writer|zuozhe|bianji|xiaobian|(?:submitt|post)ed-by|-name"
)
_CUE_ATTRIBUTES = frozenset({"class", "id", "itemprop", "rel", "data-component", "data-testid"})
_SURE_TAGS = frozenset({"a", "address", "div", "link", "p", "span", "strong"})
_LIKELY_TAGS = frozenset({"a", "div", "h3", "h4", "p", "span"})
_SURE_CLASS = re.compile("author-?name|AuthorName|authorName")
_LIKELY_CLASS = re.compile("author|channel-name|zuozhe|bianji|xiaobian|submitted-by|posted-by|journalist-name")
_LIKELY_ID = re.compile("author|zuozhe|bianji|xiaobian")
_ANY_CLASS = re.compile("[Aa]uthor|screenname|writer|[Bb]yline")
# Parts of a page whose authors are not the page's.
_FOREIGN_CLASS = re.compile(
    "^[Cc]omments|commentlist|comments-list|sidebar|is-hidden|quote|embedly-instagram|article-(?:share|support)|print"
    "|category|meta-date|meta-reviewer|author-?note|^title$|^date$"
)
_FOREIGN_ID = re.compile("^comments|comment-?list|ProductReviews")
# A footer in one of these is its own; any other is the site's, with the author of its theme.
_WITH_FOOTERS = frozenset({"article", "main", "section"})
_FOREIGN_TAGS = frozenset({"time", "figure", "script", "style"})

# Below a headline its date stands in one of that many lines, by itself or with a few words.
_MOST_HEADINGS, _LINES_BELOW, _LINE_CHARS = 100, 12, 60
_UNREAD = frozenset({"script", "style"})
_LINES_SIGNED = 8
_SIGNED = re.compile(
    r"(?:(?:written |posted |reported )?by|von|par|por|door|автор|text|tekst|author|autor|yazar|yazan)(?:\s*:\s*|\s+)",
    re.IGNORECASE,
)
# Korean papers sign "윤서하 기자": the name, and that it is a reporter's.
_REPORTER = re.compile(r"([가-힣]{2,4}) ?기자(?!\w)")
_PARTICLES = frozenset(
    ["al", "bin", "da", "de", "del", "den", "der", "di", "du", "el", "la", "le", "ten", "van", "von"]
)
_YEAR = re.compile(r"\b(?:19|20)\d\d(?!\d)|\b\d\d?\.\d\d?\.\d\d\b")
_DATED_TAGS = ("footer", "small", "div", "h2", "h3", "h4", "li", "p", "span", "time", "ul")
_TEXTS = XPath("/descendant::text()[not(parent::script or parent::style)]", smart_strings=False)
_PROPERTY = re.compile("[Dd]ate|[Dd]atum")
_DATE_NAME = re.compile("[Dd]ate|[Dd]atum|[Mm]eta|time|publish|footer")
_DATE_CLASS = re.compile(
    "info|post_detail|block-content|byline|subline|posted|submitted|created-post|publication|author|autor|field-content"
    "|fa-clock-o|fa-calendar|fecha|parution"
)
_PUBLISHED = frozenset({"date-published", "published", "time published"})
_AFTER_DIGITS = re.compile(r"\D+$")


def authors(tree: Element, title: str) -> list[str]:
    """Return the authors that the first element named for authors shows, the surest names first.

    Where no element is named so, it is a line below the headline, which says `title`.
    """
    ranks: tuple[list[Element], ...] = ([], [], [])
    for element in _with_cues(tree):
        if (rank := _rank(element)) is not None and not _is_foreign(element):
            ranks[rank].append(element)
    for element in islice((element for rank in ranks for element in rank), _MOST_ELEMENTS):
        byline = microdata.name_in(element) or _shown(element, 4 * _BYLINE_CHARS)
        if 2 < len(byline) < _BYLINE_CHARS and ((found := names([], byline)) or is_nobody(byline)):
            return found  # where nobody signed, the next name belongs to something else
    return _signed_below(tree, title)


@functools.lru_cache(maxsize=20_000)
def _is_cue(value: str) -> bool:
    return _CUE.search(value) is not None


def _with_cues(tree: Element) -> Iterator[Element]:
    """Yield the elements with a cue; a call for each of a page's thousand elements would take longer than the look."""
    for element in tree.iter("*"):
        for key in element.keys():  # noqa: SIM118 (an element's own iterator is over what it holds)
            if key in _CUE_ATTRIBUTES and _is_cue(element.get(key)):
                yield element
                break
        else:
            if element.tag == "author":
                yield element


def _rank(element: Element) -> int | None:
    """Return 0 for an element that is surely named for authors, 1 and 2 for less sure ones; None for others."""
    name, id_, itemprop = (element.get(key) or "" for key in ("class", "id", "itemprop"))
    if element.tag == "author" or (
        element.tag in _SURE_TAGS
        and (
            "author" in (element.get("rel"), id_, name)
            or itemprop == "author name"
            or element.get("data-testid") in ("AuthorCard", "AuthorURL")
            or _SURE_CLASS.search(name)
        )
    ):
        return 0
    if element.tag in _LIKELY_TAGS and (
        name in ("byline", "username", "byl", "BBL")
        or "author" in itemprop
        or _LIKELY_ID.search(id_)
        or _LIKELY_CLASS.search(name)
        or element.get("data-hook") == "user-name"
    ):
        return 1
    if (
        "author" in itemprop
        or "Byline" in (element.get("data-component") or "")
        or "uthor" in id_
        or _ANY_CLASS.search(name)
    ):
        return 2
    return None


def _is_foreign(element: Element) -> bool:
    if microdata.is_organization(element):
        return True
    in_footer = False
    while element is not None:
        if _starts_foreign_part(element) or microdata.starts_review(element):
            return True
        in_footer = (in_footer or element.tag == "footer") and element.tag not in _WITH_FOOTERS
        element = element.getparent()
    return in_footer


def _starts_foreign_part(element: Element) -> bool:
    if element.tag in _FOREIGN_TAGS:
        return True
    if element.tag not in ("a", "div", "section", "span"):
        return False
    name, id_ = element.get("class") or "", element.get("id") or ""
    return bool((name and _FOREIGN_CLASS.search(name)) or (id_ and _FOREIGN_ID.search(id_)))


def _shown(element: Element, most: int) -> str:
    """Return the first text of an element on one line, without its foreign parts; about `most` code points."""
    parts: list[str] = []
    length = 0
    for text in _texts(element):
        if text is None:
            if _is_name(" ".join(parts)):
                break  # what follows a date behind a name are its labels
            continue
        parts.append(text)
        length += len(text)
        if length > 2 * most:
            break
    return " ".join(" ".join(parts).split())


def _texts(element: Element) -> Iterator[str | None]:
    """Yield the texts in an element, without those of its foreign parts; None where a <time> begins."""
    skipped: Element | None = None
    for event, part in islice(iterwalk(element, events=("start", "end")), _MOST_ELEMENTS):
        if skipped is not None:
            if part is skipped and event == "end":
                skipped = None
        elif event == "start":
            if part is not element and _starts_foreign_part(part):
                skipped = part
                if part.tag == "time":
                    yield None
            elif part.text:
                yield part.text
        if event == "end" and part is not element and part.tail and skipped is None:
            yield part.tail


def date(tree: Element, title: str) -> str | None:
    """Return the date that the page shows, as YYYY-MM-DD: in <abbr>, an element named for dates, a headline, <time>,

    else the first time stamp in its markup, what follows "posted", the first date as YYYY-MM-DD in its text, or one in
    a short line below the headline, which says `title`.
    """
    return (
        _of_abbreviations(tree)
        or _of_elements(_dated(tree))
        or _of_elements(list(tree.iter("title", "h1")))
        or _of_times(tree)
        or _of_markup(tree)
        or _below_headline(tree, title)
    )


def _below_headline(tree: Element, title: str) -> str | None:
    for line in _lines_below(tree, title):
        if _has_year(line) and (found := dates.parse(line)):
            return found
    return None


def _signed_below(tree: Element, title: str) -> list[str]:
    """Return the names in one of the first lines below the headline that begins as "By Ida Renlund" does."""
    label = ""
    for line in islice(_lines_below(tree, title), _LINES_SIGNED):
        signed = _SIGNED.match(byline := f"{label} {line}".lstrip())
        label = line if _SIGNED.fullmatch(f"{line} ") else ""
        if (reporter := _REPORTER.match(line)) and len(line) <= _LINE_CHARS:
            return [reporter[1]]
        if signed and len(byline) <= _LINE_CHARS and _begins_with_name(byline[signed.end() :]):
            return [name for name in names([], byline) if " " in name]
    return []


def _begins_with_name(text: str) -> bool:
    words = text.split()
    return len(words) > 1 and words[0][0].isupper() and (words[1][0].isupper() or words[1] in _PARTICLES)


def _is_name(text: str) -> bool:
    return _begins_with_name(text) and text.split()[-1][0].isupper()


def _lines_below(tree: Element, title: str) -> Iterator[str]:
    """Yield the first lines below the heading that says the title."""
    wanted = letters(title)
    headings = islice(tree.iter("h1", "h2", "h3"), _MOST_HEADINGS)
    heading = next((one for one in headings if wanted and letters(titles.heading_text(one)) == wanted), None)
    if heading is not None:
        shown = (text for text in _texts_after(heading) if text and not text.isspace())
        yield from (" ".join(text[:200].split()) for text in islice(shown, _LINES_BELOW))


def _texts_after(element: Element) -> Iterator[str | None]:
    """Yield what stands behind an element, in the order of the page."""
    for around in (element, *element.iterancestors()):
        yield around.tail
        for sibling in around.itersiblings():
            if not isinstance(sibling.tag, str):
                yield sibling.tail
                continue
            for event, part in iterwalk(sibling, events=("start", "end")):
                if event == "end":
                    yield part.tail
                elif part.tag not in _UNREAD:
                    yield part.text


def _has_year(line: str) -> bool:
    """Tell whether a line is short and has a whole year, or a date as 31.12.26: 3/4/26 is read in two ways."""
    return len(line) <= _LINE_CHARS and _YEAR.search(line) is not None


def _of_markup(tree: Element) -> str | None:
    markup = tostring(tree, encoding="unicode")
    if not dates.may_have_day(markup):
        return dates.posted(markup)
    return dates.first_stamp(markup) or dates.posted(markup) or dates.in_text(" ".join(_TEXTS(tree)))


def _of_abbreviations(tree: Element) -> str | None:
    elements = list(tree.iter("abbr"))
    if len(elements) > _MOST_ELEMENTS:
        return None
    for element in elements:
        if element.get("class") in _PUBLISHED and (found := dates.parse(element.get("title") or element.text)):
            return found
    return _of_elements(elements)


def _dated(tree: Element) -> list[Element]:
    return [
        element
        for element in tree.iter(*_DATED_TAGS)
        if (
            ((keys := element.keys()) and _is_named_for_dates(element, keys))
            or element.tag == "footer"
            or element.tag == "small"
        )
        and not microdata.is_of_review(element)
    ]


def _is_named_for_dates(element: Element, keys: list[str]) -> bool:
    return (
        ("class" in keys and _is_class_of_dates(element.get("class")))
        or ("id" in keys and _DATE_NAME.search(element.get("id")) is not None)
        or ("itemprop" in keys and _PROPERTY.search(element.get("itemprop")) is not None)
    )


@functools.lru_cache(maxsize=20_000)
def _is_class_of_dates(name: str) -> bool:
    return bool(_DATE_NAME.search(name) or _DATE_CLASS.search(name))


def _of_elements(elements: list[Element]) -> str | None:
    if len(elements) > _MOST_ELEMENTS:
        return None
    for element in elements:
        for text in (_beginning(element), element.get("title") or ""):
            if len(text) > 6 and (found := dates.parse(_AFTER_DIGITS.sub("", text[:52]))):
                return found
    return None


def _beginning(element: Element) -> str:
    """Return about the first 60 code points that an element shows, on one line."""
    parts: list[str] = []
    length = 0
    for text in element.itertext():
        if text and not text.isspace():
            parts.append(text[:200])
            length += len(text)
            if length > 200:
                break
        elif text:
            parts.append(" ")
    return " ".join("".join(parts).split())


def _of_times(tree: Element) -> str | None:
    """Return the earliest date of the <time> elements, or that of the first that names itself the entry's."""
    found: list[str] = []
    elements = list(tree.iter("time"))
    for element in elements[:_MOST_ELEMENTS]:
        stated = element.get("datetime") or ""
        one = dates.parse(stated if len(stated) > 6 else element.text)
        if one and (element.get("pubdate") == "pubdate" or (element.get("class") or "").startswith("entry-")):
            return one
        if one:
            found.append(one)
    return min(found, default=None)
