"""Tables go whole or stay: what their cells say is what the table is about."""

from __future__ import annotations

import pytest

import cleaner

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


def test_what_is_no_table_with_a_head_goes_as_before() -> None:
    for links in (
        "Home | About us | Contact us | Privacy policy",
        "Home\tAbout us\tContact us\nJobs\tPress\tNews\nTerms of use\tPrivacy policy\tContact us",
    ):
        assert cleaner.clean(f"{ABOVE}\n\n{BELOW}\n\n{links}\n").text.strip() == f"{ABOVE}\n\n{BELOW}"


def test_a_table_of_which_all_goes_goes() -> None:
    table = "| Share on Facebook | Share on Twitter |\n|---|---|\n| Print this page | Share by e-mail |"
    assert "Facebook" not in cleaner.clean(f"{ABOVE}\n\n{BELOW}\n\n{table}").text
