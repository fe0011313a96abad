"""Passages that several rows have, out of all but the first of these, on a cluster: what `clean --passages` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cleaner.config import Config
from cleaner.corpus.record import LANGUAGES, languages_field
from cleaner.dedup.passages import Repeated, Twin, cut, runs_of
from cleaner.errors import InputError
from cleaner.integrations.arrow import ADDED, TAGGED
from cleaner.integrations.spark.columns import LANGUAGES_TYPE, check_columns, check_text
from cleaner.integrations.spark.duplicates import deduplicate
from cleaner.integrations.spark.job import Job, Limits
from cleaner.integrations.spark.partitions import Batches, Near
from cleaner.integrations.spark.tables import Tables
from cleaner.runner.passages import OVER_HALF, Asked, Taker, document_again

# Rows in a batch that is worked on at once.
_ROWS = 256
_RUNS = "place long, digest binary, start int, end int, number int, breaks int"
_EDIT = "struct<start:int,old:string,message:string>"
_TAKEN = f"place long, text string, edits array<array<{_EDIT}>>, codes array<string>, language string, "
_TAKEN += f"language_score double, languages {LANGUAGES_TYPE}, whole string"


@dataclass(frozen=True, slots=True)
class Freed:
    """The rows without the passages, and what was taken out; both lie in the work folder."""

    rows: DataFrame
    """All rows, as they came but for their texts, and `language` and `language_score` of these where they had both, and
    `languages` where they had that, too."""
    edits: DataFrame
    """`id, step, code, start, old, message`: what stood where, in the order in which it went; the steps taken back, the
    last first, give the text as it came."""
    whole: DataFrame
    """`id, why`: the rows that have passages of others and stay as they are: they would lose more than half, be left
    out by a rule, or be like another row."""


def take_out_passages(
    df: DataFrame,
    *,
    work_dir: str,
    passages: int = 3,
    over_half: bool = False,
    text: str = "text",
    id: str = "id",
    order: str | Sequence[str] = (),
    config: Config | None = None,
) -> Freed:
    """Take what `passages` rows or more have, word for word, out of all but the first: as `cleaner clean` does.

    A passage is a run of whole lines with at least 20 words; the rows come in the order of the columns of `order`, and
    then of `id`, which no other row may have. Give it the rows that `deduplicate()` keeps, in the same order, with the
    `config` of the run: its rules look at a changed text once more, and its `threshold` says when it is like another.
    A row that would lose more than half stays whole, unless `over_half` says otherwise.

    Runs at once; what it needs goes to `work_dir`, a folder of this job alone that every executor sees. Raises
    `InputError` where a column is not there.
    """
    if passages < 2:
        raise InputError(f"passages is a number of rows from 2, not {passages}")
    before = [order] if isinstance(order, str) else order
    check_columns(df, text, id, *before)
    check_text(df, text)
    config = config or Config()
    tables = Tables(df.sparkSession, f"{work_dir.rstrip('/')}/passages")
    more = [F.col(name).cast("string").alias(f"own_{name}") for name in ("title", "url") if name in df.columns]
    place = F.monotonically_increasing_id().alias("place")
    ordered = df.orderBy(*before, id).select(place, F.col(id).alias("id"), F.col(text).alias("text"), *more)
    ordered = tables.save("ordered", ordered)
    found = _found(ordered, passages, tables)
    take = _Take(config, over_half)
    asked = ordered.join(found, "place").repartition(_parts(tables), "place").sortWithinPartitions("place")
    taken = tables.save("taken", asked.mapInArrow(take.__call__, _TAKEN))
    changed = taken.where("whole is null")
    alike = _alike(ordered, changed, config, tables)
    changed = tables.save("changed", changed.join(alike, "place", "left_anti"))
    ids = ordered.select("place", "id")
    whole = taken.where("whole is not null").select("place", F.col("whole").alias("why"))
    whole = whole.union(alike.select("place", F.lit("like another").alias("why")))
    steps = changed.select("place", F.posexplode("edits").alias("step", "some"), "codes")
    edits = steps.select("place", "step", F.expr("codes[step]").alias("code"), F.explode("some").alias("edit"))
    replaced = {text: "text"}
    if {"language", "language_score"} <= {*df.columns}:
        replaced |= {name: name for name in TAGGED if name != LANGUAGES or (name, LANGUAGES_TYPE) in df.dtypes}
    new = changed.join(ids, "place").select(
        F.col("id").alias("cleaner_id"), *(F.col(name).alias(f"cleaner_{name}") for name in replaced.values())
    )
    rows = df.join(new, F.col(id) == F.col("cleaner_id"), "left")
    for column, name in replaced.items():
        changed_as = F.col("cleaner_language" if name in TAGGED else "cleaner_text").isNotNull()
        rows = rows.withColumn(column, F.when(changed_as, F.col(f"cleaner_{name}")).otherwise(F.col(column)))
    return Freed(
        tables.save("rows", rows.select(*df.columns)),
        edits.join(ids, "place").select("id", "step", "code", "edit.start", "edit.old", "edit.message"),
        whole.join(ids, "place").select("id", "why"),
    )


def _parts(tables: Tables) -> int:
    return int(tables.spark.conf.get("spark.sql.shuffle.partitions") or 200)


def _found(ordered: DataFrame, least: int, tables: Tables) -> DataFrame:
    """Return of each row, by its place, the runs of its lines that enough rows have, and where they stand first."""
    runs = tables.save("runs", ordered.select("place", "text").mapInArrow(_runs, _RUNS))
    first = F.min(F.struct("place", "start", "end", "number")).alias("first")
    # As in `dedup.repeated`: a paragraph that all rows break alike stays where the runs that it is made of do.
    made_of_others = F.expr("min(breaks) > 0 and min(breaks) = max(breaks)").alias("made_of_others")
    several = runs.groupBy("digest").agg(first, F.countDistinct("place").alias("texts"), made_of_others)
    several = several.where(F.col("texts") >= least)
    known = runs.join(several, "digest")
    own = F.expr("place = first.place and start = first.start and end = first.end")
    known = known.withColumn("own", own).where(
        (F.col("own") & ~F.col("made_of_others")) | (F.col("place") != F.col("first.place"))
    )
    ids = ordered.select(F.col("place").alias("first_place"), F.col("id").cast("string").alias("first_id"))
    named = known.withColumn("first_place", F.col("first.place")).join(ids, "first_place")
    run = F.struct(
        "first_place",
        "start",
        "end",
        "own",
        "first_id",
        F.col("first.start").alias("first_start"),
        F.col("first.number").alias("number"),
        "texts",
    )
    return tables.save("found", named.groupBy("place").agg(F.sort_array(F.collect_list(run)).alias("runs")))


def _runs(batches: Batches) -> Batches:
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS):
            part = batch.slice(start, _ROWS)
            rows = [
                (place, run.digest, run.start, run.end, run.number, run.breaks)
                for place, some in zip(
                    part.column("place").to_pylist(), runs_of(part.column("text").to_pylist()), strict=True
                )
                for run in some
            ]
            kinds = (pa.int64(), pa.binary(), pa.int32(), pa.int32(), pa.int32(), pa.int32())
            columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
            arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, names=["place", "digest", "start", "end", "number", "breaks"])


@dataclass(frozen=True, slots=True)
class _Take:
    """Take the passages out of the rows of a partition; say of each that stays whole why."""

    config: Config
    over_half: bool

    def __call__(self, batches: Batches) -> Batches:
        taker = Taker(self.config.pipeline(), None)
        edit = pa.struct({"start": pa.int32(), "old": pa.string(), "message": pa.string()})
        kinds = {
            "place": pa.int64(),
            "text": pa.string(),
            "edits": pa.list_(pa.list_(edit)),
            "codes": pa.list_(pa.string()),
            "language": pa.string(),
            "language_score": pa.float64(),
            LANGUAGES: ADDED[LANGUAGES],
            "whole": pa.string(),
        }
        for batch in batches:
            rows = [row for one in batch.to_pylist() if (row := self._row(one, taker)) is not None]
            arrays = [pa.array([row[name] for row in rows], kind) for name, kind in kinds.items()]
            yield pa.RecordBatch.from_arrays(arrays, names=list(kinds))

    def _row(self, row: dict[str, object], taker: Taker) -> dict[str, object] | None:
        text, runs = str(row["text"]), row["runs"]
        assert isinstance(runs, list)
        what = cut(text, [_repeated(run) for run in runs])
        if not what.edits:
            return None
        names = ("text", "edits", "codes", *TAGGED, "whole")
        found: dict[str, object] = {"place": row["place"], **dict.fromkeys(names)}
        if what.over_half and not self.over_half:
            return {**found, "whole": OVER_HALF}
        own = {name: row.get(f"own_{name}") for name in ("title", "url")}
        document = document_again({"id": str(row["id"]), "text": text, **own}, self.config)
        taken = taker.clean(Asked(document, text, what))
        if taken is None:
            return {**found, "whole": "left out"}
        steps = [step for step in taken.steps if step.edits]
        edits = [[{"start": e.start, "old": e.old, "message": e.message} for e in step.edits] for step in steps]
        found |= {"text": taken.text, "edits": edits, "codes": [step.code for step in steps]}
        if taken.language:
            found |= {"language": taken.language, "language_score": taken.language_score}
            found[LANGUAGES] = languages_field(taken.languages) or None
        return found


def _repeated(run: dict[str, object]) -> Repeated:
    first, place, number, texts, start, end = (
        run[name] for name in ("first_id", "first_start", "number", "texts", "start", "end")
    )
    twin = Twin(str(first), int(str(place)), int(str(number)), int(str(texts)))
    return Repeated(int(str(start)), int(str(end)), bool(run["own"]), twin)


def _alike(ordered: DataFrame, changed: DataFrame, config: Config, tables: Tables) -> DataFrame:
    """Return the places of changed texts that would be like another one: one as it came, or one changed before it."""
    sketcher = config.sketcher()
    if sketcher is None:
        return changed.select("place").limit(0)
    near = Near(sketcher.threshold)
    job = Job(tables.below("alike"), replace(sketcher, contained=0.0), Limits())
    # A text as it came has its place as its number; changed, what is left of it under zero.
    own = ordered.select(F.col("place").alias("number"), "text")
    own = own.union(changed.select((-1 - F.col("place")).alias("number"), "text"))
    sketches = job.sketches(own)
    news = sketches.where("number < 0").select(F.col("number").alias("right"), "digest", "bands", "size")
    olds = sketches.where("number >= 0").select(
        F.col("number").alias("left"), "digest", "bands", F.col("size").alias("other")
    )
    others = F.col("left") != -1 - F.col("right")
    same = news.join(olds.select("left", "digest"), "digest").where(others).select("right")
    keys = olds.select("left", "other", F.explode("bands").alias("key"))
    pairs = news.select("right", "size", F.explode("bands").alias("key")).join(keys, "key").where(others)
    fits = F.least("size", "other") / F.greatest("size", "other") >= near.least
    numbers = sketches.select(F.col("number").alias("place"), "number")
    edges = job.verified(pairs.where(fits).select("left", "right").distinct(), numbers, near, job.tables)
    first = same.union(edges.select("right")).distinct().select((-1 - F.col("right")).alias("place"))
    first = job.tables.save("first", first)
    rest = changed.join(first, "place", "left_anti").select("place", "text")
    result = deduplicate(
        rest, work_dir=f"{job.tables.folder}/rest", id="place", threshold=sketcher.threshold, ngram=sketcher.ngram
    )
    return first.union(result.removed.select(F.col("id").alias("place")))
