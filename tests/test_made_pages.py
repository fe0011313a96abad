"""The made-up pages without text: enough of them, the same each time, and each what its name says."""

from __future__ import annotations

import re
from collections import Counter

from lxml.html import document_fromstring

from training.made_pages import made_pages
from training.made_pages.beside import beside_pages
from training.made_pages.notices import made_notices
from training.made_pages.platforms import platform_pages
from training.made_pages.small import small_pages

PAGES = tuple(made_pages())


def test_there_are_enough_kinds_languages_and_styles() -> None:
    without, with_text = ([p for p in PAGES if bool(p.expected_text) is has] for has in (False, True))
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert (len(without), len({p.kind for p in without}), len({p.language for p in without})) == (228, 19, 12)
    assert (len(with_text), len({p.kind for p in with_text})) == (60, 5)
    assert set(Counter((page.kind, page.style) for page in PAGES).values()) == {2}


def test_the_pages_are_the_same_each_time() -> None:
    assert tuple(made_pages()) == PAGES


def test_the_expected_text_stands_on_its_page() -> None:
    for page in PAGES:
        seen = document_fromstring(page.html).text_content()
        assert all(line in seen for line in page.expected_text.split("\n")), page.name


def test_pages_of_platforms_are_the_same_each_time_and_have_their_text() -> None:
    pages = tuple(platform_pages())
    assert tuple(platform_pages()) == pages
    assert len({page.name for page in pages}) == len(pages)
    for page in pages:
        assert page.expected_text, page.name
        assert not re.search(r"\{(?:\w+|[?/]|\*\d+-\d+)\}", page.html), page.name
        assert " keep>" not in page.html, page.name
        seen = "".join(document_fromstring(page.html).text_content().split())
        assert all("".join(line.split()) in seen for line in page.expected_text.split("\n")), page.name


def test_notices_are_the_same_each_time_and_say_what_they_promise() -> None:
    notices = tuple(made_notices())
    assert tuple(made_notices()) == notices
    assert len({notice.name for notice in notices}) == len(notices)
    alone, with_text = ([n for n in notices if bool(n.text) is has] for has in (False, True))
    assert (len(alone), len({n.kind for n in alone}), len(with_text)) == (384, 11, 144)
    for notice in with_text:
        seen = document_fromstring(notice.html).text_content()
        assert all(line in seen for line in notice.text.split("\n")), notice.name


def test_small_pages_are_the_same_each_time_and_have_their_text() -> None:
    pages = tuple(small_pages())
    assert tuple(small_pages()) == pages
    assert (len({page.name for page in pages}), len(pages), len({page.form for page in pages})) == (884, 884, 7)
    for page in pages:
        seen = _letters(document_fromstring(page.html).text_content())
        assert all(_letters(line) in seen for line in page.expected_text.split("\n")), page.name


def test_pages_in_two_columns_are_the_same_each_time_and_have_their_text() -> None:
    pages = tuple(beside_pages())
    assert tuple(beside_pages()) == pages
    assert (len({page.name for page in pages}), len(pages), len({page.form for page in pages})) == (572, 572, 4)
    for page in pages:
        seen = _letters(document_fromstring(page.html).text_content())
        assert all(_letters(line) in seen for line in page.expected_text.split("\n")), page.name


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
