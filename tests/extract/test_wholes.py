"""What is kept or left out together, whatever the model's scores are."""

from __future__ import annotations

import time

import numpy as np
import pytest
from growth import grows_less

from cleaner.extract.learned import explain, explain_blocks
from cleaner.extract.learned.choice import chosen
from cleaner.extract.learned.features import read
from cleaner.extract.learned.page_facts import read_page
from cleaner.extract.learned.wholes import chosen_together
from cleaner.extract.page import parse

TEXT = "<p>The wheel of the mill turns again, the miller said, and the first flour is sold on Saturday at noon.</p>"
FRIDAY = "Ground on Friday. Ground on Friday. Ground on Friday. Ground on Friday. Ground on Friday."
SUREST = ("The wheel of the mill turns again, the miller said, and all of the town had come to see it. " * 4).strip()
DOUBTFUL = "Whether the second wheel will ever turn, nobody in the council cares to say. " * 2 + "It may be in spring."
PAGE = (
    "<!doctype html><title>Mill</title><meta name=viewport content=1><nav><a href=/>Home</a></nav>"
    "<article>{}</article><footer><p>© The Mill</p></footer>"
)


def judged(html: str, scores: dict[str, int]) -> tuple[list[str], list[str]]:
    """Return the blocks that are text by their scores alone, and by wholes; those not named have 990, the ends 0."""
    tree = parse(PAGE.format(html))
    page, about = read_page(tree)
    layout, rows = read(page, about)
    texts = [block.text for block in page.blocks]
    ends = {"Home": 0, "© The Mill": 0}
    numbers = np.array([(ends | scores).get(text, 990) for text in texts])
    rows["score"] = numbers
    alone, together = chosen(numbers, rows), chosen_together(numbers, layout, rows)
    return [
        [text for text, kept in zip(texts, found, strict=True) if not kept and text not in ends]
        for found in (alone, together)
    ]


@pytest.mark.parametrize(
    ("html", "scores", "left"),
    [
        ("{}<ul><li>Two sacks of rye<li>A broom<li>One lamp</ul>{}", {"A broom": 100}, []),
        ("{}<ul><li>Two sacks of rye<li>A broom<li>One lamp</ul>",
         {"A broom": 10, "One lamp": 10, "Two sacks of rye": 800},
         ["Two sacks of rye", "A broom", "One lamp"]),
        ("{}<dl><dt>Rye<dd>from the hill<dt>Oats<dd>from the coast</dl>{}", {"Oats": 100}, []),
        ("{}<table><tr><th>Flour<th>Price<tr><td>Rye<td>3</table>{}", {"| Flour | Price |": 90}, []),
        ("{}<div><table><tr><th>Flour<th>Price<tr><td>Rye<td>3</table></div>",
         {"| Flour | Price |": 220, "| Rye | 3 |": 240}, []),
        ("{}<h2>What it costs</h2>{}", {"What it costs": 170}, []),
        ("{}<h2>What it costs</h2><ul><li>Two sacks of rye</ul>", {"What it costs": 170}, []),
        ("{}<div><h2>What it costs</h2></div>{}", {"What it costs": 170}, []),
        ("{}<div><h2>What it costs</h2>{}</div>", {"What it costs": 170, TEXT[3:-4]: 600}, []),
        ("{}<h3>Rye</h3>{}<h3>Oats</h3>{}<h3>Corn</h3>{}", {"Oats": 110}, []),
        ("{}<pre>mill --start</pre>", {"mill --start": 60}, []),
        ("{}<figure><img src=1><figcaption><h2>The wheel</h2><p>It turns again.</p></figcaption></figure>{}",
         {"It turns again.": 80}, []),
        ("{}" + "<figure><img src=1><figcaption><h3>Rye</h3>{}</figcaption></figure>" * 2,
         {"Rye": 60}, []),
        ("<div class=part>" + "{}" * 4 + "</div><div class=part><h2>Rye</h2><p>" + FRIDAY + "</p></div>",
         {"Rye": 100, FRIDAY: 240}, []),
        ("<div>" + "{}" * 4 + "</div> <div></div><div><h2>Rye</h2><p>" + FRIDAY + "</p></div>",
         {"Rye": 100, FRIDAY: 240}, []),
        ("<div><p>" + FRIDAY + "</p></div><div>" + "{}" * 4 + "</div>", {FRIDAY: 400}, []),
        ("{}<table><caption>What it costs<tr><th>Flour<th>Price<tr><td>Rye<td>3</table>",
         {"What it costs": 120}, []),
    ],
    ids=["item", "list", "term", "row", "table", "heading", "list's heading", "heading in a box", "heading within text",
         "like others", "listing", "slide", "gallery", "section", "nameless section", "likely nameless section",
         "table's caption"],
)  # fmt: skip
def test_what_belongs_together_stays_or_goes_together(html: str, scores: dict[str, int], left: list[str]) -> None:
    alone, together = judged(html.replace("{}", TEXT), scores)
    assert together == left
    assert alone != left


@pytest.mark.parametrize(
    ("html", "scores"),
    [
        ("{}<h2>More of the mill</h2><ul><li><a href=/1>The miller's cat</a></ul>",
         {"More of the mill": 170, "The miller's cat": 5}),
        ("{}<section><h2>Write to us</h2></section>{}", {"Write to us": 170}),
        ("{}<h2>Shop by flour</h2><p><a href=/1>Rye and oats</a></p>", {"Shop by flour": 550, "Rye and oats": 5}),
        ("{}<h2>The wheel</h2><figure><img src=1><figcaption>It turns again.</figcaption></figure>{}",
         {"It turns again.": 80}),
        ("{}<figure><img src=1><figcaption><h2>The wheel</h2><p>Photo</p></figcaption></figure>{}", {"Photo": 80}),
        ("{}<h2><a href=/shop>All the flour in our shop</a></h2>{}", {"All the flour in our shop": 170}),
        ("<h1>Mill</h1>{}", {"Mill": 170}),
        ("<pre>mill --start</pre>{}", {"mill --start": 60}),
        ("<ol><li><div>ida</div>{}<div>Quote</div><li><div>per</div>{}<div>Quote</div></ol>",
         {"ida": 50, "Quote": 50, "per": 50}),
        ("{}<p>Share</p><p>Send</p><table><tr><th>Flour<th>Price<tr><td>Rye<td>3</table>",
         {"Share": 0, "Send": 0, "| Flour | Price |": 220, "| Rye | 3 |": 240}),
        ("<div class=part>" + "{}" * 4 + "</div><div class=more><p>" + FRIDAY + "</p></div>",
         {FRIDAY: 240}),
        ("<div>" + "{}" * 4 + "</div><div><p>" + FRIDAY + "</p></div>",
         {FRIDAY: 240}),
        ("<div class=part>" + "{}" * 4 + "</div><div class=part><p>" + FRIDAY + "</p></div>",
         {FRIDAY: 140}),
        ("<div>" + "{}" * 4 + "</div><div><h2>Rye</h2><p>" + FRIDAY + "</p><p>By Ida Renlund</p></div>",
         {"Rye": 100, FRIDAY: 290, "By Ida Renlund": 290}),
        ("<div>" + "{}" * 4 + "</div><div><p>Ida Renlund</p></div><div><h2>Rye</h2><p>" + FRIDAY + "</p></div>",
         {"Rye": 100, FRIDAY: 290, "Ida Renlund": 90}),
        ("{}<table><caption>What it costs<tr><th>Flour<th>Price<tr><td>Rye<td>3</table>",
         {"What it costs": 60}),
    ],
    ids=["heads nothing kept", "another section", "of links", "heading above a figure", "no sentence", "link",
         "headline", "above the text", "posts", "not behind text", "section of another name", "of none",
         "hardly a section", "nameless section with a credit", "not beside", "no caption"],
)  # fmt: skip
def test_what_does_not_belong_to_the_text_stays_out(html: str, scores: dict[str, int]) -> None:
    _, together = judged(html.replace("{}", TEXT), scores)
    assert set(together) == set(scores)


@pytest.mark.parametrize(
    ("line", "behind", "stays"),
    [("More of the mill:", "<p><a href=/1>The miller's cat</a>", False),
     ("More of the mill：", "<p><a href=/1>The miller's cat</a>", False),
     ("More of the mill", "<p><a href=/1>The miller's cat</a>", True),
     ("More of the mill:", "<p>The miller's cat", True),
     ("More of the mill:", f"{TEXT}<p><a href=/1>The miller's cat</a>", True),
     ("The miller said of it, long after, when the wheel had turned for a year and the whole town had come to see it: ",
      "<p><a href=/1>The miller's cat</a>", True)],
    ids=["colon", "wide colon", "no colon", "no link", "within the text", "long"],
)  # fmt: skip
def test_a_last_line_that_announces_links_goes_with_them(line: str, behind: str, stays: bool) -> None:
    _, together = judged(f"{TEXT}<p>{line}</p>{behind}", {"The miller's cat": 5})
    assert together == ([] if stays else [line]) + ["The miller's cat"]


@pytest.mark.parametrize(
    ("labels", "text", "score", "links", "stay"),
    [(300, 650, 420, 1, False), (300, 650, 560, 1, True), (300, 590, 420, 1, True), (300, 650, 420, 0, True),
     (9, 650, 420, 1, True)],
    ids=["doubtful", "likely", "no text beside", "no links", "few"],
)  # fmt: skip
def test_a_doubtful_list_of_links_stays_out_however_long_it_is(
    labels: int, text: int, score: int, links: int, stay: bool
) -> None:
    names = [f"Flour number {number}" for number in range(labels)]
    items = "".join(f"<li><a href=/{name}>{name}</a>" if links else f"<li>{name}" for name in names)
    _, together = judged(f"{TEXT}<ul>{items}</ul>", {TEXT[3:-4]: text} | dict.fromkeys(names, score))
    assert together == ([] if stay else names)


@pytest.mark.parametrize(
    ("part", "begins"),
    [("<table><tr><th>Flour<th>Price<tr><td>Rye<td>3</table>", "|"),
     ("<div class=part><p>Ground on Friday, sold on Saturday at noon, and baked by all on Sunday.</div>", "Ground")],
    ids=["tables", "sections"],
)  # fmt: skip
def test_time_is_linear_in_the_number_of_parts(part: str, begins: str) -> None:

    def seconds(parts: int) -> float:
        tree = parse(PAGE.format(f"<div class=part>{TEXT * 4}</div>" + part * parts))
        page, about = read_page(tree)
        layout, rows = read(page, about)
        rows["score"] = np.where(np.array([block.text.startswith(begins) for block in page.blocks]), 240, 990)
        start = time.process_time()
        chosen_together(rows["score"], layout, rows)
        return max(time.process_time() - start, 0.005)

    assert grows_less(40, seconds, 500, 8_000)


@pytest.mark.parametrize(
    ("surest", "other", "left"),
    [
        (970, 500, ["Doubtful"]),
        (970, 560, []),
        (900, 500, []),
        (450, 300, []),
        (310, 240, []),
        (290, 160, ["Doubtful", "Surest"]),
    ],
)
def test_how_likely_a_block_must_be_goes_by_the_surest_of_the_page(surest: int, other: int, left: list[str]) -> None:
    # In containers of their own, so that none stays for the other's sake.
    html = f"<div><p>Surest</p></div><div><p>Doubtful</p></div>{'<p>Filling</p>' * 9}"
    html = html.replace("Surest", SUREST).replace("Doubtful", DOUBTFUL)
    alone, _ = judged(html, {SUREST: surest, DOUBTFUL: other, "Filling": 0})
    told = {SUREST: "Surest", DOUBTFUL: "Doubtful"}
    assert sorted({told[text] for text in alone if text in told}) == left


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (f"{TEXT}<p>{{}}</p>", []),
        (f"<p>{{}}</p>{TEXT}", []),
        (f"{TEXT}<div><p>{{}}</p></div>", [True]),
        (f"{TEXT}<p>{{}}<a href=/1>Mill</a></p>", [True]),
    ],
    ids=["behind", "before", "in another container", "with a link"],
)
def test_doubtful_prose_stays_beside_what_is_sure(html: str, left: list[bool]) -> None:
    page = html.format(DOUBTFUL)
    scores = {DOUBTFUL: 400, f"{DOUBTFUL} Mill": 400, f"{DOUBTFUL}Mill": 400}
    assert [True for text in judged(page, scores)[0] if text.startswith(DOUBTFUL)] == left


def test_page_without_text_has_none() -> None:
    _, together = judged("<h2>Rye</h2><pre>mill</pre>", {"Rye": 0, "mill": 60})
    assert together == ["Rye", "mill"]


def test_explanation_says_what_a_block_belongs_to(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = parse(PAGE.format(TEXT))
    page, about = read_page(tree)
    before = explain_blocks(page, about)
    monkeypatch.setattr(explain, "chosen", lambda scores, rows: np.zeros(len(scores), np.int64))
    for block, alone in zip(explain_blocks(page, about), before, strict=True):
        assert ("the list, table or section it belongs to" in block.reasons) == alone.kept
        assert "the list, table or section it belongs to" not in alone.reasons


def test_first_verdict_on_a_block_is_no_fact_of_the_blocks_beside_it() -> None:
    assert not any("score" in names for _, names in explain._members(("score", "score-1", "size")))
    assert ("the blocks beside it", ["score-1"]) in explain._members(("score", "score-1", "size"))
