"""A headline stands once, and a title that has a field of its own does not stand in the text again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.cases import Case, assert_laws, cases

from cleaner import ledger
from cleaner.document import Document
from cleaner.rules.headlines import RepeatedHeadline, TitleInText, _one_in_another

LEAD = "The café, which its owners had planned for years, opened its doors on Monday, in time for the street fair."
TITLE = "Café opens its doors in SoHo"


@pytest.mark.parametrize("case", cases("HL101"), ids=lambda case: case.name)
def test_case_of_repeated_headline(case: Case) -> None:
    assert_laws(case, "HL101")


def without_title(text: str, title: str | None, **fields: object) -> str:
    document = Document("a", text, title=title, **fields)  # type: ignore[arg-type]
    edits = list(TitleInText()(document))
    cleaned = ledger.apply(text, edits)
    assert list(TitleInText()(Document("a", cleaned, title=title, **fields))) == []  # type: ignore[arg-type]
    return cleaned


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (TITLE, TITLE),
        ("CAFE OPENS ITS DOORS IN SOHO", TITLE),
        ("# Café opens its doors in SoHo", TITLE),
        ("The town’s “bell” – a story", 'The town\'s "bell" - a story'),
        (TITLE, f"{TITLE} | The Daily Bean"),
        (TITLE, f"The Daily Bean: News » {TITLE}"),
        (f"{TITLE} - The Daily Bean", TITLE),
        (f"Home » World » {TITLE}", TITLE),
        ("老钟楼再次敲响了", "老钟楼再次敲响了_小镇新闻网".replace("_", " | ")),
    ],
)
def test_the_title_as_first_line_goes(line: str, title: str) -> None:
    assert without_title(f"{line}\n{LEAD}\n", title) == f"{LEAD}\n"
    assert without_title(f"{line}\n\n{LEAD}\n", title) == f"\n{LEAD}\n"


def test_the_title_above_a_byline_goes_and_the_byline_stays() -> None:
    assert without_title(f"{TITLE}\nBy Ann Example\n{LEAD}\n", TITLE) == f"By Ann Example\n{LEAD}\n"


def test_the_title_below_a_kicker_goes() -> None:
    assert without_title(f"CITY LIFE\n{TITLE}\n{LEAD}", TITLE) == f"CITY LIFE\n{LEAD}"


def test_the_title_in_its_place_twice_goes_twice() -> None:
    assert without_title(f"{TITLE}\n3 May\n{TITLE}\n{LEAD}\n", TITLE) == f"3 May\n{LEAD}\n"


def test_the_site_is_known_by_its_address_and_its_name() -> None:
    for fields in ({"url": "https://www.daily-bean.example/a"}, {"metadata": {"sitename": "Daily Bean"}}):
        assert without_title(f"{TITLE} – daily bean\n{LEAD}", TITLE, **fields) == LEAD


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"{TITLE}\n{LEAD}\n", None),  # plain text keeps its headline
        (f"{TITLE}\n{LEAD}\n", ""),
        (f"{TITLE} after nine years of planning and a flood.\n{LEAD}\n", TITLE),
        ("Every year again\ncomes the child of spring\n", "Every year again"),  # the first verse
        (TITLE, TITLE),  # nothing else would be left
        (f"{TITLE}\n", TITLE),
        (f"SoHo\n{LEAD}\n", TITLE),  # a part of the title alone
        (f"Berlin\n{LEAD}\n", "Berlin – a guide for those who have seen it all"),
        (f"{LEAD}\n{LEAD}\n", "!!!"),
        (f"| {TITLE} | 7.00 |\n| Ferry | 9.00 |\n", "Ferry"),
        (f"{LEAD}\n" * 14 + TITLE + f"\n{LEAD}", TITLE),  # far from the head
    ],
)
def test_the_text_is_left_alone(text: str, title: str | None) -> None:
    assert without_title(text, title) == text


@given(
    st.lists(
        st.sampled_from(["", TITLE, f"Home » {TITLE}", f"{TITLE} | Bean", LEAD, "Oui.", "par", "a\u2028b"]), max_size=16
    ),
    st.sampled_from([None, TITLE, f"{TITLE} | Bean"]),
)
def test_what_a_rule_leaves_it_leaves_alone(lines: list[str], title: str | None) -> None:
    for rule in (RepeatedHeadline(), TitleInText()):
        text = "\n".join(lines)
        edits = list(rule(Document("a", text, title=title)))
        cleaned = ledger.apply(text, edits)
        assert ledger.apply(cleaned, ledger.inverse(edits)) == text
        assert list(rule(Document("a", cleaned, title=title))) == []
        assert bool(cleaned.strip()) == bool(text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "\n" * 1_000_000,
        " » " * 300_000,
        f"{TITLE}\n" * 40_000,
        "a | " * 60 + "\n" + "b\n" * 300_000,
        f"{TITLE} after nine long years\n{LEAD}\n" + f"{TITLE} after nine long years\n" * 40_000,
    ],
    ids=["one line", "blank lines", "separators", "equal lines", "bars", "equal lines around prose"],
)
def test_a_megabyte_without_sense_costs_no_time(text: str) -> None:
    start = time.process_time()
    for rule in (RepeatedHeadline(), TitleInText()):
        list(rule(Document("a", text, title=TITLE)))
    assert time.process_time() - start < 3.0, "half a second where time grows with the length, minutes with its square"


def test_the_cases_have_more_that_stays_than_rules_that_take() -> None:
    kinds = [case.kind for case in cases("HL101")]
    assert kinds.count("negative") >= 15
    assert (Path(__file__).parents[1] / "cases" / "HL101.toml").stat().st_size > 0


def test_a_title_of_one_word_stays_in_the_text() -> None:
    document = Document("a", f"Lighthouses\n{LEAD}\n", title="Lighthouses")
    assert list(TitleInText()(document)) == []


@given(st.lists(st.text("ab", max_size=4), max_size=5))
def test_keys_that_are_parts_of_each_other_are_found_in_their_order(keys: list[str]) -> None:
    pairs = ((one, other) for place, one in enumerate(keys) for other in keys[:place] + keys[place + 1 :])
    assert _one_in_another(keys) == any(one.startswith(other) or one.endswith(other) for one, other in pairs)
