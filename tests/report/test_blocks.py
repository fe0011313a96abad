"""The blocks of a page in `explain`: a menu on one line, prose by itself, and how likely each is text."""

from __future__ import annotations

from cleaner.extract.learned.explain import Explained
from cleaner.report.blocks import grouped, told

MENU = [Explained(text, False, "navigation", score, ("its links",)) for text, score in (("Home", 2), ("News", 31))]
PROSE = Explained("The ferry sails again on Monday, said the harbour office.", True, "paragraph", 987, ())
TEASER = Explained("Twelve gardeners have agreed on one height of their hedges. " * 2, False, "navigation", 310, ())


def test_neighbours_of_a_class_stand_together() -> None:
    assert list(grouped([*MENU, PROSE, PROSE, *MENU, TEASER])) == [MENU, [PROSE], [PROSE], MENU, [TEASER]]


def test_a_class_without_end_is_cut() -> None:
    assert [len(group) for group in grouped(MENU[:1] * 90)] == [40, 40, 10]


def test_how_likely_the_blocks_are_text_is_told() -> None:
    assert told(MENU) == "0 % to 3 % likely text: its links"
    assert told([PROSE]) == "99 % likely text"


def test_what_decided_against_the_score_of_a_block_is_told_as_such() -> None:
    stated = Explained("2 cups of rye", True, "item", 12, ("what the page states as its recipe", "its links"))
    assert told([stated]) == "1 % likely text, but what the page states as its recipe, its links"
    notice = Explained("Sign in to read on.", False, "notice", 960, ("asks for a login",))
    assert told([notice]) == "96 % likely text, but asks for a login"
