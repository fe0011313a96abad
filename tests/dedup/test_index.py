"""The index that a scraper asks, in memory and in a file."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner.dedup import Match, NearDuplicateIndex, buckets, sqlite, store
from cleaner.dedup.backend import RunMark
from cleaner.dedup.index import IndexInfo, IndexMismatchError
from cleaner.dedup.index_file import IndexFileError
from cleaner.dedup.leader import GreedyLeader
from cleaner.dedup.sketch import Sketcher
from cleaner.dedup.slots import checksum
from cleaner.document import Drop
from cleaner.errors import CleanerError

FERRY = "The ferry to the island leaves at nine, and the next one leaves at noon, weather permitting, all year round."
BREAD = "Another text altogether, about the price of bread in the town and what the baker has to say about it."


@pytest.fixture(params=["memory", "file"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NearDuplicateIndex]:
    path = tmp_path / "corpus.index" if request.param == "file" else None
    with NearDuplicateIndex.open(path) as opened:
        yield opened


def families(seed: int) -> list[str]:
    draw = random.Random(seed)
    texts = []
    for _ in range(30):
        plain = [str(draw.getrandbits(30)) for _ in range(60)]
        for _ in range(draw.randrange(1, 5)):
            changed = list(plain)
            for _ in range(draw.choice([0, 1, 3])):
                changed[draw.randrange(60)] = "changed"
            texts.append(" ".join(changed))
    draw.shuffle(texts)
    return texts


def test_what_matches_is_not_added(index: NearDuplicateIndex) -> None:
    assert index.check_and_add("a", FERRY) is None
    assert index.check_and_add("b", FERRY.upper()) == Match("a", 1.0)
    match = index.check_and_add("c", FERRY + " Dogs travel free.")
    assert match is not None
    assert match.id == "a"
    assert 0.7 <= match.similarity < 1
    assert index.check_and_add("d", BREAD) is None
    assert len(index) == 2


def test_a_text_that_was_added_matches_itself(index: NearDuplicateIndex) -> None:
    assert index.check_and_add("a", FERRY) is None
    assert index.check_and_add("a", FERRY) == Match("a", 1.0)


def test_a_query_adds_nothing(index: NearDuplicateIndex) -> None:
    assert index.query(FERRY) is None
    assert index.query(FERRY) is None
    assert len(index) == 0


def test_what_is_added_without_a_question_is_found(index: NearDuplicateIndex) -> None:
    index.add("a", FERRY)
    index.add("b", FERRY)
    assert len(index) == 2
    assert index.query(FERRY) == Match("a", 1.0)


def test_what_is_removed_is_not_found(index: NearDuplicateIndex) -> None:
    index.add("a", FERRY)
    index.add("a", BREAD)
    index.add("b", FERRY)
    assert index.remove("a")
    assert index.query(BREAD) is None
    assert index.query(FERRY) == Match("b", 1.0)
    assert not index.remove("a")
    assert len(index) == 1


def test_any_id_and_any_text_can_be_added(index: NearDuplicateIndex) -> None:
    for id in ("", "é", "日本\0", "\ud800", "x" * 10_000):
        index.remove(id)
        index.add(id, f"the text of {id!r} and nothing else")
        assert index.query(f"the text of {id!r} and nothing else") == Match(id, 1.0)
        assert index.remove(id)
    assert index.check_and_add("empty", "") is None
    assert index.check_and_add("also empty", "") == Match("empty", 1.0)


def test_threads_take_turns(index: NearDuplicateIndex) -> None:
    texts = families(1)
    matches: list[Match | None] = []

    def work() -> None:
        matches.extend(index.check_and_add(str(place), text) for place, text in enumerate(texts))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert matches.count(None) == len(index)


def test_a_file_keeps_what_was_added(tmp_path: Path) -> None:
    path = tmp_path / "corpus.index"
    with NearDuplicateIndex.open(path, threshold=0.8, ngram=3) as index:
        index.check_and_add("a", FERRY)
    with NearDuplicateIndex.open(path) as index:
        assert index.sketcher == Sketcher(0.8, 3)
        assert index.query(FERRY) == Match("a", 1.0)
        info = index.info()
        assert (info.path, info.texts) == (str(path), 1)
        assert info.bytes > 0
        assert info.settings["scheme"] == "affine32"


def test_a_file_is_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "corpus.index"
    with NearDuplicateIndex.open(path) as writer, NearDuplicateIndex.open(path, read_only=True) as reader:
        assert reader.query(FERRY) is None
        writer.add("a", FERRY)
        assert reader.query(FERRY) == Match("a", 1.0)
        with writer._backend._store.transaction():
            assert reader.query(FERRY) == Match("a", 1.0)
        with pytest.raises(IndexFileError, match="readonly"):
            reader.add("b", BREAD)


def test_a_closed_file_stands_alone(tmp_path: Path) -> None:
    with NearDuplicateIndex.open(tmp_path / "corpus.index") as index:
        index.add("a", FERRY)
        with NearDuplicateIndex.open(tmp_path / "corpus.index", read_only=True):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["corpus.index"]
    with NearDuplicateIndex.open(tmp_path / "corpus.index", read_only=True) as index:
        assert index.query(FERRY) == Match("a", 1.0)


def test_an_index_that_was_made_otherwise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corpus.index"
    NearDuplicateIndex.open(path, threshold=0.8).close()
    with pytest.raises(IndexMismatchError, match=r"threshold 0\.8, not 0\.7: ask for"):
        NearDuplicateIndex.open(path, threshold=0.7)
    with pytest.raises(IndexMismatchError, match="ngram 5, not 4"):
        NearDuplicateIndex.open(path, ngram=4)
    connection = sqlite3.connect(path)
    row = ("99", checksum("shingles", "99"))
    connection.execute("UPDATE settings SET value = ?, checksum = ? WHERE name = 'shingles'", row)
    connection.commit()
    connection.close()
    with pytest.raises(IndexMismatchError, match=r"shingles 99, here \d+\): move it away, and build it anew"):
        NearDuplicateIndex.open(path)


def test_a_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("no database " * 1_000)
    with pytest.raises(IndexFileError, match=r"text\.txt cannot be used"):
        NearDuplicateIndex.open(text)
    database = tmp_path / "other.sqlite"
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE settings (name TEXT, value TEXT)")
    connection.close()
    with pytest.raises(IndexFileError, match="no near-duplicate index"):
        NearDuplicateIndex.open(database)
    with pytest.raises(IndexFileError, match="no such index"):
        NearDuplicateIndex.open(tmp_path / "missing.index", read_only=True)
    with pytest.raises(IndexFileError, match="cannot be used"):
        NearDuplicateIndex.open(tmp_path / "missing" / "corpus.index")


def test_an_empty_file_is_no_index(tmp_path: Path) -> None:
    path = tmp_path / "corpus.index"
    path.touch()
    for read_only in (False, True):
        with pytest.raises(IndexFileError, match="is empty"):
            NearDuplicateIndex.open(path, read_only=read_only)
    assert path.read_bytes() == b""


def test_of_several_that_make_an_index_at_once_all_have_the_same(tmp_path: Path) -> None:
    path = tmp_path / "corpus.index"
    code = (
        "import sys; from cleaner.dedup import NearDuplicateIndex\n"
        "with NearDuplicateIndex.open(sys.argv[1]) as index: index.add(sys.argv[2], sys.argv[2] * 9)"
    )
    making = [subprocess.Popen([sys.executable, "-c", code, str(path), str(number)]) for number in range(4)]
    assert [process.wait() for process in making] == [0] * 4
    with NearDuplicateIndex.open(path, read_only=True) as index:
        assert len(index) == 4
    assert [file.name for file in tmp_path.iterdir()] == ["corpus.index"]


def _answers(path: Path, texts: list[str]) -> list[object]:
    """Ask an index all that can be asked; where it refuses, that is the answer."""
    found: list[object] = []
    try:
        with NearDuplicateIndex.open(path, read_only=True) as index:
            asked = [lambda text=text: index.query(text) for text in texts]
            for ask in (*asked, lambda: len(index), index.last, lambda: index.begun("run"), index.info):
                try:
                    found.append(ask())
                except CleanerError:
                    found.append(CleanerError)
            try:
                found.append(list(index._backend.sketches()))
            except CleanerError:
                found.append(CleanerError)
    except CleanerError:
        return [CleanerError]
    return found


def test_a_damaged_file_is_refused_and_never_answers_otherwise(tmp_path: Path) -> None:
    path, broken = tmp_path / "corpus.index", tmp_path / "broken.index"
    texts = families(3)[:40]
    with NearDuplicateIndex.open(path) as index:
        for number, text in enumerate(texts[::2]):
            index.check_and_add(f"é{number}", text)
        index.extend([], RunMark("run", index.last()))
    right = _answers(path, texts)
    assert CleanerError not in right
    data = path.read_bytes()
    draw = random.Random(8)
    refused = 0
    for _ in range(100):
        bit = draw.randrange(len(data) * 8)
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        broken.write_bytes(flipped)
        found = _answers(broken, texts)
        refused += CleanerError in found
        if found == [CleanerError]:
            continue
        for place, (ours, theirs) in enumerate(zip(found, right, strict=True)):
            if ours is not CleanerError and not isinstance(ours, IndexInfo):
                assert ours == theirs, (bit, place)
    assert refused > 5


def test_a_cut_file_is_refused_before_it_answers(tmp_path: Path) -> None:
    path, cut = tmp_path / "corpus.index", tmp_path / "cut.index"
    texts = families(3)[:40]
    with NearDuplicateIndex.open(path) as index:
        for number, text in enumerate(texts[::2]):
            index.check_and_add(str(number), text)
    data = path.read_bytes()
    for size in [*range(len(data) - 64, len(data)), *range(1, len(data), 1 + len(data) // 64)]:
        cut.write_bytes(data[:size])
        with pytest.raises(IndexFileError):
            NearDuplicateIndex.open(cut, read_only=True)


def test_two_corpora_through_an_index_give_what_they_give_in_one_run(tmp_path: Path) -> None:
    texts = families(2)
    sketcher = Sketcher()
    sketches = sketcher.batch(texts)

    def decide(leader: GreedyLeader, places: range) -> list[Drop | None]:
        return [leader.decide(str(place), sketches[place]) for place in places]

    with GreedyLeader(sketcher, tmp_path) as leader:
        whole = decide(leader, range(len(texts)))
    half = len(texts) // 2
    found = []
    for places in (range(half), range(half, len(texts))):
        with (
            NearDuplicateIndex.open(tmp_path / "corpus.index") as index,
            GreedyLeader(sketcher, tmp_path, former=index) as leader,
        ):
            found += decide(leader, places)
            added = index.extend(leader.kept())
            assert added == found[places.start :].count(None)
            # A run that was interrupted here does it again.
            assert index.extend(leader.kept()) == 0
    path = str(tmp_path / "corpus.index")
    indexed = [drop is not None and drop.details.get("index") == path for drop in found]
    assert [drop and (drop.code, drop.duplicate_of, drop.similarity) for drop in found] == [
        drop and (drop.code, drop.duplicate_of, drop.similarity) for drop in whole
    ]
    assert [drop.message.endswith(f" in {path}") for drop in found if drop] == [
        known for drop, known in zip(found, indexed, strict=True) if drop
    ]
    assert any(indexed[half:])
    assert not any(indexed[:half])


def test_an_index_of_another_threshold_does_not_serve_a_run() -> None:
    with NearDuplicateIndex.open(threshold=0.8) as index, pytest.raises(ValueError, match=r"threshold=0\.8"):
        GreedyLeader(Sketcher(0.7), former=index)


def test_merging_gives_what_one_index_would_hold(index: NearDuplicateIndex, tmp_path: Path) -> None:
    texts = families(3)
    half = len(texts) // 2
    with NearDuplicateIndex.open() as whole, NearDuplicateIndex.open(tmp_path / "second.index") as second:
        for place, text in enumerate(texts):
            whole.check_and_add(str(place), text)
            (index if place < half else second).check_and_add(str(place), text)
        assert len(index) + len(second) > len(whole)
        before = len(index)
        assert index.merge(second) == len(whole) - before
        for text in texts:
            assert index.query(text) == whole.query(text)


def test_indexes_that_compare_otherwise_are_not_merged(index: NearDuplicateIndex) -> None:
    with NearDuplicateIndex.open(threshold=0.9) as other, pytest.raises(IndexMismatchError, match=r"0\.9.*0\.7"):
        index.merge(other)


def test_a_capped_bucket_answers_alike_in_a_file_and_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (buckets, sqlite, store):
        monkeypatch.setattr(module, "BUCKET_CAP", 5)
    draw = random.Random(5)
    template = " ".join(f"item{number}" for number in range(100))
    texts = [f"{template} " + " ".join(str(draw.getrandbits(30)) for _ in range(30)) for _ in range(40)]
    with NearDuplicateIndex.open(tmp_path / "corpus.index") as on_disk, NearDuplicateIndex.open() as in_memory:
        for place, text in enumerate(texts):
            assert on_disk.check_and_add(str(place), text) == in_memory.check_and_add(str(place), text)
            (sketch,) = on_disk.sketcher.batch([text])
            both = [each._backend._store.candidates(sketch.bands) for each in (on_disk, in_memory)]
            assert (both[0] - 1).tolist() == both[1].tolist()
        assert in_memory._backend._store.capped > 0
        assert on_disk._backend._store.capped > 0


def test_a_killed_process_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    script = Path(__file__).with_name("kill_index.py")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # no threads where a process forks
    command = [sys.executable, "-W", "ignore::DeprecationWarning", str(script), str(tmp_path / "corpus.index"), "100"]
    found = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert "100 kills" in found.stdout


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import sys, cleaner.dedup; assert not {'numpy', 'scipy', 'datasketch'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("size", [1, 99, 300, 511, 513, 5000])
def test_what_is_no_index_is_refused_and_stays_as_it_is(tmp_path: Path, size: int) -> None:
    notes, others = tmp_path / "notes.txt", tmp_path / "others.db"
    notes.write_bytes(b"n" * size)
    database = sqlite3.connect(others)
    database.execute(f"CREATE TABLE settings_of_mine (a{size})")
    database.commit()
    database.close()
    for path in (notes, others):
        before = path.read_bytes()
        with pytest.raises(IndexFileError, match="cannot be used as a near-duplicate index"):
            NearDuplicateIndex.open(path)
        assert path.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["notes.txt", "others.db"]


@pytest.mark.parametrize(
    "planted",
    [
        ["ALTER TABLE {0} RENAME TO own", "CREATE VIEW {0} AS SELECT own.* FROM own WHERE ({1}) > 0"],
        ["CREATE TRIGGER t AFTER INSERT ON {0} BEGIN DELETE FROM {0} WHERE ({1}) > 0; END"],
        ["DROP TABLE {0}", "CREATE VIRTUAL TABLE {0} USING fts5(number)"],
    ],
)
@pytest.mark.parametrize("table", ["texts", "counts", "settings"])
def test_an_index_that_holds_more_than_tables_is_refused_at_once(
    tmp_path: Path, planted: list[str], table: str
) -> None:
    path = tmp_path / "corpus.index"
    with NearDuplicateIndex.open(path) as index:
        index.check_and_add("ferry", FERRY)
    forever = "WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    connection = sqlite3.connect(path)
    for statement in planted:
        connection.execute(statement.format(table, forever))
    connection.commit()
    connection.close()
    for read_only in (True, False):
        with pytest.raises(IndexFileError, match="no near-duplicate index: none has such a thing as"):
            NearDuplicateIndex.open(path, read_only=read_only)
