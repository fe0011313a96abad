"""`--html-field` by path: the text of each page takes the place of the page, and is judged and undone there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from running import ARTICLE, Done, lines

import cleaner
from cleaner.cli import main

Clean = Callable[..., Done]

TEXT = " ".join(ARTICLE.split())
BROKEN = "The cafÃ© beside the mill was open in the morning, and its owner told everybody about the flood of that year."


def page(title: str, *paragraphs: str, head: str = "") -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<html><head>{head}<title>{title}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article>{body}</article><footer>All rights reserved</footer></body></html>"
    )


def jsonl(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_the_text_takes_the_place_of_the_page_and_is_undone_there(tmp_path: Path, run: Clean) -> None:
    record = {"id": "a", "response": {"status": 200, "body": page("The mill", TEXT, BROKEN)}, "text": " "}
    done = run(jsonl(tmp_path / "a.jsonl", [record]), html_field="response.body")
    kept = done.kept[0]
    cleaned = BROKEN.replace("Ã©", "é")
    assert kept["response"] == {"status": 200, "body": f"{TEXT}\n{cleaned}"}
    assert (kept["title"], kept["text"], kept["language"]) == ("The mill", " ", "en")
    back = tmp_path / "back.jsonl"
    ledger = str(done.folder / "corpus.ledger.jsonl")
    command = ["undo", str(done.folder / "corpus.jsonl"), "--ledger", ledger, "-o", str(back)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert lines(back)[0]["response"] == {"status": 200, "body": f"{TEXT}\n{BROKEN}"}


def test_what_was_cleaned_is_a_text_at_that_place(tmp_path: Path, run: Clean) -> None:
    record = {"id": "a", "pages": [{"html": page("One", TEXT)}, {"html": None}, {"html": page("Two", BROKEN)}]}
    done = run(jsonl(tmp_path / "a.jsonl", [record]), html_field="pages[].html")
    assert [part["html"] for part in done.kept[0]["pages"]] == [TEXT, None, BROKEN.replace("Ã©", "é")]
    assert done.kept[0]["title"] == "One"
    again = run(jsonl(tmp_path / "b.jsonl", done.kept), text_field="pages[].html")
    assert again.kept == done.kept


def test_a_text_goes_before_a_page_unless_it_is_empty(tmp_path: Path, run: Clean) -> None:
    html = {"body": page("The mill", TEXT)}
    records = [
        {"id": "a", "doc": {"text": BROKEN}, "html": html},
        {"id": "b", "doc": {"text": "  "}, "html": html},
        {"id": "c", "text": BROKEN, "html": html},
    ]
    path = jsonl(tmp_path / "a.jsonl", records)
    done = run(path, text_field="doc.text", html_field="html.body", ignore=("ND",))
    assert [record["html"] == html for record in done.kept] == [True, False, False]
    done = run(path, html_field="html.body", ignore=("ND",))
    assert [record["html"] == html for record in done.kept] == [False, False, True]


def test_a_record_without_a_page_there_or_with_none_that_can_be_read_says_so(tmp_path: Path, run: Clean) -> None:
    records = [{"response": {"body": 7}}, {"response": None}, {"response": {"body": ""}}]
    done = run(jsonl(tmp_path / "a.jsonl", records), html_field="response.body")
    assert [r["excluded"]["code"] for r in done.excluded] == ["RD105", "RD105", "TX101"]
    assert "no field 'text' or page at 'response.body'" in done.excluded[0]["excluded"]["message"]


def test_a_name_that_stands_in_the_record_goes_before_the_path_that_it_could_be(tmp_path: Path, run: Clean) -> None:
    record = {"a.b": page("Mine", TEXT), "a": {"b": "no"}}
    done = run(jsonl(tmp_path / "a.jsonl", [record]), html_field="a.b")
    assert (done.kept[0]["text"], done.kept[0]["a"]) == (TEXT, {"b": "no"})


def test_bytes_in_a_table_are_read_in_the_encoding_that_the_page_says(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    text = f"{TEXT} The café was open."
    html = page("Café", text, head="<meta charset=windows-1252>").encode("windows-1252")
    kind = pa.struct([("body", pa.binary()), ("status", pa.int16())])
    image = {"body": b"\x89PNG\r\n\x1a\n\x00", "status": 200}
    table = pa.table({"response": pa.array([{"body": html, "status": 200}, image], kind)})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    out = tmp_path / "o.parquet"
    command = ["clean", str(tmp_path / "a.parquet"), "-o", str(out), "--html-field", "response.body"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    read = pyarrow.parquet.read_table(out)
    assert read.schema.field("response").type == kind
    row = read.to_pylist()[0]
    assert (row["response"]["body"].decode(), row["encoding"], row["title"]) == (text, "cp1252", "Café")
    why = lines(tmp_path / "o.excluded.jsonl")[0]["excluded"]
    assert (why["code"], why["message"].endswith("response.body: this is a PNG image, not text")) == ("RD103", True)


def test_duplicates_check_explain_and_the_library_see_the_text(tmp_path: Path, run: Clean) -> None:
    records = [{"id": id_, "r": {"body": page(title, TEXT, BROKEN)}} for id_, title in (("a", "One"), ("b", "Two"))]
    path = jsonl(tmp_path / "a.jsonl", records)
    done = run(path, html_field="r.body")
    assert [r["excluded"]["code"] for r in done.excluded] == ["ND101"]
    options = [str(path), "--html-field", "r.body", "--isolated"]
    told = CliRunner().invoke(main, ["explain", *options]).output
    assert "The cafÃ©é beside the mill" in told
    results = list(cleaner.clean_corpus(records, config=cleaner.Config(html_field="r.body")))
    assert results[0].document.parts == {"r.body": done.kept[0]["r"]["body"]}


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"html_field": "a..b"}, "html_field is a name, or paths"),
        ({"html_field": "a.b", "passages": 3}, "passages are taken out of one text"),
        ({"html_field": "a.b", "render": "markdown"}, "render = 'markdown' writes one page"),
    ],
)
def test_what_cannot_be_at_a_path_is_refused(settings: dict[str, Any], why: str) -> None:
    with pytest.raises(cleaner.ConfigError, match=why):
        cleaner.Config(**settings)
