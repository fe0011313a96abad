"""`cleaner clean --index`: a corpus that is cleaned in several runs, and the interruptions in between."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from forks import IN_SMALL_STEPS, Forks, is_saved_again
from running import lines

from cleaner.account.summary import IndexAccount, Summary
from cleaner.cli import main
from cleaner.config import Config
from cleaner.dedup import NearDuplicateIndex
from cleaner.runner import opened
from cleaner.runner.files import Files
from cleaner.runner.run import Run

Records = list[dict[str, Any]]


def records(seed: int, families: int = 60) -> Records:
    """Families of alike texts, shuffled; the chain in each makes the verdicts depend on the order."""
    draw = random.Random(seed)
    texts = []
    for _ in range(families):
        plain = [f"w{draw.getrandbits(30)}" for _ in range(80)]
        for _ in range(draw.randrange(1, 6)):
            plain = list(plain)
            for _ in range(draw.choice([0, 1, 2])):
                plain[draw.randrange(80)] = f"w{draw.getrandbits(30)}"
            texts.append(" ".join(plain) + ".")
    draw.shuffle(texts)
    return [{"id": f"d{number}", "text": text} for number, text in enumerate(texts)]


def write(path: Path, rows: Records) -> str:
    if not path.exists():  # a file that was written anew is another input
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def ids(path: Path) -> list[str]:
    return [row["id"] for row in lines(path)]


@pytest.fixture
def clean(tmp_path: Path) -> Callable[..., Summary]:
    def clean(name: str, rows: Records, *, keep: str = "first", **options: Any) -> Summary:
        source = write(tmp_path / f"{name}-in.jsonl", rows)
        options = {"index": str(tmp_path / "corpus.index"), **options}
        return Run((source,), str(tmp_path / f"{name}.jsonl"), Config(keep=keep, select=("ND",)), **options)()

    return clean


@pytest.mark.parametrize("cuts", [[], [50], [50, 51, 120]])
def test_several_runs_keep_what_one_run_keeps(clean: Callable[..., Summary], tmp_path: Path, cuts: list[int]) -> None:
    rows = records(1)
    clean("whole", rows, index=None)
    kept = []
    for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        clean(f"part{start}", rows[start:end])
        kept += lines(tmp_path / f"part{start}.jsonl")
    assert kept == lines(tmp_path / "whole.jsonl")
    assert 0.3 < len(kept) / len(rows) < 0.8
    twins = {row["id"]: row["excluded"]["duplicate_of"] for row in lines(tmp_path / "whole.excluded.jsonl")}
    for start in [0, *cuts]:
        for row in lines(tmp_path / f"part{start}.excluded.jsonl"):
            assert row["excluded"]["duplicate_of"] == twins[row["id"]]
    with NearDuplicateIndex.open(tmp_path / "corpus.index") as index:
        assert len(index) == len(kept)


def test_a_record_says_that_its_twin_is_in_the_index(clean: Callable[..., Summary], tmp_path: Path) -> None:
    rows = records(2, 1)[:1]
    assert clean("first", rows).index == IndexAccount(str(tmp_path / "corpus.index"), added=1)
    summary = clean("second", [{"id": "other", "text": rows[0]["text"]}, *records(3, 1)[:1]])
    assert summary.index == IndexAccount(str(tmp_path / "corpus.index"), duplicates=1, own=0, added=1)
    (row,) = lines(tmp_path / "second.excluded.jsonl")
    assert row["excluded"]["message"] == f"the same text as d0 in {tmp_path / 'corpus.index'}"
    assert row["excluded"]["index"] == str(tmp_path / "corpus.index")


def test_a_run_that_only_reads_adds_nothing(clean: Callable[..., Summary], tmp_path: Path) -> None:
    rows = records(4)
    clean("first", rows[:50])
    before = (tmp_path / "corpus.index").read_bytes()
    summary = clean("second", rows[50:], read_only=True)
    assert summary.index is not None
    assert summary.index.duplicates > 0
    assert summary.index.added == 0
    assert (tmp_path / "corpus.index").read_bytes() == before


def test_the_same_run_done_again_comes_out_the_same_and_says_so(clean: Callable[..., Summary], tmp_path: Path) -> None:
    rows = records(5)
    clean("first", rows[:80])
    clean("second", rows[80:])
    before = (tmp_path / "second.jsonl").read_bytes()
    source = tmp_path / "second-in.jsonl"
    command = ["clean", str(source), "-o", str(tmp_path / "second.jsonl"), "--index", str(tmp_path / "corpus.index")]
    result = CliRunner().invoke(main, [*command, "--select", "ND"], catch_exceptions=False)
    assert result.exit_code == 0
    said = " ".join(result.stderr.split())
    assert "this run had added its texts before" in said
    assert "0 of the kept were added" in said
    assert (tmp_path / "second.jsonl").read_bytes() == before


def test_another_run_of_the_same_texts_says_that_they_are_there(clean: Callable[..., Summary], tmp_path: Path) -> None:
    rows = records(6)
    kept = clean("first", rows).kept
    source = write(tmp_path / "again.jsonl", rows)
    command = ["clean", source, "-o", str(tmp_path / "out.jsonl"), "--index", str(tmp_path / "corpus.index")]
    result = CliRunner().invoke(main, [*command, "--select", "ND"], catch_exceptions=False)
    assert f"{kept} of them stand in it under their own id" in " ".join(result.stderr.split())
    assert ids(tmp_path / "out.jsonl") == []
    assert json.loads((tmp_path / "out.manifest.json").read_text())["index"]["own"] == kept


def test_a_run_interrupted_after_it_added_its_texts_does_not_meet_them(
    clean: Callable[..., Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = records(7)
    clean("whole", rows, index=None)
    clean("first", rows[:50])

    def interrupted(self: Files) -> None:
        raise KeyboardInterrupt

    for saved in (1000.0, 0.0):  # no state was saved before; one was
        monkeypatch.setattr(opened, "SAVE_EVERY_S", saved)
        monkeypatch.setattr(Files, "close", interrupted)
        with pytest.raises(KeyboardInterrupt):
            clean("second", rows[50:])
        assert not (tmp_path / "second.jsonl").exists()
        monkeypatch.undo()
    with NearDuplicateIndex.open(tmp_path / "corpus.index") as index:
        assert len(index) == len(ids(tmp_path / "whole.jsonl"))
    summary = clean("second", rows[50:])
    assert lines(tmp_path / "first.jsonl") + lines(tmp_path / "second.jsonl") == lines(tmp_path / "whole.jsonl")
    assert summary.index is not None
    assert summary.index.added == summary.kept  # as the run would have told that nobody interrupted


def test_what_is_added_during_an_interruption_does_not_change_the_run(
    clean: Callable[..., Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = records(8)
    clean("first", rows[:50])
    clean("alone", rows[50:], read_only=True)
    monkeypatch.setattr(opened, "SAVE_EVERY_S", 0.0)
    monkeypatch.setattr("cleaner.corpus.jsonl.BLOCK_BYTES", 1000)
    write_one, count = Files.write, [0]

    def interrupted(self: Files, *arguments: Any) -> None:
        count[0] += 1
        if count[0] == 30:
            raise KeyboardInterrupt
        write_one(self, *arguments)

    monkeypatch.setattr(Files, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        clean("second", rows[50:])
    monkeypatch.setattr(Files, "write", write_one)
    clean("meanwhile", [{**row, "id": f"m{row['id']}"} for row in rows[50:]])
    summary = clean("second", rows[50:])
    assert ids(tmp_path / "second.jsonl") == ids(tmp_path / "alone.jsonl")
    assert summary.index is not None
    assert (summary.index.own, summary.index.added) == (0, 0)


def test_a_run_killed_again_and_again_ends_in_the_same_bytes(tmp_path: Path) -> None:
    rows = records(9, 1500)
    first, second = write(tmp_path / "first.jsonl", rows[:1500]), write(tmp_path / "second.jsonl", rows[1500:])
    options = ["clean", "--select", "ND", "--workers", "1", "--progress", "never"]
    options += ["--index", "corpus.index"]  # a name that stands in the ledger
    begin, again = [*options, first, "-o", "a.jsonl"], [*options, second, "-o", "b.jsonl"]
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    whole.mkdir()
    subprocess.run([sys.executable, "-m", "cleaner", *begin], check=True, capture_output=True, cwd=whole)
    shutil.copytree(whole, torn)
    state = torn / "b.jsonl.partial" / "state"
    with closing(Forks()) as forks:
        waits = (0.0, 0.0, 0.05, 0.1, 0.2, 0.4)
        kills = sum(forks.killed(torn, again, is_saved_again(state), wait) for wait in waits)
    assert kills > 0
    outputs = []
    for folder in (whole, torn):
        subprocess.run([*IN_SMALL_STEPS, *again], check=True, capture_output=True, cwd=folder)
        outputs.append([(folder / f"b{rest}.jsonl").read_bytes() for rest in ("", ".excluded", ".ledger")])
        with NearDuplicateIndex.open(folder / "corpus.index") as index:
            outputs[-1].append(b"%d" % len(index))
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize("keep", ["longest", "rank"])
def test_texts_of_the_index_come_before_all_whatever_is_kept(
    clean: Callable[..., Summary], tmp_path: Path, keep: str
) -> None:
    old = records(10, 1)[:1]
    clean("first", old)
    better = {"id": "better", "text": old[0]["text"] + " And one sentence more.", "rank": 9}
    clean("second", [{"id": "copy", "text": old[0]["text"], "rank": 1}, better], keep=keep)
    assert ids(tmp_path / "second.jsonl") == []
    assert {row["excluded"]["duplicate_of"] for row in lines(tmp_path / "second.excluded.jsonl")} == {old[0]["id"]}


def test_workers_and_chunks_do_not_change_what_goes_into_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = records(11)
    found = set()
    for number, (workers, block) in enumerate([(0, 1 << 20), (1, 1000), (2, 7000)]):
        monkeypatch.setattr("cleaner.corpus.jsonl.BLOCK_BYTES", block)
        folder = tmp_path / str(number)
        folder.mkdir()
        source = write(folder / "in.jsonl", rows)
        index = str(folder / "corpus.index")
        Run((source,), str(folder / "out.jsonl"), Config(select=("ND",)), workers=workers, index=index)()
        with NearDuplicateIndex.open(index) as opened:
            found.add(((folder / "out.jsonl").read_bytes(), tuple(opened._backend.sketches())))
    assert len(found) == 1


def test_an_index_that_does_not_fit_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", records(12, 1))
    index = str(tmp_path / "corpus.index")
    NearDuplicateIndex.open(index, threshold=0.8).close()
    command = ["clean", source, "-o", str(tmp_path / "out.jsonl")]
    result = CliRunner().invoke(main, [*command, "--index", index])
    assert (result.exit_code, "ask for threshold 0.8, or build another index" in result.stderr) == (2, True)
    result = CliRunner().invoke(main, [*command, "--index", index, "--ignore", "ND"])
    assert (result.exit_code, "the rules ND101, ND102 and ND103 do not run" in result.stderr) == (2, True)
    result = CliRunner().invoke(main, [*command, "--index", str(tmp_path / "none"), "--read-only"])
    assert (result.exit_code, "there is no such index" in result.stderr) == (2, True)
    result = CliRunner().invoke(main, [*command, "--read-only"])
    assert (result.exit_code, "--read-only is about an --index" in result.stderr) == (2, True)
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "corpus.index"}


def test_a_dry_run_leaves_the_index_as_it_is(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", records(13))
    index = tmp_path / "corpus.index"
    NearDuplicateIndex.open(index).close()
    before = index.read_bytes()
    command = ["clean", source, "-o", str(tmp_path / "out.jsonl"), "--index", str(index), "--dry-run"]
    assert CliRunner().invoke(main, command, catch_exceptions=False).exit_code == 0
    assert index.read_bytes() == before
    assert not (tmp_path / "out.jsonl").exists()
