"""The stores give the same answers, whatever their size and however crowded their buckets."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from cleaner.dedup import buckets, spool, store, verify
from cleaner.dedup.leader import GreedyLeader
from cleaner.dedup.sketch import Sketch, Sketcher
from cleaner.dedup.spool import SpoolStore
from cleaner.dedup.store import MemoryStore, Store
from cleaner.document import Drop

BANDS = 3


def made_up(draw: random.Random, keys: int) -> Sketch:
    """A sketch whose bands take one of `keys` values, so that buckets have many members."""
    shingles = np.unique(np.array([draw.getrandbits(64) for _ in range(draw.randrange(1, 5))], "<u8"))
    bands = [
        int.from_bytes(random.Random(f"{band} {draw.randrange(keys)}").randbytes(8), "little") for band in range(BANDS)
    ]
    return Sketch(draw.randbytes(16), shingles.tobytes(), np.array(bands, "<u8").tobytes(), draw.randbytes(1024), 7)


@pytest.mark.parametrize("keys", [10, 300, 100_000])
def test_the_spool_answers_as_memory_does(keys: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_FIRST_CAPACITY", 16)
    monkeypatch.setattr(buckets, "_FIRST_CAPACITY_BITS", 4)
    monkeypatch.setattr(buckets, "_CROWD", 8)
    monkeypatch.setattr(buckets, "BUCKET_CAP", 100)
    monkeypatch.setattr(store, "BUCKET_CAP", 100)
    draw = random.Random(keys)
    memory: Store = MemoryStore()
    disk: Store = SpoolStore(tmp_path, BANDS)
    sketches = [made_up(draw, keys) for _ in range(2_000)]
    for number, sketch in enumerate(sketches):
        for asked in (sketch, draw.choice(sketches)):
            numbers = memory.candidates(asked.bands)
            assert np.array_equal(disk.candidates(asked.bands), numbers)
            assert disk.exact(asked.exact) == memory.exact(asked.exact)
        assert np.array_equal(disk.sizes(numbers), memory.sizes(numbers))
        assert np.array_equal(disk.bitmaps(numbers), memory.bitmaps(numbers))
        for ours, theirs in zip(disk.shingles(numbers[:3]), memory.shingles(numbers[:3]), strict=True):
            assert np.array_equal(ours, theirs)
        for known in numbers.tolist()[:3]:
            assert disk.member(known) == memory.member(known)
        for each in (memory, disk):
            each.add(f"é{number}", sketch)
    assert disk.capped == memory.capped
    assert (disk.capped > 0) == (keys == 10)
    disk.close()


def test_the_cost_of_pages_of_one_template_does_not_rise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Half of the shingles of each page are the template's: too few for a duplicate, enough to share bands with all.
    monkeypatch.setattr(buckets, "BUCKET_CAP", 50)
    monkeypatch.setattr(buckets, "_CROWD", 8)
    draw = random.Random(6)
    template = " ".join(f"item{number}" for number in range(200))
    sketcher = Sketcher(0.7)
    compared: list[int] = []
    with GreedyLeader(sketcher, tmp_path) as greedy:
        for page in range(500):
            own = " ".join(str(draw.getrandbits(40)) for _ in range(60))
            (sketch,) = sketcher.batch([f"{template} {own}"])
            compared.append(len(greedy._store.candidates(sketch.bands)))
            assert greedy.decide(str(page), sketch) is None
        assert greedy.capped > 0
    assert max(compared) <= 26 * 50
    assert np.mean(compared[300:400]) == pytest.approx(np.mean(compared[400:]), rel=0.1)


def test_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    with GreedyLeader(Sketcher(), tmp_path) as greedy:
        (sketch,) = greedy.sketcher.batch(["one two three"])
        greedy.decide("a", sketch)
        # The files have no names, so that nothing is left even when the process is killed.
        assert list(tmp_path.iterdir()) == []


def test_filters_and_tables_change_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(7)
    sketcher = Sketcher(0.5)
    texts = []
    for length in (30, 300, 3_000):
        for _ in range(150):
            plain = [str(number) for number in range(length)]
            for _ in range(draw.randrange(length // 3)):
                plain[draw.randrange(length)] = str(draw.getrandbits(40))
            texts.append(" ".join(plain))
    draw.shuffle(texts)
    sketches = sketcher.batch(texts)

    def decide() -> list[Drop | None]:
        with GreedyLeader(sketcher) as greedy:
            return [greedy.decide(str(place), sketch) for place, sketch in enumerate(sketches)]

    found = decide()
    monkeypatch.setattr(verify, "_HANDFUL", 0)
    monkeypatch.setattr(verify, "_FEW", 0)
    monkeypatch.setattr(verify, "_BLOCK", 3)
    monkeypatch.setattr(verify, "_TABLE_BITS", 12)  # so full that many shingles displace each other
    assert found == decide()
    monkeypatch.setattr(verify, "_HANDFUL", len(texts))
    monkeypatch.setattr(verify, "_FEW", len(texts))
    assert found == decide()
    assert 100 < found.count(None) < 400
