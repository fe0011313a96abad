"""Pages are told from texts by how they begin, where nothing else says which it is."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cleaner
from cleaner.cli import main
from cleaner.corpus.sniff import _CODE, _PAGE_BELOW, looks_like_page

PAGES = {
    "doctype": "<!DOCTYPE html><title>Tide tables</title>",
    "doctype in capitals, after blank lines": "\r\n \n<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
    "html element": "<html lang=en>",
    "no html element": "<head><title>Tide tables</title></head>",
    "a comment first": "<!-- made by hand --><!-- on a Monday -->\n<html>",
    "a conditional comment first": "<!--[if lt IE 9]><html class=old><![endif]--><![if IE]><html>",
    "an XML declaration first": "<?xml version='1.0'?>\n<!DOCTYPE html><html>",
    "a script first": "<script>var tide = 1 < 2;</script>",
    "a script and then a part of a page": "<script>var tide = 1;</script>\n<p>High water at noon. Bring boots.",
    "a byte order mark": "\ufeff<html>",
    "cut out of its frame": "<div id='all'><p>High water at noon.</p></div>\n",
    "cut out of a table": "<td width=100>High water at noon.</td>",
    "a word first": "hello\n<!DOCTYPE html><title>Tide tables</title></html>\n",
    "a warning of the server first": "Notice: undefined index in tides.php\n\n<html lang=en><body></body></html>",
    "an element that HTML has not first": "<text id='7'>\n<!doctype html>\n<html><body></body></html>\n</text>",
    "elements of the scraper first": "<record><page url=a><html><body></body></html>",
    "the end of another page first": "</body>\n<p>High water at noon.</p>",
}
TEXTS = {
    "empty": "",
    "prose": "The <html> element is the root of a page. <p>Really.</p>",
    "Markdown that begins with markup": "<p align=center><img src=logo.png></p>\n\n# Tides\n\nHigh water at noon.",
    "Markdown that begins with a comment": "<!-- no toc -->\n# Tides\n<p>High water</p>",
    "a chat": "<ann> high water at noon?\n<ben> at one, <b>I think</b>",
    "a feed": "<?xml version='1.0'?><rss><channel><title>Tides</title></channel></rss>",
    "a script that a naive extractor left": "<SCRIPT>show('/ad')</SCRIPT>\nSite search\n\nHigh water at noon.",
    "a sum": "<3 and 4>",
    "an element that HTML has not": "<tide>noon</tide>",
    "a comment that never ends": "<!-- high water",
    "a lesson that ends in a sentence": "How to begin a page:\n<!DOCTYPE html>\n<html>\nThen comes the head.",
    "a lesson with code": "A page:\n```\n<!DOCTYPE html>\n<html></html>\n```\n<p>So much for that.</p>",
    "a text that tells of it": "The element <html> has two children, <head> and <body>",
    "a name that only begins as an element's does": "<header-file.h> is where <html>",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_is_known_by_how_it_begins(page: str) -> None:
    assert looks_like_page(page)
    assert looks_like_page(page.encode())
    assert looks_like_page(page.encode("utf-16"))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_is_no_page_though_it_has_markup(text: str) -> None:
    assert not looks_like_page(text)
    assert not looks_like_page(text.encode())


def test_many_comments_before_a_page_take_no_time() -> None:
    assert looks_like_page("<!---->\n" * 7_000 + "<html>")
    assert not looks_like_page("<!--" * 1_000_000)


def test_a_page_that_begins_with_a_comment_is_extracted() -> None:
    sentence = "The harbour office has printed the tides of the whole year on a single sheet of paper."
    page = f"<!-- tides --><html><body><article><p>{sentence}</p><p>{sentence[::-1]}</p></article></body></html>"
    assert cleaner.clean(page).text.split("\n")[0] == sentence


def test_what_stands_before_a_page_is_no_part_of_it() -> None:
    sentence = "The harbour office has printed the tides of the whole year on a single sheet of paper."
    for stray in ("hello\n", "<text id='7'>", "\ufeff Notice: undefined index tides\n"):
        page = (
            f"{stray}<!DOCTYPE html><html><head><title>Tides of the year</title></head><body><p>{sentence}</p></html>"
        )
        result = cleaner.clean(page)
        assert (result.text, result.title) == (sentence, "Tides of the year")


def test_a_page_in_the_text_field_is_extracted_and_stays_as_it_was(tmp_path: Path) -> None:
    sentence = "The harbour office has printed the tides of the whole year on a single sheet of paper."
    page = f"<html><title>Tides</title><body><nav>Home | Shop</nav><article><p>{sentence}</p></article></body></html>"
    records = [{"id": "a", "text": page}, {"id": "b", "text": "A text with <b>markup</b> in it stays a text."}]
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    run = CliRunner().invoke(main, ["clean", str(source), "-o", str(out)])
    assert run.exit_code == 0, run.output
    kept = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]
    assert [record["text"] for record in kept] == [cleaner.clean(page).text, records[1]["text"]]
    assert kept[0]["text_original"] == page
    assert "text_original" not in kept[1]
    assert [result.text for result in cleaner.clean_corpus(records)] == [record["text"] for record in kept]


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_a_kept_text_that_begins_like_a_page_is_a_text_when_it_is_read_again(ending: str, tmp_path: Path) -> None:
    story = "The harbour office has printed the tides of the whole year on a single sheet of paper."
    other = "Three ferries a day went to the island in the years before the bridge, and none of them at night."
    code = "&lt;title&gt; is the element that names a page, and stands in its head."
    records: list[dict[str, Any]] = [
        {"id": "a", "text": f"Share this article on Facebook\n\n<div>{story}</div>"},
        {"id": "b", "html": f"<html><body><article><p>{code}</p><p>{story}</p></article></body></html>"},
        {"id": "c", "text": other},
    ]
    source, first, again = tmp_path / "in.jsonl", tmp_path / f"one.{ending}", tmp_path / "two.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    assert CliRunner().invoke(main, ["clean", str(source), "-o", str(first)]).exit_code == 0
    assert CliRunner().invoke(main, ["clean", str(first), "-o", str(again)]).exit_code == 0
    told = CliRunner().invoke(main, ["check", str(again)])
    assert told.exit_code == 0, told.output
    kept = [json.loads(line) for line in again.read_text(encoding="utf-8").split("\n") if line]
    assert [record["text"] for record in kept] == [
        f"<div>{story}</div>",
        f"<title> is the element that names a page, and stands in its head.\n{story}",
        other,
    ]
    assert [record.get("text_original") or None for record in kept] == [records[0]["text"], kept[1]["text"], None]


def test_a_text_is_told_from_a_page_as_by_a_look_at_all_of_it() -> None:
    """The looks that spare the search for a page below find all that the search finds."""
    drawn = random.Random(3)
    parts = ["<html>", "<html lang=a>", "<!doctype html>", "<p>", "> <html ", "\n", "word ", "```", "<!--", "x" * 1_990]
    found = 0
    for _ in range(20_000):
        text = "".join(drawn.choices(parts, k=drawn.randrange(1, 6))) + drawn.choice([">", "> \n", "."])
        below = _PAGE_BELOW.search(text, 0, 2_000)
        wanted = below is not None and not _CODE.search(text, 0, below.start()) and text.rstrip().endswith(">")
        if not text.lstrip().startswith("<"):
            found += wanted
            assert looks_like_page(text) is wanted, text
    assert found > 500
