"""Letters that are lost are told, each at its place, and nothing is changed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from click.testing import CliRunner

import cleaner
from cleaner.cli import main
from cleaner.document import Document, Note
from cleaner.rules import lost_letters


def notes(text: str) -> list[Note]:
    result = cleaner.clean(text, html=False)
    assert result.text == text
    return [finding for step in result.steps for finding in step.findings if isinstance(finding, Note)]


def test_replacement_characters_are_told() -> None:
    found = notes("K\ufffdnig Ludwig ging ins Caf\ufffd\ufffd und bestellte Torte.")
    assert [(note.start, note.text, note.code) for note in found] == [
        (1, "\ufffd", "MJ106"),
        (25, "\ufffd\ufffd", "MJ106"),
    ]


def test_question_marks_in_words_are_told_where_there_are_several() -> None:
    found = notes("Die M?nchner trinken in sch?nen Gasthöfen.")
    assert [note.start for note in found] == [5, 27]


@pytest.mark.parametrize(
    ("text", "places"),
    [("He said they don?t sail on the captain?s birthday.", [16, 38]), ("Le mus?e dans la for?t ouvre.", [6, 20])],
)
def test_one_letter_may_stand_behind_what_is_lost(text: str, places: list[int]) -> None:
    assert [note.start for note in notes(text)] == places


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("?????? ???? ????? ? ??????????? ?? ???????.", "?????? ???? ????? ? ??????????? ?? ???????"),
        ("The title was «???????, ??? ????», and no more.", "???????, ??? ????"),
        ("???????,????????.???", "???????,????????.???"),
    ],
)
def test_words_without_a_letter_in_a_row_are_one_place(text: str, found: str) -> None:
    assert [(note.start, note.text) for note in notes(text)] == [(text.index("?"), found)]


def test_each_line_that_has_lost_its_words_counts_for_the_gate(tmp_path: Path) -> None:
    source, out = tmp_path / "in.txt", tmp_path / "out.jsonl"
    source.write_text("?????? ???? ?????.\nThe harbour was quiet.\n???? ????????, ?? ???????.\n", encoding="utf-8")
    for most, code in ((1, 1), (2, 0)):
        done = CliRunner().invoke(main, ["clean", str(source), "-o", str(out), "--max-lost", str(most), "--quiet"])
        assert done.exit_code == code


@pytest.mark.parametrize(
    "text",
    [
        "See Item 279. ?? ?? ?? ??",
        "Pourquoi ??? Pourquoi ??? ... ????? !!! ???",
        "What??? ????? He said ????? and left.",
        "a ?? b ?? c, and x???, ?? ???",
        "Who?me said the sailor, and went home.",
        "See page?id=1 and https://example.org/find?query=boats or list?all=yes.",
        "Why? Because the harbour is closed? No.",
        "Ο φάρος; Ναι.",
    ],
)
def test_other_question_marks_are_not(text: str) -> None:
    assert notes(text) == []


def test_quick_look_finds_what_the_pattern_finds() -> None:
    draw = random.Random(7)
    for _ in range(300):
        text = "".join(draw.choices(["a", "é", "bc", "?", " ", ".", '"', "1", "я", "\n"], k=60))
        wanted = [found.start() + found.group().index("?") for found in lost_letters._ASKED.finditer(text)]
        found = [note.start for note in lost_letters.LostLetters()(Document("", text)) if note.text == "?"]
        assert found == (wanted if len(wanted) > 1 else []), text
