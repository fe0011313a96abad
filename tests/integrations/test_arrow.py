"""The functions from Arrow batches to Arrow batches, without any engine."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running import ARTICLE, SHARES, TWO, Done

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


def test_languages_are_those_of_a_run_and_null_for_a_text_in_one(tmp_path: Path, run: Callable[..., Done]) -> None:
    rows = [{"id": "a", "text": ARTICLE}, {"id": "b", "text": TWO}, {"id": "c", "text": f"{TWO}\n{ARTICLE}"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    wanted = [record.get("languages") for record in run(tmp_path / "in.jsonl", ignore=("ND",)).kept]
    assert [row["languages"] for row in cleaned(Clean(text="text"), rows)] == wanted
    assert (wanted[0], wanted[1]) == (None, SHARES)


OF_TWO = pa.list_(pa.struct({"language": pa.string(), "share": pa.float64()}))


@pytest.mark.parametrize(
    ("kind", "own", "is_ours"),
    [
        (OF_TWO, SHARES[::-1], True),
        (pa.large_list(pa.struct({"share": pa.float32(), "language": pa.string_view()})), SHARES, True),
        (pa.null(), None, True),
        (pa.list_(pa.string()), ["fr", "en"], False),
        (pa.string(), "fr, en", False),
        (pa.list_(pa.struct({"language": pa.string()})), [{"language": "fr"}], False),
        (pa.struct({"language": pa.string(), "share": pa.float64()}), SHARES[0], False),
    ],
)
def test_languages_of_another_type_are_somebody_elses(kind: Any, own: Any, is_ours: bool) -> None:
    table = {"text": pa.array([ARTICLE, TWO, ""]), "languages": pa.array([own, own, own], kind), "more": [1, 2, 3]}
    [batch] = Clean(text="text")(iter([pa.RecordBatch.from_pydict(table)]))
    assert batch.schema.names[:3] == ["text", "languages", "more"]
    if is_ours:
        assert batch.schema.field("languages").type == OF_TWO
        assert batch.column("languages").to_pylist() == [None, SHARES, None]
    else:
        assert batch.column("languages").equals(table["languages"])


def test_where_no_language_is_told_that_of_a_former_run_stays() -> None:
    [first] = Clean(text="text")(iter([pa.RecordBatch.from_pydict({"text": [ARTICLE, TWO]})]))
    [second] = Clean(Config(select=("ND",)), text="text")(iter([first]))
    assert second.equals(first)
    [third] = Clean(Config(select=("ND",)), text="text")(iter([first.select(["text"])]))
    assert third.schema.names == first.schema.names
    assert third.column("languages").null_count == third.column("language").null_count == 2


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
