"""What sites put below a text, in twenty languages: such a line alone goes, and within a sentence its words stay."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cleaner import clean

TEXTS = {
    language: (said["article"].strip().split("\n"), said["lines"].strip().split("\n"))
    for language, said in tomllib.loads(Path(__file__).with_name("lines_below.toml").read_text("utf-8")).items()
}


def left(paragraphs: list[str]) -> str:
    """Give what is left of the paragraphs, each set off by a blank line."""
    return clean("\n\n".join(paragraphs)).text


@pytest.mark.parametrize("language", TEXTS)
def test_a_line_below_the_text_goes(language: str) -> None:
    article, lines = TEXTS[language]
    assert [line for line in lines if left([*article, line]) != "\n\n".join(article)] == []


@pytest.mark.parametrize("language", TEXTS)
def test_a_paragraph_that_has_its_words_stays(language: str) -> None:
    (first, second, third), lines = TEXTS[language]
    told = [[first, f"{second[:-1]}: “{line.strip(' .!?:')}”.", third, second] for line in lines]
    assert [text[1] for text in told if left(text) != "\n\n".join(text)] == []
