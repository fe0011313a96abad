"""Texts in two languages: the part of each, what is wanted of it, and the paragraphs that are foreign."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import cleaner
from cleaner.cli import main
from cleaner.document import Note
from cleaner.language import read
from cleaner.language.evidence import counted
from cleaner.language.foreign import is_ahead
from cleaner.language.mixture import tell

FRENCH = "\n\n".join(
    (
        "Le café du vieux pont ouvre ses portes lundi matin, et les voisins attendent déjà devant la vitrine.",
        "La patronne a choisi des chaises bleues et un comptoir en bois clair qui vient d'une ancienne gare.",
        "Elle servira du pain chaud dès six heures, de la soupe à midi et des gâteaux aux pommes tout l'après-midi.",
    )
)
ENGLISH = "\n\n".join(
    (
        "The ferry left the harbour at nine in the morning, and nobody on the quay knew when it would come back.",
        "Its captain had ordered new ropes and a brass bell, which a smith in the next valley had cast in winter.",
    )
)
RUSSIAN = (
    "Паром отошёл от причала в девять утра, и никто на берегу не знал, когда он вернётся обратно в гавань.\n\n"
    "Капитан заказал новые канаты и медный колокол, который зимой отлил кузнец из соседней долины."
)
NORWEGIAN_DANISH = (
    "Fergen forlot havnen klokken ni om morgenen, og ingen på kaien visste når den skulle komme tilbake igjen.\n\n"
    "Færgen forlod havnen klokken ni om morgenen, og ingen på kajen vidste, hvornår den skulle komme tilbage igen."
)


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, RUSSIAN, NORWEGIAN_DANISH, "Café", ""])
def test_a_text_in_one_language_has_that_alone_and_its_record_no_more(text: str) -> None:
    result = cleaner.clean(text, html=False)
    assert result.languages == {result.language: 1.0}
    assert "languages" not in result.to_dict()
    assert not any("languages" in str(step) for step in result.steps)


def test_a_name_or_a_quoted_line_is_no_second_language() -> None:
    quoting = FRENCH + "\n\nIl aime « The Old Man and the Sea » de Hemingway."
    assert cleaner.clean(quoting, html=False).languages == {"fr": 1.0}


@pytest.mark.parametrize(("other", "language"), [(ENGLISH, "en"), (RUSSIAN, "ru")])
def test_the_parts_of_two_languages(other: str, language: str) -> None:
    result = cleaner.clean(FRENCH + "\n\n" + other, html=False)
    assert result.language == "fr"
    assert list(result.languages) == ["fr", language]
    assert result.languages["fr"] == pytest.approx(len(FRENCH) / len(FRENCH + other), abs=0.03)
    assert result.to_dict()["languages"][1] == {"language": language, "share": result.languages[language]}


def test_min_share_says_how_much_has_to_be_wanted() -> None:
    text = FRENCH + "\n\n" + ENGLISH

    def dropped(languages: tuple[str, ...], min_share: float) -> cleaner.Drop | None:
        return cleaner.clean(text, html=False, config=cleaner.Config(languages=languages, min_share=min_share)).dropped

    assert dropped(("fr",), 0) is None
    assert dropped(("en",), 0) is not None
    assert dropped(("en",), 0.3) is None
    assert dropped(("fr", "en"), 0.99) is None
    drop = dropped(("fr",), 0.8)
    assert drop is not None
    assert (drop.code, drop.message) == ("LG102", "0.60 of the text is in fr, wanted is at least 0.8")
    assert cleaner.clean(FRENCH, html=False, config=cleaner.Config(languages=("fr",), min_share=1.0)).dropped is None


def test_the_command_takes_the_share(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    records = [{"id": "both", "text": FRENCH + "\n\n" + ENGLISH}, {"id": "one", "text": FRENCH}]
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    command = ["clean", str(source), "-o", str(out), "--language", "fr"]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["both", "one"]
    assert CliRunner().invoke(main, [*command, "--min-share", "0.8"]).exit_code == 0
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["one"]


def test_foreign_paragraphs_are_told_where_asked_for() -> None:
    text = FRENCH + "\n\n" + ENGLISH.split("\n")[0] + "\n\nOK"
    asked = cleaner.Config(extend_select=("LG103",))
    (note,) = [
        finding
        for step in cleaner.clean(text, html=False, config=asked).steps
        for finding in step.findings
        if isinstance(finding, Note)
    ]
    assert (note.start, note.text, note.message) == (
        len(FRENCH) + 2,
        ENGLISH.split("\n")[0],
        "this paragraph is in en, the text in fr",
    )
    assert "LG103" not in cleaner.Config().codes()
    assert "LG103" not in cleaner.Config(select=("LG",)).codes()
    assert "LG103" in cleaner.Config(select=("LG", "foreign-paragraph")).codes()


def test_check_tells_them(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(FRENCH + "\n\n" + ENGLISH.split("\n")[0] + "\n", encoding="utf-8")
    assert "LG103" not in CliRunner().invoke(main, ["check", "--isolated", str(path)]).output
    found = CliRunner().invoke(main, ["check", "--isolated", "--extend-select", "LG103", str(path)])
    assert found.exit_code == 1
    assert ":7:1: LG103 foreign-paragraph: this paragraph is in en" in found.output


def test_blank_lines_of_any_length_take_no_time() -> None:
    text = FRENCH + "\n" + " " * 100_000 + ("\n" + FRENCH) * 200 + ("\n" + ENGLISH) * 200
    start = time.process_time()
    assert list(tell(text).shares) == ["fr", "en"]
    assert time.process_time() - start < 5


def test_lines_of_a_million_characters_have_their_parts_too() -> None:
    french, english = " ".join(FRENCH.split()) + " ", " ".join(ENGLISH.split()) + " "
    text = french * (1_000_000 // len(french)) + "\n" + english * (1_000_000 // len(english))
    assert tell(text).shares == {"en": 0.5, "fr": 0.5}


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, RUSSIAN, FRENCH + "\n\n" + ENGLISH])
def test_counting_in_parts_adds_up_to_the_same(text: str) -> None:
    reading = read(text)
    assert reading.counted is not None
    assert len(reading.counted.parts) in (7, 8)
    whole = counted(reading.sample, reading.counted.languages)
    assert reading.counted.parts.sum(axis=0, keepdims=True).tolist() == whole.parts.tolist()


def test_a_language_is_ahead_of_another_by_no_less_than_is_asked() -> None:
    evidence = np.array([(5, 7, 2, 3), (100_000, 7, 114_999, 0)], np.uint32)
    for told in (evidence, evidence[1]):
        assert [is_ahead(told, 0, by) for by in (14_999, 15_000)] == [True, False]
        assert is_ahead(told, 3, 114_999)
    assert is_ahead(evidence, 2, 5)
    assert not is_ahead(evidence[1], 2, 1)


def test_a_part_that_tells_little_is_in_the_language_of_surer_parts() -> None:
    listed = "Programme: 1. Overture, 2. Songs of the harbour, 3. Dance (all ages)"
    english = f"{ENGLISH}\n{listed}"
    text = f"{FRENCH}\n{english}"
    assert tell(text).shares["en"] == pytest.approx(len(english) / len(text), abs=0.02)
