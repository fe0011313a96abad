"""ND103: a text of which most stands in a longer one goes, whichever of the two comes first."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from running import cleaned_with_kills, lines, written
from versions_of_texts import Records, versions, words

import cleaner
from cleaner.cli import main
from cleaner.config import Config
from cleaner.dedup import NearDuplicateIndex, postings, store
from cleaner.dedup.index import IndexMismatchError
from cleaner.dedup.postings import Postings
from cleaner.dedup.sketch import Sketcher
from cleaner.dedup.verify import shared
from cleaner.runner.run import Run

SHARE, THRESHOLD = 0.9, 0.7


def shingles(text: str) -> set[tuple[str, ...]]:
    plain = text.split()
    return {tuple(plain[i : i + 5]) for i in range(max(1, len(plain) - 4))}


def holds(short: set[tuple[str, ...]], long: set[tuple[str, ...]], text: str) -> float:
    """The share of a text that another one holds; 0 where the rule does not ask."""
    return len(short & long) / len(short) if len(long) > len(short) and len(text.split()) >= 30 else 0.0


def check_verdicts(rows: Records, kept: set[str], gone: dict[str, dict[str, Any]]) -> None:
    """Hold verdicts against a comparison of all with all: nothing is missed, nothing false, every share exact."""
    texts = {row["id"]: row["text"] for row in rows}
    sets = {id: shingles(text) for id, text in texts.items()}
    assert kept | gone.keys() == texts.keys()
    assert not kept & gone.keys()
    for id, why in gone.items():
        twin = why["duplicate_of"]
        assert twin in kept
        both = len(sets[id] & sets[twin])
        if why["code"] == "ND103":
            assert why["similarity"] == round(holds(sets[id], sets[twin], texts[id]), 6) >= SHARE
            assert why["method"] == "contained"
        elif why["code"] == "ND102":
            assert why["similarity"] == round(both / len(sets[id] | sets[twin]), 6) >= THRESHOLD
        else:
            assert texts[id].split() == texts[twin].split()
    for id in kept:
        for other in kept - {id}:
            assert holds(sets[id], sets[other], texts[id]) < SHARE, (id, other)
            assert len(sets[id] & sets[other]) / len(sets[id] | sets[other]) < THRESHOLD, (id, other)


def run(folder: Path, rows: Records, **options: Any) -> tuple[set[str], dict[str, dict[str, Any]]]:
    folder.mkdir(exist_ok=True)
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = {"select": ("ND",), "contained": SHARE} | options.pop("config", {})
    Run((str(folder / "in.jsonl"),), str(folder / "c.jsonl"), Config(**config), **options)()
    excluded = {row["id"]: row["excluded"] for row in lines(folder / "c.excluded.jsonl")}
    return {row["id"] for row in lines(folder / "c.jsonl")}, excluded


@pytest.mark.parametrize("keep", ["first", "longest", "rank"])
def test_verdicts_are_those_of_comparing_all_with_all(keep: str, tmp_path: Path) -> None:
    rows = versions(1, 120)
    draw = random.Random(2)
    for row in rows:
        row["rank"] = draw.random()
    kept, gone = run(tmp_path, rows, config={"keep": keep})
    check_verdicts(rows, kept, gone)
    codes = [why["code"] for why in gone.values()]
    assert codes.count("ND103") > 60
    assert codes.count("ND102") > 5


def test_the_longer_stays_whichever_comes_first(tmp_path: Path) -> None:
    article = words(random.Random(3), 300)
    teaser, whole = {"id": "teaser", "text": " ".join(article[:60])}, {"id": "whole", "text": " ".join(article)}
    for number, rows in enumerate(([teaser, whole], [whole, teaser])):
        kept, gone = run(tmp_path / str(number), rows)
        assert kept == {"whole"}
        assert gone["teaser"] == {
            "code": "ND103",
            "name": "contained-text",
            "message": "100.0% of it stands in whole",
            "duplicate_of": "whole",
            "similarity": 1.0,
            "method": "contained",
            "words": 60,
            "duplicate_of_words": 300,
        }


def test_what_is_alike_and_not_contained_goes_in_keep_order_as_before(tmp_path: Path) -> None:
    draw = random.Random(4)
    first = words(draw, 200)
    second = [*first[:180], *words(draw, 40)]  # 0.86 of the first stands in it
    kept, gone = run(tmp_path, [{"id": "a", "text": " ".join(first)}, {"id": "b", "text": " ".join(second)}])
    assert (kept, gone["b"]["code"]) == ({"a"}, "ND102")


def test_a_text_whose_holder_goes_as_a_near_duplicate_is_looked_at_again(tmp_path: Path) -> None:
    draw = random.Random(5)
    first = words(draw, 400)
    end = words(draw, 60)
    second = [*first[:350], *end]  # holds the teaser `end`, and goes for `first`
    rows = [
        {"id": name, "text": " ".join(text)}
        for name, text in (("a", first), ("b", second), ("end", end), ("c", first[:90]))
    ]
    kept, gone = run(tmp_path, rows)
    check_verdicts(rows, kept, gone)
    assert kept == {"a", "end"}
    assert {id: why["code"] for id, why in gone.items()} == {"b": "ND102", "c": "ND103"}


def test_short_texts_and_texts_of_equal_length_stay(tmp_path: Path) -> None:
    article = words(random.Random(6), 100)
    rows = [{"id": "whole", "text": " ".join(article)}, {"id": "29", "text": " ".join(article[:29])}]
    rows += [{"id": "30", "text": " ".join(article[20:50])}]
    kept, gone = run(tmp_path, rows)
    assert (kept, set(gone)) == ({"whole", "29"}, {"30"})


def test_scripts_without_spaces_are_compared_by_characters(tmp_path: Path) -> None:
    draw = random.Random(7)
    article = "".join(chr(draw.randrange(0x4E00, 0x9F00)) for _ in range(300))
    rows = [
        {"id": "teaser", "text": article[100:140]},
        {"id": "whole", "text": article},
        {"id": "s", "text": article[:29]},
    ]
    kept, gone = run(tmp_path, rows)
    assert (kept, gone["teaser"]["code"]) == ({"whole", "s"}, "ND103")


@pytest.mark.parametrize("between", [" ", ""])
def test_a_text_that_repeats_itself_is_as_long_as_it_stands_there(between: str, tmp_path: Path) -> None:
    """25 characters twice over are 50, though they have fewer different shingles than a text of 30."""
    draw = random.Random(12)
    rows = []
    for number in range(40):
        some = words(draw, 120) if between else [chr(draw.randrange(0x4E00, 0x9F00)) for _ in range(120)]
        part = some[30 : 30 + draw.randrange(16, 40)]
        twice = part + part[: draw.randrange(5, len(part) + 1)]
        again = draw.randrange(20)
        some[70 + again : 70 + again + len(twice)] = twice
        rows += [{"id": f"{number}", "text": between.join(twice)}, {"id": f"{number}+", "text": between.join(some)}]
    draw.shuffle(rows)
    kept, gone = run(tmp_path, rows)
    if between:
        check_verdicts(rows, kept, gone)
    short = {row["id"] for row in rows if len(row["text"].split() if between else row["text"]) < 30}
    assert kept == short | {row["id"] for row in rows if row["id"].endswith("+")}
    assert 0 < len(short) < 40


def test_unless_asked_nothing_of_it_is_found(tmp_path: Path) -> None:
    rows = versions(8, 60)
    kept, gone = run(tmp_path / "off", rows, config={"contained": 0.0})
    assert "ND103" not in {why["code"] for why in gone.values()}
    ignored = run(tmp_path / "ignored", rows, config={"ignore": ("ND103",)})
    assert ignored == (kept, gone)


def test_library_linter_and_command_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = versions(9, 60)
    kept, gone = run(tmp_path, rows)
    config = Config(select=("ND",), contained=SHARE)
    results = list(cleaner.clean_corpus(rows, config=config))
    assert {result.id for result in results if result.dropped is None} == kept
    for result in results:
        if result.dropped is not None:
            why = gone[result.id]
            assert (result.dropped.code, result.dropped.duplicate_of) == (why["code"], why["duplicate_of"])
    (tmp_path / "cleaner.toml").write_text(f'select = ["ND"]\ncontained = {SHARE}\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # the second time from the cache
        done = CliRunner().invoke(main, ["check", "in.jsonl", "--output-format", "json"])
        found = {(f"d{d['line'] - 1}", d["code"], d["similarity"]) for d in json.loads(done.stdout)}
        assert found == {(id, why["code"], why["similarity"]) for id, why in gone.items()}


def test_in_an_index_a_later_text_goes_and_an_earlier_one_stays(tmp_path: Path) -> None:
    article = words(random.Random(10), 200)
    whole, teaser = " ".join(article), " ".join(article[50:100])
    for path in (None, tmp_path / "one.index"):
        with NearDuplicateIndex.open(path, contained=SHARE) as index:
            assert index.check_and_add("whole", whole) is None
            assert index.check_and_add("teaser", teaser) == ("whole", 1.0)
            assert index.remove("whole")
            assert index.check_and_add("teaser", teaser) is None
            assert index.check_and_add("whole", whole) is None
            assert len(index) == 2
    with pytest.raises(IndexMismatchError, match=r"was made with contained 0\.9, not 0\.0"):
        NearDuplicateIndex.open(tmp_path / "one.index", contained=0.0)
    with NearDuplicateIndex.open(tmp_path / "one.index") as index:
        assert index.sketcher.contained == SHARE


def test_a_run_against_an_index_leaves_out_what_stands_in_its_texts(tmp_path: Path) -> None:
    rows = versions(11, 60)
    half = len(rows) // 2
    place = str(tmp_path / "corpus.index")
    kept, _ = run(tmp_path / "a", rows[:half], index=place)
    more, gone = run(tmp_path / "b", rows[half:], index=place)
    texts = {row["id"]: row["text"] for row in rows}
    for id, why in gone.items():
        assert why["duplicate_of"] in kept | more
        assert ("index" in why) == (why["duplicate_of"] in kept)
        if why["code"] == "ND103":
            share = holds(shingles(texts[id]), shingles(texts[why["duplicate_of"]]), texts[id])
            assert why["similarity"] == round(share, 6) >= SHARE
    for id in more:
        for other in kept:
            assert holds(shingles(texts[id]), shingles(texts[other]), texts[id]) < SHARE
    with NearDuplicateIndex.open(place) as index:
        assert len(index) == len(kept | more)
    for other in ("built", "merged"):
        command = {
            "built": ["build", str(tmp_path / "a/c.jsonl"), "-o", str(tmp_path / other), "--contained", "0.9"],
            "merged": ["merge", str(tmp_path / other), place],
        }[other]
        assert CliRunner().invoke(main, ["index", *command]).exit_code == 0
        asked = CliRunner().invoke(main, ["index", "query", str(tmp_path / other), str(tmp_path / "b/in.jsonl")])
        assert '"code": "ND103"' in asked.stdout


def test_workers_hash_seeds_and_kills_do_not_change_a_byte(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in versions(12, 400)), encoding="utf-8")
    options = ("--select", "ND", "--contained", "0.9", "--workers")
    assert cleaned_with_kills(tmp_path, "1", "0", (), *options, "1") == 0
    kills = cleaned_with_kills(tmp_path, "2", "1", (0.5, 0.8, 1.1, 1.4, 1.7), *options, "2")
    found = [written(tmp_path, name) for name in ("1", "2")]
    assert found[0] == found[1]
    assert b"ND103" in found[0][1]
    assert kills > 0


@pytest.mark.parametrize("share", [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0])
def test_a_text_shares_an_anchor_with_one_that_holds_it_wherever_its_own_words_stand(share: float) -> None:
    """The worst case: as many words left out as the share allows, one by one, evenly over the text."""
    draw = random.Random(14)
    sketcher = Sketcher(contained=share)
    for size in [*range(30, 90), 120, 200, 333, 500, 1000]:
        whole = words(draw, size + size // 3)
        parts = int((size - 4) * (1 - share) + 1e-9) // 5 + 1
        begin = draw.randrange(size // 3 - 2)
        gone = {begin + round((size + parts - 1) * part / parts) for part in range(1, parts)}
        text = [
            word for place, word in enumerate(whole) if begin <= place < begin + size + parts - 1 and place not in gone
        ]
        short, long = sketcher.batch([" ".join(text), " ".join(whole)])
        held = shared(np.frombuffer(short.shingles, "<u8"), np.frombuffer(long.shingles, "<u8"))
        assert held / (len(text) - 4) >= share
        anchors = [set(np.frombuffer(sketch.anchors, "<u8").tolist()) for sketch in (short, long)]
        assert anchors[0] & anchors[1], (size, parts)


def test_postings_answer_as_a_dictionary_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_FIRST_BITS", 4)
    monkeypatch.setattr(postings, "_BLOCK", 100)
    monkeypatch.setattr(postings, "_CROWD", 8)
    monkeypatch.setattr(postings, "BUCKET_CAP", 100)
    draw = np.random.default_rng(13)
    common = draw.integers(0, 1 << 64, 40, dtype=np.uint64)
    known: dict[int, list[int]] = {}
    found = Postings(tmp_path)
    for number in range(800):
        some = draw.choice(common, 3) if number % 3 else common[:1]
        keys = np.unique(np.concatenate([draw.integers(0, 1 << 64, number % 20, dtype=np.uint64), some]))
        expected = sorted({text for key in keys.tolist() for text in known.get(key, [])[:100]})
        assert found.texts(keys).tolist() == expected
        found.add(number, keys)
        for key in keys.tolist():
            known.setdefault(key, []).append(number)
    assert found.capped == sum(len(members) > 100 for members in known.values()) > 0
    assert store.BUCKET_CAP == 1_000
    found.close()


def test_a_share_that_cannot_be_is_refused() -> None:
    with pytest.raises(cleaner.errors.ConfigError, match=r"contained is a share of a text from 0\.5 to 1"):
        Config(contained=0.3)
