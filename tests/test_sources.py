"""What a program may give to `cleaner.clean()` and `clean_corpus()`, and what comes back shows itself."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cleaner

FERRY = "The ferry crossed the lake at dawn with forty people on board, and came back at noon."
PAGE = f"""<html><head><title>Ferry</title><link rel="canonical" href="https://x.test/own"></head><body><article>
<h1>Ferry</h1><p>{FERRY}</p><p>It stayed at its pier until noon, and nobody was on board.</p><p>Leave a Comment</p>
</article></body></html>"""
RECORDS = [{"id": "a", "text": FERRY}, {"id": "b", "text": None}, {"id": "c", "text": FERRY}]


def test_a_file_is_read_as_its_ending_says(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(PAGE, encoding="utf-8")
    assert cleaner.clean(page).text == cleaner.clean(PAGE).text
    text = tmp_path / "a.md"
    text.write_text("A break  \nof the line.\n", encoding="utf-8")
    assert cleaner.clean(text).text == "A break  \nof the line.\n"
    records = tmp_path / "a.jsonl"
    records.write_text("{}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.jsonl holds records, not one text: `cleaner clean"):
        cleaner.clean(records)
    with pytest.raises(FileNotFoundError):
        cleaner.clean(tmp_path / "nowhere.html")


def test_a_tree_of_lxml_and_an_element_of_it_are_pages() -> None:
    from lxml import etree, html

    tree = html.fromstring(PAGE)
    assert cleaner.clean(tree).text == cleaner.clean(PAGE).text
    assert cleaner.clean(etree.ElementTree(tree)).text == cleaner.clean(PAGE).text
    assert FERRY in cleaner.clean(tree.find(".//article")).text


def responses(body: bytes, content_type: str) -> list[Any]:
    """Make the same response as httpx, requests and Scrapy have it, as far as they are installed."""
    found = []
    try:
        import httpx

        request = httpx.Request("GET", "https://x.test/a")
        found.append(httpx.Response(200, content=body, headers={"Content-Type": content_type}, request=request))
    except ImportError:
        pass
    try:
        import requests

        response = requests.Response()
        response._content, response.url = body, "https://x.test/a"
        response.headers["Content-Type"] = content_type
        found.append(response)
    except ImportError:
        pass
    try:
        from scrapy.http import Response

        found.append(Response("https://x.test/a", body=body, headers={"Content-Type": content_type}))
    except ImportError:
        pass
    if not found:
        pytest.skip("no HTTP client is installed")
    return found


def test_a_response_is_a_page_or_a_text_or_neither_as_its_header_says() -> None:
    for response in responses(PAGE.encode("utf-16"), "text/html; charset=utf-16"):
        result = cleaner.clean(response)
        assert (result.text, result.url) == (cleaner.clean(PAGE).text, "https://x.test/a")
    for response in responses(b"caf\xe9 noir", "text/plain; charset=iso-8859-1"):
        assert cleaner.clean(response).text == "café noir"
    for response in responses(b"A break  \nof the line.", "text/markdown"):
        assert cleaner.clean(response).text == "A break  \nof the line."
    for response in responses(b'{"text": "words"}', "application/json"):
        dropped = cleaner.clean(response).dropped
        assert dropped is not None
        assert (dropped.code, dropped.message) == ("RD103", "a response of application/json is no page and no text")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (None, "not NoneType: there is nothing to clean"),
        ({"text": "a"}, "not dict: a record is for clean_corpus([record])"),
        (["a"], "not list: several texts are for clean_corpus(texts)"),
        (5, "not int"),
    ],
)
def test_what_is_no_source_is_refused_with_what_is_meant(given: Any, meant: str) -> None:
    with pytest.raises(TypeError) as caught:
        cleaner.clean(given)
    assert (
        str(caught.value) == f"clean() takes a page or a text (str, bytes, a Path, an lxml tree, a response), {meant}"
    )


def verdicts(table: Any) -> list[tuple[str, str | None]]:
    return [(result.id, result.dropped and result.dropped.code) for result in cleaner.clean_corpus(table)]


def test_tables_are_taken_row_by_row() -> None:
    wanted = verdicts(RECORDS)
    assert wanted == [("a", None), ("b", "RD105"), ("c", "ND101")]
    pandas, arrow = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    frame, table = pandas.DataFrame(RECORDS), arrow.Table.from_pylist(RECORDS)
    assert verdicts(frame) == wanted
    assert verdicts(table) == wanted
    assert verdicts(table.to_batches()[0]) == wanted
    assert verdicts(table.to_reader()) == wanted
    assert verdicts(frame["text"].dropna()) == [("1", None), ("2", "ND101")]
    with pytest.raises(TypeError, match=r"its rows are for clean_corpus\(frame\)"):
        cleaner.clean(frame)


def test_rows_of_polars_are_taken() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(RECORDS)
    assert verdicts(frame) == verdicts(RECORDS)
    with pytest.raises(TypeError, match=r"collect\(\) the LazyFrame first"):
        cleaner.clean_corpus(frame.lazy())


def test_rows_of_datasets_are_taken() -> None:
    datasets = pytest.importorskip("datasets")
    data = datasets.Dataset.from_list(RECORDS)
    assert verdicts(data) == verdicts(RECORDS)
    with pytest.raises(TypeError, match="give one split"):
        cleaner.clean_corpus(datasets.DatasetDict(train=data))


def test_languages_min_words_and_render_go_before_the_configuration() -> None:
    config = cleaner.Config(languages=("de",), min_words=3)
    dropped = cleaner.clean(FERRY, config=config).dropped
    assert dropped is not None
    assert dropped.code == "LG102"
    assert cleaner.clean(FERRY, config=config, languages=["en"]).dropped is None
    assert cleaner.clean("Two words", config=config, languages=[], min_words=0).dropped is None
    page = PAGE.replace("at dawn", "<em>at dawn</em>")
    assert "*at dawn*" in cleaner.clean(page, render="markdown", config=cleaner.Config(render="plain")).text
    with pytest.raises(TypeError, match=r"languages is a list of codes, \['en'\]"):
        cleaner.clean(FERRY, languages="en")


def test_a_result_shows_itself(capsys: pytest.CaptureFixture[str]) -> None:
    result = cleaner.clean(PAGE, url="https://x.test/a")
    assert isinstance(result, cleaner.Result)
    assert repr(result).startswith("<Result 'The ferry crossed the lake at dawn with…', ")
    assert repr(result).endswith(" characters, en, kept>")
    assert json.loads(json.dumps(result.to_dict())) == result.to_dict()
    assert result.to_dict().keys() == {"url", "title", "text", "sitename", "language", "language_score"}
    dropped = cleaner.clean("")
    assert repr(dropped) == "<Result '', 0 characters, und, dropped: TX101 no text is left>"
    assert dropped.to_dict()["excluded"]["code"] == "TX101"
    with_cruft = cleaner.clean("The ferry crossed the lake at dawn with nine people on board.\n\nLeave a Comment")
    with_cruft.explain()
    assert "BP103 comment-form" in capsys.readouterr().out
    shown = with_cruft._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "Leave a Comment" in shown
    assert "<script" not in shown
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.names = {}  # type: ignore[misc]


def test_the_public_names_are_what_tab_completion_shows() -> None:
    assert {"clean", "clean_corpus", "Result", "NearDuplicateIndex"} <= set(dir(cleaner))
    assert set(dir(cleaner)) == {*cleaner.__all__, "__version__"}


def test_pyright_knows_the_types_of_the_public_names() -> None:
    pytest.importorskip("pyright")
    command = [sys.executable, "-m", "pyright", "--verifytypes", "cleaner", "--ignoreexternal", "--outputjson"]
    # It asks the first Python of the path where packages are, not the one that it runs in.
    first = {"PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}
    done = subprocess.run(command, env=os.environ | first, capture_output=True, text=True, check=False)
    if not done.stdout.startswith("{"):
        pytest.skip("pyright needs node, which is not here")
    assert json.loads(done.stdout)["typeCompleteness"]["completenessScore"] >= 0.95


def test_the_safety_of_an_edit_is_what_check_says(tmp_path: Path) -> None:
    from cleaner.check.linter import check

    text = f"Caf\u00c3\u00a9 news  \n\n{FERRY}\n\nLeave a Comment\n"
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    told = {d.code: d.fix for d in check([str(path)], cleaner.Config()).diagnostics}
    said = {step.code: edit.safe for step in cleaner.clean(text).steps for edit in step.edits}
    assert told
    assert {code: "safe" if said[code] else "unsafe" for code in told} == told
