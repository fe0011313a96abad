"""A record up to the size limit comes out, in memory and time that are in proportion to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from cleaner.config import Config
from cleaner.corpus.record import Record, Unreadable
from cleaner.document import Document, Drop
from cleaner.rules.boilerplate import index
from cleaner.runner import pool, worker
from cleaner.runner.cores import WORKER_BYTES
from cleaner.runner.task import Task

WORDS = ["harbour", "ferry", "pier", "island", "storm", "noon"]


def prose(size: int) -> str:
    sentences = [f"The {WORDS[n % 6]} of {WORDS[n * 5 % 6]} number {n} was {WORDS[n * 7 % 6]}." for n in range(500)]
    page = "\n\n".join(sentences)
    return "\n\n".join([page] * (size // len(page)))


def test_a_record_of_more_than_8_mb_has_in_proportion_more_time() -> None:
    class Sized:
        def __init__(self, size: int) -> None:
            self.size = size

    sizes = (1, 8 << 20, 64 << 20)
    assert [worker.allowed_s(30, Sized(size)) for size in sizes] == [30, 30, 240]  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_no_word_is_cut_where_a_text_is_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(index, "_PART_CHARS", size)
    text = prose(3000) + " end"
    parts = list(index._parts(text))
    assert "".join(parts) == text
    assert [word for part in parts for word in index.words_of(part)] == index.words_of(text)


def test_a_large_text_may_take_more_memory_and_a_page_may_not() -> None:
    mb = 1 << 20
    assert worker.Memory(512 * mb, None).for_text(60 * mb) == (512 + 16 * 60) * mb
    assert worker.Memory(512 * mb, 800 * mb).for_text(60 * mb) == 800 * mb  # what the container has left for one
    assert worker.Memory(512 * mb, 100 * mb).for_text(60 * mb) == 512 * mb
    task = Task.of(Config(), as_json=True)
    assert task.is_text(Record(Document("a", text="It rained."), {}))
    assert not task.is_text(Record(Document("a", html="<p>It rained."), {}))
    assert not task.is_text(Unreadable("a", Drop("broken", code="RD104")))


class Tangled(NamedTuple):
    """A chunk of one record, of which a reference cycle of few objects and 20 MB stays."""

    place: str = "a"
    size: int = 0

    def items(self) -> Iterator[Tangled]:
        yield self

    def read(self) -> Unreadable:
        cycle: list[object] = [bytearray(20 << 20)]
        cycle.append(cycle)
        return Unreadable("a", Drop("broken", code="RD104"))


@pytest.mark.skipif(sys.platform != "linux", reason="where the memory of a worker has a limit")
def test_what_a_record_leaves_behind_takes_no_memory_from_later_ones() -> None:
    found = pool.outcomes(Task.of(Config(), as_json=True), iter([Tangled()] * 60), 1, 30)  # type: ignore[arg-type]
    assert {one.dropped.message for _, (one,) in found if one.dropped} == {"broken"}


_STAYS: list[bytearray] = []


class Received:
    """Takes memory in whoever receives it; may stay there."""

    def __init__(self, share: float, *, stays: bool) -> None:
        self.share, self.stays = share, stays

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        taken = bytearray(int(WORKER_BYTES * self.share))
        if self.stays:
            _STAYS.append(taken)


class Heavy(NamedTuple):
    """A chunk of one record that takes memory where it is received."""

    received: Received
    place: str = "a"
    size: int = 0

    def items(self) -> Iterator[Heavy]:
        yield self

    def halves(self) -> tuple[()]:
        return ()

    def read(self) -> Unreadable:
        return Unreadable("a", Drop("broken", code="RD104"))


@pytest.mark.skipif(sys.platform != "linux", reason="where the memory of a worker has a limit")
def test_a_record_that_a_worn_worker_has_no_memory_to_receive_is_received_by_a_new_one() -> None:
    chunks = [Heavy(Received(0.2 if n % 4 else 0.5, stays=n % 4 > 0)) for n in range(8)] + [
        Heavy(Received(1.5, stays=True))
    ]
    found = pool.outcomes(Task.of(Config(), as_json=True), iter(chunks), 1, 30)  # type: ignore[arg-type]
    reasons = [one.dropped and one.dropped.code for _, (one,) in found]
    assert reasons == ["RD104"] * 8 + ["RD113"]
