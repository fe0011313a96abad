"""What a run says of near-duplicates: the pairs that decided, capped buckets, texts of unusual length, same bytes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from planted_passages import planted
from running import lines
from versions_of_texts import versions

from cleaner.cli import main
from cleaner.config import Config
from cleaner.dedup import buckets, postings
from cleaner.dedup.leader import GreedyLeader
from cleaner.dedup.sketch import Sketcher
from cleaner.runner.run import Run


def corpus(path: Path, texts: list[str]) -> str:
    rows = [json.dumps({"id": f"d{number}", "text": text}) + "\n" for number, text in enumerate(texts)]
    path.write_text("".join(rows), encoding="utf-8")
    return str(path)


def families(seed: int, count: int) -> list[str]:
    """Texts of which about every second is like one before it, some at the threshold, some just under."""
    draw = random.Random(seed)
    texts = []
    for _ in range(count):
        plain = [f"w{draw.getrandbits(30)}" for _ in range(80)]
        for _ in range(draw.randrange(1, 4)):
            changed = list(plain)
            for _ in range(draw.randrange(5)):
                changed[draw.randrange(80)] = f"w{draw.getrandbits(30)}"
            texts.append(" ".join(changed))
    draw.shuffle(texts)
    return texts


def test_the_pairs_that_decided_are_those_of_the_excluded_records(tmp_path: Path) -> None:
    plain = [f"w{number}" for number in range(100)]
    texts = [" ".join(plain), " ".join(plain).upper(), " ".join(plain[:-1]), "A text that is like none of them.", ""]
    pairs = tmp_path / "pairs.jsonl"
    Run((corpus(tmp_path / "in.jsonl", texts),), str(tmp_path / "c.jsonl"), Config(), duplicates=str(pairs))()
    found = lines(pairs)
    assert [(row["id"], row["code"], row["duplicate_of"], row["similarity"]) for row in found] == [
        ("d1", "ND101", "d0", 1.0),
        ("d2", "ND102", "d0", round(95 / 96, 6)),
    ]
    excluded = {row["id"]: row["excluded"] for row in lines(tmp_path / "c.excluded.jsonl")}
    assert set(excluded) == {"d1", "d2", "d4"}
    for row in found:
        assert excluded[row.pop("id")] == row
    assert found[1]["method"] == "near"
    assert {100, 99} <= {value for value in found[1].values() if isinstance(value, int)}


def test_the_summary_says_that_a_bucket_was_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "BUCKET_CAP", 20)
    monkeypatch.setattr(buckets, "_CROWD", 8)
    draw = random.Random(5)
    template = " ".join(f"item{number}" for number in range(100))
    texts = [f"{template} " + " ".join(str(draw.getrandbits(30)) for _ in range(30)) for _ in range(40)]
    summary = Run((corpus(tmp_path / "in.jsonl", texts),), str(tmp_path / "c.jsonl"))()
    assert summary.capped_buckets > 0

    from rich.console import Console

    from cleaner.report.summary import print_summary

    console = Console(record=True, width=200)
    print_summary(console, summary)
    told = console.export_text()
    assert f"{summary.capped_buckets} groups of candidates were too large to be compared in full" in told
    assert 0 < summary.partly_compared < 40
    assert f"{summary.partly_compared} kept texts were compared with their first ones alone" in told
    assert json.loads((tmp_path / "c.manifest.json").read_text())["counts"]["partly_compared"] == (
        summary.partly_compared
    )


def test_a_text_of_ten_megabytes_is_compared_like_any_other(tmp_path: Path) -> None:
    draw = random.Random(6)
    words = [f"w{draw.getrandbits(26)}" for _ in range(1_060_000)]
    long = " ".join(words)
    words[400_000] = "other"
    texts = [long, " ".join(words), " ".join(words[:500_000])]
    assert len(long) > 10_000_000
    begun = time.process_time()
    Run((corpus(tmp_path / "in.jsonl", texts),), str(tmp_path / "c.jsonl"), Config(select=("ND",)))()
    assert time.process_time() - begun < 60
    (pair,) = lines(tmp_path / "c.excluded.jsonl")
    shared = len(words) - 4 - 5
    assert pair["excluded"]["duplicate_of"] == "d0"
    assert pair["excluded"]["similarity"] == round(shared / (shared + 10), 6)


def test_one_word_repeated_for_megabytes_is_one_shingle(tmp_path: Path) -> None:
    texts = ["word " * 1_000_000, "word " * 999_999, "word"]
    Run((corpus(tmp_path / "in.jsonl", texts),), str(tmp_path / "c.jsonl"), Config(select=("ND",)))()
    assert [row["id"] for row in lines(tmp_path / "c.jsonl")] == ["d0", "d2"]
    (pair,) = lines(tmp_path / "c.excluded.jsonl")
    assert (pair["excluded"]["code"], pair["excluded"]["similarity"]) == ("ND102", 1.0)


@pytest.mark.parametrize("options", [(), ("--contained", "0.9"), ("--passages", "3")])
def test_hash_seeds_workers_and_chunks_do_not_change_a_verdict(options: tuple[str, ...], tmp_path: Path) -> None:
    texts = {
        (): lambda: families(7, 400),
        ("--contained", "0.9"): lambda: [row["text"] for row in versions(7, 250)],
        ("--passages", "3"): lambda: [row["text"] for row in planted(7, 600, 60)],
    }[options]()
    one = tmp_path / "in.jsonl"
    corpus(one, texts)
    # Files are chunks of their own: one record in each, seven, or a thousand.
    rows = one.read_text(encoding="utf-8").splitlines(keepends=True)
    found = []
    for seed, workers, size in (("0", "1", 1000), ("1", "2", 7), ("4711", "4", 1)):
        folder = tmp_path / f"{size}"
        folder.mkdir()
        parts = [folder / f"{start:05}.jsonl" for start in range(0, len(rows), size)]
        for number, part in enumerate(parts):
            part.write_text("".join(rows[number * size : (number + 1) * size]), encoding="utf-8")
        command = [sys.executable, "-m", "cleaner", "clean", str(folder), "-o", str(tmp_path / f"{size}.jsonl")]
        command += ["--select", "ND", "--workers", workers, "--duplicates", str(tmp_path / f"{size}.pairs.jsonl")]
        command += options
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
        names = (f"{size}.jsonl", f"{size}.excluded.jsonl", f"{size}.ledger.jsonl", f"{size}.pairs.jsonl")
        found.append([(tmp_path / name).read_bytes() for name in names])
    assert found[0] == found[1] == found[2]
    code = {"--contained": b"ND103", "--passages": b"ND104"}.get(options[0] if options else "", b"ND102")
    assert sum(output.count(code) for output in found[0]) > 100


def test_the_command_names_the_file_of_pairs(tmp_path: Path) -> None:
    source = corpus(tmp_path / "in.jsonl", ["The ferry leaves at nine.", "The ferry leaves at nine."])
    pairs = tmp_path / "pairs.jsonl"
    command = ["clean", source, "-o", str(tmp_path / "c.jsonl"), "--duplicates", str(pairs), "--workers", "1"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.stderr
    assert [row["duplicate_of"] for row in lines(pairs)] == ["d0"]
    assert "the pairs that decided" in result.stderr


@pytest.mark.parametrize("contained", [0.0, 0.95])
@pytest.mark.parametrize("cap", [5, 40, 1000])
def test_whatever_is_missed_among_texts_of_one_template_is_told(
    cap: int, contained: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts of one template, .58 alike, and pairs of them .61 alike: it is told which were not compared with all."""
    for module in (buckets, postings):
        monkeypatch.setattr(module, "BUCKET_CAP", cap)
        monkeypatch.setattr(module, "_CROWD", 2)
    draw = random.Random(21)
    template = [f"w{draw.getrandbits(30):x}" for _ in range(60)]
    texts = []
    for _ in range(150):
        own = [f"w{draw.getrandbits(30):x}" for _ in range(44)]
        texts.append([*template, *own[:22]])
        if draw.random() < 0.5:
            texts.append([*template, *own[:3], *own[25:]])
    draw.shuffle(texts)
    source = corpus(tmp_path / "in.jsonl", [" ".join(text) for text in texts])
    config = Config(select=("ND",), threshold=0.6, contained=contained)
    summary = Run((source,), str(tmp_path / "c.jsonl"), config, groups=str(tmp_path / "groups.jsonl"))()
    kept = [int(row["id"][1:]) for row in lines(tmp_path / "c.jsonl")]
    sets = {number: {tuple(texts[number][i : i + 5]) for i in range(len(texts[number]) - 4)} for number in kept}
    left = {
        one
        for place, one in enumerate(kept)
        for other in kept[:place]
        if len(sets[one] & sets[other]) / len(sets[one] | sets[other]) >= 0.6
    }
    groups = lines(tmp_path / "groups.jsonl")
    told = {int(row["id"][1:]) for row in groups if row.get("partly_compared")}
    assert (len(left) > 0) == (cap < 1000)
    assert left <= told <= set(kept)
    assert len(told) == summary.partly_compared
    assert (len(told) > 0) == (summary.capped_buckets > 0) == (cap < 1000)
    assert all(row["removed"] or row["partly_compared"] for row in groups)


def test_a_leader_that_goes_on_compares_with_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept before an interruption is added without a look; buckets are cut where they would have been."""
    monkeypatch.setattr(buckets, "BUCKET_CAP", 10)
    monkeypatch.setattr(buckets, "_CROWD", 2)
    draw = random.Random(22)
    template = " ".join(f"item{number}" for number in range(100))
    texts = [f"{template} " + " ".join(str(draw.getrandbits(30)) for _ in range(45)) for _ in range(60)]
    texts += [text.rpartition(" ")[0] for text in texts]
    sketcher = Sketcher(0.7)
    sketches = list(zip(map(str, range(len(texts))), sketcher.batch(texts), strict=True))

    def decided(leader: GreedyLeader, start: int) -> list[tuple[object, bool]]:
        return [(leader.decide(id_, sketch), leader.partly_compared(id_)) for id_, sketch in sketches[start:]]

    with GreedyLeader(sketcher, tmp_path) as leader:
        expected = decided(leader, 0)
    assert any(drop for drop, _ in expected)
    assert any(partly for _, partly in expected)
    for start in (50, 100):
        with GreedyLeader(sketcher, tmp_path) as leader:
            for (id_, sketch), (drop, _) in zip(sketches[:start], expected, strict=False):
                if drop is None:
                    leader.add(id_, sketch)
            assert decided(leader, start) == expected[start:]
