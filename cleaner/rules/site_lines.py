"""Lines that a site repeats on its pages, as `cleaner learn` found them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from cleaner.document import Document, Edit
from cleaner.folding import line_key
from cleaner.hosts import host_of
from cleaner.rules.catalog import BOILERPLATE, Family, Fix
from cleaner.rules.headlines import is_prose, weight

# A line with fewer letters is a label (Share, Comments); one with more may be the headline of another page.
LABEL_LETTERS = 20
# Rows over the text that may be its headline: itself, and a byline or a date below it.
HEADLINE_ROWS = 2


class Site(NamedTuple):
    """How many pages of a site were read, and on how many each of its lines, by `line_key`, stands."""

    pages: int
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SiteLines:
    """What was learned, by the site's name as `site_of` gives it."""

    sites: Mapping[str, Site] = field(default_factory=dict)


def site_of(url: str | None) -> str | None:
    """Return the site of an address: its host without `www.`; None where there is none.

    The host and no registrable domain: sub-domains have templates of their own, and which part of a
    name can be registered takes a list that ages.

    >>> site_of("https://www.News.example.org/a?b=c"), site_of("notes/a.txt")
    ('news.example.org', None)
    """
    return host_of(url) or None


@dataclass(frozen=True, slots=True)
class SiteLine:
    """Take out the lines that the page's site repeats on its pages.

    Why: most of what extraction leaves is one site's own wording, which no list of phrases knows; what stands
    on many pages of a site with different articles belongs to its template.

    Before (where "Brewed daily in Exampleton" stands on 40 of 50 pages of the site)::

        The café opened its doors on Monday.
        Brewed daily in Exampleton

    After::

        The café opened its doors on Monday.

    Nothing is known of a site until `cleaner learn` has read its pages: `site_lines = "site-lines.json"` in the
    configuration names what it wrote, and `cleaner clean --learn` does both. A longer line right above the
    text, which may be its headline and stand on other pages as a link, stays unless it stands on half of the pages.

    Wrong when a series opens each part with the same words, or a column has the same headings each
    week: delete those lines from the file.
    """

    code: ClassVar[str] = "BP901"
    name: ClassVar[str] = "site-line"
    family: ClassVar[Family] = BOILERPLATE
    fix: ClassVar[Fix] = "unsafe"

    lines: SiteLines = SiteLines()

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield an edit for each such line, with its line end; safe where it stands on half of the site's pages."""
        name = site_of(document.url) if self.lines.sites else None
        site = self.lines.sites.get(name) if name else None
        if site is None:
            return
        lines = document.text.split("\n")
        keys = [line_key(line) for line in lines]
        gone = {number for number, key in enumerate(keys) if key in site.lines}
        gone -= {number for number in _headlines(keys, gone) if 2 * site.lines.get(keys[number], 0) < site.pages}
        for number, start, old in _removals(lines, gone):
            count = site.lines[keys[number]]
            message = f"stands on {count:,} of {site.pages:,} pages of {name}"
            yield Edit(start, old, "", message, safe=False)


def _headlines(keys: list[str], gone: Collection[int]) -> list[int]:
    """Return the lines right above the text; where no line is prose, the first ones."""
    rows = [number for number, key in enumerate(keys) if key]
    prose = next((place for place, number in enumerate(rows) if number not in gone and is_prose(keys[number])), None)
    near = rows[:HEADLINE_ROWS] if prose is None else rows[max(0, prose - HEADLINE_ROWS) : prose]
    return [number for number in near if weight(keys[number]) >= LABEL_LETTERS]


def _removals(lines: list[str], gone: Collection[int]) -> Iterator[tuple[int, int, str]]:
    """Yield number, start and text of what goes with each line.

    A line goes with its line end; at the end of a text without one, with the line ends before it.
    """
    end = len(lines)
    while end and lines[-1] and (end - 1 in gone or not lines[end - 1]):
        end -= 1
    start = breaks = 0
    for number, line in enumerate(lines):
        if number in gone:
            above = breaks if number >= end else 0
            yield number, start - above, "\n" * above + line + ("" if number >= end else "\n")
        start += len(line) + 1
        breaks = 1 if line else breaks + 1
