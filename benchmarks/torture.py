"""Draw hostile corpora and mishaps until something breaks: `python benchmarks/torture.py --minutes 15`.

Each round has a number, from which all of it is drawn: names that are no text, broken records, links out of the folder,
folders that become links, kills, pauses, disks that fill, flipped and cut indexes, a stranger's settings. What must
hold is the same in all: no traceback, every record accounted for, the bytes of an undisturbed run, undo, nothing
written outside, and no process left. It stops at the first breach, leaves the folder of the round, and says how to do
that round again. On Linux, because names, limits and signals are its own.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gzip
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "GITHUB_ACTIONS": "false"}
COMMAND_S = 240
ORPHANS_S = 10
AT_FDCWD = -100
OUTSIDE = "Outside stands: Caf\u00c3\u00a9, and nobody may write here.\n"
STRANGE = (
    "\x00",
    "\x1b[31m",
    "\x85",
    "\u202e",
    "\u2028",
    "\ufeff",
    "\ufffd",
    "\U0001f600",
    "\u00c3\u00a9",
    "e\u0301",
    "\r",
)
ENCODINGS = ("utf-8", "utf-16", "cp1252")
LINKS = (("out.md", "../outside.txt"), ("gone.md", "nowhere"), ("loop", "."), ("self.txt", "self.txt"))
IDS = ("", "..", "/etc/passwd", "a" * 300, "nul", "\x1b]0;t\x07", "same", "same", 7, -1.5, True, None, ["x"], {"y": 1})
SETTINGS = (
    'extend = "fifo"',
    'packs = ["/dev/zero"]',
    'site_lines = "../outside.txt"',
    "max_record_mb = nan",
    "ngram = 999999999999",
    'baseline = "../outside.txt"',
    'rules = ["evil:Evil"]',
    "a." * 5000 + "b = 1",
    "select = " + "[" * 5000,
    "text_field = '" + "a[]." * 200 + "b'",
    '"\\u001b]0;x" = 1',
)
FORMATS = ("jsonl", "jsonl.gz", "csv", "parquet", "texts/")


class Breach(Exception):
    """Something that must hold does not."""


class Round:
    """One round: a folder, the numbers it draws, and the commands that it runs."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.draw = random.Random(seed)
        self.folder = folder
        self.inside = folder / "in"
        self.inside.mkdir()
        (folder / "outside.txt").write_text(OUTSIDE)

    # What is drawn

    def text(self) -> str:
        words = [f"w{self.draw.randrange(4000)}" for _ in range(self.draw.choice((0, 3, 40, 200)))]
        for _ in range(self.draw.randrange(4)):
            words.insert(self.draw.randrange(len(words) + 1), self.draw.choice(STRANGE))
        lines = ["Share on Facebook", "Caf\u00c3\u00a9", "", "Read more: w1 w2"]
        return "\n".join([" ".join(words), *self.draw.sample(lines, self.draw.randrange(4))])

    def name(self) -> bytes:
        size = self.draw.choice((1, 3, 20, 240))
        drawn = bytes(self.draw.choice([b for b in range(1, 256) if b != 47]) for _ in range(size))
        return drawn.lstrip(b".") or b"x"

    def corpus(self, records: int) -> None:
        texts = [self.text() for _ in range(max(1, records // 3))]
        for _ in range(self.draw.randrange(1, 30)):
            place = self.inside / os.fsdecode(self.name() + self.draw.choice((b".txt", b".md", b".html")))
            place.write_bytes(self.draw.choice(texts).encode(self.draw.choice(ENCODINGS), "replace"))
        lines = [self.line(texts) for _ in range(records)]
        (self.inside / "records.jsonl").write_bytes(b"\n".join(lines))
        data = gzip.compress(b"\n".join(lines[: records // 4]))
        if self.draw.random() < 0.3:
            data = self.flipped(data)
        (self.inside / "packed.jsonl.gz").write_bytes(data)
        rows = [f'{n},"{self.draw.choice(texts)}"' for n in range(20)]
        (self.inside / "table.csv").write_text("id,text\n" + "\n".join(rows))
        self.links()

    def line(self, texts: list[str]) -> bytes:
        record = {"id": self.draw.choice((*IDS, f"d{self.draw.randrange(9**9)}")), "text": self.draw.choice(texts)}
        if self.draw.random() < 0.5:
            record = {"text": self.draw.choice(texts), "url": f"https://example.org/{self.draw.randrange(99)}"}
        record |= self.draw.choice(({}, {"title": self.draw.choice(texts)[:40]}, {"n": 2**64}, {"language": "xx"}))
        line = json.dumps(record, ensure_ascii=self.draw.random() < 0.5).encode("utf-8", "replace")
        broken = (line[: len(line) // 2], b"[" * 5000, b'{"text": NaN}', b'{"text": "\\ud800"}', b"\xff\xfe", b"7")
        return self.draw.choice(broken) if self.draw.random() < 0.05 else line

    def links(self) -> None:
        for name, target in LINKS:
            if self.draw.random() < 0.5:
                (self.inside / name).symlink_to(target)

    def flipped(self, data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(self.draw.choice((1, 1, 8))):
            changed[self.draw.randrange(len(changed))] ^= 1 << self.draw.randrange(8)
        return bytes(changed)

    # What is run

    def start(self, *arguments: str, limit: int | None = None) -> subprocess.Popen[bytes]:
        def limited() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit or resource.RLIM_INFINITY, resource.RLIM_INFINITY))

        return subprocess.Popen(
            [sys.executable, "-m", "cleaner", *arguments],
            cwd=self.folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, preexec_fn=limited if limit else None,
        )  # fmt: skip

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,), limit: int | None = None) -> tuple[int, bytes, str]:
        process = self.start(*arguments, limit=limit)
        try:
            out, told = process.communicate(timeout=COMMAND_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise Breach(f"{arguments}: no end within {COMMAND_S} s") from None
        said = told.decode("utf-8", "replace")
        if "Traceback" in said or process.returncode not in codes:
            raise Breach(f"{arguments}: exit {process.returncode}, not one of {codes}\n{said[-3000:]}")
        return process.returncode, out, said

    def clean(self, out: str, *more: str, codes: tuple[int, ...] = (0,), limit: int | None = None) -> tuple[int, str]:
        arguments = ("clean", "in", "-o", out, "--workers", self.draw.choice("12"), "--progress", "never", *more)
        code, _, said = self.run(*arguments, codes=codes, limit=limit)
        return code, said

    def digests(self, stem: str) -> dict[str, str]:
        """Return what a run has left, by what it is for; of a manifest, which has times, its counts."""
        found = {}
        for path in sorted(self.folder.glob(f"{stem}.*")):
            kind = path.name.removeprefix(f"{stem}.")
            data = path.read_bytes() if path.is_file() else b"".join(p.read_bytes() for p in sorted(path.iterdir()))
            if kind == "manifest.json":
                data = json.dumps(json.loads(data)["counts"]).encode()
            found[kind] = hashlib.sha256(data).hexdigest()
        return found

    def same(self, one: str, other: str) -> None:
        first, second = self.digests(one), self.digests(other)
        if first != second:
            raise Breach(f"{one} and {other} differ in {[key for key in first if first[key] != second.get(key)]}")

    def account(self, stem: str) -> None:
        counts = json.loads((self.folder / f"{stem}.manifest.json").read_bytes())["counts"]
        if counts["read"] != counts["kept"] + counts["excluded"] + counts["unreadable"]:
            raise Breach(f"{stem}: {counts} do not add up")
        lines = (self.folder / f"{stem}.excluded.jsonl").read_bytes().count(b"\n")
        if lines != counts["excluded"] + counts["unreadable"]:
            raise Breach(f"{stem}: {lines} lines of excluded records, and {counts}")

    def nothing_outside(self) -> None:
        if (self.folder / "outside.txt").read_text() != OUTSIDE:
            raise Breach("a file outside was written through a link")

    def no_orphans(self, session: int) -> None:
        """Workers end with the run, however that ended."""
        deadline = time.monotonic() + ORPHANS_S
        while left := [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if session_of(pid) == session]:
            if time.monotonic() > deadline:
                raise Breach(f"processes {left} live on after their run")
            time.sleep(0.1)


def signalled(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process, or to a group by its number below zero; one that has ended needs none."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def session_of(pid: int) -> int | None:
    """Return the session of a process that is there and no mere entry in the table."""
    try:
        state, _, _, session = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2].split()[:4]
    except (OSError, ValueError):
        return None
    return None if state == b"Z" else int(session)


def formats(one: Round) -> None:
    """The same records in every format, and undo gives every text back."""
    one.corpus(one.draw.choice((20, 300)))
    one.clean("a.jsonl")
    one.account("a")
    form = one.draw.choice(FORMATS)
    one.clean(f"b.{form}" if form != "texts/" else "texts/")
    if form != "texts/":
        one.run("undo", f"b.{form}", "--ledger", "b.ledger.jsonl", "-o", "ub.jsonl")
    one.run("undo", "a.jsonl", "--ledger", "a.ledger.jsonl", "-o", "ua.jsonl")
    texts = [json.loads(line)["text"] for line in (one.folder / "ua.jsonl").read_bytes().splitlines()]
    if form != "texts/":
        others = [json.loads(line)["text"] for line in (one.folder / "ub.jsonl").read_bytes().splitlines()]
        if form != "csv" and Counter(texts) != Counter(others):
            raise Breach(f"undo gives other texts from {form} than from jsonl")


def kills(one: Round) -> None:
    """A run that is killed, again and again, ends in the bytes of one that is not."""
    one.corpus(one.draw.choice((300, 1500)))
    more = one.draw.choice(((), (), ("--passages", "2"), ("--contained", "0.9"), ("--keep", "longest")))
    one.clean("whole.jsonl", *more)
    for _ in range(one.draw.randrange(1, 4)):
        process = one.start("clean", "in", "-o", "a.jsonl", "--progress", "never", *more)
        time.sleep(one.draw.uniform(0.2, 6))
        kill = one.draw.choice((os.killpg, os.kill))
        kill(process.pid, one.draw.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)))
        process.communicate()
        one.no_orphans(process.pid)
    one.clean("a.jsonl", *more)
    one.same("whole", "a")


def pauses(one: Round) -> None:
    """A run, or a worker of it alone, that is stopped for longer than a record may take loses none."""
    one.corpus(300)
    one.clean("whole.jsonl", "--timeout-s", "2")
    process = one.start("clean", "in", "-o", "a.jsonl", "--timeout-s", "2", "--progress", "never")
    for _ in range(2):
        time.sleep(one.draw.uniform(0.5, 2))
        if process.poll() is None:
            # Threads start the workers, each its own.
            tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
            children = [child for task in tasks for child in task.read_text().split()]
            alone = one.draw.choice(children) if children and one.draw.random() < 0.5 else None
            stopped = -process.pid if alone is None else int(alone)
            signalled(stopped, signal.SIGSTOP)
            time.sleep(one.draw.uniform(2.5, 4))
            signalled(stopped, signal.SIGCONT)
    process.communicate(timeout=COMMAND_S)
    one.same("whole", "a")


def full_disks(one: Round) -> None:
    """Where no file may grow any more, a sentence says so, and the same command goes on."""
    one.corpus(600)
    one.clean("whole.jsonl")
    out = one.draw.choice(("a.jsonl", "a.jsonl.gz", "a.parquet"))
    code, said = one.clean(out, codes=(0, 2), limit=one.draw.choice((1, 10_000, 60_000)))
    if code and "goes on from here" not in said and "File too large" not in said:
        raise Breach(f"a full disk is told as {said!r}")
    one.clean(out)
    if out == "a.jsonl":
        one.same("whole", "a")


def flips(one: Round) -> None:
    """An index or a state with flipped bits is refused, or answers as before."""
    one.corpus(120)
    one.run("index", "build", "in", "-o", "built.index")
    _, right, _ = one.run("index", "query", "built.index", "in")
    data = (one.folder / "built.index").read_bytes()
    for number in range(3):
        (one.folder / f"{number}.index").write_bytes(one.flipped(data))
        code, answer, said = one.run("index", "query", f"{number}.index", "in", codes=(0, 2))
        if code == 0 and answer != right:
            raise Breach(f"{number}.index answers otherwise: {said}")
    one.clean("whole.jsonl")
    process = one.start("clean", "in", "-o", "a.jsonl", "--progress", "never", "--index", "new.index")
    deadline = time.monotonic() + 60
    state = one.folder / "a.jsonl.partial" / "state"
    while not state.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    if state.exists():
        state.write_bytes(one.flipped(state.read_bytes()))
        one.clean("a.jsonl", "--index", "new.index", codes=(0, 2))
    one.clean("a.jsonl", "--restart")
    one.same("whole", "a")


def checks(one: Round) -> None:
    """Every format of findings is written; what was mended is settled; links lead to nothing that is written."""
    one.corpus(60)
    for form in ("concise", "full", "json", "github", "sarif"):
        _, out, _ = one.run("check", "in", "--output-format", form, codes=(0, 1))
        if form in ("json", "sarif"):
            json.loads(out)
        elif bad := [c for c in out.decode() if (c < " " and c != "\n") or "\x7f" <= c < "\xa0" or c in "\u2028\u202e"]:
            raise Breach(f"check --output-format {form} prints {set(bad)}")
    one.run("check", "in", "--fix", "--unsafe-fixes", codes=(0, 1))
    one.nothing_outside()
    before = {path.name: path.read_bytes() for path in one.inside.iterdir() if path.is_file()}
    one.run("check", "in", "--fix", codes=(0, 1))
    changed = [path.name for path in one.inside.iterdir() if path.is_file() and before[path.name] != path.read_bytes()]
    if changed:
        raise Breach(f"mended twice: {changed}")


def races(one: Round) -> None:
    """Folders that become links out, and folders again, while files are mended: nothing outside changes."""
    outside, inside, link = one.folder / "others", one.inside / "sub", one.inside / "link"
    for folder in (outside, inside):
        folder.mkdir()
        for number in range(30):
            (folder / f"{number}.txt").write_text(OUTSIDE + "\nShare on Facebook\n")
    link.symlink_to(outside)
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    process = one.start("check", "in", "--fix", "--unsafe-fixes")
    while process.poll() is None:
        # Both names at once (RENAME_EXCHANGE), so that there is always a folder or a link.
        ctypes.CDLL(None).renameat2(AT_FDCWD, os.fsencode(inside), AT_FDCWD, os.fsencode(link), 2)
        time.sleep(one.draw.uniform(0.0005, 0.01))
    said = process.communicate()[1].decode("utf-8", "replace")
    if "Traceback" in said or process.returncode not in (0, 1):
        raise Breach(f"exit {process.returncode}\n{said[-3000:]}")
    if {path.name: path.read_bytes() for path in outside.iterdir()} != before:
        raise Breach("files outside were written through a folder that became a link")


def damaged(one: Round) -> None:
    """A cut, empty or flipped index, and settings of a stranger's: a sentence, and never another answer."""
    one.corpus(60)
    one.run("index", "build", "in", "-o", "built.index")
    _, right, _ = one.run("index", "query", "built.index", "in")
    data = (one.folder / "built.index").read_bytes()
    for name, cut in (("cut", one.draw.randrange(len(data))), ("empty", 0), ("head", 100)):
        (one.folder / f"{name}.index").write_bytes(data[:cut])
        _, answer, said = one.run("index", "query", f"{name}.index", "in", codes=(0, 2))
        if answer and answer != right:
            raise Breach(f"{name}.index answers otherwise: {said}")
    os.mkfifo(one.inside / "fifo")
    one.inside.joinpath("evil.py").write_text(f"open({str(one.folder / 'planted')!r}, 'w')")
    one.inside.joinpath("cleaner.toml").write_text(one.draw.choice(SETTINGS))
    for command in (["check", "in"], ["clean", "in", "-o", "x.jsonl"]):
        one.run(*command, codes=(0, 1, 2))
    if (one.folder / "planted").exists():
        raise Breach("a rule in a stranger's folder was run")


MISHAPS = (formats, kills, pauses, full_disks, flips, checks, races, damaged)


def torture(minutes: float, first: int, rounds: int | None) -> int:
    """Run rounds until the time is over; return how many there were."""
    deadline = time.monotonic() + 60 * minutes
    number = first
    told: Counter[str] = Counter()
    while (time.monotonic() < deadline) if rounds is None else (number < first + rounds):
        folder = Path(tempfile.mkdtemp(prefix=f"torture-{number}-"))
        mishap = MISHAPS[number % len(MISHAPS)]
        one = Round(number, folder)
        try:
            mishap(one)
            one.nothing_outside()
        except BaseException:
            print(f"round {number} ({mishap.__name__}) in {folder}; again: --seed {number} --rounds 1", flush=True)
            raise
        shutil.rmtree(folder)
        told[mishap.__name__] += 1
        number += 1
    print(f"{number - first} rounds from seed {first} without a breach: {dict(told)}")
    return number - first


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000, help="the first round's number")
    parser.add_argument("--rounds", type=int, help="this many rounds, however long they take")
    given = parser.parse_args()
    torture(given.minutes, given.seed, given.rounds)
