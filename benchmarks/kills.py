"""Kill a run at random moments, go on each time, and compare its files with those of a run that nobody killed.

For example: `python benchmarks/kills.py corpus.jsonl.zst --kills 60 --out c.parquet --former old.jsonl --keep longest`.
What this script does not know is an option of `cleaner clean`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

# States are saved often, so that there is something to go on from at most moments of a run of a minute.
CLEAN = "import cleaner.runner.opened as run; run.SAVE_EVERY_S = {save}; from cleaner.cli import main; main()"

# What tells of time, and is therefore left out, by the end of a file's name.
TIMED = {".manifest.json": "seconds", "run.json": "timing"}

INDEX = "former.index"


class Torn:
    """A command that is given again and again in an empty folder, and killed, until it has finished."""

    def __init__(self, command: Sequence[str], folder: Path, former: Path | None) -> None:
        self._command = command
        self._folder = folder
        self._former = former
        self.resumed = 0

    def begin(self) -> None:
        """Make the folder, with an index in it as it was before the run."""
        self._folder.mkdir()
        if self._former is not None:
            shutil.copy(self._former, self._folder / INDEX)

    def killed(self, after_s: float | None) -> bool:
        """Start or go on, and kill the whole process group after so long; False where it had finished by then.

        So it has where all is in its place and only the process was still there to kill: to do it once more would be
        another run, which the manifest tells as a repetition where an index is.
        """
        self.resumed += any(self._folder.glob("*.partial/state"))
        process = subprocess.Popen(self._command, cwd=self._folder, stderr=subprocess.PIPE, start_new_session=True)
        try:
            _, errors = process.communicate(timeout=after_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return not any(self._folder.glob("*.manifest.json")) or any(self._folder.glob("*.partial/state"))
        if process.returncode != 0:
            raise SystemExit(f"a run failed with {process.returncode}: {errors.decode()}")
        return False

    def end(self) -> dict[str, bytes]:
        """Return what was written, by file, and remove the folder."""
        found = {str(path.relative_to(self._folder)): _content(path) for path in self._folder.rglob("*")}
        shutil.rmtree(self._folder)
        return found


def _content(path: Path) -> bytes:
    if path.is_dir():
        return b""
    for ending, key in TIMED.items():
        if path.name.endswith(ending):
            return json.dumps({k: v for k, v in json.loads(path.read_bytes()).items() if k != key}).encode()
    if path.name == INDEX:
        with closing(sqlite3.connect(path)) as index:
            return "\n".join(index.iterdump()).encode("utf-8", "surrogatepass")
    return path.read_bytes()


def main() -> None:
    """Kill and compare; exit 1 where one byte differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", nargs="+", type=Path)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--out", default="c.jsonl")
    parser.add_argument("--former", type=Path, help="a corpus to make an index of, for --index")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save-every-s", type=float, default=0.25)
    arguments, options = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as root:
        former = None
        if arguments.former:
            former = Path(root) / INDEX
            build = [sys.executable, "-m", "cleaner", "index", "build", str(arguments.former), "-o", str(former)]
            subprocess.run(build, check=True, capture_output=True)
            options += ["--index", INDEX]
        clean = [sys.executable, "-c", CLEAN.format(save=arguments.save_every_s), "clean"]
        inputs = [str(path.resolve()) for path in arguments.input]
        options += ["--duplicates", "pairs.jsonl", "--report", "run.json", "--progress", "never"]
        torn = Torn([*clean, *inputs, "-o", arguments.out, *options], Path(root) / "run", former)
        kill(torn, arguments.kills, random.Random(arguments.seed))


def kill(torn: Torn, most: int, draw: random.Random) -> None:
    """Let it run once undisturbed; then kill it so often, beginning anew whenever it has finished all the same."""
    begun = time.perf_counter()
    torn.begin()
    torn.killed(None)
    whole_s = time.perf_counter() - begun
    expected = torn.end()
    size = sum(map(len, expected.values()))
    print(f"undisturbed: {whole_s:.1f} s, {len(expected)} files, {size:,} bytes", flush=True)
    kills = runs = 0
    while kills < most:
        torn.begin()
        before, begun = kills, time.perf_counter()
        while torn.killed(draw.uniform(0.3, whole_s) if kills < most else None):
            kills += 1
        if kills == before:
            # Another load of the machine must not let most runs finish before they are killed.
            whole_s = min(whole_s, time.perf_counter() - begun)
        runs += 1
        compare(expected, torn.end())
        print(f"run {runs}: killed {kills - before} times, {kills} in all; the same bytes", flush=True)
    print(f"{kills} kills, {torn.resumed} attempts that went on, {runs} runs finished: all bytes the same")


def compare(expected: dict[str, bytes], found: dict[str, bytes]) -> None:
    """End with what differs, where something does."""
    wrong = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if wrong:
        raise SystemExit(f"not the same: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
