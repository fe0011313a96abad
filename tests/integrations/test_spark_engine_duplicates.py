"""`clean --engine spark` with --contained and --passages: the records of a run on the laptop."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planted_passages import planted
from running import lines
from versions_of_texts import versions

from cleaner.config import Config
from cleaner.runner.run import Run

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_the_records_are_those_of_a_run_on_the_laptop(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark.engine import SparkRun

    rows = [*versions(31, 40), *planted(31, 60, 12)]
    random.Random(31).shuffle(rows)
    file = tmp_path / "in.jsonl"
    file.write_text(
        "".join(json.dumps({**row, "id": f"{n:05}"}) + "\n" for n, row in enumerate(rows)), encoding="utf-8"
    )
    config = Config(select=("ND", "WS", "LG"), contained=0.9, passages=3)
    ours = Run((str(file),), str(tmp_path / "c.jsonl"), config)()
    theirs = SparkRun((str(file),), str(tmp_path / "s.jsonl"), config)(spark)

    def read(place: Path) -> list[dict[str, Any]]:
        parts = sorted(place.glob("part-*")) if place.is_dir() else [place]
        return sorted((row for part in parts for row in lines(part)), key=lambda row: str(row["id"]))

    names: tuple[str, ...] = ("id", "text", "language", "language_score")
    kept = [[{name: row[name] for name in names} for row in read(tmp_path / f"{which}.jsonl")] for which in ("c", "s")]
    assert kept[0] == kept[1]
    names = ("code", "name", "message", "duplicate_of", "similarity")
    reasons = [
        [{name: row["excluded"].get(name) for name in names} for row in read(tmp_path / f"{which}.excluded.jsonl")]
        for which in ("c", "s")
    ]
    assert reasons[0] == reasons[1]
    assert {reason["code"] for reason in reasons[0]} >= {"ND101", "ND102", "ND103"}
    assert ours.reasons == theirs.reasons
    assert ours.whole == theirs.whole
    assert theirs.edits["ND104"] == ours.edits["ND104"] > 10


def test_a_half_is_rounded_as_on_the_laptop(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark.engine import SparkRun

    words = "harbour ferry winter captain morning island letter bridge garden window market summer evening river"
    words += " stone lantern bread"
    # 13 of 16 sequences of words are the same: 81.25 %, of which Java would make 81.3 and Python makes 81.2.
    rows = [{"id": "1", "text": words + " cloud orchard needle"}, {"id": "2", "text": words}]
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = Config(select=("ND",))
    Run((str(file),), str(tmp_path / "c.jsonl"), config)()
    SparkRun((str(file),), str(tmp_path / "s.jsonl"), config)(spark)
    [ours] = lines(tmp_path / "c.excluded.jsonl")
    [theirs] = [row for part in sorted((tmp_path / "s.excluded.jsonl").glob("part-*")) for row in lines(part)]
    assert ours["excluded"]["message"] == theirs["excluded"]["message"] == "81.2% like 1"
    assert ours["excluded"]["similarity"] == theirs["excluded"]["similarity"] == 0.8125
