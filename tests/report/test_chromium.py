"""The pages in a real browser: no message, no request, nothing that moves, no script that runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from real_parts import needs
from report.browser import CHROMIUM, Browser
from report.runs import EVIL, evil_run
from running import ARTICLE

from cleaner.config import Config
from cleaner.document import Document
from cleaner.report.explained import explain_page
from cleaner.report.page.page import write_page

needs(CHROMIUM, "Chromium")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module", params=["run", "explained"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / f"{request.param}.html"
    if request.param == "run":
        write_page(evil_run(), path)
    else:
        text = f"{ARTICLE}\n\nShare on Facebook\n\n{EVIL}\n\nIt cost 5 â‚¬ in cafÃ©s.\n\nLeave a comment"
        document = Document(EVIL, text, EVIL, f"javascript:{EVIL}", metadata={"author": EVIL})
        path.write_text(explain_page(Config().pipeline()(document)), encoding="utf-8")
    return path


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_opens_without_message_request_or_shift(browser: Browser, page: Path, width: int, dark: bool) -> None:
    # What moves by the page's own doing moves each time; once, on a busy machine, a line did by a pixel at the first
    # visit, and not again.
    for _ in range(3):
        visit = browser.open(page, width=width, dark=dark)
        if (moved := browser.layout_shift()) == 0:
            break
    assert moved == 0
    assert visit.logged == []
    assert visit.requests == [page.as_uri()]
    assert browser.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_page_when_all_is_open(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width)
    browser.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    assert browser.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_markup_from_outside_is_text_in_the_browser(browser: Browser, page: Path) -> None:
    browser.open(page, width=1280)
    assert browser.evaluate("document.querySelectorAll('script, img, iframe').length") == 0
    assert EVIL in browser.evaluate("document.body.textContent")
    assert browser.evaluate("[...document.links].every(link => link.protocol === 'file:')")


def test_the_policy_keeps_a_script_and_a_picture_out(browser: Browser, page: Path) -> None:
    visit = browser.open(page, width=1280)
    browser.evaluate(
        """new Promise(done => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          const picture = document.createElement("img");
          picture.src = "https://example.org/picture.png";
          picture.onerror = () => done();
          document.body.append(script, picture);
        })"""
    )
    assert browser.evaluate("window.ran === undefined")
    assert len(visit.logged) == 2  # the policy's two refusals
    assert visit.blocked == ["csp"]


def test_colours_follow_the_reader(browser: Browser, page: Path) -> None:
    colours = []
    for dark in (False, True):
        browser.open(page, width=1280, dark=dark)
        colours.append(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours[0] != colours[1]


def test_the_text_before_and_after_is_what_came_in_and_what_is_left(browser: Browser, tmp_path: Path) -> None:
    text = f"Leave a comment\n\n{ARTICLE}\n\nIt cost 5 â‚¬ in cafÃ©s.\n\nShare on Facebook"
    result = Config().pipeline()(Document("a", text))
    (tmp_path / "a.html").write_text(explain_page(result), encoding="utf-8")
    browser.open(tmp_path / "a.html", width=1280)
    shown = {}
    for view in ("before", "after"):
        browser.evaluate(f"document.querySelector('#{view}').click()")
        shown[view] = browser.evaluate("document.querySelector('.document').innerText")
    assert shown["before"].split() == text.split()
    assert shown["after"].split() == result.text.split()
