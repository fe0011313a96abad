"""The cases of a code, tests/cases/CODE*.toml, and the laws that each of them proves."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

import cleaner
from cleaner import ledger

_FOLDER = Path(__file__).parents[1] / "cases"


class Case(NamedTuple):
    """A text, what it becomes and what is found in it: `line:column CODE`, both from 1."""

    name: str
    kind: str
    text: str
    clean: str
    found: tuple[str, ...]


def cases(code: str) -> list[Case]:
    """Read the cases of a code. One without `clean` stays as it is and has nothing found."""
    table = tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    return [
        Case(row["name"], row["kind"], row["text"], row.get("clean", row["text"]), tuple(row.get("found", ())))
        for row in table["case"]
    ]


def assert_laws(case: Case, select: str) -> None:
    """Check what cleaning gives, what it finds and where, that it can be undone, and that it is settled."""
    config = cleaner.Config(select=(select,))
    result = cleaner.clean(case.text, html=False, config=config)
    assert result.text == case.clean
    assert tuple(_places(result, case.text)) == case.found
    assert ledger.undo(result.text, result.steps) == case.text
    assert not cleaner.clean(case.clean, html=False, config=config).steps


def _places(result: cleaner.Result, text: str) -> list[str]:
    places = []
    for index, step in enumerate(result.steps):
        for edit in step.edits:
            offset = ledger.origin(edit.start, result.steps[:index])
            line = text.count("\n", 0, offset) + 1
            column = offset - text.rfind("\n", 0, offset)
            places.append((line, column, step.code))
    return [f"{line}:{column} {code}" for line, column, code in sorted(places)]
