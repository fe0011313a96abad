"""What sites put below a text, in fifty languages: such a line alone goes, and within a sentence its words stay."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cleaner import clean
from cleaner.rules.boilerplate.phrases import speaks

SAID = tomllib.loads(Path(__file__).with_name("lines_below.toml").read_text("utf-8"))
TEXTS = {
    language: (said["article"].strip().split("\n"), said["lines"].strip().split("\n"))
    for language, said in SAID.items()
}
KEPT = {language: said["kept"].strip().split("\n") for language, said in SAID.items() if "kept" in said}


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


@pytest.mark.parametrize("language", KEPT)
def test_an_ordinary_line_with_its_words_stays(language: str) -> None:
    article, _ = TEXTS[language]
    placed = [[*article[:at], line, *article[at:]] for line in KEPT[language] for at in (0, 1, len(article))]
    assert [text for text in placed if left(text) != "\n\n".join(text)] == []


def test_a_phrase_counts_in_a_close_language() -> None:
    assert speaks("hr", "bs")
    assert not speaks("hr", "sl")
