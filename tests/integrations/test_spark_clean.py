"""Cleaning on Spark: what `cleaner clean` keeps, cuts and excludes, row by row."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from running import ARTICLE, SHARES, TWO, Done

from cleaner.config import Config
from cleaner.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in ARTICLE.split("\n\n"))
PAGE = f"""<!doctype html><html><head><title>The harbour was quiet | Saltmere News</title>
<meta name="author" content="Ada Ferrier"><meta property="article:published_time" content="2024-05-03"></head><body>
<nav><a href="/">Home</a></nav><article><h1>The harbour was quiet</h1>{PARAGRAPHS}<p>Share on Facebook</p></article>
</body></html>"""

RECORDS: list[dict[str, Any]] = [
    {"id": "plain", "text": ARTICLE},
    {"id": "buttons", "text": ARTICLE + "\n\nShare on Facebook\n\nLeave a Comment"},
    {"id": "mojibake", "text": ARTICLE + "\n\nThe cafÃ© on the pier opened at nine â€“ as on every Monday."},
    {"id": "own title", "text": ARTICLE, "title": "A quiet Monday"},
    {"id": "French", "text": "Le port était calme lundi, et les bateaux sont restés à quai jusqu'à midi. " * 3},
    {"id": "page", "html": PAGE, "url": "https://saltmere.example/2024/quiet"},
    {"id": "empty", "text": ""},
    {"id": "banner", "text": "We use cookies to improve your experience. Accept all cookies"},
    {"id": "nothing"},
    {"id": "two languages", "text": TWO},
]
COLUMNS = "id string, text string, html string, url string, title string"


def frame(spark: SparkSession, records: list[dict[str, Any]]) -> DataFrame:
    names = [part.split()[0] for part in COLUMNS.split(", ")]
    return spark.createDataFrame([tuple(record.get(name) for name in names) for record in records], COLUMNS)


@pytest.fixture
def laptop(run: Callable[..., Done], tmp_path: Path) -> Done:
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    return run(file, ignore=("ND",))


def test_every_row_comes_out_as_the_laptop_cleans_it(spark: SparkSession, laptop: Done) -> None:
    from cleaner.integrations.spark import clean

    cleaned = clean(frame(spark, RECORDS).repartition(2), text="text", html="html", url="url", id="id")
    rows = {row["id"]: row.asDict(recursive=True) for row in cleaned.collect()}
    assert len(rows) == len(RECORDS)
    kept = {id: row for id, row in rows.items() if row["excluded"] is None}
    assert set(kept) == {record["id"] for record in laptop.kept} == set(rows) - {"empty", "banner", "nothing"}
    for record in laptop.kept:
        names = ("text", "title", "author", "date", "url", "language", "language_score", "languages")
        assert {name: kept[record["id"]][name] for name in names} == {name: record.get(name) for name in names}
    assert kept["two languages"]["languages"] == SHARES
    excluded = {id: row["excluded"] for id, row in rows.items() if row["excluded"] is not None}
    for record in laptop.excluded:
        wanted = {name: record["excluded"][name] for name in ("code", "name", "duplicate_of", "similarity")}
        assert {name: excluded[record["id"]][name] for name in wanted} == wanted
        assert rows[record["id"]]["text"] == record.get("text")


def test_a_text_in_another_column_stays_there_beside_the_cleaned_one(spark: SparkSession) -> None:
    from cleaner.integrations.spark import clean

    df = frame(spark, RECORDS[1:2]).withColumnRenamed("text", "body")
    row = clean(df, text="body", id="id").collect()[0]
    assert (row["body"], row["text"]) == (RECORDS[1]["text"], ARTICLE)


def test_pages_may_be_bytes_and_a_date_of_another_type_is_left_alone(spark: SparkSession) -> None:
    from pyspark.sql import functions as F

    from cleaner.integrations.spark import clean

    df = frame(spark, RECORDS[5:6]).withColumn("html", F.col("html").cast("binary"))
    df = df.withColumn("date", F.to_date(F.lit("2020-01-01"))).drop("text", "title")
    row = clean(df, html="html", url="url").collect()[0]
    assert row["text"].split() == ARTICLE.split()
    assert row["title"] == "The harbour was quiet"
    assert (str(row["date"]), row["excluded"]) == ("2020-01-01", None)


def test_languages_of_another_type_are_somebody_elses(spark: SparkSession) -> None:
    from pyspark.sql import functions as F

    from cleaner.integrations.spark import clean

    df = frame(spark, [{"id": "a", "text": ARTICLE}, {"id": "b", "text": TWO}]).withColumn("title", F.lit(None))
    ours = F.from_json(F.lit('[{"language":"de","share":0.5}]'), "array<struct<language:string,share:double>>")
    wide = F.from_json(F.lit('[{"share":0.5,"language":"de"}]'), "array<struct<share:float,language:string>>")
    for own in (ours, wide, F.lit(None)):
        cleaned = clean(df.withColumn("languages", own), text="text", id="id")
        assert dict(cleaned.dtypes)["languages"] == "array<struct<language:string,share:double>>"
        rows = {row["id"]: row.asDict(recursive=True) for row in cleaned.collect()}
        assert (rows["a"]["languages"], rows["b"]["languages"]) == (None, SHARES)
    for own in (F.array(F.lit("fr")), F.lit("fr"), F.array(F.struct(F.lit(1).alias("share")))):
        cleaned = clean(df.withColumn("languages", own), text="text", id="id")
        assert cleaned.select("languages").distinct().collect() == df.select(own.alias("l")).distinct().collect()


def test_the_configuration_counts(spark: SparkSession) -> None:
    from cleaner.integrations.spark import clean

    config = Config(languages=("en",), ignore=("BP",))
    df = frame(spark, [RECORDS[1], RECORDS[4]])
    rows = {row["id"]: row for row in clean(df, text="text", id="id", config=config).collect()}
    assert rows["buttons"]["text"] == RECORDS[1]["text"]
    assert rows["French"]["excluded"]["name"] == "unwanted-language"


def test_nothing_runs_before_it_is_asked_for_and_a_wrong_column_is_told_at_once(spark: SparkSession) -> None:
    from pyspark.sql import functions as F

    from cleaner.integrations.spark import clean

    failing = frame(spark, RECORDS).withColumn("text", F.raise_error("read too soon").cast("string"))
    columns = clean(failing, text="text").columns
    assert columns[-4:] == ["language", "language_score", "languages", "excluded"]
    with pytest.raises(InputError, match="no column 'body'; the columns are id, text"):
        clean(failing, text="body")
    with pytest.raises(ValueError, match=r"texts .text=. or the pages .html=."):
        clean(failing)


def test_without_java_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    from cleaner.integrations.spark import SparkUnavailableError, session

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(SparkUnavailableError, match=r"^Spark needs Java 17 or later: there is none on the PATH[^\n]*$"):
        session()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkUnavailableError, match=r"JAVA_HOME is .* and has none"):
        session()
