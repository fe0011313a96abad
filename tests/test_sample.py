"""A sample of the records: of the size asked for, as likely as any other, the same whatever the workers and kills."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner
from running import cleaned_with_kills, lines

from cleaner.account.outcome import Outcome
from cleaner.cli import main
from cleaner.runner.sample import Draw, Sample, number_of
from cleaner.stored import Store

WORDS = [f"{a}{b}" for a in "bcdfglmnprst" for b in ("arrow", "illow", "ender", "oster", "umble")]


def records(folder: Path, number: int, *, long: bool = False) -> Path:
    """Write records of which no two are alike."""
    drawn = random.Random(7)
    path = folder / "in.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n in range(number):
            text = f"The {' '.join(drawn.choices(WORDS, k=400 if long else 30))} stayed on the pier of number {n}."
            file.write(json.dumps({"id": str(n), "text": text}) + "\n")
    return path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["clean", *arguments, "--progress", "never"])
    assert result.exit_code == 0, result.stderr
    return result.stderr


def drawn_by_hand(number: int, size: int, seed: int, path: Path) -> list[str]:
    """Return the ids of the sample as whoever has all numbers before them would draw it."""
    keys = sorted((number_of(f"{path}:{n + 1}", seed), n) for n in range(number))
    return [str(n) for n in sorted(n for _, n in keys[:size])]


@pytest.mark.parametrize("workers", ["1", "3"])
def test_a_sample_has_its_size_in_order_and_the_account_tells_the_rest(tmp_path: Path, workers: str) -> None:
    path = records(tmp_path, 3000)
    out = tmp_path / "out.jsonl"
    told = run(str(path), "-o", str(out), "--sample", "40", "--seed", "3", "--workers", workers)
    assert "40 in = 40 kept" in told
    assert "2,960 other records were not drawn" in told
    assert [record["id"] for record in lines(out)] == drawn_by_hand(3000, 40, 3, path)
    manifest = json.loads((tmp_path / "out.manifest.json").read_text())
    assert manifest["sample"] == {"records": 40, "seed": 3}
    assert (manifest["counts"]["read"], manifest["counts"]["not_drawn"]) == (40, 2960)
    assert manifest["counts"]["bytes_read"] == path.stat().st_size


def test_a_sample_is_the_same_in_chunks_of_any_size_and_another_by_another_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = records(tmp_path, 500)
    found = []
    for block, seed in ((1 << 20, "0"), (3000, "0"), (1 << 20, "1")):
        monkeypatch.setattr("cleaner.corpus.jsonl.BLOCK_BYTES", block)
        run(str(path), "-o", str(tmp_path / "out.jsonl"), "--sample", "20", "--seed", seed, "--workers", "1")
        found.append((tmp_path / "out.jsonl").read_bytes())
    assert found[0] == found[1] != found[2]


def test_a_sample_larger_than_the_input_is_the_input(tmp_path: Path) -> None:
    path = records(tmp_path, 30)
    assert "not drawn" not in run(str(path), "-o", str(tmp_path / "all.jsonl"), "--sample", "30", "--workers", "1")
    run(str(path), "-o", str(tmp_path / "whole.jsonl"), "--workers", "1")
    assert (tmp_path / "all.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_every_record_is_as_likely_as_any_other() -> None:
    """Of 40 records ten are drawn 4,000 times: each 1,000 times, give or take five standard deviations (27)."""
    hits = [0] * 40
    for seed in range(4000):
        sample = Sample(10, io.BytesIO(), Store(Outcome))
        for n in range(40):
            sample.take(Draw(number_of(f"in.jsonl:{n}", seed), Outcome(str(n), None, None, b"", b"")))
        for outcome in sample.outcomes():
            hits[int(outcome.id)] += 1
    assert sum(hits) == 40_000
    assert max(abs(number - 1000) for number in hits) < 137


def test_what_cannot_be_drawn_any_more_is_not_read() -> None:
    sample = Sample(2, io.BytesIO(), Store(Outcome))
    for number in (5, 9, 7):
        sample.take(Draw(number, Outcome(str(number), None, None, b"", b"")))
    assert sample.bound == 7
    sample.take(Draw(8, None))
    assert ([one.id for one in sample.outcomes()], sample.not_drawn) == (["5", "7"], 2)


def test_a_killed_run_goes_on_to_the_same_sample(tmp_path: Path) -> None:
    path = records(tmp_path, 4000, long=True)
    run(str(path), "-o", str(tmp_path / "whole.jsonl"), "--sample", "300", "--keep", "longest")
    kills = cleaned_with_kills(tmp_path, "out", "1", (0.5, 0.8, 1.2, 2.5), "--sample", "300", "--keep", "longest")
    assert kills
    for kind in ("jsonl", "ledger.jsonl", "excluded.jsonl"):
        assert (tmp_path / f"out.{kind}").read_bytes() == (tmp_path / f"whole.{kind}").read_bytes()
    assert not (tmp_path / "out.jsonl.partial").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seed", "1"], "--seed is about a --sample"),
        (["--sample", "3", "--limit", "5"], "choose one"),
        (["--sample", "3", "--engine", "spark"], "not with --engine spark"),
    ],
)
def test_what_does_not_go_with_a_sample_is_refused(tmp_path: Path, options: list[str], said: str) -> None:
    path = records(tmp_path, 3)
    result = CliRunner().invoke(main, ["clean", str(path), "-o", str(tmp_path / "out.jsonl"), *options])
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
