"""The rounds of the near-duplicate stage on a cluster: compare, verify, decide, until nothing is undecided."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from cleaner.dedup.sketch import Sketcher
from cleaner.dedup.store import BUCKET_CAP
from cleaner.integrations.arrow import Sketch
from cleaner.integrations.spark.partitions import (
    CROWD,
    GIVEN,
    KEPT,
    PAIR,
    REMOVED,
    UNDECIDED,
    WAITS,
    Compare,
    Near,
    Relation,
    Verify,
)
from cleaner.integrations.spark.resolve import ONE_TASK_EDGES, Verdicts, resolve
from cleaner.integrations.spark.tables import Tables

# Leaders of a bucket in the first round, and how many times as many in each next one: buckets of five are done in one
# round, and one of a million copies costs four comparisons a copy, and few after it.
FIRST_LEADERS, MORE_LEADERS = 4, 8


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the work takes another form; the result does not depend on it, but for `cap`."""

    first_leaders: int = FIRST_LEADERS
    cap: int = BUCKET_CAP
    one_task: int = ONE_TASK_EDGES


@dataclass(frozen=True, slots=True)
class Job:
    """A run of the stage: where its tables are, how texts are compared, and the limits."""

    tables: Tables
    sketcher: Sketcher
    limits: Limits

    @property
    def partitions(self) -> int:
        """How many parts a shuffle has; said explicitly, or adaptive execution folds a small one into a single part."""
        return int(self.tables.spark.conf.get("spark.sql.shuffle.partitions") or 200)

    def sketches(self, own: DataFrame) -> DataFrame:
        """Sketch the column `text`, and write it down: `verified` looks the shingles up by the column `number`."""
        schema = T.StructType([field for field in own.schema if field.name != "text"])
        schema.add("digest", "binary").add("shingles", "binary").add("size", "long")
        schema.add("bands", T.ArrayType(T.LongType())).add("anchors", T.ArrayType(T.LongType()))
        return self.tables.save("sketches", own.mapInArrow(Sketch(self.sketcher).__call__, schema))

    def ordered(self, own: DataFrame) -> DataFrame:
        """Return every document its place in the keep order, which rises with gaps, and its sketch without shingles."""
        sketches = self.sketches(own)
        by = [F.desc("given"), *(F.desc(f"rank.{name}") for name in ("kind", "number", "word"))]
        return self.tables.save(
            "ordered",
            sketches.drop("shingles")
            .orderBy(*by, "order", "id")
            # Rises from part to part, and the parts of a sorted frame are in order. Written down at once, it is fixed.
            .select(
                F.monotonically_increasing_id().alias("place"),
                "number",
                "id",
                "given",
                "digest",
                "size",
                "bands",
                "anchors",
            ),
        )

    def firsts(self, ordered: DataFrame) -> DataFrame:
        """Return the first of the documents with the same words, and how many there are; only these go into bands."""
        row = F.struct("place", "given", "size", "bands", "anchors")
        first = ordered.groupBy("digest").agg(F.min(row).alias("first"), F.count(F.lit(1)).alias("copies"))
        return self.tables.save("firsts", first.select("first.*", "digest", "copies"))

    def decide_near(self, firsts: DataFrame, ordered: DataFrame) -> tuple[DataFrame, int, DataFrame]:
        """Decide on the first of each text: which go (`place, twin, similarity, code`), rounds, and capped buckets."""
        members = firsts.select(F.explode("bands").alias("key"), "place", "size", "given")
        verdicts, rounds, crowds = self.rounds(members, ordered, Near(self.sketcher.threshold), self.tables)
        gone = verdicts.removed.select("place", "twin", "similarity", F.lit("ND102").alias("code"))
        return gone, rounds, self.capped(crowds, members, verdicts.removed)

    def rounds(
        self, members: DataFrame, ordered: DataFrame, relation: Relation, tables: Tables
    ) -> tuple[Verdicts, int, DataFrame]:
        """Decide on texts in the order of their places, in rounds: each goes for the first kept one that it is in.

        `members` has a row for each key of a text, `ordered` tells the number of each. Return the verdicts, how many
        rounds, and the keys that many have.
        """
        spark, limits, base = tables.spark, self.limits, tables
        state, until = F.lit(UNDECIDED), F.when(F.col("given"), GIVEN).otherwise(F.col("place"))
        rows = members.select("key", "place", "size", state.alias("state"), until.alias("until"))
        removed = spark.createDataFrame([], "place long, twin long, similarity double")
        leaders, rounds = limits.first_leaders, 0
        crowds = spark.createDataFrame([], "key long")
        while True:
            rounds += 1
            tables = base.below(f"round-{rounds}")
            compare = Compare(leaders, limits.cap, relation)
            found = tables.save("found", self._compared(rows, compare))
            if rounds == 1:
                crowds = found.where(F.col("what") == CROWD).select(F.col("left").alias("key"))
            waiting = found.where(F.col("what") == WAITS).select(F.col("left").alias("place")).distinct()
            edges = self.verified(
                found.where(F.col("what") == PAIR).select("left", "right").distinct(), ordered, relation, tables
            )
            verdicts = resolve(edges, waiting, removed, tables, one_task=limits.one_task)
            removed, undecided = verdicts.removed, verdicts.undecided
            if undecided.isEmpty():
                return verdicts, rounds, crowds
            open_keys = members.join(undecided, "place", "left_semi").select("key").distinct()
            members = tables.save("members", members.join(open_keys, "key", "left_semi"))
            rows = _known(members, undecided, removed)
            leaders *= MORE_LEADERS

    def _compared(self, rows: DataFrame, compare: Compare) -> DataFrame:
        return (
            rows.repartition(self.partitions, "key")
            .sortWithinPartitions("key", "place")
            .mapInArrow(compare.__call__, "what long, left long, right long")
        )

    def verified(self, pairs: DataFrame, ordered: DataFrame, relation: Relation, tables: Tables) -> DataFrame:
        """Return the pairs that are in a relation, with its value, by their shingles."""
        pairs = tables.save("pairs", pairs)
        sketches = self.tables.spark.read.parquet(f"{self.tables.folder}/sketches").select("number", "shingles")
        lefts, rights = pairs.select(F.col("left").alias("place")), pairs.select(F.col("right").alias("place"))
        wanted = lefts.union(rights).distinct().join(ordered.select("place", "number"), "place")
        # The one time that all shingles go through a shuffle.
        found = tables.save("shingles", wanted.join(sketches, "number").select("place", "shingles"))
        # Leaders are few where pairs are many: written down, their size is known, and a small table is sent to all.
        leaders = tables.save("leaders", found.join(lefts.distinct(), "place", "left_semi"))
        both = pairs.join(found.toDF("right", "right_shingles"), "right")
        both = both.join(leaders.toDF("left", "left_shingles"), "left")
        both = both.select("left", "right", "left_shingles", "right_shingles")
        verify = Verify(relation)
        return tables.save("edges", both.mapInArrow(verify.__call__, "left long, right long, similarity double"))

    def capped(self, crowds: DataFrame, members: DataFrame, removed: DataFrame) -> DataFrame:
        """Return the keys that more kept texts have than are compared."""
        members = members.select("key", "place").join(crowds, "key", "left_semi")
        kept = members.join(removed.select("place"), "place", "left_anti").groupBy("key").count()
        return kept.where(F.col("count") > self.limits.cap)

    def removed(self, ordered: DataFrame, firsts: DataFrame, gone: DataFrame) -> DataFrame:
        """Return the documents that go: those with a twin, and the copies of a text but for the first."""
        ids = ordered.select(F.col("place").alias("twin"), F.col("id").alias("duplicate_of"))
        several = firsts.where("copies > 1").select("digest", F.col("place").alias("first"))
        copies = ordered.select("place", "digest").join(several, "digest").where("place <> first")
        twins = gone.select(F.col("place").alias("first"), "twin", "similarity", "code")
        of_copies = copies.join(twins, "first", "left").select(
            "place",
            F.coalesce("twin", "first").alias("twin"),
            F.coalesce("similarity", F.lit(1.0)).alias("similarity"),
            F.coalesce("code", F.lit("ND101")).alias("code"),
        )
        every = gone.select("place", "twin", "similarity", "code").union(of_copies)
        named = every.join(ordered.where("not given"), "place").join(ids, "twin")
        similarity = _rounded("similarity").alias("similarity")
        return self.tables.save("removed", named.select("number", "id", "duplicate_of", similarity, "code"))


def _known(members: DataFrame, undecided: DataFrame, removed: DataFrame) -> DataFrame:
    """Return the members with what is known of them; who is neither undecided nor removed is kept."""
    open_ = undecided.select("place", F.lit(True).alias("open"))
    known = members.join(open_, "place", "left").join(removed.select("place", "twin"), "place", "left")
    state = F.when(F.col("twin").isNotNull(), REMOVED).when(F.col("open"), UNDECIDED).otherwise(KEPT)
    until = F.when(F.col("given"), GIVEN).otherwise(F.coalesce("twin", "place"))
    return known.select("key", "place", "size", state.alias("state"), until.alias("until"))


def _rounded(column: str) -> Column:
    """Return the column to six digits as Python rounds: Spark's `round` takes a half upwards."""
    return F.udf(lambda value: round(value, 6), T.DoubleType())(column)
