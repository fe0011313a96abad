"""What a worker loads before its first text: counted in files and modules, since a clock depends on the machine."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, os, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" and isinstance(args[0], str) else None)
from cleaner.config import Config
from cleaner.runner.task import Task
Task.of(Config(), as_json=True).warm_up()
shown = [os.path.basename(path) for path in opened if {wanted}]
print(json.dumps([shown, sorted(sys.modules)]))
"""


def started(wanted: str) -> tuple[list[str], list[str]]:
    program = PROGRAM.replace("{wanted}", wanted)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    files, modules = json.loads(run.stdout)
    return files, modules


def test_a_worker_reads_one_table_of_languages_and_no_profile() -> None:
    files, _ = started("'/tables/' in path or '/profiles/' in path")
    assert files == ["Latin"]


def test_a_worker_reads_each_pack_and_each_model_once() -> None:
    files, _ = started("path.endswith(('.toml', '.model', '.npz'))")
    assert len(files) == len(set(files))
    assert [name for name in files if not name.endswith(".toml")] == ["lines.model"]


def test_a_worker_loads_no_library_that_its_first_text_does_not_need() -> None:
    _, modules = started("False")
    for name in ("numpy.random", "langdetect", "datasketch", "rich", "click", "trafilatura", "lxml", "email", "ssl"):
        assert name not in modules, name
