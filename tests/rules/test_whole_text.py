"""A text of which nothing, or too little, is left is dropped."""

from __future__ import annotations

import pytest

from cleaner.document import Document
from cleaner.rules.whole_text import EmptyText, TooShort


@pytest.mark.parametrize("text", ["", " \n\t\xa0\u3000\n"])
def test_text_of_white_space_is_empty(text: str) -> None:
    (drop,) = EmptyText()(Document("", text))
    assert drop.message == "no text is left"


def test_page_without_text_is_told_apart() -> None:
    (drop,) = EmptyText()(Document("", "", html="<p></p>"))
    assert drop.message == "no main text was found in the page"


@pytest.mark.parametrize("text", ["x", "…", "你"])
def test_text_with_anything_in_it_is_not_empty(text: str) -> None:
    assert not list(EmptyText()(Document("", text)))


def test_nothing_is_too_short_unless_asked() -> None:
    assert not list(TooShort()(Document("", "")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The café opens at 8.", 5),
        ("it's", 2),
        ("咖啡馆八点开门。", 7),
        ("カフェ8時", 5),
        ("สวัสดี", 4),
        ("카페는 여덟 시에 연다", 4),
        ("--- !!!", 0),
        ("snake_case", 1),
    ],
)
def test_words_are_runs_of_letters_or_characters_of_scripts_without_spaces(text: str, words: int) -> None:
    assert not list(TooShort(min_words=words)(Document("", text)))
    (drop,) = TooShort(min_words=words + 1)(Document("", text))
    assert drop.message == f"{words} word{'' if words == 1 else 's'}, wanted are at least {words + 1}"
