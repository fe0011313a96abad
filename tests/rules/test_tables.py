"""Tables go whole or stay: what their cells say is what the table is about."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import cleaner
from cleaner.rules.boilerplate.below_end import take_below_end
from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.tables import spare_tables

ABOVE = "The museum stands on the quay and shows boats that were built here, and the tools that they were built with."
BELOW = "Tickets are sold at the door as long as there are places left, and children under ten need none at all."


@pytest.mark.parametrize(
    "table",
    [
        "| Comments | Likes |\n|---|---|\n| 10 | 2 |\n| 11 | 3 |",
        "| Share | Value |\n| --- | --: |\n| Ferry | 10 |\n| Lamp | 11 |",
        "| Home | Away |\n|:---|:---|\n| Olm | 2 |\n| Brill | 3 |",
        "Next | Previous\n--- | ---\n10 | 2\n11 | 3",
        "uid | name | description\n----+------+------------\n7 | lamp | the lamp's own\n8 | ferry | the ferry's own",
        "event\tmoves\tselects\nclick\tyes\tend\tyes\ndrag\tyes\tstart or extend\tno\nwheel\ta page\tno",
        "state     first    then    unpacked\nset       yes      at once No\n"
        "half set  no       later   No\nready     never    never   Yes",
        "| Action | Key |\n|---|---|\n| Share on Facebook | F |\n| Print this page | P |\n| Lower the anchor | L |",
    ],
)
def test_rows_of_a_table_stay(table: str) -> None:
    text = f"{ABOVE}\n\n{table}\n\n{BELOW}"
    assert cleaner.clean(text).text == text


FIGURES = (
    "|  | 6 months | 6 months | 12 months |\n| Fares | 31.1 | 30.4 | 56.8 |\n| Freight | -2.3 | -3.8 | -5.1 |\n"
    "| Grants | 2.1 | 2.6 | 4.8 |\n| Ropes and tar | (0.7) | 1.5 | 2.3 |"
)


def case(rows: list[str], *gone: str) -> Case:
    """Return a text of which some rows are taken, as what a cookie panel says."""
    page = SimpleNamespace(
        texts=rows, numbers=list(range(len(rows))), prose=[len(row) > 100 and row[0] != "|" for row in rows]
    )
    found = Case(page, frozenset(), None, lambda: "en")  # type: ignore[arg-type]
    for number, row in enumerate(rows):
        if row in gone:
            found.take(number, "BP101", "a cookie panel")
    return found


def test_figures_are_put_back_without_a_head() -> None:
    rows = FIGURES.split("\n")
    found = case([ABOVE, *rows, BELOW], *rows)
    spare_tables(found)
    assert not found.taken


def test_a_table_of_words_is_not_put_back_without_a_head() -> None:
    rows = ["| Home | News |", "| Jobs | Press |", "| Terms of use | 3 |"]
    found = case([ABOVE, *rows, BELOW], *rows)
    spare_tables(found)
    assert len(found.taken) == len(rows)


@pytest.mark.parametrize(
    ("before", "rows", "behind"),
    [
        (
            "渡し船は四月から一日に二度、川を渡ることになった。それまでは氷の上を橇で手紙が運ばれている。",
            ["| 大人 | 三百円 |", "| 小学生 | 百円 |"],
            "船着き場は冬のあいだに造り直され、春の増水に合わせて一メートル半まで持ち上げることができる。",
        ),
        (
            "나룻배는 사월 첫째 주부터 하루에 두 번 강을 건넌다. 그때까지 편지는 썰매에 실려 얼음 위를 오간다.",
            ["| 어른 | 삼천 원 |", "| 어린이 | 천 원 |", "| 단체 | 이천 원 |"],
            "새 선착장은 겨우내 낙엽송과 쇠로 지어졌고, 봄에 물이 불어나면 일 미터 반까지 들어 올릴 수 있다.",
        ),
    ],
    ids=["Japanese", "Korean"],
)
def test_short_words_in_a_table_within_a_text_are_no_menu(before: str, rows: list[str], behind: str) -> None:
    text = "\n".join([before, *rows, behind])
    assert cleaner.clean(text).text == text


@pytest.mark.parametrize(("row", "goes"), [("6 months, 1 year", True), ("|  | 6 months | 1 year |", False)])
def test_no_text_ends_with_a_row_of_a_table(row: str, *, goes: bool) -> None:
    """What a cookie panel says of its cookies, a report says of its half years."""
    found = case([*[f"{ABOVE} {BELOW} {ABOVE} {BELOW}"] * 3, row, "Ropes and tar", "Freight"], row)
    take_below_end(found)
    assert (len(found.taken) == 3) is goes


def test_the_table_of_a_cookie_panel_goes() -> None:
    panel = "| Cookie | Duration | Description |\n| _ga | 1 year | Analytics |\n| _gid | 1 day | Analytics |"
    text = f"{ABOVE} {BELOW} {ABOVE}\n\n{BELOW} {ABOVE} {BELOW}\n\nWe use cookies\nAccept all cookies\n{panel}"
    assert "Duration" not in cleaner.clean(text).text


def test_what_is_no_table_with_a_head_goes_as_before() -> None:
    for links in (
        "Home | About us | Contact us | Privacy policy",
        "Home\tAbout us\tContact us\nJobs\tPress\tNews\nTerms of use\tPrivacy policy\tContact us",
    ):
        assert cleaner.clean(f"{ABOVE}\n\n{BELOW}\n\n{links}\n").text.strip() == f"{ABOVE}\n\n{BELOW}"


def test_a_table_of_which_all_goes_goes() -> None:
    table = "| Share on Facebook | Share on Twitter |\n|---|---|\n| Print this page | Share by e-mail |"
    assert "Facebook" not in cleaner.clean(f"{ABOVE}\n\n{BELOW}\n\n{table}").text
