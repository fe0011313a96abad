"""A new file takes the place of an old one, whole or not at all, under a name that nobody else has."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from running import ARTICLE

from cleaner.cli import main
from cleaner.config import Config
from cleaner.corpus import output
from cleaner.corpus.ledger_file import digest
from cleaner.replacing import fresh, fresh_folder, remove_left, replaced
from cleaner.runner.run import Run


def test_the_old_file_stays_until_the_new_one_is_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    place.write_text("old")
    with replaced(place) as new:
        Path(new).write_text("new")
        assert place.read_text() == "old"
        assert Path(new).parent == tmp_path
    assert place.read_text() == "new"
    with contextlib.suppress(ValueError), replaced(place) as new:
        Path(new).write_text("ha")
        raise ValueError("half")
    assert place.read_text() == "new"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_what_a_killed_writer_has_left_goes_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / ("c" * 240)
    Path(fresh(place)).write_text("half")
    (Path(fresh_folder(place)) / "half.txt").write_text("half")
    others = [".c.00000000.new", f".{'c' * 200}.0000000g.new", f".{'c' * 200}.00000000.new.txt", "a"]
    for name in others:
        (tmp_path / name).write_text("precious")
    link = f".{'c' * 200}.11111111.new"
    (tmp_path / link).symlink_to(tmp_path / "a")
    remove_left(place)
    assert sorted(os.listdir(tmp_path)) == sorted([*others, link])
    assert (tmp_path / "a").read_text() == "precious"
    remove_left(tmp_path / "nowhere" / "c")


def test_a_run_that_goes_on_removes_what_it_has_left_where_it_was_killed(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "a", "text": "The ferry leaves at six."}\n')
    run = Run((str(tmp_path / "in.jsonl"),), str(tmp_path / "c"), Config())

    class KilledError(BaseException):
        pass

    def killed(new: str, place: str) -> None:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "put", killed)
        patch.setattr(output.FolderWriter, "discard", lambda self: None)
        with pytest.raises(KilledError):
            run()
    assert any(name.startswith(".c.") for name in os.listdir(tmp_path))
    run()
    assert sorted(os.listdir(tmp_path)) == ["c", "c.excluded.jsonl", "c.ledger.jsonl", "c.manifest.json", "in.jsonl"]


def test_a_name_is_never_one_that_is_there_and_a_link_of_a_former_name_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = tmp_path / "somebody"
    somebody.write_text("precious")
    drawn = iter([b"aaaa", b"aaaa", b"bbbb"])
    monkeypatch.setattr("cleaner.replacing.os.urandom", lambda size: next(drawn))
    (tmp_path / f".a.txt.{b'aaaa'.hex()}.new").symlink_to(somebody)
    assert fresh(tmp_path / "a.txt").endswith(f".{b'bbbb'.hex()}.new")
    assert somebody.read_text() == "precious"


def test_long_names_and_folders(tmp_path: Path) -> None:
    assert Path(fresh(tmp_path / ("é" * 120 + ".jsonl"))).exists()
    assert Path(fresh_folder(tmp_path / "texts")).is_dir()


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_a_new_file_has_the_permissions_that_any_new_file_has(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    assert os.stat(fresh(tmp_path / "a")).st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on the size of files is how Linux has it")
@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "csv", "parquet", "arrow"])
def test_a_full_disk_is_told_by_the_name_of_the_file_and_nothing_is_left_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    import resource

    monkeypatch.chdir(tmp_path)
    drawn = random.Random(15)
    lines = [{"id": str(n), "text": " ".join(str(drawn.random()) for _ in range(500))} for n in range(4)]
    Path("in.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    noted = [{"id": line["id"], "digest": digest(line["text"]), "steps": []} for line in lines]
    Path("ledger.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in noted))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        done = CliRunner().invoke(main, ["undo", "in.jsonl", "--ledger", "ledger.jsonl", "-o", f"out.{ending}"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (done.exit_code, done.stderr) == (2, f"cleaner: out.{ending}: File too large\n")
    assert sorted(os.listdir()) == ["in.jsonl", "ledger.jsonl"]


def test_an_error_without_a_name_gets_that_of_the_file_which_was_written(tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    with pytest.raises(OSError, match="No space left") as caught, replaced(place):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.filename == str(place)
    with pytest.raises(OSError, match="No such file") as caught, replaced(place):
        (tmp_path / "missing").read_bytes()
    assert caught.value.filename == str(tmp_path / "missing")


@pytest.mark.skipif(sys.platform != "linux", reason="there are pipes with names")
def test_a_device_or_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    place, page = tmp_path / "lines.json", tmp_path / "a.txt"
    os.mkfifo(place)
    page.write_text("It rained.")
    done = CliRunner().invoke(main, ["learn", str(page), "-o", str(place)])
    assert (done.exit_code, place.is_fifo()) == (2, True)
    assert "it is a device or a pipe" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on the size of files is how Linux has it")
def test_check_leaves_nothing_where_a_mended_file_finds_no_room(tmp_path: Path) -> None:
    import resource

    page = tmp_path / "a.txt"
    page.write_text("Caf\u00c3\u00a9 by the sea.\n" * 50)
    before = page.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        done = CliRunner().invoke(main, ["check", str(page), "--fix"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "it cannot be written: File too large" in done.stderr + done.stdout
    assert (os.listdir(tmp_path), page.read_bytes()) == (["a.txt"], before)


@pytest.mark.skipif(sys.platform != "linux", reason="a locale of ASCII alone")
def test_in_a_locale_of_ascii_a_name_beyond_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "\u00e9t\u00e9.txt").write_text(ARTICLE)
    alone = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "cleaner", "clean", "in", "-o", "sortie \u00e9.jsonl", "--workers", "1"]
    done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in tmp_path.iterdir()} - {"in"}
    assert names == {f"sortie \u00e9.{what}" for what in ("jsonl", "excluded.jsonl", "ledger.jsonl", "manifest.json")}
