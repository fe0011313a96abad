"""Long lines are sorted out by their beginnings before they are folded: none may be lost that has a phrase."""

from __future__ import annotations

import pytest

from cleaner.rules.boilerplate.index import Index
from cleaner.rules.boilerplate.packs import builtin_packs

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
