"""Kill a process that adds to an index, again and again, and look whether the index has all that was acknowledged.

usage: python kill_index.py INDEX KILLS
"""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import sys
import time

from cleaner.dedup import Match, NearDuplicateIndex

_LIFE_S = (0.005, 0.03)


def text(number: int) -> str:
    draw = random.Random(number)
    return " ".join(str(draw.getrandbits(20)) for _ in range(200))


def add_until_killed(path: str, number: int, acknowledge: int) -> None:
    with NearDuplicateIndex.open(path) as index:
        while True:
            if index.check_and_add(str(number), text(number)) is None:
                os.write(acknowledge, f"{number}\n".encode())
            number += 1


def killed(path: str, number: int, draw: random.Random) -> list[int]:
    """Give the numbers that were acknowledged before the kill."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(read)
        add_until_killed(path, number, write)
    os.close(write)
    if draw.random() < 0.5:  # the others may die while they open the file
        select.select([read], [], [])
    time.sleep(draw.uniform(*_LIFE_S))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    with os.fdopen(read) as lines:
        return [int(line) for line in lines if line.endswith("\n")]


def main(path: str, kills: int) -> None:
    draw = random.Random(1)
    acknowledged: list[int] = []
    NearDuplicateIndex.open().query(text(0))  # what is loaded once is loaded before the forks
    for kill in range(kills):
        found = killed(path, max(acknowledged, default=-1) + 1, draw)
        acknowledged += found
        with NearDuplicateIndex.open(path) as index:
            # One text may have been added and not acknowledged.
            assert len(acknowledged) <= len(index) <= len(acknowledged) + kill + 1
            for number in found:
                assert index.query(text(number)) == Match(str(number), 1.0)
    with NearDuplicateIndex.open(path) as index:
        for number in acknowledged:
            assert index.query(text(number)) == Match(str(number), 1.0)
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(acknowledged) >= kills // 3  # half of the processes lived until they had acknowledged one
    print(f"{kills} kills, {len(acknowledged)} texts acknowledged, all there")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
