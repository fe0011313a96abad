"""`--text-field` by path: each text is cleaned, checked, mended and undone in its place; all are judged as one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import ARTICLE, Done, lines

import cleaner
from cleaner.cli import main
from cleaner.corpus.json_string import string_values
from cleaner.corpus.record import FieldNames, Record, Unreadable, from_fields
from cleaner.corpus.text_places import json_opened, steps_to, texts_at, value_at, with_texts

Clean = Callable[..., Done]

BROKEN = "Where is the cafÃ©?"
CHAT = [
    {"prompt": "How is the mill driven?", "completion": "The mill is driven by the river.\n\nLeave a Comment", "n": 1},
    {"messages": [{"role": "user", "content": BROKEN}, {"role": "bot", "content": f"{ARTICLE}  "}, {"content": None}]},
    {
        "doc": {"body": f"{BROKEN} Nobody on the square could say, and the shop was closed.", "text": "kept"},
        "text": "another",
    },
]
FIELDS = "prompt,completion,messages[].content,doc.body"


def jsonl(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def undone(done: Done, name: str = "back.jsonl") -> list[dict[str, Any]]:
    back = done.folder / name
    corpus, ledger = str(done.folder / "corpus.jsonl"), str(done.folder / "corpus.ledger.jsonl")
    result = CliRunner().invoke(main, ["undo", corpus, "--ledger", ledger, "-o", str(back)])
    assert result.exit_code == 0, result.output
    return lines(back)


def test_each_text_is_cleaned_and_undone_in_its_place(tmp_path: Path, run: Clean) -> None:
    done = run(jsonl(tmp_path / "a.jsonl", CHAT), text_field=FIELDS)
    first, second, third = done.kept
    assert (first["prompt"], first["completion"]) == ("How is the mill driven?", "The mill is driven by the river.")
    assert [m["content"] for m in second["messages"]] == ["Where is the café?", ARTICLE, None]
    assert second["messages"][0]["role"] == "user"
    assert (third["doc"]["text"], third["text"]) == ("kept", "another")
    assert "text" not in first
    assert second["language"] == "en"
    back = undone(done)
    assert [{key: r[key] for key in given} for r, given in zip(back, CHAT, strict=True)] == CHAT


def test_what_was_cleaned_stays_as_it_is(tmp_path: Path, run: Clean) -> None:
    done = run(jsonl(tmp_path / "a.jsonl", CHAT), text_field=FIELDS)
    again = run(jsonl(tmp_path / "b.jsonl", done.kept), text_field=FIELDS)
    assert again.kept == done.kept
    assert not again.summary.edits


def test_duplicates_are_found_by_all_texts_together(tmp_path: Path, run: Clean) -> None:
    short = {"prompt": "Go on.", "completion": ARTICLE}
    records = [short, {"prompt": "Go on.  ", "completion": ARTICLE}, {"prompt": "Stop.", "completion": "It stopped."}]
    done = run(jsonl(tmp_path / "a.jsonl", records), text_field="prompt,completion")
    assert [r["excluded"]["code"] for r in done.excluded] == ["ND101"]
    assert len(done.kept) == 2


def test_a_record_without_any_of_the_texts_says_so(tmp_path: Path, run: Clean) -> None:
    done = run(jsonl(tmp_path / "a.jsonl", [{"messages": []}, {"messages": [{"content": 7}]}]), text_field=FIELDS)
    assert [r["excluded"]["code"] for r in done.excluded] == ["RD105", "RD105"]
    assert f"no text at '{FIELDS}'" in done.excluded[0]["excluded"]["message"]


def test_a_name_that_stands_in_the_record_goes_before_the_path_that_it_could_be(tmp_path: Path, run: Clean) -> None:
    records = [{"doc.body": f"a {ARTICLE}", "doc": {"body": "no"}}, {"a,b": 1, "doc": {"body": f"b {ARTICLE}"}}]
    done = run(jsonl(tmp_path / "a.jsonl", records), text_field="doc.body", select=("WS",))
    assert done.kept[0]["text"] == f"a {ARTICLE}"
    assert done.kept[1]["doc"]["body"] == f"b {ARTICLE}"


def test_a_folder_gets_all_texts_of_a_record_in_one_file(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"id": "x", "prompt": "Go on.", "completion": ARTICLE}])
    command = ["clean", str(path), "-o", f"{tmp_path}/out/", "--text-field", "prompt,completion"]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert (tmp_path / "out" / "x.txt").read_text(encoding="utf-8") == f"Go on.\n\n{ARTICLE}\n"


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_columns_of_lists_objects_and_bytes_keep_their_types(tmp_path: Path, ending: str) -> None:
    pa = pytest.importorskip("pyarrow")
    from cleaner.corpus.arrow import arrow_schema
    from cleaner.corpus.parquet import parquet_schema

    table = pa.table(
        {
            "lines": pa.array([[BROKEN, ARTICLE], ["Nobody came."]], pa.list_(pa.large_string())),
            "raw": pa.array([b"It was caf\xc3\x83\xc2\xa9  .", b"It rained."], pa.binary()),
            "doc": pa.array([{"body": f"{BROKEN}  "}, {"body": None}], pa.struct([("body", pa.string())])),
        }
    )
    path, out = tmp_path / f"a.{ending}", tmp_path / f"o.{ending}"
    if ending == "parquet":
        import pyarrow.parquet

        pyarrow.parquet.write_table(table, path)
    else:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    command = ["clean", str(path), "-o", str(out), "--text-field", "lines[],raw,doc.body", "--workers", "1"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    schema = (parquet_schema if ending == "parquet" else arrow_schema)(str(out))
    assert {name: schema.field(name).type for name in table.column_names} == {f.name: f.type for f in table.schema}
    back = tmp_path / "back.jsonl"
    ledger = str(tmp_path / "o.ledger.jsonl")
    assert CliRunner().invoke(main, ["undo", str(out), "--ledger", ledger, "-o", str(back)]).exit_code == 0
    first = lines(back)[0]
    assert first["lines"] == [BROKEN, ARTICLE]
    assert first["doc"] == {"body": f"{BROKEN}  "}
    assert first["raw"] == "It was cafÃ©  ."


@pytest.mark.parametrize("ending", ["csv", "tsv.gz", "parquet", "arrow", "jsonl.zst"])
def test_undo_gives_each_text_back_whatever_the_output_is(tmp_path: Path, ending: str) -> None:
    mixed = [
        {"id": "x", "messages": [{"content": [{"text": f"{BROKEN} No."}]}, {"content": "plain  "}, {"content": 7}]}
    ]
    path = jsonl(tmp_path / "a.jsonl", [{"id": str(n), **record} for n, record in enumerate(CHAT)] + mixed)
    out, fields = tmp_path / f"o.{ending}", f"{FIELDS},messages[].content[].text"
    done = CliRunner().invoke(main, ["clean", str(path), "-o", str(out), "--text-field", fields, "--workers", "1"])
    assert done.exit_code == 0, done.output
    back = tmp_path / "back.jsonl"
    ledger = str(tmp_path / "o.ledger.jsonl")
    undone_ = CliRunner().invoke(main, ["undo", str(out), "--ledger", ledger, "-o", str(back)])
    assert undone_.exit_code == 0, undone_.output
    for record, source in zip(lines(back), lines(path), strict=True):
        texts = texts_at(source, fields)
        opened = json_opened(record, [steps_to(place) for place in texts])
        assert {place: value_at(opened, place) for place in texts} == texts


def test_a_column_of_bytes_alone_is_a_text(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    table = pa.table({"text": pa.array([f"{BROKEN} {ARTICLE}".encode()], pa.binary())})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    out = tmp_path / "o.jsonl"
    assert CliRunner().invoke(main, ["clean", str(tmp_path / "a.parquet"), "-o", str(out)]).exit_code == 0
    assert lines(out)[0]["text"] == f"Where is the café? {ARTICLE}"


@pytest.mark.parametrize("field", ["text", "parts[]", "doc.text,parts[]"])
def test_bytes_are_read_in_the_encoding_of_texts(field: str) -> None:
    russian = "Паром ушёл от причала в полдень, и капитан помахал всем на набережной."
    for data, text in ((russian.encode("cp1251"), russian), (ARTICLE.encode("utf-16"), ARTICLE), (b"PK is", "PK is")):
        record = from_fields({"text": data, "parts": [data], "doc": {"text": None}}, "a:1", FieldNames(text=field))
        assert isinstance(record, Record)
        assert record.document.text == text
    image = b"\x89PNG\r\n\x1a\n" + bytes(60)
    read = from_fields({"text": image, "parts": ["a", image]}, "a:1", FieldNames(text=field))
    assert isinstance(read, Unreadable)
    assert (read.dropped.code, read.dropped.message) == ("RD103", f"a:1: {field!r}: this is a PNG image, not text")


def test_a_list_is_refused_with_what_would_read_it(tmp_path: Path, run: Clean) -> None:
    done = run(jsonl(tmp_path / "a.jsonl", [{"lines": ["a"]}]), text_field="lines")
    assert done.excluded[0]["excluded"]["message"].endswith("'lines' is a list, not text; lines[] is each text in it")


@pytest.mark.parametrize("field", ["a..b", "a[", "[]", "a,,b", "a[x]"])
def test_what_is_no_path_is_refused(tmp_path: Path, field: str) -> None:
    with pytest.raises(cleaner.ConfigError, match="text_field is a name, or paths"):
        cleaner.Config(text_field=field)


def test_check_names_the_place_of_each_and_mends_it_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    record = {
        "completion": f"{BROKEN} \\ x",
        "messages": [{"content": "fine"}, {"content": f'"é" {BROKEN}'}],
        "prompt": BROKEN,
    }
    path.write_text(json.dumps(record) + "\n" + json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    old = path.read_text(encoding="utf-8")
    options = ["--isolated", "--select", "MJ", "--text-field", "prompt,completion,messages[].content"]
    told = CliRunner().invoke(main, ["check", str(path), *options, "--output-format", "json"])
    found = [(d["line"], d["column"]) for d in json.loads(told.stdout)]
    assert len(found) == 6
    for line, column in found:
        assert old.split("\n")[line - 1][column - 1 :].startswith(("Ã", "\\u00c3"))
    done = CliRunner().invoke(main, ["check", str(path), *options, "--fix"])
    assert done.exit_code == 0, done.output
    assert path.read_text(encoding="utf-8") == old.replace("Ã©", "é").replace("\\u00c3\\u00a9", "\\u00e9")


def test_explain_says_where_each_text_stands(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"messages": [{"content": f"{BROKEN}\n\nTwo."}, {"content": "Three."}]}])
    told = CliRunner().invoke(main, ["explain", str(path), "--text-field", "messages[].content", "--isolated"]).output
    shown = [line for line in told.split("\n") if line and not line.startswith(" ")]
    assert shown[1:6] == ["messages[0].content", "Where is the cafÃ©é?", "Two.", "messages[1].content", "Three."]


def test_explain_learn_and_index_take_paths(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "a.jsonl", [{"id": "a", "doc": {"body": f"{BROKEN} {ARTICLE}"}, "url": "https://a.example/1"}]
    )
    field = ["--text-field", "doc.body", "--isolated"]
    told = CliRunner().invoke(main, ["explain", str(path), *field, "--diff"])
    assert "+Where is the café?" in told.output
    index = str(tmp_path / "a.index")
    assert CliRunner().invoke(main, ["index", "build", str(path), "-o", index, *field[:2]]).exit_code == 0
    asked = CliRunner().invoke(main, ["index", "query", index, str(path), *field[:2]])
    assert '"duplicate_of": "a"' in asked.output
    learned = CliRunner().invoke(main, ["learn", str(path), "-o", str(tmp_path / "lines.json"), *field])
    assert learned.exit_code == 0, learned.output


def test_the_library_says_what_the_command_says(tmp_path: Path, run: Clean) -> None:
    done = run(jsonl(tmp_path / "a.jsonl", CHAT), text_field=FIELDS)
    results = list(cleaner.clean_corpus(CHAT, config=cleaner.Config(text_field=FIELDS)))
    assert [r.document.parts for r in results] == [texts_at(record, FIELDS) for record in done.kept]
    assert cleaner.ledger.undo(results[0].text, results[0].steps) == results[0].source_text


def test_passages_and_paths_do_not_go_together() -> None:
    with pytest.raises(cleaner.ConfigError, match="passages"):
        cleaner.Config(text_field="a.b", passages=3)


VALUES = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('a"\\:,{}[]é😀\n'), max_size=5),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "é", 'q"']), some, max_size=3),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # where many share a core
@given(record=st.dictionaries(st.sampled_from(["a", "b", "é"]), VALUES, max_size=3), ascii_=st.booleans())
def test_every_text_is_found_in_the_line_and_put_back(record: dict[str, Any], ascii_: bool) -> None:
    texts = texts_at(record, "a,b,é,a.a,a[],a[].b,b[].a[],a.b.é,b[0],a[][]")
    line = json.dumps(record, ensure_ascii=ascii_)
    found = string_values(line, {place: steps_to(place) for place in texts})
    for place, text in texts.items():
        value = found[place]
        end = value.in_raw(len(text))
        assert json.loads('"' + line[value.in_raw(0) : end] + '"') == text
    assert with_texts(record, texts) == record
    assert texts_at(with_texts(record, dict.fromkeys(texts, "new")), "a,b,é").keys() <= record.keys()
