"""What the path of a table says of all its rows: partitions, as `year=2024/lang=en`, or the split of a data set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

_PARTITION = re.compile(r"([^=/]+)=([^/]*)")
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")

# How Hive, Spark and pyarrow write that there is no value.
_NULL = "__HIVE_DEFAULT_PARTITION__"

# Beside the splits of a data set that Hugging Face's `datasets` has saved, and in each of them.
_SPLITS, _INFO = "dataset_dict.json", "dataset_info.json"


def columns_of_path(path: str) -> dict[str, Any]:
    """Return the columns that the folders right above a file name, whole numbers as such, all else as text.

    >>> columns_of_path("crawl/year=2024/lang=en/part-0.parquet"), columns_of_path("a=b/c/part-0.parquet")
    ({'year': 2024, 'lang': 'en'}, {})
    """
    folders = Path(path).parts[:-1]
    found: list[tuple[str, Any]] = []
    for folder in reversed(folders):
        partition = _PARTITION.fullmatch(folder)
        if partition is None:
            break
        found.append((unquote(partition[1]), _value(unquote(partition[2]))))
    return dict(reversed(found)) or _split(Path(path).parent)


def _value(text: str) -> Any:
    return None if text == _NULL else int(text) if _INTEGER.fullmatch(text) else text


def _split(folder: Path) -> dict[str, Any]:
    """Return the split of a saved data set that has several."""
    if (folder / _INFO).is_file() and (folder.parent / _SPLITS).is_file():
        return {"split": folder.name}
    return {}


def with_columns(fields: Mapping[str, Any], more: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row with the columns of its path; those that it has itself go before."""
    return {**fields, **{name: value for name, value in more.items() if name not in fields}} if more else fields
