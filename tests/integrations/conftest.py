"""A Spark session on two cores of this machine, started once, for the tests that want one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from real_parts import needs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SMALL = {
    "spark.driver.memory": "1g",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "3",
    "spark.log.level": "ERROR",
    # For jobs of some hundred rows, writing and compiling code for them takes longer than they do.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def needs_spark() -> None:
    needs(find_spec("pyspark"), "PySpark (the extra [spark])")
    needs(shutil.which("java"), "Java")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    needs_spark()
    from cleaner.integrations.spark import session

    started = session(master="local[2]", options=SMALL)
    yield started
    started.stop()
