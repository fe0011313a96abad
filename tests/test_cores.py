"""The number of workers, and the memory of each, know the container's limits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from running import ARTICLE

from cleaner.cli import main
from cleaner.runner.cores import LEAST_WORKER_BYTES, WORKER_BYTES, cores, means, memory_limit


@pytest.mark.parametrize(("said", "most"), [("50000 100000", 1), ("100000 100000", 1), ("max 100000", 99), ("x", 99)])
def test_the_quota_of_a_container_bounds_the_workers(tmp_path: Path, said: str, most: int) -> None:
    free = cores(tmp_path)
    (tmp_path / "cpu.max").write_text(said + "\n")
    assert cores(tmp_path) == min(free, most)


def test_the_first_version_of_cgroups_is_understood(tmp_path: Path) -> None:
    free = cores(tmp_path)
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    for quota, wanted in (("-1", free), ("20000", 1)):
        (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(quota + "\n")
        assert cores(tmp_path) == wanted


GB = 1 << 30


@pytest.mark.parametrize(
    ("said", "cpu", "memory"),
    [("0::/jobs.slice/7\n", "", ""), ("3:cpu,cpuacct:/jobs.slice/7\n4:memory:/jobs.slice/7\n0::/\n", "cpu", "memory")],
)
def test_the_limits_of_a_service_or_a_job_stand_below_the_top(
    tmp_path: Path, said: str, cpu: str, memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.runner.cores.os.sched_getaffinity", lambda _: set(range(8)), raising=False)
    own = tmp_path / "own"
    own.write_text(said)
    slice_, memory_slice = (tmp_path / top / "jobs.slice" for top in (cpu, memory))
    (slice_ / "7").mkdir(parents=True)
    (memory_slice / "7").mkdir(parents=True, exist_ok=True)
    if cpu:
        (slice_ / "cpu.cfs_period_us").write_text("100000\n")
        (slice_ / "cpu.cfs_quota_us").write_text("250000\n")
    else:
        (slice_ / "cpu.max").write_text("250000 100000\n")
        (slice_ / "7" / "cpu.max").write_text("max 100000\n")
    limit = "memory.limit_in_bytes" if memory else "memory.max"
    (memory_slice / limit).write_text(f"{2 * GB}\n")
    (memory_slice / "7" / limit).write_text(f"{GB}\n")
    assert (cores(tmp_path, own), memory_limit(tmp_path, own)) == (3, GB)  # that of the slice, and that of the job


def test_a_cgroup_outside_of_what_a_container_sees_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("0::/../../other\n")
    (tmp_path / "memory.max").write_text(f"{GB}\n")
    assert memory_limit(tmp_path, tmp_path / "own") == GB


@pytest.mark.parametrize(
    ("said", "limit"), [(f"{3 * GB}", 3 * GB), ("max", None), ("x", None), (str((1 << 63) - 4096), None)]
)
def test_the_memory_of_a_container_is_read_in_both_versions(tmp_path: Path, said: str, limit: int | None) -> None:
    assert memory_limit(tmp_path) is None
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text(said + "\n")
    assert memory_limit(tmp_path) == limit
    (tmp_path / "memory.max").write_text(f"{2 * GB}\n")
    assert memory_limit(tmp_path) == 2 * GB


def test_workers_and_their_memory_fit_into_the_container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.runner.cores.os.sched_getaffinity", lambda _: set(range(8)), raising=False)

    def with_memory(size: str, workers: int | None = None) -> tuple[int, int]:
        (tmp_path / "memory.max").write_text(size)
        found = means(workers, tmp_path)
        return found.workers, found.worker_memory

    assert with_memory("max") == (8, WORKER_BYTES)
    assert with_memory(str(16 * GB)) == (8, WORKER_BYTES)
    assert with_memory(str(2 * GB)) == (3, WORKER_BYTES)
    assert with_memory(str(GB // 2)) == (1, GB // 4)  # less than a worker may usually have
    assert with_memory(str(GB // 4)) == (1, LEAST_WORKER_BYTES)
    assert with_memory(str(2 * GB), 6) == (6, (2 * GB - GB // 4) // 6)  # as many as were asked for, in the same room


def test_the_log_says_what_the_run_works_with(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE)
    arguments = ["clean", str(tmp_path / "a.txt"), "-o", str(tmp_path / "o.jsonl"), "--log-format", "json"]
    begins, *_, finished = CliRunner().invoke(main, [*arguments, "--workers", "1"]).stderr.splitlines()
    told = json.loads(begins)
    assert (told["event"], told["workers"], json.loads(finished)["event"]) == ("begins", 1, "finished")
    assert told["cores"] == cores()
    assert set(told) == {"event", "workers", "cores", "memory_mb", "worker_memory_mb"}
