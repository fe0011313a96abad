"""Start a Spark session with what cleaner needs, where there is none yet."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from cleaner.errors import CleanerError


class SparkUnavailableError(CleanerError, RuntimeError):
    """Spark cannot be started here, or cannot be reached."""


def session(
    *, master: str | None = None, remote: str | None = None, options: Mapping[str, str] | None = None
) -> SparkSession:
    """Return a session on a master (`local[*]`, `spark://…`, `yarn`), or through Spark Connect at `remote` (`sc://…`).

    Without either, on all cores of this machine. `options` are Spark's own. Raises `SparkUnavailableError`
    with one sentence where there is no Java, or nobody answers.
    """
    builder = SparkSession.builder.appName("cleaner")
    builder = builder.remote(remote) if remote is not None else builder.master(_prepared(master or "local[*]"))
    if remote is None and (master or "local").startswith("local"):
        options = {
            "spark.driver.host": "127.0.0.1",
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
            "spark.ui.showConsoleProgress": "false",
            **(options or {}),
        }
    for key, value in (options or {}).items():
        builder = builder.config(key, value)
    try:
        started: SparkSession = builder.getOrCreate()
        version = started.version  # asks the server: one that does not answer is known now
    except (PySparkException, OSError) as error:
        where = remote or master or "this machine"
        raise SparkUnavailableError(f"no Spark at {where}: {str(error).strip().splitlines()[0]}") from error
    if int(version.split(".")[0]) < 4:
        raise SparkUnavailableError(f"cleaner wants Spark 4 or later; at {remote or master} is {version}")
    return started


def _prepared(master: str) -> str:
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")):
        looked = f"JAVA_HOME is {home} and has none" if home else "there is none on the PATH, and JAVA_HOME is not set"
        raise SparkUnavailableError(f"Spark needs Java 17 or later: {looked}")
    if master.startswith("local"):
        # Executors take the system's Python otherwise, which has neither cleaner nor pyarrow.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return master
