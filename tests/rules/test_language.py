"""The language of a text is told once, and a text in an unwanted one is dropped."""

from __future__ import annotations

import pytest

import cleaner
from cleaner.document import Document, Drop, Tag
from cleaner.rules.language import LanguageTag

FRENCH = "Le café ouvre ses portes lundi matin, et les voisins attendent déjà devant la vitrine."


def test_language_and_score_are_tagged() -> None:
    language, score = LanguageTag()(Document("", FRENCH))
    assert language == Tag("language", "fr", code="LG101")
    assert isinstance(score, Tag)
    assert (score.key, score.code) == ("language_score", "LG101")
    assert 0.9 < float(score.value) <= 1


def test_text_in_a_wanted_language_stays() -> None:
    found = list(LanguageTag(languages=("en", "fr"))(Document("", FRENCH)))
    assert not any(isinstance(finding, Drop) for finding in found)


def test_text_in_another_language_is_dropped_with_its_language() -> None:
    *tags, drop = LanguageTag(languages=("en", "de"))(Document("", FRENCH))
    assert len(tags) == 2
    assert isinstance(drop, Drop)
    assert drop.code == "LG102"
    assert drop.message.startswith("the language is fr (")
    assert drop.message.endswith("), wanted is en, de")
    assert drop.details["language"] == "fr"


def test_text_without_a_language_is_not_wanted_either() -> None:
    *_, drop = LanguageTag(languages=("en",))(Document("", "1, 2, 3"))
    assert isinstance(drop, Drop)
    assert drop.details == {"language": "und", "language_score": 0.0}


def test_result_of_the_chain_has_the_language() -> None:
    result = cleaner.clean(FRENCH)
    assert result.language == "fr"
    assert result.dropped is None
    dropped = cleaner.clean(FRENCH, config=cleaner.Config(languages=("en",)))
    assert dropped.dropped is not None
    assert dropped.dropped.code == "LG102"
    assert dropped.language == "fr"


def test_the_backend_is_a_key_of_the_configuration_and_a_wrong_one_is_refused() -> None:
    with pytest.raises(cleaner.ConfigError, match="unknown language backend 'cld3'"):
        cleaner.Config(language_backend="cld3")
    (rule,) = cleaner.Config(select=("LG",)).pipeline().judging
    assert rule == LanguageTag(backend="langdetect")
