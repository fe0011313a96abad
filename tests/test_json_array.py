"""JSON arrays: read as Python's own module does, in any blocks; at the top or under a name; checked and mended."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import ARTICLE, Done, lines

from cleaner.cli import main
from cleaner.corpus import json_array, json_elements
from cleaner.corpus.json_array import holds_records, read_json
from cleaner.corpus.json_elements import elements
from cleaner.corpus.record import FieldNames, Record

Clean = Callable[..., Done]

MOJIBAKE = "The cafÃ© on the pier opened again."


def records_of(data: bytes, block: int, **names: Any) -> list[Any]:
    """Read bytes in blocks of a size; of a record its fields, of what is none its code."""
    before, json_array.BLOCK_BYTES = json_array.BLOCK_BYTES, block
    try:
        found: list[Any] = []
        back = b""
        stream = io.BufferedReader(io.BytesIO(data))  # type: ignore[arg-type]
        for chunk in read_json(stream, "a.json", FieldNames(raw=True, **names)):
            back += getattr(chunk, "data", b"")
            for part in chunk.halves() or (chunk,):
                for item in part.items():
                    record = item.read()
                    if item.raw is not None:
                        start = place(data, item.raw.line, item.raw.column)
                        assert data.startswith(item.raw.data, start)
                    found.append(dict(record.fields) if isinstance(record, Record) else record.dropped.code)
        assert back == data or any(isinstance(one, str) for one in found)
        return found
    finally:
        json_array.BLOCK_BYTES = before


def place(data: bytes, line: int, column: int) -> int:
    start = len(b"".join(data.split(b"\n")[: line - 1])) + line - 1
    return start + len(data[start:].decode()[: column - 1].encode())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('a"\\{}[],:\n\té😀'), max_size=5),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["a", "text", "é"]), inside, max_size=3)
    ),
    max_leaves=6,
)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # where many share a core
RECORDS = st.lists(st.builds(lambda text, more: {"text": text, "more": more}, st.text(max_size=8), VALUES), max_size=5)


@SLOW
@given(records=RECORDS, block=st.integers(1, 40), ascii_=st.booleans(), indent=st.sampled_from([None, 0, 2]))
def test_what_pythons_own_writer_writes_is_read_the_same_in_any_blocks(
    records: list[Any], block: int, ascii_: bool, indent: int | None
) -> None:
    data = json.dumps(records, ensure_ascii=ascii_, indent=indent).encode()
    assert records_of(data, block) == records


@SLOW
@given(records=RECORDS, before=VALUES, behind=VALUES, block=st.integers(1, 40))
def test_an_array_under_a_name_is_found_whatever_stands_around_it(
    records: list[Any], before: Any, behind: Any, block: int
) -> None:
    inside = {"x": before, "items": records, "y": behind}
    data = json.dumps({"items": before if not isinstance(before, dict) else 1, "result": inside, "z": behind}).encode()
    assert records_of(data, block, records_at="result.items") == records


@SLOW
@given(records=RECORDS)
def test_the_fast_way_and_the_byte_by_byte_way_cut_alike(records: list[Any]) -> None:
    data = json.dumps(records).encode()
    assert list(elements(data, 1, len(data) - 1)) == list(json_elements._scanned(data, 1, len(data) - 1))


GOOD = {"text": ARTICLE}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"[]", []),
        (b" [ ] \n", []),
        (b"", []),
        (b'[{"text": "a"}, 7, {"text": "b"}]', [{"text": "a"}, "RD104", {"text": "b"}]),
        (b'[{"text": "a"} {"text": "b"}, {"text": "c"}]', ["RD104", {"text": "c"}]),
        (b'[{"text": "a", "n": NaN}, {"text": "b"}]', [{"text": "a", "n": None}, {"text": "b"}]),
        (b'[{"text": "a"},]', [{"text": "a"}]),
        (b'[{"text": "a"}, {"text": "b', [{"text": "a"}, "RD104"]),
        (b'[{"text": "a"}, {"text": "b"}', [{"text": "a"}, "RD104"]),
        (b'[{"text": "a"}] [{"text": "b"}]', [{"text": "a"}, "RD104"]),
        (b'\xef\xbb\xbf[{"text": "a"}]', [{"text": "a"}]),
    ],
)
def test_what_is_broken_costs_its_own_record(data: bytes, found: list[Any]) -> None:
    for block in (1, 3, 1 << 20):
        assert records_of(data, block) == found


def test_an_element_that_is_too_large_costs_itself() -> None:
    large = {"text": "x, [1]" * 50}
    data = json.dumps([GOOD | {"n": 1}, large, {"text": "b"}, large, {"text": "c"}]).encode()
    for block in (7, 64):
        assert [r if r == "RD107" else r["text"][:3] for r in records_of(data, block, max_bytes=290)] == [
            "RD107", "RD107", "b", "RD107", "c",
        ]  # fmt: skip
    assert len(records_of(data, 64, max_bytes=1000)) == 5


def test_a_name_that_is_not_there_is_told(tmp_path: Path, run: Clean) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"rows": [1], "meta": {}}', encoding="utf-8")
    done = run(path, records_at="data")
    assert [record["excluded"]["code"] for record in done.excluded] == ["RD104"]
    assert "no array at 'data'; objects and arrays are under 'rows', 'meta'" in done.excluded[0]["excluded"]["message"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1252"])
def test_an_array_in_another_encoding_is_read(tmp_path: Path, run: Clean, encoding: str) -> None:
    text = f"Café à la gare, fermé. {ARTICLE}"
    (tmp_path / "a.json").write_bytes(json.dumps([{"text": text}] * 2, ensure_ascii=False).encode(encoding))
    assert [record["text"] for record in run(tmp_path / "a.json").kept] == [text]


def test_json_lines_and_arrays_are_told_by_content_and_configurations_are_passed_over(
    tmp_path: Path, run: Clean
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    texts = [f"{number} boats went out. {number}{ARTICLE}" for number in (1, 2, 3, 4)]
    (folder / "a.json").write_text(json.dumps([{"text": texts[0]}], indent=1), encoding="utf-8")
    rows = "".join(json.dumps({"text": text, "more": "x" * 5000}) + "\n" for text in texts[1:3])
    (folder / "b.json").write_text(rows, encoding="utf-8")
    (folder / "c.json.gz").write_bytes(gzip.compress(json.dumps([{"text": texts[3]}]).encode()))
    (folder / "package.json").write_text('{\n  "name": "x"\n}', encoding="utf-8")
    (folder / "one.json").write_text('{"name": "x"}', encoding="utf-8")
    (folder / "numbers.json").write_text("[1, 2]", encoding="utf-8")
    done = run(folder, select=("WS",))
    assert [record["text"] for record in done.kept] == texts
    assert done.summary.passed_over == 3


def test_the_right_thing_to_do_is_said_of_an_object(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"data": [GOOD]}, indent=1), encoding="utf-8")
    out = str(tmp_path / "o.jsonl")
    done = CliRunner().invoke(main, ["clean", str(path), "-o", out])
    assert done.exit_code == 2
    assert "--records-at NAME" in done.stderr
    done = CliRunner().invoke(main, ["clean", str(path), "-o", out, "--records-at", "data"])
    assert done.exit_code == 0, done.stderr
    assert [record["text"] for record in lines(tmp_path / "o.jsonl")] == [ARTICLE]


def test_an_array_goes_through_a_pipe(tmp_path: Path) -> None:
    data = json.dumps([GOOD]).encode()
    done = CliRunner().invoke(main, ["clean", "-", "-o", "-"], input=data)
    assert json.loads(done.stdout)["text"] == ARTICLE


def test_undo_gives_the_texts_back(tmp_path: Path, run: Clean) -> None:
    records = [{"id": n, "text": f"{n}. {MOJIBAKE}\n\n\n{ARTICLE}  \n\nShare on Facebook"} for n in range(3)]
    (tmp_path / "a.json").write_text(json.dumps(records), encoding="utf-8")
    done = run(tmp_path / "a.json", select=("MJ", "WS", "BP"))
    assert all(record["text"] != records[0]["text"] for record in done.kept)
    back = tmp_path / "back.jsonl"
    corpus = str(done.folder / "corpus.jsonl")
    command = ["undo", corpus, "--ledger", str(done.folder / "corpus.ledger.jsonl"), "-o", str(back)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert [record["text"] for record in lines(back)] == [record["text"] for record in records]


@pytest.mark.parametrize("indent", [None, 2])
def test_check_names_the_place_in_the_file_and_mends_it_there(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "a.json"
    records = [{"id": n, "text": f"{n}: {MOJIBAKE} " + "x, y" * 200} for n in range(4)]
    path.write_text(json.dumps(records, indent=indent, ensure_ascii=False), encoding="utf-8")
    old = path.read_text(encoding="utf-8")
    told = CliRunner().invoke(main, ["check", str(path), "--isolated", "--select", "MJ", "--output-format", "json"])
    found = json.loads(told.stdout)
    assert len(found) == 4
    for one in found:
        line = old.split("\n")[one["line"] - 1]
        assert line[one["column"] - 1 :].startswith("Ã")
    before, json_array.BLOCK_BYTES = json_array.BLOCK_BYTES, 1500
    try:
        diff = CliRunner().invoke(main, ["check", str(path), "--isolated", "--select", "MJ", "--diff"]).stdout
        assert diff.count("\n-") - 1 == (4 if indent else 1)
        done = CliRunner().invoke(main, ["check", str(path), "--isolated", "--select", "MJ", "--fix"])
    finally:
        json_array.BLOCK_BYTES = before
    assert done.exit_code == 0, done.output
    assert path.read_text(encoding="utf-8") == old.replace("Ã©", "é")


def test_check_takes_json_of_a_folder_for_no_corpus(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([{"name": "x"}]), encoding="utf-8")
    assert CliRunner().invoke(main, ["check", str(tmp_path), "--isolated", "--allow-empty"]).exit_code == 0


def test_an_object_is_no_array() -> None:
    assert not holds_records(b'{"data": []}', "")
    assert holds_records(b'{"data": []}', "data")
