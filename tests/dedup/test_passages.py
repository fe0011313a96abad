"""ND104: a paragraph that several kept texts have goes from all but the first."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from planted_passages import VOCABULARY, sentence
from running import cleaned_with_kills, lines, written

import cleaner
from cleaner.account.summary import Summary
from cleaner.cli import main
from cleaner.config import Config
from cleaner.dedup import runs
from cleaner.dedup.lines import blocks
from cleaner.dedup.lines import lines as lines_of
from cleaner.dedup.passages import Passages, cut
from cleaner.dedup.runs import SortedRuns
from cleaner.runner import passages
from cleaner.runner.files import Files
from cleaner.runner.run import Run

Records = list[dict[str, Any]]


def planted(seed: int, texts: int, count: int) -> Records:
    """Texts of paragraphs of their own, with passages of one to four lines in two to nine of them."""
    draw = random.Random(seed)
    parts = [[sentence(draw, draw.randrange(3, 60)) for _ in range(draw.randrange(4, 14))] for _ in range(texts)]
    for _ in range(count):
        passage = [sentence(draw, draw.choice([5, 12, 25, 40])) for _ in range(draw.randrange(1, 5))]
        for number in draw.sample(range(texts), draw.randrange(2, 10)):
            place = draw.randrange(len(parts[number]) + 1)
            parts[number][place:place] = [line.upper() if draw.random() < 0.2 else line for line in passage]
    return [{"id": f"d{n}", "text": draw.choice(["\n", "\n\n"]).join(part)} for n, part in enumerate(parts)]


def run(folder: Path, rows: Records, out: str = "c.jsonl", **options: Any) -> tuple[dict[str, str], Summary]:
    folder.mkdir(exist_ok=True)
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = {"select": ("ND",), "passages": 3} | options.pop("config", {})
    summary = Run((str(folder / "in.jsonl"),), str(folder / out), Config(**config), **options)()
    texts = {row["id"]: row["text"] for row in lines(folder / out)} if out.endswith(".jsonl") else {}
    return texts, summary


def plain(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_what_goes_is_what_a_comparison_of_all_lines_finds(tmp_path: Path) -> None:
    rows = planted(1, 400, 60)
    found, summary = run(tmp_path, rows)
    every = {row["id"]: [line for line in row["text"].split("\n") if line] for row in rows}
    numbers = {id: number for number, id in enumerate(every)}
    # Every run of lines of 20 words or more, by brute force, and the texts that have it.
    having: dict[tuple[str, ...], dict[str, tuple[int, int]]] = defaultdict(dict)
    for id, own in every.items():
        for start in range(len(own)):
            for end in range(start + 1, len(own) + 1):
                key = tuple(plain(" ".join(own[start:end])))
                inner = [len(plain(" ".join(own[a:b]))) for a, b in ((start + 1, end), (start, end - 1))]
                if len(key) >= 20 > min(inner):  # a longer run is made of these
                    having[key].setdefault(id, (start, end))
    shared = {key: texts for key, texts in having.items() if len(texts) >= 3}
    firsts = {key: min(texts, key=numbers.__getitem__) for key, texts in shared.items()}
    stays: dict[str, set[int]] = defaultdict(set)
    goes: dict[str, set[int]] = defaultdict(set)
    for key, texts in shared.items():
        for id, (start, end) in texts.items():
            (stays if id == firsts[key] else goes)[id].update(range(start, end))
    whole = small = 0
    for id, own in every.items():
        gone = goes[id] - stays[id]
        if 2 * sum(len(own[n]) for n in gone) > sum(map(len, own)):
            whole += 1
            gone = set()
        for n in sorted(gone):  # what is left of a passage that overlaps one which stays may be too short
            run_ = {n}
            for step in (-1, 1):
                near = n + step
                while near in gone:
                    run_.add(near)
                    near += step
            if sum(len(plain(own[m])) for m in run_) < 20:
                gone -= run_
                small += 1
        expected = [line for n, line in enumerate(own) if n not in gone]
        assert [line for line in found[id].split("\n") if line] == expected, id
    assert summary.whole == ({"over half": whole} if whole else {})
    assert summary.edits["ND104"] > 100
    assert small < 5
    check_ledger(tmp_path, rows, found)


def check_ledger(folder: Path, rows: Records, found: dict[str, str]) -> None:
    """What went stands whole in the text that the edit names, at the line that it names; undo gives every text back."""
    before = {row["id"]: row["text"] for row in rows}
    for line in lines(folder / "c.ledger.jsonl"):
        for step in line["steps"]:
            for _, old, new, message in step.get("edits", ()) if step["code"] == "ND104" else ():
                assert new == ""
                for twin, number in re.findall(r"(?:first in|and) (\S+), line (\d+)", message):
                    assert line["id"] != twin
                    assert plain(before[twin].split("\n")[int(number) - 1])
                if " and " not in message:
                    assert " ".join(plain(old)) in " ".join(plain(found[twin]))
                    assert " ".join(plain(old)).startswith(" ".join(plain(before[twin].split("\n")[int(number) - 1])))
    undone = folder / "undone.jsonl"
    command = ["undo", str(folder / "c.jsonl"), "--ledger", str(folder / "c.ledger.jsonl"), "-o", str(undone)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert {row["id"]: row["text"] for row in lines(undone)} == {id: before[id] for id in found}


DISCLAIMER = (
    "What is written here is what its author alone thinks of it, and nothing in this text is advice to buy or to sell "
    "any paper of any kind."
)
LIFE = (
    "Mira Oduya\nwrites on harbours and ferries\nfor this paper since 2004\n"
    "and has published two books on the islands there."
)


def articles(count: int, passage: str, seed: int = 2) -> list[str]:
    draw = random.Random(seed)
    return ["\n\n".join([*(sentence(draw, 40) for _ in range(4)), passage]) for _ in range(count)]


def of(texts: list[str]) -> Records:
    return [{"id": f"d{number}", "text": text} for number, text in enumerate(texts)]


def test_a_paragraph_goes_from_all_but_the_first_of_three(tmp_path: Path) -> None:
    texts = articles(3, DISCLAIMER)
    found, summary = run(tmp_path, of(texts))
    assert found == {"d0": texts[0], **{f"d{n}": texts[n].removesuffix("\n\n" + DISCLAIMER) for n in (1, 2)}}
    assert summary.edits == {"ND104": 2}
    (step,) = lines(tmp_path / "c.ledger.jsonl")[1]["steps"]
    assert step["code"] == "ND104"
    assert step["edits"][0][3] == "stands in 3 texts, first in d0, line 9"
    found, summary = run(tmp_path, of(texts[:2]))
    assert list(found.values()) == texts[:2]


def test_a_run_of_short_lines_is_a_passage_and_a_paragraph_may_be_broken_otherwise(tmp_path: Path) -> None:
    texts = articles(4, LIFE)
    texts[2] = texts[2].replace(LIFE, LIFE.replace("\n", " "))
    texts[3] = texts[3].replace("harbours", "harbors")
    found, _ = run(tmp_path, of(texts), config={"passages": 2})
    assert [text.count("ferries") for text in found.values()] == [1, 0, 0, 1]


def test_scripts_without_spaces_are_counted_by_characters(tmp_path: Path) -> None:
    draw = random.Random(3)
    own = ["".join(chr(draw.randrange(0x4E00, 0x9F00)) for _ in range(120)) for _ in range(3)]
    long, short = "".join(map(chr, range(0x4E00, 0x4E19))), "".join(map(chr, range(0x5E00, 0x5E18)))
    assert (len(long), len(short)) == (25, 24)
    found, _ = run(tmp_path, of([f"{long}\n{text}\n{short}" for text in own]))
    assert [(long in text, short in text) for text in found.values()] == [(True, True), (False, True), (False, True)]


def test_quotations_and_lines_that_a_sentence_goes_over_stay(tmp_path: Path) -> None:
    draw = random.Random(4)
    quote = sentence(draw, 30).lower()
    inside = [f"{sentence(draw, 20)} {quote} {sentence(draw, 20)}" for _ in range(3)]
    wrapped = []
    middle = [" ".join(draw.choices(VOCABULARY, k=11)) for _ in range(3)]  # whole lines of a broken paragraph
    for _ in range(3):
        before = "A " + " ".join(draw.choices(VOCABULARY, k=12))
        after = " ".join(draw.choices(VOCABULARY, k=10)) + "."
        wrapped.append("\n".join([before, *middle, after, "", sentence(draw, 80)]))
    for number, texts in enumerate((inside, wrapped)):
        found, summary = run(tmp_path / str(number), of(texts))
        assert list(found.values()) == texts
        assert not summary.edits


def without_passages(folder: Path, texts: list[str], least: int = 3) -> list[str]:
    with Passages(folder, least) as passages:
        for number, text in enumerate(texts):
            passages.add(str(number), text)
        return [
            cleaner.ledger.apply(text, cut(text, found).edits)
            for text, found in zip(texts, passages.find(), strict=True)
        ]


@pytest.mark.parametrize("breaks", ["\n", " "])
def test_a_paragraph_that_stands_among_other_lines_in_the_first_text_goes_from_the_second(
    breaks: str, tmp_path: Path
) -> None:
    """Unless a text that breaks its lines elsewhere lost it because it stands there."""
    passage = "\n".join(sentence(random.Random(seed), 25) for seed in (30, 31))
    texts = [text.replace("\n\n", "\n") for text in articles(1, passage)]
    texts += [*articles(2, passage, 31), *articles(1, passage.replace("\n", breaks), 32)]
    found = without_passages(tmp_path, texts)
    assert [passage in text for text in found] == [True, breaks == " ", False, False]
    assert passage.replace("\n", breaks) not in found[3]


LICENCE = "\n\n".join(["# " + " ".join(VOCABULARY[:12]), "# " + " ".join(VOCABULARY[12:30])])


@pytest.mark.parametrize(
    ("same", "frame"),
    [
        # A line, or some, of code that is otherwise of its own.
        (DISCLAIMER, "```\nx = {0}\n\n{same}\n\ny = {0}\n```"),
        (DISCLAIMER, "> ~~~~ sh\n> {same}\n> ~~~\n> run {0}\n> ~~~~"),
        (LICENCE, "1. ```python\n   {same}\n\n   import {0}\n   ```"),
        (DISCLAIMER, "{0}\n\n```\n{same}\nand nothing ends it but {0}"),
        # The head of a table whose rows differ.
        ("| " + " | ".join(VOCABULARY[:20]) + " |\n" + "|---" * 20 + "|", "{same}\n| {0} |"),
        ("a | b\n:--|--:\n" + DISCLAIMER + " | 1", "{same}\n7 {0} | 2"),
    ],
)
def test_code_and_tables_are_not_taken_apart(same: str, frame: str, tmp_path: Path) -> None:
    texts = [frame.format(name, same=same) + "\n\n" + text for name, text in zip("abc", articles(3, ""), strict=True)]
    assert without_passages(tmp_path, texts) == texts


@pytest.mark.parametrize(
    "block",
    [
        f"```\n{LICENCE}\n```",
        f"```\n#!\n\n{LICENCE}\n\n}}\n```",
        f"> ~~~\n> {LICENCE}\n>\n> }}\n> ~~~",
        f"|||\n|---|---|\n| {DISCLAIMER} | 1 |",
    ],
)
def test_code_and_tables_go_whole(block: str, tmp_path: Path) -> None:
    texts = articles(3, "")
    found = without_passages(tmp_path, [f"{text}{block}\n\nEnd {n}." for n, text in enumerate(texts)])
    assert found == [f"{texts[0]}{block}\n\nEnd 0.", f"{texts[1]}End 1.", f"{texts[2]}End 2."]


def test_a_quotation_keeps_no_empty_line_at_its_ends(tmp_path: Path) -> None:
    quotes = [
        ("> a\n>\n> {0}\n>\n> b", "> a\n>\n> b"),
        ("> {0}\n>\n> c", "> c"),
        ("> d\n>\n> {0}", "> d"),
        ("> {0}\n> \n> {0}", ""),
    ]
    draw = random.Random(20)
    rest = [(f"{sentence(draw, 90)}\n\n", f"\n\n{sentence(draw, 90)}") for _ in quotes]
    texts = articles(1, DISCLAIMER)
    texts += [quote.format(DISCLAIMER).join(around) for around, (quote, _) in zip(rest, quotes, strict=True)]
    found = without_passages(tmp_path, texts, least=2)
    left = [(left or "\n\n").join(around) for around, (_, left) in zip(rest, quotes, strict=True)]
    assert found[1:] == [text.replace("\n\n\n\n\n\n", "\n\n") for text in left]


def test_a_text_that_would_lose_more_than_half_stays_whole_unless_asked(tmp_path: Path) -> None:
    draw = random.Random(5)
    passage = sentence(draw, 100)
    texts = [f"{sentence(draw, 10 * n + 90)}\n\n{passage}" for n in range(3)]
    texts[2] = f"{sentence(draw, 40)}\n\n{passage}"
    found, summary = run(tmp_path, of(texts))
    assert [passage in text for text in found.values()] == [True, False, True]
    assert summary.whole == {"over half": 1}
    found, summary = run(tmp_path, of(texts), config={"passages_over_half": True})
    assert [passage in text for text in found.values()] == [True, False, False]
    assert not summary.whole
    command = ["clean", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "c.jsonl"), "--select", "ND"]
    result = CliRunner().invoke(main, [*command, "--passages", "3"])
    assert "some stay whole: 1 would lose more than half" in " ".join(result.stderr.split())
    result = CliRunner().invoke(main, [*command, "--passages-over-half"])
    assert (result.exit_code, "--passages-over-half is about --passages" in result.stderr) == (2, True)


def test_what_comes_out_is_settled_and_what_the_rules_find_then_is_in_the_ledger(tmp_path: Path) -> None:
    headline = "Ferry to the island leaves at nine from now on"
    draw = random.Random(6)
    notice = "\n\n".join(sentence(draw, 30) for _ in range(25))
    texts = []
    for number in range(3):
        body = "\n\n".join(sentence(draw, 50) for _ in range(20))
        texts.append(f"{sentence(draw, 5)}\n\n{headline} {number}\n\n{notice}\n\n{headline} {number}\n\n{body}")
    everything = {"select": ("HL", "WS", "BP", "ND", "MJ")}
    found, summary = run(tmp_path, of(texts), config=everything)
    assert [text.count(headline) for text in found.values()] == [2, 1, 1]
    assert summary.edits["HL101"] == 2
    check_ledger_undo = CliRunner().invoke(
        main,
        [
            "undo",
            str(tmp_path / "c.jsonl"),
            "--ledger",
            str(tmp_path / "c.ledger.jsonl"),
            "-o",
            str(tmp_path / "u.jsonl"),
        ],
    )
    assert check_ledger_undo.exit_code == 0
    assert [row["text"] for row in lines(tmp_path / "u.jsonl")] == texts
    again, summary = run(tmp_path / "again", lines(tmp_path / "c.jsonl"), config=everything | {"passages": 0})
    assert again == found
    assert not summary.edits


def test_the_language_is_that_of_the_text_without_its_passages(tmp_path: Path) -> None:
    notice = "The ferry left the harbour at nine in the morning, and nobody was on the pier. " * 2
    bodies = (
        "Der Hafen war am Montag ruhig, und die Fähren blieben bis zum späten Mittag an ihren Anlegern liegen.",
        "Le port est resté calme lundi, et les bateaux ont attendu midi et demi pour quitter les quais du nord.",
        "El puerto estuvo tranquilo el lunes, y los barcos esperaron hasta el mediodía.",
    )
    rows = of([f"{notice}\n\n{body}" for body in bodies])
    config: dict[str, Any] = {"select": ("ND", "LG"), "passages": 3, "passages_over_half": True}
    _, summary = run(tmp_path, rows, config=config)
    kept = lines(tmp_path / "c.jsonl")
    assert [row["language"] for row in kept] == ["en", "fr", "es"]
    assert [[part["language"] for part in row.get("languages", ())] for row in kept] == [["en", "de"], [], []]
    assert summary.languages == {"en": 1, "fr": 1, "es": 1}
    assert dict(summary.edits) == {"ND104": 2}
    ledger = lines(tmp_path / "c.ledger.jsonl")
    assert [line["steps"][-1]["tags"]["language"] for line in ledger] == ["en", "fr", "es"]
    run(tmp_path / "again", kept, config=config | {"passages": 0})
    assert (tmp_path / "again/c.jsonl").read_bytes() == (tmp_path / "c.jsonl").read_bytes()
    results = cleaner.clean_corpus(rows, config=Config(**config))
    assert [(result.language, round(result.language_score, 4)) for result in results] == [
        (row["language"], row["language_score"]) for row in kept
    ]


def test_a_text_that_would_then_be_left_out_stays_as_it_is(tmp_path: Path) -> None:
    texts = articles(3, DISCLAIMER)
    found, summary = run(tmp_path, of(texts), config={"select": ("ND", "TX"), "min_words": 170})
    assert list(found.values()) == texts
    assert (summary.kept, summary.excluded, summary.whole) == (3, 0, {"left out": 2})


def test_a_text_that_would_then_be_like_another_one_stays_as_it_is(tmp_path: Path) -> None:
    draw = random.Random(13)
    passage = sentence(draw, 90)
    body, other = sentence(draw, 110), sentence(draw, 120)
    texts = [*articles(1, passage, 14), f"{body}\n\n{passage}", f"{other}\n\n{passage}", body]
    found, summary = run(tmp_path, of(texts))
    assert list(found.values()) == [*texts[:2], other, body]
    assert summary.whole == {"like another": 1}
    again, _ = run(tmp_path / "again", [{"id": id, "text": text} for id, text in found.items()], config={"passages": 0})
    assert again == found


@pytest.mark.parametrize("out", ["c.csv", "c.parquet", "folder/", "-"])
def test_every_form_of_output_has_the_same_texts(
    out: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows = planted(7, 60, 12)
    expected, summary = run(tmp_path / "jsonl", rows)
    if out == "-":
        Run((str(tmp_path / "jsonl/in.jsonl"),), "-", Config(select=("ND",), passages=3))()
        found = {row["id"]: row["text"] for row in map(json.loads, capfdbinary.readouterr().out.splitlines())}
    else:
        run(tmp_path / "jsonl", rows, out)
        place = tmp_path / "jsonl" / out
        if out == "folder/":
            found = {path.stem: path.read_text(encoding="utf-8").rstrip("\n") for path in place.rglob("*.txt")}
            expected = {re.sub(r".*?(d\d+)$", r"\1", id): text for id, text in expected.items()}
        else:
            back = list(cleaner_records(place))
            found = {row["id"]: row["text"] for row in back}
    assert {id.split("-")[-1]: text for id, text in found.items()} == expected
    dry = Run(
        (str(tmp_path / "jsonl/in.jsonl"),),
        str(tmp_path / "no.jsonl"),
        Config(select=("ND",), passages=3),
        dry_run=True,
    )
    assert dry().edits == summary.edits
    assert not (tmp_path / "no.jsonl").exists()


def cleaner_records(place: Path) -> Records:
    from cleaner.corpus.inputs import finished_records

    return [dict(record.fields) for record in finished_records(str(place))]


def test_the_library_says_the_same(tmp_path: Path) -> None:
    rows = planted(8, 80, 15)
    found, _ = run(tmp_path, rows, config={"contained": 0.9})
    config = Config(select=("ND",), passages=3, contained=0.9)
    results = [result for result in cleaner.clean_corpus(rows, config=config) if result.dropped is None]
    assert {result.id: result.text for result in results} == found
    assert sum(step.code == "ND104" for result in results for step in result.steps) > 10
    before = {row["id"]: row["text"] for row in rows}
    assert all(cleaner.ledger.undo(result.text, result.steps) == before[result.id] for result in results)


def test_a_text_that_begins_like_a_page_loses_its_passages_and_stays_a_text(tmp_path: Path) -> None:
    """So it was kept, or becomes one without the passage that it began with; cleaned again, nothing changes."""
    own = [article.rpartition("\n\n")[0] for article in articles(6, DISCLAIMER)]
    texts = [f"{one}\n\n{DISCLAIMER}" for one in own[:3]]
    texts.append(f"Share this article on Facebook\n\n<noscript>{own[3]}\n\n{DISCLAIMER}\n\nIt was late by then.")
    texts.append(f"{DISCLAIMER}\n\n<div>{own[4]}</div>")
    found, summary = run(tmp_path, of(texts), config={"select": ()})
    assert summary.edits["ND104"] == 4
    assert found["d3"] == f"<noscript>{own[3]}\n\nIt was late by then."
    assert found["d4"] == f"<div>{own[4]}</div>"
    results = cleaner.clean_corpus(of(texts), config=Config(passages=3))
    assert {result.id: result.text for result in results} == found
    kept = lines(tmp_path / "c.jsonl")
    assert [row["id"] for row in kept if "text_original" in row] == ["d3", "d4"]
    assert {result.id: result.text for result in cleaner.clean_corpus(kept)} == found
    check_ledger(tmp_path, of(texts), found)


def test_workers_hash_seeds_and_kills_do_not_change_a_byte(tmp_path: Path) -> None:
    rows = planted(9, 1500, 150)
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    options = ("--select", "ND", "--passages", "3", "--workers")
    assert cleaned_with_kills(tmp_path, "1", "0", (), *options, "1") == 0
    kills = cleaned_with_kills(tmp_path, "2", "1", (0.6, 0.9, 1.2, 1.5, 1.8, 2.1), *options, "2")
    found = [written(tmp_path, name) for name in ("1", "2")]
    assert not [*tmp_path.glob("*.partial")]
    assert found[0] == found[1]
    assert b"ND104" in found[0][2]
    assert kills > 0


@pytest.mark.parametrize("where", ["in the middle", "at the end"])
def test_a_run_killed_while_it_takes_passages_out_goes_on(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = planted(10, 100, 20)
    expected, counted = run(tmp_path / "whole", rows)
    calls = 0
    original = passages.cut

    def interrupted(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if where == "at the end" or calls > 50:
            raise KeyboardInterrupt
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(*(passages, "cut") if where == "in the middle" else (Files, "close"), interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path / "torn", rows)
    found, summary = run(tmp_path / "torn", rows)
    assert found == expected
    assert (summary.edits, summary.chars_kept) == (counted.edits, counted.chars_kept)
    ledgers = [(tmp_path / folder / "c.ledger.jsonl").read_bytes() for folder in ("whole", "torn")]
    assert ledgers[0] == ledgers[1]


def test_on_disk_a_paragraph_takes_less_than_a_hundred_bytes(tmp_path: Path) -> None:
    draw = random.Random(11)
    texts = ["\n\n".join(sentence(draw, 30) for _ in range(20)) for _ in range(50)]
    with Passages(tmp_path, 3) as found:
        for number, text in enumerate(texts):
            found.add(f"d{number}", text)
        list(found.find())
        assert found.disk_bytes() < 100 * 20 * len(texts)
    assert list(tmp_path.iterdir()) == []


def test_rows_of_a_table_that_look_like_heads_are_no_tables_of_their_own() -> None:
    # Each of them was one to its end: 1,000 of them took .4 s to look at, 4,000 took 3.7 s, and now .3 s.
    table, code = "a | b\n--|--\n" * 300, "```\na | b\n--|--\n```\n"
    text = f"{table}\n{code}\nWords before it.\n{table}Words | in it.\n"
    assert list(blocks(lines_of(text))) == [(0, 600), (600, 604), (605, 1206)]


def test_rows_come_back_sorted_whatever_the_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_BUFFER_ROWS", 100)
    draw = np.random.default_rng(12)
    kind = np.dtype([("key", "<u8"), ("place", "<u4")])
    rows = np.zeros(5_000, kind)
    rows["key"] = draw.integers(0, 1 << 64, 5_000, dtype=np.uint64)
    rows["key"][::7] = rows["key"][0]
    rows["key"][:3] = (0, (1 << 64) - 1, 1 << 63)
    rows["place"] = np.arange(5_000)
    sorter = SortedRuns(tmp_path, kind, 1 << 64)
    for start in range(0, 5_000, 70):
        sorter.add(rows[start : start + 70])
    back = np.concatenate(list(sorter.parts()))
    assert np.array_equal(back, rows[np.argsort(rows["key"], kind="stable")])
    sorter.close()
    few = SortedRuns(tmp_path, kind, 5)
    few.add(np.array([(4, 0), (1, 1), (4, 2)], kind))
    assert [some["place"].tolist() for some in few.by_key()] == [[], [1], [], [], [0, 2]]
    few.close()
