"""What is right is not taken for broken: a letter at the end of its word, and the mark behind it."""

from __future__ import annotations

from pathlib import Path

import justext
import pytest

import cleaner
from cleaner.document import Edit, Note

LETTERS = cleaner.Config(select=("MJ",))
# What can stand right behind a word, and some that can hardly.
MARKS = "»”“’‘›®™©°ªº½¼¾²³¹…\xa0 .,!?;:)—–€£§%·•¶†‡×"
# Word lists of Wikipedias, the frequent words first, which jusText comes with.
LISTS = sorted((Path(justext.__file__).parent / "stoplists").glob("*.txt"))


def cleaned(text: str) -> str:
    return cleaner.clean(text, html=False, config=LETTERS).text


def notes(text: str) -> list[Note]:
    steps = cleaner.clean(text, html=False, config=LETTERS).steps
    return [finding for step in steps for finding in step.findings if isinstance(finding, Note)]


def test_no_word_of_a_hundred_languages_is_broken_by_the_mark_behind_it() -> None:
    lines = []
    for path in LISTS:
        words = path.read_text(encoding="utf-8").split()
        beyond = [word for word in words if not word.isascii()][:12]
        lines += [
            f"{opened}{form}{mark} {word} {words[0]}"
            for word in beyond
            for form in (word.upper(), word.title(), word)
            for mark in MARKS
            for opened in ("«", "“", "")
        ]
    assert len(lines) > 200_000
    got = cleaned("\n".join(lines)).split("\n")
    assert [(line, out) for line, out in zip(lines, got, strict=True) if line != out] == []


@pytest.mark.parametrize(
    "text",
    [
        "Li ontem a revista «AMANHÃ» e gostei dela, disse a professora.",
        "A REVISTA “AMANHÃ” SAIU ONTEM.",
        "Bài thơ “ĐÃ” rất hay.",
        "Bài thơ ”ĐÃ” rất hay.",
        "»A MANHÓ. A MANHÃ™ é uma marca do jornal de São Paulo.",
        "MAÇÃ®, a marca da canção",
        "Die Zeitschrift „CAFÉ“ und das Lied „Là“",
        "«КРЕСС» и «ТЕАТР»",
        "Mae «â» yn golygu gyda.",
        "O preço subiu de manhã\xa0– disse ele – e a MANHÃ\xa0TARDOU.",
    ],
)
def test_right_text_stays(text: str) -> None:
    assert cleaned(text) == text
    assert notes(text) == []


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("La CITTÃ€ ETERNA", "La CITTÀ ETERNA"),
        ("IL PERÃ™ È LONTANO, dice la guida.", "IL PERÙ È LONTANO, dice la guida."),
        ("OÃ¹ est la gare, demande le voyageur.", "Où est la gare, demande le voyageur."),
        ("Â© 2021 The Harbour Office", "© 2021 The Harbour Office"),
        ("It was 25 Â°C in the harbour, Â» said the master.", "It was 25 °C in the harbour, » said the master."),
        ("Â«A MANHÃƒÂ» e a canÃ§Ã£o", "«A MANHÃ» e a canção"),
    ],
)
def test_broken_text_is_mended(text: str, want: str) -> None:
    assert cleaned(text) == want


@pytest.mark.parametrize("text", ["SJÅ²", "PÅ‡", "MÅ°", "ZEKÂ—", "ZEKÂ»", "SÃ€", "PARKĀ¸", "PARKĀ¸ Pieņemsim Latvijā"])
def test_a_word_by_itself_stays_and_so_does_one_that_would_get_a_control_character(text: str) -> None:
    assert cleaned(text) == text


def test_doubtful_place_is_told_and_stays() -> None:
    text = "XANTÃ™ 17 QB 31"
    assert cleaned(text) == text
    (note,) = notes(text)
    assert (note.start, note.text, note.code) == (4, "Ã™", "MJ104")
    assert "may be 'Ù'" in note.message


def test_broken_neighbours_tell_of_a_doubtful_place() -> None:
    assert cleaned("XANTÃ™ 17 QB 31 cafÃ© thÃ©") == "XANTÙ 17 QB 31 café thé"


def test_many_doubtful_places_take_linear_time() -> None:
    text = "«XANTÃ» é XANTÃ™ " * 20_000
    found = [f for f in cleaner.clean(text, html=False, config=LETTERS).steps[0].findings if isinstance(f, Edit | Note)]
    assert len(found) > 1_000


@pytest.mark.parametrize(
    ("text", "clean_text"),
    [
        ("Die dorp by die hawe was toe nog klein, en DIÉ»alle mense het daar gewoon.", None),
        ("Els mariners no van tornar mai més al poble, i AIXÍ°d'aquesta manera es va perdre el vaixell.", None),
        ("Båten gikk fra havna klokka ni, og folk sto PÅ»finn kaien og så at den forsvant.", None),
        ("Mice that carry IL2RÎ³cKO sustain the life cycle of the parasite.", "IL2RγcKO"),
    ],
)
def test_capitals_with_a_mark_right_before_another_word(text: str, clean_text: str | None) -> None:
    found = cleaner.clean(text, config=cleaner.Config(select=("MJ",))).text
    assert clean_text in found if clean_text else found == text
