"""CSV and TSV: read as Python's own module does, in any blocks; refused where it would be a guess; written, mended."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from running import ARTICLE, Done

from cleaner.cli import main
from cleaner.corpus import csv as csv_module
from cleaner.corpus import csv_marks
from cleaner.corpus.csv import CsvChunk, read_csv
from cleaner.corpus.csv_rows import RowEnds, cells_of, written
from cleaner.corpus.record import FieldNames, Record

Clean = Callable[..., Done]

MOJIBAKE = "The cafÃ© on the pier opened again."


def rows_of(data: bytes, block: int, delimiter: str = ",", **names: Any) -> list[dict[str, Any] | str]:
    """Read bytes in blocks of a size; of a record its fields, of what is none its code."""
    before, csv_module.BLOCK_BYTES = csv_module.BLOCK_BYTES, block
    try:
        found: list[dict[str, Any] | str] = []
        stream = io.BufferedReader(io.BytesIO(data))  # type: ignore[arg-type]
        for chunk in read_csv(stream, "a.csv", FieldNames(**names), delimiter=delimiter):
            for item in chunk.items():
                record = item.read()
                found.append(dict(record.fields) if isinstance(record, Record) else record.dropped.code)
        return found
    finally:
        csv_module.BLOCK_BYTES = before


CELLS = st.text(st.sampled_from('ab,;\t"\n\ré'), max_size=6)


@settings(deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=6), block=st.integers(1, 9), end=st.sampled_from(["\n", "\r\n"]))
def test_what_pythons_own_writer_writes_is_read_the_same_in_any_blocks(
    rows: list[tuple[str, str]], block: int, end: str
) -> None:
    # Python's writer leaves a lone carriage return without marks, where it takes it for a line end when it reads.
    assume(end == "\r\n" or "\r" not in "".join(cell for row in rows for cell in row))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator=end)
    writer.writerows([("n", "text"), *rows])
    assert rows_of(file.getvalue().encode(), block) == [{"n": n, "text": text} for n, text in rows]


@settings(deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=6), delimiter=st.sampled_from([",", "\t"]))
def test_what_we_write_is_read_the_same_by_us_and_by_python(rows: list[tuple[str, str]], delimiter: str) -> None:
    table = [("n", "text"), *rows]
    text = "".join(delimiter.join(written(cell, delimiter) for cell in row) + "\n" for row in table)
    assert rows_of(text.encode(), 5, delimiter) == [{"n": n, "text": t} for n, t in rows]
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) == [list(row) for row in table]


@settings(deadline=None)
@given(data=st.binary(max_size=60))
def test_any_bytes_are_cut_where_the_cells_end(data: bytes) -> None:
    ends = list(RowEnds(",").within(data))
    assert ends == sorted(set(ends))
    assert all(data[end - 1 : end] == b"\n" for end in ends)
    rows_of(b"text\n" + data, 7)


def test_a_mark_inside_a_cell_is_a_character_and_a_tail_behind_a_closed_cell_stays() -> None:
    assert [cell.value('5" disk,a') for cell in cells_of('5" disk,a', ",")] == ['5" disk', "a"]
    row = '"a"b,c'
    assert [cell.value(row) for cell in cells_of(row, ",")] == ['"a"b', "c"]
    assert rows_of(b'text\n5" disk\n6" disk\n', 4) == [{"text": '5" disk'}, {"text": '6" disk'}]


def ends_one_by_one(data: bytes, delimiter: bytes) -> list[int]:
    """Where rows end, byte by byte: a mark opens a cell at its beginning alone, and a doubled one does not close it."""
    ends = []
    quoted, begins, place = False, True, 0
    while place < len(data):
        byte = data[place : place + 1]
        if quoted:
            doubled = data[place : place + 2] == b'""'
            quoted, place = byte != b'"' or doubled, place + 1 + doubled
            continue
        quoted, begins, place = begins and byte == b'"', byte in (delimiter, b"\n"), place + 1
        if byte == b"\n":
            ends.append(place)
    return ends


@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_whole_rows_are_taken_as_cell_by_cell_whatever_the_blocks(delimiter: str) -> None:
    draw = random.Random(3)
    together = 0
    for _ in range(3000):
        parts = ["a", "é", '"', '""', "\n", "\r\n", "\r", delimiter, ";", f'"{delimiter}\n""b"', f'{delimiter}"c"', ""]
        data = "".join(draw.choices(parts, k=draw.randrange(1, 25))).encode()
        rows = RowEnds(delimiter)
        cuts = [*sorted(draw.sample(range(len(data) + 1), min(len(data), draw.randrange(3)))), len(data)]
        ends = [end for cut in cuts for end in rows.within(data[:cut])]
        assert ends == ends_one_by_one(data, delimiter.encode()), data
        last, marks = csv_marks.last_end(data, 0, delimiter)
        if last:
            upto = ends[: ends.index(last) + 1]
            taken = csv_marks.rows_of(data[:last], 0, 1, delimiter, marks)
            assert taken == one_by_one(data, upto, delimiter), data
            together += len(taken)
    assert together > 500


def one_by_one(data: bytes, ends: list[int], delimiter: str) -> list[tuple[int, list[str]]]:
    """The cells of each row that ends there and is not blank, with its line."""
    rows = [(start, data[start:end].decode()) for start, end in zip([0, *ends], ends, strict=False)]
    return [
        (1 + data.count(b"\n", 0, start), [cell.value(row) for cell in cells_of(row, delimiter)])
        for start, row in rows
        if row.lstrip("\r\n")
    ]


@pytest.mark.parametrize("stray", [b"", b'5" disk', b'"a"b', b"caf\xe9", b"a,b,c,d"])
def test_rows_taken_together_are_those_taken_one_by_one(stray: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.corpus.csv.BLOCK_BYTES", 200)
    draw = random.Random(5)
    cells = [b"a", b"", b'""', b'"x, ""y""\n\nz"', '"é"'.encode(), b"b c"]
    lines = [b",".join(draw.choices(cells, k=draw.randrange(1, 4))) + draw.choice([b"\n", b"\r\n"]) for _ in range(200)]
    data = b"text,b,c\n" + b"".join([*lines[:90], stray, b"\n", *lines[90:], b"\n", b"last"])
    chunks = [chunk for chunk in read_csv(io.BytesIO(data), "a.csv", FieldNames()) if isinstance(chunk, CsvChunk)]
    one_by_one = [item.read() for chunk in chunks for item in replace(chunk, marks=None).items()]
    assert [item.read() for chunk in chunks for item in chunk.items()] == one_by_one
    assert len(one_by_one) > 150
    assert sum(chunk.marks is not None for chunk in chunks) > 5


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"id;text\n1;a\n", "separated by ';'"),
        (b"id|text\n1|a\n", "separated by '|'"),
        (b"id\ttext\n1\ta\n", r"separated by '\\t'"),
        (b"id,text\r1,a\r", "carriage returns alone"),
        (b"text,text\n1,a\n", "names 'text' twice"),
        (b"text,,,column_3\n1,a\n", "names 'column_3' twice"),
        (b'id,"text\n1,a\n', "a quotation mark opens a cell of its first row"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff,\n", "PNG"),
    ],
)
def test_what_is_no_table_of_that_kind_is_refused_with_what_was_seen(
    tmp_path: Path, run: Clean, data: bytes, seen: str
) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    done = run(tmp_path / "a.csv")
    assert [record["excluded"]["code"] for record in done.excluded] == ["RD115"]
    assert seen.replace("\\\\", "\\") in done.excluded[0]["excluded"]["message"]


def test_several_columns_without_a_name_are_called_by_their_numbers() -> None:
    data = b"id,,text,\n1,a,b c,\n2,d,e\n"
    row = {"id": "1", "column_2": "a", "text": "b c", "column_4": ""}
    assert rows_of(data, 5000) == [row, {"id": "2", "column_2": "d", "text": "e"}]
    assert rows_of(b",text\n1,a\n", 5000) == [{"": "1", "text": "a"}]


@pytest.mark.parametrize("block", [3, 5000])
def test_a_text_of_one_line_by_the_name_of_a_table_is_told(block: int) -> None:
    for data in (b"The ferry left the pier, and nobody waved.", b"<html><p>Nobody waved.</p></html>\r\n\r\n"):
        assert rows_of(data, block) == ["RD105"]
    for data in (b"", b"id,text\n", b"html", b"text"):
        assert rows_of(data, block) == []
    assert rows_of(b"id,title\na,b\n", block) == ["RD105"]
    assert rows_of(b"id\n" + b"a" * 400, block, max_bytes=300) == ["RD107"]
    assert rows_of(b"id,title\n", block, text="doc.body") == []


def test_broken_rows_cost_themselves_and_are_told_with_their_line(tmp_path: Path, run: Clean) -> None:
    (tmp_path / "a.csv").write_text(f'id,text\na,"{ARTICLE}"\n\nb,two,three\nc\nd,"open\n', encoding="utf-8")
    done = run(tmp_path / "a.csv", ignore=("ND",))
    assert [record["id"] for record in done.kept] == ["a"]
    line = 2 + ARTICLE.count("\n") + 2
    told = [(record["excluded"]["code"], record["excluded"]["message"]) for record in done.excluded]
    assert [code for code, _ in told] == ["RD115", "RD105", "RD115"]
    assert told[0][1].endswith(f"a.csv:{line}: the row has 3 cells, the header 2")
    assert "none closes it" in told[2][1]


def test_a_row_over_the_limit_costs_itself_alone() -> None:
    rows = [b"a,short", b'b,"' + b"x\n" * 400 + b'"', b"c,after", b"d," + b"y" * 900]
    data = b"id,text\n" + b"\n".join(rows)
    for block in (8, 64, 5000):
        found = rows_of(data, block, max_bytes=300)
        assert found == [{"id": "a", "text": "short"}, "RD107", {"id": "c", "text": "after"}, "RD107"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_encodings_are_those_of_texts(tmp_path: Path, run: Clean, encoding: str) -> None:
    text = "Le café de l’été est fermé à midi, et il rouvre dans la soirée d’août.\nÀ bientôt, disait-il."
    content = f'id\ttext\r\n1\t"{text}"\r\n'
    data = b"\xff\xfe" + content.encode("utf-16-le") if encoding.endswith("bom") else content.encode(encoding)
    (tmp_path / "a.tsv").write_bytes(data)
    assert [record["text"] for record in run(tmp_path / "a.tsv").kept] == [text]


def test_a_cut_archive_keeps_the_rows_before(tmp_path: Path, run: Clean) -> None:
    rows = "".join(f'{n},"{n} {ARTICLE}"\n' for n in range(3000))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(f"id,text\n{rows}".encode())[:-5000])
    done = run(tmp_path / "a.csv.gz", ignore=("ND",))
    assert len(done.kept) > 100
    assert [record["excluded"]["code"] for record in done.excluded] == ["RD102"]


@pytest.mark.parametrize("ending", ["csv", "tsv", "csv.gz", "tsv.zst"])
def test_a_corpus_is_written_read_again_and_undone(tmp_path: Path, ending: str) -> None:
    source, out, back = (tmp_path / name for name in ("in.jsonl", f"c.{ending}", f"back.{ending}"))
    texts = [f"{ARTICLE}\n\nShare on Facebook", f'{MOJIBAKE}\tHe said "yes", and "no".\r\nThe end.', "plain"]
    records = [{"id": n, "text": text, "tags": ["a", "b"]} for n, text in enumerate(texts)]
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    for command in (
        ["clean", str(source), "-o", str(out), "--ignore", "ND"],
        ["undo", str(out), "--ledger", str(tmp_path / "c.ledger.jsonl"), "-o", str(back)],
        ["clean", str(back), "-o", str(tmp_path / "same.jsonl"), "--select", "TX"],
    ):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
    same = [json.loads(line) for line in (tmp_path / "same.jsonl").read_text().split("\n") if line]
    assert [record["text"] for record in same] == texts
    assert same[0]["tags"] == '["a","b"]'


def test_workers_share_a_file_and_give_the_same_as_jsonl(tmp_path: Path, run: Clean) -> None:
    records = [{"id": f"d{n}", "text": f'{n} "{ARTICLE}"\n\n{MOJIBAKE} {n}' * 3} for n in range(2500)]
    with (tmp_path / "a.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text"])
        writer.writeheader()
        writer.writerows(records)
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    of_csv = run(tmp_path / "a.csv", workers=2, ignore=("ND",)).kept
    assert of_csv == run(tmp_path / "a.jsonl", ignore=("ND",)).kept


def test_check_finds_mends_and_shows_what_it_would_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = (
        f'\ufeffid,text,n\r\n1,"{ARTICLE}\n{MOJIBAKE} ""Yes.""  \nEnd.",7\r\n2,{MOJIBAKE},8\r\n3,"AT&amp;T, yes",9\r\n'
    )
    Path("a.csv").write_bytes(data.encode())
    select = ["--select", "MJ,WS", "a.csv"]
    found = CliRunner().invoke(main, ["check", *select])
    line = 2 + ARTICLE.count("\n") + 1
    column = MOJIBAKE.index("Ã") + 1
    assert f"a.csv:{line}:{column}: MJ101" in found.output
    shown = CliRunner().invoke(main, ["check", "--diff", "--unsafe-fixes", *select])
    assert "-The cafÃ©" in shown.output
    assert Path("a.csv").read_bytes() == data.encode()
    mended = CliRunner().invoke(main, ["check", "--fix", "--unsafe-fixes", *select])
    assert mended.exit_code == 0, mended.output
    wanted = data.replace("cafÃ©", "café").replace('""Yes.""  \n', '""Yes.""\n').replace("AT&amp;T", "AT&T")
    assert Path("a.csv").read_bytes() == wanted.encode()


def test_a_cell_that_needs_marks_after_a_change_gets_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text('id,text\n1,one &quot;two&quot; 3" three\n')
    CliRunner().invoke(main, ["check", "--fix", "--unsafe-fixes", "--select", "MJ", "a.csv"])
    rows = csv.reader(io.StringIO(Path("a.csv").read_text()))
    assert list(rows) == [["id", "text"], ["1", 'one "two" 3" three']]
