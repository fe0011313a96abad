"""A real Redis server on loopback, that a test starts, kills and starts again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

PASSWORD = "s3cret-of-the-test"


class Server:
    """A server with a password, that writes every change to disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self.start()

    def start(self, *, keep: bool = True) -> None:
        if not keep:
            shutil.rmtree(self.folder / "appendonlydir")
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command += ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--requirepass", PASSWORD]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(600):
            if self.answers("PING") == [b"+OK\r\n", b"+PONG\r\n"]:
                return
            time.sleep(0.05)
        raise AssertionError("redis-server does not start")

    def answers(self, *commands: str) -> list[bytes]:
        """Give the first line of each answer, that to the password before; none where nobody answers."""
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", self.port)) != 0:
                return []
            connection.sendall("".join(f"{command}\r\n" for command in (f"AUTH {PASSWORD}", *commands)).encode())
            with connection.makefile("rb") as lines:
                return [lines.readline() for _ in range(1 + len(commands))]

    def say(self, *commands: str) -> None:
        assert not [answer for answer in self.answers(*commands) if answer[:1] not in b"+:"]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
