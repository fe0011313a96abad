"""Whole pages saved as text: what stands around the article goes, and nothing goes where there is no page."""

from __future__ import annotations

import cleaner
from cleaner.document import Edit
from cleaner.rules.boilerplate.packs import builtin_packs
from cleaner.rules.boilerplate.shape import main_stretch

PAGE_CODES = ("BP130", "BP131")


def page_examples(code: str) -> tuple[str, str]:
    """Give the page that a code's pack shows, and the text that is none."""
    pack = next(pack for pack in builtin_packs() if pack.code == code)
    page, other = pack.examples
    return page.text, other.text


def found(text: str, code: str) -> dict[str, str]:
    """Give the lines that a code takes out, with the reasons."""
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
    kept = cleaner.clean(page, config=cleaner.Config(ignore=("BP130", "BP131"))).text
    assert "Classifieds" in kept


def test_main_stretch_is_the_run_with_the_largest_sum() -> None:
    assert main_stretch([-1, 2, -1, 3, -9, 3]) == (1, 3, 4)


def test_main_stretch_of_no_text_is_empty() -> None:
    stretch = main_stretch([-1, -1])
    assert stretch.first > stretch.last


def test_an_entry_that_stands_in_the_text_again_is_of_its_table_of_contents() -> None:
    page, _ = page_examples("BP130")
    sentence = "Now the kitchen is where the stage was"
    with_contents = page.replace("Recipes\n", "Recipes\n* The kitchen\n").replace(sentence, f"The kitchen\n{sentence}")
    kept = cleaner.clean(with_contents).text.split("\n")
    assert "* The kitchen" in kept
    assert "Recipes" not in kept


def test_the_headline_below_a_list_of_links_above_the_text_stays() -> None:
    page, _ = page_examples("BP130")
    before, headline, after = page.partition("The café on the corner opens again\n")
    above = before[: before.index("Share this article")]
    kept = cleaner.clean(above + headline + after).text
    assert headline in kept
    assert "Two goats on the night ferry" not in kept
