"""HTML to text: what is taken, what is left, and pages that nobody should have written."""

from __future__ import annotations

import logging

import pytest

from cleaner.document import Document
from cleaner.extract import Extracted, extract, tidy
from cleaner.extract.metadata.titles import headline
from cleaner.rules.headlines import TitleInText

LEAD = (
    "The ferry between Harrowmouth and the islands sails again from Monday, after eleven weeks in which the ship "
    "lay in the dock with a broken shaft."
)
BODY = (
    "Captain Ines Marlow said on Friday that the new shaft had been tried in a rough sea and had held, and that the "
    "crew was looking forward to seeing its passengers again."
)
END = (
    "The islands' two shops had been supplied by fishing boats. Their owners told the council that they had run out "
    "of flour twice, but never of company."
)
ARTICLE = f"<p>{LEAD}</p><p>{BODY}</p><p>{END}</p>"
MENU = "<ul>" + "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("News", "Sport", "Weather")) + "</ul>"


FACTS = {"Ship:": "The Harrow Maid", "Built:": "1962", "Seats:": "Two hundred and six", "Home port:": "Harrowmouth"}


def modern(content: str, *, title: str = "Ferry sails again | The Harrowmouth Ledger", head: str = "") -> str:
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>"
        f"<meta property='og:site_name' content='The Harrowmouth Ledger'>{head}</head><body>"
        f"<header><nav>{MENU}</nav></header><main>{content}</main><footer>{MENU}</footer></body></html>"
    )


def of_tables(content: str, *, title: str = "Ferry sails again") -> str:
    side = "".join(f"<tr><td><a href='/{n}'>Other news of the day, part {n}</a></td></tr>" for n in range(12))
    return (
        f"<html><head><title>{title}</title></head><body><table width='100%'><tr><td colspan=2>Harrowmouth Ledger</td>"
        f"</tr><tr><td><table>{side}</table></td><td><table><tr><td>{content}</td></tr></table></td></tr>"
        "<tr><td colspan=2><a href='/imprint'>Imprint</a></td></tr></table></body></html>"
    )


def test_the_article_is_taken_and_the_menus_are_left() -> None:
    page = extract(modern(f"<article><h1>Ferry sails again</h1>{ARTICLE}</article>"))
    assert [line for line in page.text.split("\n") if line != "Ferry sails again"] == [LEAD, BODY, END]


def test_metadata_is_taken() -> None:
    head = "<meta name='author' content='Ann Example'><meta property='article:published_time' content='2024-03-01'>"
    page = extract(modern(f"<article><h1>Ferry sails again</h1>{ARTICLE}</article>", head=head))
    assert (page.title, page.author, page.date, page.sitename) == (
        "Ferry sails again",
        "Ann Example",
        "2024-03-01",
        "The Harrowmouth Ledger",
    )


def test_the_given_address_is_kept_where_the_page_names_none() -> None:
    page = extract(modern(f"<article>{ARTICLE}</article>"), url="https://ledger.example/ferry")
    assert page.url == "https://ledger.example/ferry"


def test_a_layout_table_leaves_no_bars_and_its_side_column_is_gone() -> None:
    page = extract(of_tables(f"<h1>Ferry sails again</h1>{ARTICLE}"))
    assert "|" not in page.text
    assert "Other news of the day" not in page.text
    assert all(paragraph in page.text for paragraph in (LEAD, BODY, END))


def test_a_table_of_data_is_kept() -> None:
    rows = "".join(f"<tr><td>Day {n}</td><td>{n} sailings</td><td>{n * 7} passengers</td></tr>" for n in range(1, 8))
    table = f"<table><tr><th>Day</th><th>Sailings</th><th>Passengers</th></tr>{rows}</table>"
    text = extract(modern(f"<article>{ARTICLE}{table}</article>")).text
    assert "| Day 3 | 3 sailings | 21 passengers |" in text


def test_a_page_of_the_years_of_layout_tables_keeps_its_headline_in_the_text() -> None:
    page = extract(of_tables(f"<h1>Ferry sails again</h1>{ARTICLE}"))
    assert page.text.startswith("Ferry sails again\n")
    assert page.title is None


def test_a_table_of_labels_and_what_they_stand_for_is_kept() -> None:
    rows = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in FACTS.items())
    text = extract(modern(f"<article>{ARTICLE}<table>{rows}</table></article>")).text
    assert all(label in text and value in text for label, value in FACTS.items())


@pytest.mark.parametrize("build", [modern, of_tables])
def test_a_title_is_given_only_where_the_rule_would_find_the_same_again(build: object) -> None:
    page = extract(build(f"<h1>Ferry sails again</h1>{ARTICLE}"))  # type: ignore[operator]
    edits = list(TitleInText()(Document("", page.text, title=page.title)))
    assert bool(edits) == (page.title is not None and "Ferry sails again" in page.text)


def test_a_lead_before_the_frame_of_the_page_is_kept() -> None:
    content = f"<div class='intro'><p>{LEAD}</p></div><div class='copy'>{f'<p>{BODY}</p><p>{END}</p>' * 4}</div>"
    assert LEAD in extract(modern(content)).text


@pytest.mark.parametrize("name", ["more-of-today", "also-read", "c7"])
@pytest.mark.parametrize(
    "teaser",
    [
        "Twelve gardeners of the town have agreed on one hedge height, and are not speaking about anything else.",
        "A baker in Olm has found a coin in a loaf that he had baked himself, and wants to know whose it is.",
        "The school choir sings on Sunday in the old mill, and whoever comes early gets a seat by the wheel.",
    ],
)
def test_what_stands_below_the_article_is_left(teaser: str, name: str) -> None:
    below = f"<div class='{name}'><div><p>{teaser}</p></div></div>"
    text = extract(modern(f"<div><div>{ARTICLE * 3}</div></div>{below}")).text
    assert END in text
    assert teaser not in text


def test_comments_of_readers_are_left() -> None:
    comment = "I was on that ship and it was fine. " * 5
    comments = f"<div id='comments'><ol class='comment-list'><li><p>{comment}</p></li></ol></div>"
    assert "I was on that ship" not in extract(modern(f"<article>{ARTICLE}</article>{comments}")).text


def test_a_page_of_menus_alone_has_no_text() -> None:
    page = extract(
        f"<html><body><header>{MENU}</header><div id='app'></div><noscript>Turn on JavaScript.</noscript></body></html>"
    )
    assert page.text == ""


@pytest.mark.parametrize("html", ["", " \n", "<html></html>", "<!-- nothing -->", "\x00", "<html><body></body></html>"])
def test_an_empty_page_has_no_text(html: str) -> None:
    assert extract(html) == Extracted("")
    assert extract(html, url="https://a.example/").url == "https://a.example/"


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>" + "<div>" * 100_000 + "deep" + "</div>" * 100_000,
        "<html><body>" + "<table><tr><td>" * 20_000 + "deep",
        "<" * 200_000,
        "<html><body><p " + "a=1 " * 50_000 + ">text",
        "<html><body>" + "<ul><li>" * 20_000,
    ],
    ids=["divs", "tables", "brackets", "attributes", "lists"],
)
def test_markup_without_end_gives_a_text_or_none(html: str) -> None:
    assert isinstance(extract(html).text, str)


def test_what_cannot_stand_in_xml_does_not_lose_the_page() -> None:
    html = modern(f"<article>{ARTICLE}</article>").replace("ship", "sh\x00ip\x0b").replace("crew", "crew\ud800")
    assert LEAD in extract(html).text
    assert "crew? was" in extract(html).text


def test_an_encoding_that_the_markup_declares_is_of_no_account() -> None:
    text = "Été à la plage, où l’on dort. " * 20
    html = f'<?xml version="1.0" encoding="iso-8859-1"?><html><body><article><p>{text}</p></article></body></html>'
    assert "Été à la plage, où l’on dort." in extract(html).text


def test_a_fragment_is_a_page() -> None:
    assert extract(f"<div><div>{ARTICLE}</div></div>").text.split("\n") == [LEAD, BODY, END]


def test_a_title_that_is_never_closed_does_not_swallow_the_body() -> None:
    html = f"<html><head><title>Ferry sails again</head><body><article>{ARTICLE}</article></body></html>"
    assert extract(html).text.split("\n") == [LEAD, BODY, END]


def test_the_text_does_not_depend_on_what_was_extracted_before() -> None:
    pages = [modern(f"<article>{ARTICLE}</article>"), of_tables(ARTICLE), modern(f"<article><p>{LEAD}</p></article>")]
    alone = [extract(page) for page in pages]
    assert [extract(page) for _ in range(3) for page in pages] == alone * 3


def test_logging_of_the_host_is_left_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("trafilatura").level)
    extract("<p>")
    assert (root.level, list(root.handlers), logging.getLogger("trafilatura").level) == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("title", "sitename", "url", "expected"),
    [
        ("Ferry sails again | The Ledger", "The Ledger", None, "Ferry sails again"),
        ("The Ledger: Ferry sails again", "The Ledger", None, "The Ledger: Ferry sails again"),
        ("Ledger » Ferry sails again", None, "https://www.ledger.example/a", "Ferry sails again"),
        ("Ferry sails again - ledger.example", None, "https://ledger.example/a", "Ferry sails again"),
        ("Ferry – a history", "The Ledger", None, "Ferry – a history"),
        ("The Ledger", "The Ledger", None, "The Ledger"),
        ("  Ferry\n sails  again ", None, None, "Ferry sails again"),
        (None, None, "https://[broken", ""),
    ],
)
def test_the_headline_is_the_title_without_the_name_of_the_site(
    title: str | None, sitename: str | None, url: str | None, expected: str
) -> None:
    assert headline(title, sitename=sitename, url=url) == expected


def test_empty_rows_go_and_a_lone_cell_loses_its_bars() -> None:
    assert tidy("| | |\n| Ferry \\| news | |\n| 1 | 2 |\na | b\n") == "Ferry | news\n| 1 | 2 |\na | b"


def test_a_page_without_a_body_has_the_text_of_its_article() -> None:
    sentence = "The harbour office has printed the tides of the whole year on a single sheet of paper, it said."
    page = f"<!doctype html><title>Tides</title><article><p>{sentence}</p><p>{sentence} Again.</p></article>"
    found = extract(page)
    assert (found.title, found.text) == ("Tides", f"{sentence}\n{sentence} Again.")
