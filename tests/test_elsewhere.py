"""Files in buckets, on hubs and on servers: the same answer as for files here, whatever fails on the way."""

from __future__ import annotations

import json
import logging
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner, Result
from forks import IN_SMALL_STEPS, Forks, is_saved_again
from real_parts import needs
from running import ARTICLE, lines
from s3_server import ENVIRONMENT, SECRET, WebServer, s3_server

fsspec = pytest.importorskip("fsspec")

from cleaner.cli import main  # noqa: E402
from cleaner.config import Config  # noqa: E402
from cleaner.corpus.parts import Parts  # noqa: E402
from cleaner.errors import CleanerError, UnreachableError  # noqa: E402
from cleaner.remote import listing, reading, store, writing  # noqa: E402
from cleaner.runner.run import Run  # noqa: E402

FAST = Config(select=("WS", "TX", "ND"))


def texts(number: int) -> list[str]:
    """Return texts of which no two are alike."""
    drawn = random.Random(5)
    syllables = [a + b for a in "bdfgklmnprst" for b in ("al", "en", "or", "ush")]
    words = [f"{a}{b}" for a in syllables for b in syllables]
    return [f"The {' '.join(drawn.choices(words, k=50))} came on day {n}.\n\n\n\nEnd." for n in range(number)]


def jsonl(number: int) -> bytes:
    rows = ({"id": str(n), "url": f"https://h{n % 3}.example/{n}", "text": t} for n, t in enumerate(texts(number)))
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def tree() -> dict[str, bytes]:
    """Return the files of a folder: some in folders, hidden, of an unknown ending, and of a former run."""
    import gzip

    some = texts(6)
    return {
        "z.txt": some[0].encode(),
        "a/b.md": some[1].encode(),
        "a/page.html": f"<html><body><p>{some[2]}</p></body></html>".encode(),
        "a/deep/c[1].txt.gz": gzip.compress(some[3].encode(), mtime=0),
        "crawl.jsonl": jsonl(20),
        "photo.png": b"\x89PNG\r\n\x1a\n",
        "a/.hidden/d.txt": some[4].encode(),
        "old.jsonl": b"",
        "old.ledger.jsonl": b'{"id": "1", "steps": []}\n',
        "old.manifest.json": json.dumps({"cleaner": "1", "outputs": ["old.jsonl", "old.ledger.jsonl"]}).encode(),
    }


def put(below: str, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        system, path = fsspec.core.url_to_fs(f"{below}/{name}")
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
        system.pipe_file(path, data)


def content(below: str) -> dict[str, bytes]:
    system, path = fsspec.core.url_to_fs(below)
    system.invalidate_cache()
    return {
        name.removeprefix(path).lstrip("/"): system.cat_file(name)
        for name in (system.find(path) if system.exists(path) else [])
    }


@pytest.fixture(autouse=True)
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Run in an empty folder, with no waiting between attempts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(store, "WAITS_S", (0.0,) * 4)
    fsspec.filesystem("memory").store.clear()
    fsspec.filesystem("memory").pseudo_dirs[:] = [""]
    yield tmp_path
    assert not any(":" in path.name for path in tmp_path.rglob("*")), "a folder was made of an address"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    try:
        import moto.server  # noqa: F401
        import s3fs
    except ImportError:
        needs(False, "moto's server or s3fs (pip install 'moto[server,s3]' s3fs)")
    with s3_server() as address, pytest.MonkeyPatch.context() as patch:
        for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": address}).items():
            patch.setenv(name, value)
        s3fs.S3FileSystem.clear_instance_cache()
        system = fsspec.filesystem("s3")
        system.mkdir("crawl")
        system.mkdir("bucket")
        yield address
        s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def web() -> Iterator[WebServer]:
    pytest.importorskip("aiohttp")
    server = WebServer({"a.jsonl": jsonl(300), "page.html": tree()["a/page.html"], "forbidden.jsonl": b"{}"})
    yield server
    server.close()


def cli(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == code, result.output
    return result


def run(*inputs: str, out: str, **more: Any) -> Any:
    return Run(inputs, out, FAST, **more)()


def written(folder: Path, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob(f"{name}*") if "manifest" not in path.name}


class Failing:
    """A file system of which some calls fail; the others go through."""

    def __init__(self, system: Any, name: str, fails: Callable[[int], bool], error: Exception) -> None:
        self._system, self._name, self._fails, self._error = system, name, fails, error
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._system, name)
        if name != self._name:
            return real

        def call(*arguments: Any, **more: Any) -> Any:
            self.calls += 1
            if self._fails(self.calls):
                raise self._error
            return real(*arguments, **more)

        return call


def fail(
    monkeypatch: pytest.MonkeyPatch, name: str, fails: Callable[[int], bool], error: Exception | None = None
) -> Failing:
    system = Failing(fsspec.filesystem("memory"), name, fails, error or ConnectionError("reset by peer"))

    def store_of(address: str) -> tuple[Any, str]:
        return system, "/" + address.removeprefix("memory://")

    for module in (listing, reading, writing):
        monkeypatch.setattr(module, "store_of", store_of)
    return system


# --- the same answer as here


@pytest.mark.parametrize("scheme", ["memory", "s3"])
def test_a_folder_elsewhere_gives_what_the_folder_here_gives(world: Path, scheme: str, request: Any) -> None:
    if scheme == "s3":
        request.getfixturevalue("s3")
    below = f"{scheme}://crawl/in"
    put(below, tree())
    for name, data in tree().items():
        path = world / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    here = run("in", out="here.jsonl")
    there = run(below, out=f"{scheme}://bucket/{scheme}/here.jsonl")
    assert (there.read, there.kept, there.passed_over) == (here.read, here.kept, here.passed_over)
    made = content(f"{scheme}://bucket/{scheme}")
    assert set(made) == {"here.jsonl", "here.excluded.jsonl", "here.ledger.jsonl", "here.manifest.json"}
    for name in set(made) - {"here.manifest.json"}:
        assert made[name].replace(below.encode(), b"in") == Path(name).read_bytes()
    manifest = json.loads(made["here.manifest.json"])
    assert manifest["outputs"][0] == f"{scheme}://bucket/{scheme}/here.jsonl"
    assert all(one["bytes"] and one["stamp"] for one in manifest["inputs"] if not one["path"].endswith("old.jsonl"))
    assert sorted(path.name for path in world.iterdir()) == [
        "here.excluded.jsonl",
        "here.jsonl",
        "here.ledger.jsonl",
        "here.manifest.json",
        "in",
    ]


def test_globs_lists_and_names(s3: str, world: Path) -> None:
    put("s3://crawl/globs", tree())
    found = cli(
        "clean", "s3://crawl/globs/**/*.md", "s3://crawl/globs/a/deep/c[1].txt.gz", "-o", "o.jsonl", "--show-files"
    )
    assert found.stdout.split() == ["s3://crawl/globs/a/b.md", "s3://crawl/globs/a/deep/c[1].txt.gz"]
    (world / "list.txt").write_text("s3://crawl/globs/z.txt\ns3://crawl/globs/a/\n")
    found = cli("clean", "@list.txt", "-o", "o.jsonl", "--show-files", "--skip", "s3://crawl/globs/a/deep/")
    assert [path.removeprefix("s3://crawl/globs/") for path in found.stdout.split()] == [
        "z.txt",
        "a/b.md",
        "a/page.html",
    ]
    said = cli("clean", "s3://crawl/globs/photo.png", "-o", "o.jsonl", code=2).stderr
    assert "its ending says no format" in said
    assert "there is no such file" in cli("clean", "s3://crawl/none/*.txt", "-o", "o.jsonl", code=2).stderr


def test_tables_and_archives_come_and_go(s3: str, world: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [json.loads(line) | {"n": n} for n, line in enumerate(jsonl(50).decode().splitlines())]
    pq.write_table(
        pa.Table.from_pylist(
            rows,
            schema=pa.schema([("id", pa.string()), ("url", pa.string()), ("text", pa.string()), ("n", pa.uint16())]),
        ),
        "t.parquet",
        row_group_size=10,
    )
    put("s3://crawl/tables", {"t.parquet": Path("t.parquet").read_bytes()})
    run("s3://crawl/tables/", out="s3://bucket/tables/o.parquet")
    run("t.parquet", out="o.parquet")
    there = pq.read_table(pa.BufferReader(content("s3://bucket/tables")["o.parquet"]))
    assert there.schema.field("n").type == pa.uint16()
    assert there.equals(pq.read_table("o.parquet"))


def test_a_copy_that_a_killed_run_has_left_goes(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"text": texts(3)}), sink)
    put("memory://in", {"t.parquet": sink.getvalue().to_pybytes()})
    copies = []
    real = reading.tempfile.TemporaryDirectory

    def left(**more: Any) -> Any:
        copies.append(made := real(**more))
        Path(more["dir"], ".cleaner-left").mkdir()
        return made

    monkeypatch.setattr(reading.tempfile, "TemporaryDirectory", left)
    run("memory://in/t.parquet", out="memory://out/o.jsonl", work_dir=str(world))
    assert len(copies) == 1
    assert list(world.iterdir()) == []


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_an_archive_is_read_as_it_streams_by(world: Path, packing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.corpus.compression import open_write

    monkeypatch.setattr(reading, "BLOCK_BYTES", 5000)
    body = "".join(
        f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:{n}>\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(text.encode())}\r\n\r\n{text}\r\n\r\n"
        for n, text in enumerate(texts(60))
    )
    with open_write(f"a.wet{packing}", {".gz": "gzip", ".zst": "zstd"}.get(packing)) as file:
        file.write(body.encode())
    put("memory://w", {f"a.wet{packing}": Path(f"a.wet{packing}").read_bytes()})
    assert run(f"memory://w/a.wet{packing}", out="there.jsonl").kept == 60
    run(f"a.wet{packing}", out="here.jsonl")
    assert Path("there.jsonl").read_bytes() == Path("here.jsonl").read_bytes()


def test_a_folder_of_texts_goes_file_by_file_into_a_new_place(world: Path) -> None:
    put("memory://in", {"a.jsonl": jsonl(5)})
    run("memory://in/", out="memory://out/texts/")
    assert sorted(content("memory://out/texts")) == [f"{n}.txt" for n in range(5)]
    with pytest.raises(CleanerError, match="there are files below it"):
        run("memory://in/", out="memory://out/texts/")


def test_undo_and_explain_and_learn_and_index_read_what_lies_elsewhere(s3: str, world: Path) -> None:
    put("s3://crawl/undo", {"a.jsonl": jsonl(12)})
    run("s3://crawl/undo/a.jsonl", out="s3://bucket/undo/c.jsonl.gz")
    cli(
        "undo",
        "s3://bucket/undo/c.jsonl.gz",
        "--ledger",
        "s3://bucket/undo/c.ledger.jsonl",
        "-o",
        "s3://bucket/undo/u.jsonl",
    )
    undone = [json.loads(line) for line in content("s3://bucket/undo")["u.jsonl"].decode().splitlines()]
    assert [record["text"] for record in undone] == texts(12)
    assert "day 3" in cli("explain", "s3://crawl/undo/a.jsonl", "--id", "3").stdout
    assert "0 lines" in cli("learn", "s3://crawl/undo/", "-o", "lines.json").stderr
    assert "12 of 12" in cli("index", "build", "s3://crawl/undo/a.jsonl", "-o", "i.index", "--threshold", "1").stderr


def test_a_corpus_in_parts_goes_into_a_bucket_and_is_undone_from_there(s3: str, world: Path) -> None:
    put("s3://crawl/parts", {"a.jsonl": jsonl(12)})
    run("s3://crawl/parts/a.jsonl", out="s3://bucket/parts/c/", parts=Parts("jsonl.gz", 300))
    assert len([name for name in content("s3://bucket/parts") if name.startswith("c/part-")]) > 1
    cli("undo", "s3://bucket/parts/c/", "--ledger", "s3://bucket/parts/c.ledger.jsonl", "-o", "undone.jsonl")
    undone = [json.loads(line) for line in Path("undone.jsonl").read_text().split("\n") if line]
    assert [record["text"] for record in undone] == texts(12)


def test_a_hub_takes_each_file_in_one_commit(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """hf:// as fsspec has it: a file system of that name, here in memory."""
    from fsspec.implementations.memory import MemoryFileSystem

    class Hub(MemoryFileSystem):
        protocol = "hf"
        store: ClassVar[dict[str, Any]] = {}
        pseudo_dirs: ClassVar[list[str]] = [""]
        copied: ClassVar[list[str]] = []

        def cp_file(self, path1: str, path2: str, **_: Any) -> None:
            self.copied.append(path2)

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return MemoryFileSystem._strip_protocol(path.replace("hf://", "memory://"))

    fsspec.register_implementation("hf", Hub, clobber=True)
    put("hf://datasets/org/name", {"data/a.jsonl": jsonl(3), "data/b.jsonl": jsonl(5)})
    assert run("hf://datasets/org/name/data/*.jsonl", out="hf://datasets/org/out/c.jsonl").read == 8
    assert "c.jsonl" in content("hf://datasets/org/out")
    assert Hub.copied == []


# --- listed once, and what changes meanwhile


def test_inputs_are_listed_once_however_often_a_run_asks(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("memory://in", {"a.jsonl": jsonl(5), "b.jsonl": jsonl(3)})
    asked: list[str] = []
    real = listing.found_at
    monkeypatch.setattr(listing, "found_at", lambda address: asked.append(address) or real(address))
    cli("clean", "memory://in/", "-o", "o.jsonl", "--workers", "1", "--learn", "--verbose", "--progress", "never")
    assert asked == ["memory://in/"]


def test_what_a_run_wrote_into_the_folder_is_not_its_input(world: Path) -> None:
    put("memory://in", {"a.jsonl": jsonl(5)})
    for _ in range(2):
        assert run("memory://in/", out="memory://in/out/corpus.jsonl").read == 5
    other = run("memory://in/", out="memory://elsewhere/corpus.jsonl")
    assert other.read == 10  # the corpus of the other run is an input, and nothing beside it


def interrupted(monkeypatch: pytest.MonkeyPatch, out: str, work: Path, **more: Any) -> None:
    """Begin a run that dies when half of its input is read."""
    with monkeypatch.context() as patch:
        patch.setattr("cleaner.runner.opened.SAVE_EVERY_S", 0.0)
        patch.setattr("cleaner.corpus.jsonl.BLOCK_BYTES", 2000)
        run_ = Run(("memory://in/a.jsonl",), out, FAST, work_dir=str(work), **more)

        def stop(summary: Any) -> None:
            if summary.read >= 100:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run_(stop)


def test_a_run_goes_on_where_the_input_is_the_same_and_stops_where_it_has_changed(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("memory://in", {"a.jsonl": jsonl(300)})
    (world / "work").mkdir()
    interrupted(monkeypatch, "memory://out/c.jsonl", world / "work")
    assert len(list((world / "work").iterdir())) == 1
    with monkeypatch.context() as patch:
        patch.setattr("cleaner.corpus.jsonl.BLOCK_BYTES", 2000)
        went_on: list[int] = []
        Run(("memory://in/a.jsonl",), "memory://out/c.jsonl", FAST, work_dir="work")(goes_on=went_on.append)
    assert went_on[0] >= 99
    run("memory://in/a.jsonl", out="memory://whole/c.jsonl")
    assert content("memory://out")["c.jsonl"] == content("memory://whole")["c.jsonl"]
    interrupted(monkeypatch, "memory://out/d.jsonl", world / "work")
    put("memory://in", {"a.jsonl": jsonl(301)})
    with pytest.raises(CleanerError, match=r"inputs 'memory://in/a\.jsonl' has changed"):
        run("memory://in/a.jsonl", out="memory://out/d.jsonl", work_dir="work")


@pytest.mark.parametrize(("records", "what_was_read"), [(50, ""), (3000, "; the lines before it were read")])
def test_a_file_that_changes_while_it_is_read_says_so(
    records: int, what_was_read: str, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("memory://in", {"a.jsonl": jsonl(records)})
    monkeypatch.setattr(reading, "BLOCK_BYTES", 1 << 18)
    monkeypatch.setattr(reading, "is_changed", lambda address: True)
    summary = run("memory://in/a.jsonl", out="o.jsonl")
    said = lines(Path("o.excluded.jsonl"))[-1]["excluded"]["message"].partition(": ")[2]
    assert said == f"it has changed while it was read{what_was_read}"
    assert summary.unreadable == 1
    assert bool(summary.kept) == bool(what_was_read)


# --- kills, and servers that fail


@pytest.mark.parametrize("when", ["uploaded one", "uploaded all", "named one", "named all"])
def test_a_kill_between_upload_and_naming_costs_nothing(
    world: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    put("memory://in", {"a.jsonl": jsonl(30)})
    put("memory://out", {"c.jsonl": b"old\n"})
    run("memory://in/a.jsonl", out="memory://whole/c.jsonl")
    calls = {"put_file": 0, "rm_file": 0}
    stop_at = {
        "uploaded one": ("put_file", 2),
        "uploaded all": ("put_file", 4),
        "named one": ("rm_file", 2 + 1),
        "named all": ("rm_file", 5 + 1),
    }[when]
    memory = type(fsspec.filesystem("memory"))
    with monkeypatch.context() as patch:
        for name in calls:
            real = getattr(memory, name)

            def call(self: Any, *arguments: Any, _name: str = name, _real: Any = real) -> Any:
                calls[_name] += 1
                if stop_at == (_name, calls[_name]):
                    if when == "uploaded all":
                        _real(self, *arguments)
                    raise KeyboardInterrupt
                return _real(self, *arguments)

            patch.setattr(memory, name, call)
        with pytest.raises(KeyboardInterrupt):
            run("memory://in/a.jsonl", out="memory://out/c.jsonl")
    if "uploaded" in when:
        assert content("memory://out")["c.jsonl"] == b"old\n"
    run("memory://in/a.jsonl", out="memory://out/c.jsonl")
    made = content("memory://out")
    assert set(made) == {"c.jsonl", "c.excluded.jsonl", "c.ledger.jsonl", "c.manifest.json"}, "an unnamed file is left"
    assert all(made[name] == content("memory://whole")[name] for name in made if "manifest" not in name)
    assert list(world.iterdir()) == []


def test_a_run_that_is_killed_goes_on_to_the_same_objects(s3: str, world: Path) -> None:
    put("s3://crawl/kills", {"in.jsonl": jsonl(1500)})
    arguments = ["clean", "s3://crawl/kills/in.jsonl", "--progress", "never", "--workers", "1", "-o"]
    killed = Run((), "s3://bucket/kills/c.jsonl")
    with closing(Forks()) as forks:
        for after_s in (0.0, 0.2):
            saved = is_saved_again(killed.workplace_path.absolute() / "state")
            assert forks.killed(world, [*arguments, killed.out], saved, after_s)
    subprocess.run([*IN_SMALL_STEPS, *arguments, killed.out], check=True, capture_output=True)
    whole_run = [sys.executable, "-m", "cleaner", *arguments, "s3://bucket/whole/c.jsonl"]
    subprocess.run(whole_run, check=True, capture_output=True)
    made, whole = content("s3://bucket/kills"), content("s3://bucket/whole")
    assert set(made) == {"c.jsonl", "c.excluded.jsonl", "c.ledger.jsonl", "c.manifest.json"}
    assert all(made[name] == whole[name] for name in made if "manifest" not in name)


def test_what_fails_in_passing_is_tried_again(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("memory://in", tree() | {"crawl.jsonl": jsonl(400)})
    run("memory://in/", out="whole.jsonl")
    monkeypatch.setattr(reading, "BLOCK_BYTES", 10_000)
    monkeypatch.setattr(reading, "AT_ONCE", 1)
    system = fail(monkeypatch, "cat_file", lambda call: call % 3 != 0)
    run("memory://in/", out="c.jsonl")
    assert system.calls > 20
    assert written(world, "c") == {name.replace("whole", "c"): data for name, data in written(world, "whole").items()}


def test_a_store_that_dies_is_said_in_a_sentence_and_the_run_goes_on_later(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("memory://in", {"a.jsonl": jsonl(400)})
    run("memory://in/", out="memory://whole/c.jsonl")
    with monkeypatch.context() as patch:
        patch.setattr(reading, "BLOCK_BYTES", 10_000)
        fail(patch, "cat_file", lambda call: call > 5)
        said = cli(
            "clean", "memory://in/", "-o", "memory://out/c.jsonl", "--select", "WS,TX,ND", "--workers", "1", code=2
        )
    assert said.stderr == (
        "cleaner: memory://in/a.jsonl cannot be reached: reset by peer; it was tried 5 times; "
        "when that is mended, the same command goes on from here\n"
    )
    assert content("memory://out") == {}
    cli("clean", "memory://in/", "-o", "memory://out/c.jsonl", "--select", "WS,TX,ND", "--workers", "1")
    assert content("memory://out")["c.jsonl"] == content("memory://whole")["c.jsonl"]
    with monkeypatch.context() as patch:  # the same while it uploads
        fail(patch, "put_file", lambda call: call > 2)
        with pytest.raises(UnreachableError, match="the same command goes on from here"):
            run("memory://in/", out="memory://other/c.jsonl")
    run("memory://in/", out="memory://other/c.jsonl")
    assert content("memory://other")["c.jsonl"] == content("memory://whole")["c.jsonl"]


@pytest.mark.parametrize(
    ("address", "package"), [("gs://bucket/a.jsonl", "gcsfs"), ("az://container/a.jsonl", "adlfs")]
)
def test_where_there_is_no_network_nobody_waits_for_the_patience_of_a_package(
    address: str, package: str, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(find_spec(package), f"{package} (the extra [cloud])")
    nobody = "http://127.0.0.1:9"
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", nobody)
    monkeypatch.setenv(
        "AZURE_STORAGE_CONNECTION_STRING",
        f"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint={nobody}/a;",
    )
    monkeypatch.setitem(fsspec.config.conf, "gs", {"token": "anon"})
    monkeypatch.setattr(store, "ANSWER_S", 2)
    kept, _ = store.store_of(address)  # what it takes to load the package is not counted
    begun = time.monotonic()
    said = cli("clean", address, "-o", "o.jsonl", code=2).stderr
    type(kept).clear_instance_cache()  # it knows the address of nobody
    assert time.monotonic() - begun < 10
    assert said == (f"cleaner: {address} cannot be reached: there was no answer in 2 seconds; it was tried once\n")


MISSING = "Your default credentials were not found. To set up Application Default Credentials, see elsewhere."


@pytest.mark.parametrize(
    ("said", "asked_for", "options"),
    [
        (MISSING, False, {"token": "anon"}),
        (MISSING, True, {}),
        ("File key.json was not found.", False, {}),
        (None, False, {}),
    ],
)
def test_the_machine_is_asked_once_for_an_account_of_googles(
    said: str | None, asked_for: bool, options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(find_spec("gcsfs"), "gcsfs (the extra [cloud])")
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError

    def default() -> tuple[str, None]:
        asked.append(1)
        if said is not None:
            raise DefaultCredentialsError(said)
        return "an account", None

    asked: list[int] = []
    monkeypatch.setattr(google.auth, "default", default)
    monkeypatch.setattr("gcsfs.credentials.GoogleCredentials.tokens", {})
    monkeypatch.setitem(fsspec.config.conf, "gcs", {"token": "google_default"} if asked_for else {})
    store._google_account.cache_clear()
    try:
        found = [store._options("gs") for _ in range(2)]
    finally:
        store._google_account.cache_clear()
    assert [{name: one[name] for name in one if name != "requests_timeout"} for one in found] == [options] * 2
    assert len(asked) == (0 if asked_for else 1)


def test_where_nobody_tells_of_an_account_the_message_is_the_one_that_is_known(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(find_spec("gcsfs"), "gcsfs (the extra [cloud])")
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError

    monkeypatch.setattr("google.auth._default._get_gce_credentials", lambda *_, **__: (None, None))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(world))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with pytest.raises(DefaultCredentialsError, match=store._NO_ACCOUNT):
        google.auth.default()
    key = {"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}
    (world / "application_default_credentials.json").write_text(json.dumps(key))
    store._google_account.cache_clear()
    try:
        assert store._google_account().may_be
    finally:
        store._google_account.cache_clear()


def test_the_search_for_an_account_is_a_part_of_the_time_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    class System:
        async_impl = True

        def info(self, path: str, timeout: float) -> float:
            return timeout

    for seconds, left in ((0.0, store.ANSWER_S), (5.0, store.ANSWER_S - 5), (60.0, store.ANSWER_S / 2)):
        monkeypatch.setattr(store, "_google_account", lambda seconds=seconds: store._Account(False, seconds))
        assert store.answer("gs://bucket/a", System(), "info", "a") == left
        assert store.answer("s3://bucket/a", System(), "info", "a") == store.ANSWER_S


def test_a_question_that_waits_long_for_nothing_is_not_asked_again(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("memory://in", {"a.jsonl": jsonl(5)})
    monkeypatch.setattr(store, "ANSWER_S", 0.2)

    def waits(call: int) -> bool:
        time.sleep(0.15)
        return True

    system = fail(monkeypatch, "info", waits)
    assert "; it was tried once\n" in cli("clean", "memory://in/a.jsonl", "-o", "o.jsonl", code=2).stderr
    assert system.calls == 1


@pytest.mark.parametrize("package", ["adlfs", "azure.core", "fsspec.http", "gcsfs", "s3fs"])
def test_what_a_package_logs_is_not_printed_beside_our_sentence(
    package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as in a program that has set up no logging
    logging.getLogger(package).error("out of retries")
    assert capsys.readouterr().err == ""


def test_one_file_that_is_not_given_costs_itself(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("memory://in", {"a.txt": texts(1)[0].encode(), "b.jsonl": jsonl(5)})
    fail(monkeypatch, "cat_file", lambda call: call == 1, PermissionError("no"))
    summary = run("memory://in/", out="o.jsonl")
    assert (summary.kept, summary.reasons) == (5, {"RD101": 1})
    assert lines(Path("o.excluded.jsonl"))[0]["excluded"]["message"] == "memory://in/a.txt: access is denied: no"


def test_a_place_where_nothing_can_be_written_is_refused_before_the_run(s3: str, world: Path) -> None:
    put("s3://crawl/x", {"a.jsonl": jsonl(5)})
    said = cli("clean", "s3://crawl/x/a.jsonl", "-o", "s3://nobody-has-this/c.jsonl", code=2).stderr
    assert said.startswith("cleaner: s3://nobody-has-this/c.jsonl: cannot be written: ")
    assert said.count("\n") == 1


# --- servers


def test_a_page_and_records_of_a_server_are_read_and_no_key_is_kept(web: WebServer, world: Path) -> None:
    signed = f"{web.url}/a.jsonl?X-Amz-Signature={SECRET}&Expires=9"
    told = cli(
        "clean", signed, f"{web.url}/page.html?key={SECRET}", "-o", "o.jsonl", "--workers", "1", "--report", "r.html"
    )
    assert "301 in" in told.stderr
    everything = told.output + "".join(path.read_text() for path in world.iterdir() if path.is_file())
    assert SECRET not in everything
    assert f"{web.url}/page.html" in everything
    assert any(SECRET in asked for asked in web.asked)
    for name in ("forbidden.jsonl", "none.jsonl"):
        said = cli(
            "clean", f"{web.url.replace('://', f'://me:{SECRET}@')}/{name}?k={SECRET}", "-o", "x.jsonl", code=2
        ).stderr
        assert SECRET not in said
        assert said.count("\n") == 1


def test_a_server_that_breaks_off_is_asked_again(web: WebServer, world: Path) -> None:
    web.breaks = 3
    assert run(f"{web.url}/a.jsonl", out="o.jsonl").read == 300
    web.breaks = 99
    with pytest.raises(UnreachableError, match=r"cannot be reached: .*tried 5 times"):
        run(f"{web.url}/a.jsonl", out="x.jsonl")


def test_a_large_file_is_given_the_time_that_it_takes(web: WebServer, world: Path) -> None:
    system, _ = store.store_of(f"{web.url}/a.jsonl")
    assert system.client_kwargs["timeout"].total is None  # aiohttp's own: five minutes
    assert system.client_kwargs["timeout"].sock_read == 60


def test_a_server_leads_to_no_other_host(web: WebServer, world: Path) -> None:
    said = cli("clean", f"{web.url}/away", "-o", "o.jsonl", "--input-format", "jsonl", code=2).stderr
    assert "leads to http://localhost" in said
    assert "which was not named" in said
    assert SECRET not in said
    assert not any("a.jsonl" in asked for asked in web.asked)


def test_nothing_is_written_to_a_server(web: WebServer, world: Path) -> None:
    (world / "a.txt").write_text(ARTICLE)
    assert "is read, and never written" in cli("clean", "a.txt", "-o", f"{web.url}/o.jsonl", code=2).stderr


# --- one sentence, and no folder called s3:

COMMANDS = (
    ["clean", "a.txt", "-o", "{}/o.jsonl"],
    ["clean", "a.txt", "-o", "{}/texts/"],
    ["clean", "{}/a.jsonl", "-o", "o.jsonl"],
    ["clean", "a.txt", "-o", "o.jsonl", "--report", "{}/r.html"],
    ["clean", "a.txt", "-o", "o.jsonl", "--excluded", "{}/e.jsonl"],
    ["clean", "a.txt", "-o", "o.jsonl", "--index", "{}/i.index"],
    ["undo", "{}/c.jsonl", "--ledger", "l.jsonl"],
    ["undo", "c.jsonl", "--ledger", "l.jsonl", "-o", "{}/u.jsonl"],
    ["index", "build", "a.txt", "-o", "{}/i.index"],
    ["index", "build", "{}/a.txt", "-o", "i.index"],
    ["index", "query", "{}/i.index", "a.txt"],
    ["index", "info", "{}/i.index"],
    ["learn", "a.txt", "-o", "{}/l.json"],
    ["learn", "{}/a.txt", "-o", "l.json"],
    ["check", "{}/a.txt"],
    ["explain", "{}/a.txt"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command))
@pytest.mark.parametrize("place", ["s3://bucket", "ftp://host/x"])
def test_without_the_package_or_with_an_unknown_scheme_it_is_one_sentence(
    world: Path, command: list[str], place: str
) -> None:
    for name, data in {"a.txt": ARTICLE, "c.jsonl": '{"id": "1", "text": "x"}\n', "l.jsonl": ""}.items():
        (world / name).write_text(data)
    blocked = "import sys; sys.modules['s3fs'] = None; from cleaner.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", blocked, *(part.format(place) for part in command)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert done.returncode == 2, done.stderr
    said = done.stderr.strip().splitlines()
    assert len(said) == 1, done.stderr
    assert place.partition("://")[0] in said[0]
    assert {path.name for path in world.iterdir()} <= {"a.txt", "c.jsonl", "l.jsonl"}


def test_a_file_in_a_bucket_may_have_the_name_of_a_folder(world: Path, s3: str) -> None:
    put("s3://crawl/both", {"a.jsonl": jsonl(3), "a.jsonl/part.jsonl": jsonl(5)})
    summary = run("s3://crawl/both", out="o.jsonl")
    assert (summary.read, summary.unreadable) == (8, 0)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command))
def test_an_address_that_has_lost_a_slash_is_no_folder(world: Path, command: list[str]) -> None:
    for name, data in {"a.txt": ARTICLE, "c.jsonl": '{"id": "1", "text": "x"}\n', "l.jsonl": ""}.items():
        (world / name).write_text(data)
    said = cli(*(part.format(PurePosixPath("s3://bucket")) for part in command), code=2).stderr.strip()
    assert "s3:/bucket" in said
    hints = ("does not exist", "an index is a file on this machine", "an address has two slashes: s3://bucket/")
    assert any(hint in said for hint in hints)
    assert {path.name for path in world.iterdir()} <= {"a.txt", "c.jsonl", "l.jsonl"}


def test_the_extra_is_named_where_it_is_missing(world: Path) -> None:
    (world / "a.txt").write_text(ARTICLE)
    blocked = "import sys; sys.modules['fsspec'] = None; from cleaner.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", blocked, "clean", "a.txt", "-o", "s3://bucket/o.jsonl"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert "pip install 'webtext-cleaner[cloud]'" in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize("scheme", ["gs", "az"])
def test_other_clouds_go_through_their_own_packages(scheme: str, world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip({"gs": "gcsfs", "az": "adlfs"}[scheme])
    for name in ("AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_ACCOUNT_NAME", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GCE_METADATA_HOST", "127.0.0.1:9")
    if scheme == "gs":
        assert store.SCHEMES["gs"] == "gcsfs"
        return
    said = cli("clean", f"{scheme}://container/a.jsonl", "-o", "o.jsonl", code=2).stderr
    assert said.startswith(f"cleaner: {scheme}://container/a.jsonl: ")
    assert said.count("\n") == 1
