"""What a report is made of: facts of a document, samples and sums, texts read back, differences, one document."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.runs import EVIL
from running import ARTICLE

from cleaner.account.facts import CONTEXT_CHARS, EXAMPLE_CHARS, EXCERPT_CHARS, GONE, NEW, Facts, facts
from cleaner.account.gather import Best, Histogram, Tally
from cleaner.config import Config
from cleaner.corpus.output import writer
from cleaner.document import Document
from cleaner.pipeline import Result
from cleaner.report.explained import explain_page
from cleaner.report.page.difference import side_by_side
from cleaner.report.page.matching import matches
from cleaner.report.page.texts import fetch_texts
from cleaner.trace import trace


def cleaned(text: str, **known: Any) -> Result:
    return Config().pipeline()(Document("a", text, **known))


def test_facts_count_the_characters_that_each_rule_took_out() -> None:
    result = cleaned(f"{ARTICLE}\n\nLeave a comment\n\nIt cost 5 â‚¬.  ")
    known = facts(result, 0.5)
    assert known.seconds == 0.5
    assert sum(chars for _, chars in known.cut) == len(result.source_text) - len(result.text)
    assert {example.code for example in known.examples} == {code for code, _ in known.cut}


def test_an_example_shows_what_went_and_what_came_in_its_place() -> None:
    known = facts(cleaned(f"{ARTICLE} It cost 5 â‚¬ at the café. {ARTICLE}"), 0)
    example = next(example for example in known.examples if example.code == "MJ101")
    assert (GONE, "â‚¬") in example.parts
    assert (NEW, "€") in example.parts
    after = "".join(text for kind, text in example.parts if kind != GONE)
    assert after.startswith("…")
    assert "ordinary Monday. It cost 5 € at the café. The harbour" in after


def test_facts_stay_small_however_long_the_text() -> None:
    known = facts(cleaned(f"{ARTICLE}\n\nLeave a comment" * 300, url="https://a.example/" + "x" * 9999), 0)
    shown = sum(len(text) for example in known.examples for _, text in example.parts)
    assert shown <= len(known.examples) * 2 * (EXAMPLE_CHARS + CONTEXT_CHARS)


def test_a_text_that_a_rule_excluded_has_an_excerpt_and_no_examples() -> None:
    known = facts(Config(languages=("fr",)).pipeline()(Document("a", f"{ARTICLE}\n\nLeave a comment" * 5)), 0)
    assert ARTICLE.startswith(known.excerpt[:50])
    assert len(known.excerpt) <= EXCERPT_CHARS
    assert known.examples == ()


@given(st.text(max_size=300))
def test_facts_of_any_text_can_be_taken(text: str) -> None:
    assert isinstance(facts(cleaned(text), 0), Facts)


def test_best_keeps_the_lowest_keys_the_earlier_of_equals_and_one_of_a_group() -> None:
    best = Best(3)
    for number, (key, group) in enumerate([(5, "a"), (3, "b"), (3, "c"), (4, "a"), (3, "d"), (1, "b"), (9, "e")]):
        best.add(key, group, number)
    assert best.items == [5, 2, 4]  # b at 1, c at 3, d at 3


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from("abcdefgh")), max_size=60), st.integers(0, 5))
def test_best_is_what_sorting_everything_gives_whatever_the_order(offers: list[tuple[int, str]], seed: int) -> None:
    random.Random(seed).shuffle(offers)
    best = Best(4)
    for key, group in offers:
        best.add(key, group, key)
    lowest: dict[str, int] = {}
    for key, group in offers:
        lowest[group] = min(key, lowest.get(group, key))
    assert best.items == sorted(lowest.values())[:4]


def test_a_tally_finds_what_is_large_among_more_names_than_it_remembers() -> None:
    tally = Tally(50)
    for n in range(10_000):
        tally.add(f"small-{n}", 1, 7)
        if n % 10 == 0:
            tally.add("large", 3, 1)
    assert tally.forgot
    assert len(tally) <= 100
    assert tally.top(1) == [("large", [3000, 1000])]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=200))
def test_the_median_of_a_histogram_is_right_to_five_per_cent(values: list[int]) -> None:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    exact = sorted(values)[(len(values) - 1) // 2]
    assert histogram.quantile(0.5) == pytest.approx(exact, rel=0.05)


@given(st.text("ab \n", max_size=80), st.text("ab \n", max_size=80))
def test_both_sides_of_a_difference_are_the_two_texts(left: str, right: str) -> None:
    rows = side_by_side(left, right)
    assert "\n".join("".join(words for _, words in row.left) for row in rows if row.left).split() == left.split()
    assert "\n".join("".join(words for _, words in row.right) for row in rows if row.right).split() == right.split()


def test_a_difference_marks_the_words_and_counts_what_is_alike() -> None:
    alike = "\n".join(f"Line {n} of the text that both have." for n in range(60))
    rows = side_by_side(f"{alike}\nThe mayor said no.", f"{alike}\nThe mayor said yes.")
    assert rows[0].alike > 1000
    assert rows[-1].left == ((False, "The mayor said "), (True, "no"), (False, "."))
    assert rows[-1].right == ((False, "The mayor said "), (True, "yes"), (False, "."))


def test_a_difference_in_chinese_is_marked_by_letters() -> None:
    (row,) = side_by_side("市長在週一說不", "市長在週二說不")
    assert row.left == ((False, "市長在週"), (True, "一"), (False, "說不"))


@pytest.mark.parametrize("space", [" ", "\n", "\n\n"], ids=["words", "lines", "paragraphs"])
def test_where_a_text_was_cut_nothing_is_marked(space: str) -> None:
    words = [f"word{number}" for number in range(900)]
    old, new = space.join(words), space.join([*words[:200], "added", *words[200:]])
    for left, right in ((old, new), (new, old), (old, new[:4_000]), (new[:4_000], old)):
        rows = side_by_side(left, right, 4_000)
        marked = [text.strip() for row in rows for differs, text in (*row.left, *row.right) if differs]
        assert marked == ["added"]
    ended = side_by_side(old, space.join(words[:300]), 4_000)
    assert [text.split()[0] for row in ended for differs, text in row.left if differs] == ["word300"]


WORDS = [
    f"{first}{second}" for first in ("ba", "ko", "mun", "sel", "tra") for second in ("ra", "lin", "vo", "sk", "dar")
]


@pytest.mark.parametrize("space", [" ", "", "\n"], ids=["one line", "no spaces", "lines"])
@pytest.mark.parametrize("length", [150, 3_000])
def test_a_few_changes_in_a_long_text_of_common_words_are_all_that_is_marked(length: int, space: str) -> None:
    draw = random.Random(length)
    common = WORDS if space else "".join(chr(0x4E00 + number) for number in range(60))
    old = draw.choices(common, k=length)
    new = [*old[:40], "CHANGED", *old[41:90], "added", *old[90:120], *old[121:]]
    rows = side_by_side(space.join(old), space.join(new))
    gone = [words.strip() for row in rows for differs, words in row.left if differs]
    come = [words.strip() for row in rows for differs, words in row.right if differs]
    assert (gone, come) == ([old[40], old[120]], ["CHANGED", "added"])
    assert length < 3_000 or sum(row.alike for row in rows) > 2_000


def test_a_phrase_that_was_replaced_is_one_difference_and_not_one_for_each_word() -> None:
    (row,) = side_by_side("It ended here, and all the other things were left out.", "It ended here, … Read more")
    assert row.left == ((False, "It ended here, "), (True, "and all the other things were left out."))
    assert row.right == ((False, "It ended here, "), (True, "… Read more"))


@given(
    st.lists(st.sampled_from("ab cd\n"), max_size=400).flatmap(
        lambda left: st.tuples(st.just(left), st.permutations(left))
    )
)
def test_matches_are_equal_and_in_order(sides: tuple[list[str], list[str]]) -> None:
    left, right = sides
    here = here_right = 0
    for place, place_right, size in matches(left, right):
        assert size
        assert place >= here
        assert place_right >= here_right
        assert left[place : place + size] == right[place_right : place_right + size]
        here, here_right = place + size, place_right + size


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.parquet"])
def test_texts_are_read_back_from_what_a_run_wrote(tmp_path: Path, name: str) -> None:
    out = writer(str(tmp_path / name))
    for n in range(300):
        out.write({"id": f'é"{n}', "text": f"text {n}"})
    out.close()
    paths = [str(tmp_path / name)]
    assert fetch_texts(paths, {'é"7', 'é"299', "none"}) == {'é"7': "text 7", 'é"299': "text 299"}
    assert fetch_texts(paths, ()) == {}


def test_a_number_as_an_id_is_found_and_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": 17, "text": "x"}), encoding="utf-8")
    assert fetch_texts([str(tmp_path), str(tmp_path / "a.jsonl")], {"17"}) == {"17": "x"}


def test_an_explained_document_tells_codes_reasons_tags_language_and_verdict() -> None:
    page = explain_page(cleaned(f"{ARTICLE}\n\nLeave a comment", title=EVIL, url="https://a.example/?<b>"))
    assert "comment-form" in page
    assert "BP103" in page
    assert "Leave a comment</del>" in page
    assert "English (en)" in page
    assert '<a href="https://a.example/?&lt;b&gt;" rel="noreferrer noopener">' in page
    assert ">kept<" in page
    assert "<script" not in page


def test_an_explained_document_that_goes_says_why() -> None:
    page = explain_page(Config(languages=("fr",)).pipeline()(Document("a", ARTICLE)))
    assert "not kept" in page
    assert "LG102" in page
    assert "Nothing was changed." in page


def test_lines_that_go_one_after_the_other_each_have_their_own_reason() -> None:
    text = f"{ARTICLE}\n\nLeave a Comment\nSubscribe to our newsletter\n© 2024 Saltmere Gazette. All rights reserved."
    result = cleaned(text)
    spans = trace(result.source_text, result.steps)
    assert "".join(span.source for span in spans) == text
    assert "".join(span.text for span in spans) == result.text
    codes = {span.source.strip(): span.codes for span in spans if span.source.strip() and span.codes}
    assert codes == {
        "Leave a Comment": ("BP103",),
        "Subscribe to our newsletter": ("BP106",),
        "© 2024 Saltmere Gazette. All rights reserved.": ("BP117",),
    }


def test_an_address_that_is_none_of_the_web_is_no_link() -> None:
    assert "<a " not in explain_page(cleaned(ARTICLE, url="javascript:alert(1)"))


@given(st.text(max_size=200))
def test_any_document_can_be_explained(text: str) -> None:
    page = explain_page(cleaned(text))
    page.encode("utf-8")
    assert page.endswith("</html>\n")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("\n" * 6000, "a\n" * 3000),
        ("ab " * 2000, "ba " * 2000),
        (".a" * 3000, ".b" * 3000),
        ("一二" * 3000, "二三" * 3000),
    ],
)
def test_a_difference_of_texts_without_end_to_their_repeats_is_quick(left: str, right: str) -> None:
    start = time.perf_counter()
    side_by_side(left, right)
    assert time.perf_counter() - start < 5
