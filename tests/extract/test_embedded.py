"""Pages that show nothing without scripts: their text is what their scripts hold."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

import cleaner

LINES = [
    "The lighthouse at Cape Orrin is lit again after three winters, the coast guard said. Its lamp had been broken in "
    "the storm that took the roof of the chapel.",
    "Keeper Tove Halls climbed the stairs with two electricians on Monday. She said that the new lamp needs no more "
    "current than a kettle and can be seen from the islands.",
    "Visitors may go up on Sundays, eight at a time, when the wind is below twelve metres a second.",
]
HTML = "".join(f"<p>{line}</p>" for line in LINES)
SHELL = '<!DOCTYPE html><html lang="en"><head><title>Light</title></head><body><div id="root"></div>{}</body></html>'


def next_data(value: Any) -> str:
    data = json.dumps({"props": {"pageProps": value}, "page": "/[slug]"})
    return SHELL.format(f'<script id="__NEXT_DATA__" type="application/json">{data}</script>')


def spans(kind: str, children: str, piece: dict[str, str], key: str) -> list[dict[str, Any]]:
    """Return the lines as rich text, of which each paragraph is two pieces."""
    pairs = ((line[:30], line[30:]) for line in LINES)
    return [{kind: "paragraph", children: [{**piece, key: part} for part in pair]} for pair in pairs]


@pytest.mark.parametrize(
    "value",
    [
        {"post": {"slug": "light", "content": HTML}},
        {"post": {"paragraphs": LINES}, "legal": LINES[0] * 9},
        {"post": {"text": "\n\n".join(LINES)}},
        {"blocks": [{"type": "text", "value": {"html": f"<p>{line}</p>"}} for line in LINES]},
        {"body": spans("_type", "children", {"_type": "span"}, "text")},
        {"story": {"related": [], "lead": LINES[0], "blocks": [{"type": "p", "data": {"text": x}} for x in LINES[1:]]}},
        {"story": {"body": {"paragraphs": LINES[1:]}, "standfirst": LINES[0]}},
        {"doc": {"nodeType": "document", "content": spans("nodeType", "content", {"nodeType": "text"}, "value")}},
    ],
    ids=["markup", "list", "text", "blocks", "spans", "lead", "standfirst", "document"],
)
def test_the_text_of_an_app_s_state_comes_out(value: Any) -> None:
    assert cleaner.clean(next_data(value)).text.split("\n") == LINES


@pytest.mark.parametrize(
    "script",
    [
        "window.__INITIAL_STATE__ = {};".format(json.dumps({"article": {"lines": LINES}, "user": None})),
        f"window.__STATE__ = JSON.parse({json.dumps(json.dumps({'article': LINES}))});",
    ],
)
def test_a_state_may_be_assigned_in_a_script(script: str) -> None:
    assert cleaner.clean(SHELL.format(f"<script>{script}</script>")).text.split("\n") == LINES


def test_what_json_ld_states_counts_where_the_page_shows_nothing() -> None:
    node = json.dumps({"@type": "NewsArticle", "headline": "Light", "articleBody": "\n".join(LINES)})
    page = SHELL.format(f'<script type="application/ld+json">{node}</script>')
    assert cleaner.clean(page).text.split("\n") == LINES


def test_headings_of_rich_text_are_headings() -> None:
    body = spans("_type", "children", {"_type": "span"}, "text")
    body.insert(1, {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": "The lamp"}]})
    assert "\n## The lamp\n" in cleaner.clean(next_data({"body": body}), render="markdown").text


@pytest.mark.parametrize(
    "value",
    [
        {"messages": {"cookie": LINES[0], "consent": LINES[1]}, "error": LINES[2] * 3},
        {"posts": [{"title": "Light", "slug": str(n), "lead": LINES[n]} for n in range(3)]},
        {"images": [f"lamp-of-the-lighthouse-{n}-transparent-background.webp" * 3 for n in range(20)]},
        {"version": "1.2.3"},
        [[[[]]]],
    ],
    ids=["messages", "teasers", "images", "nothing", "empty"],
)
def test_what_is_no_text_of_the_page_stays_out(value: Any) -> None:
    assert cleaner.clean(next_data(value)).text == ""


def test_a_page_that_shows_its_text_is_taken_as_it_is_shown() -> None:
    page = next_data({"post": {"content": HTML * 3}}).replace('<div id="root">', f"<article>{HTML}</article><div>")
    assert cleaner.clean(page).text.split("\n") == LINES


@pytest.mark.parametrize("data", ["[" * 200_000, '{"a":' * 50_000, '"' * 400_000, "[" + '"a",' * 400_000 + "1]"])
def test_data_without_end_takes_no_time(data: str) -> None:
    page = SHELL.format(f'<script type="application/json">{data}</script><script>a = {data}</script>')
    start = time.process_time()
    assert cleaner.clean(page).text == ""
    assert time.process_time() - start < 5
