"""Kill a run at random moments, go on each time, and compare its files with those of a run that nobody killed.

For example: `python benchmarks/kills.py corpus.jsonl.zst --kills 60 --out c.jsonl.zst`.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# States are saved often, so that there is something to go on from at most moments of a run of a minute.
CLEAN = "import cleaner.runner.run as run; run.SAVE_EVERY_S = {save}; from cleaner.cli import main; main()"


class Torn:
    """One run that is begun, killed and gone on with until it has finished."""

    def __init__(self, command: list[str], partial: Path) -> None:
        self._command = command
        self._partial = partial
        self.resumed = 0

    def killed(self, after_s: float) -> bool:
        """Start or go on, and kill the whole process group after so long; False where it had finished by then."""
        self.resumed += (self._partial / "state").exists()
        process = subprocess.Popen(self._command, stderr=subprocess.PIPE, start_new_session=True)
        try:
            _, errors = process.communicate(timeout=after_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return True
        if process.returncode != 0:
            raise SystemExit(f"a run failed with {process.returncode}: {errors.decode()}")
        return False


def written(folder: Path) -> dict[str, bytes]:
    """Give the files of a run by name, but for the manifest, which holds the times."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".manifest.json")
    }


def main() -> None:
    """Kill and compare; exit 1 where one byte differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", nargs="+")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--out", default="c.jsonl")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--save-every-s", type=float, default=0.25)
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="kills-"))
    code = CLEAN.format(save=arguments.save_every_s)
    workers = ["--workers", str(arguments.workers), "--progress", "never"]
    clean = [sys.executable, "-c", code, "clean", *arguments.input, *workers]

    def command(folder: Path) -> list[str]:
        return [*clean, "-o", str(folder / arguments.out), "--duplicates", str(folder / "pairs.jsonl")]

    begun = time.perf_counter()
    subprocess.run(command(root / "whole"), check=True, capture_output=True)
    whole_s = time.perf_counter() - begun
    expected = written(root / "whole")
    size = sum(map(len, expected.values()))
    print(f"undisturbed: {whole_s:.1f} s, {len(expected)} files, {size:,} bytes", flush=True)
    kills = runs = 0
    folder = root / "torn"
    torn = Torn(command(folder), folder / f"{arguments.out}.partial")
    draw = random.Random(arguments.seed)
    while kills < arguments.kills:
        begun, fresh = time.perf_counter(), not folder.exists()
        if torn.killed(draw.uniform(0.3, whole_s)):
            kills += 1
            continue
        runs += 1
        # Another load of the machine must not let most runs finish before they are killed.
        if fresh:
            whole_s = min(whole_s, time.perf_counter() - begun)
        compare(expected, folder)
        print(f"{runs}: the same after {kills} kills in all", flush=True)
    torn.killed(3600)
    compare(expected, folder)
    print(f"{kills} kills, {torn.resumed} attempts that went on, {runs + 1} runs finished: all bytes the same")
    shutil.rmtree(root)


def compare(expected: dict[str, bytes], folder: Path) -> None:
    """End with what differs, where something does; else remove the files, for the next run."""
    found = written(folder)
    wrong = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if wrong:
        raise SystemExit(f"not the same: {', '.join(wrong)} in {folder}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
