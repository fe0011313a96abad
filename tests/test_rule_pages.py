"""The rule reference is what the rules say of themselves, and has a page for each."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner

from cleaner.cli import main
from cleaner.rules import catalog

REFERENCE = Path(__file__).parents[1] / "docs" / "rules.md"


def told(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["rule", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_reference_is_what_the_rules_say_today() -> None:
    reference = REFERENCE.read_text(encoding="utf-8")
    assert reference == told("--all"), "cleaner rule --all > docs/rules.md"


def test_every_rule_has_a_page_and_every_link_to_one_leads_there() -> None:
    reference = REFERENCE.read_text(encoding="utf-8")
    pages = re.findall(r"^### `(\w+)` (.+)$", reference, re.MULTILINE)
    assert sorted(pages) == sorted((info.code, info.name) for info in catalog())
    # As GitHub makes them: lower case, hyphens for spaces, no backticks.
    anchors = {f"{code} {name}".lower().replace(" ", "-") for code, name in pages}
    assert set(re.findall(r"\]\(#([^)]+)\)", reference)) == anchors


def test_json_tells_all_of_every_rule() -> None:
    rows = {row["code"]: row for row in json.loads(told("--all", "--output-format", "json"))}
    assert list(rows) == [info.code for info in catalog()]
    assert rows["MJ101"]["fix"] == "safe"
    assert rows["BP103"]["fix"] == "unsafe"
    assert rows["ND102"]["fix"] == ""
    for code, row in rows.items():
        assert row["name"], code
        assert row["summary"], code
        if not code.startswith("RD"):  # what cannot be read has no reason but itself
            assert row["why"], code
            assert row["wrong_when"], code


def test_a_page_tells_what_goes_what_stays_and_how_to_turn_it_off() -> None:
    page = told("BP103")
    for part in ("comment-form", "Wrong when", "Goes", "Stays", "--ignore BP103"):
        assert part in page
    assert told("comment-form") == page
    assert "Why" in told("MJ101")


def test_a_rule_that_does_not_exist_is_refused_with_the_nearest() -> None:
    result = CliRunner().invoke(main, ["rule", "comment-frm"])
    assert result.exit_code == 2
    assert "did you mean 'comment-form'" in result.output
