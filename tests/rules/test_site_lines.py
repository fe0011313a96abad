"""What is taken out of a page once its site's lines are known, and what stays all the same."""

from __future__ import annotations

import pytest

from cleaner import ledger
from cleaner.document import Document
from cleaner.folding import line_key
from cleaner.pipeline import Pipeline
from cleaner.rules.site_lines import Site, SiteLine, SiteLines

LEAD = (
    "The old ferry left the harbour of Saltmere on Monday morning, and the whole town came down to the pier to see it."
)
HEADLINE = "Old ferry leaves the harbour for good"
URL = "https://www.saltmere.example/news/1"


def rule(pages: int = 10, **lines: int) -> SiteLine:
    keys = {line_key(line.replace("_", " ")): count for line, count in lines.items()}
    return SiteLine(SiteLines({"saltmere.example": Site(pages, keys)}))


def cleaned(text: str, site_line: SiteLine, url: str | None = URL) -> str:
    found = list(site_line(Document("a", text, url=url)))
    after = ledger.apply(text, found)
    assert ledger.apply(after, ledger.inverse(found)) == text
    assert list(site_line(Document("a", after, url=url))) == []
    return after


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{LEAD}\nBrewed daily", LEAD),
        (f"{LEAD}\n\nBREWED  daily\n", f"{LEAD}\n\n"),
        (f"Brewed daily\n{LEAD}\nBrewed daily\nIt rained.", f"{LEAD}\nIt rained."),
        (f"{LEAD}\n\nBrewed daily\n\nBrewed daily", LEAD),
        (f"{LEAD} Brewed daily", f"{LEAD} Brewed daily"),
        ("Brewed daily", ""),
    ],
)
def test_a_line_of_the_site_goes_and_the_text_ends_as_it_did(text: str, left: str) -> None:
    assert cleaned(text, rule(Brewed_daily=6)) == left


@pytest.mark.parametrize(
    "url", [None, "https://other.example/1", "https://news.saltmere.example/1", "https://[", "a.txt"]
)
def test_other_sites_keep_the_line(url: str | None) -> None:
    assert cleaned(f"{LEAD}\nBrewed daily", rule(Brewed_daily=6), url) == f"{LEAD}\nBrewed daily"


def test_a_headline_that_other_pages_link_to_stays_above_its_text() -> None:
    text = f"{HEADLINE}\nMonday\n{LEAD}\n{LEAD[::-1]}\n{HEADLINE}"
    known = rule(**{HEADLINE.replace(" ", "_"): 4})
    assert cleaned(f"{LEAD}\n{HEADLINE}", known) == LEAD
    assert cleaned(text, known).startswith(f"{HEADLINE}\nMonday\n{LEAD}")


def test_the_headline_of_a_notice_without_prose_stays() -> None:
    known = rule(**{HEADLINE.replace(" ", "_"): 4})
    assert cleaned(f"{HEADLINE}\nIt was quiet.", known) == f"{HEADLINE}\nIt was quiet."


def test_a_long_line_above_the_text_goes_where_half_of_the_pages_have_it() -> None:
    line = "The voice of the harbour since the great storm"
    assert cleaned(f"{line}\n{LEAD}", rule(**{line.replace(" ", "_"): 5})) == LEAD


def test_the_reason_names_pages_and_site_and_no_line_is_a_safe_fix() -> None:
    text = f"{LEAD}\nBrewed daily\nShelf"
    found = list(rule(Brewed_daily=6, Shelf=4)(Document("a", text, url=URL)))
    assert [edit.message for edit in found] == [
        "stands on 6 of 10 pages of saltmere.example",
        "stands on 4 of 10 pages of saltmere.example",
    ]
    assert not any(edit.safe for edit in found)


def test_the_chain_settles() -> None:
    pipeline = Pipeline((rule(Brewed_daily=6),), (), frozenset({"BP901"}))
    once = pipeline(Document("a", f"Brewed daily\n\n{LEAD}\n\nBrewed daily", url=URL))
    assert once.text == f"\n{LEAD}"
    assert pipeline(Document("a", once.text, url=URL)).steps == ()
