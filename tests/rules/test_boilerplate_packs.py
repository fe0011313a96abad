"""Every pack of boilerplate rules says what it takes and what it leaves, in context, and does so."""

from __future__ import annotations

from collections import Counter

import pytest

import cleaner
from cleaner import ledger
from cleaner.config import Config
from cleaner.rules.boilerplate.packs import Example, Pack, builtin_packs

PACKS = builtin_packs()
EXAMPLES = [(pack, example) for pack in PACKS for example in pack.examples]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("pack", "example"), EXAMPLES, ids=[f"{pack.code}-{example.takes or 'nothing'}"[:60] for pack, example in EXAMPLES]
)
def test_example_loses_the_lines_that_its_pack_takes_and_no_other(pack: Pack, example: Example) -> None:
    config = Config(select=("ALL", pack.code))
    result = cleaner.clean(example.text, config=config)
    left = [line for line in lines(example.text) if line not in example.takes]
    assert lines(result.text) == left
    assert ledger.undo(result.text, result.steps) == example.text
    assert cleaner.clean(result.text, config=config).text == result.text


@pytest.mark.parametrize("pack", PACKS, ids=[pack.code for pack in PACKS])
def test_pack_shows_what_it_takes_and_what_it_leaves(pack: Pack) -> None:
    assert any(example.takes for example in pack.examples)
    assert any(not example.takes for example in pack.examples)


def test_codes_and_names_are_given_once() -> None:
    assert len({pack.code for pack in PACKS}) == len({pack.name for pack in PACKS}) == len(PACKS)


def test_there_are_phrases_in_thirty_languages_with_ten_classes_or_more_in_each() -> None:
    classes = Counter(language for pack in PACKS for language in pack.phrases if language != "any")
    assert len([language for language, count in classes.items() if count >= 10]) >= 30


def test_what_wordpress_prints_below_a_text_goes_in_languages_without_other_phrases() -> None:
    texts = {
        "hr": ("Trajekt isplovljava iz luke u šest sati ujutro i vraća se u podne, kao što to čini već godinama.",
               "Vaša adresa e-pošte neće biti objavljena."),
        "ca": ("El vaixell surt del port a les sis del matí i torna al migdia, tal com ha fet durant molts anys.",
               "L'adreça electrònica no es publicarà"),
        "et": ("Parvlaev väljub sadamast kell kuus hommikul ja tuleb tagasi keskpäeval, nagu ta on teinud aastaid.",
               "Sinu e-postiaadressi ei avaldata."),
        "de": ("Die Fähre verlässt den Hafen um sechs Uhr morgens und kommt mittags zurück, wie seit vielen Jahren.",
               "Diese E-Mail-Adresse ist vor Spambots geschützt! Zur Anzeige muss JavaScript eingeschaltet sein."),
    }  # fmt: skip
    for text, line in texts.values():
        assert cleaner.clean(f"{text}\n{line}\n").text == f"{text}\n"


@pytest.mark.parametrize("line", ["Powered by Drupal", "Edit this page", "Add to cart", "Report this content"])
def test_what_a_publishing_system_prints_stays_in_a_text_about_such_systems(line: str) -> None:
    about = (
        "Sites that run on WordPress say so at their foot, and so do those that were moved to Drupal years ago.\n"
        "The words have hardly changed since the first WordPress themes; a few of them are explained below in turn.\n"
    )
    below = "Whoever does not want it on the page can take it out of the template, which is a matter of minutes.\n"
    assert cleaner.clean(f"{about}{line}\n{below}").text == f"{about}{line}\n{below}"
    other = "The mill stands where the brook leaves the wood, and for two hundred years it ground the village's corn.\n"
    assert cleaner.clean(f"{other}{line}\n{other.replace('mill', 'barn')}").text.count(line) == 0
