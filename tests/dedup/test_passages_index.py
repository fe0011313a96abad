"""Passages that are kept in an index: those of earlier corpora count, and nothing that is written is called back."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from planted_passages import planted, sentence
from running import lines, written

from cleaner.account.summary import Summary
from cleaner.cli import main
from cleaner.config import Config
from cleaner.dedup import NearDuplicateIndex, known
from cleaner.dedup.index import IndexMismatchError
from cleaner.dedup.index_file import IndexFileError
from cleaner.dedup.passages import Passages
from cleaner.runner.files import Files
from cleaner.runner.former import FormerCorpus
from cleaner.runner.run import Run

Records = list[dict[str, Any]]


def run(folder: Path, name: str, rows: Records, index: str | None = "corpus.index", **options: Any) -> Summary:
    source = folder / f"{name}-in.jsonl"
    if not source.exists():
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = Config(**{"select": ("ND",), "passages": 3} | options.pop("config", {}))
    place = None if index is None else str(folder / index)
    return Run((str(source),), str(folder / f"{name}.jsonl"), config, index=place, **options)()


def passages_of(folder: Path, index: str = "corpus.index") -> dict[tuple[int, int], tuple[str, int]]:
    """Return each passage by its digest, with its first text and how many have it."""
    with NearDuplicateIndex.open(folder / index, read_only=True) as opened:
        table = opened.before(opened.last()).passages
        assert table is not None
        return {
            (key, rest): (table.table.source(source), texts)
            for entries in table.table.every()
            for key, rest, source, _, _, texts in entries.tolist()
        }


def articles(count: int, *passages: str, seed: int = 2) -> list[str]:
    draw = random.Random(seed)
    return ["\n\n".join([*(sentence(draw, 40) for _ in range(6)), *passages]) for _ in range(count)]


def of(texts: list[str], name: str = "d") -> Records:
    return [{"id": f"{name}{number}", "text": text} for number, text in enumerate(texts)]


PASSAGE, OTHER = (sentence(random.Random(seed), 30) for seed in (50, 51))


def test_passages_of_an_earlier_corpus_count_and_its_texts_stay(tmp_path: Path) -> None:
    first, second = articles(2, PASSAGE), articles(3, PASSAGE, OTHER, seed=3)
    assert not run(tmp_path, "a", of(first)).edits
    before = (tmp_path / "a.jsonl").read_bytes()
    assert run(tmp_path, "b", of(second, "e")).edits == {"ND104": 5}
    assert (tmp_path / "a.jsonl").read_bytes() == before
    texts = [row["text"] for row in lines(tmp_path / "b.jsonl")]
    assert [(PASSAGE in text, OTHER in text) for text in texts] == [(False, True), (False, False), (False, False)]
    messages = {
        edit[3] for line in lines(tmp_path / "b.ledger.jsonl") for step in line["steps"] for edit in step["edits"]
    }
    path = tmp_path / "corpus.index"
    assert messages == {f"stands in 5 texts, first in d0, line 13 in {path}", "stands in 3 texts, first in e0, line 15"}
    with NearDuplicateIndex.open(path) as index:
        assert len(index) == 5
        assert index.info().passages == len(passages_of(tmp_path)) + 1
        assert index.info().settings["passages"] == str(known.VERSION)


@pytest.mark.parametrize("seed", range(5))
def test_the_second_of_two_corpora_loses_what_it_loses_in_one_run(seed: int, tmp_path: Path) -> None:
    rows = planted(100 + seed, 120, 40)
    draw = random.Random(seed)
    cuts = sorted(draw.sample(range(1, len(rows)), draw.choice([1, 2, 3])))
    least = draw.choice([2, 3, 4])
    config = {"passages": least, "threshold": 1.0, "passages_over_half": True}
    run(tmp_path, "whole", rows, None, config=config)
    whole = {line["id"]: line["steps"] for line in lines(tmp_path / "whole.ledger.jsonl")}
    texts = {row["id"]: row["text"] for row in lines(tmp_path / "whole.jsonl")}
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(rows)], strict=True)):
        run(tmp_path, f"part{number}", rows[start:end], config=config)
        found = {row["id"]: row["text"] for row in lines(tmp_path / f"part{number}.jsonl")}
        if end == len(rows):
            assert found == {id: texts[id] for id in found}
            steps = json.dumps([line["steps"] for line in lines(tmp_path / f"part{number}.ledger.jsonl")])
            steps = steps.replace(f" in {tmp_path / 'corpus.index'}", "")
            assert steps == json.dumps([whole[row["id"]] for row in rows[start:end]])
            assert "ND104" in steps
    (tmp_path / "one").mkdir()
    run(tmp_path / "one", "whole", rows, config=config)
    assert passages_of(tmp_path) == passages_of(tmp_path / "one")


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_done_again_comes_out_the_same_and_counts_nothing_twice(workers: int, tmp_path: Path) -> None:
    rows = planted(120, 80, 30)
    for name, some in (("a", rows[:40]), ("b", rows[40:])):
        run(tmp_path, name, some, workers=workers)
    files = [written(tmp_path, name) for name in ("a", "b")]
    counted = passages_of(tmp_path)
    for name, some in (("b", rows[40:]), ("a", rows[:40])):
        run(tmp_path, name, some, workers=workers)
    assert [written(tmp_path, name) for name in ("a", "b")] == files
    assert passages_of(tmp_path) == counted


@pytest.mark.parametrize("place", [(Passages, "find"), (FormerCorpus, "add"), (Files, "close"), (Files, "rewrite")])
@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_is_killed_counts_its_passages_once(
    place: tuple[type, str], after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = planted(121, 80, 30)
    for folder in ("whole", "torn"):
        (tmp_path / folder).mkdir()
        run(tmp_path / folder, "a", rows[:40])
    run(tmp_path / "whole", "b", rows[40:])
    owner, name = place
    original = getattr(owner, name)

    def killed(*arguments: Any, **named: Any) -> Any:
        if after:
            original(*arguments, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, killed)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path / "torn", "b", rows[40:])
    run(tmp_path / "torn", "b", rows[40:])
    path = [str(tmp_path / folder).encode() for folder in ("whole", "torn")]
    whole, torn = (written(tmp_path / folder, "b") for folder in ("whole", "torn"))
    assert [part.replace(path[1], path[0]) for part in torn] == whole
    assert passages_of(tmp_path / "torn") == passages_of(tmp_path / "whole")


def test_what_is_added_while_a_run_lasts_does_not_change_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = planted(122, 90, 30)
    run(tmp_path, "a", rows[:30])
    (tmp_path / "alone.index").write_bytes((tmp_path / "corpus.index").read_bytes())
    run(tmp_path, "alone", rows[30:60], "alone.index")
    original = Passages.find

    def meanwhile(self: Passages) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(Passages, "find", original)
            if not (tmp_path / "other.jsonl").exists():
                run(tmp_path, "other", rows[60:])
        return original(self)

    with monkeypatch.context() as patch:
        patch.setattr(Passages, "find", meanwhile)
        run(tmp_path, "b", rows[30:60])
    assert (tmp_path / "other.jsonl").exists()
    assert (tmp_path / "b.jsonl").read_bytes() == (tmp_path / "alone.jsonl").read_bytes()


def test_index_build_learns_passages_and_a_run_without_them_still_counts_its_own(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in of(articles(1, PASSAGE))))
    index = str(tmp_path / "corpus.index")
    command = ["index", "build", str(tmp_path / "corpus.jsonl"), "-o", index, "--passages"]
    assert CliRunner().invoke(main, command).exit_code == 0
    counted = passages_of(tmp_path)
    assert CliRunner().invoke(main, command[:-1]).exit_code == 0
    assert passages_of(tmp_path) == counted
    rows = of(articles(1, PASSAGE, seed=3), "e")
    summary = run(tmp_path, "b", rows, config={"passages": 0})
    assert [row["text"] for row in lines(tmp_path / "b.jsonl")] == [row["text"] for row in rows]
    assert not summary.edits
    summary = run(tmp_path, "c", of(articles(1, PASSAGE, seed=4), "f"), read_only=True)
    assert summary.edits == {"ND104": 1}
    assert sorted({texts for _, texts in passages_of(tmp_path).values()}) == [1, 2]


def test_standard_output_has_the_texts_of_a_run_that_only_counts(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(tmp_path, "a", of(articles(2, PASSAGE)))
    source = tmp_path / "b.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in of(articles(2, PASSAGE, seed=3), "e")))
    Run((str(source),), "-", Config(select=("ND",)), index=str(tmp_path / "corpus.index"))()
    assert [json.loads(line)["id"] for line in capfdbinary.readouterr().out.splitlines()] == ["e0", "e1"]
    assert max(texts for _, texts in passages_of(tmp_path).values()) == 4


def test_an_index_without_passages_and_one_in_memory_are_refused(tmp_path: Path) -> None:
    run(tmp_path, "a", of(articles(2)), config={"passages": 0})
    with pytest.raises(IndexMismatchError, match=r"made without passages.*index build CORPUS -o INDEX --passages"):
        run(tmp_path, "b", of(articles(2)))
    for place in (None, "redis://u:secret@127.0.0.1:1/0"):
        with pytest.raises(IndexMismatchError, match="keeps no passages") as refused:
            NearDuplicateIndex.open(place, passages=True)
        assert "secret" not in str(refused.value)


def test_another_version_of_passages_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "a", of(articles(2)))
    monkeypatch.setattr("cleaner.dedup.index.VERSION", known.VERSION + 1)
    with pytest.raises(IndexMismatchError, match=r"passages 1, here 2.*cleaner index build"):
        run(tmp_path, "b", of(articles(2)))


def test_merged_indexes_have_the_passages_of_both(tmp_path: Path) -> None:
    run(tmp_path, "a", of(articles(2, PASSAGE)), "a.index")
    run(tmp_path, "b", of(articles(3, PASSAGE, OTHER, seed=3), "e"), "b.index")
    run(tmp_path, "plain", of(articles(3, seed=4), "f"), "plain.index", config={"passages": 0})
    command = ["index", "merge", *(str(tmp_path / f"{name}.index") for name in ("corpus", "a", "b"))]
    assert CliRunner().invoke(main, command).exit_code == 0
    a, b = passages_of(tmp_path, "a.index"), passages_of(tmp_path, "b.index")
    expected = b | {digest: (id, max(texts, b.get(digest, ("", 0))[1])) for digest, (id, texts) in a.items()}
    assert passages_of(tmp_path) == expected
    assert CliRunner().invoke(main, command).exit_code == 0
    assert passages_of(tmp_path) == expected
    result = CliRunner().invoke(main, [*command[:3], str(tmp_path / "plain.index")])
    assert result.exit_code == 2
    assert "can be merged" in result.stderr


def test_slots_are_split_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "ENTRIES", 4)
    draw = random.Random(9)
    expected: dict[str, int] = {}
    for corpus in range(3):
        texts = ["\n\n".join(sentence(draw, 20 + number % 7) for number in range(12)) for _ in range(20)]
        expected |= dict.fromkeys((part for text in texts for part in text.split("\n\n")), 1)
        run(tmp_path, f"c{corpus}", of(texts, f"{corpus}-"))
    assert len(passages_of(tmp_path)) >= len(expected) == 3 * 20 * 12
    connection = sqlite3.connect(tmp_path / "corpus.index")
    (slots,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    connection.close()
    assert slots >= len(expected) / 4
    with NearDuplicateIndex.open(tmp_path / "corpus.index") as index:
        table = index._backend.passages
        assert table is not None
        keys = np.array([key for key, _ in passages_of(tmp_path)], np.uint64)
        assert len(table.known(keys)) == len(keys)
        assert len(table.known(keys, before=1)) == 0


def test_on_disk_a_paragraph_takes_less_than_a_hundred_bytes(tmp_path: Path) -> None:
    draw = random.Random(11)
    texts = ["\n\n".join(sentence(draw, 30) for _ in range(20)) for _ in range(1_000)]
    with NearDuplicateIndex.open(tmp_path / "corpus.index", passages=True) as index:
        empty = index.info().bytes
        with Passages(tmp_path, 0) as passages:
            for number, text in enumerate(texts):
                passages.add(f"d{number}", text)
            index.extend([], learn=passages.into)
    assert (tmp_path / "corpus.index").stat().st_size - empty < 100 * 20 * len(texts)


def test_damage_is_refused_and_never_answers_otherwise(tmp_path: Path) -> None:
    rows = planted(123, 30, 12)
    run(tmp_path, "a", rows[:15])
    index = tmp_path / "corpus.index"
    data = index.read_bytes()
    run(tmp_path, "right", rows[15:], read_only=True)
    right = written(tmp_path, "right")
    draw = random.Random(12)
    refused = 0
    for number in range(30):
        bit = draw.randrange(len(data) * 8)
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        index.write_bytes(flipped)
        try:
            run(tmp_path, "right", rows[15:], read_only=True, restart=True)
        except (IndexFileError, IndexMismatchError):
            refused += 1
        else:
            assert written(tmp_path, "right") == right, (number, bit)
    assert refused > 1
