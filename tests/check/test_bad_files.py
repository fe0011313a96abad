"""Files that cannot be read, or that bring a rule or a worker down, end in a finding of their own."""

from __future__ import annotations

import errno
import gzip
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from checking import STORY, found, outcome, places, said
from growth import grows_less

from cleaner.check import linter
from cleaner.check.baseline import Known
from cleaner.check.pieces import WholeFiles, pieces
from cleaner.config import Config
from cleaner.corpus.record import FieldNames
from cleaner.document import Document, Edit
from cleaner.errors import WorkerError
from cleaner.pipeline import Pipeline

posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files on Windows")


def codes(folder: Path) -> dict[str, str]:
    return {Path(d.path).name: d.code for d in found(folder)}


@posix
def test_pipes_circles_and_unreadable_files_are_findings_and_nothing_waits(folder: Path) -> None:
    (folder / "good.txt").write_text(STORY)
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "a.txt").symlink_to(folder / "b.txt")
    (folder / "b.txt").symlink_to(folder / "a.txt")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    (folder / "failing.txt").symlink_to("/proc/self/mem")  # its first byte cannot be read, by root neither
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (folder / "cut.txt.gz").write_bytes(gzip.compress(STORY.encode() * 50)[:-20])
    assert codes(folder) == {
        "a.txt": "RD101",
        "b.txt": "RD101",
        "cut.txt.gz": "RD102",
        "failing.txt": "RD101",
        "gone.md": "RD101",
        "picture.txt": "RD103",
        "pipe.jsonl": "RD101",
        "pipe.txt": "RD101",
    }
    result = said("--ignore", "ND", folder)
    assert result.code == 1
    assert "pipe.txt:1:1: RD101 unreadable-file: not a regular file" in result.out


@posix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_finding(folder: Path) -> None:
    (folder / "secret.txt").write_text(STORY)
    (folder / "secret.txt").chmod(0)
    assert codes(folder) == {"secret.txt": "RD101"}


def test_a_file_of_two_gigabytes_is_a_finding_and_is_not_read_whole(folder: Path) -> None:
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(2 << 30)
    (diagnostic,) = found(folder)
    assert diagnostic.code == "RD107"
    assert "2,147.5 MB, the limit is 64 MB" in diagnostic.message


def test_an_archive_that_unpacks_to_too_much_is_a_finding(folder: Path) -> None:
    (folder / "cleaner.toml").write_text("max_record_mb = 0.01\n")
    (folder / "bomb.txt.gz").write_bytes(gzip.compress(b"bomb " * 10_000))
    result = said("--ignore", "ND", ".")
    assert "bomb.txt.gz:1:1: RD107 too-large: the record has more than 0.01 MB; max_record_mb" in result.out


@posix
def test_a_folder_that_may_not_be_listed_is_a_finding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "locked").mkdir()
    (folder / "a.txt").write_text(STORY)
    scandir = os.scandir

    def refused(path: str) -> object:  # root may list everything
        if os.path.basename(path) == "locked":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    for place in (".", "locked"):
        result = said("--ignore", "ND", place)
        assert result.code == 1
        assert result.out == "locked:1:1: RD101 unreadable-file: a folder that cannot be listed: Permission denied\n"


def test_lines_that_are_no_records_are_findings_on_their_lines(folder: Path) -> None:
    (folder / "a.jsonl").write_text('{"text": "a\n[1]\n{"other": 1}\n{"text": 5}\n')
    assert places(found(folder)) == ["1:1 RD104", "2:1 RD104", "3:1 RD105", "4:1 RD106"]


def test_a_file_that_has_a_link_to_it_is_checked_once_under_its_own_name(folder: Path) -> None:
    (folder / "z.txt").write_text(f"{STORY}\nLeave a Comment\n")
    (folder / "a.txt").symlink_to(folder / "z.txt")
    assert [Path(d.path).name for d in found(folder)] == ["z.txt"]


def test_without_the_library_for_parquet_the_other_files_are_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (folder / "a.parquet").write_bytes(b"PAR1")
    (folder / "b.txt").write_text(f"{STORY}\nLeave a Comment\n")
    first, second = found(folder)
    assert (first.code, second.code) == ("RD101", "BP103")
    assert "pip install 'webtext-cleaner[parquet]'" in first.message


@dataclass(frozen=True)
class Bad:
    """A rule that fails on a text with `mistake` in it, and ends its process on one with `death`."""

    code: ClassVar[str] = "WS102"
    name: ClassVar[str] = "trailing-space"

    def __call__(self, document: Document) -> Iterator[Edit]:
        if "mistake" in document.text:
            raise KeyError("no such thing")
        if "death" in document.text:
            os._exit(7)
        return iter(())


def bad_task(monkeypatch: pytest.MonkeyPatch) -> None:
    made = linter.make_task(Config(ignore=("ND",)), mode="look", unsafe=False, known=Known())
    pipeline = Pipeline((Bad(),), (), frozenset({"WS102"}))
    monkeypatch.setattr(linter, "make_task", lambda *_, **__: type(made)(pipeline, made.names, made.unreadable))


def test_a_mistake_in_a_rule_costs_the_file_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad_task(monkeypatch)
    (folder / "a.txt").write_text("a mistake")
    (folder / "b.jsonl").write_text('{"text": "good"}\n{"text": "a mistake"}\n')
    first, second = outcome(folder).diagnostics
    assert (Path(first.path).name, first.line, first.code) == ("a.txt", 1, "RD114")
    assert (Path(second.path).name, second.line, second.code) == ("b.jsonl", 2, "RD114")
    assert "KeyError" in first.message


def test_a_worker_that_dies_costs_the_file_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad_task(monkeypatch)
    monkeypatch.setattr("cleaner.corpus.files.CHUNK_FILES", 2)
    for number in range(12):
        (folder / f"{number:02}.txt").write_text("death" if number == 5 else "good")
    diagnostics = outcome(folder, workers=2).diagnostics
    assert [(Path(d.path).name, d.code) for d in diagnostics] == [("05.txt", "RD112")]
    assert "status 7" in diagnostics[0].message


def test_workers_that_cannot_start_end_the_check_with_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.corpus.files.CHUNK_FILES", 2)
    monkeypatch.setattr(linter.Task, "__getstate__", lambda task: ["not what it takes"], raising=False)
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(STORY)
    with pytest.raises(WorkerError, match="workers cannot begin to work: the worker ended with status 1"):
        outcome(folder, workers=2)


def test_work_comes_in_pieces_of_many_small_files(folder: Path) -> None:
    for number in range(130):
        (folder / f"{number:03}.txt").write_text("good")
    from cleaner.check.files import files_to_check

    made = list(pieces(files_to_check([str(folder)]).files, FieldNames(), {}))
    assert [len(piece.files) for piece in made if isinstance(piece, WholeFiles)] == [64, 64, 2]


def test_thousands_of_findings_in_one_line_take_linear_time(tmp_path: Path) -> None:
    def seconds(number: int) -> float:
        file = tmp_path / "a.txt"
        file.write_text("It rained, and Caf\u00c3\u00a9 was spelled so. " * number, encoding="utf-8")
        begun = time.process_time()
        assert len(found(file)) == number + 1  # and the space at the end
        return time.process_time() - begun

    # Eight times as many; the square would be 64 times.
    assert grows_less(24, seconds, 500, 4_000, spare=0.1)
