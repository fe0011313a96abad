"""Markdown comes out the same through all three doors, and what is code in it comes out as it went in.

`tests/markdown/` holds files as they stand in repositories, and `guards-*.md`, which make it hard to tell code and
markup from text.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

import cleaner
from cleaner.cli import main

FILES = sorted((Path(__file__).parent / "markdown").glob("*.md"))
CONFIG = cleaner.Config(ignore=("ND",))


class Doors(NamedTuple):
    """What `cleaner clean` wrote of each file, None for one that it excluded, and what `cleaner check` made of it."""

    cleaned: dict[str, str | None]
    checked: dict[str, bytes]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Doors:
    """Return what comes out of both commands, which are given all files at once."""
    folder = tmp_path_factory.mktemp("markdown")
    for name in ("in", "check"):
        (folder / name).mkdir()
        for path in FILES:
            shutil.copyfile(path, folder / name / path.name)
    run = CliRunner().invoke(main, ["clean", str(folder / "in"), "-o", str(folder / "out.jsonl"), "--ignore", "ND"])
    assert run.exit_code == 0, run.output
    CliRunner().invoke(main, ["check", "--fix", "--unsafe-fixes", "--ignore", "ND", str(folder / "check")])
    cleaned: dict[str, str | None] = {path.name: None for path in FILES}
    for line in (folder / "out.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
        record = json.loads(line)
        cleaned[Path(record["id"]).name] = record["text"]
    return Doors(cleaned, {path.name: (folder / "check" / path.name).read_bytes() for path in FILES})


def by_library(path: Path) -> cleaner.Result:
    return cleaner.clean(path.read_bytes(), kind="markdown", config=CONFIG)


def test_there_are_files_enough() -> None:
    assert len(FILES) >= 60
    assert sum(path.name.startswith("guards-") for path in FILES) >= 15


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_all_doors_give_the_same_bytes(path: Path, doors: Doors) -> None:
    result = by_library(path)
    # A file keeps its own line ends; what the other doors give has line feeds.
    checked = doors.checked[path.name].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert checked == result.text.encode()
    assert doors.cleaned[path.name] == (None if result.dropped else result.text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_ledger_takes_it_back_and_cleaning_again_finds_nothing(path: Path) -> None:
    result = by_library(path)
    assert cleaner.ledger.undo(result.text, result.steps) == path.read_bytes().decode()
    again = cleaner.clean(result.text, kind="markdown", config=CONFIG)
    assert [step for step in again.steps if step.edits] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_code_and_tables_come_out_as_they_went_in(path: Path) -> None:
    before = path.read_bytes().decode().replace("\r\n", "\n").replace("\r", "\n")
    assert list(code_and_tables(by_library(path).text)) == list(code_and_tables(before))


def code_and_tables(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a reader of Markdown shows letter by letter, and the cells of tables."""
    in_table = False
    for token in MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").parse(text):
        in_table = token.type == "table_open" or (in_table and token.type != "table_close")
        raw = token.type == "html_block" and token.content.lstrip()[:4] in ("<pre", "<scr", "<?ph", "<tex")
        if token.type in ("fence", "code_block") or raw or (in_table and token.type == "inline"):
            yield token.type, token.content
        for child in token.children or ():
            if child.type == "code_inline" and not in_table:
                yield child.type, child.content


MOJIBAKE = "Caf\u00c3\u00a9"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("fences", 2),
        ("fences-in-lists", 3),
        ("paragraphs-in-lists", 2),
        ("indented", 2),
        ("inline-code", 8),
        ("front-matter", 1),
        ("front-matter-none", 0),
        ("ignore", 2),
        ("ignore-all", 1),
        ("space-at-the-end", 0),
        ("line-ends", 1),
    ],
)
def test_broken_letters_stay_in_code_and_nowhere_else(name: str, kept: int) -> None:
    text = (Path(__file__).parent / "markdown" / f"guards-{name}.md").read_bytes()
    assert cleaner.clean(text, kind="markdown").text.count(MOJIBAKE) == kept


def test_what_is_glued_to_a_line_is_cut_off_unless_half_of_its_markup_would_stay(doors: Doors) -> None:
    before = (Path(__file__).parent / "markdown" / "guards-glued.md").read_text(encoding="utf-8").split("\n")
    after = doors.checked["guards-glued.md"].decode().split("\n")
    cut = [number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert cut == [2]
    assert after[2].endswith("in winter.")


def test_an_author_in_code_is_not_the_documents() -> None:
    text = (Path(__file__).parent / "markdown" / "guards-author-in-code.md").read_text(encoding="utf-8")
    assert "author" not in cleaner.clean(text, kind="markdown").metadata


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="plain or markdown"):
        cleaner.clean("# A", kind="rst")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="that of a page is plain"):
        cleaner.clean("<p>A", html=True, kind="markdown")
