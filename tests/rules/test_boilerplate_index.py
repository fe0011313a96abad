"""What spares work in looking lines up loses nothing: the look at a long line's beginning, what is remembered."""

from __future__ import annotations

import pytest

from cleaner.rules.boilerplate.index import Index
from cleaner.rules.boilerplate.keys import numbered
from cleaner.rules.boilerplate.packs import builtin_packs
from cleaner.rules.boilerplate.page import known_lines, read_page

FILLER = " und so weiter, wie es nun einmal ist"
DECORATIONS = ("", "- ", "• ", "— — — ", "**", "»\u00a0", "( ")


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(builtin_packs())


def lines(index: Index) -> list[str]:
    """Give each phrase with a bound beginning in a long line: gaps filled, numbers put in."""
    phrases = sorted({gapped.match.phrase for phrases in index.starts.values() for gapped in phrases})
    numbers = ("7", "1,204", "12 345", "3.5k")
    filled = [
        phrase.replace("#", numbers[place % len(numbers)]).replace("…", FILLER * 3)
        for place, phrase in enumerate(phrases)
    ]
    return [line if len(line) > 100 else line + FILLER * 3 for line in filled]


@pytest.mark.parametrize("decoration", DECORATIONS)
def test_a_long_line_that_matches_is_not_sorted_out_by_its_beginning(index: Index, decoration: str) -> None:
    matching = [line for line in lines(index) if index.matches(decoration + line)]
    assert len(matching) > 500
    for spelling in (str, str.upper, str.title):
        for line in (decoration + spelling(line) for line in matching):
            assert index.may_start(line) or not index.matches(line), line


def test_most_lines_of_prose_are_sorted_out(index: Index) -> None:
    beginnings = (
        "If you walk down to the harbour",
        "In the morning the ferry",
        "This is the house that",
        "- The gulls were",
    )
    rest = " came in late, because the fog lay on the water until noon, and nobody had rung the bell that day"
    assert [beginning for beginning in beginnings if index.may_start(beginning + rest)] == []


EXAMPLES = sorted({example.text for pack in builtin_packs() for example in pack.examples})


def test_a_page_reads_the_same_whatever_is_remembered(index: Index) -> None:
    for before, text in zip(EXAMPLES, EXAMPLES[1:] + EXAMPLES[:1], strict=True):
        lines = text.split("\n")
        for shorter in (text, "\n".join(lines[1:]), "\n".join(lines[::2]), f"{text}\n\n{before}"):
            afresh = read_page(shorter, index)
            known = known_lines(read_page(text, index))
            assert known
            assert read_page(shorter, index, known) == afresh


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("5 of 12,000 (3.5k) votes", "# of # # votes"),
        ("[10] : (2)", "# #"),
        ("at 10:30 ([7])", "at # # #)"),
        ("a1 2 345 6789km", "a # # #km"),
        ("\u0663 3\u00a04", "\u0663 #\u00a0 #"),
    ],
)
def test_a_number_takes_what_stands_before_it_along(folded: str, expected: str) -> None:
    assert numbered(folded) == expected
