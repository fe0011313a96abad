"""The first worker of a command is a fork of it, where that is safe; what comes out is the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import ARTICLE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")

# Runs a command, and says on standard error how each of its workers was started.
COMMAND = """
import multiprocessing, sys
sys.path[:0] = [{tests!r}]
asked = []
get = multiprocessing.get_context
def spy(method=None):
    asked.append(method)
    return get(method)
multiprocessing.get_context = spy
{before}
from cleaner.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*asked, file=sys.stderr)
"""
# What it needs is loaded before the command begins, and numpy with it, which gets no threads here either.
HOSTILE = (
    "import os; from cleaner.values import ONE_THREAD; os.environ |= ONE_THREAD;"
    "import hostile, cleaner.runner.run as run; run.Task = hostile.HostileTask"
)
A_THREAD = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"
LARGE = "import numpy; held = numpy.ones(300 << 20, numpy.uint8)"


def cleaned(folder: Path, *options: str, before: str = "", ids: tuple[str, ...] = ()) -> list[str]:
    """Clean a small corpus by the command and return how its workers were started."""
    folder.mkdir()
    records = ({"id": id_, "text": f"{n} boats. {ARTICLE}"} for n, id_ in enumerate((*map(str, range(40)), *ids)))
    (folder / "in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    program = COMMAND.format(before=before, tests=str(Path(__file__).parent))
    command = [sys.executable, "-c", program, "clean", "in.jsonl", "-o", "out.jsonl", "-q", *options]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stderr.split()


def outputs(folder: Path) -> list[bytes]:
    return [(folder / f"out{end}.jsonl").read_bytes() for end in ("", ".excluded", ".ledger")]


@pytest.mark.parametrize("before", [A_THREAD, LARGE])
def test_a_command_forks_its_first_worker_where_nothing_else_runs_and_it_is_small(before: str, tmp_path: Path) -> None:
    assert cleaned(tmp_path / "forked", "--workers", "2") == ["fork"]
    assert cleaned(tmp_path / "spawned", "--workers", "2", before=before) == ["spawn"]
    assert outputs(tmp_path / "forked") == outputs(tmp_path / "spawned")


def test_a_forked_worker_that_hangs_or_dies_is_followed_by_one_that_is_started_afresh(tmp_path: Path) -> None:
    ids = ("hang-cleaning", "segfault", "memory", "late")
    asked = cleaned(tmp_path / "out", "--workers", "1", "--timeout-s", "1", before=HOSTILE, ids=ids)
    assert asked[0] == "fork"
    assert set(asked[1:]) == {"spawn"}
    excluded = outputs(tmp_path / "out")[1]
    reasons = {record["id"]: record["excluded"]["code"] for record in map(json.loads, excluded.splitlines())}
    assert {id_: reasons[id_] for id_ in ids} == dict(zip(ids, ("RD111", "RD112", "RD113", "ND102"), strict=True))


LOCK = """
import multiprocessing, sys, time
from pathlib import Path
from cleaner.runner.lock import Lock

lock = Lock(Path("lock"))
assert lock.take()
process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
process.start()
assert not Lock(Path("lock")).take()
lock.release()
deadline = time.monotonic() + 30
while not Lock(Path("lock")).take():
    assert time.monotonic() < deadline
    time.sleep(0.01)
assert process.is_alive()
process.kill()
"""


def test_a_forked_worker_that_outlives_its_parent_does_not_keep_the_lock_of_the_run(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", LOCK], cwd=tmp_path, env=environment, check=True, timeout=60)
