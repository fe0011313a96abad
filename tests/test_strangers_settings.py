"""A configuration that a stranger wrote, and two corpora of one name: a sentence, and nothing lost."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from running import ARTICLE

from cleaner.cli import main


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(f"{ARTICLE}\n\nShare on Facebook\n")
    return tmp_path


def ended(folder: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    return done.exit_code, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are devices and pipes")
@pytest.mark.parametrize("setting", ["extend = {}", "packs = [{}]", "site_lines = {}", "line_model = {}"])
@pytest.mark.parametrize("named", ["/dev/zero", "a.fifo", "large.file"])
def test_what_a_configuration_names_is_read_only_where_it_has_an_end(texts: Path, setting: str, named: str) -> None:
    os.mkfifo(texts / "a.fifo")
    with open(texts / "large.file", "wb") as file:
        file.truncate(1 << 40)
    (texts / "cleaner.toml").write_text(setting.format(f'"{named}"'))
    for command in (["check", str(texts / "a.txt")], ["clean", str(texts / "a.txt"), "-o", str(texts / "o.jsonl")]):
        code, told = ended(texts, *command)
        assert code == 2
        assert "not a regular file" in told or "it has more than" in told


def test_a_baseline_that_has_no_end_is_a_sentence(texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(texts)
    (texts / "cleaner.toml").write_text('baseline = "/dev/zero"\n')
    code, told = ended(texts, "check", str(texts / "a.txt"))
    assert (code, "not a regular file" in told) == (2, True)


@pytest.mark.parametrize(
    "line",
    ["max_record_mb = nan", "max_record_mb = inf", "threshold = nan", "contained = nan", f"max_record_mb = {10**400}",
     "ngram = 999_999_999_999", f"ngram = {2**70}"],
)  # fmt: skip
def test_numbers_that_are_none_are_refused(texts: Path, line: str) -> None:
    (texts / "cleaner.toml").write_text(line)
    code, told = ended(texts, "clean", str(texts / "a.txt"), "-o", str(texts / "o.jsonl"))
    assert code == 2
    assert "cleaner.toml: " in told
    assert line.split(" ")[0] in told


@pytest.mark.parametrize(("name", "head"), [("cleaner.toml", ""), ("pyproject.toml", "[tool.cleaner]\n")])
def test_a_byte_order_mark_before_a_configuration_is_no_part_of_it(texts: Path, name: str, head: str) -> None:
    (texts / name).write_text(f"{head}max_word = 3\n", encoding="utf-8-sig")
    code, told = ended(texts, "check", str(texts / "a.txt"))
    assert (code, f"{name}: unknown key 'max_word'" in told) == (2, True)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(("name", "head"), [("cleaner.toml", ""), ("pyproject.toml", "[tool.cleaner]\n")])
def test_settings_in_utf_16_say_so(texts: Path, name: str, head: str, encoding: str) -> None:
    (texts / name).write_text(f"{head}min_words = 3\n", encoding=encoding)
    code, told = ended(texts, "check", str(texts / "a.txt"))
    assert (code, f"{name}: it is in UTF-16, and has to be UTF-8" in told) == (2, True)


@pytest.mark.parametrize("key", ["cleaner.toml", "packs", "line_model"])
def test_settings_in_another_encoding_say_where(texts: Path, key: str) -> None:
    name = "cleaner.toml" if key == "cleaner.toml" else "own.toml"
    if name == "own.toml":
        value = f'["{name}"]' if key == "packs" else f'"{name}"'
        (texts / "cleaner.toml").write_text(f"{key} = {value}\n")
    (texts / name).write_bytes(b'format = "cleaner-line-correction-1"\n# caf\xe9\n')
    code, told = ended(texts, "check", str(texts / "a.txt"))
    assert (code, "it has to be UTF-8, and the byte 0xe9 in line 2 is not" in told) == (2, True)


@pytest.mark.parametrize(
    ("line", "said"),
    [(".".join("a" * 2000) + " = 1", "a key has more than 100 parts"), ("x = " + "[" * 5000, "nested too deeply")],
)
def test_a_correction_of_the_model_of_lines_is_read_in_bounded_time(texts: Path, line: str, said: str) -> None:
    (texts / "own.toml").write_text(f'format = "cleaner-line-correction-1"\n{line}\n')
    (texts / "cleaner.toml").write_text('line_model = "own.toml"\n')
    code, told = ended(texts, "check", str(texts / "a.txt"))
    assert (code, said in told) == (2, True)
