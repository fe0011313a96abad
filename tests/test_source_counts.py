"""What came of each folder, file and host: in the summary, the manifest and the report, sorted by what was lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from running import ARTICLE

from cleaner.account.outcome import Outcome
from cleaner.account.sources import TALLIED, TOLD, Sources
from cleaner.cli import main
from cleaner.document import Drop


def world(folder: Path) -> None:
    (folder / "texts" / "b").mkdir(parents=True)
    (folder / "texts" / "a.txt").write_text(f"One. {ARTICLE}")
    (folder / "texts" / "b" / "b.txt").write_text(f"Two boats. {ARTICLE.upper()}\n\n\n\n\n")
    (folder / "texts" / "b" / "c.txt").write_text("")
    rows: list[Any] = [
        {"id": "1", "url": "https://www.one.example/1", "text": ARTICLE.replace("Monday", "Tuesday morning early")},
        {"id": "2", "url": "https://two.example/2", "text": ""},
        {"id": "3", "url": "https://two.example/3"},
    ]
    (folder / "crawl.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n")


def clean(folder: Path, *options: str) -> tuple[str, dict[str, Any]]:
    arguments = ["clean", "texts", "crawl.jsonl", "-o", "out.jsonl", "--select", "WS,TX", "--progress", "never"]
    result = CliRunner().invoke(main, [*arguments, "--workers", "1", *options])
    assert result.exit_code == 0, result.output
    return result.stderr, json.loads(Path("out.manifest.json").read_text())


def test_sources_stand_in_manifest_summary_and_report(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    world(tmp_path)
    told, manifest = clean(tmp_path, "--report", "report.html")
    places = [tuple(one.values()) for one in manifest["sources"]["places"]["top"]]
    assert places == [("crawl.jsonl", 4, 1, 1, 2, 0), ("texts/b", 2, 1, 1, 0, 4), ("texts", 1, 1, 0, 0, 0)]
    hosts = [tuple(one.values()) for one in manifest["sources"]["hosts"]["top"]]
    assert hosts == [("two.example", 2, 0, 1, 1, 0), ("one.example", 1, 1, 0, 0, 0)]
    assert "folders and files that lost most, of 3:\n3 of 4  crawl.jsonl\n1 of 2  texts/b\n" in told
    assert "hosts that lost most, of 2:\n2 of 2  two.example\n" in told
    page = Path("report.html").read_text()
    assert "Where it comes from" in page
    assert page.index("crawl.jsonl</b>") < page.index("texts/b</b>") < page.index("texts</b>")
    clean(tmp_path, "--report", "report.json")
    assert json.loads(Path("report.json").read_text())["sources"] == manifest["sources"]


def test_one_source_is_the_account_itself(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("")
    result = CliRunner().invoke(main, ["clean", "texts", "-o", "out.jsonl", "--workers", "1", "--report", "r.html"])
    assert "lost most" not in result.stderr
    assert "Where it comes from" not in Path("r.html").read_text()


def test_the_sum_over_the_places_is_the_account_whatever_the_workers_and_the_policy(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    world(tmp_path)
    found = [
        clean(tmp_path, *more)[1] for more in ((), ("--workers", "2"), ("--keep", "longest", "--select", "WS,TX,ND"))
    ]
    assert found[0]["sources"] == found[1]["sources"]
    for manifest in found:
        for key in ("read", "kept", "excluded", "unreadable"):
            assert sum(one[key] for one in manifest["sources"]["places"]["top"]) == manifest["counts"][key]


def test_memory_is_bounded_and_the_heaviest_losers_stay() -> None:
    sources = Sources()
    lost = Drop("no text is left", code="TX101")
    for n in range(20 * TALLIED):
        sources.add(Outcome(str(n), None, None, b"", b"", source=f"crawl/{n}.jsonl", host=f"h{n}.example"), None)
        sources.add(Outcome(str(n), lost, None, b"", b"", source="bad.jsonl", host="bad.example"), lost)
    told = sources.told()
    assert len(sources.places) <= 2 * TALLIED
    assert told["places"]["top"][0]["source"] == "bad.jsonl"
    assert told["places"]["top"][0]["read"] == 20 * TALLIED
    assert (len(told["hosts"]["top"]), told["hosts"]["exact"]) == (TOLD, False)
