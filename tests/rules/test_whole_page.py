"""Whole pages saved as text: what stands around the article goes, and nothing goes where there is no page."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
from real_parts import needs

import cleaner
from cleaner.document import Edit
from cleaner.rules.boilerplate.below_end import main_stretch
from cleaner.rules.boilerplate.packs import builtin_packs
from cleaner.rules.boilerplate.whole_page import facts, model, take, wording
from training.levels import level

PAGE_CODES = ("BP130", "BP131")


def page_examples(code: str) -> tuple[str, str]:
    """Return the page that a code's pack shows, and the text that is none."""
    pack = next(pack for pack in builtin_packs() if pack.code == code)
    page, other = pack.examples
    return page.text, other.text


def found(text: str, code: str) -> dict[str, str]:
    """Return the lines that a code takes out, with the reasons."""
    edits = (finding for step in cleaner.clean(text).steps for finding in step.findings if isinstance(finding, Edit))
    return {edit.old.strip(): edit.message for edit in edits if edit.code == code}


def test_lines_above_the_text_of_a_page_go_with_their_place() -> None:
    page, _ = page_examples("BP130")
    assert "lines above the text" in found(page, "BP130")["Classifieds"]


def test_lines_below_the_text_of_a_page_go() -> None:
    page, _ = page_examples("BP131")
    assert "Back issues" in found(page, "BP131")


def test_the_same_lists_around_a_text_without_phrases_stay() -> None:
    for code in PAGE_CODES:
        _, text = page_examples(code)
        assert cleaner.clean(text).text == text


def test_an_ignored_code_leaves_its_lines() -> None:
    page, _ = page_examples("BP130")
    kept = cleaner.clean(page, config=cleaner.Config(ignore=("BP130", "BP131"), line_model="off")).text
    assert "Classifieds" in kept


def test_main_stretch_is_the_run_with_the_largest_sum() -> None:
    assert main_stretch([-1, 2, -1, 3, -9, 3]) == (1, 3, 4)


def test_main_stretch_of_no_text_is_empty() -> None:
    stretch = main_stretch([-1, -1])
    assert stretch.first > stretch.last


def test_stretch_of_the_facts_is_the_same() -> None:
    assert facts.main_stretch(np.array([-1, 2, -1, 3, -9, 3])) == (1, 3)
    first, last = facts.main_stretch(np.array([-1, -1]))
    assert first > last


def test_the_headline_between_the_menu_and_the_text_stays() -> None:
    page, _ = page_examples("BP130")
    kept = cleaner.clean(page).text
    assert kept.startswith("The café on the corner opens again\nThe café on the corner opened again on Monday")
    assert "Classifieds" not in kept


def test_a_cleaned_page_is_settled() -> None:
    for code in PAGE_CODES:
        cleaned = cleaner.clean(page_examples(code)[0]).text
        assert cleaner.clean(cleaned).text == cleaned


def test_the_shipped_model_is_small_and_of_whole_numbers() -> None:
    assert model.FILE.stat().st_size <= 400_000
    shipped = model.load()
    assert len(shipped.words) == 1 << wording.BITS
    assert all(-127 <= weight <= 127 for weight in shipped.words)
    assert shipped.leaf.dtype == shipped.feature.dtype == np.int64


def test_the_shipped_model_tells_words_of_a_page_from_words_of_a_text() -> None:
    words = model.load().words
    furniture = ("Privacy policy", "Subscribe to our newsletter", "Impressum", "Политика конфиденциальности", "上一页")
    prose = ("The river rose in the night.", "Niemand wusste, warum das Haus dort stand.", "Она ничего не ответила.")
    scores = [wording.score(wording.tokens(text), words) for text in (*furniture, *prose)]
    assert min(scores[: len(furniture)]) > max(scores[len(furniture) :])


def test_training_adds_the_words_of_a_row_in_the_same_order_in_each_process() -> None:
    needs(find_spec("lightgbm") and find_spec("sklearn"), "LightGBM and scikit-learn (the extra [train])")
    from training.whole_pages import matrix

    words = matrix(["The river rose in the night, and nobody saw it."])
    assert (np.diff(words.indices) >= 0).all()


def test_scores_of_rows_do_not_depend_on_the_order_of_a_batch() -> None:
    rows = facts.Rows(
        ["Home", "The river rose in the night, and nobody saw it."] * 9, [False, True] * 9, [0] * 18, [False] * 18
    )
    known = facts.facts(rows, [0] * 18)
    scores = model.load().scores(known)
    assert model.load().scores(known[::-1]).tolist() == scores[::-1].tolist()


def test_copyright_lines_of_a_footer_make_no_documentation_of_a_page() -> None:
    page, _ = page_examples("BP130")
    holders = "© 2021 Harbour Post\n© 2022 Harbour Radio\n© 2023 Harbour Books\n"
    assert "Classifieds" not in cleaner.clean(page.replace("Privacy policy\n", f"{holders}Privacy policy\n")).text


def test_a_few_rows_between_two_that_go_need_less() -> None:
    high, low, none = take.GOES, take.BESIDE, take.BESIDE - 1
    assert take.going(judged([high, low, low, high, none, high])) == [0, 1, 2, 3, 5]
    assert take.going(judged([high, low, high], stays=1)) == [0, 2]
    assert take.going(judged([low, high, *[low] * 9, high])) == [1, 11]


def test_what_phrases_took_stays_for_a_low_score_but_not_in_a_gap_between_rows_that_go() -> None:
    low, very_low = take.STAYS - 1, -take.STAYS - 1
    assert take.staying([0, low, 0], taken=[1], goes=[]) == [1]
    assert take.staying([0, low, low, 0], taken=[1, 2], goes=[0, 3]) == []
    assert take.staying([0, low, very_low, 0], taken=[1, 2], goes=[0, 3]) == [1, 2]
    assert take.staying([low, 0, 0, low], taken=[0, 3], goes=[1, 2]) == []
    assert take.staying([take.STAYS, low, 0, low], taken=[0, 1, 3], goes=[]) == [1, 3]


def judged(scores: list[int], *, stays: int | None = None) -> take.Judged:
    """Return rows above the text with these scores, of which one goes for its own score alone."""
    number = len(scores)
    follows = [score >= take.BESIDE and row != stays for row, score in enumerate(scores)]
    return take.Judged(scores, [0] * number, [-1] * number, [1] * number, [take.GOES] * number, follows)


def test_rows_between_parts_of_the_text_and_prose_ask_for_more() -> None:
    assert take.needed(-1, 200, False) == take.GOES < take.needed(0, 200, False) == take.BETWEEN
    assert take.needed(1, 160, True) == take.GOES + 100 * take.MORE


def test_what_the_text_tells_is_its_headline_unless_it_stands_far_above() -> None:
    assert take.is_headline(-1, 3, 4, 12)
    assert not take.is_headline(-1, take.TOLD_ROWS + 1, 4, 12)
    assert not take.is_headline(-1, 3, 1, 12)


def test_the_score_at_which_rows_go_loses_its_share_of_each_source_whatever_the_scores_are() -> None:
    scores, source = np.arange(2000) / 100, np.repeat([0, 1], [1500, 500])
    for shift in (0.0, 5.0):
        gone = scores + shift > level(scores + shift, source, 0.006)
        assert gone[source == 0].sum() == 0
        assert gone[source == 1].sum() in (5, 6)  # .012 of one of two sources
