"""`cleaner learn`: which lines are learned, the file of them, and a run that uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from running import lines

from cleaner.cli import main
from cleaner.config import Config
from cleaner.config_file import load_config
from cleaner.errors import ConfigError
from cleaner.learn import count
from cleaner.learn.count import LineCounter
from cleaner.rules.site_lines import Site, SiteLines
from cleaner.runner.manifest import fingerprint
from cleaner.runner.state import differences
from cleaner.site_lines_file import read_site_lines, write_site_lines

PLACES = ("harbour", "market", "mill", "school", "bridge", "station", "theatre", "library", "stadium", "museum")


def prose(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    return (
        f"Nobody had thought that the {place} would open again in year {number}, yet the doors stood wide on Monday, "
        f"and {100 + number} people came in before noon to see what the builders of the {place} had made of it."
    )


def page(number: int, *more: str) -> str:
    return "\n\n".join([f"The {PLACES[number % len(PLACES)]} opens, part {number}", prose(number), *more])


def learned(folder: Path, pages: list[str], site: str = "saltmere.example") -> dict[str, int]:
    folder.mkdir(exist_ok=True)
    counter = LineCounter(folder)
    for text in pages:
        counter.add(site, text)
    found = counter.learned().sites
    return dict(found[site].lines) if site in found else {}


def corpus(folder: Path, number: int = 8) -> Path:
    path = folder / "pages.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n in range(number):
            record = {"id": n, "url": f"https://www.saltmere.example/{n}", "text": page(n, "Brewed in Saltmere")}
            file.write(json.dumps(record) + "\n")
    return path


def invoke(*arguments: object, code: int = 0, given: str | None = None) -> str:
    result = CliRunner().invoke(main, [str(a) for a in arguments], input=given)
    assert result.exit_code == code, result.output
    return result.output


def test_a_line_on_every_page_is_learned_and_an_article_is_not(tmp_path: Path) -> None:
    assert learned(tmp_path, [page(n, "Brewed in Saltmere") for n in range(6)]) == {"Brewed in Saltmere": 6}


@pytest.mark.parametrize("pages", [3, 4])
def test_four_pages_are_too_few(tmp_path: Path, pages: int) -> None:
    assert learned(tmp_path, [page(n, "Brewed in Saltmere") for n in range(pages)]) == {}


def test_a_label_needs_a_fifth_of_the_pages_and_a_longer_line_two_fifths(tmp_path: Path) -> None:
    long = "The voice of the harbour since the great storm"
    texts = [page(n, *(["Brewed here"] * (n < 6)), *([long] * (n < 6))) for n in range(20)]
    assert learned(tmp_path / "a", texts) == {"Brewed here": 6}
    texts = [page(n, *([long] * (n < 8))) for n in range(20)]
    assert learned(tmp_path / "b", texts) == {long: 8}


def test_a_refrain_of_one_song_is_not_learned(tmp_path: Path) -> None:
    song = "\n".join(["Row the boat home", "over the bay"] * 12)
    assert learned(tmp_path, [page(0, song), *(page(n) for n in range(1, 9))]) == {}


def test_the_copies_of_one_article_do_not_teach_its_sentences(tmp_path: Path) -> None:
    article = [prose(n) for n in range(50, 56)]
    copies = ["\n".join([*article, f"Printed as copy {n}", prose(n)]) for n in range(8)]
    assert learned(tmp_path / "a", [*copies, page(20), page(21)]) == {}
    assert learned(tmp_path / "b", [page(0)] * 8) == {}


def test_the_copies_of_a_poem_do_not_teach_its_lines(tmp_path: Path) -> None:
    poem = "\n".join(f"The {place} lies still" for place in PLACES)
    assert learned(tmp_path, [poem] * 6 + [page(n) for n in range(3)]) == {}


def test_a_notice_that_is_longer_than_a_paragraph_is_learned(tmp_path: Path) -> None:
    notice = "All that stands here may be quoted with the name of this paper, in print and on screens, up to ten lines."
    assert learned(tmp_path, [page(n, notice) for n in range(6)]) == {notice: 6}


def test_a_site_learns_nothing_from_another(tmp_path: Path) -> None:
    counter = LineCounter(tmp_path)
    for number in range(8):
        counter.add(f"{'ab'[number % 2]}.example", page(number, "Brewed in Saltmere"))
    assert counter.learned() == SiteLines({})


def test_counting_in_parts_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [page(n, "Brewed in Saltmere", *(f"Shelf {m}" for m in range(n))) for n in range(20)]
    whole = learned(tmp_path / "a", texts)
    monkeypatch.setattr(count, "COUNTED_AT_ONCE", 7)
    assert len(whole) > 10
    assert learned(tmp_path / "b", texts) == whole


def test_the_file_is_sorted_and_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "site-lines.json"
    write_site_lines(SiteLines({"b.example": Site(9, {"b": 5, "a": 5, "c": 9}), "a.example": Site(5, {"x": 4})}), path)
    table = json.loads(path.read_text(encoding="utf-8"))
    assert list(table["sites"]) == ["a.example", "b.example"]
    assert list(table["sites"]["b.example"]["lines"]) == ["c", "a", "b"]
    assert read_site_lines(path).sites["b.example"] == Site(9, {"a": 5, "b": 5, "c": 9})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no file of site lines"),
        ("[]", "no file of site lines"),
        ('{"version": 1, "sites": {"a.example": {"pages": "many", "lines": {}}}}', "pages"),
        ('{"version": 1, "sites": {}, "site": {}}', "site"),
        ('{"version": 9, "sites": {}}', "version 9"),
        ('{"version": 1, "sites": {"a.example": {"pages": 5, "lines": {"x": 6}}}}', "'x' on 6 of 5 pages"),
        ('{"version": 1, "sites": {"a.example": {"pages": 5, "lines": {" ": 5}}}}', "without text"),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "lines.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=says) as error:
        Config(site_lines=str(path)).pipeline()
    assert "lines.json" in str(error.value)


def test_learn_and_clean_on_the_command_line(tmp_path: Path) -> None:
    pages, file, out = corpus(tmp_path), tmp_path / "site-lines.json", tmp_path / "corpus.jsonl"
    assert "1 line of 1 site from 8 pages" in invoke("learn", pages, "-o", file, "--workers", 1)
    invoke("clean", pages, "-o", out, "--site-lines", file, "--workers", 1)
    assert [record["text"] for record in lines(out)] == [page(n) for n in range(8)]
    manifest = json.loads((tmp_path / "corpus.manifest.json").read_text(encoding="utf-8"))
    assert manifest["site_lines"]["xxh3_128"]
    assert manifest["counts"]["edits"] == {"BP901": 8}


def test_clean_learn_does_both_with_the_same_bytes_for_any_number_of_workers(tmp_path: Path) -> None:
    pages = corpus(tmp_path)
    for workers in (1, 2):
        invoke("clean", pages, "-o", tmp_path / f"{workers}.jsonl", "--learn", "--workers", workers)
    invoke("learn", pages, "-o", tmp_path / "site-lines.json", "--workers", 2)
    for ending in ("jsonl", "ledger.jsonl", "site-lines.json"):
        assert (tmp_path / f"1.{ending}").read_bytes() == (tmp_path / f"2.{ending}").read_bytes()
    assert (tmp_path / "1.site-lines.json").read_bytes() == (tmp_path / "site-lines.json").read_bytes()
    assert [record["text"] for record in lines(tmp_path / "1.jsonl")] == [page(n) for n in range(8)]


def test_clean_learn_beside_its_input_learns_the_same_again(tmp_path: Path) -> None:
    corpus(tmp_path)
    for _ in range(2):
        output = invoke(
            "clean", tmp_path, "-o", tmp_path / "corpus.jsonl", "--learn", "--min-words", 999, "--workers", 1
        )
        assert "from 8 pages" in output


def test_clean_learn_undoes(tmp_path: Path) -> None:
    out, undone = tmp_path / "corpus.jsonl", tmp_path / "undone.jsonl"
    invoke("clean", corpus(tmp_path), "-o", out, "--learn", "--workers", 1)
    invoke("undo", out, "--ledger", tmp_path / "corpus.ledger.jsonl", "-o", undone)
    assert [record["text"] for record in lines(undone)] == [page(n, "Brewed in Saltmere") for n in range(8)]


def test_clean_learn_refuses_standard_input(tmp_path: Path) -> None:
    output = invoke("clean", "-", "-o", tmp_path / "corpus.jsonl", "--learn", code=2, given="It rained.")
    assert "standard input can be read once" in output


def test_learn_reads_standard_input_and_tells_of_pages_without_an_address(tmp_path: Path) -> None:
    given = corpus(tmp_path).read_text(encoding="utf-8") + json.dumps({"text": "It rained."}) + "\n"
    output = invoke("learn", "-", "-o", tmp_path / "site-lines.json", "--workers", 1, given=given)
    assert "9 pages" in output
    assert "1 page has no address" in output


def test_learn_takes_the_text_out_of_pages(tmp_path: Path) -> None:
    for number in range(6):
        article = "".join(f"<p>{prose(n)}</p>" for n in (number, number + 30, number + 60))
        (tmp_path / f"{number}.html").write_text(
            f"<html><head><title>Part {number}</title><link rel='canonical' href='https://saltmere.example/{number}'>"
            f"</head><body><article><h1>Part {number}</h1>{article}<p>Brewed every day in Saltmere by the bay</p>"
            "</article></body></html>",
            encoding="utf-8",
        )
    invoke("clean", tmp_path, "-o", tmp_path / "corpus.jsonl", "--learn", "--workers", 1)
    texts = [record["text"] for record in lines(tmp_path / "corpus.jsonl")]
    assert len(texts) == 6
    assert not any("Brewed" in text for text in texts)
    assert all("builders" in text for text in texts)


def test_a_run_does_not_go_on_with_other_site_lines(tmp_path: Path) -> None:
    pages, file = str(corpus(tmp_path)), tmp_path / "site-lines.json"
    write_site_lines(SiteLines({"a.example": Site(5, {"Brewed": 5})}), file)
    config = Config(site_lines=str(file))
    before = fingerprint(config, [pages])
    write_site_lines(SiteLines({"a.example": Site(5, {"Brewed": 5})}), file)
    assert fingerprint(config, [pages]) == before
    write_site_lines(SiteLines({"a.example": Site(5, {"Steeped": 5})}), file)
    assert differences(before, fingerprint(config, [pages])) == [
        "learned 'bytes' has changed",
        "learned 'xxh3_128' has changed",
    ]


def test_the_configuration_names_the_file_beside_itself(tmp_path: Path) -> None:
    write_site_lines(SiteLines({}), tmp_path / "site-lines.json")
    (tmp_path / "cleaner.toml").write_text('site_lines = "site-lines.json"', encoding="utf-8")
    assert load_config(tmp_path / "cleaner.toml").site_lines == str(tmp_path / "site-lines.json")
