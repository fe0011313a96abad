"""An index on a real Redis server, which each test starts for itself on loopback."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from real_parts import needs
from redis_server import PASSWORD, Server
from versions_of_texts import versions

from cleaner.config import Config
from cleaner.dedup import Match, NearDuplicateIndex, server, sqlite
from cleaner.dedup.index import IndexMismatchError
from cleaner.dedup.server import IndexServerError, masked
from cleaner.dedup.sketch import Sketch
from cleaner.runner.run import Run

needs(shutil.which("redis-server"), "redis-server")
needs(find_spec("redis"), "the package redis")

FERRY = "The ferry to the island leaves at nine, and the next one leaves at noon, weather permitting, all year round."


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "redis"
    folder.mkdir()
    running = Server(folder)
    yield running
    running.kill()


def families(seed: int, count: int = 30) -> list[str]:
    draw = random.Random(seed)
    texts = []
    for _ in range(count):
        plain = [str(draw.getrandbits(30)) for _ in range(60)]
        for _ in range(draw.randrange(1, 5)):
            changed = list(plain)
            for _ in range(draw.choice([0, 1, 3])):
                changed[draw.randrange(60)] = "changed"
            texts.append(" ".join(changed))
    draw.shuffle(texts)
    return texts


def test_the_server_answers_as_memory_does(redis: Server) -> None:
    with NearDuplicateIndex.open(redis.url) as there, NearDuplicateIndex.open() as here:
        for place, text in enumerate(families(1)):
            assert there.check_and_add(str(place), text) == here.check_and_add(str(place), text)
            if place % 9 == 0:
                assert there.remove(str(place - 3)) == here.remove(str(place - 3))
        assert len(there) == len(here)
        assert list(there._backend.sketches()) == list(here._backend.sketches())
        for text in families(1) + families(2):
            assert there.query(text) == here.query(text)


def test_the_server_finds_contained_texts_as_a_file_does(redis: Server, tmp_path: Path) -> None:
    rows = versions(41, 40)
    with (
        NearDuplicateIndex.open(redis.url, contained=0.9) as there,
        NearDuplicateIndex.open(tmp_path / "corpus.index", contained=0.9) as here,
    ):
        codes = set()
        for place, row in enumerate(rows):
            (sketch,) = here.sketcher.batch([row["text"]])
            verdict = here.decide(row["id"], sketch)
            assert there.decide(row["id"], sketch) == verdict
            codes.add(verdict and verdict.code)
            if place % 9 == 0:
                assert there.remove(rows[place // 2]["id"]) == here.remove(rows[place // 2]["id"])
        assert codes == {None, "ND101", "ND102", "ND103"}
        assert list(there._backend.sketches()) == list(here._backend.sketches())
        assert there.info().settings == here.info().settings


def test_many_candidates_come_as_bitmaps_first(redis: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (server, sqlite):
        monkeypatch.setattr(module, "BUCKET_CAP", 30)
    draw = random.Random(5)
    template = " ".join(f"item{number}" for number in range(100))
    texts = [f"{template} " + " ".join(str(draw.getrandbits(30)) for _ in range(24)) for _ in range(60)]
    with (
        NearDuplicateIndex.open(redis.url) as there,
        NearDuplicateIndex.open(redis.folder / "corpus.index") as here,
    ):
        for place, text in enumerate(texts + texts[:5] + [text[:-12] for text in texts]):
            assert there.check_and_add(str(place), text) == here.check_and_add(str(place), text)
        assert there.capped == here.capped > 0


def test_any_id_and_any_text_can_be_added(redis: Server) -> None:
    with NearDuplicateIndex.open(redis.url) as index:
        for id in ("", "é", "日本\0", "\ud800", "x" * 10_000):
            text = f"the text of {id!r} and nothing else"
            index.add(id, text)
            index.add(id, text)
            assert index.query(text) == Match(id, 1.0)
            assert index.remove(id)
            assert not index.remove(id)
            assert index.query(text) is None
        assert index.check_and_add("empty", "") is None
        assert index.check_and_add("also empty", "") == Match("empty", 1.0)


def test_a_look_up_takes_two_round_trips_at_most(redis: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with NearDuplicateIndex.open(redis.url) as index:
        for place, text in enumerate(families(3, 60)):
            index.add(str(place), text)
        for _ in range(40):
            index.add("a", FERRY)
        index.query(FERRY)  # the script is on the server from here on
        sent: list[object] = []
        send = index._backend._client.execute_command
        monkeypatch.setattr(
            index._backend._client,
            "execute_command",
            lambda *parts, **more: (sent.append(parts[0]), send(*parts, **more))[1],
        )
        assert index.query(f"{FERRY} Dogs travel free.") is not None
        assert len(sent) == 2
        sent.clear()
        assert index.query("nothing like it") is None
        assert len(sent) == 1


_WRITER = """
import random, sys
from cleaner.dedup import NearDuplicateIndex
texts = open(sys.argv[2], encoding="utf-8").read().splitlines()
order = list(range(len(texts)))
random.Random(sys.argv[3]).shuffle(order)
with NearDuplicateIndex.open(sys.argv[1]) as index:
    print(sum(index.check_and_add(f"{sys.argv[3]}-{place}", texts[place]) is None for place in order))
"""


def test_four_writing_processes_keep_no_two_texts_that_are_alike(redis: Server) -> None:
    source = redis.folder / "texts.txt"
    source.write_text("\n".join(families(4, 60)), encoding="utf-8")
    commands = [[sys.executable, "-c", _WRITER, redis.url, str(source), str(number)] for number in range(4)]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    added = [int(writer.communicate()[0]) for writer in writers]
    with NearDuplicateIndex.open(redis.url) as index:
        assert sum(added) == len(index)
        kept = list(index._backend.sketches())
    with NearDuplicateIndex.open() as alone:
        assert alone.extend(kept) == len(kept), "no kept text is like another"
        for text in source.read_text(encoding="utf-8").splitlines():
            assert alone.query(text) is not None


def test_a_text_that_was_added_between_look_and_add_is_seen(redis: Server) -> None:
    with NearDuplicateIndex.open(redis.url) as first, NearDuplicateIndex.open(redis.url) as second:
        look = first._backend._verdict

        def slow(*arguments: object) -> object:
            found = look(*arguments)
            if len(second) == 0:
                second.add("faster", FERRY)
            return found

        first._backend._verdict = slow
        assert first.check_and_add("slower", FERRY) == Match("faster", 1.0)
        assert len(first) == 1


def test_a_restarted_server_has_what_was_acknowledged(redis: Server) -> None:
    with NearDuplicateIndex.open(redis.url) as index:
        texts = families(6)
        for place, text in enumerate(texts):
            index.check_and_add(str(place), text)
        held = len(index)
        redis.kill()
        with pytest.raises(IndexServerError, match="does not answer") as told:
            index.check_and_add("late", FERRY)
        assert PASSWORD not in str(told.value)
        redis.start()
        assert index.check_and_add("late", FERRY) is None
        assert len(index) == held + 1
        assert all(index.query(text) is not None for text in texts)


def test_a_server_that_lost_its_memory_is_no_empty_index(redis: Server) -> None:
    with NearDuplicateIndex.open(redis.url) as index:
        index.add("a", FERRY)
        redis.kill()
        redis.start(keep=False)
        for call in (index.query, lambda text: index.check_and_add("b", text), lambda text: index.add("b", text)):
            with pytest.raises(IndexServerError, match="the index is gone"):
                call(FERRY)


def test_an_index_is_told_apart_by_name_and_by_its_settings(redis: Server) -> None:
    with NearDuplicateIndex.open(redis.url, threshold=0.8) as index:
        index.add("a", FERRY)
    with pytest.raises(IndexMismatchError, match=r"threshold 0\.8, not 0\.7") as told:
        NearDuplicateIndex.open(redis.url, threshold=0.7)
    assert PASSWORD not in str(told.value)
    with pytest.raises(IndexServerError, match="no such index"):
        NearDuplicateIndex.open(f"{redis.url}?name=other", read_only=True)
    with NearDuplicateIndex.open(f"{redis.url}?name=other", threshold=0.7) as other:
        assert other.query(FERRY) is None
    with NearDuplicateIndex.open(redis.url, read_only=True) as reader:
        assert reader.sketcher.threshold == 0.8
        assert reader.query(FERRY) == Match("a", 1.0)
        with pytest.raises(IndexServerError, match="readonly"):
            reader.add("b", FERRY)


def test_nobody_at_the_address_is_one_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"redis://:{PASSWORD}@127.0.0.1:{taken.getsockname()[1]}/0"
        with pytest.raises(IndexServerError, match="does not answer") as told:
            NearDuplicateIndex.open(address)
    assert PASSWORD not in str(told.value)
    assert masked(address) in str(told.value)


def test_threads_take_turns(redis: Server) -> None:
    texts = families(7)
    matches: list[Match | None] = []
    with NearDuplicateIndex.open(redis.url) as index:

        def work() -> None:
            matches.extend(index.check_and_add(str(place), text) for place, text in enumerate(texts))

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert matches.count(None) == len(index)


def test_a_run_is_held_against_a_server_and_writes_no_password(redis: Server, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    for number, text in enumerate(families(8)):
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    config = Config(select=("ND",))
    first = Run((str(folder),), str(tmp_path / "a.jsonl"), config, index=redis.url)()
    assert first.index is not None
    assert first.index.added == first.kept > 0
    again = Run((str(folder),), str(tmp_path / "a.jsonl"), config, index=redis.url)()
    assert again.index is not None
    assert (again.kept, again.index.added, again.index.repeated) == (first.kept, 0, True)
    other = Run((str(folder),), str(tmp_path / "b.jsonl"), config, index=redis.url)()
    assert other.kept == 0
    for path in tmp_path.iterdir():
        if path.is_file():
            assert PASSWORD not in path.read_text(encoding="utf-8")


def test_a_server_that_would_forget_texts_is_refused(redis: Server) -> None:
    redis.say("CONFIG SET maxmemory 100mb", "CONFIG SET maxmemory-policy allkeys-lru")
    with pytest.raises(IndexServerError, match=r"maxmemory-policy allkeys-lru.*set maxmemory-policy to noeviction"):
        NearDuplicateIndex.open(redis.url)
    redis.say("CONFIG SET maxmemory-policy volatile-lru")  # no key of ours may be thrown away then
    NearDuplicateIndex.open(redis.url).close()


def test_a_user_who_may_not_ask_about_memory_can_use_an_index(redis: Server) -> None:
    redis.say("ACL SETUSER crawler on >pass ~{cleaner}:* +@all -@dangerous")
    with NearDuplicateIndex.open(redis.url.replace(f":{PASSWORD}@", "crawler:pass@")) as index:
        assert index.check_and_add("a", FERRY) is None


def test_a_text_that_somebody_deleted_is_missed(redis: Server) -> None:
    with NearDuplicateIndex.open(redis.url) as index:
        index.add("a", FERRY)
        redis.say("DEL {cleaner}:t:1")
        with pytest.raises(IndexServerError, match="somebody deleted keys"):
            index.query(FERRY)


def test_texts_that_were_added_before_the_server_was_lost_stay_and_the_rest_follows(redis: Server) -> None:
    with NearDuplicateIndex.open() as here, NearDuplicateIndex.open(redis.url) as there:
        for place, text in enumerate(families(9)):
            here.check_and_add(str(place), text)
        sketches = list(here._backend.sketches())

        def lost_on_the_way() -> Iterator[tuple[str, Sketch]]:
            yield from sketches[:7]
            redis.kill()
            yield sketches[7]

        with pytest.raises(IndexServerError, match="does not answer"):
            there.extend(lost_on_the_way())
        redis.start()
        assert len(there) == 7
        assert there.merge(here) == len(sketches) - 7
        assert list(there._backend.sketches()) == sketches
