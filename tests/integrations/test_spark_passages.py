"""Passages that several rows have, on Spark: the same texts come out as on the laptop."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from planted_passages import planted
from real_parts import needs
from running import TWO, lines

from cleaner.config import Config
from cleaner.dedup.passages import cut
from cleaner.errors import InputError
from cleaner.runner.passages import Asked, Taker, document_again
from cleaner.runner.run import Run

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_the_texts_are_those_of_a_run_on_the_laptop(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark import take_out_passages

    rows = planted(1, 120, 25)
    config: dict[str, Any] = {"select": ("ND", "WS")}
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    kept = tmp_path / "kept.jsonl"
    Run((str(file),), str(kept), Config(**config))()
    summary = Run((str(kept),), str(tmp_path / "c.jsonl"), Config(**config, passages=3))()
    expected = {row["id"]: row["text"] for row in lines(tmp_path / "c.jsonl")}
    assert min(summary.whole["over half"], summary.whole["like another"]) > 0
    df = spark.createDataFrame([(row["id"], row["text"]) for row in lines(kept)], "id string, text string")
    result = take_out_passages(df, work_dir=str(tmp_path / "work"), config=Config(**config))
    found = {row["id"]: row["text"] for row in result.rows.collect()}
    assert found == expected
    edits = result.edits.collect()
    assert sum(row["code"] == "ND104" for row in edits) == summary.edits["ND104"] > 30
    before = {row["id"]: row["text"] for row in lines(kept)}
    for row in sorted(edits, key=lambda row: (row["id"], -row["step"], row["start"])):
        place = row["start"]
        found[row["id"]] = found[row["id"]][:place] + row["old"] + found[row["id"]][place:]
    assert found == before
    whys = [row["why"] for row in result.whole.collect()]
    assert {why: whys.count(why) for why in whys} == summary.whole


def test_the_languages_are_those_of_what_is_left(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark import clean, take_out_passages

    _, second, third = TWO.split("\n")
    passage = f"{third} {third.replace('ferry', 'boat')}"
    stories = [
        " ".join(f"La maison {name} {number} était fermée depuis le printemps dernier." for number in range(9))
        for name in ("rouge", "blanche", "verte")
    ]
    rows = [(name, f"{story}\n{second}\n{passage}") for name, story in zip("abc", stories, strict=True)]
    config = Config(ignore=("ND101", "ND102"))
    df = clean(spark.createDataFrame(rows, "id string, text string"), text="text", id="id", config=config)
    before = {row["id"]: row.asDict(recursive=True) for row in df.collect()}
    assert all(row["languages"] and row["excluded"] is None for row in before.values())
    result = take_out_passages(df, work_dir=str(tmp_path / "work"), config=config)
    after = {row["id"]: row.asDict(recursive=True) for row in result.rows.collect()}
    assert after["a"] == before["a"]
    assert [(after[id]["text"].count(third), after[id]["languages"]) for id in "bc"] == [(0, None)] * 2
    own = df.withColumn("languages", df["text"])
    kept = take_out_passages(own, work_dir=str(tmp_path / "own"), config=config).rows
    assert {row["id"]: row["languages"] for row in kept.collect()} == dict(rows)


def test_what_cannot_be_is_said_in_a_sentence(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark import take_out_passages

    df = spark.createDataFrame([("a", "A text.")], "id string, text string")
    with pytest.raises(InputError, match="no column 'body'"):
        take_out_passages(df, work_dir=str(tmp_path / "work"), text="body")
    with pytest.raises(InputError, match="a number of rows from 2"):
        take_out_passages(df, work_dir=str(tmp_path / "work"), passages=1)


def test_a_text_that_begins_like_a_page_is_a_text_as_on_the_laptop() -> None:
    needs(find_spec("pyspark"), "PySpark (the extra [spark])")
    from cleaner.integrations.spark.passages import _repeated, _Take

    page = '<noscript><a href="https://a.example/"><img src="https://a.example/i.gif"></a></noscript>'
    story = "\n".join(f"The harbour has had its story {number} since the ferry left at nine." for number in range(9))
    passage = " ".join(f"word{number}" for number in range(30))
    run = {"first_id": "b", "first_start": 0, "number": 1, "texts": 3, "own": False}
    for first in (page, "It rained."):
        runs: dict[str, object] = {**run, "start": 10, "end": 11}
        text = f"{first}\n{story}\n{passage}."
        row: dict[str, object] = {"id": "a", "place": 0, "text": text, "runs": [runs]}
        config = Config(select=("ND", "WS"))
        on_spark = _Take(config, over_half=False)
        found = on_spark._row(row, Taker(config.pipeline(), None))
        assert found is not None
        assert found["whole"] is None
        asked = Asked(document_again({"id": "a", "text": text}, config), text, cut(text, [_repeated(runs)]))
        taken = Taker(config.pipeline(), None).clean(asked)
        assert taken is not None
        assert found["text"] == taken.text == f"{first}\n{story}"
