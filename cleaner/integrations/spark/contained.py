"""Texts that longer ones contain, on a cluster: the three rounds of `cleaner.dedup.longer`, each as joins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cleaner.integrations.spark.job import Job
from cleaner.integrations.spark.partitions import ROWS, Batches, Holds, Near, Relation
from cleaner.integrations.spark.tables import Tables

CONTAINED, NEAR = 0, 1


def decide_contained(job: Job, firsts: DataFrame, ordered: DataFrame) -> tuple[DataFrame, int, DataFrame]:
    """Decide on the first of each text; return which go, `place, twin, similarity, code`, rounds, capped keys.

    Texts are covered by longer ones; those that are not are decided on in keep order; of the covered ones most go, and
    where the one that covers a text went, it is looked at again, the longest first, in one task.
    """
    tables = job.tables.below("contained")
    ranked = _longest_first(firsts, ordered, tables)
    held = ranked.where(F.size("anchors") > 0).select(
        F.explode("anchors").alias("key"), F.col("rank").alias("place"), "size", F.lit(False).alias("given")
    )
    numbers = ranked.select(F.col("rank").alias("place"), "number")
    verdicts, rounds, crowds = job.rounds(held, numbers, Holds(job.sketcher.contained), tables.below("covering"))
    places = ranked.select("rank", F.col("place").alias("at"))
    covered = verdicts.removed.join(places.toDF("place", "covered"), "place").drop("place")
    covered = covered.join(places.toDF("twin", "holder"), "twin")
    covered = tables.save("covered", covered.select("covered", "holder", "similarity"))
    capped = job.capped(crowds, held, verdicts.removed)

    rest = firsts.join(covered.select(F.col("covered").alias("place")), "place", "left_anti")
    gone, more, others = job.decide_near(rest, ordered)
    lost = gone.select(F.col("place").alias("holder"))
    sure = covered.join(lost, "holder", "left_anti")
    open_ = tables.save("open", covered.join(lost, "holder", "left_semi").select(F.col("covered").alias("place")))
    sure = sure.select(
        F.col("covered").alias("place"), F.col("holder").alias("twin"), "similarity", F.lit("ND103").alias("code")
    )
    kept = rest.select("place").join(gone.select("place"), "place", "left_anti")
    again = _again(job, ranked, kept, open_, tables.below("again"))
    return sure.union(gone).union(again), rounds + more, capped.union(others)


def _longest_first(firsts: DataFrame, ordered: DataFrame, tables: Tables) -> DataFrame:
    """Return the texts with a rank that rises from the longest to the shortest."""
    known = firsts.join(ordered.select("place", "number"), "place")
    return tables.save(
        "ranked",
        known.orderBy(F.desc("size"), "place").select(
            F.monotonically_increasing_id().alias("rank"), "place", "number", "size", "bands", "anchors"
        ),
    )


def _again(job: Job, ranked: DataFrame, kept: DataFrame, open_: DataFrame, tables: Tables) -> DataFrame:
    """Decide on the texts whose holder went: against those that are kept, and those of their own that are."""
    sides = ranked.join(kept.withColumn("own", F.lit(False)).union(open_.withColumn("own", F.lit(True))), "place")
    sides = tables.save("sides", sides)
    numbers = sides.select("place", "number")
    found = []
    for what, keys, relation in (
        (CONTAINED, "anchors", Holds(job.sketcher.contained)),
        (NEAR, "bands", Near(job.sketcher.threshold)),
    ):
        pairs = _pairs(sides, keys, relation)
        edges = job.verified(pairs, numbers, relation, tables.below(keys))
        found.append(edges.withColumn("what", F.lit(what)))
    lefts = sides.select(F.col("place").alias("left"), F.col("rank").alias("left_rank"), "own")
    rights = sides.select(F.col("place").alias("right"), "rank")
    edges = found[0].union(found[1]).join(lefts, "left").join(rights, "right")
    # Kept texts come first: as holders the longest, as twins in keep order; then those of this round.
    order = F.when(F.col("own") | (F.col("what") == CONTAINED), F.col("left_rank")).otherwise(F.col("left"))
    edges = edges.select("right", "left", "own", "similarity", "what", "rank", order.alias("order"))
    settled = (
        edges.repartition(1)
        .sortWithinPartitions("rank", "what", "own", "order")
        .mapInArrow(settle_again, "place long, twin long, similarity double, code string")
    )
    return tables.save("settled", settled)


def _pairs(sides: DataFrame, keys: str, relation: Relation) -> DataFrame:
    """Return the pairs of a kept or open text and an open one that share a key, and whose sizes allow it."""
    left = sides.select(F.explode(keys).alias("key"), F.col("place").alias("left"), "own", *_named("left"))
    right = sides.where("own").select(F.explode(keys).alias("key"), F.col("place").alias("right"), *_named("right"))
    before = F.col("left_rank") < F.col("right_rank")
    fits: Column = F.col("left_size") > F.col("right_size")
    if isinstance(relation, Near):
        least, most = F.least("left_size", "right_size"), F.greatest("left_size", "right_size")
        fits = least / most >= relation.least
    both = left.join(right, "key").where(F.col("left") != F.col("right")).where(fits)
    return both.where(before | ~F.col("own")).select("left", "right").distinct()


def _named(side: str) -> list[Column]:
    return [F.col(name).alias(f"{side}_{name}") for name in ("size", "rank")]


class _Edge(NamedTuple):
    right: int
    left: int
    own: bool
    similarity: float
    what: int


def settle_again(batches: Batches) -> Batches:
    """Decide on the open texts, in their order, from all that they may go for; return which go.

    Wants rows `right, left, own, similarity, what`, sorted; `own` says that the left one is open, too.
    """
    kept: dict[int, bool] = {}
    gone: list[tuple[int, int, float, str]] = []
    for edge in _edges(batches):
        kept.setdefault(edge.right, True)
        if kept[edge.right] and kept.get(edge.left, True):
            kept[edge.right] = False
            gone.append((edge.right, edge.left, edge.similarity, "ND103" if edge.what == CONTAINED else "ND102"))
    for start in range(0, len(gone), ROWS):
        places, twins, similarities, codes = zip(*gone[start : start + ROWS], strict=True)
        yield pa.RecordBatch.from_arrays(
            [pa.array(places), pa.array(twins), pa.array(similarities), pa.array(codes)],
            names=["place", "twin", "similarity", "code"],
        )


def _edges(batches: Batches) -> Iterator[_Edge]:
    for batch in batches:
        for values in zip(*(batch.column(name).to_pylist() for name in _Edge._fields), strict=True):
            yield _Edge(*values)
