"""A real crawl: a project made by `scrapy startproject`, a site of 300 pages on loopback, `scrapy crawl`."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import string
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from integrations.site_of_pages import EMPTY, PAGES, STORIES, TWIN_OF_THE_LAST, page, served, unlike
from real_parts import needs
from redis_server import Server
from running import ARTICLE, SHARES, TWO

needs(find_spec("scrapy"), "Scrapy")

import attr  # noqa: E402
import scrapy  # noqa: E402
from scrapy.http import HtmlResponse, JsonResponse, TextResponse  # noqa: E402
from scrapy.utils.test import get_crawler  # noqa: E402

from cleaner.document import Document  # noqa: E402
from cleaner.errors import ConfigError  # noqa: E402
from cleaner.integrations.scrapy import CleanerPipeline, Excluded, NearDuplicate  # noqa: E402

SPIDER = """
import scrapy


class PagesSpider(scrapy.Spider):
    name = "pages"
    start_urls = [f"$address/{number}.html" for number in range($pages)]

    def parse(self, response):
        yield {"url": response.url, "$field": $value, "own": "stays"}
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@dataclass
class Project:
    """A Scrapy project with one spider and the add-on."""

    folder: Path

    def command(self, out: str, **settings: object) -> list[str]:
        options = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
        return [sys.executable, "-m", "scrapy", "crawl", "pages", "-o", f"{out}:jsonlines", *options]

    def crawl(self, out: str, **settings: object) -> tuple[list[dict[str, Any]], str]:
        """Give the items and the log."""
        command = self.command(out, **settings)
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True)
        return self.items(out), done.stderr

    def items(self, out: str) -> list[dict[str, Any]]:
        path = self.folder / out
        return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def made_project(folder: Path, address: str, field: str = "html", value: str = "response.text") -> Project:
    start = [sys.executable, "-m", "scrapy", "startproject", "harvest", str(folder)]
    subprocess.run(start, check=True, capture_output=True)
    spider = string.Template(SPIDER).substitute(address=address, pages=PAGES, field=field, value=value)
    (folder / "harvest" / "spiders" / "pages.py").write_text(spider, encoding="utf-8")
    with (folder / "harvest" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write('\nADDONS = {"cleaner.integrations.scrapy.CleanerAddon": 500}\n')
        settings.write("DOWNLOAD_DELAY = 0\nCONCURRENT_REQUESTS_PER_DOMAIN = 16\nROBOTSTXT_OBEY = False\n")
    return Project(folder)


def stat(log: str, name: str) -> int:
    found = re.search(rf"'{re.escape(name)}': (\d+)", log)
    return int(found[1]) if found else 0


def test_one_line_of_settings_cleans_a_crawl_and_a_second_crawl_yields_nothing_new(
    tmp_path: Path, address: str
) -> None:
    project = made_project(tmp_path / "site", address)
    items, log = project.crawl("first.jsonl", CLEANER_INDEX="pages.index")
    assert unlike(items) == STORIES
    assert len(items) == len(STORIES)
    assert "Share on" not in "".join(item["text"] for item in items)
    one = items[0]
    assert one["text"].startswith("The harbour w")
    assert (one["title"][:5], one["own"]) == ("Page ", "stays")
    assert one.keys() == {"url", "own", "html", "text", "language", "language_score", "title", "sitename"}
    empty, twins = PAGES // EMPTY, PAGES // TWIN_OF_THE_LAST - PAGES // EMPTY
    assert stat(log, "item_dropped_reasons_count/NearDuplicate") == stat(log, "cleaner/duplicates") == twins
    assert stat(log, "cleaner/excluded/TX101") == empty
    assert stat(log, "cleaner/kept") == stat(log, "cleaner/index/size") == len(STORIES)
    assert "WARNING" not in log

    again, log = project.crawl("second.jsonl", CLEANER_INDEX="pages.index")
    assert again == []
    assert stat(log, "item_dropped_reasons_count/NearDuplicate") == PAGES - empty


def test_crawls_at_the_same_time_share_an_index_on_a_server(tmp_path: Path, address: str) -> None:
    needs(shutil.which("redis-server"), "redis-server")
    needs(find_spec("redis"), "the package redis")
    project = made_project(tmp_path / "site", address)
    (tmp_path / "redis").mkdir()
    server = Server(tmp_path / "redis")
    try:
        commands = [
            project.command(f"{number}.jsonl", CLEANER_INDEX=server.url, JOBDIR=f"job-{number}") for number in range(2)
        ]
        crawls = [subprocess.Popen(command, cwd=project.folder, stderr=subprocess.PIPE) for command in commands]
        logs = [crawl.communicate(timeout=120)[1].decode() for crawl in crawls]
        items = project.items("0.jsonl") + project.items("1.jsonl")
        assert unlike(items) == STORIES
        assert len(items) == len(STORIES) == sum(stat(log, "cleaner/kept") for log in logs)
        assert sum(stat(log, "cleaner/duplicates") for log in logs) == 2 * (PAGES - PAGES // EMPTY) - len(STORIES)
        again, _ = project.crawl("again.jsonl", CLEANER_INDEX=server.url)
        assert again == []
    finally:
        server.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_crawl_that_was_ended_goes_on_and_no_story_is_missing(
    tmp_path: Path, address: str, how: signal.Signals
) -> None:
    project = made_project(tmp_path / "site", address)
    settings = {"CLEANER_INDEX": "pages.index", "JOBDIR": "job", "DOWNLOAD_DELAY": 0.01}
    command = project.command("first.jsonl", **settings)
    running = subprocess.Popen(command, cwd=project.folder, stderr=subprocess.DEVNULL)
    out = project.folder / "first.jsonl"
    deadline = time.monotonic() + 60
    while not (out.exists() and out.stat().st_size > 20_000):
        assert time.monotonic() < deadline
        assert running.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.02)
    running.send_signal(how)
    running.wait(60)
    if how == signal.SIGKILL:
        # Scrapy's own queue does not survive that for sure (it may wait for ever for a request that is gone): a person
        # takes it out, and the crawl begins again, in the same job.
        shutil.rmtree(project.folder / "job" / "requests.queue")
        (project.folder / "job" / "requests.seen").unlink(missing_ok=True)
    whole = out.read_text(encoding="utf-8").rpartition("\n")[0]
    first = [json.loads(line) for line in whole.split("\n")]
    assert 0 < len(first) < len(STORIES)
    second, _ = project.crawl("second.jsonl", **settings)
    assert unlike(first + second) == STORIES
    addresses = [item["url"] for item in first + second]
    assert len(set(addresses)) == len(STORIES), "no story comes from two pages"
    if how == signal.SIGINT:
        assert len(addresses) == len(STORIES), "nothing comes twice"


def test_a_duplicate_may_be_marked_and_an_item_may_hold_the_response(tmp_path: Path, address: str) -> None:
    project = made_project(tmp_path / "site", address, "response", "response")
    items, log = project.crawl("items.jsonl", CLEANER_ON_DUPLICATE="mark")
    marked = [item for item in items if "excluded" in item]
    assert len(items) - len(marked) == len(STORIES)
    assert {item["excluded"]["code"] for item in marked} == {"ND102"}
    urls = {item["url"] for item in items if item not in marked}
    assert all(item["excluded"]["duplicate_of"] in urls for item in marked)
    assert all(item["excluded"]["similarity"] >= 0.7 for item in marked)
    assert "response" not in items[0]
    assert "item_dropped_reasons_count/NearDuplicate" not in log


def test_wrong_settings_are_refused_with_what_is_right(tmp_path: Path, address: str) -> None:
    project = made_project(tmp_path / "site", address)
    command = project.command("items.jsonl", CLEANER_ON_DUPLICATE="burn")
    done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True)
    assert "CLEANER_ON_DUPLICATE is 'drop' or 'mark', not 'burn'" in done.stderr


class Declared(scrapy.Item):
    url = scrapy.Field()
    html = scrapy.Field()
    text = scrapy.Field()


@dataclass
class Typed:
    url: str
    html: str | None
    text: str = ""
    title: str | None = None


async def cleaned_by_and_by() -> str:
    pipeline = CleanerPipeline.from_crawler(get_crawler())
    pipeline.open_spider()
    look_at, may_end = pipeline._look_at, threading.Event()

    def slow(document: Document) -> object:
        assert may_end.wait(20), "the loop stood still"
        return look_at(document)

    pipeline._look_at = slow  # type: ignore[assignment,method-assign]
    cleaning = asyncio.create_task(pipeline.process_item({"url": "a", "html": page(1).decode()}))
    await asyncio.sleep(0)
    may_end.set()
    item = await cleaning
    pipeline.close_spider()
    return str(item["text"])


def test_the_loop_goes_on_while_a_page_is_cleaned() -> None:
    assert asyncio.run(cleaned_by_and_by()).startswith("The harbour")


@dataclass(frozen=True)
class Frozen:
    url: str
    html: str
    text: str | None = None


@attr.s(frozen=True)
class FrozenAttrs:
    url = attr.ib()
    html = attr.ib()
    text = attr.ib(default=None)


@dataclass
class NoText:
    url: str
    html: str


async def processed(*items: Any, **settings: Any) -> list[Any]:
    pipeline = CleanerPipeline.from_crawler(get_crawler(settings_dict=settings))
    pipeline.open_spider()
    done = [await pipeline.process_item(item) for item in items]
    pipeline.close_spider()
    return done


def test_items_get_the_fields_that_their_type_declares() -> None:
    items = (Declared(url="a", html=page(1).decode()), Typed("b", page(2).decode()), {"price": 3})
    declared, typed, other = asyncio.run(processed(*items))
    assert declared["text"].startswith("The harbour")
    assert set(declared) == {"url", "html", "text"}
    assert typed.text.startswith("The harbour")
    assert (typed.html, typed.title) == (page(2).decode(), "Page 2")
    assert other == {"price": 3}


def test_the_page_goes_out_of_the_item_where_that_is_asked_for() -> None:
    items = (Declared(url="a", html=page(1).decode()), Typed("b", page(2).decode()), {"html": page(4).decode()})
    declared, typed, plain = asyncio.run(processed(*items, CLEANER_DROP_HTML=True))
    assert set(declared) == {"url", "text"}
    assert typed.html is None
    assert "html" not in plain


def test_a_frozen_item_is_made_anew() -> None:
    given = [Frozen("a", page(1).decode()), FrozenAttrs("b", page(2).decode())]
    made = asyncio.run(processed(*given))
    assert [type(item) for item in made] == [Frozen, FrozenAttrs]
    assert all(item.text.startswith("The harbour") and item.html for item in made)
    assert [item.text for item in given] == [None, None]


@pytest.mark.parametrize("frozen", [False, True])
def test_a_pydantic_model_gets_its_text(frozen: bool) -> None:
    pydantic = pytest.importorskip("pydantic")
    model = pydantic.create_model(
        "Model", __config__=pydantic.ConfigDict(frozen=frozen), url=(str, ...), html=(str, ...), text=(str | None, None)
    )
    (made,) = asyncio.run(processed(model(url="a", html=page(1).decode())))
    assert made.text.startswith("The harbour")


def test_an_item_type_without_a_text_field_is_told_of_once_and_passes(caplog: pytest.LogCaptureFixture) -> None:
    given = [NoText("a", page(1).decode()), NoText("b", page(2).decode())]
    assert asyncio.run(processed(*given)) == given
    told = [record.getMessage() for record in caplog.records if record.name == "cleaner.integrations.scrapy"]
    assert len(told) == 1
    assert "NoText declares no field 'text'" in told[0]
    assert "CLEANER_TEXT_FIELD" in told[0]


def test_the_text_goes_where_the_setting_says() -> None:
    (item,) = asyncio.run(processed({"html": page(1).decode(), "text": "own"}, CLEANER_TEXT_FIELD="article"))
    assert item["article"].startswith("The harbour")
    assert item["text"] == "own"


@dataclass
class WithLanguages:
    text: str
    languages: list[dict[str, Any]] | None = None


def test_an_item_of_a_text_in_two_languages_has_the_part_of_each() -> None:
    items = ({"text": TWO}, {"text": ARTICLE}, {"text": ARTICLE, "languages": SHARES}, {"text": TWO, "languages": "my"})
    made = asyncio.run(processed(*items, CLEANER_ON_DUPLICATE="mark"))
    assert [item.get("languages", "none") for item in made] == [SHARES, "none", "none", "my"]
    typed = asyncio.run(processed(WithLanguages(TWO), WithLanguages(ARTICLE, SHARES)))
    assert [item.languages for item in typed] == [SHARES, None]


def test_a_response_is_what_its_header_says() -> None:
    html = HtmlResponse("http://x.test/a", body=page(1), headers={"Content-Type": "text/html"})
    plain = TextResponse("http://x.test/b", body=b"The boats sailed at dawn.", headers={"Content-Type": "text/plain"})
    made = asyncio.run(processed({"response": html}, {"response": plain}))
    assert made[0]["text"].startswith("The harbour")
    assert made[0]["url"] == "http://x.test/a"
    assert made[1]["text"] == "The boats sailed at dawn."
    assert not any("response" in item for item in made)
    data = JsonResponse("http://x.test/c", body=b'{"a": "text"}', headers={"Content-Type": "application/json"})
    with pytest.raises(Excluded, match="RD103 not-text: a response of application/json is no page"):
        asyncio.run(processed({"response": data}))
    with pytest.raises(Excluded, match="RD106 wrong-type: 'html' is int, not text"):
        asyncio.run(processed({"html": 5}))


def test_a_path_is_no_name_of_a_field_of_an_item(tmp_path: Path) -> None:
    config = tmp_path / "cleaner.toml"
    config.write_text('html_field = "page.body"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"page\.body: Scrapy takes the name of a field, and no path"):
        asyncio.run(processed({"html": "x"}, CLEANER_CONFIG=str(config)))
    with pytest.raises(ConfigError, match=r"page\.text: Scrapy takes the name of a field, and no path"):
        asyncio.run(processed({"html": "x"}, CLEANER_TEXT_FIELD="page.text"))


@pytest.mark.parametrize(
    ("given", "told"), [("most", "a share is a number, not 'most'"), ("90", "contained is a share")]
)
def test_a_share_that_cannot_be_is_told_with_its_setting(given: str, told: str) -> None:
    with pytest.raises(ConfigError, match=f"^CLEANER_CONTAINED: {told}"):
        asyncio.run(processed({"text": "x"}, CLEANER_CONTAINED=given))


def test_a_text_that_an_earlier_item_holds_is_dropped_and_one_that_a_later_holds_has_gone_its_way() -> None:
    whole, other = (" ".join(f"{name}{number}" for number in range(200)) for name in "ab")
    items = [{"url": "whole", "text": whole}, {"url": "short", "text": other[:400]}, {"url": "long", "text": other}]
    assert len(asyncio.run(processed(*items, CLEANER_CONTAINED=0.9))) == 3
    teaser = {"url": "teaser", "text": " ".join(whole.split()[20:90])}
    with pytest.raises(NearDuplicate, match=r"ND103 contained-text: 100\.0% of it stands in whole") as told:
        asyncio.run(processed(items[0], teaser, CLEANER_CONTAINED=0.9))
    assert (told.value.duplicate_of, told.value.similarity) == ("whole", 1.0)
    assert len(asyncio.run(processed(items[0], teaser))) == 2
