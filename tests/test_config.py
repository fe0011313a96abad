"""Configuration: known keys, selection of rules, and errors that say what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import ARTICLE

from cleaner.config import Config
from cleaner.config_file import find_config, load_config
from cleaner.errors import ConfigError


def written(folder: Path, text: str, name: str = "cleaner.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("treshold = 0.8", "cleaner.toml: unknown key 'treshold'; did you mean 'threshold'?"),
        ("threshold = 0.05", "threshold is a similarity from 0.1 to 1, not 0.05"),
        ("threshold = 1.5", "threshold is a similarity from 0.1 to 1, not 1.5"),
        ('threshold = "high"', "threshold is a number, not 'high'"),
        ('languages = "fr"', "languages is a list of strings, not 'fr'"),
        ('select = ["cookie-baner"]', "no rule is called 'cookie-baner'; did you mean 'cookie-banner'?"),
        ('ignore = ["XY"]', "no rule is called 'XY'"),
        ("[rules.repeated-headlin]\nmax_chars = 3", "did you mean 'repeated-headline'?"),
        ("[rules.repeated-headline]\nmax_char = 3", "unknown option 'max_char'; did you mean 'max_chars'?"),
        ('[rules.repeated-headline]\nmax_chars = "x"', "max_chars is a whole number, not 'x'"),
        ("min_words = -1", "min_words is a number from 0, not -1"),
        ("[rules.too-short]\nmin_words = 50", "set min_words at the top"),
        ('[rules.language]\nlanguages = ["fr"]', "set languages at the top"),
        ('[rules.language]\nbackend = "fasttext"', "set language_backend at the top"),
        ('[rules.boilerplate]\npacks = ["my.toml"]', "set packs at the top"),
        ('[rules.boilerplate]\nenabled = ["BP101"]', "set select at the top"),
        ("[rules.site-line]\nlines = 3", "set site_lines at the top"),
        ('language_backend = "cld3"', "unknown language backend 'cld3'; known are langdetect, fasttext"),
        ('languages = ["english"]', "langdetect knows no language 'english'; known are af, am, ar"),
        ('languages = ["en-GB"]', "langdetect knows no language 'en-gb'; did you mean 'en'?"),
        ('languages = ["fr", "xx"]', "langdetect knows no language 'xx'"),
        ('keep = "longst"', "not 'longst'; did you mean 'longest'?"),
        ("this is no toml", "cleaner.toml: "),
    ],
)
def test_mistakes_are_refused_with_file_key_and_the_nearest_known(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_table_in_pyproject_is_read(tmp_path: Path) -> None:
    text = "[project]\nname = 'x'\n[tool.cleaner]\nmin_words = 7\nignore = ['BP']\n"
    config = load_config(written(tmp_path, text, "pyproject.toml"))
    assert (config.min_words, config.ignore) == (7, ("BP",))


def test_the_nearest_configuration_is_found_upwards(tmp_path: Path) -> None:
    path = written(tmp_path, "min_words = 3")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    project = written(below, "[project]\nname = 'x'\n[tool.cleanerbot]\nspeed = 1\n", "pyproject.toml")
    assert find_config(below) == path
    project.write_text("[tool.cleaner.rules.byline]\n", encoding="utf-8")
    assert find_config(below) == project


def test_rules_are_selected_by_code_prefix_and_name() -> None:
    mojibake = Config(select=("MJ",)).codes()
    assert mojibake == {code for code in Config().codes() if code.startswith("MJ")}
    assert mojibake >= {"MJ101", "MJ102", "MJ103"}
    assert Config(select=("HL101", "cookie-banner")).codes() == {"HL101", "BP101"}
    everything = Config().codes()
    assert Config(ignore=("ND", "cookie-banner")).codes() == everything - {"ND101", "ND102", "BP101"}
    assert Config(select=("ALL",)).codes() == everything


def test_only_selected_codes_of_a_rule_that_knows_several_count() -> None:
    import cleaner

    text = "cafÃ© noir\ntea &amp; milk\nwa\x00ter"
    assert cleaner.clean(text, config=Config(select=("MJ103",))).text == "cafÃ© noir\ntea & milk\nwa\x00ter"
    assert cleaner.clean(text, config=Config(select=("MJ",))).text == "café noir\ntea & milk\nwater"


def test_an_option_of_a_rule_reaches_it() -> None:
    import cleaner

    text = f"The harbour of Saltmere\n\nThe harbour of Saltmere\n\n{ARTICLE}"
    short = Config(select=("HL",), rules={"repeated-headline": {"max_chars": 10}})
    assert cleaner.clean(text, config=short).text == text
    assert cleaner.clean(text, config=Config(select=("HL",))).text.count("The harbour of Saltmere\n") == 1


def test_unwanted_languages_are_dropped() -> None:
    import cleaner

    result = cleaner.clean("Die Fähren blieben bis zum Mittag an ihren Piers.", config=Config(languages=("fr", "en")))
    assert result.dropped is not None
    assert (result.dropped.code, result.language) == ("LG102", "de")


def test_short_texts_are_dropped_only_where_asked() -> None:
    import cleaner

    assert cleaner.clean("Three short words").dropped is None
    dropped = cleaner.clean("Three short words", config=Config(min_words=4)).dropped
    assert dropped is not None
    assert dropped.code == "TX102"


def test_a_field_of_another_type_is_refused_by_its_name() -> None:
    for field, value in {
        "threshold": "0.7",
        "min_words": 2.5,
        "select": "BP",
        "keep": 3,
        "rules": [],
        "packs": [1],
    }.items():
        with pytest.raises(ConfigError, match=f"^{field} is a"):
            Config(**{field: value})  # type: ignore[arg-type]


def test_languages_are_named_in_either_case() -> None:
    assert Config(languages=("EN", "und")).languages == ("en", "und")


def test_a_field_is_a_keep_policy_where_its_name_is_no_misspelt_one() -> None:
    assert [Config(keep=name).keep for name in ("length", "score", "newness")] == ["length", "score", "newness"]
