"""The verdicts: greedy leader over exactly verified pairs."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner.dedup.leader import GreedyLeader
from cleaner.dedup.sketch import Sketcher
from cleaner.document import Drop

THRESHOLDS = [0.5, 0.7, 0.9]


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def made_up(draw: random.Random, count: int) -> list[str]:
    return ["".join(draw.choice("bdgklmnprst") + draw.choice("aeiou") for _ in range(3)) for _ in range(count)]


def edited(draw: random.Random, plain: list[str], edits: int) -> list[str]:
    changed = list(plain)
    for _ in range(edits):
        changed[draw.randrange(len(changed))] = made_up(draw, 1)[0]
    return changed


def corpus(seed: int, families: int = 40) -> list[str]:
    """Families of texts: an original and copies with one to many words changed, shuffled."""
    draw = random.Random(seed)
    texts = []
    for _ in range(families):
        original = made_up(draw, draw.randrange(30, 200))
        texts += [" ".join(edited(draw, original, draw.choice([0, 1, 2, 4, 8]))) for _ in range(draw.randrange(1, 6))]
    draw.shuffle(texts)
    return texts


def decide(texts: list[str], threshold: float, spool: Path, chunk: int = 50) -> list[Drop | None]:
    sketcher = Sketcher(threshold)
    found = []
    with GreedyLeader(sketcher, spool) as leader:
        for start in range(0, len(texts), chunk):
            for place, sketch in enumerate(sketcher.batch(texts[start : start + chunk]), start):
                found.append(leader.decide(str(place), sketch))
    return found


def runs(text: str) -> set[tuple[str, ...]]:
    plain = text.split()
    return {tuple(plain[i : i + 5]) for i in range(len(plain) - 4)}


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_verdicts_are_those_of_comparing_all_with_all(threshold: float, spool: Path) -> None:
    texts = corpus(1)
    sets = [runs(text) for text in texts]
    kept: list[int] = []
    for place, duplicate in enumerate(decide(texts, threshold, spool)):
        expected = None
        for other in kept:
            similarity = len(sets[place] & sets[other]) / len(sets[place] | sets[other])
            if similarity >= threshold:
                expected = (str(other), similarity)
                break
        if duplicate is None:
            assert expected is None
            kept.append(place)
        else:
            assert (duplicate.duplicate_of, duplicate.similarity) == expected
            assert (duplicate.code == "ND101") == (texts[place] == texts[int(duplicate.duplicate_of)])
            assert duplicate.details["words"] == len(texts[place].split())
            assert duplicate.details["duplicate_of_words"] == len(texts[int(duplicate.duplicate_of)].split())


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_verdicts_do_not_depend_on_the_chunks(chunk: int, spool: Path) -> None:
    texts = corpus(2)
    assert decide(texts, 0.7, spool, chunk) == decide(texts, 0.7, spool, 50)


def test_a_chain_does_not_remove_what_is_unlike_the_kept_text(spool: Path) -> None:
    draw = random.Random(3)
    first = made_up(draw, 100)
    middle = first[:90] + made_up(draw, 10)
    last = middle[20:] + made_up(draw, 20)
    found = decide([" ".join(plain) for plain in (first, middle, last)], 0.6, spool)
    assert found[0] is None
    assert found[1] is not None
    assert found[2] is None


def test_an_exact_copy_is_told_apart_from_a_near_one(spool: Path) -> None:
    draw = random.Random(4)
    plain = made_up(draw, 60)
    near = [*plain[:-1], "other"]
    found = decide([" ".join(plain), " ".join(plain).upper() + "!", " ".join(near), " ".join(near)], 0.7, spool)
    assert found[0] is None
    details = {"method": "exact", "words": 60, "duplicate_of_words": 60}
    assert found[1] == Drop("the same text as 0", "0", 1.0, details, "ND101")
    assert found[2] is not None
    assert found[2].code == "ND102"
    # A copy of a removed text takes its verdict.
    assert found[3] == found[2]


def test_equal_sets_in_another_order_of_words_are_near_and_not_exact(spool: Path) -> None:
    found = decide(["word " * 400, "word " * 300, "word " * 400], 0.7, spool)
    assert [drop and (drop.code, drop.similarity, drop.details["method"], drop.details["words"]) for drop in found] == [
        None,
        ("ND102", 1.0, "near", 300),
        ("ND101", 1.0, "exact", 400),
    ]


def test_short_and_empty_texts_are_compared_as_a_whole(spool: Path) -> None:
    texts = ["", "  ", "...", "…", " ... ", "Read more", "READ MORE!", "Read less", "word", "word word"]
    found = decide(texts, 0.7, spool)
    twins = [duplicate and duplicate.duplicate_of for duplicate in found]
    assert twins == [None, "0", None, None, "2", None, "5", None, None, None]
    assert all(duplicate is None or duplicate.code == "ND101" for duplicate in found)


def test_chinese_and_thai_texts_are_compared_by_characters(spool: Path) -> None:
    chinese = "今日は天気がいいので、島まで船で行きました。昼に魚を食べて、夕方に帰りました。とても楽しい一日でした。"
    thai = "เรือข้ามฟากไปเกาะออกเวลาเก้าโมงเช้าทุกวันยกเว้นวันอาทิตย์และวันหยุดราชการ"
    texts = [chinese, chinese.replace("とても", ""), thai, thai.replace("ทุกวัน", ""), chinese[:20]]
    found = decide(texts, 0.7, spool)
    assert [duplicate and duplicate.duplicate_of for duplicate in found] == [None, "0", None, "2", None]
    assert all(duplicate is None or 0.7 <= duplicate.similarity < 1 for duplicate in found)


def test_replaying_kept_sketches_restores_the_state(spool: Path) -> None:
    texts = corpus(5)
    sketcher = Sketcher()
    sketches = sketcher.batch(texts)
    half = len(texts) // 2
    with GreedyLeader(sketcher, spool) as leader:
        whole = [leader.decide(str(place), sketch) for place, sketch in enumerate(sketches)]
    with GreedyLeader(sketcher, spool) as leader:
        for place in range(half):
            if whole[place] is None:
                leader.add(str(place), sketches[place])
        assert [leader.decide(str(place), sketches[place]) for place in range(half, len(texts))] == whole[half:]


def test_sketcher_and_sketch_travel_between_processes() -> None:
    sketcher = pickle.loads(pickle.dumps(Sketcher(0.8, 3)))
    (sketch,) = sketcher.batch(["one two three four"])
    assert sketcher == Sketcher(0.8, 3)
    assert pickle.loads(pickle.dumps(sketch)) == sketch
