"""Text that looks like boilerplate and is not: none of it may go."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cleaner

NEGATIVES = Path(__file__).parent / "negatives"
POSITIONS = ("first", "middle", "last")


class Negative(NamedTuple):
    """A line and the article to put it into."""

    language: str
    text: str
    position: str
    looks_like: str


def negatives() -> list[Negative]:
    """Give each line once for each position in which it makes sense."""
    lines = tomllib.loads((NEGATIVES / "lines.toml").read_text(encoding="utf-8"))["line"]
    return [
        Negative(line["lang"], line["text"], position, line["looks_like"])
        for line in lines
        for position in line.get("positions", POSITIONS)
    ]


@functools.cache
def prose() -> dict[str, Any]:
    """Give the neutral articles by language."""
    return tomllib.loads((NEGATIVES / "prose.toml").read_text(encoding="utf-8"))


def article(negative: Negative) -> str:
    """Put the line into the neutral prose of its language."""
    neutral = prose()[negative.language]
    paragraphs = [neutral["headline"], *neutral["paragraphs"]]
    place = {"first": 1, "middle": 3, "last": len(paragraphs)}[negative.position]
    return "\n\n".join([*paragraphs[:place], negative.text, *paragraphs[place:]])


def lines_of(text: str) -> list[str]:
    """Give the lines with something on them, white space folded."""
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


DOCUMENTS = sorted((NEGATIVES / "documents").glob("*/*.txt"))


@pytest.mark.parametrize(
    "negative", negatives(), ids=lambda n: f"{n.language}-{n.looks_like}-{n.position}-{n.text[:30]}"
)
def test_line_that_looks_like_boilerplate_stays_in_its_article(negative: Negative) -> None:
    text = article(negative)
    result = cleaner.clean(text)
    assert result.dropped is None
    assert lines_of(result.text) == lines_of(text)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_document_that_looks_like_boilerplate_loses_no_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    result = cleaner.clean(text)
    assert result.dropped is None
    assert lines_of(result.text) == lines_of(text)


def test_there_are_at_least_1700_lines_and_60_documents_in_28_languages() -> None:
    lines = {(negative.language, negative.text) for negative in negatives()}
    assert len(lines) >= 1700
    assert len(DOCUMENTS) >= 60
    assert len({language for language, _ in lines}) >= 28
    assert len({path.parent.name for path in DOCUMENTS}) >= 12
