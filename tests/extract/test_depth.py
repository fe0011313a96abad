"""Pages nested deeper than the parser goes: no text is lost, and the time is linear."""

from __future__ import annotations

import time

import pytest

from cleaner.extract import extract
from cleaner.extract.depth import flattened
from cleaner.extract.page import parse
from cleaner.extract.plain import plain
from cleaner.extract.walk import read_blocks


def text(html: str) -> str:
    tree = parse(html)
    assert tree is not None
    return plain(read_blocks(tree))


@pytest.mark.parametrize("tag", ["span", "div", "font", "article", "blockquote", "my-card"])
@pytest.mark.parametrize("closed", [False, True])
def test_all_of_a_deep_nest_is_read(tag: str, closed: bool) -> None:
    words = [f"word{number}" for number in range(4_000)]
    html = "".join(f"<{tag}>{word} " for word in words) + f"</{tag}>" * (closed * len(words)) + "<p>The end"
    assert text(f"<p>The start</p>{html}").split() == ["The", "start", *words, "The", "end"]


@pytest.mark.parametrize("cell", ["<table><tr><td>word ", "<ul><li>word ", "<p><font>word ", "<dl><dd>word "])
def test_elements_that_close_themselves_are_no_way_around(cell: str) -> None:
    found = text(cell * 3_000 + "<p>The end")
    assert found.count("word") == 3_000
    assert found.endswith("The end")
    assert len(found) < 200_000


def test_a_page_that_is_nested_as_pages_are_keeps_its_tags() -> None:
    html = "<div>" * 300 + "<p>A <b>ferry</b>.</p>" + "</div>" * 300 + "<div>" * 300 + "End" + "</div>" * 300
    assert flattened(html.encode()).decode() == html


def test_what_is_no_markup_is_left() -> None:
    held = b"<!-- <div> --><script>a = '<div>'</script>"
    nest = flattened(b"<div>" * 1_000 + held + b"</div>" * 1_000 + b"<i>x</i>")
    assert held in nest
    assert nest.endswith(b"</div><i>x</i>")


@pytest.mark.parametrize("shape", ["<div>", "<span>a", "</div>", "<!--", "<script>", "<", "<a href=", "<b></i>"])
def test_flattening_takes_linear_time(shape: str) -> None:
    start = time.process_time()
    flattened(shape.encode() * (1_000_000 // len(shape)))
    assert time.process_time() - start < 10


def test_elements_with_nothing_between_their_tags_end_one_line() -> None:
    assert flattened(b"<div>" * 1_000 + b"End").count(b"<br>") == 1


def test_a_lack_of_memory_is_not_blamed_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("cleaner.extract.parse", no_memory)
    with pytest.raises(MemoryError):
        extract("<p>A ferry.")
