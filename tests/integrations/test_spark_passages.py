"""Passages that several rows have, on Spark: the same texts come out as on the laptop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from planted_passages import planted
from running import lines

from cleaner.config import Config
from cleaner.errors import InputError
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


def test_what_cannot_be_is_said_in_a_sentence(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark import take_out_passages

    df = spark.createDataFrame([("a", "A text.")], "id string, text string")
    with pytest.raises(InputError, match="no column 'body'"):
        take_out_passages(df, work_dir=str(tmp_path / "work"), text="body")
    with pytest.raises(InputError, match="a number of rows from 2"):
        take_out_passages(df, work_dir=str(tmp_path / "work"), passages=1)
