"""The page of a run: text stays text, nothing but a style sheet is allowed, and the size is bounded."""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from report.runs import EVIL, collected, evil_run, many, outcome
from running import ARTICLE

from cleaner.account.collect import Collector
from cleaner.account.outcome import Outcome
from cleaner.account.summary import Summary
from cleaner.document import Drop
from cleaner.report.page.elements import document, element
from cleaner.report.page.page import run_page, write_data, write_page

MAX_PAGE_BYTES = 2_000_000
MAX_PICKLE_BYTES = 5_000_000


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def evil() -> dict[str, Any]:
    return evil_run()


def test_markup_in_texts_ids_titles_addresses_and_messages_stays_text(evil: dict[str, Any]) -> None:
    page = Tags(run_page(evil))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "c", "b<c"})
    # In ids, messages, texts and in what the page tells of the run.
    assert page.text.count(EVIL) > 8
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_the_policy_allows_the_style_sheet_by_its_hash_and_nothing_else(evil: dict[str, Any]) -> None:
    page = run_page(evil)
    policy = next(a["content"] for tag, a in Tags(page).tags if a.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_a_page_names_no_address_to_load_from(evil: dict[str, Any]) -> None:
    page = Tags(run_page(evil))
    assert {tag for tag, _ in page.tags}.isdisjoint({"link", "iframe", "object", "embed", "video", "audio", "base"})
    loads = [a for _, attributes in page.tags for a in attributes if a in ("src", "srcset", "style", "action", "ping")]
    assert not loads
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert all(link and link.startswith("#") for link in links)
    assert "url(" not in run_page(evil)


def test_an_element_escapes_every_child_and_attribute_that_is_not_an_element() -> None:
    assert element("p", "<b>", 3, None, title='"<') == '<p title="&quot;&lt;">&lt;b&gt;3</p>'
    assert element("p", element("b", "x")) == "<p><b>x</b></p>"
    assert "<title>&lt;/title&gt;" in document("</title>", "")


def test_surrogates_and_control_characters_can_be_written(tmp_path: Path) -> None:
    one = outcome("a", f"{ARTICLE}\n\nLeave a comment")._replace(id="\ud800\x00id")
    data = collected([(one, Drop("\udfff", code="TX101"))], **{"in\x07put": "\ud83d"})
    write_page(data, tmp_path / "run.html")
    write_data(data, tmp_path / "run.json")
    assert "\\ud800\\x00id" in (tmp_path / "run.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8")) == data


def test_the_page_is_the_same_from_the_data_as_from_its_json(tmp_path: Path) -> None:
    collector, summary = Collector(), Summary()
    for one, reason in many(300):
        collector.add(one, reason)
        summary.add(one, reason)
    data = collector.data(summary)
    write_data(data, tmp_path / "run.json")
    assert run_page(data) == run_page(json.loads((tmp_path / "run.json").read_text(encoding="utf-8")))


def test_a_run_of_nothing_has_a_page() -> None:
    assert "<b>0</b>" not in run_page(collected([]))
    assert "0 in, 0 kept" in Tags(run_page(collected([]))).text


def test_a_run_without_facts_has_a_page() -> None:
    plain = [(one._replace(facts=None), reason) for one, reason in many(50)]
    assert "From input to corpus" in run_page(collected(plain))


def test_the_same_records_give_the_same_data() -> None:
    first, second = (json.dumps(collected(many(2_000))) for _ in range(2))
    assert first == second


def test_only_timing_depends_on_the_clock() -> None:
    fast = [(one._replace(facts=one.facts and one.facts._replace(seconds=0.5)), reason) for one, reason in many(500)]
    data, other = collected(many(500)), collected(fast)
    assert data.pop("timing") != other.pop("timing")
    assert data == other


def test_another_seed_draws_other_examples() -> None:
    drawn = []
    for seed in (0, 1):
        collector, summary = Collector(seed), Summary()
        for one, reason in many(2_000):
            collector.add(one, reason)
            summary.add(one, reason)
        drawn.append(collector.data(summary)["rules"][0]["examples"])
    assert drawn[0] != drawn[1]


def test_a_collector_goes_on_after_it_was_pickled() -> None:
    halves, whole, summary = Collector(), Collector(), Summary()
    for number, (one, reason) in enumerate(many(400)):
        if number == 200:
            halves = pickle.loads(pickle.dumps(halves))
        for collector in (halves, whole):
            collector.add(one, reason)
        summary.add(one, reason)
    assert halves.data(summary) == whole.data(summary)


def test_the_page_and_the_collector_stay_small_over_many_records() -> None:
    collector, summary = Collector(), Summary()
    start = time.perf_counter()
    sizes = []
    for number, (one, reason) in enumerate(many(200_000), 1):
        collector.add(one, reason)
        summary.add(one, reason)
        if number in (100_000, 200_000):
            sizes.append(len(pickle.dumps(collector)))
    # About 60 µs a record with what makes them up; the bound is for a crowded machine.
    assert time.perf_counter() - start < 120
    assert max(sizes) < MAX_PICKLE_BYTES
    texts = dict.fromkeys(collector.wanted(), "那是另一篇文章的一行，說別的。\n" * 600)
    page = run_page(collector.data(summary, texts=texts))
    assert len(page.encode()) < MAX_PAGE_BYTES
    assert "Only the first 6,000 characters are compared here." in page


def test_counts_of_the_page_are_those_of_the_summary(evil: dict[str, Any]) -> None:
    counts = {"read": 6, "kept": 1, "excluded": 4, "unreadable": 1}
    assert evil["records"] == {**counts, "passed_over": 0, "skipped": 0, "not_drawn": 0, "bytes": 0}
    assert sum(reason["documents"] for reason in evil["reasons"]) == 5
    assert "6 records = 1 kept + 4 excluded + 1 unreadable." in Tags(run_page(evil)).text
    assert evil["duplicates"]["copied"] == [{"id": f"{EVIL}-twin", "copies": 3}]


def test_nearest_and_farthest_pairs_are_those_of_the_run_one_for_a_twin() -> None:
    one = outcome("a", ARTICLE)
    pairs = [(one._replace(id=f"a{n}"), Drop("", f"twin{n % 9}", 0.7 + n / 100, code="ND102")) for n in range(27)]
    data = collected(pairs, {"twin8": "the kept text"})["duplicates"]
    assert [pair["similarity"] for pair in data["farthest"]] == pytest.approx([0.70, 0.71, 0.72, 0.73, 0.74])
    assert [pair["id"] for pair in data["nearest"]] == ["a26", "a25", "a24", "a23", "a22"]
    assert data["nearest"][0]["duplicate_of_text"] == "the kept text"
    assert data["nearest"][1]["duplicate_of_text"] is None
    assert data["nearest"][0]["text"].startswith(ARTICLE[:40])


def test_hosts_are_sorted_by_what_was_taken_out_of_their_kept_texts() -> None:
    cruft = f"{ARTICLE}\n\nLeave a comment\n\nSubscribe to our newsletter"
    runs: list[tuple[Outcome, Drop | None]] = [
        (outcome("a", cruft, url="https://www.b.example/1"), None),
        (outcome("b", cruft, url="https://a.example/1"), Drop("", "a", code="ND101")),
        (outcome("c", ARTICLE, url="https://c.example/1"), None),
    ]
    top = collected(runs)["hosts"]["top"]
    assert [(host["host"], host["kept"], host["documents"]) for host in top] == [
        ("b.example", 1, 1),
        ("c.example", 1, 1),
        ("a.example", 0, 1),
    ]
    assert top[0]["cut"] > 0 == top[1]["cut"] == top[2]["cut"]
