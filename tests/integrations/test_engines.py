"""The recipe for Ray Data in docs/engines.md, run as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from running import ARTICLE

ENGINES = Path(__file__).parents[2] / "docs" / "engines.md"


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
def test_the_recipe_for_ray_cleans_every_row(tmp_path: Path) -> None:
    import pyarrow.parquet

    found = re.search(r"<!-- ray -->\n```python\n(.*?)```", ENGINES.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    texts = [f"{ARTICLE}\n\nNumber {number}." for number in range(300)]
    rows = [{"id": f"{number:03}", "text": text + "\n\nShare on Facebook"} for number, text in enumerate(texts)]
    rows.append({"id": "empty", "text": ""})
    (tmp_path / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    environment = os.environ | {"RAY_USAGE_STATS_ENABLED": "0"}
    subprocess.run([sys.executable, "-c", found[1]], cwd=tmp_path, env=environment, capture_output=True, check=True)
    out = sorted(pyarrow.parquet.read_table(tmp_path / "cleaned").to_pylist(), key=lambda row: str(row["id"]))
    assert [row["text"] for row in out] == [*texts, ""]
    assert [row["excluded"] and row["excluded"]["code"] for row in out] == [None] * 300 + ["TX101"]
