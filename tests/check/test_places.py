"""Line and column of a finding are those that an editor shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checking import MOJIBAKE, STORY, found, places

from cleaner.config import Config


@pytest.mark.parametrize(
    ("before", "column"),
    [
        ("", 4),
        ("\t", 5),  # a tab is one character
        ("e\u0301te\u0301 ", 10),  # so is a combining accent
        ("\U0001f389 ", 6),  # and an emoji, though it is two units of UTF-16
        ("\U0001f469\u200d\U0001f4bb ", 8),  # one that is joined of several is as many
        ("漢字", 6),  # wide characters are one each
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_columns_count_characters(tmp_path: Path, before: str, column: int, line_end: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(f"{STORY}\n{before}{MOJIBAKE} opens\n".replace("\n", line_end).encode())
    (diagnostic,) = found(file)
    assert places([diagnostic]) == [f"5:{column} MJ101"]
    assert (diagnostic.end_line, diagnostic.end_column) == (5, column + 2)
    line = file.read_bytes().decode().split(line_end)[4]
    assert line[diagnostic.column - 1 : diagnostic.end_column - 1] == diagnostic.old == "\u00c3\u00a9"


def test_a_byte_order_mark_takes_no_column(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xef\xbb\xbf" + f"{MOJIBAKE} opens\n\n{STORY}".encode())
    assert places(found(file)) == ["1:4 MJ101"]


def test_a_last_line_is_found_where_it_stands_with_and_without_a_final_line_end(tmp_path: Path) -> None:
    for ending in ("", "\n", "\n\n"):
        file = tmp_path / "a.txt"
        file.write_text(f"{STORY}\n\n\nLeave a Comment{ending}")
        assert "7:1 BP103" in places(found(file)), repr(ending)


def test_several_last_lines_are_found_where_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"{STORY}\nShare on Facebook\n\nLeave a Comment")
    assert [d.line for d in found(file) if d.code.startswith("BP")] == [5, 7]


def test_a_record_is_found_by_its_line_and_by_the_place_inside_its_text(tmp_path: Path) -> None:
    text = f"{STORY}\n{MOJIBAKE} \U0001f389\n\nLeave a Comment"
    for ascii_only in (True, False):
        file = tmp_path / "a.jsonl"
        record = json.dumps({"n": {"text": "x"}, "text": text, "z": 'a\\"'}, ensure_ascii=ascii_only)
        file.write_text("\n" + json.dumps({"text": STORY}) + "\n" + record + "\n", encoding="utf-8", newline="\n")
        letters, cruft = found(file)
        assert (letters.line, letters.inside, letters.code) == (3, (5, 4), "MJ101")
        assert (cruft.line, cruft.inside, cruft.code) == (3, (7, 1), "BP103")
        assert record[letters.column - 1 :].startswith(r"\u00c3\u00a9" if ascii_only else "\u00c3\u00a9")
        assert record[cruft.column - 1 :].startswith("Leave a Comment")


def test_a_finding_in_a_page_stands_where_its_line_stands_in_the_source(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    paragraphs = "\n".join(f"  <p>{line}</p>" for line in STORY.split("\n") if line)
    page = (
        "<html><head><title>Birds &amp; lights</title></head>\n<body><article>\n<h1>Birds &amp; lights</h1>\n"
        f"{paragraphs}\n  <p>The {MOJIBAKE} at the pier, where they met, was open until the last boat came in.</p>\n"
        "  <p>Tags: birds, lights</p>\n</article></body></html>\n"
    )
    for line_end in ("\n", "\r\n"):
        file.write_bytes(page.replace("\n", line_end).encode())
        assert [p for p in places(found(file)) if not p.endswith("HL102")] == ["6:13 MJ101", "7:6 BP116"]


def test_a_finding_that_cannot_be_found_in_the_page_stands_at_its_beginning(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    paragraphs = "".join(f"<p>{line}</p>" for line in STORY.split("\n") if line)
    cruft = "<p>Leave <em>a</em> <b>Com</b>ment</p>"
    file.write_text(f"<html><body>\n<article>{paragraphs}{cruft}</article></body></html>")
    # The learned extractor leaves the line out by itself.
    assert places(found(file, config=Config(ignore=("ND",), extractor="trafilatura"))) == ["1:1 BP103"]


def test_a_row_of_parquet_is_found_by_its_number(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed (it is in the test extra)")
    import pyarrow.parquet

    pyarrow.parquet.write_table(pa.table({"text": [STORY, f"{STORY}\nLeave a Comment"]}), tmp_path / "a.parquet")
    (diagnostic,) = found(tmp_path / "a.parquet")
    assert (diagnostic.line, diagnostic.inside, diagnostic.code) == (2, (5, 1), "BP103")
