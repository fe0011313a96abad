"""The functions from Arrow batches to Arrow batches, without any engine."""

from __future__ import annotations

import pickle
import time
from typing import Any

import pytest
from running import ARTICLE

from cleaner.config import Config
from cleaner.pipeline import Pipeline

pa = pytest.importorskip("pyarrow")

from cleaner.integrations.arrow import ROWS, Clean, Sketch  # noqa: E402


def cleaned(task: Clean, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    batches = list(task(iter([pa.RecordBatch.from_pylist(rows)])))
    assert all(batch.num_rows <= ROWS for batch in batches)
    return [row for batch in batches for row in batch.to_pylist()]


def test_batches_come_out_small_with_every_row_once_and_in_order() -> None:
    rows = [{"number": number, "text": f"{ARTICLE}\n\nNumber {number}."} for number in range(2 * ROWS + 1)]
    task = pickle.loads(pickle.dumps(Clean(text="text")))
    assert [(row["number"], row["text"]) for row in cleaned(task, rows)] == [(r["number"], r["text"]) for r in rows]


def test_an_empty_batch_has_the_columns_of_others() -> None:
    schema = pa.schema({"id": pa.string(), "text": pa.string()})
    [empty] = Clean(text="text")(iter([pa.RecordBatch.from_pylist([], schema)]))
    [other] = Clean(text="text")(iter([pa.RecordBatch.from_pylist([{"id": "a", "text": ARTICLE}], schema)]))
    assert (empty.num_rows, empty.schema) == (0, other.schema)


def test_one_row_costs_one_row_when_it_hangs_or_finds_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Config().pipeline()

    class Troubled:
        def __call__(self, document: Any) -> Any:
            if document.text == "hang":
                try:
                    while True:
                        time.sleep(0.01)
                except Exception:  # as libraries do
                    return None
            if document.text == "fail":
                raise KeyError("a mistake")
            if document.text == "grow":
                raise MemoryError
            return pipeline(document)

    def troubled(config: Config) -> Pipeline:
        return Troubled()  # type: ignore[return-value]

    monkeypatch.setattr(Config, "pipeline", troubled)
    rows = cleaned(Clean(text="text", timeout_s=1), [{"text": text} for text in ("hang", "fail", "grow", ARTICLE)])
    assert [row["excluded"] and row["excluded"]["code"] for row in rows] == ["RD111", "RD114", "RD113", None]
    assert [row["text"] for row in rows] == ["hang", "fail", "grow", ARTICLE]


def test_sketches_are_those_of_the_laptop() -> None:
    from cleaner.dedup.sketch import Sketcher

    texts = [ARTICLE, "", "short", "a text with no letter: 123"]
    batch = pa.RecordBatch.from_pydict({"id": list("abcd"), "text": texts})
    [made] = Sketch(Sketcher())(iter([batch]))
    for row, sketch in zip(made.to_pylist(), Sketcher().batch(texts), strict=True):
        assert (row["digest"], row["shingles"], 8 * row["size"]) == (
            sketch.exact,
            sketch.shingles,
            len(sketch.shingles),
        )
        assert b"".join(key.to_bytes(8, "little", signed=True) for key in row["bands"]) == sketch.bands
