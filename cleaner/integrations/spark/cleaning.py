"""Clean the texts or pages of a frame."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import types as T

from cleaner.config import Config
from cleaner.corpus.record import LANGUAGES
from cleaner.integrations.arrow import TIMEOUT_S, Clean
from cleaner.integrations.spark.columns import check_columns

_TYPES = {
    "language_score": T.DoubleType(),
    LANGUAGES: T.ArrayType(T.StructType().add("language", "string").add("share", "double")),
    "excluded": T.StructType()
    .add("code", "string")
    .add("name", "string")
    .add("message", "string")
    .add("duplicate_of", "string")
    .add("similarity", "double"),
}


def clean(
    df: DataFrame,
    *,
    text: str | None = None,
    html: str | None = None,
    url: str | None = None,
    id: str | None = None,
    config: Config | None = None,
    timeout_s: float = TIMEOUT_S,
) -> DataFrame:
    """Return the frame with `text, title, author, date, language, language_score, languages, excluded` added; lazily.

    `text` names the column that has the texts, `html` that with the pages (text or bytes); where a row has both, the
    text counts. `excluded` is null for a row that is kept, else `code, name, message`: why it is not, and then its
    other columns are as they came. Every row that goes in comes out. The same rules as
    `cleaner.clean()`, each row by itself; `deduplicate()` then takes the rows that are kept.

    The work is done in the partitions that `df` has. A frame that comes out of a small shuffle has one:
    `df.repartition(n)` gives it more.
    """
    check_columns(df, text, html, url, id)
    task = Clean(config or Config(), text, html, url, id, timeout_s)
    fields = {field.name: field for field in df.schema}
    for name in task.replaced({name: _fits(field) for name, field in fields.items()}):
        fields[name] = T.StructField(name, _TYPES.get(name, T.StringType()))
    return df.mapInArrow(task.__call__, T.StructType(list(fields.values())))


def _fits(field: T.StructField) -> bool:
    """Tell whether a column is of the type that cleaning gives one of its name, of whatever width, or has nothing."""
    kind = field.dataType
    if field.name == LANGUAGES and isinstance(kind, T.ArrayType) and isinstance(kind.elementType, T.StructType):
        return {*kind.elementType.names} == {"language", "share"}
    return isinstance(kind, T.NullType) or (field.name != LANGUAGES and isinstance(kind, T.StringType))
