"""What a job writes down on its way: Parquet in a folder that every executor sees."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables in a folder. What is read back is computed once, and does not die with the executor that made it."""

    spark: SparkSession
    folder: str

    def save(self, name: str, frame: DataFrame) -> DataFrame:
        """Write a table, over an older one of its name, and give it back as it stands in the folder."""
        path = f"{self.folder}/{name}"
        frame.write.mode("overwrite").parquet(path)
        # With its schema: an empty table may have no file to read it from.
        return self.spark.read.schema(frame.schema).parquet(path)

    def below(self, name: str) -> Tables:
        """Return the tables in a folder of this one."""
        return Tables(self.spark, f"{self.folder}/{name}")
