"""Exact and near-duplicates of a frame: what `cleaner clean` removes, on a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from cleaner.config import Config
from cleaner.dedup.sketch import Sketcher
from cleaner.errors import InputError
from cleaner.integrations.spark.columns import check_columns, check_text
from cleaner.integrations.spark.contained import decide_contained
from cleaner.integrations.spark.job import Job, Limits
from cleaner.integrations.spark.tables import Tables

NUMBER = "cleaner_number"
"""The column that tells the rows of a frame apart, in our own tables; no result has it."""

_DEFAULT = Config()
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """The rows that stay, as they came, and the pairs that decided; both lie in the work folder."""

    kept: DataFrame
    removed: DataFrame
    """`id, duplicate_of, similarity, code`: the id of the first kept row that it is like, and the exact Jaccard
    similarity; `ND101` for the same words, `ND103` for a text that the other contains, with the share of it as the
    similarity, else `ND102`."""
    rounds: int
    _crowds: DataFrame
    _documents: int

    def stats(self) -> dict[str, int]:
        """Count: documents, kept, exact, near, contained, rounds, capped_buckets. Runs a job.

        A bucket with more kept members than 1,000 is capped: later texts are compared with the first 1,000.
        """
        codes = {row["code"]: row["count"] for row in self.removed.groupBy("code").count().collect()}
        return {
            "documents": self._documents,
            "kept": self._documents - sum(codes.values()),
            "exact": codes.get("ND101", 0),
            "near": codes.get("ND102", 0),
            "contained": codes.get("ND103", 0),
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
    contained: float = _DEFAULT.contained,
    _limits: Limits = _LIMITS,
) -> Deduplicated:
    """Decide which rows stay: exactly those that `cleaner clean` keeps of the same texts in the same order.

    A row goes when, and only when, a kept earlier one has the threshold's similarity or more. A frame has no order of
    its own, so say it: by the columns of `order`, then by `id`. `keep` says which of several alike comes first whatever
    the order: `longest`, `newest` (by a column `date`), or a column's name for the highest. The rows of `against`, with
    the same columns `text` and `id`, count as kept before all of these, whatever they are like.

    `contained`, such as 0.9, is the share of a text from which it goes for a longer one that holds it (`ND103`),
    whichever comes first; it cannot be asked for together with `against`.

    Runs at once, and reads `df` once; what it needs goes to `work_dir`, a folder of this job alone that every
    executor sees: about twice the texts. Needs a text in each row and an id that no other row has, and raises
    `InputError` where that is not so.
    """
    job = Job(
        Tables(df.sparkSession, f"{work_dir.rstrip('/')}/deduplicate"), Sketcher(threshold, ngram, contained), _limits
    )
    if contained and against is not None:
        raise InputError("contained= and against= do not go together on Spark: compare with a former corpus without it")
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
    if contained:
        gone, rounds, crowds = decide_contained(job, firsts, ordered)
    else:
        gone, rounds, crowds = job.decide_near(firsts, ordered)
    removed = job.removed(ordered, firsts, gone)
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
