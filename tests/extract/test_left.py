"""What is left of a page's blocks after the rules, as Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import ledger
from cleaner.document import Edit, Step
from cleaner.extract.left import left
from cleaner.extract.markdown import markdown, render
from cleaner.extract.page import parse
from cleaner.extract.plain import plain
from cleaner.extract.walk import read_blocks

PAGE = """<h1>The mill</h1><p>It was <b>sold on Friday</b>, said <a href='/m'>the mayor</a>. Read more</p>
<ul><li>One item<li>Share this</ul><p>A verse<br>Advertisement<br>goes on</p>
<pre>a = 1\nb = 2</pre><table><tr><th>Day<th>Trips<tr><td><b>Mon|day</b><td>6 Uhr
<tr><td>Sunday<td>7</table><p>End</p>"""


def after(*edits: tuple[str, str]) -> str:
    tree = parse(PAGE)
    assert tree is not None
    page = read_blocks(tree)
    text = plain(page)
    steps = []
    for old, new in edits:
        steps.append(Step("X", (Edit(text.index(old), old, new, "x"),)))
        text = ledger.apply(text, steps[-1].edits)
    assert text.startswith("The mill")
    return render(page, left(page, page.blocks, text, steps))


def test_without_edits_nothing_changes() -> None:
    tree = parse(PAGE)
    assert tree is not None
    assert after() == markdown(read_blocks(tree))


@pytest.mark.parametrize(
    ("old", "new", "gone", "there"),
    [
        (" Read more", "", "Read more", "It was **sold on Friday**, said [the mayor](/m).\n"),
        ("It was sold ", "", "It was", "**on Friday**, said [the mayor](/m). Read more\n"),
        ("Friday", "Mönday", "Friday", "It was **sold on Mönday**, said [the mayor](/m)."),
        ("\n- Share this", "", "Share", "- One item\n\nA verse"),
        ("- One item\n", "", "One item", "\n\n- Share this\n\n"),
        ("Advertisement\n", "", "Advertisement", "A verse\\\ngoes on\n"),
        ("\nb = 2", "", "b = 2", "```\na = 1\n```\n"),
        ("a = 1\nb = 2\n", "", "```", "goes on\n\n| Day | Trips |\n"),
        ("| Sunday | 7 |\n", "", "Sunday", "| **Mon\\|day** | 6 Uhr |\n\nEnd\n"),
        ("6 Uhr", "6 o'clock", "Uhr", "| 6 o'clock |"),
        ("\nEnd", "", "End", "| Sunday | 7 |\n"),
    ],
)
def test_a_line_that_goes_is_gone(old: str, new: str, gone: str, there: str) -> None:
    written = after((old, new))
    assert gone not in written
    assert there in written


def test_edits_one_after_the_other_add_up() -> None:
    written = after((" Read more", ""), ("It was ", "She was "), ("sold", "bought"), ("\nEnd", ""))
    assert "She was **bought on Friday**, said [the mayor](/m).\n" in written


@given(st.data())
def test_any_edits_leave_the_words_that_they_leave(data: st.DataObject) -> None:
    tree = parse(PAGE)
    assert tree is not None
    page = read_blocks(tree)
    text, steps = plain(page), []
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(text)))
        old = text[start : start + data.draw(st.integers(0, 30))]
        steps.append(Step("X", (Edit(start, old, data.draw(st.sampled_from(["", " ", "zz"])), "x"),)))
        text = ledger.apply(text, steps[-1].edits)
    for block in left(page, page.blocks, text, steps):
        for part in (block.text, *(cell for cell, _ in block.cells)):
            assert block.block.kind == "row" or part in text
        for mark in block.marks:
            assert 0 <= mark.start < mark.end <= len(block.text)
    render(page, left(page, page.blocks, text, steps))
