"""Markdown of blocks: what it looks like, and that it is read as the same blocks."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_reading import plainer, read, wanted

from cleaner.extract.markdown import markdown
from cleaner.extract.page import parse
from cleaner.extract.walk import read_blocks


def of(html: str, **more: object) -> str:
    tree = parse(html)
    assert tree is not None
    page = read_blocks(tree)
    written = markdown(page, **more)  # type: ignore[arg-type]
    if not more:
        assert plainer(read(written)) == plainer(wanted(page))
    return written


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>The mill</h2><p>was sold.</p>", "## The mill\n\nwas sold.\n"),
        ("<p>a <b>b</b> <i>c</i> <s>d</s> <code>e</code></p>", "a **b** *c* ~~d~~ `e`\n"),
        ("<p><b>a <i>b</i></b> c</p>", "**a *b*** c\n"),
        ("<p><b>a <a href='/m'>b</a></b> c</p>", "**a [b](/m)** c\n"),
        ("<p><a href='/m'>a <b>b</b></a></p>", "[a **b**](/m)\n"),
        ("<p><a href='/m (1) x'>a [b]</a></p>", "[a \\[b\\]](/m%20%281%29%20x)\n"),
        ("<p><a href='javascript:go()'>a</a><a>b</a></p>", "a b\n"),
        ("<p><code>a <a href='/l'>List</a> b</code></p>", "`a `[`List`](/l)` b`\n"),
        ("<p>One<br>Two<br><br>Three</p>", "One\\\nTwo\n\nThree\n"),
        ("<h2>One<br>Two</h2>", "## One Two\n"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "- a\n- b\n  - c\n- d\n"),
        ("<ol start=9><li>a<li>b</ol>", "9. a\n10. b\n"),
        ("<ol><li>a<li value=7>b<li>c</ol>", "1. a\n7) b\n8) c\n"),
        ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b\n"),
        ("<ul><li><p>a</p><p>b</p><li>c</ul>", "- a\n\n  b\n\n- c\n"),
        ("<ul><li>a<ol start=4><li>b</ol></ul>", "- a\n\n  4. b\n"),
        ("<ul><li><ul><li>a</ul></ul>", "- - a\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote><p>c</p>", "> a\n>\n> b\n\nc\n"),
        ("<blockquote>a</blockquote><blockquote>b</blockquote>", "> a\n\n> b\n"),
        ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb\n"),
        ("<ul><li>a</ul><hr><p>b</p>", "- a\n\n---\n\nb\n"),
        ("<pre><code class=language-py>a\n\n b</code></pre>", "```py\na\n\n b\n```\n"),
        ("<pre>```\nx</pre>", "````\n```\nx\n````\n"),
        ("<ul><li><pre>a\nb</pre></ul>", "- ```\n  a\n  b\n  ```\n"),
        (
            "<table><tr><th>a<th>b<tr><td><b>1</b><td>2|3</table>",
            "| a | b |\n| --- | --- |\n| **1** | 2\\|3 |\n",
        ),
        ("<table><tr><td>a<td>1<tr><td>b<td>2</table>", "|  |  |\n| --- | --- |\n| a | 1 |\n| b | 2 |\n"),
        (
            "<table><tr><th>a<th>b<tr><td colspan=2>c<tr><td>d<td>e<td>f</table>",
            "| a | b |  |\n| --- | --- | --- |\n| c |  |  |\n| d | e | f |\n",
        ),
    ],
)
def test_blocks_are_written_as_people_write_them(html: str, expected: str) -> None:
    assert of(html) == expected


@pytest.mark.parametrize(
    "line",
    [
        "# no heading",
        "1. no item",
        "2024) no item",
        "- no item",
        "+ no item",
        "* no item",
        "> no quotation",
        "---",
        "===",
        "***",
        "_ _ _",
        "~~~",
        "```",
        "|---|:-:|",
        "[a]: b",
        "[a](b) ![c](d) [e][f] [^1]",
        "a *b* _c_ __d__ snake_case ~~e~~ `f`",
        "1 * 2 * 3 ** 4",
        "&amp; &lt; &#65; AT&T",
        "<b> <!-- c --> <a@b.org> <https://a.org> 3 < 4",
        "back\\slash \\* \\",
        "C# is not a heading #",
        "two  blanks",
        "a!",
    ],
)
@pytest.mark.parametrize("frame", ["<p>{}</p>", "<p>x<br>{}</p>", "<h2>{}</h2>", "<li>{}", "<td>a<td>{}<tr><td>b<td>c"])
def test_signs_of_text_are_no_markup(line: str, frame: str) -> None:
    escaped = line.replace("&", "&amp;").replace("<", "&lt;")
    html = frame.format(escaped)
    of(f"<table>{html}</table>" if html.startswith("<td>") else html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>He read the <i>Courier’</i>s page.</p>",
        "<p>这是<b>“重点”</b>吗？</p>",
        "<p><b>a</b><b>b</b><i>c</i></p>",
        "<p>a<b>b</b>c<i>d</i>e</p>",
        "<p><b>a<i>b</i></b><i>c</i></p>",
        "<p>!<a href=/a>b</a></p>",
        "<p><code>a</code><code>b</code></p>",
        "<p><b><code>a</code></b><code>`b`</code></p>",
        "<p>[<a href=/a>b</a>](c)</p>",
        "<p>~<s>a</s>~</p>",
        "<p><a href='/a?b=1&amp;copy;=2'>c</a></p>",
    ],
)
def test_markup_that_touches_is_read_as_the_same_text(html: str) -> None:
    of(html)


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p><a href='/x'><code>a]: b</code></a></p>", "[a\\]: b](/x)\n"),
        ("<ul><li><a href='/x'><code>a]:</code> c</a></ul>", "- [a\\]: c](/x)\n"),
        ("<p><a href='/x'><b>d</b><code>a]: b</code></a></p>", "[**d**a\\]: b](/x)\n"),
    ],
)
def test_code_in_a_link_is_not_read_as_a_definition(html: str, written: str) -> None:
    tree = parse(html)
    assert markdown(read_blocks(tree)) == written


def test_a_bracket_before_code_is_not_read_as_a_definition() -> None:
    of("<p>[<code>a]: b</code></p>")
    of("<blockquote>[x <code>]: b</code> c</blockquote>")


def test_links_are_completed_and_pictures_shown_where_asked_for() -> None:
    html = "<p>a <a href='../b'>c</a></p><figure><img src='p.png' alt='The *mill*'><figcaption>d</figcaption></figure>"
    assert of(html, url="https://mill.example/x/y", images=True) == (
        "a [c](https://mill.example/b)\n\n![The \\*mill\\*](https://mill.example/x/p.png)\n\nd\n"
    )


def test_a_nest_of_lists_stays_readable() -> None:
    written = of("<ul><li>a" * 40 + "</ul>" * 40)
    assert written.count("a") == 40


_TEXT = st.text(st.sampled_from("ab 1.)*_~`[](){}<>#+-=|\\!&;:/é“”漢"), max_size=12)
_INLINE = st.recursive(
    _TEXT.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "s", "code", "a href='/u'", "span"]), st.lists(inner, max_size=3)
    ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0].split()[0]}>"),
    max_leaves=8,
)
_LINES = st.lists(_INLINE, min_size=1, max_size=3).map("<br>".join)
_PAGE = st.recursive(
    st.tuples(st.sampled_from(["p", "h2", "div", "pre"]), _LINES).map(lambda made: f"<{made[0]}>{made[1]}</{made[0]}>"),
    lambda inner: st.tuples(
        st.sampled_from(
            [("ul", "li"), ("ol", "li"), ("blockquote", "div"), ("div", "div"), ("ol start=7", "li value=3")]
        ),
        st.lists(inner, max_size=3),
    ).map(
        lambda made: (
            f"<{made[0][0]}>"
            + "".join(f"<{made[0][1]}>{item}</{made[0][1].split()[0]}>" for item in made[1])
            + f"</{made[0][0].split()[0]}>"
        )
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@example(["<p><b><i>1</i><s>1</s></b></p>"])
@given(st.lists(_PAGE, max_size=4))
def test_any_page_is_read_as_the_same_blocks(parts: list[str]) -> None:
    of("<body>" + "".join(parts))
