"""The recipes for other engines in docs/engines.md and for Spark in docs/scale.md, run as they stand there."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from real_parts import needs
from running import ARTICLE, SHARES, TWO

DOCS = Path(__file__).parents[2] / "docs"


TEXTS = [f"{ARTICLE}\n\nNumber {number}." for number in range(300)]
ROWS = [{"id": f"{number:03}", "text": text + "\n\nShare on Facebook"} for number, text in enumerate(TEXTS)]


def recipe(page: str, name: str) -> str:
    """Return a recipe of a page."""
    mark = f"<!-- run by: tests/integrations/test_engines.py {name} -->\n```python\n"
    return (DOCS / page).read_text(encoding="utf-8").split(mark)[1].split("```")[0]


def run(code: str, folder: Path) -> None:
    """Run a recipe as a script of its own."""
    script = folder / "recipe.py"
    script.write_text(code, encoding="utf-8")
    environment = os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run([sys.executable, str(script)], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def written(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.mark.parametrize("engine", ["ray", "dask", "daft"])
def test_the_recipe_for_an_engine_cleans_every_row(engine: str, tmp_path: Path) -> None:
    import pyarrow.parquet

    if find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed")
    written(tmp_path / "pages.jsonl", [*ROWS, {"id": "empty", "text": ""}, {"id": "two", "text": TWO}])
    run(recipe("engines.md", engine), tmp_path)
    rows = pyarrow.parquet.read_table(tmp_path / "cleaned").to_pylist()
    rows = [row | (row.get("cleaned") or {}) for row in rows]
    out = sorted(rows, key=lambda row: str(row["id"]))
    assert [row["text"] for row in out] == [*TEXTS, "", TWO]
    assert [row["excluded"] and row["excluded"]["code"] for row in out] == [None] * 300 + ["TX101", None]
    assert [row["languages"] for row in out] == [None] * 301 + [SHARES]


def test_the_recipe_for_datatrove_writes_what_is_kept(tmp_path: Path) -> None:
    if find_spec("datatrove") is None:
        pytest.skip("datatrove is not installed")
    written(tmp_path / "pages" / "a.jsonl", [*ROWS, {"id": "empty", "text": ""}])
    run(recipe("engines.md", "datatrove"), tmp_path)
    (path,) = (tmp_path / "cleaned").glob("*.jsonl.gz")
    out = [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]
    assert [row["text"] for row in out] == TEXTS


def test_the_recipe_for_spark_writes_the_corpus(tmp_path: Path) -> None:
    needs(find_spec("pyspark"), "PySpark")
    import pyarrow
    import pyarrow.parquet

    page = "<!doctype html><html><body><article><p>{}</p></article></body></html>"
    rows = [{"id": str(n), "url": f"https://x.test/{n}", "html": page.format(ARTICLE)} for n in range(3)]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "pages")
    run(recipe("scale.md", "spark"), tmp_path)
    assert [row["id"] for row in pyarrow.parquet.read_table(tmp_path / "corpus").to_pylist()] == ["0"]
