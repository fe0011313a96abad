"""The walk over a page: which blocks it finds, and their text as a browser shows it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from growth import grows_less

from cleaner.extract.block import Page
from cleaner.extract.markdown import markdown
from cleaner.extract.page import _LONG_TAG_BYTES, _has_long_tag, parse
from cleaner.extract.plain import plain
from cleaner.extract.walk import read_blocks


def walk(html: str) -> Page:
    tree = parse(html)
    assert tree is not None
    return read_blocks(tree)


def text(html: str) -> str:
    return plain(walk(html))


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>The mill\n   was <b>sold</b>\ton Friday.</p>", ["The mill was sold on Friday."]),
        ("<p>un<b>friend</b>ly</p>", ["unfriendly"]),
        ("<p>Sold<span> at </span>noon</p>", ["Sold at noon"]),
        ("<div>Loose text<p>a paragraph</p>and a tail</div>", ["Loose text", "a paragraph", "and a tail"]),
        ("<aside>Beside</aside><footer>Below</footer>", ["Beside", "Below"]),
        ("<form>In a form<p>More of it</p></form>", ["In a form", "More of it"]),
        ("<figure>In a figure<figcaption>The mill</figcaption></figure>", ["In a figure", "The mill"]),
        ("<p>One<br>Two<br/><br/>Three</p>", ["One", "Two", "Three"]),
        ("<div>\n     From a source\n     with blanks.</div>", ["From a source with blanks."]),
        ("<p>It left on <time datetime='2025-01-02'>2 January</time> at noon.</p>", ["It left on 2 January at noon."]),
        ("<p>Nobody knows <s>who</s> how many.</p>", ["Nobody knows who how many."]),
        ("<a href='/a'>News</a><a href='/b'>Sport</a>", ["News Sport"]),
        ("<div><span class='by'>Ann Miller</span><span class='on'>2 May</span></div>", ["Ann Miller 2 May"]),
        ("<p><span class='cap'>T</span><span class='rest'>he mill</span></p>", ["The mill"]),
        ("<p>He said <q>never</q>.</p>", ["He said “never”."]),
        ("<p>He said <q>“never”</q>.</p>", ["He said “never”."]),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", ["漢字"]),
        ("<p>broken â\x85\x93 stays</p>", ["broken â\x85\x93 stays"]),
        ("<p>&nbsp;</p><p>\u200b</p><p>Seen</p>", ["Seen"]),
        ("<my-card><h2>Head</h2><p>Body</p></my-card>", ["Head", "Body"]),
        ("<p>The <x-term>shaft</x-term> broke.</p>", ["The shaft broke."]),
        ("<p>Happy <img class='emoji' alt='🙂' src='x.png'> day</p>", ["Happy 🙂 day"]),
        ("<p>Before<textarea>typed</textarea><select><option>1</select>after</p>", ["Beforeafter"]),
    ],
)
def test_lines_are_those_that_a_browser_shows(html: str, lines: list[str]) -> None:
    assert text(html).split("\n") == lines


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<h3><button>What does it cost?</button></h3><p>Four crowns.</p>", ["What does it cost?", "Four crowns."]),
        ("<div role='button'>May I bring a dog?</div><p>Yes.</p>", ["May I bring a dog?", "Yes."]),
        ("<details><summary>When?</summary>At noon.</details>", ["When?", "At noon."]),
        ("<p>The <button>shaft</button> broke.</p>", ["The shaft broke."]),
        ("<div><button>Copy</button><button>Share</button></div>", ["Copy", "Share"]),
    ],
)
def test_questions_stand_in_buttons(html: str, lines: list[str]) -> None:
    assert text(html).split("\n") == lines


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<ul><li>Tea<li>Milk</ul>", ["- Tea", "- Milk"]),
        ("<ol><li>Boil<li>Pour</ol>", ["1. Boil", "2. Pour"]),
        ("<ol start=4><li>Boil<li value=9>Pour<li>Drink</ol>", ["4. Boil", "9. Pour", "10. Drink"]),
        ("<ol reversed><li>Boil<li>Pour<li>Drink</ol>", ["3. Boil", "2. Pour", "1. Drink"]),
        ("<ol type=a start=26><li>Boil<li>Pour</ol>", ["z. Boil", "aa. Pour"]),
        ("<ol type=I start=9><li>Boil<li>Pour</ol>", ["IX. Boil", "X. Pour"]),
        ("<ol start=x><li value='2 3'>Boil</ol>", ["1. Boil"]),
        ("<ul><li>Tea<ul><li>Green<li>Black</ul><li>Milk</ul>", ["- Tea", "  - Green", "  - Black", "- Milk"]),
        ("<ul><li><p>Tea</p><p>is a drink</p></ul>", ["- Tea", "is a drink"]),
        ("<ol><li>Boil<ul><li>well</ul><li>Pour</ol>", ["1. Boil", "  - well", "2. Pour"]),
        ("<li>Stray", ["- Stray"]),
        ("<dl><dt>level<dd>Height in metres.</dl>", ["level", "Height in metres."]),
    ],
)
def test_items_of_lists_have_their_markers(html: str, lines: list[str]) -> None:
    assert text(html).split("\n") == lines


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        (
            "<table><tr><th>Day<th>Trips<tr><td>Monday<td>6.00</table>",
            ["| Day | Trips |", "|---|---|", "| Monday | 6.00 |"],
        ),
        ("<table><tr><td>Aldorf<td>12<tr><td>Bruck<td>14</table>", ["| Aldorf | 12 |", "| Bruck | 14 |"]),
        (
            "<table><tr><th>Day<th>Trips<tr><td>Sunday<td><ul><li>9.00<li>15.00</ul></table>",
            ["| Day | Trips |", "|---|---|", "| Sunday | 9.00 15.00 |"],
        ),
        (
            "<table><caption>Prices</caption><tr><td colspan=2>In crowns<tr><td>a|b<td>1<br>2<tr><td><td></table>",
            ["Prices", "In crowns", r"| a\|b | 1 2 |"],
        ),
        (
            "<table><tr><td>Menu<td><p>" + "A long column of the page. " * 30 + "</table>",
            ["Menu", *["A long column of the page. " * 30]],
        ),
        ("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>", ["a", "b", "c", "d"]),
        ("<table><tr><td><table><tr><td>a<td>1<tr><td>b<td>2</table></table>", ["| a | 1 |", "| b | 2 |"]),
        ("<table><tr><td>one<tr><td>two</table>", ["one", "two"]),
        (
            "<table><tr><td>Name<td>Town<td>Age<tr><td>Ida<td>Olm<td>44</table>",
            ["| Name | Town | Age |", "| Ida | Olm | 44 |"],
        ),
        ("<table><tr><td><a href=/a>A</a><td>B<td>C<tr><td>D<td>E<td>F</table>", ["A", "B", "C", "D", "E", "F"]),
        ("<table><tr><td>1\n2\n3<td><pre>a\nb</pre></table>", ["1 2 3", "a", "b"]),
    ],
)
def test_tables_of_data_stay_rows(html: str, lines: list[str]) -> None:
    assert text(html).split("\n") == [line.strip() for line in lines]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<pre>\ndef lamp():\n    return 1\n\n</pre>", ["def lamp():", "    return 1"]),
        ("<pre><code>def lamp():<br>    return 1</code></pre>", ["def lamp():", "    return 1"]),
        ("<pre><div>def lamp():</div><div>    return 1</div></pre>", ["def lamp():", "    return 1"]),
        ("<pre><span class=line>a = 1</span><span class=line>b = 2</span></pre>", ["a = 1", "b = 2"]),
        ("<pre><code>a = 1</code><code>b = 2</code></pre>", ["a = 1", "b = 2"]),
        ("<pre><ol><li>a = 1</li><li>  b = 2</li></ol></pre>", ["a = 1", "  b = 2"]),
        ("<pre><b>a</b><i>b</i> = 1</pre>", ["ab = 1"]),
        ("<pre><span class=linenos>1</span>a\n<span class=linenos>2</span>b</pre>", ["a", "b"]),
        ("<table><tr><td class=gutter><pre>1\n2</pre><td><pre>a\nb</pre></table>", ["a", "b"]),
        ("<table><tr><td><pre>1\n2\n3</pre><td><pre>a\nb\nc</pre></table>", ["a", "b", "c"]),
        ("<pre><span class='line'>12 apples</span></pre>", ["12 apples"]),
        (
            "<table><tr><td class=blob-num data-line-number=1><td class=blob-code>a:\n<tr><td class=blob-num>2<td>  b"
            "<tr><td class=blob-num>3<td>\n<tr><td class=blob-num>4<td>c</table>",
            ["a:", "  b", "", "c"],
        ),
        (
            "<table><tr><td class=gutter><div>1</div><div>2</div><div>3</div><td><div class=container>\n"
            "<div>a:</div>\n<div><code>&nbsp;&nbsp;</code><code>b</code></div><div>c</div></div></table>",
            ["a:", "  b", "c"],
        ),
        ("<table><tr><td class=gutter><td>a<tr><td class=gutter>&nbsp;<td>b</table>", ["a", "b"]),
        ("<table><tr><td>1<td>Olm<tr><td>2<td>Tarn</table>", ["| 1 | Olm |", "| 2 | Tarn |"]),
        ("<pre>for lamp in lamps:<br>&nbsp;&nbsp;light(lamp)</pre>", ["for lamp in lamps:", "  light(lamp)"]),
    ],
)
def test_listings_keep_their_lines_and_lose_the_numbers(html: str, lines: list[str]) -> None:
    assert text(html).split("\n") == lines


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<pre><code class='language-python'>a</code></pre>", "python"),
        ("<div class='highlight-c++ notranslate'><div class=highlight><pre>a</pre></div></div>", "c++"),
        ("<pre class='brush: js; toolbar: false'>a</pre>", "js"),
        ("<pre class=highlight>a</pre>", ""),
        ("<pre><code class='language-none'>a</code></pre>", ""),
    ],
)
def test_a_listing_knows_its_language(html: str, expected: str) -> None:
    assert [block.language for block in walk(html).blocks] == [expected]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>sold in 1998<sup><a href='#n3'>3</a></sup> to Olm</p>", "sold in 1998 to Olm"),
        ("<p>sold in 1998<sup id=r3>[3]</sup> to Olm</p>", "sold in 1998 to Olm"),
        ("<p>sold in 1998<a href='#fn3'><sup>3</sup></a> to Olm</p>", "sold in 1998 to Olm"),
        ("<p>sold.<sup>3</sup> Then</p>", "sold. Then"),
        ("<p>sold<a class=footnote-ref href='#fn:1'>1</a> then</p>", "sold then"),
        ("<p>sold <a class='reference' href='#id1'>[3]</a> then</p>", "sold then"),
        ("<p>see <a class='reference internal' href='#how'>How it works</a>.</p>", "see How it works."),
        ("<p>see <a class='reference external' href='https://a.org/'>a.org</a>.</p>", "see a.org."),
        ("<p>a <a class=reference href='lib.html#int'><code>int</code></a> or</p>", "a int or"),
        ("<p>see <a class=reference href='#r'>[Olm, 1998]</a> for it</p>", "see [Olm, 1998] for it"),
        ("<p>buy <a class=noprint href='/shop'>the book</a> now</p>", "buy the book now"),
        ("<p>seat of the office.<sup class='noprint'>[<i>citation needed</i>]</sup> It</p>", "seat of the office. It"),
        ("<p>10<sup>5</sup> cells on 3 m<sup>2</sup></p>", "10⁵ cells on 3 m²"),
        ("<p>the 4<sup>th</sup> of May</p>", "the 4th of May"),
        ("<p>H<sub>2</sub>O</p>", "H2O"),
        ("<h2>History<span class=mw-editsection>[<a href='/e'>edit</a>]</span></h2>", "History"),
        ("<h2>History <small>[<a href='/e'>edit</a> | <a href='/s'>edit source</a>]</small></h2>", "History"),
        ("<h2>歴史[<a href='/e'>編集</a>]</h2>", "歴史"),
        ("<h2>[<a href='/e'>History</a>]</h2>", "[History]"),
        ("<h2><a href='/b'>The book</a> [<a href='/p'>PDF</a>, 3 MB]</h2>", "The book [PDF, 3 MB]"),
        ("<p>History [<a href='/e'>edit</a>]</p>", "History [edit]"),
        ("<h2>How<a class=headerlink href='#how'>¶</a></h2>", "How"),
        ("<h2 id=how>How <a href='#how'>permalink</a></h2>", "How"),
        ("<h2>How<a href='#top'>Back to top</a></h2>", "How"),
        ("<h2 id=how><a href='#how'>How</a></h2>", "How"),
        ("<h2 id=how>How (<a href='#how'>again</a>)</h2>", "How (again)"),
        ("<h2 id=how>How to <a href='#row'>row</a></h2>", "How to row"),
        ("<h2><a href='#how'>#</a> How</h2>", "How"),
        ("<h2><a href='#how'>How it works</a></h2>", "How it works"),
        ("<p>A note. <a href='#r1'>↩</a></p>", "A note."),
        ("<p>Paragraph § 5 of the law</p>", "Paragraph § 5 of the law"),
    ],
)
def test_marks_that_are_no_words_are_left_out(html: str, expected: str) -> None:
    assert text(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>as <math><mi>h</mi><mo>=</mo> <mi>a</mi></math> says</p>", "as h=a says"),
        ("<p>as <math alttext='h=a t'><mi>h</mi></math> says</p>", "as h=a t says"),
        (
            "<p>as <math><mi>h</mi><!-- x --><mo>=</mo> <mfrac><mi>M</mi><mi>r</mi></mfrac></math> says</p>",
            "as h=M/r says",
        ),
        (
            "<p>as <math><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><msqrt><mi>b</mi></msqrt></mfrac></math>"
            " says</p>",
            "as (a+1)/√(b) says",
        ),
        ("<p>as <math><msup><mi>e</mi><mrow><mi>k</mi><mi>t</mi></mrow></msup></math> says</p>", "as e^kt says"),
        ("<p>as <math><msub><mi>x</mi><mn>1</mn></msub></math> says</p>", "as x_1 says"),
        ("<h2>What it costs<button title='Copy'>Copy link</button></h2>", "What it costs"),
        ("<h2>運転<button>リンクをコピー</button></h2>", "運転"),
        ("<h2>質問<button>料金はいくらですか？</button></h2>", "質問料金はいくらですか？"),
        ("<h2><button>What does it cost?</button></h2>", "What does it cost?"),
        ("<p>as <img class=latex alt='\\frac{h}{t}' src=a.png> says</p>", "as \\frac{h}{t} says"),
        (
            "<p>as <math><semantics><mi>h</mi><annotation encoding='application/x-tex'>h^2</annotation></semantics>"
            "</math></p>",
            "as h^2",
        ),
        (
            "<p>as <span style='display: none'><math alttext='{\\displaystyle h}'><mi>h</mi></math></span>"
            "<img alt='h'> says</p>",
            "as h says",
        ),
        (
            "<p>as <span class=katex><span class=katex-mathml><math><mi>h</mi></math></span>"
            "<span class=katex-html aria-hidden=true>hh</span></span> says</p>",
            "as h says",
        ),
        ("<p>as <span class=MathJax>hh</span><script type='math/tex'>h=1</script> says</p>", "as h=1 says"),
    ],
)
def test_formulas_are_read(html: str, expected: str) -> None:
    assert text(html) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden>Unfolds later</div>",
        "<div style='color: red; display : none'>Unfolds later</div>",
        "<nav aria-hidden=true><ul><li>Unfolds later</ul></nav>",
        "<noscript>Unfolds later</noscript>",
        "<span class='icon sr-only'>Unfolds later</span>",
        "<span class='ds-sr-only'>Unfolds later</span>",
        "<span class='m u-visually-hidden n'>Unfolds later</span>",
        "<span class='is-srOnly'>Unfolds later</span>",
        "<h2 class='Footer_sr-only__6_vb9'>Unfolds later</h2>",
        "<p class='sharing-screen-reader-text'>Unfolds later</p>",
        "<template>Unfolds later</template>",
        "<script>Unfolds('later')</script>",
    ],
)
def test_what_the_page_hides_is_left_out(hidden: str) -> None:
    assert text(f"<p>Seen by all readers.</p>{hidden}<p>Seen, too.</p>") == "Seen by all readers.\nSeen, too."


@pytest.mark.parametrize(
    "names", ["sm:not-sr-only", "no-sr-only", "un-visually-hidden", "has-sr-only-links", "srhonly"]
)
def test_classes_that_only_sound_like_those_for_screen_readers_hide_nothing(names: str) -> None:
    assert text(f"<p>Seen.</p><p class='{names}'>Seen, too.</p>") == "Seen.\nSeen, too."


def test_what_is_hidden_until_a_search_finds_it_is_kept() -> None:
    assert text("<p>Seen</p><p hidden=until-found>Folded</p>") == "Seen\nFolded"


def test_a_page_that_is_hidden_as_a_whole_is_read() -> None:
    page = walk("<div>Loading</div><div style='display:none'><p>The mill was sold on Friday.</p></div>")
    assert [(block.text, block.hidden) for block in page.blocks] == [
        ("Loading", False),
        ("The mill was sold on Friday.", True),
    ]


def test_a_block_knows_its_container_and_those_around_it() -> None:
    page = walk("<main class='m n' id=x><section><p>One</p></section><h2>Two</h2></main>")
    one, two = page.blocks
    assert [page.tags[node] for node in page.ancestors(one.node)] == ["p", "section", "main", "body"]
    assert (two.kind, two.level) == ("heading", 2)
    assert page.names[page.parents[two.node]] == "m n x"
    assert page.tags[one.node] == "p"
    assert all(parent < node for node, parent in enumerate(page.parents))


def test_a_block_counts_links_and_bold_type() -> None:
    page = walk("<p>See <a class=k href='/a'>the <b>mill</b></a> and <b>more</b>.</p>")
    (block,) = page.blocks
    assert (block.link_chars, block.links, block.bold_chars, block.names) == (7, 1, 8, ("k",))


def test_markup_that_crosses_blocks_is_in_each_of_them() -> None:
    page = walk("<a href='/a'><h2>Head</h2><p>Lead</p></a>")
    marks = [[(mark.kind, mark.value) for mark in block.inline.marks] for block in page.blocks]
    assert marks == [[("link", "/a")], [("link", "/a")]]
    assert [block.link_chars for block in page.blocks] == [4, 4]


def test_a_page_without_a_body_or_text_has_no_blocks() -> None:
    assert walk("<html><head><title>Mill</title></head></html>").blocks == []
    assert walk("<!-- nothing --><p></p>").blocks == []


def test_a_nest_is_read_to_its_ground() -> None:
    for tag in ("div", "span", "b", "blockquote", "my-tag"):
        assert text(f"<{tag}>" * 1500 + "ground" + f"</{tag}>" * 1500) == "ground"


def test_a_tag_of_very_many_attributes_takes_no_time() -> None:
    for attribute in (" a{}=1", " a{}", " a{}='x y'"):
        attributes = "".join(attribute.format(number) for number in range(100_000))
        start = time.process_time()
        page = walk(f"<p class=k{attributes}>High water</p><p>at noon</p>")
        assert time.process_time() - start < 5
        assert [block.text for block in page.blocks] == ["High water", "at noon"]
        assert page.names[page.blocks[0].node] == "k"


def test_a_long_tag_of_few_attributes_stays_whole() -> None:
    page = walk(f"<p class=k data-all='{'a b ' * 50 + 'c=' * 4000}' id=i>High water</p>")
    assert page.names[page.blocks[0].node] == "k i"


def test_a_long_tag_is_seen_wherever_it_stands() -> None:
    for before in range(0, 2 * _LONG_TAG_BYTES, 97):
        assert _has_long_tag(b"<b>" + b"a" * before + b"</b><p " + b"a " * _LONG_TAG_BYTES)
        assert not _has_long_tag(b"<b>" + b"a" * before + b"</b><p " + b"a " * (_LONG_TAG_BYTES // 4) + b">")


@pytest.mark.parametrize(
    "shape",
    [
        lambda size: "<article>text " * size,
        lambda size: ("<p>" + "<span>a" * 200 + "</span>" * 200) * (size // 100),
        lambda size: "<table>" + "<tr><td>one<td>two" * size + "</table>",
        lambda size: "<table><tr><td>text" * size,
        lambda size: "<p>" + "word " * size,
        lambda size: "<p>" + "<a href=/a>a</a> " * size,
        lambda size: "<p>a" * size,
        lambda size: "<ol>" + "<li>item" * size,
        lambda size: "a<br>" * size,
        lambda size: "<pre>" + "<span class=line>x = 1</span>" * size,
        lambda size: "<p>a" + "<sup>1<a href=#>" * size,
        lambda size: "<x-y> <z-z>" * size,
    ],
)
def test_time_is_linear_in_the_size_of_the_page(shape: Callable[[int], str]) -> None:
    def seconds(size: int) -> float:
        html = shape(size)
        start = time.process_time()
        page = walk(html)
        plain(page)
        markdown(page)
        return max(time.process_time() - start, 0.01)

    seconds(100)
    assert grows_less(40, seconds, 1_000, 16_000)
