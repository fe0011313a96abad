"""The number of workers knows the container's quota."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.runner.cores import cores


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
