"""Same input, same configuration: the same bytes, whatever the workers, the hash seed or the way they are started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.runner import pool
from cleaner.runner.run import Run

SAMPLES = Path(__file__).parents[1] / "samples"


def corpus(folder: Path) -> Path:
    """Write so many records that there are several chunks: every tenth is a copy, every third has cruft."""
    path = folder / "in.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(1500):
            seed = number - 7 if number % 10 == 9 else number
            words = [f"w{(seed * 31 + i * i) % 997}" for i in range(220)]
            text = " ".join(words) + ".\n\n" + ("Share on Facebook\n\n" if number % 3 else "") + "The end of the story."
            file.write(json.dumps({"id": f"d{number}", "text": text}) + "\n")
    return path


def files(folder: Path) -> dict[str, bytes]:
    """Give the files of a run by name, but for the manifest, which has the time it took."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if "manifest" not in path.name}


@pytest.mark.parametrize("out", ["corpus.jsonl", "corpus.jsonl.gz", "corpus.jsonl.zst", "corpus.parquet"])
def test_one_worker_and_two_give_the_same_bytes(tmp_path: Path, out: str) -> None:
    if out.endswith("parquet"):
        pytest.importorskip("pyarrow")
    source = corpus(tmp_path)
    results = []
    for workers in (0, 1, 2):
        folder = tmp_path / str(workers)
        folder.mkdir()
        Run((str(source), str(SAMPLES)), str(folder / out), workers=workers)()
        results.append(files(folder))
    assert results[0] == results[1] == results[2]
    assert len(results[0]) == 3
    assert list(results[0]) == [name for name in results[0] if not name.startswith(".")], "temporary files are gone"


def test_three_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    results = []
    for seed in ("0", "1", "4711"):
        folder = tmp_path / seed
        command = [
            sys.executable,
            "-m",
            "cleaner",
            "clean",
            str(SAMPLES),
            "-o",
            str(folder / "c.jsonl"),
            "--workers",
            "2",
        ]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
        results.append(files(folder))
    assert results[0] == results[1] == results[2]


def test_small_chunks_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.corpus import jsonl

    source = corpus(tmp_path)
    results = []
    for size in (1000, 7777, 1 << 20):
        monkeypatch.setattr(jsonl, "BLOCK_BYTES", size)
        folder = tmp_path / str(size)
        folder.mkdir()
        Run((str(source),), str(folder / "c.jsonl"))()
        results.append(files(folder))
    assert results[0] == results[1] == results[2]


def test_workers_are_spawned_and_not_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    get = pool.multiprocessing.get_context

    def spy(method: str | None = None) -> object:
        asked.append(method)
        return get(method)

    monkeypatch.setattr(pool.multiprocessing, "get_context", spy)
    Run((str(corpus(tmp_path)),), str(tmp_path / "c.jsonl"), workers=2)()
    assert set(asked) == {"spawn"}
