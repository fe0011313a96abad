"""`cleaner index`: build, query, info and merge."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cleaner.cli import main
from cleaner.dedup import Match, NearDuplicateIndex

PLAIN = [f"word{number}" for number in range(60)]
ALIKE = {"a": " ".join(PLAIN), "b": " ".join(PLAIN[:-1])}  # 55 of 56 shingles
OTHER = {"c": "Share on Facebook\n\nThe price of bread in the town has gone up again, says the baker."}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, texts: dict[str, str]) -> str:
    rows = [json.dumps({"id": id, "text": text}) + "\n" for id, text in texts.items()]
    Path(name).write_text("".join(rows), encoding="utf-8")
    return name


def index(*arguments: str, exit_code: int = 0, **options: Any) -> Result:
    one = ["--workers", "1"] if arguments[0] in ("build", "query") else []
    result = CliRunner().invoke(main, ["index", *arguments, *one], catch_exceptions=False, **options)
    assert result.exit_code == exit_code, result.stderr
    return result


def texts_of(path: str) -> int:
    texts = json.loads(index("info", path).stdout)["texts"]
    assert isinstance(texts, int)
    return texts


def test_a_corpus_is_built_into_an_index_and_asked_about(folder: Path) -> None:
    write("corpus.jsonl", ALIKE | OTHER)
    told = index("build", "corpus.jsonl", "-o", "corpus.index").stderr
    assert told == "2 of 3 texts added to corpus.index; 1 are like another\n"
    found = index("query", "corpus.index", write("new.jsonl", {"x": ALIKE["b"], "y": "Nothing like it.", **OTHER}))
    assert [json.loads(line) for line in found.stdout.splitlines()] == [
        {"id": "x", "duplicate_of": "a", "similarity": round(55 / 56, 6), "code": "ND102"},
        {"id": "c", "duplicate_of": "c", "similarity": 1.0, "code": "ND101"},
    ]
    assert found.stderr == "2 of 3 texts are like one of the 2 in corpus.index\n"
    assert texts_of("corpus.index") == 2


def test_texts_are_taken_as_they_are(folder: Path) -> None:
    Path("cleaner.toml").write_text('min_words = 1000\nselect = ["BP"]\n', encoding="utf-8")
    index("build", write("corpus.jsonl", OTHER), "-o", "corpus.index")
    with NearDuplicateIndex.open("corpus.index") as opened:
        assert opened.query(OTHER["c"]) == Match("c", 1.0)


def test_building_again_adds_nothing(folder: Path) -> None:
    write("corpus.jsonl", ALIKE | OTHER)
    index("build", "corpus.jsonl", "-o", "corpus.index")
    assert "0 of 3 texts added" in index("build", "corpus.jsonl", "-o", "corpus.index").stderr
    assert texts_of("corpus.index") == 2


def test_an_index_keeps_the_threshold_that_it_was_built_with(folder: Path) -> None:
    index("build", write("a.jsonl", OTHER), "-o", "corpus.index", "--threshold", "0.99", "--ngram", "3")
    index("build", write("b.jsonl", ALIKE), "-o", "corpus.index")
    assert texts_of("corpus.index") == 3
    settings = json.loads(index("info", "corpus.index").stdout)["settings"]
    assert (settings["threshold"], settings["ngram"]) == ("0.99", "3")
    told = index("build", "b.jsonl", "-o", "corpus.index", "--threshold", "0.7", exit_code=2).stderr
    assert "ask for threshold 0.99, or build another index" in told


def test_a_question_may_come_through_a_pipe(folder: Path) -> None:
    index("build", write("corpus.jsonl", ALIKE), "-o", "corpus.index")
    found = index("query", "corpus.index", "-", input=ALIKE["a"])
    assert json.loads(found.stdout) == {"id": "-", "duplicate_of": "a", "similarity": 1.0, "code": "ND101"}


def test_what_cannot_be_read_is_told_and_costs_nothing_else(folder: Path) -> None:
    write("corpus.jsonl", ALIKE)
    with Path("corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write("{no JSON\n")
    told = index("build", "corpus.jsonl", "-o", "corpus.index").stderr
    assert told == "1 of 3 texts added to corpus.index; 1 are like another, 1 could not be read\n"
    found = index("query", "corpus.index", "corpus.jsonl")
    assert len(found.stdout.splitlines()) == 2
    assert found.stderr.startswith("RD104 corpus.jsonl:3: ")


def test_merged_indexes_hold_what_one_index_of_all_holds(folder: Path) -> None:
    draw = random.Random(1)
    families = [[f"w{draw.getrandbits(30)}" for _ in range(50)] for _ in range(20)]
    texts = {str(n): " ".join(draw.choice(families)[: draw.randrange(40, 51)]) for n in range(100)}
    ids = list(texts)
    for name, part in (("left", ids[:50]), ("right", ids[50:])):
        index("build", write(f"{name}.jsonl", {id: texts[id] for id in part}), "-o", f"{name}.index")
    index("build", write("all.jsonl", texts), "-o", "all.index")
    index("merge", "merged.index", "left.index", "right.index")
    assert len(ids) > texts_of("merged.index") > texts_of("left.index")
    asked = [index("query", path, "all.jsonl").stdout for path in ("merged.index", "all.index")]
    assert asked[0] == asked[1]
    assert "0 of" in index("merge", "merged.index", "right.index").stderr


def test_indexes_that_compare_otherwise_are_not_merged(folder: Path) -> None:
    index("build", write("a.jsonl", OTHER), "-o", "a.index", "--threshold", "0.9")
    index("build", write("b.jsonl", ALIKE), "-o", "b.index")
    told = index("merge", "b.index", "a.index", exit_code=2).stderr
    assert "only indexes that compare texts in the same way can be merged" in told
    assert texts_of("b.index") == 1


def test_what_is_not_there_is_one_sentence_and_makes_no_index(folder: Path) -> None:
    for arguments in (("query", "no.index", "-"), ("info", "no.index"), ("merge", "new.index", "no.index")):
        assert index(*arguments, exit_code=2).stderr == "cleaner: no.index: there is no such index\n"
    told = index("build", "no.jsonl", "-o", "new.index", exit_code=2).stderr
    assert told == "cleaner: no.jsonl: no such file or folder\n"
    assert list(folder.iterdir()) == []
