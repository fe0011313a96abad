"""Markdown as it stands in repositories: READMEs, licences, changelogs, handbooks. Hardly a line is boilerplate."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from cleaner.cli import main

# Those called guards-… hold faults on purpose: their tests are with the kinds of texts.
FILES = sorted(
    path for path in (Path(__file__).parent / "markdown").glob("*.md") if not path.name.startswith("guards-")
)
MAX_FALSE_FINDINGS = 5


def test_there_are_at_least_100_files() -> None:
    assert len(FILES) >= 100


def test_check_finds_next_to_nothing_in_documentation() -> None:
    result = CliRunner().invoke(main, ["check", "--output-format", "concise", *map(str, FILES)])
    findings = [line for line in result.output.split("\n") if ".md:" in line]
    assert len(findings) <= MAX_FALSE_FINDINGS, "\n".join(findings)
