"""Records: an id is settled once for corpus, ledger and undo; a value that is no JSON costs itself alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from running import ARTICLE, SHARES, TWO, Done, lines

from cleaner.cli import main
from cleaner.runner.undo import undo_file

Clean = Callable[..., Done]


def text(number: int) -> str:
    return f"{ARTICLE}\n\nOn pier {number * 7919} nobody waited.\n\nShare on Facebook"


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def table(path: Path) -> Any:
    from pyarrow import feather, parquet

    return feather.read_table(path) if path.suffix == ".arrow" else parquet.read_table(path)


def undone(done: Done) -> list[dict[str, Any]]:
    out = done.folder / "undone.jsonl"
    undo_file(str(done.folder / "corpus.jsonl"), str(done.folder / "corpus.ledger.jsonl"), str(out))
    return lines(out)


IDS = ["a", 7, 0, 1.5, None, "", True, False, {"n": [1, None]}, [], "7", "None", "é\u2028"]


@pytest.mark.parametrize("field", ["id", "key"])
def test_any_id_is_that_of_record_ledger_and_undo(tmp_path: Path, run: Clean, field: str) -> None:
    records = [{field: id_, "text": text(n)} for n, id_ in enumerate(IDS)]
    records += [{"text": text(50)}, {field: "a", "text": text(51)}, {field: "a", "text": text(52)}]
    done = run(write(tmp_path / "in.jsonl", records), id_field=field, select=("BP", "WS"))
    assert done.excluded == []
    assert [record["text"] for record in undone(done)] == [record["text"] for record in records]
    for record, came in zip(done.kept, records, strict=True):
        if came.get(field) not in (None, ""):
            assert record[field] == came[field]
    assert done.kept[4]["id"] == f"{tmp_path}/in.jsonl:5"


def test_equal_ids_with_texts_that_become_equal_are_told_apart(tmp_path: Path, run: Clean) -> None:
    texts = [ARTICLE + "\n\nShare on Facebook", ARTICLE, ARTICLE + "\n\nShare on Twitter"]
    records = [{"id": "a", "text": one} for one in texts]
    done = run(write(tmp_path / "in.jsonl", records), select=("BP",))
    assert [record["text"] for record in undone(done)] == texts


def test_an_id_beside_the_one_that_was_asked_for_stays(tmp_path: Path, run: Clean) -> None:
    source = write(tmp_path / "in.jsonl", [{"id": 1, "key": "k1", "text": text(1)}])
    done = run(source, id_field="key")
    assert (done.kept[0]["id"], done.kept[0]["id_original"], done.kept[0]["key"]) == ("k1", 1, "k1")
    assert undone(done)[0]["text"] == text(1)


def test_a_language_of_somebody_else_is_kept_and_ours_is_not_taken_for_one(tmp_path: Path, run: Clean) -> None:
    done = run(write(tmp_path / "in.jsonl", [{"id": "a", "language": "English", "text": text(1)}]))
    assert (done.kept[0]["language"], done.kept[0]["language_original"]) == ("en", "English")
    again = run(write(tmp_path / "again.jsonl", done.kept))
    assert (again.kept[0]["language"], again.kept[0]["language_original"]) == ("en", "English")


@pytest.mark.parametrize("ending", ["jsonl", "parquet", "arrow"])
def test_the_record_of_a_text_in_two_languages_alone_has_the_part_of_each(tmp_path: Path, ending: str) -> None:
    source = write(tmp_path / "in.jsonl", [{"id": "a", "text": text(1)}, {"id": "b", "text": TWO}])
    out, ledger = tmp_path / f"out.{ending}", tmp_path / "out.ledger.jsonl"
    assert CliRunner().invoke(main, ["clean", str(source), "-o", str(out), "--quiet"]).exit_code == 0
    undo_file(str(out), str(ledger), str(tmp_path / "undone.jsonl"))
    one, two = lines(tmp_path / "undone.jsonl")
    assert (one.get("languages"), two["languages"]) == (None, SHARES)
    assert (one["text"], two["text"]) == (text(1), TWO)
    assert ("languages" in one) == (ending != "jsonl")
    again = tmp_path / f"again.{ending}"
    assert CliRunner().invoke(main, ["clean", str(out), "-o", str(again), "--quiet"]).exit_code == 0
    if ending == "jsonl":
        assert again.read_bytes() == out.read_bytes()
    else:
        assert table(again).equals(table(out))


def test_pandas_and_polars_read_the_languages_of_a_text_as_lists_of_structs(tmp_path: Path) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    source = write(tmp_path / "in.jsonl", [{"id": "a", "text": text(1)}, {"id": "b", "text": TWO}])
    out = tmp_path / "out.parquet"
    assert CliRunner().invoke(main, ["clean", str(source), "-o", str(out), "--quiet"]).exit_code == 0
    frame = polars.read_parquet(out)
    assert frame["languages"].dtype == polars.List(polars.Struct({"language": polars.String, "share": polars.Float64}))
    assert frame["languages"].to_list() == [None, SHARES]
    one, two = pandas.read_parquet(out)["languages"]
    assert (one, list(two)) == (None, SHARES)
    for ending, save in (("parquet", frame.write_parquet), ("jsonl", frame.write_ndjson)):
        save(tmp_path / f"polars.{ending}")
        again = tmp_path / f"again.{ending}"
        command = ["clean", str(tmp_path / f"polars.{ending}"), "-o", str(again), "--quiet"]
        assert CliRunner().invoke(main, command).exit_code == 0
    assert polars.read_parquet(tmp_path / "again.parquet").equals(frame)
    assert [row["languages"] for row in lines(tmp_path / "again.jsonl")] == [None, SHARES]


def test_the_languages_of_a_text_are_ours_again_when_they_come_back_as_csv(tmp_path: Path, run: Clean) -> None:
    source = write(tmp_path / "in.jsonl", [{"id": "a", "text": ARTICLE}, {"id": "b", "text": TWO}])
    out = tmp_path / "out.csv"
    assert CliRunner().invoke(main, ["clean", str(source), "-o", str(out), "--quiet"]).exit_code == 0
    assert [record.get("languages") for record in run(out).kept] == ["", SHARES]
    swapped = out.read_text(encoding="utf-8").replace(ARTICLE, "X").replace(TWO, ARTICLE).replace("X", TWO)
    out.write_text(swapped, encoding="utf-8", newline="")
    assert [record.get("languages") for record in run(out).kept] == [SHARES, None]


def test_languages_of_somebody_else_stay_and_what_a_former_run_said_does_not(tmp_path: Path, run: Clean) -> None:
    rows = [
        {"id": "a", "languages": ["fr", "en"], "text": TWO},
        {"id": "b", "languages": SHARES, "language_score": 0.6, "text": text(1)},
        {"id": "c", "languages": None, "text": TWO + "\n" + text(2)},
        {"id": "d", "languages": "[{two}", "text": TWO + "\n" + text(3)},
        {"id": "e", "languages": [], "text": text(4)},
    ]
    kept = run(write(tmp_path / "in.jsonl", rows), ignore=("ND",)).kept
    assert kept[0]["languages"] == ["fr", "en"]
    assert "languages" not in kept[1]
    assert [part["language"] for part in kept[2]["languages"]] == ["en", "fr"]
    assert (kept[3]["languages"], kept[4]["languages"]) == ("[{two}", [])


def test_values_that_json_has_not_cost_themselves(tmp_path: Path, run: Clean) -> None:
    rows = [
        '{"id":"a","score":NaN,"more":[Infinity,-Infinity,1],"text":%s}',
        '{"id":"b","tag":"\\ud83d","text":%s}',
        '{"id":"c","far":1e999,"text":%s}',
        '{"id":"d","\\udc00":1,"text":%s}',
        '{"id":"a","note":"a\tb\x01","text":%s}',
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(row % json.dumps(text(n)) for n, row in enumerate(rows)), encoding="utf-8")
    done = run(source, select=("WS",))
    assert done.reasons == {}
    assert [done.kept[0]["score"], done.kept[0]["more"], done.kept[2]["far"]] == [None, [None, None, 1], None]
    assert (done.kept[1]["tag"], done.kept[4]["note"]) == ("\ufffd", "a\tb\x01")


def test_half_a_surrogate_pair_in_the_text_is_no_reason_to_lose_it(tmp_path: Path, run: Clean) -> None:
    source = tmp_path / "in.jsonl"
    escaped = json.dumps(f"{ARTICLE} \ud83d end of it.")
    source.write_text(f'{{"id":"a","text":{escaped}}}', encoding="utf-8")
    done = run(source, select=("WS",))
    assert done.kept[0]["text"].endswith("\ufffd end of it.")
    assert undone(done)[0]["text"] == done.kept[0]["text"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1251"])
def test_jsonl_in_another_encoding_is_read_as_texts_are(tmp_path: Path, run: Clean, encoding: str) -> None:
    word = "Паром стоял у причала до полудня" if encoding == "cp1251" else "Fermé à midi, où la fête"
    rows = [{"id": f"d{n}", "text": f"{ARTICLE}\n\n{word} {n * 7919}."} for n in range(3)]
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "in.jsonl").write_bytes(data.encode(encoding))
    done = run(tmp_path / "in.jsonl", select=("WS",))
    assert [record["text"] for record in done.kept] == [row["text"] for row in rows]


def test_a_run_in_which_nothing_could_be_read_says_so_first(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"title":"a"}\n{"title":"b"}\n', encoding="utf-8")
    arguments = ["clean", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "o.jsonl"), "--workers", "1"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0
    assert done.stderr.startswith("none of the 2 records could be read")
    assert CliRunner().invoke(main, [*arguments, "--max-unreadable", "50%"]).exit_code == 1
