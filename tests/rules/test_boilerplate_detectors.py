"""The table of detectors: each is a function of a case, and a further one is a function and a row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import cleaner
from cleaner.config import Config
from cleaner.rules.boilerplate import detectors, rule
from cleaner.rules.boilerplate.case import Case, Hit
from cleaner.rules.boilerplate.glued import Cut

PACK = """\
code = "XX150"
name = "harbour-notes"
why = "Notes from the harbour stand around the text."
wrong_when = "the text is one."

[[example]]
text = "The ferry left."
takes = []
"""
TEXT = """\
The ferry to the island left at noon, as it has done each day since the harbour was built in the old bay.
tide 4.1 m
The gulls were the first to know of it, and the last to leave when the lamps on the quay had been put out again.
tide 3.9 m
Share this article
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "harbour.toml").write_text(PACK, encoding="utf-8")
    return Config(packs=(str(tmp_path / "harbour.toml"),))


def with_detector(monkeypatch: pytest.MonkeyPatch, detector: Callable[[Case], None], place: int) -> None:
    table = detectors.DETECTORS
    monkeypatch.setattr(rule, "DETECTORS", (*table[:place], detector, *table[place:]))


def tides(case: Case) -> list[int]:
    return [row for row in case.stamp_rows() if case.page.texts[row].startswith("tide ")]


def test_a_further_detector_takes_rows(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def take_tides(case: Case) -> None:
        for row in tides(case):
            case.take(row, "XX150", "the height of the tide", sure=True)

    with_detector(monkeypatch, take_tides, 1)
    result = cleaner.clean(TEXT, config=config)
    assert "tide" not in result.text
    assert "the height of the tide" in {edit.message for step in result.steps for edit in step.edits}
    assert cleaner.ledger.undo(result.text, result.steps) == TEXT


def test_a_suspect_goes_with_a_neighbour_and_stays_without(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def suspect_tides(case: Case) -> None:
        for row in tides(case):
            case.hits.setdefault(row, Hit("XX150", "the height of the tide", careful=True))

    with_detector(monkeypatch, suspect_tides, 1)
    kept = cleaner.clean(TEXT, config=config).text
    assert "tide 4.1 m" in kept
    assert "tide 3.9 m" not in kept


def test_a_cut_takes_the_end_of_a_row(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_harbour(case: Case) -> None:
        for row, text in enumerate(case.page.texts):
            if text.endswith(" in the old bay."):
                case.cuts[row] = Cut(len(text) - len(" in the old bay."), "XX150", "where it is")

    with_detector(monkeypatch, cut_harbour, len(detectors.DETECTORS))
    assert "was built\n" in cleaner.clean(TEXT, config=config).text


def test_captions_are_the_text_of_a_gallery_and_go_from_an_article() -> None:
    captions = [f"A boat of the harbour with {number} lamps at its mast (Jane Doe/Reuters)" for number in range(4)]
    ferry, gulls = TEXT.split("\n")[0], TEXT.split("\n")[2]
    gallery = "\n".join([ferry, *captions]) + "\n"
    assert cleaner.clean(gallery).text == gallery
    article = "\n".join([ferry, *(f"{gulls} That was year {year}." for year in range(9)), *captions]) + "\n"
    assert "Reuters" not in cleaner.clean(article).text
    told = article.replace(" (Jane", ". (Jane")
    assert cleaner.clean(told).text == told
