"""`cleaner clean --engine spark` keeps, cuts and excludes what `cleaner clean` does, wherever Spark runs."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from integrations.conftest import needs_spark
from integrations.spark_clusters import children, connect, environment, standalone
from running import ARTICLE, SHARES, TWO, Done, lines

from cleaner.cli import main
from cleaner.config import Config
from cleaner.errors import InputError, OutputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Files = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def records(count: int = 200) -> list[dict[str, Any]]:
    """Give records in the order of their ids: stories with twins, copies and boilerplate, pages, and some of no use."""
    draw = random.Random(5)
    vocabulary = [
        f"{first}{second}" for first in ("har", "mar", "sal", "bo", "ti") for second in ("bour", "ket", "mon", "at")
    ]
    made: list[dict[str, Any]] = []
    texts: list[str] = []
    for number in range(count):
        text = ". ".join(" ".join(draw.choices(vocabulary, k=12)).capitalize() for _ in range(6)) + "."
        if number % 4 == 3:
            text = draw.choice(texts).replace("Harbour", "Market", 1)
        texts.append(text)
        record: dict[str, Any] = {"id": f"r{number:04}", "section": draw.choice(["news", "sport", None])}
        if number % 10 == 5:
            paragraphs = "".join(f"<p>{line}</p>" for line in ARTICLE.split("\n\n"))
            body = f"<body><article>{paragraphs}<p>{text}</p></article></body>"
            record["html"] = f"<html><head><title>Page {number}</title></head>{body}</html>"
            record["url"] = f"https://saltmere.example/{number}"
            if number % 20 == 5:
                record["text"] = " \n"
        elif number % 50 == 7:
            record["text"] = ""
        else:
            record["text"] = text + draw.choice(["", "\n\nShare on Facebook", "\n\nLeave a Comment"])
        made.append(record)
    return made


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pages") / "pages.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records()), encoding="utf-8")
    return file


def files(out: Path, excluded: Path) -> Files:
    """Give the records that a run has written, file or folder, by their ids; of a reason what Spark gives, too."""

    def read(place: Path) -> list[dict[str, Any]]:
        parts = sorted(place.glob("part-*")) if place.is_dir() else [place]
        found = [
            {key: value for key, value in record.items() if value is not None}
            for part in parts
            for record in lines(part)
        ]
        return sorted(found, key=lambda record: str(record["id"]))

    gone = read(excluded)
    for record in gone:
        reason = record["excluded"]
        record["excluded"] = {
            name: reason.get(name) for name in ("code", "name", "message", "duplicate_of", "similarity")
        }
    return read(out), gone


@pytest.fixture
def laptop(pages: Path, run: Callable[..., Done]) -> Files:
    folder = run(pages).folder
    kept, gone = files(folder / "corpus.jsonl", folder / "corpus.excluded.jsonl")
    for record in kept:
        record.pop("sitename", None)  # clean() adds no such column
    assert len(kept) > 100
    assert {record["excluded"]["code"] for record in gone} == {"ND101", "ND102", "TX101"}
    return kept, gone


def started(pages: Path, folder: Path, *options: str) -> subprocess.Popen[bytes]:
    needs_spark()
    command = [sys.executable, "-m", "cleaner", "clean", str(pages), "-o", str(folder / "corpus.jsonl"), *options]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen([*command, "--engine", "spark"], env=environment(folder), stdout=log, stderr=log)


def finished(process: subprocess.Popen[bytes], folder: Path) -> Files:
    assert process.wait(300) == 0, (folder / "log").read_text()
    return files(folder / "corpus.jsonl", folder / "corpus.excluded.jsonl")


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="finds the executor's process in /proc")
def test_on_a_master_with_two_workers_of_which_one_loses_its_executor_in_the_middle(
    pages: Path, laptop: Files, tmp_path: Path
) -> None:
    needs_spark()
    with standalone(tmp_path) as master:
        process = started(pages, tmp_path, "--master", master)
        seen: set[int] = set()
        killed = None
        while process.poll() is None:
            below = children(os.getpid())
            executors = {pid for pid, line in below.items() if "CoarseGrainedExecutorBackend" in line}
            seen |= executors
            begun = (tmp_path / "corpus.work" / "deduplicate" / "firsts" / "_SUCCESS").exists()
            if killed is None and executors and begun:
                killed = min(executors)
                os.kill(killed, signal.SIGKILL)
            time.sleep(0.3)
        assert finished(process, tmp_path) == laptop
    assert killed is not None
    assert len(seen) >= 3, "two executors, and one in the place of the killed one"


def test_through_spark_connect(pages: Path, laptop: Files, tmp_path: Path) -> None:
    needs_spark()
    with connect(tmp_path) as remote:
        assert finished(started(pages, tmp_path, "--remote", remote), tmp_path) == laptop


def test_parquet_with_fields_of_other_names_comes_out_as_parquet(
    spark: SparkSession, pages: Path, laptop: Files, tmp_path: Path
) -> None:
    from pyspark.sql import functions as F

    from cleaner.integrations.spark.engine import SparkRun

    source, out = tmp_path / "in.parquet", tmp_path / "corpus.parquet"
    df = spark.read.json(str(pages)).withColumnsRenamed({"text": "body", "html": "page", "id": "key"})
    df.withColumn("text", F.lit("A summary.")).write.parquet(str(source))
    config = Config(text_field="body", html_field="page", id_field="key")
    summary = SparkRun((str(source),), str(out), config)(spark)
    kept = spark.read.parquet(str(out)).orderBy("key").collect()
    assert set(kept[0].asDict()) == {
        "key", "page", "section", "url", "text", "title", "author", "date", "language", "language_score",
        "languages", "text_original",
    }  # fmt: skip
    assert {row["text_original"] for row in kept} == {"A summary."}
    assert [(row["key"], row["text"], row["title"]) for row in kept] == [
        (record["id"], record["text"], record.get("title")) for record in laptop[0]
    ]
    assert (summary.read, summary.kept, summary.excluded) == (200, len(laptop[0]), len(laptop[1]))
    excluded = lines(next((tmp_path / "corpus.excluded.jsonl").glob("part-*")))
    assert all(set(record) <= {"key", "body", "page", "section", "url", "text", "excluded"} for record in excluded)


def test_the_languages_of_a_text_are_those_of_a_run_on_the_laptop(
    spark: SparkSession, run: Callable[..., Done], tmp_path: Path
) -> None:
    from cleaner.integrations.spark.engine import SparkRun

    rows = [{"id": "a", "text": TWO}, {"id": "b", "text": ARTICLE, "languages": SHARES}]
    rows += [{"id": "c", "text": f"{TWO}\n{ARTICLE}"}, {"id": "d", "text": "", "languages": SHARES}]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    folder = run(source, ignore=("ND",)).folder
    laptop = files(folder / "corpus.jsonl", folder / "corpus.excluded.jsonl")
    assert [record.get("languages", "none") for record in laptop[0]][:2] == [SHARES, "none"]
    once, twice = tmp_path / "once.jsonl", tmp_path / "twice.jsonl"
    SparkRun((str(source),), str(once), Config(ignore=("ND",)))(spark)
    SparkRun((str(once),), str(twice), Config(select=("ND",)))(spark)
    assert files(once, tmp_path / "once.excluded.jsonl") == laptop
    assert files(twice, tmp_path / "twice.excluded.jsonl") == (laptop[0], [])


def test_the_example_runs_as_it_stands_and_has_ten_lines(tmp_path: Path) -> None:
    needs_spark()
    example = Path(__file__).parents[2] / "examples" / "spark.py"
    assert len(example.read_text(encoding="utf-8").split('"""')[2].strip().replace("\n\n", "\n").split("\n")) <= 10
    done = subprocess.run(
        [sys.executable, str(example)],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Share on Facebook" not in done.stdout
    assert "|  c|" in done.stdout
    assert "|  b|           a|       1.0|ND101|" in done.stdout


def test_without_the_rules_for_duplicates_all_but_the_empty_stay(
    spark: SparkSession, pages: Path, tmp_path: Path
) -> None:
    from cleaner.integrations.spark.engine import SparkRun

    out = tmp_path / "corpus.jsonl.gz"
    summary = SparkRun((str(pages),), str(out), Config(ignore=("ND",)))(spark)
    assert summary.reasons == {"TX101": 4}
    assert summary.examples["TX101"][0] == "r0007"
    assert spark.read.json(str(out)).count() == 196


def test_what_spark_cannot_read_or_write_is_said_at_once(spark: SparkSession, pages: Path, tmp_path: Path) -> None:
    from cleaner.integrations.spark.engine import SparkRun

    with pytest.raises(InputError, match=r"Spark reads .jsonl, or .parquet"):
        SparkRun((str(tmp_path),), str(tmp_path / "corpus.jsonl"))(spark)
    with pytest.raises(OutputError, match=r"Spark writes .parquet or .jsonl"):
        SparkRun((str(pages),), str(tmp_path / "texts/"))(spark)
    with pytest.raises(InputError, match="no column 'key'"):
        SparkRun((str(pages),), str(tmp_path / "corpus.jsonl"), Config(id_field="key"))(spark)
    with pytest.raises(InputError, match="the name of a column for the page, and no path"):
        SparkRun((str(pages),), str(tmp_path / "corpus.jsonl"), Config(html_field="response.body"))(spark)


def test_what_belongs_to_an_output_keeps_its_scheme() -> None:
    pytest.importorskip("pyspark")
    from cleaner.integrations.spark.engine import SparkRun

    run = SparkRun(("s3://crawl/*.parquet",), "s3://bucket/corpus.jsonl.gz")
    assert run.outputs() == ("s3://bucket/corpus.jsonl.gz", "s3://bucket/corpus.excluded.jsonl")
    assert run.work_dir == "s3://bucket/corpus.work"


def test_the_command_line_says_what_does_not_go_together() -> None:
    def said(*options: str) -> str:
        result = CliRunner().invoke(main, ["clean", "in.jsonl", "-o", "corpus.jsonl", *options])
        assert result.exit_code == 2
        return result.stderr

    assert "--ledger, --limit: not with --engine spark" in said("--engine", "spark", "--ledger", "l", "--limit", "5")
    assert "--max-lost: --engine spark counts no edits" in said("--engine", "spark", "--max-lost", "5")
    gate = "--fail-if 'MJ101 > 5': --engine spark counts no edits"
    assert gate in said("--engine", "spark", "--fail-if", "MJ101 > 5")
    assert "--master and --remote are about --engine spark" in said("--remote", "sc://nowhere")


def test_a_missing_java_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    command = ["clean", "in.jsonl", "-o", str(tmp_path / "corpus.jsonl"), "--engine", "spark"]
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith("cleaner: Spark needs Java 17 or later: ")


def test_a_missing_pyspark_is_one_sentence() -> None:
    command = "['clean', 'in.jsonl', '-o', 'corpus.jsonl', '--engine', 'spark']"
    program = f"import sys; sys.modules['pyspark'] = None; from cleaner.cli import main; main({command})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--engine spark needs pip install 'webtext-cleaner[spark]'" in done.stderr
    assert "Traceback" not in done.stderr
