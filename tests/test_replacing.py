"""A new file takes the place of an old one, whole or not at all, under a name that nobody else has."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from cleaner.replacing import fresh, fresh_folder, replaced


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
