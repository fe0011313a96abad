"""Texts that longer ones contain, on Spark: the same ids kept, and the same twins named, as on the laptop."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from versions_of_texts import Records, versions, words

from cleaner.dedup.leader import GreedyLeader
from cleaner.dedup.longer import decide_all
from cleaner.dedup.sketch import Sketcher
from cleaner.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Verdicts = dict[str, tuple[str, float, str]]

SHARE = 0.9


def laptop(rows: Records) -> Verdicts:
    sketcher = Sketcher(contained=SHARE)
    sketches = sketcher.batch([row["text"] for row in rows])
    with GreedyLeader(sketcher) as leader:
        found = decide_all(range(len(rows)), lambda number: (rows[number]["id"], sketches[number]), leader)
        return {
            rows[number]["id"]: (str(drop.duplicate_of), round(drop.similarity or 0, 6), drop.code)
            for number, drop in found
        }


def orphans(seed: int, count: int) -> Records:
    """Texts whose holders go as near-duplicates: ends of texts that are like an earlier one but for their end."""
    draw = random.Random(seed)
    rows = []
    for _ in range(count):
        first, end = words(draw, 300), words(draw, 60)
        rows += [first, [*first[:265], *end], end, [*end[:50], *words(draw, 4)], end[:35], end, first[:100]]
    draw.shuffle(rows)
    return [{"id": f"{number:05}", "text": " ".join(text)} for number, text in enumerate(rows)]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_verdicts_are_those_of_one_process(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    from cleaner.integrations.spark import deduplicate
    from cleaner.integrations.spark.duplicates import Limits

    rows = [*versions(seed, 60), *orphans(seed, 15)]
    for number, row in enumerate(rows):
        row["id"] = f"{number:05}"
    expected = laptop(rows)
    codes = [code for _, _, code in expected.values()]
    assert min(codes.count(code) for code in ("ND101", "ND102", "ND103")) > 2
    df = spark.createDataFrame([(row["id"], row["text"]) for row in rows], "id string, text string")
    limits = Limits(first_leaders=seed, one_task=0 if seed == 1 else 1_000)
    result = deduplicate(df, work_dir=str(tmp_path / "work"), contained=SHARE, _limits=limits)
    found = {row["id"]: (row["duplicate_of"], row["similarity"], row["code"]) for row in result.removed.collect()}
    assert found == expected
    assert {row["id"] for row in result.kept.collect()} == {row["id"] for row in rows} - set(expected)
    assert result.stats()["contained"] == codes.count("ND103")


def test_a_former_corpus_does_not_go_with_it(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark import deduplicate

    df = spark.createDataFrame([("a", "A text.")], "id string, text string")
    with pytest.raises(InputError, match="do not go together"):
        deduplicate(df, work_dir=str(tmp_path / "work"), contained=SHARE, against=df)
