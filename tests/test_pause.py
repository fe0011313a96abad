"""A pause is no hang: what stops the whole run costs no record, and what sleeps for ever is still ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hostile import BEGUN
from running import lines

from cleaner.errors import WorkerError
from cleaner.runner.clock import Reading, RecordClock, read_process
from cleaner.runner.run import Run

SLOW = """
import sys, cleaner.runner.run as run
from hostile import HostileTask
if __name__ == "__main__":
    run.Task = HostileTask
    run.Run((sys.argv[1],), sys.argv[2], run.Config(select=("WS",)), workers=1, timeout_s=2)()
"""
TEXT = "The ferry left at nine, and nobody was on the pier, for the island had been closed since the storm."


class Machine:
    """A process and a clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.reading: Reading | None = Reading(7.0, sleeps=False)
        self.clock = RecordClock(1, 0.3, read=lambda pid: self.reading, now=lambda: self.now)

    def pass_(self, seconds: float, cpu_s: float = 0.0, *, sleeps: bool = False) -> float:
        """Let time pass, look every tenth of a second, and return what the record has taken."""
        spent = 0.0
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            if self.reading is not None:
                self.reading = Reading(self.reading.cpu_s + cpu_s / (seconds * 10), sleeps)
            spent = self.clock.look("record")
        return spent


def test_work_counts_by_the_processor() -> None:
    machine = Machine()
    machine.clock.look("record")
    assert machine.pass_(10, 10) == pytest.approx(10)


def test_on_a_busy_machine_a_record_takes_what_it_gets() -> None:
    machine = Machine()
    machine.clock.look("record")
    assert machine.pass_(100, 2) == pytest.approx(2)


def test_sleep_counts_by_the_clock() -> None:
    machine = Machine()
    machine.clock.look("record")
    assert machine.pass_(10, sleeps=True) == pytest.approx(10)


def test_a_pause_of_everything_counts_next_to_nothing() -> None:
    machine = Machine()
    machine.clock.look("record")
    machine.now += 3600
    machine.reading = Reading(7.0, sleeps=True)
    assert machine.clock.look("record") <= 0.3


def test_the_next_record_begins_at_nothing() -> None:
    machine = Machine()
    machine.clock.look("record")
    machine.pass_(5, 5)
    assert machine.clock.look("another") == 0


def test_where_the_system_does_not_tell_the_clock_counts() -> None:
    machine = Machine()
    machine.reading = None
    machine.clock.look("record")
    assert machine.pass_(10) == pytest.approx(10)
    machine.now += 3600
    assert machine.clock.look("record") <= 10.4


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_the_reading_of_a_process() -> None:
    sleeping = subprocess.Popen(["sleep", "60"])
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = read_process(busy.pid)
            assert found is not None
            if found.cpu_s > 0.2 and not found.sleeps:
                break
            time.sleep(0.05)
        else:
            pytest.fail("a busy process has no processor time")
        asleep = read_process(sleeping.pid)
        assert asleep is not None
        assert asleep.sleeps
        sleeping.send_signal(signal.SIGSTOP)
        os.waitpid(sleeping.pid, os.WUNTRACED)
        stopped = read_process(sleeping.pid)
        assert stopped is not None
        assert not stopped.sleeps, "what somebody stops would cost a record"
    finally:
        for process in (sleeping, busy):
            process.kill()
            process.wait()
    assert read_process(sleeping.pid) is None


@pytest.mark.parametrize(
    "place", ["cleaner.runner.pool.start", "multiprocessing.context.BaseContext.Pipe", "threading.Thread.start"]
)
def test_where_no_worker_can_be_started_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "a.txt").write_text(TEXT)

    def none_left(*arguments: object) -> None:
        raise RuntimeError("no more") if "threading" in place else BlockingIOError(11, "no more")

    monkeypatch.setattr(place, none_left)
    with pytest.raises(WorkerError, match="no worker can be started: no more"):
        Run((str(tmp_path / "a.txt"),), str(tmp_path / "c.jsonl"), workers=1)()


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no groups of processes")
def test_a_run_that_is_stopped_and_goes_on_loses_nothing(tmp_path: Path) -> None:
    source, begun = tmp_path / "in.jsonl", tmp_path / "begun"
    records = [{"id": id_, "text": f"{id_} {TEXT}"} for id_ in ("a", "works", "b", "sleeps", "c")]
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    begun.mkdir()
    command = [sys.executable, "-c", SLOW, str(source), str(tmp_path / "c.jsonl")]
    environment = {**os.environ, BEGUN: str(begun), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, env=environment)
    try:
        # The second record works, the fourth sleeps: each is stopped for longer than it may take.
        for at_work in (2, 4):
            while sum(path.stat().st_size for path in begun.iterdir()) < at_work:
                assert process.poll() is None
                time.sleep(0.01)
            time.sleep(0.5)  # until the keeper has looked at the record
            os.killpg(process.pid, signal.SIGSTOP)
            time.sleep(2.5)
            os.killpg(process.pid, signal.SIGCONT)
        _, stderr = process.communicate(timeout=120)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, stderr
    assert lines(tmp_path / "c.excluded.jsonl") == []
    assert [record["id"] for record in lines(tmp_path / "c.jsonl")] == [record["id"] for record in records]
