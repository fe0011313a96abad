"""One bad document costs one document; a killed run goes on and ends in the same bytes."""

from __future__ import annotations

import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import pytest
from forks import IN_SMALL_STEPS, Forks, is_saved_again
from hostile import BEGUN, HostileTask
from running import ARTICLE, lines

from cleaner.config import Config
from cleaner.corpus.record import FieldNames
from cleaner.errors import OutputError
from cleaner.runner import opened, pool, run
from cleaner.runner.manifest import stamps
from cleaner.runner.run import Run
from cleaner.runner.state import ChangedError, Workplace, differences
from cleaner.runner.task import Task


def text(number: int) -> str:
    return f"Boat {number} and {number * 7919} more. " + " ".join(
        f"w{(number * 31 + i * i) % 9973}" for i in range(120)
    )


def write(path: Path, ids: list[str]) -> Path:
    rows = ({"id": id_, "text": text(number)} for number, id_ in enumerate(ids))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def codes(folder: Path) -> dict[str, str]:
    return {r["id"]: r["excluded"]["code"] for r in lines(folder / "c.excluded.jsonl")}


def test_every_kind_of_bad_document_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "Task", HostileTask)
    bad = {
        "hang-cleaning": "RD111",
        "hang-reading": "RD111",
        "segfault": "RD112",
        "segfault-refused": "RD112",
        "sketch-segfault": "RD112",
        "killed": "RD112",
        "memory": "RD113",
        "memory-reading": "RD113",
        "sketch-memory": "RD113",
        "mistake": "RD114",
    }
    ids = [f"good-{n}" for n in range(40)]
    for place, id_ in enumerate(bad):
        ids.insert(4 * place + 3, id_)
    source = write(tmp_path / "in.jsonl", ids)
    summary = Run((str(source),), str(tmp_path / "c.jsonl"), workers=2, timeout_s=2)()
    assert [r["id"] for r in lines(tmp_path / "c.jsonl")] == [id_ for id_ in ids if id_.startswith("good")]
    reasons = {r["id"]: r["excluded"] for r in lines(tmp_path / "c.excluded.jsonl")}
    # Of what cannot even be read without harm, only the place is known.
    unread = ("hang-reading", "segfault-refused", "memory-reading")
    places = {f"{source}:{ids.index(id_) + 1}": id_ for id_ in unread}
    reasons = {places.get(id_, id_): reason for id_, reason in reasons.items()}
    assert {id_: reason["code"] for id_, reason in reasons.items()} == bad
    assert "took longer than 2 s" in reasons["hang-cleaning"]["message"]
    assert "SIGSEGV" in reasons["segfault"]["message"]
    assert "SIGKILL" in reasons["killed"]["message"]
    assert "KeyError" in reasons["mistake"]["message"]
    whole = next(r for r in lines(tmp_path / "c.excluded.jsonl") if r["id"] == "segfault")
    assert whole["text"] == text(ids.index("segfault"))
    assert summary.unreadable == len(bad)


@pytest.mark.skipif(sys.platform != "linux", reason="where the memory of a worker has a limit")
@pytest.mark.parametrize("large", ["large", "dies-where-memory-is-short"])
def test_no_record_goes_for_memory_that_others_left_in_its_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: str
) -> None:
    monkeypatch.setattr(run, "Task", HostileTask)
    ids = [f"{'keeps' if n % 4 else large}-{n}" for n in range(12)]
    source = write(tmp_path / "in.jsonl", ids)
    Run((str(source),), str(tmp_path / "c.jsonl"), workers=1)()
    assert codes(tmp_path) == {}
    assert [r["id"] for r in lines(tmp_path / "c.jsonl")] == ids


def test_workers_that_are_killed_from_outside_cost_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "Task", HostileTask)
    ids = [f"slow-{n}" if n % 4 == 0 else f"d{n}" for n in range(500)]
    source = write(tmp_path / "in.jsonl", ids)
    stop = threading.Event()
    killed: list[int] = []
    (tmp_path / "begun").mkdir()
    monkeypatch.setenv(BEGUN, str(tmp_path / "begun"))

    def begun(pid: int) -> int:
        own = tmp_path / "begun" / str(pid)
        return own.stat().st_size if own.exists() else 0

    def kill() -> None:
        while len(killed) < 12 and not stop.wait(1.0):
            pids = [child.pid for child in pool.multiprocessing.active_children() if child.pid]
            # A worker has to be through with a record before it is killed, however busy the machine.
            working = [pid for pid in pids if pid not in killed and begun(pid) > 1]
            if working:
                victim = working[len(killed) % len(working)]
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        Run((str(source),), str(tmp_path / "c.jsonl"), workers=2)()
    finally:
        stop.set()
        killer.join()
    assert len(killed) >= 2
    assert codes(tmp_path) == {}
    monkeypatch.undo()
    Run((str(source),), str(tmp_path / "undisturbed.jsonl"))()
    for name in ("jsonl", "excluded.jsonl", "ledger.jsonl"):
        assert (tmp_path / f"c.{name}").read_bytes() == (tmp_path / f"undisturbed.{name}").read_bytes()


SLICE = (
    "import sys, cleaner.runner.opened as o; o.SAVE_EVERY_S = 0.05; from cleaner.cli import main; main(sys.argv[1:])"
)


def contents(folder: Path) -> dict[str, object]:
    """Give the files of a run by name; without times in the manifest and the report; of an index what it has."""
    files: dict[str, object] = {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    for name, timed in (("c.manifest.json", "seconds"), ("run.json", "timing")):
        known = json.loads((folder / name).read_text().replace(str(folder), ""))
        files[name] = {key: value for key, value in known.items() if key != timed}
    if (folder / "former.index").exists():
        with closing(sqlite3.connect(folder / "former.index")) as index:
            files["former.index"] = list(index.iterdump())
    return files


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with closing(Forks()) as started:
        yield started


@pytest.mark.parametrize(
    ("out", "more"),
    [
        ("c.jsonl", ["--workers", "2"]),
        ("c.jsonl.gz", ["--workers", "1", "--index", "former.index"]),
        ("c.jsonl.zst", ["--workers", "1", "--keep", "longest"]),
        ("c.parquet", ["--workers", "2", "--learn"]),
        ("c/", ["--workers", "1"]),
    ],
)
def test_a_run_killed_again_and_again_ends_in_the_same_bytes(
    tmp_path: Path, forks: Forks, out: str, more: list[str]
) -> None:
    if out.endswith("parquet"):
        pytest.importorskip("pyarrow")
    source = tmp_path / "in.jsonl"
    rows = (
        {
            "id": n,
            "url": f"https://{n % 7}.example/{n}",
            "text": text(n - 5 if n % 9 == 8 else n) * 3 + f"\n\nShare on Facebook\n\nThe desk of paper {n % 7}",
        }
        for n in range(600)
    )
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    whole.mkdir()
    torn.mkdir()
    options = ["--report", "run.json", "--progress", "never", *more]
    arguments = ["clean", str(source), "-o", out, *options]
    subprocess.run([sys.executable, "-m", "cleaner", *arguments], cwd=whole, check=True, capture_output=True)
    state = torn / (out.rstrip("/") + ".partial") / "state"
    waits = (0.0, 0.0, 0.1, 0.05, 0.2)
    kills = sum(forks.killed(torn, arguments, is_saved_again(state), wait) for wait in waits)
    assert kills >= 1
    subprocess.run([*IN_SMALL_STEPS, *arguments], cwd=torn, check=True, capture_output=True)
    assert contents(torn) == contents(whole)


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("keep", ["first", "longest"])
def test_a_run_interrupted_after_it_has_added_to_an_index_tells_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: str, restart: bool
) -> None:
    from cleaner.runner.files import Files

    source = write(tmp_path / "in.jsonl", [f"d{n}" for n in range(20)])
    config = Config(keep=keep)
    whole = Run((str(source),), str(tmp_path / "a.jsonl"), config, index=str(tmp_path / "a.index"))()
    torn = Run((str(source),), str(tmp_path / "b.jsonl"), config, index=str(tmp_path / "b.index"))

    def killed(self: Files) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Files, "close", killed)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            torn()
    monkeypatch.undo()
    summary = replace(torn, restart=restart)()
    assert whole.index is not None
    assert summary.index is not None
    assert (summary.index.added, summary.index.repeated) == (whole.index.added, False) == (20, False)
    assert (tmp_path / "b.jsonl").read_bytes() == (tmp_path / "a.jsonl").read_bytes()


def test_a_run_goes_on_only_with_the_same_input_and_configuration(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [f"d{n}" for n in range(10)])
    out = tmp_path / "c.jsonl"
    job = Run((str(source),), str(out))

    made_of = run.fingerprint(job.config, job.inputs, outputs=job.outputs()._asdict(), limit=None)
    place = Workplace(Path(f"{out}.partial"), made_of, lambda: stamps(job.inputs))
    place.state.chunks = 1
    place.save()
    place.close()
    with pytest.raises(ChangedError, match=r"threshold was 0.7 and is 0.8; --restart begins anew"):
        Run((str(source),), str(out), Config(threshold=0.8))()
    with pytest.raises(ChangedError, match=r"limit was None and is 3"):
        Run((str(source),), str(out), limit=3)()
    os.utime(source, (1, 1))
    with pytest.raises(ChangedError, match=r"inputs '.*in.jsonl' has changed"):
        job()
    assert Run((str(source),), str(out), restart=True)().kept == 10


def test_a_full_disk_ends_clearly_and_the_same_command_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(tmp_path / "in.jsonl", [f"d{n}" for n in range(3000)])
    out = tmp_path / "c.jsonl"
    monkeypatch.setattr(opened, "SAVE_EVERY_S", 0.0)
    from cleaner.runner.files import Files

    write_one, count = Files.write, [0]

    def full(self: Files, *arguments: object) -> None:
        count[0] += 1
        if count[0] == 2900:
            raise OSError(errno.ENOSPC, "No space left on device")
        write_one(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Files, "write", full)
    with pytest.raises(OutputError, match="No space left on device; when that is mended, the same command goes on"):
        Run((str(source),), str(out))()
    monkeypatch.undo()
    assert not out.exists()
    assert Run((str(source),), str(out))().kept == 3000
    assert [r["id"] for r in lines(out)] == [f"d{n}" for n in range(3000)]


def test_a_limit_of_the_system_on_files_ends_clearly_and_the_same_command_goes_on(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [f"d{n}" for n in range(1000)])
    out = tmp_path / "c.jsonl"
    command = [sys.executable, "-c", SLICE, "clean", str(source), "-o", str(out), "--workers", "1"]
    limited = ["bash", "-c", 'ulimit -f 300; exec "$@"', "-", *command]
    done = subprocess.run(limited, capture_output=True, text=True)
    assert done.returncode == 2
    assert "File too large; when that is mended, the same command goes on from here" in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()
    subprocess.run(command, check=True, capture_output=True)
    assert [r["id"] for r in lines(out)] == [f"d{n}" for n in range(1000)]


def test_a_run_that_is_told_to_end_says_how_to_go_on(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [f"d{n}" for n in range(20_000)])
    out = tmp_path / "c.jsonl"
    command = [sys.executable, "-c", SLICE, "clean", str(source), "-o", str(out), "--workers", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "c.jsonl.partial" / "state").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.terminate()
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on" in stderr
    assert "Traceback" not in stderr


def test_a_reader_that_is_faster_than_the_workers_waits(tmp_path: Path) -> None:
    given = 0

    class Small:
        size = 1000

        def items(self) -> list[object]:
            time.sleep(0.01)
            return []

    def endless() -> object:
        nonlocal given
        for _ in range(60):
            given += 1
            yield Small()

    task = Task.of(Config(), as_json=True)
    ahead = 0
    for done, _ in enumerate(pool.outcomes(task, endless(), 0, 30)):  # type: ignore[arg-type]
        ahead = max(ahead, given - done)
    assert ahead <= 1
    given = 0
    source = write(tmp_path / "in.jsonl", [f"d{n}" for n in range(4000)])
    from cleaner.corpus import jsonl

    def counted() -> object:
        nonlocal given
        with source.open("rb") as stream:
            for chunk in jsonl.read_jsonl(stream, str(source), FieldNames()):
                for piece in range(20):
                    given += 1
                    yield jsonl.LinesChunk(chunk.path, piece, chunk.data[:2000], chunk.names)  # type: ignore[attr-defined]

    ahead = 0
    results = pool.outcomes(task, counted(), 2, 30)  # type: ignore[arg-type]
    for done, _ in enumerate(results):
        time.sleep(0.01)
        ahead = max(ahead, given - done)
    assert 1 < ahead <= 2 * pool.AHEAD + 1


@pytest.mark.parametrize(
    ("gate", "exit_code"),
    [
        ("excluded > 40%", 0),
        ("excluded > 10%", 1),
        ("TX101 >= 1", 1),
        ("kept < 3", 0),
        ("duplicates > 0", 0),
        ("empty-text >= 1", 1),
        ("bad-json > 0", 0),
        ("WS102 > 0", 1),
        ("trailing-space > 1", 0),
    ],
)
def test_gates_decide_the_exit_code(tmp_path: Path, gate: str, exit_code: int) -> None:
    from click.testing import CliRunner

    from cleaner.cli import main

    source = write(tmp_path / "in.jsonl", ["a", "b", "c", "d"])
    with source.open("a") as file:
        file.write(json.dumps({"id": "empty", "text": ""}) + "\n")
        file.write(json.dumps({"id": "space", "text": "Trailing  \nspace"}) + "\n")
    result = CliRunner().invoke(main, ["clean", str(source), "-o", str(tmp_path / "c.jsonl"), "--fail-if", gate])
    assert result.exit_code == exit_code, result.stderr
    assert ("broke a gate" in result.stderr) == bool(exit_code)
    assert len(lines(tmp_path / "c.jsonl")) == 5


def test_max_unreadable_is_a_gate_and_a_wrong_gate_is_refused(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from cleaner.cli import main

    source = tmp_path / "in.jsonl"
    source.write_text("{\n" + json.dumps({"text": ARTICLE}) + "\n")
    command = ["clean", str(source), "-o", str(tmp_path / "c.jsonl")]
    assert CliRunner().invoke(main, [*command, "--max-unreadable", "50%"]).exit_code == 0
    assert CliRunner().invoke(main, [*command, "--max-unreadable", "0"]).exit_code == 1
    wrong = CliRunner().invoke(main, [*command, "--fail-if", "exclud > 3"])
    assert (wrong.exit_code, "did you mean 'excluded'" in wrong.stderr) == (2, True)
    share = CliRunner().invoke(main, [*command, "--fail-if", "MJ101 > 5%"])
    assert (share.exit_code, "leave the % away" in share.stderr) == (2, True)


def test_the_manifest_repeats_the_run(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from cleaner.cli import main

    source = write(tmp_path / "in.jsonl", ["a", "b", "c"])
    first, second = tmp_path / "c.jsonl", tmp_path / "d.jsonl"
    options = ["--threshold", "0.9", "--min-words", "3", "--ignore", "BP"]
    CliRunner().invoke(main, ["clean", str(source), "-o", str(first), *options], catch_exceptions=False)
    manifest = json.loads((tmp_path / "c.manifest.json").read_text())
    table = manifest["configuration"]
    assert (table["ignore"], table["min_words"], table["threshold"], table["ngram"]) == (["BP"], 3, 0.9, 5)
    assert set(table) == {field.name for field in fields(Config) if field.init} - {"site_lines", "baseline"}
    assert set(manifest["libraries"]) >= {"chardet", "trafilatura"}
    assert manifest["limit"] is None
    assert manifest["inputs"][0]["bytes"] == source.stat().st_size
    assert manifest["counts"]["kept"] == 3
    again = ["clean", str(source), "-o", str(second), "--config", str(tmp_path / "c.manifest.json")]
    assert CliRunner().invoke(main, again, catch_exceptions=False).exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    assert json.loads((tmp_path / "d.manifest.json").read_text())["configuration"] == manifest["configuration"]


def test_a_log_has_a_line_of_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from cleaner.cli import main
    from cleaner.report import progress

    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    source = write(tmp_path / "in.jsonl", ["a", "b", "c"])
    result = CliRunner().invoke(main, ["clean", str(source), "-o", str(tmp_path / "c.jsonl"), "--log-format", "json"])
    events = [json.loads(line) for line in result.stderr.split("\n") if line]
    assert [event["event"] for event in events] == ["begins", "progress", "finished"]
    assert events[-1]["read"] == 3


def test_two_runs_do_not_write_one_output(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [f"d{n}" for n in range(20_000)])
    out = tmp_path / "c.jsonl"
    command = [sys.executable, "-c", SLICE, "clean", str(source), "-o", str(out), "--workers", "1"]
    first = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not (tmp_path / "c.jsonl.partial" / "state").exists():
        assert first.poll() is None
        time.sleep(0.01)
    try:
        for more in ([], ["--restart"]):
            second = subprocess.run([*command, *more], capture_output=True, text=True)
            assert (second.returncode, f"another run is writing {out}" in second.stderr) == (2, True)
    finally:
        first.kill()
        first.wait()
    Workplace(Path(f"{out}.partial"), {}, restart=True).remove()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


def test_a_run_that_dies_after_it_put_its_folder_in_place_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path / "in.jsonl", ["a", "b"])
    job = Run((str(source),), f"{tmp_path}/texts/")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "_write_manifest", killed)
    with pytest.raises(KeyboardInterrupt):
        job()
    assert len(list((tmp_path / "texts").iterdir())) == 2
    monkeypatch.undo()
    assert job().kept == 2
    assert job().kept == 2


def test_a_folder_that_is_named_like_unfinished_work_and_is_none_stays(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", ["a"])
    mine = tmp_path / "c.jsonl.partial" / "corpus"
    mine.parent.mkdir()
    for name in ("thesis.txt", "corpus"):
        mine = mine.rename(mine.with_name(name)) if mine.exists() else mine.with_name(name)
        mine.write_text("ten years of work")
        for restart in (False, True):
            with pytest.raises(OutputError, match=f"holds something else .{name}"):
                Run((str(source),), str(tmp_path / "c.jsonl"), restart=restart)()
        assert mine.read_text() == "ten years of work"


@pytest.mark.parametrize("bytes_", [b"", b"no pickle", b"\x80\x05K\x01.", b"cos\nnothing_here\n.", b"\x80\x05\x8c\xff"])
def test_a_damaged_state_is_told_and_begun_anew_when_asked(tmp_path: Path, bytes_: bytes) -> None:
    source = write(tmp_path / "in.jsonl", ["a"])
    state = tmp_path / "c.jsonl.partial" / "state"
    state.parent.mkdir()
    state.write_bytes(bytes_)
    with pytest.raises(ChangedError, match="--restart begins anew"):
        Run((str(source),), str(tmp_path / "c.jsonl"))()
    assert Run((str(source),), str(tmp_path / "c.jsonl"), restart=True)().kept == 1


PACK = """
code = "XX101"
name = "house-lines"
why = "Every page of the house ends in them."
wrong_when = "A text is about the house."
[en]
sure = ["Brought to you by the kiosk"]
"""


def test_a_run_with_other_rules_in_its_pack_is_another_run(tmp_path: Path) -> None:
    source, pack = write(tmp_path / "in.jsonl", ["a", "b"]), tmp_path / "my-rules.toml"
    pack.write_text(PACK)
    job = Run((str(source),), str(tmp_path / "c.jsonl"), Config(packs=(str(pack),)), index=str(tmp_path / "i"))
    job()
    again = job()
    assert again.index is not None
    assert again.index.repeated
    pack.write_text(PACK.replace("kiosk", "booth"))
    another = job()
    assert another.index is not None
    assert not another.index.repeated

    made_of = run.fingerprint(job.config, job.inputs)
    pack.write_text(PACK)
    assert differences(made_of, run.fingerprint(job.config, job.inputs)) == [f"rules of {str(pack)!r} has changed"]


def test_a_manifest_names_files_so_that_it_is_a_configuration_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from cleaner.cli import main

    monkeypatch.chdir(tmp_path)
    write(tmp_path / "in.jsonl", ["a", "b"])
    (tmp_path / "my-rules.toml").write_text(PACK)
    (tmp_path / "lines.json").write_text('{"version": 1, "sites": {}}')
    (tmp_path / "cleaner.toml").write_text(
        'packs = ["my-rules.toml"]\nsite_lines = "lines.json"\n[per_file_ignores]\n"old/*.txt" = ["BP"]\n'
    )
    given = ["clean", "in.jsonl", "-o", "play/k.jsonl", "--limit", "1"]
    assert CliRunner().invoke(main, given, catch_exceptions=False).exit_code == 0
    first = json.loads((tmp_path / "play" / "k.manifest.json").read_text())
    assert first["configuration"]["packs"] == ["../my-rules.toml"]
    assert first["limit"] == 1
    assert first["packs"][0]["xxh3_128"]
    again = ["clean", "in.jsonl", "-o", "k.jsonl", "--config", "play/k.manifest.json"]
    assert CliRunner().invoke(main, again, catch_exceptions=False).exit_code == 0
    second = json.loads((tmp_path / "k.manifest.json").read_text())["configuration"]
    assert (second["packs"], second["site_lines"]) == (["my-rules.toml"], "lines.json")
    assert second["per_file_ignores"] == {"old/*.txt": ["BP"]}


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_run_that_goes_on_says_after_how_many_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log_format: str
) -> None:
    from click.testing import CliRunner

    from cleaner.cli import main

    source = write(tmp_path / "in.jsonl", ["a", "b", "c"])
    command = ["clean", str(source), "-o", str(tmp_path / "c.jsonl"), "--log-format", log_format]
    with monkeypatch.context() as patch:
        patch.setattr(run, "put_in_place", lambda *_, **__: sys.exit("killed"))
        assert "goes on" not in CliRunner().invoke(main, command).stderr
    told = CliRunner().invoke(main, command, catch_exceptions=False).stderr
    assert ("goes on after 3 records" if log_format == "text" else '{"event": "goes on", "records": 3}') in told
