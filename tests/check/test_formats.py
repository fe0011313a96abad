"""Each format is read back by what reads it: editors, GitHub, programs, services that take SARIF."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from checking import MOJIBAKE, STORY, Said, said
from real_parts import needs

TEXT = f"{STORY}\n\U0001f389 {MOJIBAKE} opens.  \n\nLeave a Comment\n"


@pytest.fixture
def files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of files with findings, one of them under a name that means something to each format."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    (folder / "a, b:100%é.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    (folder / "c.jsonl").write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    (folder / "d.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    return folder


def in_format(name: str, *arguments: str) -> Said:
    return said("--ignore", "ND", "--output-format", name, *arguments, ".")


def test_concise_is_a_line_a_finding_that_editors_understand(files: Path) -> None:
    result = in_format("concise")
    assert result.code == 1
    record = (files / "c.jsonl").read_text(encoding="utf-8")
    columns = [str(record.index(part) + 1) for part in (r"\u00c3", r"  \n", "Leave")]
    pattern = re.compile(r"(.+):(\d+):(\d+): ([A-Z]{2}\d{3}) [a-z-]+: .+")
    matches = [pattern.fullmatch(line) for line in result.out.splitlines()]
    assert [match.groups() for match in matches if match] == [
        ("a, b:100%é.txt", "5", "6", "MJ101"),
        ("a, b:100%é.txt", "5", "15", "WS102"),
        ("a, b:100%é.txt", "7", "1", "BP103"),
        *(("c.jsonl", "1", *place) for place in zip(columns, ("MJ101", "WS102", "BP103"), strict=True)),
        ("d.txt", "1", "1", "RD103"),
    ]
    assert result.out.count(" (text 5:6)\n") == 1


def test_full_marks_the_place_and_says_what_to_do(files: Path) -> None:
    out = in_format("full").out
    assert f"5 | \U0001f389 {MOJIBAKE} opens.  \n  |       ^^\n  = write 'é' (--fix does it)" in out
    assert "7 | Leave a Comment\n  | ^^^^^^^^^^^^^^^\n  = take it out (--fix --unsafe-fixes does it)" in out


def test_json_is_a_list_of_findings(files: Path) -> None:
    rows = json.loads(in_format("json").out)
    assert [(row["path"], row["line"], row["column"], row["code"]) for row in rows[:2]] == [
        ("a, b:100%é.txt", 5, 6, "MJ101"),
        ("a, b:100%é.txt", 5, 15, "WS102"),
    ]
    assert rows[0]["fix"] == {"applicability": "safe", "old": "\u00c3\u00a9", "new": "é"}
    assert (rows[3]["text_line"], rows[3]["text_column"]) == (5, 6)
    assert rows[-1]["fix"] is None
    (files / "d.txt").unlink()
    (files / "c.jsonl").unlink()
    assert json.loads(said("--output-format", "json", "--select", "HL", ".").out) == []


def parsed_command(line: str) -> tuple[dict[str, str], str]:
    """Read a command as the runner of GitHub Actions does."""
    match = re.fullmatch(r"::error (.*?)::(.*)", line)
    assert match
    properties = dict(part.split("=", 1) for part in match[1].split(","))
    for escape, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        properties = {key: value.replace(escape, plain) for key, value in properties.items()}
    return properties, match[2]


def test_github_shows_the_findings_beside_the_lines(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = [parsed_command(line) for line in in_format("github").out.splitlines()]
    properties, message = commands[0]
    assert properties == {
        "title": "cleaner (MJ101)",
        "file": "a, b:100%é.txt",
        "line": "5",
        "col": "6",
        "endLine": "5",
        "endColumn": "8",
    }
    assert "mojibake" in message
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert said("--ignore", "ND", ".").out == in_format("github").out


def sarif(*arguments: str) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(in_format("sarif", *arguments).out)
    return log


def fingerprints(log: dict[str, Any]) -> set[str]:
    results = log["runs"][0]["results"]
    found = {result["partialFingerprints"]["cleaner/v1"] for result in results}
    assert len(found) == len(results)
    return found


def test_sarif_is_valid_by_the_schema_of_2_1_0(files: Path) -> None:
    needs(importlib.util.find_spec("jsonschema"), "jsonschema (it is in the test extra)")
    import jsonschema

    schema = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    for log in (sarif(), json.loads(said("--select", "ND", "--output-format", "sarif", ".").out), sarif("--select=HL")):
        assert list(validator.iter_errors(log)) == []
    wrong = sarif()
    wrong["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert list(validator.iter_errors(wrong))


def test_sarif_tells_where_what_and_which_rule(files: Path) -> None:
    (run,) = sarif()["runs"]
    first = run["results"][0]
    place = first["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "a, b:100%é.txt"
    assert place["region"] == {"startLine": 5, "startColumn": 6, "endLine": 5, "endColumn": 8}
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_fingerprints_survive_moved_lines_and_tell_equal_findings_apart(folder: Path) -> None:
    (folder / "a.txt").write_text(f"{STORY}\n{MOJIBAKE} opens.\n\n{MOJIBAKE} opens.\n\nLeave a Comment\n")
    before = fingerprints(sarif())
    assert len(before) == 3
    (folder / "a.txt").write_text(
        f"A line that is new here.\n\n{STORY}\n\n{MOJIBAKE}  opens.\n\n{MOJIBAKE} opens.\n\nLeave a comment\n"
    )
    assert before <= fingerprints(sarif())


def test_statistics_count_by_rule_and_say_what_can_be_mended(files: Path) -> None:
    result = said("--ignore", "ND", "--statistics", ".")
    assert result.code == 1
    assert [line.split() for line in result.out.splitlines()] == [
        ["2", "BP103", "comment-form", "--fix", "--unsafe-fixes"],
        ["2", "MJ101", "mojibake", "--fix"],
        ["2", "WS102", "trailing-space", "--fix"],
        ["1", "RD103", "not-text"],
    ]


def test_statistics_name_the_fix_of_a_rule_some_of_whose_findings_have_none(files: Path) -> None:
    (files / "z.html").write_text(f"<html><body><article><p>{TEXT}</p></article></body></html>", encoding="utf-8")
    line = next(line for line in said("--ignore", "ND", "--statistics", ".").out.splitlines() if "MJ101" in line)
    assert line.split() == ["3", "MJ101", "mojibake", "--fix"]


def test_exit_codes_are_0_for_nothing_1_for_something_and_2_for_wrong_use(files: Path) -> None:
    assert said("--ignore", "ND", ".").code == 1
    assert said("--ignore", "ND", "--exit-zero", ".").code == 0
    assert said("--select", "HL", "c.jsonl").code == 0
    assert said("nowhere").code == 2
    assert said("--no-such-option", ".").code == 2


def test_quiet_leaves_the_findings_alone(files: Path) -> None:
    loud, quiet = said("--ignore", "ND", "."), said("--ignore", "ND", "--quiet", ".")
    assert quiet.out == loud.out
    assert loud.err
    assert quiet.err == ""
