"""Clean and deduplicate texts on Spark: on this machine, or where `session(master=…)` or `session(remote=…)` says."""

from cleaner.integrations.spark import clean, deduplicate, session

spark = session()
text = "The ferry left Saltmere at nine on Monday, and nobody was on the pier to see it go, as the harbour master said."
rows = [("a", text + "\n\nShare on Facebook"), ("b", text), ("c", "Nothing of the kind was seen in Brill.")]
cleaned = clean(spark.createDataFrame(rows, "id string, body string"), text="body", id="id").drop("body")
result = deduplicate(cleaned.where("excluded is null"), id="id", work_dir="work")
result.kept.select("id", "text", "language").show(truncate=80)
result.removed.show()
spark.stop()
