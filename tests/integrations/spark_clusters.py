"""Spark as it runs elsewhere: a master with two workers, a Spark Connect server; each in processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from integrations.conftest import SMALL

START_S = 60.0


def environment(folder: Path) -> dict[str, str]:
    """Give the environment for small JVMs that keep their files in the folder."""
    conf = folder / "conf"
    conf.mkdir(exist_ok=True)
    settings = SMALL | {
        "spark.executor.memory": "1g",
        "spark.driver.host": "127.0.0.1",
    }
    (conf / "spark-defaults.conf").write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
    return os.environ | {
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        "SPARK_WORKER_DIR": str(folder / "worker"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "1g",
        # Workers and servers do not know of this environment otherwise.
        "PYSPARK_PYTHON": sys.executable,
    }


@contextmanager
def standalone(folder: Path) -> Iterator[str]:
    """Give the address of a master with two workers of one core each."""
    address = f"spark://127.0.0.1:{_free_port()}"
    port = address.rsplit(":", 1)[1]
    deploy = "org.apache.spark.deploy"
    with ExitStack() as stack:
        ports = ["--host", "127.0.0.1", "--port", port, "--webui-port", "0"]
        stack.enter_context(_started(folder, ["spark-class", f"{deploy}.master.Master", *ports]))
        _wait_for(int(port))
        for _ in range(2):
            size = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0"]
            stack.enter_context(_started(folder, ["spark-class", f"{deploy}.worker.Worker", *size, address]))
        yield address


@contextmanager
def connect(folder: Path) -> Iterator[str]:
    """Give the address of a Spark Connect server."""
    port = _free_port()
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    options = [
        "--conf",
        f"spark.connect.grpc.binding.port={port}",
        "--conf",
        "spark.connect.grpc.binding.address=127.0.0.1",
    ]
    with _started(folder, ["spark-submit", "--master", "local[2]", *options, "--class", server, "spark-internal"]):
        _wait_for(port)
        yield f"sc://127.0.0.1:{port}"


def children(pid: int) -> dict[int, str]:
    """Give the command lines of all processes below one, by their ids."""
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                commands[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError):
                continue
    below = {pid}
    for _ in parents:
        more = {child for child, parent in parents.items() if parent in below} - below
        if not more:
            break
        below |= more
    return {child: commands[child] for child in below - {pid} if child in commands}


@contextmanager
def _started(folder: Path, command: list[str]) -> Iterator[None]:
    import pyspark

    home = Path(pyspark.__file__).parent
    with (folder / "daemons.log").open("ab") as log:
        process = subprocess.Popen(
            [str(home / "bin" / command[0]), *command[1:]],
            env=environment(folder) | {"SPARK_HOME": str(home)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(START_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
