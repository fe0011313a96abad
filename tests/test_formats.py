"""A format is a module and a row of the table: one that is made up here is read by every command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner
from running import ARTICLE, Done

from cleaner.cli import main
from cleaner.corpus import formats
from cleaner.corpus.formats import FORMATS, Format
from cleaner.corpus.record import Chunk, FieldNames, Item, from_fields


@dataclass(frozen=True, slots=True)
class MailChunk:
    """Letters with a line of four dashes between them."""

    path: str
    data: bytes
    names: FieldNames

    @property
    def size(self) -> int:
        return len(self.data)

    def items(self) -> Iterator[Item]:
        for number, letter in enumerate(self.data.decode().split("\n----\n"), 1):
            place = f"{self.path}:{number}"
            yield Item(place, partial(from_fields, {"text": letter}, place, self.names))


def read_mail(stream: BinaryIO, path: str, names: FieldNames) -> Iterator[Chunk]:
    yield MailChunk(path, stream.read(), names)


@pytest.fixture(autouse=True)
def _mail(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = Format("mail", "Mail", (".mail",), read_mail)
    monkeypatch.setitem(formats._BY_ENDING, ".mail", mail)
    monkeypatch.setitem(formats._BY_NAME, "mail", mail)


def test_a_made_up_format_is_cleaned_and_checked_and_never_rewritten(
    tmp_path: Path, run: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    letters = f"{ARTICLE}\n----\nThe cafÃ© opened.\n----\n{ARTICLE}"
    Path("a.mail").write_text(letters, encoding="utf-8")
    done = run(Path("a.mail"))
    assert [(record["id"], record["text"]) for record in done.kept] == [
        ("a.mail:1", ARTICLE),
        ("a.mail:2", "The café opened."),
    ]
    assert dict(done.summary.reasons) == {"ND101": 1}
    found = CliRunner().invoke(main, ["check", "--fix", "a.mail"])
    assert "a.mail:2:1: MJ101" in found.output
    assert "Mail is never rewritten" in found.output
    assert Path("a.mail").read_text(encoding="utf-8") == letters


def test_names_and_endings_of_formats_are_their_own() -> None:
    names, endings = [f.name for f in FORMATS], [ending for f in FORMATS for ending in f.endings]
    assert (len(set(names)), len(set(endings))) == (len(names), len(endings))
