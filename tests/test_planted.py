"""A folder of unfinished work that somebody else has put there: nothing in it is run, and it is not gone on from."""

from __future__ import annotations

import json
import os
import pickle
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cleaner.account.summary import Summary
from cleaner.config import Config
from cleaner.errors import CleanerError, OutputError
from cleaner.runner.run import Run
from cleaner.runner.state import OWN, PARTIAL, ChangedError

TEXT = "The ferry left at nine, and nobody was on the pier, for the island had been closed since the storm.\n"


class Evil:
    """A pickle that runs a command when it is read."""

    def __init__(self, ran: Path) -> None:
        self.ran = ran

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.ran),)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "a.txt").write_text(TEXT)
    return Run((str(tmp_path / "a.txt"),), str(tmp_path / "c.parquet"), Config(keep="longest"))


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    folder = tmp_path / f"c.parquet{PARTIAL}"
    folder.mkdir(mode=0o700)
    (folder / "lock").touch()
    return folder


@pytest.mark.parametrize("names", [("state",), ("state", "corpus", "waiting"), ("corpus", "waiting")])
def test_pickles_in_it_are_not_read(run: Run, partial: Path, tmp_path: Path, names: tuple[str, ...]) -> None:
    ran = tmp_path / "ran"
    for name in names:
        (partial / name).write_bytes(pickle.dumps(Evil(ran)))
    if "state" in names:
        with pytest.raises(ChangedError, match="--restart begins anew"):
            run()
    else:
        assert run().kept == 1
    assert not ran.exists()
    pickle.loads(pickle.dumps(Evil(ran)))
    assert ran.exists()  # the command would have been seen


@pytest.mark.skipif(os.name != "posix", reason="modes and owners are POSIX's")
@pytest.mark.parametrize("mode", [stat.S_IWGRP, stat.S_IWOTH])
def test_a_folder_or_a_state_that_others_can_write_is_refused(run: Run, partial: Path, mode: int) -> None:
    (partial / "state").write_bytes(b"anything")
    for path in (partial, partial / "state"):
        before = path.stat().st_mode
        path.chmod(before | mode)
        with pytest.raises(OutputError, match="can be written by others"):
            run()
        path.chmod(before)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(run: Run, partial: Path) -> None:
    os.chown(partial, 65534, 65534)
    with pytest.raises(OutputError, match="belongs to somebody else"):
        run()


@pytest.mark.skipif(os.name != "posix", reason="links as POSIX has them")
def test_a_link_in_its_place_is_refused(run: Run, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (tmp_path / f"c.parquet{PARTIAL}").symlink_to(elsewhere)
    with pytest.raises(CleanerError):
        run()
    assert list(elsewhere.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
@pytest.mark.parametrize("name", sorted(OWN))
def test_nothing_is_written_through_what_lies_in_its_folder(run: Run, partial: Path, tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("years of work")
    (partial / name).unlink(missing_ok=True)
    for plant in ((partial / name).symlink_to, (partial / name).hardlink_to, lambda _: os.mkfifo(partial / name)):
        plant(victim)
        for restart in (False, True):
            with pytest.raises(OutputError, match=f"{name} belongs to somebody else, is a link or no file"):
                replace(run, restart=restart)()
        assert victim.read_text() == "years of work"
        (partial / name).unlink()


@pytest.mark.parametrize("name", ["corpus", "ledger", "waiting"])
@pytest.mark.parametrize("damage", ["shorter", "a bit"])
def test_a_damaged_file_is_told_and_begun_anew_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, damage: str
) -> None:
    rows = [json.dumps({"text": f"{TEXT} {n}"}) + "\n" for n in range(3)]
    (tmp_path / "in.jsonl").write_text("".join(rows))
    monkeypatch.setattr("cleaner.corpus.jsonl.BLOCK_BYTES", 10)
    monkeypatch.setattr("cleaner.runner.opened.SAVE_EVERY_S", 0.0)
    config = Config(select=("WS",) if name != "waiting" else ("ND",), keep="longest")
    job = Run((str(tmp_path / "in.jsonl"),), str(tmp_path / "c.jsonl"), config, workers=0)

    def killed(summary: Summary) -> None:
        if summary.read == 2 or (name == "waiting" and (tmp_path / f"c.jsonl{PARTIAL}" / name).stat().st_size):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job(killed)
    damaged = tmp_path / f"c.jsonl{PARTIAL}" / name
    data = damaged.read_bytes()
    damaged.write_bytes(data[:9] if damage == "shorter" else data[:9] + bytes([data[9] ^ 1]) + data[10:])
    with pytest.raises(ChangedError, match=f"{name} is not as the run has left it; --restart begins anew"):
        job()
    assert replace(job, restart=True)().read == 3


def test_nobody_else_can_write_what_a_run_leaves(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = os.umask(0)
    try:
        seen: list[int] = []
        run(lambda summary: seen.append((tmp_path / f"c.parquet{PARTIAL}").stat().st_mode & 0o777))
    finally:
        os.umask(old)
    assert seen
    assert set(seen) == {0o700}


def planted(folder: Path, *, but: frozenset[str] = frozenset()) -> Path:
    """Make a folder with a text, and beside it a module of each name that Python or cleaner imports."""
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    installed = {"click", "datasketch", "ftfy", "lxml", "msgspec", "numpy", "pyarrow", "rich", "trafilatura", "xxhash"}
    for name in (sys.stdlib_module_names | installed) - but:
        (folder / f"{name}.py").write_text(f"import os\nos.mkdir({str(folder / 'ran')!r})\nraise ImportError\n")
    return folder


# What Python itself imports for `-m`, before the first line of ours.
FOR_RUNPY = subprocess.run([sys.executable, "-I", "-c", "import runpy, sys; print(*sys.modules)"], capture_output=True)
BEFORE_US = frozenset(name.partition(".")[0] for name in FOR_RUNPY.stdout.decode().split())


@pytest.mark.parametrize(
    ("start", "but"),
    [
        (["-c", "import sys; del sys.path[0]; from cleaner.cli import main; main()"], frozenset[str]()),
        (["-P", "-m", "cleaner"], frozenset[str]()),
        (["-m", "cleaner"], BEFORE_US),
    ],
    ids=["cleaner", "python -P -m cleaner", "python -m cleaner"],
)
@pytest.mark.parametrize(
    "arguments",
    [
        ["clean", ".", "-o", "../c.parquet", "--workers", "1"],
        ["check", "."],
        ["explain", "a.txt"],
        ["index", "build", "a.txt", "-o", "../a.index"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_no_module_in_the_folder_that_is_looked_at_runs(
    tmp_path: Path, start: list[str], but: frozenset[str], arguments: list[str]
) -> None:
    folder = planted(tmp_path / "strangers", but=but)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    done = subprocess.run(
        [sys.executable, *start, *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert not (folder / "ran").exists()
    assert done.returncode == 0, done.stderr
    assert (folder / "socket.py").exists()
