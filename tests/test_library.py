"""The library calls, as a scraper makes them."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from running import ARTICLE, lines

import cleaner
from cleaner.runner.run import Run

PAGE = (
    "<!doctype html><html><head><meta charset=utf-8><title>Boats – Saltmere News</title></head>"
    "<body><article><h1>Boats</h1>"
    + "".join(f"<p>{part}</p>" for part in ARTICLE.split("\n\n"))
    + "</article></body></html>"
)


def test_a_page_is_told_from_a_text() -> None:
    assert cleaner.clean(PAGE).title == "Boats"
    assert cleaner.clean(PAGE.encode()).metadata["encoding"] == "utf-8"
    assert cleaner.clean(ARTICLE).title is None
    assert "<title>" in cleaner.clean(PAGE, html=False).text


def test_a_dropped_result_still_has_its_text() -> None:
    result = cleaner.clean(ARTICLE, config=cleaner.Config(min_words=1000))
    assert result.dropped is not None
    assert result.text == ARTICLE


def test_bytes_that_are_no_text_give_a_dropped_result() -> None:
    result = cleaner.clean(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert result.dropped is not None
    assert (result.dropped.code, result.text) == ("RD103", "")


def test_a_lone_surrogate_is_no_crash() -> None:
    assert cleaner.clean("a\ud800b and some more text").text


def test_clean_corpus_is_lazy_in_order_and_drops_twins() -> None:
    asked = []

    def records() -> object:
        for number in range(3):
            asked.append(number)
            yield {"id": f"r{number}", "text": ARTICLE if number < 2 else "Another text altogether, about a tower."}

    results = cleaner.clean_corpus(records())  # type: ignore[arg-type]
    assert asked == []
    first = next(results)
    assert (first.dropped, asked) == (None, [0])
    second, third = results
    assert second.dropped is not None
    assert (second.dropped.code, second.dropped.duplicate_of, second.dropped.similarity) == ("ND101", "r0", 1.0)
    assert third.dropped is None


def test_clean_corpus_takes_texts_pages_and_bad_records() -> None:
    good, page, bad = cleaner.clean_corpus(["A text.", PAGE, {"id": "x"}])
    assert good.text == "A text."
    assert page.title == "Boats"
    assert bad.dropped is not None
    assert bad.dropped.code == "RD105"


def test_clean_corpus_takes_bytes_and_drops_what_is_no_record() -> None:
    text, page, image, number, nothing = cleaner.clean_corpus(
        ["café noir".encode(), PAGE.encode(), b"\x89PNG\r\n\x1a\n\x00", 5, None]  # type: ignore[list-item]
    )
    assert (text.text, text.metadata["encoding"]) == ("café noir", "utf-8")
    assert (page.title, page.metadata["encoding"]) == ("Boats", "utf-8")
    codes = [result.dropped.code for result in (image, number, nothing) if result.dropped]
    assert codes == ["RD103", "RD106", "RD106"]
    assert (number.id, nothing.id) == ("4", "5")


@pytest.mark.parametrize("one", ["abc", b"abc", {"text": "abc"}])
def test_clean_corpus_refuses_one_text_where_it_wants_several(one: object) -> None:
    with pytest.raises(TypeError, match="in a list, or call clean"):
        cleaner.clean_corpus(one)  # type: ignore[arg-type]


@pytest.mark.parametrize("keep", ["first", "longest", "newest", "score"])
def test_clean_corpus_keeps_which_of_several_alike_the_command_keeps(keep: str, tmp_path: Path) -> None:
    rows = [
        {"id": "first", "date": "2024-01-01", "score": 2, "text": ARTICLE},
        {"id": "empty", "score": 9, "text": " "},
        {"id": "longest", "date": "2023-01-01", "score": 1, "text": ARTICLE + " And that was all there was to tell."},
        {"id": "newest", "date": "2025-01-01", "text": "So: " + ARTICLE},
        {"id": "best", "score": 7, "text": ARTICLE + " The end."},
        {"id": "other", "text": "Quite another story, about a lighthouse."},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = cleaner.Config(keep=keep)
    Run((str(tmp_path / "in.jsonl"),), str(tmp_path / "c.jsonl"), config, workers=1)()
    results = list(cleaner.clean_corpus(rows, config=config))
    assert [result.id for result in results] == [row["id"] for row in rows]
    assert [result.id for result in results if not result.dropped] == [r["id"] for r in lines(tmp_path / "c.jsonl")]
    excluded = {record["id"]: record["excluded"] for record in lines(tmp_path / "c.excluded.jsonl")}
    for result in results:
        if result.dropped:
            told = excluded[result.id]
            assert (result.dropped.code, result.dropped.duplicate_of) == (told["code"], told["duplicate_of"])


def test_select_nd_leaves_every_text_as_it_is() -> None:
    text = "cafÃ©  \n\n\n\nLeave a Comment\n"
    (result,) = cleaner.clean_corpus([text], config=cleaner.Config(select=("ND",)))
    assert (result.text, result.language) == (text, "und")


def test_pipeline_and_result_can_be_sent_to_a_worker() -> None:
    pipeline = pickle.loads(pickle.dumps(cleaner.Config().pipeline()))
    result = pickle.loads(pickle.dumps(pipeline(cleaner.Document("a", ARTICLE))))
    assert result.text == ARTICLE


def test_the_index_keeps_what_matches_nothing() -> None:
    with cleaner.NearDuplicateIndex.open() as index:
        assert index.check_and_add("a", ARTICLE) is None
        match = index.check_and_add("b", ARTICLE + " The end.")
        assert match is not None
        assert match.id == "a"
        assert match.similarity > 0.9


def test_the_host_program_keeps_its_random_state_and_its_langdetect() -> None:
    code = """
import random, langdetect
from langdetect import DetectorFactory
random.seed(7); before = random.getstate()
import cleaner
print(cleaner.clean("Le café ouvre ses portes lundi matin, et la mairie s'en réjouit.").language)
assert random.getstate() == before
assert DetectorFactory.seed is None
assert langdetect.detector_factory._factory is None
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("fr", 0), done.stderr


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'cleen'"):
        cleaner.cleen  # noqa: B018
