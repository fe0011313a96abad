"""Decide which documents go, from the pairs that are similar enough: rounds of "who waits for nobody decides"."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cleaner.integrations.spark.partitions import settle
from cleaner.integrations.spark.tables import Tables

# So few pairs are decided faster in one task, in order, than by a round of joins: some 100 MB of its memory.
ONE_TASK_EDGES = 1_000_000


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is known of the documents; one that stands in neither frame is kept."""

    removed: DataFrame
    """`place, twin, similarity`: the first kept document, so far, that each is like."""
    undecided: DataFrame
    """`place`"""


def resolve(
    edges: DataFrame, waiting: DataFrame, removed: DataFrame, tables: Tables, *, one_task: int = ONE_TASK_EDGES
) -> Verdicts:
    """Decide all that can be decided from `edges`: `left, right, similarity`, a pair with the earlier document first.

    `waiting` has the documents that may have pairs which are not known yet: these can go, and cannot be kept.
    A document that is no earlier one's neighbour is kept; its neighbours go; and so on. Where `one_task` pairs or
    fewer are left, one task does the rest.
    """
    waiting = waiting.toDF("place")
    edges = _open(edges, removed)
    step = 0
    while edges.count() > one_task:
        step += 1
        later = edges.where("not gone").select(F.col("right").alias("place"))
        blocked = waiting.union(later).distinct()
        lefts = edges.select(F.col("left").alias("place")).distinct()
        kept = tables.save(f"kept-{step}", lefts.join(blocked, "place", "left_anti").toDF("left"))
        if kept.isEmpty():
            return Verdicts(removed, _undecided(blocked, removed, tables))
        hit = (
            edges.join(kept, "left", "left_semi")
            .groupBy("right")
            .agg(F.min(F.struct("left", "similarity")).alias("twin"))
        )
        removed = tables.save(
            f"removed-{step}", first_twins(removed.union(hit.selectExpr("right", "twin.left", "twin.similarity")))
        )
        rest = edges.select("left", "right", "similarity").join(kept, "left", "left_anti")
        rest = rest.join(removed.select(F.col("place").alias("left")), "left", "left_anti")
        edges = tables.save(f"edges-{step}", _open(rest, removed))
    verdicts = tables.save("verdicts", _settled(edges, waiting))
    removed = tables.save("removed", first_twins(removed.union(verdicts.where("twin is not null"))))
    waiting = waiting.union(verdicts.where("twin is null").select("place"))
    return Verdicts(removed, _undecided(waiting, removed, tables))


def _undecided(places: DataFrame, removed: DataFrame, tables: Tables) -> DataFrame:
    return tables.save("undecided", places.distinct().join(removed.select("place"), "place", "left_anti"))


def first_twins(twins: DataFrame) -> DataFrame:
    """Return each place once, with its first twin."""
    best = twins.groupBy("place").agg(F.min(F.struct("twin", "similarity")).alias("best"))
    return best.selectExpr("place", "best.twin", "best.similarity")


def _open(edges: DataFrame, removed: DataFrame) -> DataFrame:
    """Say of each pair whether its later document is gone already, and for which; leave out what is of no use then."""
    twins = removed.select(F.col("place").alias("right"), "twin")
    known = edges.join(twins, "right", "left").withColumn("gone", F.col("twin").isNotNull())
    return known.where("not gone or left < twin").select("left", "right", "similarity", "twin", "gone")


def _settled(edges: DataFrame, waiting: DataFrame) -> DataFrame:
    for side in ("left", "right"):
        flagged = waiting.select(F.col("place").alias(side), F.lit(True).alias(f"{side}_waits"))
        edges = edges.join(flagged, side, "left").fillna(False, f"{side}_waits")
    ordered = edges.select("left", "right", "similarity", "left_waits", "right_waits", "twin")
    return (
        ordered.repartition(1)
        .sortWithinPartitions("right", "left")
        .mapInArrow(settle, "place long, twin long, similarity double")
    )
