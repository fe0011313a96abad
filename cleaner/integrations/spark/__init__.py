"""cleaner on Spark: the extra `[spark]`, PySpark 4 and later, by the DataFrame API alone.

So the same code runs on a laptop, on a cluster, and through Spark Connect::

    from cleaner.integrations.spark import clean, deduplicate, session

    spark = session()
    cleaned = clean(spark.read.parquet("pages"), html="html", url="url", id="id")
    result = deduplicate(cleaned.where("excluded is null"), id="id", work_dir="work")
    result.kept.write.parquet("corpus")

The executors need the same Python packages as the driver: see docs/scale.md.
"""

from __future__ import annotations

from cleaner.integrations.spark.cleaning import clean
from cleaner.integrations.spark.duplicates import Deduplicated, deduplicate
from cleaner.integrations.spark.passages import Freed, take_out_passages
from cleaner.integrations.spark.session import SparkUnavailableError, session

__all__ = [
    "Deduplicated",
    "Freed",
    "SparkUnavailableError",
    "clean",
    "deduplicate",
    "session",
    "take_out_passages",
]
