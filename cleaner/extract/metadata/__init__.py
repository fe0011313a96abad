"""What is known of a page beside its text: as the page states it, else as it shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from cleaner.extract.metadata import bylines, dates, titles
from cleaner.extract.metadata.statements import Statements, statements_of
from cleaner.extract.page import Element
from cleaner.folding import letters
from cleaner.hosts import host_of, names_of_site

_UNFILLED = re.compile(r"\{\{|\}\}|%7[Bb]%7[Bb]|<%|\$\{|\s")
_INDEX = re.compile(r"/(?:(?:index|default|home)\.\w+)?\Z")
_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d]{2,}\Z")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; None where it says nothing.

    `title` is the headline without the site's name where that can be told, `author` several names with "; " between
    them, `date` YYYY-MM-DD. `url` is the page's address: the canonical one, else the one it was fetched from.
    `canonical` is set where the page states it. `language` is a tag such as en or pt-BR, as stated and not as read.
    """

    title: str | None = None
    author: str | None = None
    date: str | None = None
    sitename: str | None = None
    url: str | None = None
    language: str | None = None
    canonical: str | None = None


def metadata_of(tree: Element, *, url: str | None = None) -> Metadata:
    """Return what a page says of itself. `url` is the address that it was fetched from, where that is known."""
    stated = statements_of(tree)
    canonical = _address(stated, url)
    address = canonical or url
    sitename = _site(stated, address)
    title = _title(tree, stated, sitename, url)
    return Metadata(
        title=title or None,
        author="; ".join(stated.authors or bylines.authors(tree, title)) or None,
        date=_date(tree, stated, address, title),
        sitename=sitename or None,
        url=address,
        language=stated.language or None,
        canonical=canonical,
    )


def _title(tree: Element, stated: Statements, sitename: str, url: str | None) -> str:
    names = {letters(name) for name in names_of_site(sitename, url)} - {""}
    page_title = titles.headline(stated.headline, sitename=sitename, url=url)
    is_home = letters(page_title) in {"", *names}
    for title in (stated.og_title, stated.title, stated.json_title):
        if title and (is_home or letters(title) not in names):
            return titles.as_headed(titles.headline(title, sitename=sitename, url=url), tree)
    title = titles.shown(tree, page_title, names)
    if title == page_title:
        return titles.without_site(title, _edges(tree), named=page_title != stated.headline)
    return titles.headline(title, sitename=sitename, url=url)


def _edges(tree: Element) -> str:
    """Return the key of what stands in the page's headers and footers, where a site says its name."""
    return letters(" ".join(text for part in tree.iter("header", "footer") for text in part.itertext()))


def _date(tree: Element, stated: Statements, address: str | None, title: str) -> str | None:
    return (
        dates.in_address(address)
        or stated.date
        or stated.json_date
        or stated.changed
        or bylines.date(tree, title)
        or stated.json_changed
        or stated.image_date
        or None
    )


def _site(stated: Statements, address: str | None) -> str:
    site = stated.og_site or stated.site or stated.application
    if not site:
        site = next((part for part in titles.parts(stated.headline) if _HOST.match(part)), "")
    site = site.lstrip("@").removeprefix("www.")
    if site:
        return site if "." in site or site[0].isupper() else site.title()
    return host_of(address)


def _address(stated: Statements, url: str | None) -> str | None:
    """Return the first address that the page states for itself, complete; None where it states none that is one."""
    for stated_url in (stated.og_url, stated.canonical, stated.other_url):
        try:
            parts = urlsplit(urljoin(url or stated.og_url, stated_url)) if stated_url else None
            if parts is not None and _is_address(parts, urlsplit(url or "")):
                return urlunsplit(parts._replace(netloc=parts.netloc.lower()))
        except ValueError:
            continue
    return None


def _is_address(stated: SplitResult, fetched: SplitResult) -> bool:
    """Tell whether an address may be that of a page: a template's, a developer's own, the site's home page are not.

    Raises ValueError where its port is no number.
    """
    host, port = stated.hostname or "", stated.port
    if stated.scheme not in ("http", "https") or len(stated.netloc) <= 4 or _UNFILLED.search(stated.path):
        return False
    if (host, port) != (fetched.hostname, fetched.port) and (host == "localhost" or host.startswith("127.")):
        return False
    home = stated.path in ("", "/") and not stated.query and not stated.fragment
    # A home page itself may have been fetched from /en/ or from /en/index.html.
    return not (home and host == fetched.hostname and _INDEX.sub("", fetched.path).count("/") > 1)
