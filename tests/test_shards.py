"""A corpus in parts: the same bytes however it is made, read back, undone, and put in the place of an older one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from running import ARTICLE, lines

from cleaner.cli import main
from cleaner.config import Config
from cleaner.corpus.formats import FORMATS
from cleaner.corpus.inputs import expand, finished_records
from cleaner.corpus.shards import parts_asked_for
from cleaner.errors import OutputError
from cleaner.runner.run import Run

COUNT = 40


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    rows: list[dict[str, Any]] = [{"id": str(n), "text": f"{n} boats.  \n\n{n}{ARTICLE}"} for n in range(COUNT)]
    rows[3]["rare"] = 7
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def clean(source: Path, out: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["clean", str(source), "-o", out, "--select", "WS", "--workers", "1", *more])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.zst", "csv.gz", "tsv", "parquet", "arrow"])
def test_parts_hold_the_corpus_and_undo_gives_the_texts_back(source: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / "corpus"
    done = clean(source, f"{out}/", "--shard-size", "4KB", "--shard-format", ending)
    assert done.exit_code == 0, done.output
    names = list(contents(out))
    assert names == [f"part-{number:05d}.{ending}" for number in range(len(names))]
    assert len(names) > 3
    records = [record.fields for path in expand([str(out)]).paths for record in finished_records(path)]
    assert [str(record["id"]) for record in records] == [str(n) for n in range(COUNT)]
    back = tmp_path / "back.jsonl"
    ledger = str(tmp_path / "corpus.ledger.jsonl")
    undone = CliRunner().invoke(main, ["undo", str(out), "--ledger", ledger, "-o", str(back)])
    assert undone.exit_code == 0, undone.output
    assert [record["text"] for record in lines(back)] == [record["text"] for record in lines(source)]


@pytest.mark.parametrize("ending", ["jsonl.zst", "parquet"])
def test_the_bytes_do_not_depend_on_the_workers_or_an_interruption(source: Path, tmp_path: Path, ending: str) -> None:
    def run(name: str, workers: int, limit: int | None = None) -> dict[str, bytes]:
        parts = parts_asked_for("4KB", ending)
        Run((str(source),), f"{tmp_path / name}/", Config(), workers=workers, limit=limit, parts=parts)()
        return contents(tmp_path / name)

    first = run("a", 0)
    assert run("b", 2) == first
    job = Run((str(source),), f"{tmp_path / 'c'}/", Config(), parts=parts_asked_for("4KB", ending))

    def stop(summary: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job(stop)
    job()
    assert contents(tmp_path / "c") == first


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_all_parts_of_a_table_have_the_same_columns(source: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / "corpus"
    assert clean(source, f"{out}/", "--shard-size", "4KB", "--shard-format", ending).exit_code == 0
    schema = next(format.schema for format in FORMATS if format.name == ending)
    assert schema is not None
    found = {str(schema(str(path))) for path in out.iterdir()}
    assert len(found) == 1
    assert "rare: int64" in found.pop()


def test_jsonl_is_compressed_unless_a_format_is_named(source: Path, tmp_path: Path) -> None:
    assert clean(source, f"{tmp_path}/corpus/", "--shard-size", "1GB").exit_code == 0
    assert list(contents(tmp_path / "corpus")) == ["part-00000.jsonl.zst"]


def test_a_folder_of_parts_is_replaced_and_one_of_somebody_else_is_not(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    assert clean(source, f"{out}/", "--shard-size", "4KB").exit_code == 0
    assert clean(source, f"{out}/", "--shard-size", "1GB").exit_code == 0
    assert list(contents(out)) == ["part-00000.jsonl.zst"]
    (out / "notes.xlsx").write_text("mine", encoding="utf-8")
    done = clean(source, f"{out}/", "--shard-size", "4KB")
    assert done.exit_code == 2
    assert "what is not known to be written by cleaner" in done.output
    shutil.rmtree(out)


def test_what_makes_no_sense_is_refused(source: Path, tmp_path: Path) -> None:
    for more, why in (
        (["--shard-size", "many"], "500MB or 2GB, not 'many'"),
        (["--shard-format", "warc"], "not 'warc'"),
        (["--shard-format", "parquet.zst"], "not 'parquet.zst'"),
    ):
        done = clean(source, f"{tmp_path}/corpus/", *more)
        assert done.exit_code == 2
        assert why in done.output
    done = clean(source, f"{tmp_path}/corpus.jsonl", "--shard-size", "1MB")
    assert done.exit_code == 2
    assert "parts of a corpus go into a folder" in done.output
    with pytest.raises(OutputError):
        parts_asked_for("0", None)


def test_an_index_is_built_of_parts(source: Path, tmp_path: Path) -> None:
    assert clean(source, f"{tmp_path}/corpus/", "--shard-size", "4KB").exit_code == 0
    done = CliRunner().invoke(main, ["index", "build", f"{tmp_path}/corpus/", "-o", str(tmp_path / "a.index")])
    assert done.exit_code == 0, done.output
    assert f"of {COUNT:,} texts added" in done.output


def test_nothing_kept_is_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": ""}\n', encoding="utf-8")
    for _ in range(2):
        command = ["clean", str(tmp_path / "in.jsonl"), "-o", f"{tmp_path}/o/", "--shard-format", "parquet"]
        assert CliRunner().invoke(main, command).exit_code == 0
    assert list((tmp_path / "o").iterdir()) == []
