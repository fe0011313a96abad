"""Exact and near-duplicates of a frame: what `cleaner clean` removes, on a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from cleaner.config import Config
from cleaner.dedup.sketch import Sketcher
from cleaner.dedup.store import BUCKET_CAP
from cleaner.errors import InputError
from cleaner.integrations.arrow import Sketch
from cleaner.integrations.spark.columns import check_columns, check_text
from cleaner.integrations.spark.partitions import CROWD, GIVEN, KEPT, PAIR, REMOVED, UNDECIDED, WAITS, Compare, Verify
from cleaner.integrations.spark.resolve import ONE_TASK_EDGES, Verdicts, resolve
from cleaner.integrations.spark.tables import Tables

NUMBER = "cleaner_number"
"""The column that tells the rows of a frame apart, in our own tables; no result has it."""

_DEFAULT = Config()

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
class Deduplicated:
    """The rows that stay, as they came, and the pairs that decided; both lie in the work folder."""

    kept: DataFrame
    removed: DataFrame
    """`id, duplicate_of, similarity, code`: the id of the first kept row that it is like, and the exact Jaccard
    similarity; `ND101` for the same words, else `ND102`."""
    rounds: int
    _crowds: DataFrame
    _documents: int

    def stats(self) -> dict[str, int]:
        """Count: documents, kept, exact, near, rounds, capped_buckets. Runs a job.

        A bucket with more kept members than 1,000 is capped: later texts are compared with the first 1,000.
        """
        codes = {row["code"]: row["count"] for row in self.removed.groupBy("code").count().collect()}
        exact, near = codes.get("ND101", 0), codes.get("ND102", 0)
        return {
            "documents": self._documents,
            "kept": self._documents - exact - near,
            "exact": exact,
            "near": near,
            "rounds": self.rounds,
            "capped_buckets": self._crowds.count(),
        }


def deduplicate(
    df: DataFrame,
    *,
    work_dir: str,
    text: str = "text",
    id: str = "id",
    order: str | Sequence[str] = (),
    keep: str = "first",
    against: DataFrame | None = None,
    threshold: float = _DEFAULT.threshold,
    ngram: int = _DEFAULT.ngram,
    _limits: Limits = Limits(),
) -> Deduplicated:
    """Decide which rows stay: exactly those that `cleaner clean` keeps of the same texts in the same order.

    A row goes when, and only when, a kept earlier one has the threshold's similarity or more. A frame has no order of
    its own, so say it: by the columns of `order`, then by `id`. `keep` says which of several alike comes first whatever
    the order: `longest`, `newest` (by a column `date`), or a column's name for the highest. The rows of `against`, with
    the same columns `text` and `id`, count as kept before all of these, whatever they are like.

    Runs at once, and reads `df` once; what it needs goes to `work_dir`, a folder of this job alone that every
    executor sees: about twice the texts. Needs a text in each row and an id that no other row has, and raises
    `InputError` where that is not so.
    """
    job = _Job(Tables(df.sparkSession, f"{work_dir.rstrip('/')}/deduplicate"), Sketcher(threshold, ngram), _limits)
    before = [order] if isinstance(order, str) else order
    for frame in (df, against):
        if frame is not None:
            check_columns(frame, text, id)
            check_text(frame, text)
    check_columns(df, *before, {"first": None, "longest": None, "newest": "date"}.get(keep, keep))
    numbered = job.tables.save("documents", df.withColumn(NUMBER, F.monotonically_increasing_id()))
    documents = _checked(numbered, text, id)
    own = numbered.select(
        F.col(NUMBER).alias("number"),
        F.col(id).alias("id"),
        F.col(text).alias("text"),
        F.lit(False).alias("given"),
        F.struct(*_ranked(numbered, keep, text)).alias("rank"),
        F.struct(*(F.col(name) for name in [*before, id])).alias("order"),
    )
    if against is not None:
        own = own.unionByName(_given(against, own.schema, text, id))
    ordered = job.ordered(own)
    firsts = job.firsts(ordered)
    verdicts, rounds, crowds = job.decide(firsts, ordered)
    removed = job.removed(ordered, firsts, verdicts)
    gone = removed.select(F.col("number").alias(NUMBER))
    kept = numbered.join(gone, NUMBER, "left_anti").drop(NUMBER)
    return Deduplicated(kept, removed.drop("number"), rounds, crowds, documents)


def _checked(numbered: DataFrame, text: str, id: str) -> int:
    """Count the rows. Raises `InputError` where one has no text, or no id of its own."""
    row = numbered.agg(
        F.count(F.lit(1)).alias("rows"), F.count(text).alias("texts"), F.count(id).alias("ids")
    ).collect()[0]
    for name, column in (("texts", text), ("ids", id)):
        if row[name] < row["rows"]:
            raise InputError(f"column {column!r} is null in {row['rows'] - row[name]:,} rows; leave them out before")
    twice = numbered.groupBy(id).count().where("count > 1").limit(1).collect()
    if twice:
        raise InputError(f"id {twice[0][id]!r} stands {twice[0]['count']:,} times; each row needs one of its own")
    return int(row["rows"])


def _ranked(df: DataFrame, keep: str, text: str) -> list[Column]:
    """Return what rows are compared by before their order, as `runner.verdicts.rank` does: the higher goes first."""
    none, nothing = F.lit(0.0).cast("double"), F.lit("")
    if keep == "first":
        return [F.lit(0).alias("kind"), none.alias("number"), nothing.alias("word")]
    if keep == "longest":
        return [F.lit(2).alias("kind"), F.length(text).cast("double").alias("number"), nothing.alias("word")]
    name = "date" if keep == "newest" else keep
    if isinstance(df.schema[name].dataType, T.NumericType):
        number = F.col(name).cast("double")
        return [
            F.when(number.isNull(), 0).otherwise(2).alias("kind"),
            F.coalesce(number, none).alias("number"),
            nothing.alias("word"),
        ]
    word = F.coalesce(F.col(name).cast("string"), nothing)
    return [F.when(word == "", 0).otherwise(1).alias("kind"), none.alias("number"), word.alias("word")]


def _given(against: DataFrame, like: T.StructType, text: str, id: str) -> DataFrame:
    """Return the rows of a former corpus, as ours; their numbers are negative."""
    return against.select(
        (-1 - F.monotonically_increasing_id()).alias("number"),
        F.col(id).cast(like["id"].dataType).alias("id"),
        F.coalesce(F.col(text), F.lit("")).alias("text"),
        F.lit(True).alias("given"),
        F.lit(None).cast(like["rank"].dataType).alias("rank"),
        F.lit(None).cast(like["order"].dataType).alias("order"),
    )


@dataclass(frozen=True, slots=True)
class _Job:
    tables: Tables
    sketcher: Sketcher
    limits: Limits

    @property
    def partitions(self) -> int:
        """How many parts a shuffle has; said explicitly, or adaptive execution folds a small one into a single part."""
        return int(self.tables.spark.conf.get("spark.sql.shuffle.partitions") or 200)

    def ordered(self, own: DataFrame) -> DataFrame:
        """Return every document its place in the keep order, which rises with gaps, and its sketch without shingles."""
        schema = T.StructType([field for field in own.schema if field.name != "text"])
        schema.add("digest", "binary").add("shingles", "binary").add("size", "long")
        schema.add("bands", T.ArrayType(T.LongType()))
        sketches = self.tables.save("sketches", own.mapInArrow(Sketch(self.sketcher).__call__, schema))
        by = [F.desc("given"), *(F.desc(f"rank.{name}") for name in ("kind", "number", "word"))]
        return self.tables.save(
            "ordered",
            sketches.drop("shingles")
            .orderBy(*by, "order", "id")
            # Rises from part to part, and the parts of a sorted frame are in order. Written down at once, it is fixed.
            .select(F.monotonically_increasing_id().alias("place"), "number", "id", "given", "digest", "size", "bands"),
        )

    def firsts(self, ordered: DataFrame) -> DataFrame:
        """Return the first of the documents with the same words, and how many there are; only these go into bands."""
        row = F.struct("place", "given", "size", "bands")
        first = ordered.groupBy("digest").agg(F.min(row).alias("first"), F.count(F.lit(1)).alias("copies"))
        return self.tables.save("firsts", first.select("first.*", "digest", "copies"))

    def decide(self, firsts: DataFrame, ordered: DataFrame) -> tuple[Verdicts, int, DataFrame]:
        """Decide on the first of each text, in rounds; give the verdicts, how many rounds, and the capped buckets."""
        spark, limits = self.tables.spark, self.limits
        members = firsts.select(F.explode("bands").alias("key"), "place", "size", "given")
        state, until = F.lit(UNDECIDED), F.when(F.col("given"), GIVEN).otherwise(F.col("place"))
        rows = members.select("key", "place", "size", state.alias("state"), until.alias("until"))
        removed = spark.createDataFrame([], "place long, twin long, similarity double")
        leaders, rounds = limits.first_leaders, 0
        crowds = spark.createDataFrame([], "key long")
        while True:
            rounds += 1
            tables = self.tables.below(f"round-{rounds}")
            compare = Compare(leaders, limits.cap, self.sketcher.threshold)
            found = tables.save("found", self._compared(rows, compare))
            if rounds == 1:
                crowds = found.where(F.col("what") == CROWD).select(F.col("left").alias("key"))
            waiting = found.where(F.col("what") == WAITS).select(F.col("left").alias("place")).distinct()
            edges = self._verified(
                found.where(F.col("what") == PAIR).select("left", "right").distinct(), ordered, tables
            )
            verdicts = resolve(edges, waiting, removed, tables, one_task=limits.one_task)
            removed, undecided = verdicts.removed, verdicts.undecided
            if undecided.isEmpty():
                return verdicts, rounds, self._capped(crowds, firsts, removed)
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

    def _verified(self, pairs: DataFrame, ordered: DataFrame, tables: Tables) -> DataFrame:
        """Return the pairs that are similar enough, with their similarity, by their shingles."""
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
        verify = Verify(self.sketcher.threshold)
        return tables.save("edges", both.mapInArrow(verify.__call__, "left long, right long, similarity double"))

    def _capped(self, crowds: DataFrame, firsts: DataFrame, removed: DataFrame) -> DataFrame:
        members = firsts.select(F.explode("bands").alias("key"), "place").join(crowds, "key", "left_semi")
        kept = members.join(removed.select("place"), "place", "left_anti").groupBy("key").count()
        return kept.where(F.col("count") > self.limits.cap)

    def removed(self, ordered: DataFrame, firsts: DataFrame, verdicts: Verdicts) -> DataFrame:
        """Return the documents that go: those with a twin, and the copies of a text but for the first."""
        ids = ordered.select(F.col("place").alias("twin"), F.col("id").alias("duplicate_of"))
        gone = verdicts.removed
        several = firsts.where("copies > 1").select("digest", F.col("place").alias("first"))
        copies = ordered.select("place", "digest").join(several, "digest").where("place <> first")
        twins = gone.select(F.col("place").alias("first"), "twin", "similarity")
        of_copies = copies.join(twins, "first", "left").select(
            "place",
            F.coalesce("twin", "first").alias("twin"),
            F.coalesce("similarity", F.lit(1.0)).alias("similarity"),
            F.when(F.col("twin").isNull(), "ND101").otherwise("ND102").alias("code"),
        )
        every = gone.select("place", "twin", "similarity", F.lit("ND102").alias("code")).union(of_copies)
        named = every.join(ordered.where("not given"), "place").join(ids, "twin")
        similarity = F.round("similarity", 6).alias("similarity")
        return self.tables.save("removed", named.select("number", "id", "duplicate_of", similarity, "code"))


def _known(members: DataFrame, undecided: DataFrame, removed: DataFrame) -> DataFrame:
    """Return the members with what is known of them; who is neither undecided nor removed is kept."""
    open_ = undecided.select("place", F.lit(True).alias("open"))
    known = members.join(open_, "place", "left").join(removed.select("place", "twin"), "place", "left")
    state = F.when(F.col("twin").isNotNull(), REMOVED).when(F.col("open"), UNDECIDED).otherwise(KEPT)
    until = F.when(F.col("given"), GIVEN).otherwise(F.coalesce("twin", "place"))
    return known.select("key", "place", "size", state.alias("state"), until.alias("until"))
