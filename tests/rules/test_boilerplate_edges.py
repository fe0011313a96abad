"""A text whose last lines go ends as it ended: with a line end where it had one, without where it had none."""

from __future__ import annotations

import pytest

import cleaner


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("The ferry left at nine.\n\nShare on Facebook", "The ferry left at nine."),
        ("The ferry left at nine.\n\n\nShare on Facebook\n\nLeave a Comment", "The ferry left at nine."),
        ("The ferry left at nine.\nShare on Facebook\n", "The ferry left at nine.\n"),
        ("Share on Facebook\n\nLeave a Comment", ""),
    ],
)
def test_the_end_of_a_text_stays_as_it_was(text: str, clean: str) -> None:
    result = cleaner.clean(text)
    assert result.text == clean
    assert cleaner.ledger.undo(result.text, result.steps) == text
