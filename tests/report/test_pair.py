"""`cleaner explain --pair`: how two texts differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.report.page.parts import floored

WORDS = [f"word{number}" for number in range(60)]


def explained(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["explain", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_kept_and_a_removed_text_of_a_run(tmp_path: Path) -> None:
    changed = [*WORDS[:20], "[other]", *WORDS[21:40], *WORDS[41:], "new", "end"]
    rows = [{"id": "a", "text": " ".join(WORDS)}, {"id": "b", "text": " ".join(changed)}, {"id": "c", "text": "Else."}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    corpus = str(tmp_path / "c.jsonl")
    command = ["clean", str(tmp_path / "in.jsonl"), "-o", corpus, "--select", "ND", "--workers", "1"]
    (tmp_path / "cleaner.toml").write_text("threshold = 0.6\n", encoding="utf-8")
    assert CliRunner().invoke(main, command).exit_code == 0
    (excluded,) = [json.loads(line) for line in (tmp_path / "c.excluded.jsonl").read_text("utf-8").splitlines()]
    told = explained(corpus, "--pair", "a", "b")  # by the configuration of the run, which the manifest has
    assert told == explained(str(tmp_path / "c.excluded.jsonl"), "--pair", "a", "b")
    (tmp_path / "cleaner.toml").unlink()
    assert told == explained(corpus, "--pair", "a", "b")
    assert f"{floored(excluded['excluded']['similarity'])} alike, at or above the threshold of 60% (ND102)" in told
    assert "of b, 46 of 57 shingles, stands in a (ND103)" in told
    assert "word19 [-word20-]{+[other]+} word21" in told.replace("+}[-", "+} [-")
    assert "[-word40 -]" in told
    assert told.rstrip().endswith("word59{+ new end+}")


def test_a_run_that_names_its_fields_and_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"key": f"in/{id_}", "body": " ".join(words)} for id_, words in (("a", WORDS), ("b", [*WORDS, "end"]))]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command = ["clean", "in.jsonl", "-o", "c.jsonl", "--excluded", "gone.jsonl", "--workers", "1", "--select", "ND"]
    assert CliRunner().invoke(main, [*command, "--text-field", "body", "--id-field", "key"]).exit_code == 0
    (tmp_path / "c.excluded.jsonl").write_text("", encoding="utf-8")  # of an earlier run
    assert "98.2% alike" in explained("c.jsonl", "--pair", "in/a", "in/b")
    done = CliRunner().invoke(main, ["explain", "c.jsonl", "--pair", "in/a", "b"])
    assert done.stderr == "cleaner: c.jsonl has no record b, and gone.jsonl has none; did you mean 'in/b'?\n"


def test_two_files_and_long_stretches_that_are_alike(tmp_path: Path) -> None:
    lines = [f"The {word} stands in both texts, and so does all that is around it." for word in WORDS]
    for name, text in (("a", lines), ("b", [*lines[:30], "Only here.", *lines[30:]])):
        (tmp_path / f"{name}.txt").write_text("\n".join(text), encoding="utf-8")
    told = explained("--pair", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--select", "ND")
    assert "{+Only here.+}" in told
    assert "characters alike" in told
    assert len(told) < 1500
    same = explained("--pair", str(tmp_path / "a.txt"), str(tmp_path / "a.txt"))
    assert "the same words (ND101)" in same


def test_what_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"id": "a", "text": "One."}\n', encoding="utf-8")
    (tmp_path / "c.excluded.jsonl").write_text("", encoding="utf-8")
    corpus = str(tmp_path / "c.jsonl")
    for arguments, told in (
        ([corpus, "--pair", "a", "b"], "c.excluded.jsonl has none; ids there are such as 'a'"),
        ([corpus, "--pair", "a", corpus], "to compare two files, name no corpus before --pair"),
        ([str(tmp_path / "a.md"), "--pair", "a", "b"], "no such file"),
        ([corpus, "--pair", "a", "b", "--html"], "--pair shows two texts"),
        ([], "Missing argument 'PATH'"),
    ):
        done = CliRunner().invoke(main, ["explain", *arguments])
        assert (done.exit_code, told in done.stderr) == (2, True), done.stderr


def test_texts_without_spaces_are_counted_as_they_are_compared(tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + number) for number in range(100))
    for name, one in (("a", text), ("b", text[:50])):
        (tmp_path / f"{name}.txt").write_text(one, encoding="utf-8")
    told = explained("--pair", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--select", "ND")
    assert "a.txt, 46 of 96 shingles, stands in" in told
    assert "b.txt, 46 of 46 shingles, stands in" in told


def test_what_is_just_under_the_threshold_does_not_read_as_if_it_reached_it(tmp_path: Path) -> None:
    words = [f"w{number}" for number in range(3004)]
    for name, text in (("a", words), ("b", [*words[:2908], *(f"x{number}" for number in range(96))])):
        (tmp_path / f"{name}.txt").write_text(" ".join(text), encoding="utf-8")
    pair = ["--pair", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--select", "ND"]
    for threshold, asked in (("0.938", "93.8%"), ("0.94125", "94.125%")):
        (tmp_path / "cleaner.toml").write_text(f"threshold = {threshold}\n", encoding="utf-8")
        told = explained(*pair, "--config", str(tmp_path / "cleaner.toml"))
        assert f"93.7% alike, under the threshold of {asked} (ND102)" in told
