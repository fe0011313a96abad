"""Take the main text of an HTML page, its headline and what is known of it, with trafilatura."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

# Dates after this are no publication dates. A constant and not today's date, which is
# trafilatura's default: the same page must give the same date tomorrow.
LATEST_DATE = "2099-12-31"

# What stands between the headline and the site's name in <title>: "Headline | Site".
_SEPARATOR = re.compile(r"\s+(?:[-–—|•·»«:~/]|::|\|\|)\s+|\s*[|»]\s*")
_LETTERS = re.compile(r"[^\W_]+")


class ExtractionError(ValueError):
    """A page could not be read at all: the parser or the extractor gave up on its markup. The cause is chained."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says: its main text ("" where it has none), and its metadata where they could be told.

    `title` is the headline, without the site's name where that can be told. `date` is
    YYYY-MM-DD. `author` names several with "; " between them.
    """

    text: str
    title: str | None = None
    author: str | None = None
    date: str | None = None
    sitename: str | None = None
    url: str | None = None


def extract(html: str, *, url: str | None = None) -> Extracted:
    """Give the main text and the metadata of a page.

    Comments of readers are left out. The result depends on the page and its url alone, never on
    what was extracted before nor on the day. A page without main text, or one whose markup
    is no HTML, gives the text "".

    Raises `ExtractionError` where the parser or the extractor fails on the markup.
    """
    import trafilatura

    _quiet()
    try:
        tree = trafilatura.load_html(html)
        if tree is None:
            return Extracted("", url=url)
        found = trafilatura.bare_extraction(
            tree,
            url=url,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False, "max_date": LATEST_DATE},
        )
    # The parsers below have no common base: lxml's errors, RecursionError on deep markup, ValueError, AssertionError.
    except Exception as error:
        raise ExtractionError(f"the page's markup could not be read: {type(error).__name__}: {error}") from error
    if found is None:
        return Extracted("", url=url)
    return Extracted(
        text=(found.text or "").strip("\n"),
        title=headline(found.title, sitename=found.sitename, url=url) or None,
        author=found.author or None,
        date=found.date or None,
        sitename=found.sitename or None,
        url=found.url or url,
    )


def headline(title: str | None, *, sitename: str | None = None, url: str | None = None) -> str:
    """Give a page's title without the site's name before or after it.

    >>> headline("Café opens in SoHo | The Daily Bean", sitename="The Daily Bean")
    'Café opens in SoHo'
    >>> headline("Tea - a history", sitename="The Daily Bean")
    'Tea - a history'
    """
    title = " ".join((title or "").split())
    names = {_key(name) for name in _site_names(sitename, url)} - {""}
    for _ in range(2):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            break
        if _key(title[cuts[-1].end() :]) in names:
            title = title[: cuts[-1].start()].rstrip()
        elif _key(title[: cuts[0].start()]) in names:
            title = title[cuts[0].end() :].lstrip()
        else:
            break
    return title


def _site_names(sitename: str | None, url: str | None) -> list[str]:
    """Give the ways in which a site may name itself: its name, its host, the host's main label."""
    try:
        host = (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    labels = host.split(".")
    return [sitename or "", host, labels[0], labels[-2] if len(labels) > 1 else ""]


def _key(name: str) -> str:
    """Fold a name to its letters and digits, so that "The-Daily Bean" is "thedailybean"."""
    return "".join(_LETTERS.findall(name.casefold()))


def _quiet() -> None:
    """Give the extractors' loggers a handler of their own, so that Python does not print their warnings for want of one.

    A host that configures logging still sees them; nothing of its configuration is touched.
    """
    for name in ("trafilatura", "htmldate", "courlan", "justext", "readability"):
        logger: Any = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
