"""`cleaner clean --engine spark`: files that Spark reads in, folders of parts out."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from cleaner.account.summary import Summary
from cleaner.config import Config
from cleaner.corpus.inputs import format_of
from cleaner.corpus.output import format_of_output
from cleaner.corpus.record import ORIGINAL
from cleaner.corpus.text_places import is_plain
from cleaner.errors import InputError, OutputError
from cleaner.integrations.arrow import ADDED, TIMEOUT_S
from cleaner.integrations.spark.cleaning import clean
from cleaner.integrations.spark.columns import check_columns
from cleaner.integrations.spark.duplicates import Deduplicated, deduplicate
from cleaner.integrations.spark.passages import Freed, take_out_passages
from cleaner.integrations.spark.tables import Tables
from cleaner.rules import name_of
from cleaner.rules.catalog import DUPLICATES

OWN = "cleaner_own"
"""A column of our own tables: what a row had in columns that cleaning replaces, for its excluded record."""

_ENDINGS = re.compile(r"(\.(gz|zst|jsonl|ndjson|parquet))+/?$|/$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SparkRun:
    """What to clean and where to: paths and patterns of .jsonl or .parquet that Spark opens, `s3://` among them.

    `out` is a .parquet or .jsonl that becomes a folder of parts; `excluded` another, OUT.excluded.jsonl unless named.
    Every row needs an id of its own, and rows come in the order of their ids.
    """

    inputs: tuple[str, ...]
    out: str
    config: Config = field(default_factory=Config)
    excluded: str | None = None
    timeout_s: float = TIMEOUT_S

    def __call__(self, spark: SparkSession) -> Summary:
        """Do it, and give the account. Raises `InputError` or `OutputError` where the run makes no sense."""
        begun = time.perf_counter()
        for place in self.outputs():
            _check_output(place)
        source = self._read(spark)
        tables = Tables(spark, self.work_dir)
        id = self.config.id_field
        cleaned = tables.save("cleaned", self._cleaned(source))
        kept = cleaned.where("excluded is null")
        result = self._deduplicated(kept, tables.folder)
        excluded = cleaned.where("excluded is not null")
        reasons = excluded.select(F.col(id).cast("string").alias("id"), "excluded")
        if result is not None:
            of_twins = result.removed.select(F.col("id").alias(id), _reason().alias("excluded"))
            excluded = excluded.unionByName(kept.drop("excluded").join(of_twins, id))
            reasons = reasons.union(of_twins.select(F.col(id).cast("string"), "excluded"))
            kept = kept.join(of_twins.select(id), id, "left_anti")
        freed = self._freed(kept, tables.folder) if self.config.shared_passages else None
        if freed is not None:
            kept = freed.rows
        corpus, rest = self.outputs()
        _write(self._as_kept(kept, source), corpus)
        _write(self._as_excluded(excluded, source), rest)
        summary = self._summary(cleaned, source, reasons)
        if result is not None:
            summary.capped_buckets = result.stats()["capped_buckets"]
        if freed is not None:
            summary.whole.update({row["why"]: row["count"] for row in freed.whole.groupBy("why").count().collect()})
            summary.edits.update({row["code"]: row["count"] for row in freed.edits.groupBy("code").count().collect()})
        summary.seconds = time.perf_counter() - begun
        return summary

    def outputs(self) -> tuple[str, str]:
        """Name the corpus and the excluded records."""
        return self.out, self.excluded or _beside(self.out, "excluded.jsonl")

    @property
    def work_dir(self) -> str:
        """The folder for what the run notes on its way. It stays, as only Spark may know where it lies."""
        return _beside(self.out, "work")

    def _read(self, spark: SparkSession) -> DataFrame:
        kinds = {format_of(path.rstrip("/")) for path in self.inputs}
        if kinds == {"parquet"}:
            frame = spark.read.parquet(*self.inputs)
        elif kinds == {"jsonl"}:
            frame = spark.read.json(list(self.inputs))
        else:
            raise InputError(
                f"{', '.join(self.inputs)}: Spark reads .jsonl, or .parquet, and not both at once; name the files of a "
                "folder by a pattern: 'pages/*.parquet'"
            )
        for column, what in ((self.config.text_field, "text"), (self.config.html_field, "page")):
            if not is_plain(column):
                raise InputError(f"{column}: Spark takes the name of a column for the {what}, and no path")
        check_columns(frame, self.config.id_field)
        if self._text(frame) is None:
            check_columns(frame, self.config.html_field)
        return frame

    def _text(self, frame: DataFrame) -> str | None:
        return self._known(frame, self.config.text_field)

    @staticmethod
    def _known(frame: DataFrame, name: str) -> str | None:
        return name if name in frame.columns else None

    def _cleaned(self, source: DataFrame) -> DataFrame:
        own = [name for name in source.columns if name in ADDED]
        return clean(
            source.withColumn(OWN, F.struct(*own, F.lit(0).alias(OWN))),
            text=self._text(source),
            html=self._known(source, self.config.html_field),
            url=self._known(source, self.config.url_field),
            id=self.config.id_field,
            config=self.config,
            timeout_s=self.timeout_s,
        )

    def _deduplicated(self, kept: DataFrame, folder: str) -> Deduplicated | None:
        config = self.config
        if not config.codes() & DUPLICATES:
            return None
        ranked = {"first": (), "longest": (), "newest": ("date",)}.get(config.keep, (config.keep,))
        check_columns(kept, *ranked)
        return deduplicate(
            kept.select(*dict.fromkeys((config.id_field, "text", *ranked))),
            id=config.id_field,
            keep=config.keep,
            threshold=config.threshold,
            ngram=config.ngram,
            contained=config.share_contained,
            work_dir=folder,
        )

    def _freed(self, kept: DataFrame, folder: str) -> Freed:
        config = self.config
        return take_out_passages(
            kept,
            id=config.id_field,
            passages=config.shared_passages,
            over_half=config.passages_over_half,
            config=config,
            work_dir=folder,
        )

    def _as_kept(self, kept: DataFrame, source: DataFrame) -> DataFrame:
        """Return the records of the corpus: where a row's text or page stood stands its cleaned text alone."""
        text, html = self._text(source), self._known(source, self.config.html_field)
        if html is not None and html != "text":
            given = F.lit(None) if text is None else F.col(f"{OWN}.text" if text == "text" else text)
            kept = (
                kept.drop(html) if text is None else kept.withColumn(html, F.when(given.rlike(r"(?U)\S"), F.col(html)))
            )
        if text is not None and text != "text":
            kept = kept.drop(text)
        if "text" in source.columns and "text" not in (html, self.config.text_field):
            kept = kept.withColumn(ORIGINAL, F.col(f"{OWN}.text"))
        return kept.drop(OWN, "excluded")

    def _as_excluded(self, excluded: DataFrame, source: DataFrame) -> DataFrame:
        """Return the records as they came in, and why they are not kept."""
        own = [F.col(f"{OWN}.{name}").alias(name) if name in ADDED else F.col(name) for name in source.columns]
        return excluded.select(
            *[c for c, name in zip(own, source.columns, strict=True) if name != "excluded"], "excluded"
        )

    def _summary(self, cleaned: DataFrame, source: DataFrame, reasons: DataFrame) -> Summary:
        html = self._known(source, self.config.html_field)
        sources = [F.col(f"{OWN}.text")] if "text" in source.columns else []
        sources += [F.col(name) for name in (html, self._text(source)) if name is not None and name not in ADDED]
        size = F.coalesce(F.sum(F.octet_length(F.coalesce(*sources))), F.lit(0))
        rows, bytes_read = cleaned.agg(F.count(F.lit(1)), size).collect()[0]
        summary = Summary(read=rows, bytes_read=bytes_read)
        example = F.min(F.struct(F.coalesce("id", F.lit("")).alias("id"), "excluded.message"))
        for code, number, first in (
            reasons.groupBy("excluded.code").agg(F.count(F.lit(1)), example).orderBy("code").collect()
        ):
            summary.reasons[code] = number
            summary.examples[code] = (first["id"], first["message"])
        summary.kept = summary.read - summary.reasons.total()
        return summary


def _reason() -> Column:
    """Return `excluded` of a row that `deduplicate()` removed."""
    code = F.col("code")
    twin, like = F.col("duplicate_of").cast("string"), F.col("similarity")
    # As Python writes it: Java takes a half upwards.
    percent = F.udf(lambda value: f"{value:.1%}", T.StringType())(like)
    return F.struct(
        "code",
        F.when(code == "ND101", name_of("ND101"))
        .when(code == "ND103", name_of("ND103"))
        .otherwise(name_of("ND102"))
        .alias("name"),
        F.when(code == "ND101", F.concat(F.lit("the same text as "), twin))
        .when(code == "ND103", F.concat(percent, F.lit(" of it stands in "), twin))
        .otherwise(F.concat(percent, F.lit(" like "), twin))
        .alias("message"),
        twin.alias("duplicate_of"),
        like.alias("similarity"),
    )


def _check_output(out: str) -> None:
    if format_of_output(out) == "folder" or out == "-":
        raise OutputError(f"{out}: Spark writes .parquet or .jsonl, as a folder of parts")


def _write(frame: DataFrame, out: str) -> None:
    if format_of_output(out) == "parquet":
        frame.write.mode("overwrite").parquet(out)
        return
    compression = {"gz": "gzip", "zst": "zstd"}.get(out.rsplit(".", 1)[-1].lower(), "none")
    frame.write.mode("overwrite").json(out, compression=compression)


def _beside(out: str, what: str) -> str:
    """Name what belongs to an output; a scheme stays as it is, which a `Path` would not leave it."""
    return f"{_ENDINGS.sub('', out)}.{what}"
