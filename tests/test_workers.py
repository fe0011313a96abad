"""What a worker brings along when it starts: the script that started it, with its modules; and no threads."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import ARTICLE

from cleaner.runner.spawn import GUARD, start
from cleaner.values import ONE_THREAD

UNGUARDED = {
    "to one place": """
import pyarrow
from cleaner.runner.run import Run
Run(("in",), "out.jsonl", workers=2)()
""",
    "to a place of its own": """
import tempfile, pyarrow
from cleaner.runner.run import Run
Run(("in",), tempfile.mkdtemp(dir=".") + "/out.parquet", workers=2)()
""",
    "again and again": """
import sys, tempfile, pyarrow
from cleaner.runner.run import Run
for _ in range(2):
    try:
        Run(("in",), tempfile.mkdtemp(dir=".") + "/out.parquet", workers=2)()
    except Exception as error:
        print(type(error).__name__, error, sep=": ", file=sys.stderr)
sys.exit(1)
""",
}
LARGE = """
import mmap
from cleaner.runner.run import Run
table = mmap.mmap(-1, 700 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
if __name__ == "__main__":
    print(Run(("in",), "out.jsonl", workers=2)().kept)
"""


def ran(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "in").mkdir()
    (folder / "in" / "a.txt").write_text(ARTICLE)
    (folder / "script.py").write_text(script)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "script.py"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("kind", UNGUARDED)
def test_a_script_that_begins_a_run_when_it_is_imported_is_told_what_to_do(kind: str, tmp_path: Path) -> None:
    done = ran(UNGUARDED[kind], tmp_path)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if line.endswith(f"workers cannot begin to work: {GUARD}")]
    assert len(said) == (2 if kind == "again and again" else 1), done.stderr
    assert done.stderr.count("Traceback") == (0 if kind == "again and again" else 1)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is known on Linux")
def test_what_a_script_loads_is_no_memory_of_a_record(tmp_path: Path) -> None:
    done = ran(LARGE, tmp_path)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


def _threads(found: multiprocessing.SimpleQueue[tuple[int, dict[str, str | None]]]) -> None:
    import numpy as np

    np.ones((200, 200)) @ np.ones((200, 200))
    number = len(os.listdir("/proc/self/task")) if sys.platform == "linux" else 1
    found.put((number, {name: os.environ.get(name) for name in ONE_THREAD}))


def test_a_worker_has_one_thread_whatever_the_number_of_cores() -> None:
    before = dict(os.environ)
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.SimpleQueue[tuple[int, dict[str, str | None]]] = context.SimpleQueue()
    process = context.Process(target=_threads, args=(found,))
    start(process)
    assert found.get() == (1, ONE_THREAD)
    process.join()
    assert dict(os.environ) == before
