"""The laws, over the samples and over random documents: account, undo, settled, same answer."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.config import Config
from cleaner.corpus.ledger_file import Undoer
from cleaner.document import Document, Edit
from cleaner.runner.run import Run

SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTATIONS = tomllib.loads((SAMPLES / "expectations.toml").read_text(encoding="utf-8"))

PIPELINE = Config().pipeline()

LINES = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=80),
    st.sampled_from(
        [
            "",
            "Share on Facebook",
            "Facebook",
            "Twitter",
            "Leave a Comment",
            "Home » Monde » Le titre de la page",
            "Le titre de la page",
            "This website uses cookies to improve your experience.",
            "Related Articles",
            "par",
            "cafÃ© &amp; thÃ©",
            "trailing   ",
            "Die Fähre fuhr erst am Mittag wieder hinaus, sagte der Hafenmeister am Montag.",
            "The harbour was quiet on Monday, and the ferries stayed at their piers until noon.",
        ]
    ),
)
TEXTS = st.lists(LINES, max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\r\n"]).map(lambda end: end.join(lines))
)


@given(text=TEXTS, title=st.none() | LINES)
@settings(max_examples=300, deadline=None)
def test_undo_and_settled_hold_for_random_documents(text: str, title: str | None) -> None:
    first = PIPELINE(Document("a", text, title=title))
    assert cleaner.ledger.undo(first.text, first.steps) == text
    again = PIPELINE(Document("a", first.text, title=title))
    assert [step for step in again.steps if any(isinstance(f, Edit) for f in step.findings)] == []
    assert again.text == first.text
    if first.dropped is None:
        assert again.dropped is None


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    Run((str(SAMPLES),), str(folder / "corpus.jsonl"))()
    return folder


def records(path: Path) -> dict[str, dict[str, object]]:
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return {str(r["id"]).removeprefix(f"{SAMPLES}/"): r for r in found}


def test_samples_come_out_as_the_golden_file_says(demo: Path) -> None:
    golden = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
    kept, excluded = records(demo / "corpus.jsonl"), records(demo / "corpus.excluded.jsonl")
    assert {id_: r["text"] for id_, r in kept.items()} == golden["kept"]
    assert {id_: r["excluded"]["code"] for id_, r in excluded.items()} == golden["excluded"]  # type: ignore[index]


@pytest.mark.parametrize("name", sorted(EXPECTATIONS))
def test_a_sample_loses_what_must_go_and_keeps_what_must_stay(demo: Path, name: str) -> None:
    want = EXPECTATIONS[name]
    id_ = name.rpartition("#")[2] if "#" in name else name
    kept, excluded = records(demo / "corpus.jsonl"), records(demo / "corpus.excluded.jsonl")
    if want["excluded"]:
        assert str(excluded[id_]["excluded"]["code"]).startswith(want["excluded"])  # type: ignore[index]
        return
    record = kept[id_]
    lines = [" ".join(line.split()) for line in str(record["text"]).split("\n")]
    assert [line for line in want.get("gone", []) if line in lines] == []
    assert [line for line in want.get("stays", []) if line not in lines and line != record.get("title")] == []
    assert [line for line in want.get("once", []) if lines.count(line) != 1] == []
    assert record["language"] == want["language"]


def test_every_sample_is_undone_to_what_came_in(demo: Path) -> None:
    undo = Undoer(demo / "corpus.ledger.jsonl")
    count = 0
    for id_, record in records(demo / "corpus.jsonl").items():
        undone = undo(record)["text"]
        if id_.endswith((".txt", ".md")):
            data = (SAMPLES / id_).read_bytes()
            assert undone == data.decode(str(record["encoding"])), id_
            count += 1
    assert count >= 20


def test_cleaning_the_corpus_again_finds_nothing(demo: Path) -> None:
    out = demo / "again" / "corpus.jsonl"
    summary = Run((str(demo / "corpus.jsonl"),), str(out))()
    assert summary.excluded == summary.unreadable == 0
    assert dict(summary.edits) == {}
    assert [r["text"] for r in records(out).values()] == [r["text"] for r in records(demo / "corpus.jsonl").values()]


def test_library_and_command_give_the_same_answer(demo: Path) -> None:
    for id_, record in records(demo / "corpus.jsonl").items():
        path = SAMPLES / id_
        if path.suffix in (".html", ".txt", ".md"):
            result = cleaner.clean(path.read_bytes(), html=path.suffix == ".html")
            assert (result.text, result.title) == (record["text"], record.get("title")), id_
            assert result.language == record["language"]


def test_the_ledger_says_of_every_record_that_could_be_read_what_became_of_it(demo: Path) -> None:
    ledger, kept = records(demo / "corpus.ledger.jsonl"), records(demo / "corpus.jsonl")
    excluded = records(demo / "corpus.excluded.jsonl")
    reasons = {id_: record["excluded"] for id_, record in excluded.items()}
    unreadable = {id_ for id_, reason in reasons.items() if reason["code"].startswith("RD")}  # type: ignore[index]
    assert set(ledger) == set(kept) | (set(excluded) - unreadable)
    assert {str(reasons[id_]["code"])[:2] for id_ in set(ledger) & set(reasons)} >= {"ND", "TX"}  # type: ignore[index]
    for id_, line in ledger.items():
        drops = [(step["code"], step["drop"]) for step in line["steps"] if "drop" in step]  # type: ignore[attr-defined]
        if id_ in kept:
            assert drops == []
            continue
        reason = reasons[id_]
        told = {key: reason[key] for key in ("message", "duplicate_of", "similarity") if reason[key] is not None}  # type: ignore[index]
        assert drops == [(reason["code"], told)]  # type: ignore[index]
        assert line["steps"][-1]["code"] == reason["code"]  # type: ignore[index]


def test_an_excluded_record_of_the_same_id_and_text_does_not_stand_in_the_way_of_undo(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "c.jsonl"
    texts = ["The ferry left at nine.\n\nShare on Facebook", "The ferry left at nine."]
    source.write_text("".join(json.dumps({"id": "a", "text": text}) + "\n" for text in texts))
    summary = Run((str(source),), str(out))()
    assert (summary.kept, summary.reasons["ND101"]) == (1, 1)
    (record,) = [json.loads(line) for line in out.read_text().splitlines()]
    assert Undoer(tmp_path / "c.ledger.jsonl")(record)["text"] == texts[0]
