"""Near-duplicates on Spark: the same ids kept, and the same twins named, as where one process decides in order."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import Done

from cleaner.dedup.leader import GreedyLeader
from cleaner.dedup.sketch import Sketcher
from cleaner.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from cleaner.integrations.spark import Deduplicated

Text = tuple[int, str]


class Verdict(NamedTuple):
    duplicate_of: int
    similarity: float
    code: str


def laptop(texts: Iterable[Text], sketcher: Sketcher, given: Sequence[Text] = ()) -> dict[int, Verdict]:
    """Give the verdicts on those that go, of texts in their order."""
    removed = {}
    with GreedyLeader(sketcher) as leader:
        for number, text in given:
            leader.add(str(number), sketcher.batch([text])[0])
        for number, text in texts:
            twin = leader.decide(str(number), sketcher.batch([text])[0])
            if twin is not None:
                removed[number] = Verdict(int(twin.duplicate_of), round(twin.similarity, 6), twin.code)
    return removed


def cluster(result: Deduplicated) -> dict[int, Verdict]:
    return {row["id"]: Verdict(row["duplicate_of"], row["similarity"], row["code"]) for row in result.removed.collect()}


def families(seed: int, count: int, words: int = 40) -> list[str]:
    """Give texts that change from one to the next, so that each is like its neighbours and not like those far off."""
    draw = random.Random(seed)
    vocabulary = [f"w{number}" for number in range(300)]
    texts = []
    for _ in range(count):
        text = draw.choices(vocabulary, k=words)
        for _ in range(draw.choice([1, 1, 2, 4, 9, 14])):
            for _ in range(draw.choice([0, 1, 1, 2])):
                text[draw.randrange(words)] = draw.choice(vocabulary)
            texts.append(" ".join(text))
    draw.shuffle(texts)
    return texts


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 1 << 30),
    threshold=st.sampled_from([0.5, 0.7, 0.9]),
    ngram=st.sampled_from([1, 3, 5]),
    first_leaders=st.integers(1, 4),
    cap=st.sampled_from([2, 5, 1000]),
    one_task=st.sampled_from([0, 1000]),
    former=st.integers(0, 12),
)
def test_the_verdicts_are_those_of_one_process_that_decides_in_order(
    spark: SparkSession,
    tmp_path: Path,
    seed: int,
    threshold: float,
    ngram: int,
    first_leaders: int,
    cap: int,
    one_task: int,
    former: int,
) -> None:
    from cleaner.integrations.spark import deduplicate
    from cleaner.integrations.spark.duplicates import Limits

    texts = list(enumerate(families(seed, 25)))
    given, own = texts[:former], texts[former:]
    with patch("cleaner.dedup.store.BUCKET_CAP", cap):
        wanted = laptop(own, Sketcher(threshold, ngram), given)
    shuffled = random.Random(seed).sample(own, len(own))
    result = deduplicate(
        spark.createDataFrame(shuffled, "id long, text string").repartition(3),
        against=spark.createDataFrame(given, "id long, text string") if given else None,
        threshold=threshold,
        ngram=ngram,
        work_dir=str(tmp_path / "work"),
        _limits=Limits(first_leaders, cap, one_task),
    )
    assert cluster(result) == wanted
    assert {row["id"] for row in result.kept.collect()} == {number for number, _ in own} - set(wanted)


@pytest.mark.parametrize("keep", ["longest", "newest", "score"])
def test_whom_to_keep_of_several_alike_is_decided_as_on_the_laptop(
    spark: SparkSession, run: Callable[..., Done], tmp_path: Path, keep: str
) -> None:
    from cleaner.integrations.spark import deduplicate

    draw = random.Random(keep)
    records: list[dict[str, Any]] = [
        {
            "id": f"{number:03}",
            "text": text + draw.choice(["", " and more", " and some words more"]),
            "date": draw.choice([None, "2023", "2024-01-05", "2024-05-01"]),
            "score": draw.choice([None, 1.5, 2.0, 7.0]),
        }
        for number, text in enumerate(families(7, 12))
    ]
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    wanted = {
        record["id"]: (record["excluded"]["duplicate_of"], record["excluded"]["similarity"], record["excluded"]["code"])
        for record in run(file, keep=keep, select=("ND",)).excluded
    }
    rows = [tuple(record.values()) for record in records]
    df = spark.createDataFrame(rows, "id string, text string, date string, score double")
    result = deduplicate(df, keep=keep, work_dir=str(tmp_path / "work"))
    assert len(wanted) > 10
    assert {
        row["id"]: (row["duplicate_of"], row["similarity"], row["code"]) for row in result.removed.collect()
    } == wanted


def test_copies_of_a_template_and_a_chain_are_decided_in_a_few_rounds(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark import deduplicate

    template = [f"t{number}" for number in range(60)]
    copies = [" ".join([*template, f"copy {number}"]) for number in range(2_000)]
    links = [" ".join(f"c{place}" for place in range(number, number + 40)) for number in range(0, 600, 2)]
    texts = list(enumerate([*copies, *links, *copies[:500]]))
    wanted = laptop(texts, Sketcher())
    assert len(wanted) > 2_500 + 100
    result = deduplicate(
        spark.createDataFrame(texts, "id long, text string").repartition(3), work_dir=str(tmp_path / "work")
    )
    assert cluster(result) == wanted
    stats = result.stats()
    assert stats["exact"] + stats["near"] == len(wanted) == stats["documents"] - stats["kept"]
    assert stats["rounds"] <= 3
    assert stats["capped_buckets"] == 0


def test_nothing_but_counts_comes_to_the_driver(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleaner.integrations.spark import deduplicate
    from cleaner.integrations.spark.duplicates import Limits

    brought: list[int] = []
    frames = type(spark.range(1))
    collect = frames.collect

    def counted(frame: Any) -> Any:
        rows = collect(frame)
        brought.append(len(rows))
        return rows

    def refused(*_: object) -> None:
        raise AssertionError("rows come to the driver")

    monkeypatch.setattr(frames, "collect", counted)
    for name in ("toPandas", "toArrow", "toLocalIterator"):
        monkeypatch.setattr(frames, name, refused)
    texts = list(enumerate([*families(3, 60), *families(3, 60)[:20]]))
    limits = Limits(first_leaders=1, one_task=0)
    df = spark.createDataFrame(texts, "id long, text string")
    stats = deduplicate(df, work_dir=str(tmp_path / "work"), _limits=limits).stats()
    assert stats["rounds"] > 1
    assert min(stats["kept"], stats["exact"], stats["near"]) > 10
    assert brought
    assert max(brought) <= 2, "a row of counts, or one for each code"


def test_the_order_is_that_of_the_columns_named_and_then_of_the_ids(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark import deduplicate

    text = "the ferry left at nine and nobody was on the pier"
    df = spark.createDataFrame([("a", 2, text), ("b", 1, text), ("c", 1, text)], "id string, day int, text string")
    first = deduplicate(df, work_dir=str(tmp_path / "by id"))
    assert [row["id"] for row in first.kept.collect()] == ["a"]
    first = deduplicate(df, order="day", work_dir=str(tmp_path / "by day"))
    assert [tuple(row) for row in first.kept.collect()] == [("b", 1, text)]


def test_what_cannot_be_decided_is_said_in_a_sentence(spark: SparkSession, tmp_path: Path) -> None:
    from cleaner.integrations.spark import deduplicate

    def tried(rows: list[tuple[Any, ...]], schema: str = "id string, text string", **options: Any) -> None:
        deduplicate(spark.createDataFrame(rows, schema), work_dir=str(tmp_path), **options)

    with pytest.raises(InputError, match="id 'a' stands 2 times"):
        tried([("a", "x"), ("a", "y")])
    with pytest.raises(InputError, match="column 'text' is null in 1 rows"):
        tried([("a", None), ("b", "y")])
    with pytest.raises(InputError, match="column 'text' is int, not text"):
        tried([("a", 1)], "id string, text int")
    with pytest.raises(InputError, match="there is no column 'body'; the columns are id, text"):
        tried([("a", "x")], text="body")
    with pytest.raises(InputError, match="there is no column 'score'"):
        tried([("a", "x")], keep="score")
    with pytest.raises(InputError, match="there is no column 'date'"):
        tried([("a", "x")], keep="newest")
    with pytest.raises(InputError, match="there is no column 'day'"):
        tried([("a", "x")], order="day")
