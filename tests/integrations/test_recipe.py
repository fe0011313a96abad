"""The recipes for scrapers in the documentation, run as they stand there, on a site with all that goes wrong."""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from documentation import STORIES, page_of
from integrations.site_of_pages import PAGES, served, unlike
from integrations.site_of_pages import STORIES as STORIES_OF_THE_SITE

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "scraper.md"


def recipe(name: str) -> str:
    """Return a recipe of the page."""
    mark = f"<!-- run by: tests/integrations/test_recipe.py {name} -->\n```python\n"
    return PAGE.read_text(encoding="utf-8").split(mark)[1].split("```")[0]


class Site(BaseHTTPRequestHandler):
    """Stories; and one that is gone, one that moved, one that robots may not read, data, and one that never comes."""

    def do_GET(self) -> None:
        """Answer."""
        if self.path == "/robots.txt":
            self.answer(200, "text/plain", "User-agent: *\nDisallow: /private")
        elif found := re.fullmatch(r"/(?:private)?(\d)", self.path):
            self.answer(200, "text/html; charset=utf-8", page_of(int(found[1])))
        elif self.path == "/moved":
            self.send_response(301)
            self.send_header("Location", "/5")
            self.end_headers()
        elif self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
        elif self.path == "/data":
            self.answer(200, "application/json", '{"text": "The ferry left."}')
        elif self.path == "/slow":
            time.sleep(5)
        else:
            self.answer(404, "text/html", "<html><body><p>There is no such page here, sorry.</p></body></html>")

    def answer(self, status: int, kind: str, body: str) -> None:
        """Send a page."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


WRONG = ["/gone", "/loop", "/data", "/slow"]
RIGHT = ["/0", "/1", "/2", "/3", "/4", "/moved"]


def test_the_recipe_for_httpx_survives_all_that_goes_wrong(
    site: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("httpx")
    names: dict[str, Any] = {}
    exec(recipe("httpx").replace("timeout=20", "timeout=2"), names)
    dead = ["http://127.0.0.1:9/dead", "http://nowhere.invalid/", "http://[half"]
    urls = [*dead, *(f"{site}{path}" for path in [*WRONG, "/private1", *RIGHT, "/0"])]
    items = list(names["new_articles"](urls, tmp_path / "pages.index"))
    assert [item["url"] for item in items] == [f"{site}{path}" for path in [*RIGHT[:-1], "/5"]]
    assert all(STORIES[n] in item["text"] for n, item in enumerate(items))
    assert len(caplog.records) == len(dead) + 3  # gone, loop, slow
    assert list(names["new_articles"](urls[-7:], tmp_path / "pages.index")) == []


def test_the_recipe_for_httpx_yields_what_is_new(tmp_path: Path) -> None:
    pytest.importorskip("httpx")
    names: dict[str, Any] = {}
    exec(recipe("httpx"), names)
    with served() as address:
        urls = [f"{address}/{number}.html" for number in range(PAGES)]
        items = list(names["new_articles"](urls, tmp_path / "pages.index"))
        assert unlike(items) == STORIES_OF_THE_SITE
        assert len(items) == len(STORIES_OF_THE_SITE)


def test_the_recipe_for_many_at_once_survives_all_that_goes_wrong(site: str, tmp_path: Path) -> None:
    pytest.importorskip("httpx")
    names: dict[str, Any] = {}
    exec(recipe("async").replace("timeout=20", "timeout=2"), names)
    urls = ["http://127.0.0.1:9/dead", "http://[half", *(f"{site}{path}" for path in WRONG + RIGHT)]

    async def all_of() -> list[Any]:
        return [item async for item in names["new_articles"](urls, tmp_path / "pages.index")]

    items = asyncio.run(all_of())
    assert {item["url"] for item in items} == {f"{site}{path}" for path in [*RIGHT[:-1], "/5"]}


def test_the_recipe_for_feedparser_gives_the_entries(tmp_path: Path) -> None:
    pytest.importorskip("feedparser")
    names: dict[str, Any] = {}
    exec(recipe("feedparser"), names)
    entries = "".join(
        f"<item><title>Story {n}</title><link>https://x.test/{n}</link>"
        f"<description><![CDATA[<p>{STORIES[n]}</p><p>Leave a Comment</p>]]></description></item>"
        for n in range(2)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>{entries}</channel></rss>'
    found = list(names["entries"](feed))
    assert [(item["title"], item["url"]) for item in found] == [(f"Story {n}", f"https://x.test/{n}") for n in range(2)]
    assert STORIES[0] in found[0]["text"]


@pytest.mark.filterwarnings("ignore")
def test_the_recipe_for_crawlee_stores_the_articles(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("crawlee")
    monkeypatch.chdir(tmp_path)
    exec(recipe("crawlee").replace("https://example.org/", f"{site}/1"), {"__name__": "__main__"})
    stored = [path.read_text(encoding="utf-8") for path in (tmp_path / "storage" / "datasets").rglob("*.json")]
    assert any(STORIES[1] in text for text in stored)


@pytest.mark.filterwarnings("ignore")
def test_the_recipe_for_playwright_reads_the_page_of_a_browser(site: str) -> None:
    pytest.importorskip("playwright")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium")
    names: dict[str, Any] = {}
    ours = f"launch(executable_path={chromium!r}, args=['--no-sandbox'])"
    exec(recipe("playwright").replace("launch()", ours), names)
    (result,) = names["articles"]([f"{site}/1"])
    assert STORIES[1] in result.text
