"""A folder of very many files: what is written and remembered of each does not fill the memory, and is as it was."""

from __future__ import annotations

import gc
import io
import itertools
import json
import os
import random
import tracemalloc
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from running import ARTICLE

from cleaner.cli import main
from cleaner.config import Config
from cleaner.corpus import json_members
from cleaner.corpus.inputs import chunks
from cleaner.corpus.json_members import members
from cleaner.corpus.record import FieldNames
from cleaner.runner import opened
from cleaner.runner.manifest import HASH_BYTES, as_json, fingerprint, stamps
from cleaner.runner.run import Run
from cleaner.runner.state import ChangedError, Workplace


def texts(folder: Path, number: int) -> list[str]:
    folder.mkdir()
    paths = [folder / f"{index:04}.txt" for index in range(number)]
    for path in paths:
        path.write_text(ARTICLE)
    return list(map(str, paths))


def grown(do: Callable[[], object]) -> int:
    """Return by how many bytes the memory was larger at the most while something was done."""
    gc.collect()
    tracemalloc.start()
    try:
        do()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_manifest_has_its_inputs_piece_by_piece_and_is_formatted_as_one() -> None:
    made: dict[str, Any] = {
        "cleaner": "1",
        "kinds": {"inputs": [], "a": '"inputs": []'},
        "inputs": [],
        "outputs": ["é"],
    }
    for paths in ([], [__file__], [__file__, "nowhere", 'a"b\\c.txt']):
        written = b"".join(as_json(made, paths))
        assert (
            written
            == msgspec.json.format(json.dumps(json.loads(written), ensure_ascii=False), indent=2).encode() + b"\n"
        )
        assert [one["path"] for one in json.loads(written)["inputs"]] == paths
        assert json.loads(written)["kinds"] == made["kinds"]


def test_what_is_remembered_of_the_files_of_a_run_does_not_grow_with_them(tmp_path: Path) -> None:
    paths = texts(tmp_path / "in", 4_000)
    made: dict[str, Any] = {"inputs": []}
    work: dict[str, tuple[Callable[[], object], int]] = {
        "manifest": (lambda: deque(as_json(made, paths), maxlen=0), HASH_BYTES + 200_000),
        "fingerprint": (lambda: fingerprint(Config(), paths), 200_000),
        "workplace": (lambda: Workplace(tmp_path / "out.partial", {}, lambda: stamps(paths)).close(), 200_000),
        "reading": (lambda: next(iter(chunks(paths, FieldNames()))), 200_000),
    }
    for what, (do, most) in work.items():
        do()
        assert grown(do) < most, what


def test_only_the_members_that_are_asked_for_are_in_memory() -> None:
    data = json.dumps({"cleaner": "1", "inputs": [{"path": "a" * 50}] * 200_000, "outputs": ["c.jsonl"]}).encode()
    file = io.BytesIO(data)
    found: list[object] = []
    assert grown(lambda: found.append(members(file, ("cleaner", "outputs")))) < len(data) / 2
    assert found == [{"cleaner": "1", "outputs": ["c.jsonl"]}]


def test_members_are_what_json_says_wherever_a_block_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(5)
    names = ["cleaner", "inputs", "outputs", 'q"x', "a,b"]

    def value(depth: int = 0) -> Any:
        kind = drawn.randrange(6 if depth < 4 else 3)
        if kind == 0:
            return drawn.choice([None, True, -1.5, 7])
        if kind in (1, 2):
            return "".join(drawn.choices('ab"\\{}[],:é \n', k=drawn.randrange(20)))
        if kind == 3:
            return {drawn.choice(names): value(depth + 1) for _ in range(3)}
        return [value(depth + 1) for _ in range(3)]

    for number in range(600):
        made = {name: value() for name in drawn.sample(names, drawn.randrange(6))}
        text = json.dumps(made, indent=(None, 2)[number % 2], ensure_ascii=number % 3 == 0).encode()
        monkeypatch.setattr(json_members, "MEGABYTE", (1, 7, 100)[number % 3])
        assert members(io.BytesIO(text), ("cleaner", "outputs", "a,b")) == {
            name: made[name] for name in made if name in ("cleaner", "outputs", "a,b")
        }
    for bad in (b"", b"[1]", b'{"cleaner": ', b'{"cleaner": 1} x', b"\xff"):
        with pytest.raises(ValueError, match=r"."):
            members(io.BytesIO(bad), ("cleaner",))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
@pytest.mark.parametrize("kind", ["pipe", "holes"])
def test_a_manifest_that_has_no_end_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    texts(Path("in"), 1)
    for place in (Path("in/x.manifest.json"), Path("out.manifest.json")):
        if kind == "pipe":
            os.mkfifo(place)
        else:
            place.touch()
            os.truncate(place, 1 << 40)
    result = CliRunner().invoke(main, ["clean", "in", "-o", "c.jsonl"], catch_exceptions=False)
    assert (result.exit_code, len(Path("c.jsonl").read_bytes().splitlines())) == (0, 1)
    texts(Path("out"), 1)
    result = CliRunner().invoke(main, ["clean", "in", "-o", "out/"], catch_exceptions=False)
    assert (result.exit_code, "not known to be written by cleaner" in result.stderr) == (2, True)
    config = CliRunner().invoke(main, ["clean", "in", "-o", "d.jsonl", "--config", "in/x.manifest.json"])
    assert (config.exit_code, "in/x.manifest.json: " in config.stderr) == (2, True)


def interrupted(job: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do a run up to its first saved state."""
    monkeypatch.setattr(opened, "SAVE_EVERY_S", 0.0)

    chunks_done = itertools.count(1)

    def stop(_: object) -> None:
        if next(chunks_done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job(stop)


def test_a_run_goes_on_with_the_same_files_in_the_same_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = texts(tmp_path / "a", 150), texts(tmp_path / "b", 1)
    out = str(tmp_path / "out.jsonl")
    job = Run((str(tmp_path / "a"), str(tmp_path / "b")), out, Config(select=("WS",)))
    interrupted(job, monkeypatch)
    with pytest.raises(ChangedError, match="the inputs come in another order; --restart"):
        Run((str(tmp_path / "b"), str(tmp_path / "a")), out, Config(select=("WS",)))()
    with pytest.raises(ChangedError, match=rf"inputs '{second[0]}' is gone; --restart"):
        Run((str(tmp_path / "a"),), out, Config(select=("WS",)))()
    for path in first[:8]:
        os.utime(path, (1, 1))
    with pytest.raises(ChangedError) as told:
        Run(job.inputs, out, Config(select=("WS",)))()
    assert str(told.value).count("has changed") == 5
    assert "; and 3 more; --restart" in str(told.value)
    assert Run(job.inputs, out, Config(select=("WS",)), restart=True)().kept == 151
